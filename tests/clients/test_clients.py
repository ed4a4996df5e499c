"""Clients that webtasks use, unchanged, behind the real walls, against real servers on the other side of them."""

import json
import struct

import pytest

from tests.clients.conftest import HOST, Servers
from tests.clients.servers.databases import PASSWORD
from tests.egress.lab import in_labels, lab
from tests.sandbox.person import Person

HTTP = {
    "http": """
        const agent = new http.Agent({ keepAlive: true });
        const get = (path) => new Promise((done, failed) => http.get(`${WEB}${path}`, { agent }, (answer) => {
          let text = "";
          answer.on("data", (data) => { text += data; }).on("end", () => done(JSON.parse(text)));
        }).on("error", failed));
        const first = await get("/a"), second = await get("/b");
        agent.destroy();
        return [first.path, second.path, second.request, second.host === `${HOST}:${PORTS.web}`];
    """,
    "fetch": """
        const post = await fetch(`${WEB}/a`, { method: "POST", body: "text" }).then((answer) => answer.json());
        const after = await fetch(`${WEB}/redirect`).then((answer) => answer.json());
        return [post.path, post.body, after.path];
    """,
    "axios": """
        const axios = load("axios");
        const post = await axios.post(`${WEB}/a`, { x: 1 }), after = await axios.get(`${WEB}/redirect`);
        return [post.data.path, post.data.body, after.data.path];
    """,
    "undici": """
        const { request } = load("undici");
        const { body } = await request(`${WEB}/a`, { method: "POST", body: "text" });
        const said = await body.json();
        return [said.path, said.body, "/after"];
    """,
}
ANSWERS = {"http": ["/a", "/b", 2, True], "axios": ["/a", '{"x":1}', "/after"]}


def use(person: Person, servers: Servers, code: str, **names: object) -> object:
    """What the body of an async function returns. What it throws fails the test."""
    said, verdicts = person.run(
        _use, data=person.data, servers=servers.ports, code=_program(servers, code, names)
    )
    assert all(verdict == "allowed" for _, _, verdict in verdicts), verdicts
    return json.loads(said)


def _program(servers: Servers, code: str, names: dict[str, object]) -> str:
    known = {"HOST": HOST, "PORTS": servers.ports, "CA": servers.authority, "PASSWORD": PASSWORD, **names}
    known["WEB"] = f"http://{HOST}:{servers.ports['web']}"
    known["SECURE"] = f"https://{HOST}:{servers.ports['secure']}"
    head = "".join(f"const {name} = {json.dumps(value)};\n" for name, value in known.items())
    told = "(result) => { say(JSON.stringify(result)); process.exit(); }"
    failed = "(error) => { say(JSON.stringify(`failed: ${error.stack}`)); process.exit(); }"
    return f"{head}(async () => {{ {code} }})().then({told}, {failed});"


async def _use(data, servers, code):
    service = struct.pack("!3H", 1, 1, servers["mongo"]) + in_labels(HOST)
    async with lab(
        data,
        code,
        language="clients",
        names={HOST: ("127.0.0.1",)},
        records={("_mongodb._tcp.cluster.example.com", 33): service},
        listen=tuple(servers.values()),
    ) as it:
        (said,) = await it.said()
        return said, it.verdicts


@pytest.mark.parametrize("client", HTTP)
def test_http(person, servers, client):
    assert use(person, servers, HTTP[client]) == ANSWERS.get(client, ["/a", "text", "/after"])


def test_https_with_an_authority_of_ones_own(person, servers):
    code = """
        const get = (ca) => new Promise((done) => {
          require("node:https").get(`${SECURE}/a`, { ca }, (answer) => done([answer.statusCode, answer.socket.authorized]))
            .on("error", (error) => done(error.code));
        });
        return [await get(CA), await get(undefined)];
    """
    assert use(person, servers, code) == [[200, True], "UNABLE_TO_VERIFY_LEAF_SIGNATURE"]


def test_fetch_verifies_from_end_to_end(person, servers):
    code = """
        const attempt = (url) => fetch(url).then((answer) => answer.status, (error) => error.cause.code);
        const before = await attempt(SECURE);
        tls.setDefaultCACertificates([...tls.getCACertificates("bundled"), CA]);
        return [before, await attempt(SECURE), await attempt(SECURE.replace(HOST, "127.0.0.1"))];
    """
    assert use(person, servers, code) == [
        "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
        200,
        "ERR_TLS_CERT_ALTNAME_INVALID",
    ]


def test_tls_sees_the_servers_own_certificate(person, servers):
    code = """
        const socket = tls.connect({ port: PORTS.secure, host: HOST, servername: HOST, ca: CA });
        await new Promise((done, failed) => socket.on("secureConnect", done).on("error", failed));
        const result = [socket.authorized, socket.getPeerCertificate().subject.CN, socket.getProtocol()];
        socket.destroy();
        return result;
    """
    assert use(person, servers, code) == [True, HOST, "TLSv1.3"]


def test_pg(person, servers):
    code = """
        const { Pool } = load("pg");
        const pool = new Pool({ host: HOST, port: PORTS.postgres, user: "webtask", password: PASSWORD,
          database: "postgres", ssl: { ca: CA } });
        await pool.query("create table if not exists note (id serial primary key, text text)");
        await pool.query("insert into note (text) values ($1)", ["kept"]);
        const found = await Promise.all(["1", "2"].map((n) => pool.query("select text, $1 as n from note", [n])));
        const safe = await pool.query("select ssl, version from pg_stat_ssl where pid = pg_backend_pid()");
        await pool.end();
        return [found.map(({ rows }) => rows[0]), safe.rows[0].ssl];
    """
    assert use(person, servers, code) == [[{"text": "kept", "n": "1"}, {"text": "kept", "n": "2"}], True]


def test_mysql2(person, servers):
    code = """
        const mysql = load("mysql2/promise");
        const pool = mysql.createPool({ host: HOST, port: PORTS.mariadb, user: "webtask", password: PASSWORD,
          database: "webtask", ssl: { ca: CA } });
        await pool.query("create table if not exists note (id int auto_increment primary key, text varchar(9))");
        await pool.execute("insert into note (text) values (?)", ["kept"]);
        const [rows] = await pool.execute("select text from note where id > ?", [0]);
        const [[cipher]] = await pool.query("show status like 'Ssl_cipher'");
        await pool.end();
        return [rows, cipher.Value !== ""];
    """
    assert use(person, servers, code) == [[{"text": "kept"}], True]


def test_ioredis(person, servers):
    code = """
        const Redis = load("ioredis");
        const client = new Redis({ host: HOST, port: PORTS.redis, password: "secret" }), other = client.duplicate();
        await other.subscribe("news");
        const heard = new Promise((done) => other.on("message", (channel, text) => done(text)));
        await client.pipeline().set("a", "1").incr("a").publish("news", "hello").exec();
        const result = [await client.get("a"), await heard];
        client.disconnect();
        other.disconnect();
        return result;
    """
    assert use(person, servers, code) == ["2", "hello"]


def test_mongodb(person, servers):
    code = """
        const { MongoClient } = load("mongodb");
        const client = new MongoClient(`mongodb://${HOST}:${PORTS.mongo}/?directConnection=true`);
        const orders = client.db("shop").collection("orders");
        await orders.insertOne({ _id: 7, item: "book" });
        const found = await orders.findOne({ item: "book" });
        await client.close();
        return found;
    """
    assert use(person, servers, code) == {"_id": 7, "item": "book"}


def test_mongodb_by_service_records(person, servers):
    code = """
        const { MongoClient } = load("mongodb");
        const client = new MongoClient("mongodb+srv://cluster.example.com/?tls=false");
        const answer = await client.db("shop").command({ ping: 1 });
        const { hosts } = client.options;
        await client.close();
        return [answer.ok, hosts.map(String)];
    """
    assert use(person, servers, code) == [1, [f"{HOST}:{servers.ports['mongo']}"]]


def test_nodemailer(person, servers):
    code = """
        const transport = load("nodemailer").createTransport({ host: HOST, port: PORTS.mail, requireTLS: true,
          auth: { user: "webtask", pass: PASSWORD }, tls: { ca: CA } });
        const sent = await transport.sendMail({ from: "a@example.com", to: "b@example.com", subject: "News", text: "hello" });
        return sent.accepted;
    """
    assert use(person, servers, code) == ["b@example.com"]
    (envelope,) = servers.mailbox.envelopes
    assert (envelope.mail_from, envelope.rcpt_tos) == ("a@example.com", ["b@example.com"])
    assert b"Subject: News" in envelope.content


@pytest.mark.parametrize("source", ["load('ws').WebSocket", "globalThis.WebSocket"])
def test_websockets(person, servers, source):
    code = f"""
        const socket = new ({source})(`ws://${{HOST}}:${{PORTS.websockets}}`);
        return new Promise((done, failed) => {{
          socket.onopen = () => socket.send("hello");
          socket.onmessage = (event) => {{ done(event.data); socket.close(); }};
          socket.onerror = failed;
        }});
    """
    assert use(person, servers, code) == "hello"
