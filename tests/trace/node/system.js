'use strict';
// What user code asks of the process and the machine; what is refused must be an error that can be caught.
const os = require('node:os');
const v8 = require('node:v8');

const attempt = (action) => {
  try {
    return action();
  } catch {
    return undefined;
  }
};

module.exports = {
  async process() {
    process.chdir('/rt');
    process.chdir(process.env.TMPDIR);
    process.umask(process.umask());
    process.title = 'webtask';
    process.hrtime.bigint();
    process.uptime();
    attempt(() => process.memoryUsage());
    process.cpuUsage();
    process.threadCpuUsage();
    process.resourceUsage();
    process.constrainedMemory();
    process.availableMemory();
    process.getActiveResourcesInfo();
    void [process.pid, process.ppid, process.getuid(), process.geteuid(), process.getgid(), process.getegid()];
    process.getgroups();
    process.kill(process.pid, 0);
    process.report.getReport();
  },
  async signals() {
    const heard = new Promise((done) => process.once('SIGUSR2', done));
    process.kill(process.pid, 'SIGUSR2');
    await heard;
    attempt(() => process.kill(-1, 0));
  },
  async machine() {
    for (const name of ['cpus', 'freemem', 'totalmem', 'hostname', 'loadavg', 'networkInterfaces', 'uptime', 'userInfo', 'version', 'machine', 'availableParallelism', 'release', 'homedir', 'tmpdir', 'getPriority']) attempt(() => os[name]());
    attempt(() => os.setPriority(1));
  },
  async refused() {
    const child = require('node:child_process');
    for (const name of ['setuid', 'setgid', 'seteuid', 'setegid', 'setgroups']) attempt(() => process[name](0));
    attempt(() => process.initgroups('webtask', 1000));
    attempt(() => child.spawn('/bin/node', ['-v']));
    attempt(() => child.exec('ls', () => undefined));
    attempt(() => child.execFileSync('/bin/node'));
    attempt(() => child.fork('/rt/main.js'));
    attempt(() => process.dlopen({ exports: {} }, '/tmp/none.node'));
    attempt(() => require('node:inspector').open(0));
    attempt(() => new (require('node:wasi').WASI)({ version: 'preview1', preopens: { '/tmp': '/tmp' } }));
  },
  async engine() {
    v8.getHeapStatistics();
    v8.getHeapSpaceStatistics();
    v8.deserialize(v8.serialize({ a: new Map([[1, new Date()]]) }));
    v8.setFlagsFromString('--expose-gc');
    require('node:vm').runInNewContext('gc')();
    const { Session } = require('node:inspector/promises');
    const session = new Session();
    session.connect();
    await session.post('Profiler.enable');
    await session.post('Profiler.start');
    for (let n = 0; n < 1e6; n += 1) Math.sqrt(n);
    await session.post('Profiler.stop');
    session.disconnect();
  },
};
