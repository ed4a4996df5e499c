"""The three programming models, ad hoc and named, against the real sandbox."""

import httpx
import pytest

MODELS = {
    "cb": "module.exports = function (cb) { cb(null, { model: 1 }); }",
    "ctx_cb": "module.exports = function (ctx, cb) { cb(null, { model: 2, name: ctx.query.name }); }",
    "req_res": (
        "module.exports = function (ctx, req, res) {"
        "  res.writeHead(201, { 'content-type': 'text/plain', 'x-seen': req.method });"
        "  res.end('model 3 ' + req.url); }"
    ),
}
BEYOND = {
    "async": "module.exports = async () => ({ ok: 1 })",
    "module": "import { join } from 'node:path'; const ok = await 1; export default async (ctx) => ({ ok })",
    "typescript": "interface Ok { ok: number }\nexport default async (): Promise<Ok> => ({ ok: 1 })",
    "fetch": "export default { fetch: (request) => Response.json({ ok: Number(request.url.includes('acme')) }) }",
}


@pytest.mark.parametrize("form", BEYOND)
def test_newer_forms_work_behind_the_walls(stack, form):
    answer = stack.adhoc(BEYOND[form])
    assert (answer.status_code, answer.text) == (200, '{"ok":1}')


def test_the_seeds_own_curl_answers_hello_world(stack):
    answer = stack.adhoc('module.exports = function (cb) { cb(null, { hello: "world" }); }')
    assert (answer.status_code, answer.text) == (200, '{"hello":"world"}')
    assert answer.headers["content-type"] == "application/json"


@pytest.fixture(scope="module")
def named(owner):
    for name, code in MODELS.items():
        owner.publish(name, code)


@pytest.fixture(params=["adhoc", "named"])
def call(request, stack, named):
    """Calls a model by its name, with a query, either way it can be reached."""
    if request.param == "adhoc":
        return lambda model: stack.adhoc(MODELS[model], path="?name=Ada")
    return lambda model: httpx.post(f"{stack.url}/api/run/acme/{model}?name=Ada")


def test_a_callback_alone_answers_json(call):
    assert call("cb").json() == {"model": 1}


def test_a_context_carries_the_query(call):
    assert call("ctx_cb").json() == {"model": 2, "name": "Ada"}


def test_request_and_response_are_nodes_own(call):
    answer = call("req_res")
    assert (answer.status_code, answer.headers["x-seen"]) == (201, "POST")
    assert answer.text.startswith("model 3 /api/run/acme")


def test_the_host_form_serves_the_same_webtask(stack, named):
    by_host = httpx.get(f"http://127.0.0.1:{stack.port}/ctx_cb?name=Bo", headers={"host": stack.team_host})
    assert by_host.json() == {"model": 2, "name": "Bo"}


def test_an_answer_streams_while_it_is_made(stack, owner):
    """The second half is only written once the client, having the first half, asks for it."""
    owner.publish(
        "halves",
        """
        let release;
        module.exports = function (ctx, req, res) {
          if (ctx.query.release) { release(); return res.end('released'); }
          res.write('first,');
          release = () => res.end('second');
        }
        """,
    )
    url = f"{stack.url}/api/run/acme/halves"
    with httpx.stream("GET", url, timeout=20) as answer:
        parts = answer.iter_text()
        assert next(parts) == "first,"
        assert httpx.get(url, params={"release": "1"}).text == "released"
        assert "".join(parts) == "second"


def test_a_request_body_streams_in_and_out(stack, owner):
    owner.publish("echo", "module.exports = function (ctx, req, res) { req.pipe(res); }")
    chunks = [bytes([number]) * 70_000 for number in range(40)]
    answer = httpx.post(f"{stack.url}/api/run/acme/echo", content=iter(chunks), timeout=60)
    assert answer.content == b"".join(chunks)


def test_a_slow_reader_slows_the_webtask_down(stack, owner):
    """Ten mebibytes nobody reads must wait in the webtask, which is told by write() returning false."""
    owner.publish(
        "firehose",
        """
        let sent = 0, waits = 0;
        module.exports = function (ctx, req, res) {
          if (ctx.query.stats) return res.end(JSON.stringify({ sent, waits }));
          const chunk = Buffer.alloc(65536);
          (function more() {
            while (sent < 160) { sent += 1; if (!res.write(chunk)) { waits += 1; return res.once('drain', more); } }
            res.end();
          })();
        }
        """,
    )
    url = f"{stack.url}/api/run/acme/firehose"
    with httpx.stream("GET", url, timeout=60) as answer:
        stats = httpx.get(url, params={"stats": "1"}).json()
        assert stats["waits"] > 0
        assert stats["sent"] < 160
        assert sum(len(part) for part in answer.iter_bytes()) == 160 * 65536


def test_cookies_and_repeated_headers_reach_the_client_on_the_teams_host(stack, owner):
    owner.publish(
        "cookies",
        "module.exports = (ctx, req, res) => { res.setHeader('Set-Cookie', ['a=1; Domain=localhost; Path=/', 'b=2']);"
        " res.end(req.headers.cookie || 'none'); }",
    )
    answer = httpx.get(
        f"http://127.0.0.1:{stack.port}/cookies",
        headers={"host": stack.team_host, "cookie": "webtasks_session=secret; mine=1"},
    )
    assert answer.headers.get_list("set-cookie") == ["a=1; Path=/", "b=2"]
    assert answer.text == "mine=1"


def test_a_worker_thread_works_within_the_memory_budget(stack):
    answer = stack.adhoc(
        """
        const { Worker } = require('node:worker_threads');
        const inside = "require('node:worker_threads').parentPort.postMessage(6 * 7)";
        module.exports = (cb) => {
          const thread = new Worker(inside, { eval: true });
          thread.once('message', (answer) => cb(null, { answer }));
          thread.once('error', cb);
        };
        """
    )
    assert answer.json() == {"answer": 42}
