'use strict';
// Sockets of every kind a webtask makes. What listens on names and port 80 is in tracer.py.
const net = require('node:net');
const http = require('node:http');
const { once } = require('node:events');

const OUTSIDE = 'http://outside.example';
const path = (name) => `/tmp/${name}.sock`;

async function ask(options) {
  const request = http.request(options).end('question');
  const [answer] = await once(request, 'response');
  for await (const _chunk of answer);
}

async function served(server, where, client) {
  server.listen(where);
  await once(server, 'listening');
  try {
    await client();
  } finally {
    server.close();
    server.closeAllConnections?.();
  }
}

module.exports = {
  async http() {
    const agent = new http.Agent({ keepAlive: true });
    await served(http.createServer((request, answer) => request.pipe(answer)), path('http'), async () => {
      for (let n = 0; n < 20; n += 1) await ask({ socketPath: path('http'), method: 'POST', agent });
    });
    agent.destroy();
  },
  async pairs() {
    await served(net.createServer((socket) => socket.end('bye')), path('net'), async () => {
      const socket = net.connect(path('net'));
      socket.setNoDelay(true).setKeepAlive(true).setTimeout(1000);
      await once(socket, 'close', socket.resume());
    });
    await once(net.connect(path('nobody')), 'error');
  },
  async http2() {
    const http2 = require('node:http2');
    await served(http2.createServer((_request, answer) => answer.end('x')), path('http2'), async () => {
      const session = http2.connect('http://localhost', { createConnection: () => net.connect(path('http2')) });
      const stream = session.request({ ':path': '/' }).resume();
      await once(stream, 'end');
      session.close();
    });
  },
  async tls() {
    const forge = require('node-forge');
    const keys = forge.pki.rsa.generateKeyPair(2048);
    const certificate = forge.pki.createCertificate();
    certificate.publicKey = keys.publicKey;
    certificate.validity.notAfter.setFullYear(certificate.validity.notAfter.getFullYear() + 1);
    certificate.setSubject([{ name: 'commonName', value: 'localhost' }]);
    certificate.setIssuer([{ name: 'commonName', value: 'localhost' }]);
    certificate.sign(keys.privateKey, forge.md.sha256.create());
    const [key, cert] = [forge.pki.privateKeyToPem(keys.privateKey), forge.pki.certificateToPem(certificate)];
    const https = require('node:https');
    await served(https.createServer({ key, cert }, (_request, answer) => answer.end('x')), path('https'), async () => {
      const options = { socketPath: path('https'), ca: cert, servername: 'localhost', checkServerIdentity: () => undefined };
      const [answer] = await once(https.get(options), 'response');
      for await (const _chunk of answer);
    });
  },
  async names() {
    const dns = require('node:dns').promises;
    await dns.lookup('localhost');
    await dns.lookup('outside.example', { all: true });
    await dns.resolve4('outside.example');
    await dns.resolve('outside.example', 'TXT').catch(() => undefined);
    await dns.lookup('nowhere.example').catch(() => undefined);
    await dns.lookupService('127.0.0.1', 80).catch(() => undefined);
  },
  async outside() {
    for (let n = 0; n < 3; n += 1) await (await fetch(OUTSIDE)).text();
    await ask(OUTSIDE);
    await ask({ host: '1.2.3.4', family: 4 });
    await once(net.connect(81, '1.2.3.4'), 'error');
    await fetch('http://outside.example:81').catch(() => undefined);
  },
  async listening() {
    await once(net.createServer().listen(0), 'error');
    await once(net.createServer().listen(8080, '127.0.0.1'), 'error');
  },
  async datagrams() {
    const socket = require('node:dgram').createSocket({ type: 'udp4', reuseAddr: true });
    await new Promise((done) => socket.send('x', 53, '1.2.3.4', done));
    await new Promise((done) => socket.send(['x', 'y'], 9999, 'outside.example', done));
    // A question of DNS, and its answer.
    const question = Buffer.from('abcd01000001000000000000076f757473696465076578616d706c650000010001', 'hex');
    socket.send(question, 53, '1.2.3.4');
    await once(socket, 'message');
    socket.address();
    socket.setTTL(3);
    socket.setBroadcast(true);
    socket.close();
  },
  async channels() {
    const { port1, port2 } = new MessageChannel();
    port1.postMessage({ a: new Uint8Array(10) });
    await once(port2, 'message');
    port1.close();
    const channel = new BroadcastChannel('a');
    channel.close();
    new AbortController().abort();
  },
};
