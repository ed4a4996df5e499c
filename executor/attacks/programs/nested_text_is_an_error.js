// Must print RangeError RangeError
// group: memory
// attacks: v8
"use strict";
const name = (attempt) => { try { attempt(); return "done"; } catch (error) { return error.name; } };
const deep = []; let inner = deep;
for (let n = 0; n < 100000; n++) { inner.push([]); inner = inner[0]; }
console.log(name(() => JSON.stringify(deep)), name(() => "x".repeat(2 ** 30)));
