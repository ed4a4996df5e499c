// Must print RangeError
"use strict";
const deeper = () => deeper() + 1;
try { deeper(); } catch (error) { console.log(error.name); }
