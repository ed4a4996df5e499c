'use strict';
// What user code does with files: each function of node:fs that a webtask can reach.
const fs = require('node:fs');
const path = require('node:path');
const { promisify } = require('node:util');
const { pipeline } = require('node:stream/promises');

const at = (...parts) => path.join(process.env.TMPDIR, ...parts);
const gone = (error) => {
  if (!['ENOENT', 'EPERM', 'EACCES', 'EROFS', 'ENOSYS'].includes(error.code)) throw error;
};

module.exports = {
  async written() {
    fs.writeFileSync(at('a'), 'text');
    fs.appendFileSync(at('a'), ' and more');
    await fs.promises.writeFile(at('b'), Buffer.alloc(300_000, 1), { flush: true });
    await fs.promises.appendFile(at('b'), 'tail');
    fs.readFileSync(at('a'), 'utf8');
    await fs.promises.readFile(at('b'));
    await promisify(fs.readFile)(at('b'));
  },
  async handled() {
    const handle = await fs.promises.open(at('c'), 'w+');
    await handle.write('text', 0);
    await handle.writev([Buffer.from('a'), Buffer.from('b')], 4);
    await handle.writev([Buffer.from('a'), Buffer.from('b')]);
    await handle.readv([Buffer.alloc(2), Buffer.alloc(2)], 0);
    await handle.readv([Buffer.alloc(2), Buffer.alloc(2)]);
    await handle.read(Buffer.alloc(4), 0, 4, 1);
    await handle.truncate(3);
    await handle.chmod(0o600);
    await handle.utimes(1, 2);
    await handle.stat();
    await handle.sync();
    await handle.datasync();
    for await (const _line of handle.readLines({ start: 0 }));
    await handle.close().catch(() => undefined);
  },
  async descriptors() {
    const file = fs.openSync(at('d'), 'w+');
    fs.writeSync(file, 'text');
    fs.writevSync(file, [Buffer.from('a'), Buffer.from('b')], 10);
    fs.readvSync(file, [Buffer.alloc(1), Buffer.alloc(1)], 0);
    fs.readSync(file, Buffer.alloc(4), 0, 4, 0);
    fs.ftruncateSync(file, 2);
    fs.fchmodSync(file, 0o600);
    fs.futimesSync(file, 1, 2);
    fs.fstatSync(file);
    fs.fsyncSync(file);
    fs.fdatasyncSync(file);
    try { fs.fchownSync(file, 1000, 1000); } catch (error) { gone(error); }
    fs.closeSync(file);
  },
  async names() {
    fs.mkdirSync(at('deep/er/still'), { recursive: true });
    fs.mkdtempSync(at('one-'));
    await fs.promises.mkdtemp(at('two-'));
    fs.writeFileSync(at('deep/er/file'), 'x');
    fs.renameSync(at('deep/er/file'), at('deep/er/other'));
    fs.linkSync(at('deep/er/other'), at('deep/hard'));
    fs.symlinkSync('er/other', at('deep/soft'));
    fs.readlinkSync(at('deep/soft'));
    fs.realpathSync(at('deep/soft'));
    fs.realpathSync.native(at('deep/soft'));
    await fs.promises.realpath(at('deep/soft'));
    fs.lutimesSync(at('deep/soft'), 1, 2);
    fs.utimesSync(at('deep/hard'), 1, 2);
    fs.chmodSync(at('deep/hard'), 0o640);
    try { fs.chownSync(at('deep/hard'), 1000, 1000); } catch (error) { gone(error); }
    try { fs.lchownSync(at('deep/soft'), 1000, 1000); } catch (error) { gone(error); }
    fs.truncateSync(at('deep/hard'), 0);
    await fs.promises.truncate(at('deep/hard'), 10);
    fs.accessSync(at('deep/hard'), fs.constants.R_OK | fs.constants.W_OK);
    fs.existsSync(at('nothing'));
    fs.unlinkSync(at('deep/hard'));
  },
  async looked() {
    fs.readdirSync(at('.'), { recursive: true, withFileTypes: true });
    for await (const _entry of await fs.promises.opendir(at('.')));
    fs.opendirSync('/rt').closeSync();
    for await (const _name of fs.promises.glob('**/*', { cwd: at('.') }));
    fs.globSync('*', { cwd: at('.') });
    fs.statSync(at('a'), { bigint: true });
    fs.lstatSync(at('deep/soft'));
    fs.statfsSync(at('.'));
    await fs.promises.stat('/rt');
    await fs.promises.lstat('/rt');
    await fs.promises.statfs('/rt');
    fs.openAsBlob(at('a')).then((blob) => blob.text());
  },
  async copied() {
    fs.copyFileSync(at('b'), at('b2'));
    await fs.promises.copyFile(at('b'), at('b3'), fs.constants.COPYFILE_FICLONE);
    fs.copyFileSync(__filename, at('from-the-root.js'));
    await fs.promises.copyFile(__filename, at('from-the-root-too.js'));
    fs.cpSync(at('deep'), at('deep2'), { recursive: true, preserveTimestamps: true });
    await fs.promises.cp(at('deep'), at('deep3'), { recursive: true });
    fs.cpSync(__filename, at('from-the-root-again.js'));
    await fs.promises.cp('/rt', at('all'), { recursive: true, filter: (name) => !name.includes('node_modules') });
  },
  async streamed() {
    await pipeline(fs.createReadStream(at('b')), fs.createWriteStream(at('b4'), { flush: true }));
    await pipeline(fs.createReadStream(at('b'), { start: 10, end: 20 }), fs.createWriteStream(at('b5'), { flags: 'a' }));
  },
  async watched() {
    const watcher = fs.watch(at('.'), () => undefined);
    fs.writeFileSync(at('seen'), 'x');
    watcher.close();
    fs.watchFile(at('seen'), { interval: 20 }, () => undefined);
    await new Promise((done) => setTimeout(done, 60));
    fs.unwatchFile(at('seen'));
    const recursive = fs.watch(at('.'), { recursive: true }, () => undefined);
    await new Promise((done) => setTimeout(done, 50));
    recursive.close();
  },
  async removed() {
    fs.rmSync(at('deep2'), { recursive: true });
    await fs.promises.rm(at('deep3'), { recursive: true, force: true });
    fs.rmdirSync(fs.mkdtempSync(at('three-')));
    await fs.promises.unlink(at('seen'));
  },
};
