// Must die by SIGSEGV
// group: processes
// attacks: seal execve
"use strict";
// Node takes a failed execve for its own end. As the first process its abort() becomes a SIGSEGV.
process.execve("/bin/node", ["node", "-e", "console.log(`another program`)"], {});
