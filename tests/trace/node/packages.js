'use strict';
// Packages that extension code uses, each doing what it is for. They are locked in tests/clients.
const fs = require('node:fs');
const http = require('node:http');
const { once } = require('node:events');

const refused = (error) => {
  if (!/ECONN|EACCES|ENOTFOUND|timed out|timeout|closed|greeting|EAI_AGAIN|Protocol|selection/i.test(`${error.code} ${error.message} ${error.name}`)) throw error;
};
const ended = (stream) => (stream.resume(), once(stream, 'end'));

module.exports = {
  async lodash() { const _ = require('lodash'); _.groupBy(_.range(1000), (n) => n % 7); _.template('<%= a %>')({ a: 1 }); },
  async zod() { const { z } = require('zod'); z.object({ a: z.string().email() }).safeParse({ a: 'a@b.example' }); },
  async ajv() { const Ajv = require('ajv'); new Ajv.default().compile({ type: 'object', required: ['a'] })({ a: 1 }); },
  async marked() { require('marked').marked.parse('# title\n\n* text'); },
  async pdfkit() {
    const document = new (require('pdfkit'))();
    document.pipe(fs.createWriteStream('/tmp/a.pdf'));
    document.fontSize(25).text('text').image(await png(), 10, 10);
    document.end();
    await once(document, 'end');
  },
  async pngjs() { require('pngjs').PNG.sync.read(await png()); },
  async jpeg() { const jpeg = require('jpeg-js'); jpeg.decode(jpeg.encode({ data: Buffer.alloc(400), width: 10, height: 10 }, 50).data); },
  async jszip() { const zip = new (require('jszip'))(); zip.file('a', 'text'); await zip.loadAsync(await zip.generateAsync({ type: 'nodebuffer' })); },
  async archiver() {
    const { ZipArchive } = await import('archiver');
    const archive = new ZipArchive({ zlib: { level: 9 } });
    archive.pipe(fs.createWriteStream('/tmp/a.zip'));
    archive.append('text', { name: 'a' });
    archive.file('/rt/main.js', { name: 'b' });
    await archive.finalize();
  },
  async sqljs() { const SQL = await require('sql.js')(); new SQL.Database().exec('create table t (a); insert into t values (1); select * from t'); },
  async handlebars() { require('handlebars').compile('{{#each a}}{{this}}{{/each}}')({ a: [1, 2] }); },
  async typescript() { require('typescript').transpileModule('const a: number = 1', {}); },
  async uuid() { const { v4, v7 } = require('uuid'); v4(); v7(); },
  async jsonwebtoken() { const jwt = require('jsonwebtoken'); jwt.verify(jwt.sign({ a: 1 }, 'key', { expiresIn: '1h' }), 'key'); },
  async bcryptjs() { const bcrypt = require('bcryptjs'); await bcrypt.compare('a', await bcrypt.hash('a', 5)); },
  async cheerio() { require('cheerio').load('<p class=a>text')('.a').text(); },
  async dates() { require('dayjs')().add(1, 'day').format(); require('luxon').DateTime.now().setZone('Asia/Tokyo').toISO(); },
  async texts() { require('yaml').parse('a: [1, 2]'); require('csv-parse/sync').parse('a,b\n1,2'); new (require('fast-xml-parser').XMLParser)().parse('<a>1</a>'); require('qs').parse('a[b]=1'); },
  async graphql() { const { graphql, buildSchema } = require('graphql'); await graphql({ schema: buildSchema('type Query { a: Int }'), source: '{ a }', rootValue: { a: 1 } }); },
  async rxjs() { const { interval, take, lastValueFrom } = require('rxjs'); await lastValueFrom(interval(2).pipe(take(3))); },
  async logging() {
    const winston = require('winston');
    const logger = winston.createLogger({ transports: [new winston.transports.File({ filename: '/tmp/w.log' })] });
    logger.info('text');
    logger.end();
    await once(logger, 'finish');
    require('pino')(require('pino').destination({ dest: '/tmp/p.log', sync: false })).info('text');
    await new Promise((done) => setTimeout(done, 50));
  },
  async express() {
    const app = require('express')();
    app.use(require('express').json());
    app.use(require('express').static('/rt'));
    app.post('/', (request, answer) => answer.json(request.body));
    const server = app.listen('/tmp/express.sock');
    await once(server, 'listening');
    for (const [method, path] of [['POST', '/'], ['GET', '/main.js']]) {
      const request = http.request({ socketPath: '/tmp/express.sock', method, path, headers: { 'content-type': 'application/json' } });
      request.end(method === 'POST' ? '{"a":1}' : undefined);
      await ended((await once(request, 'response'))[0]);
    }
    server.close();
    server.closeAllConnections();
  },
  async ws() {
    const { WebSocketServer, WebSocket } = require('ws');
    const server = http.createServer().listen('/tmp/ws.sock');
    new WebSocketServer({ server }).on('connection', (socket) => socket.on('message', (data) => socket.send(data)));
    await once(server, 'listening');
    const client = new WebSocket('ws+unix:///tmp/ws.sock:/');
    await once(client, 'open');
    client.send('x');
    await once(client, 'message');
    client.terminate();
    server.close();
    server.closeAllConnections();
  },
  async axios() { await require('axios').get('http://outside.example/'); await require('axios').get('http://outside.example/', { responseType: 'stream' }).then(({ data }) => ended(data)); },
  async undici() { const { request } = require('undici'); await (await request('http://outside.example/')).body.text(); },
  async nodemailer() {
    await require('nodemailer').createTransport({ streamTransport: true }).sendMail({ from: 'a@b.example', to: 'c@d.example', text: 'x' });
    await require('nodemailer').createTransport({ host: 'outside.example', port: 80, greetingTimeout: 300 }).sendMail({ from: 'a@b.example', to: 'c@d.example', text: 'x' }).catch(refused);
  },
  async pg() { await new (require('pg').Client)({ host: 'outside.example', port: 81, connectionTimeoutMillis: 300 }).connect().catch(refused); },
  async mysql2() { await require('mysql2/promise').createConnection({ host: 'outside.example', port: 81, connectTimeout: 300 }).catch(refused); },
  async ioredis() {
    const client = new (require('ioredis').Redis)({ host: 'outside.example', port: 81, lazyConnect: true, retryStrategy: () => null });
    client.on('error', () => undefined);
    await client.connect().catch(refused);
  },
  async mongodb() { await new (require('mongodb').MongoClient)('mongodb://outside.example:81', { serverSelectionTimeoutMS: 300 }).connect().catch(refused); },
};

async function png() {
  const { PNG } = require('pngjs');
  return PNG.sync.write(new PNG({ width: 4, height: 4 }));
}
