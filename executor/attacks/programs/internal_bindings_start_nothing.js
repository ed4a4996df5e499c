// Must print refused
// group: runtime
// attacks: clone fork
"use strict";
const attempts = [
  () => process.binding("spawn_sync").spawn({ file: "/bin/node", args: ["node", "-v"], stdio: [{ type: "ignore" }] }).error,
  () => require("internal/child_process"),
  () => process._linkedBinding("spawn_sync"),
];
const outcome = attempts.map((attempt) => { try { return attempt() < 0 ? "refused" : "done"; } catch { return "refused"; } });
console.log(...new Set(outcome));
