// Must run out of memory
// group: memory
// attacks: v8 mmap
"use strict";
for (;;) setTimeout(() => {}, 1000000);
