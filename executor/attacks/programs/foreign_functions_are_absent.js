// Must print ERR_UNKNOWN_BUILTIN_MODULE ERR_UNKNOWN_BUILTIN_MODULE
// group: runtime
// attacks: v8
"use strict";
const code = (name) => { try { require(name); return "there"; } catch (error) { return error.code; } };
console.log(code("node:ffi"), code("node:internal"));
