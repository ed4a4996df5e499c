'use strict';
// Runs every step of the workload, one after the other; what fails is told, and the rest goes on.
const steps = [require('./files.js'), require('./system.js'), require('./work.js'), require('./network.js'), require('./packages.js')];

const PATIENCE = 20_000;

async function run(name, step) {
  let timer;
  const late = new Promise((_, reject) => (timer = setTimeout(() => reject(new Error('too slow')), PATIENCE)));
  try {
    await Promise.race([step(), late]);
    return true;
  } catch (error) {
    console.error(`${name}: ${String(error).split('\n')[0]}`);
    return false;
  } finally {
    clearTimeout(timer);
  }
}

(async () => {
  let done = 0;
  let all = 0;
  for (const part of steps) {
    for (const [name, step] of Object.entries(part)) {
      all += 1;
      done += await run(name, step);
    }
  }
  console.error(`${done} of ${all} steps went as they should`);
  process.exit(0);
})();
