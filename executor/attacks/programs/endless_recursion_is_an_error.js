// Must print RangeError
// group: memory
// attacks: v8
"use strict";
const deeper = () => deeper() + 1;
try { deeper(); } catch (error) { console.log(error.name); }
