'use strict';
// CPU, memory, threads, cryptography, compression, databases.
const crypto = require('node:crypto');
const zlib = require('node:zlib');
const { promisify } = require('node:util');
const { pipeline } = require('node:stream/promises');
const { Readable, Writable } = require('node:stream');
const { Worker } = require('node:worker_threads');

const inThread = (code) =>
  new Promise((done, failed) => {
    const thread = new Worker(code, { eval: true });
    thread.once('message', (word) => thread.terminate().then(() => done(word)));
    thread.once('error', failed);
  });

module.exports = {
  async memory() {
    const kept = [];
    for (let round = 0; round < 40; round += 1) kept.push(Buffer.alloc(500_000, round), new Array(10_000).fill({ round }));
    const growing = new ArrayBuffer(1024, { maxByteLength: 8 << 20 });
    growing.resize(8 << 20);
    new SharedArrayBuffer(1 << 20, { maxByteLength: 4 << 20 }).grow(2 << 20);
    'x'.repeat(5_000_000).split('');
    structuredClone(kept);
  },
  async hot() {
    let sum = 0;
    for (let n = 0; n < 3e7; n += 1) sum += n % 7;
    JSON.parse(JSON.stringify(Array.from({ length: 50_000 }, (_, n) => ({ n, text: `row ${n}` }))));
    new Intl.DateTimeFormat('ja', { timeZone: 'Asia/Tokyo', dateStyle: 'full' }).format(sum);
    [...new Intl.Segmenter('th').segment('สวัสดี')].sort();
    /(a+)+$/.test('a'.repeat(20));
  },
  async wasm() {
    const bytes = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0, 5, 3, 1, 0, 1, 7, 5, 1, 1, 109, 2, 0);
    const { instance } = await WebAssembly.instantiate(bytes);
    instance.exports.m.grow(10);
    new WebAssembly.Memory({ initial: 1, maximum: 4, shared: true }).grow(1);
  },
  async threads() {
    await inThread('require("node:worker_threads").parentPort.postMessage(require("node:fs").readdirSync("/rt").length)');
    await inThread('const { parentPort } = require("node:worker_threads"); fetch("data:,x").then(() => parentPort.postMessage(1))');
    const shared = new Int32Array(new SharedArrayBuffer(4));
    Atomics.wait(shared, 0, 0, 20);
    await Atomics.waitAsync(shared, 0, 0, 10).value;
  },
  async timers() {
    await require('node:timers/promises').setTimeout(5);
    for await (const _tick of require('node:timers/promises').setInterval(2)) break;
    const delay = require('node:perf_hooks').monitorEventLoopDelay({ resolution: 2 });
    delay.enable();
    await new Promise((done) => setTimeout(done, 20));
    delay.disable();
  },
  async keys() {
    await promisify(crypto.pbkdf2)('a', 'b', 1000, 32, 'sha256');
    await promisify(crypto.scrypt)('a', 'b', 32);
    if (crypto.argon2) await promisify(crypto.argon2)('argon2id', { message: 'a', nonce: Buffer.alloc(16), parallelism: 2, tagLength: 32, memory: 64, passes: 1 });
    crypto.randomBytes(32);
    await promisify(crypto.randomBytes)(32);
    crypto.randomUUID();
    await promisify(crypto.generatePrime)(128);
    for (const [kind, options] of [['rsa', { modulusLength: 2048 }], ['ec', { namedCurve: 'P-256' }], ['ed25519', {}], ['x25519', {}]]) {
      const { privateKey, publicKey } = await promisify(crypto.generateKeyPair)(kind, options);
      if (kind !== 'x25519') crypto.verify(kind === 'ed25519' ? null : 'sha256', 'm', publicKey, crypto.sign(kind === 'ed25519' ? null : 'sha256', 'm', privateKey));
    }
    const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, true, ['encrypt', 'decrypt']);
    await crypto.subtle.encrypt({ name: 'AES-GCM', iv: Buffer.alloc(12) }, key, Buffer.alloc(1000));
    const cipher = crypto.createCipheriv('chacha20-poly1305', Buffer.alloc(32), Buffer.alloc(12), { authTagLength: 16 });
    cipher.update('text');
    crypto.getHashes().slice(0, 10).forEach((name) => crypto.createHash(name).update('x'));
    crypto.getCiphers();
  },
  async packed() {
    const data = Buffer.alloc(1_000_000, 'text ');
    for (const kind of ['gzip', 'deflate', 'brotliCompress', 'zstdCompress']) await promisify(zlib[kind])(data);
    zlib.gunzipSync(zlib.gzipSync(data));
    await pipeline(Readable.from([data]), zlib.createGzip(), zlib.createGunzip(), new Writable({ write: (_c, _e, done) => done() }));
    await pipeline(new Blob([data]).stream(), new CompressionStream('gzip'), async (chunks) => { for await (const _ of chunks); });
  },
  async database() {
    const { DatabaseSync, backup } = require('node:sqlite');
    for (const mode of ['delete', 'wal', 'truncate', 'memory']) {
      const database = new DatabaseSync(`/tmp/${mode}.sqlite`);
      database.exec(`pragma journal_mode=${mode}; pragma mmap_size=1000000; create table t (a, b)`);
      const insert = database.prepare('insert into t values (?, ?)');
      database.exec('begin');
      for (let n = 0; n < 500; n += 1) insert.run(n, 'x'.repeat(100));
      database.exec('commit; vacuum');
      if (mode === 'wal') await backup(database, '/tmp/backup.sqlite');
      database.close();
    }
    for (const name of require('node:fs').readdirSync('/tmp').filter((it) => it.includes('sqlite'))) require('node:fs').rmSync(`/tmp/${name}`);
  },
  async modules() {
    await import('data:text/javascript,export default 5');
    require('node:fs').writeFileSync('/tmp/made.mjs', 'export const a = await Promise.resolve(1)');
    await import('/tmp/made.mjs');
    require('node:module').enableCompileCache('/tmp/compiled');
    require('node:module').stripTypeScriptTypes('const a: number = 1');
  },
};
