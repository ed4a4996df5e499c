// Must die by SIGSEGV
// group: processes
// attacks: rlimits kill tgkill
"use strict";
// As the first process of its namespace it cannot get SIGABRT; what follows in abort() is a fault.
process.abort();
