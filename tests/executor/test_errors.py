"""Bad input: each kind gets its status, a clear text and an invocation id, and the service goes on."""

import json
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

THROWN = "Script generated an unhandled synchronous exception."
ASYNC = "Script generated an unhandled asynchronous exception."
RETURNED = "Script returned an error."
SERIAL = "Error when JSON serializing the result of the JavaScript code."

# code, status, `error` field or None, source
TABLE = {
    "callback error": ("module.exports = cb => cb(new Error('no'))", 400, RETURNED, "webtask"),
    "callback error with a status": (
        "module.exports = cb => cb(Object.assign(new Error('no'), { statusCode: 418 }))", 418, RETURNED, "webtask",
    ),
    "unserialisable result": (
        "module.exports = cb => { const a = {}; a.a = a; cb(null, a); }", 400, SERIAL, "webtask",
    ),
    "throw": ("module.exports = cb => { throw new Error('no'); }", 500, THROWN, "webtask"),
    "later throw": ("module.exports = cb => { setTimeout(() => { throw new Error('no'); }, 1); }", 500, ASYNC, "webtask"),
    "rejected promise": ("module.exports = async cb => { throw new Error('no'); }", 500, ASYNC, "webtask"),
    "stray rejection": (
        "module.exports = cb => { Promise.reject(new Error('no')); }", 500, ASYNC, "webtask",
    ),
    "syntax error": ("module.exports = function (cb) {", 400, None, "compiler"),
    "missing module": ("require('no-such-module'); module.exports = cb => cb()", 400, None, "compiler"),
    "not a function": ("module.exports = 42", 400, None, "compiler"),
    "no argument": ("module.exports = () => 1", 400, None, "compiler"),
    "four arguments": ("module.exports = (a, b, c, d) => 1", 400, None, "compiler"),
}  # fmt: skip


@pytest.mark.parametrize("case", TABLE)
def test_a_failing_script_answers_by_the_error_table(stack, case):
    code, status, error, source = TABLE[case]
    answer = stack.adhoc(code)
    body = answer.json()
    assert (answer.status_code, body["code"]) == (status, status)
    assert answer.headers["x-wt-response-source"] == source
    assert answer.headers["x-wt-invocation"]
    if error:
        assert body["error"] == error
    assert answer.text == json.dumps(body, indent=2, ensure_ascii=False), "errors are pretty-printed"


FALSY = ["null", "undefined", "0", "false", "''"]


@pytest.mark.parametrize("value", FALSY)
def test_a_falsy_result_is_an_empty_object(stack, value):
    assert stack.adhoc(f"module.exports = cb => cb(null, {value})").text == "{}"


def test_an_infinite_loop_is_killed_and_the_webtask_serves_on(stack, owner):
    owner.publish(
        "loops", "module.exports = (ctx, cb) => { if (ctx.query.spin) for (;;); cb(null, { ok: true }); }"
    )
    url = f"{stack.url}/api/run/acme/loops"
    killed = httpx.get(url, params={"spin": "1"}, timeout=30)
    assert (killed.status_code, killed.json()["message"]) == (500, "Blocked event loop.")
    assert killed.json()["req_id"] == killed.headers["x-wt-invocation"]
    assert httpx.get(url).json() == {"ok": True}


def test_a_heap_bomb_dies_of_its_memory_limit_and_the_webtask_serves_on(stack, owner):
    owner.publish(
        "bomb",
        "module.exports = (ctx, cb) => { if (!ctx.query.grow) return cb(null, { ok: true });"
        " const kept = []; for (;;) kept.push(new Array(1e5).fill(1.5)); }",
    )
    url = f"{stack.url}/api/run/acme/bomb"
    killed = httpx.get(url, params={"grow": "1"}, timeout=60)
    assert killed.status_code == 500
    assert "memory" in killed.json()["message"]
    assert httpx.get(url).json() == {"ok": True}


def test_one_webtasks_loop_does_not_hold_up_another(stack, owner):
    owner.publish("spins", "module.exports = cb => { for (;;); }")
    owner.publish("calm", "module.exports = cb => cb(null, { calm: true })")
    with ThreadPoolExecutor() as threads:
        spinning = threads.submit(httpx.get, f"{stack.url}/api/run/acme/spins", timeout=30)
        assert httpx.get(f"{stack.url}/api/run/acme/calm").json() == {"calm": True}
        assert spinning.result().json()["message"] == "Blocked event loop."


def refused(answer: httpx.Response, status: int) -> str:
    """Asserts the shape of the edge's own errors and returns the message."""
    assert answer.status_code == status, answer.text
    body = answer.json()
    assert body["code"] == status
    assert body["req_id"] == answer.headers["x-wt-invocation"]
    assert answer.headers["x-wt-response-source"] == "proxy"
    message: str = body["message"]
    return message


def test_an_unknown_webtask_is_404_with_its_name(stack):
    assert "nosuch" in refused(httpx.get(f"{stack.url}/api/run/acme/nosuch"), 404)


def test_an_unknown_team_is_404(stack):
    refused(httpx.get(f"{stack.url}/api/run/nosuchteam/hello"), 404)


def test_a_team_host_without_a_name_says_what_to_write(stack):
    answer = httpx.get(f"http://127.0.0.1:{stack.port}/", headers={"host": stack.team_host})
    assert "name" in refused(answer, 404)


CODE = "module.exports = cb => cb(null, 1)"


def test_no_token_is_refused_in_the_originals_words(stack):
    message = refused(httpx.post(f"{stack.url}/api/run/acme", content=CODE), 403)
    assert message == "rejecting request without Authorization header or key URL query parameter"


@pytest.mark.parametrize(
    "header", ["Bearer nonsense", "Bearer a.b.c", "Basic abc", "Bearer", "Bearer eyJhbGciOiJub25lIn0.e30."]
)
def test_a_bad_token_is_refused(stack, header):
    answer = httpx.post(f"{stack.url}/api/run/acme", content=CODE, headers={"authorization": header})
    assert refused(answer, 403).startswith(("rejecting request", "expired", "not "))


def test_a_token_of_one_team_runs_nothing_in_another(stack):
    assert "other" in refused(stack.adhoc(CODE, team="other"), 403)


def test_the_token_also_goes_as_the_key_of_the_query(stack):
    answer = httpx.post(f"{stack.url}/api/run/acme", params={"key": stack.token}, content=CODE)
    assert answer.text == "1"


def test_a_body_over_the_limit_is_413_and_says_the_limit(stack, owner):
    owner.publish(
        "sink", "module.exports = (ctx, req, res) => { req.resume(); req.on('end', () => res.end('ok')); }"
    )
    url = f"{stack.url}/api/run/acme/sink"
    limit = 10 * 1024 * 1024
    assert f"{limit:,}" in refused(httpx.post(url, content=b"x" * (limit + 1), timeout=60), 413)
    pieces = (b"x" * 65536 for _ in range(limit // 65536 + 1))
    assert f"{limit:,}" in refused(httpx.post(url, content=pieces, timeout=60), 413)
    assert httpx.post(url, content=b"x" * limit, timeout=60).text == "ok"


def test_code_over_the_limit_is_413(stack):
    assert "limit" in refused(stack.adhoc("//" + "x" * 1024 * 1024), 413)


def test_empty_code_and_code_that_is_not_text_are_400(stack):
    assert "empty" in refused(stack.adhoc(""), 400)
    headers = {"authorization": f"Bearer {stack.token}"}
    answer = httpx.post(f"{stack.url}/api/run/acme", content=b"\xff\xfe\x00", headers=headers)
    assert "UTF-8" in refused(answer, 400)


def test_the_executors_own_door_is_not_public(stack):
    refused(httpx.get(f"{stack.url}/internal/deployments/acme/hello"), 404)


def test_uncaught_exceptions_spare_no_one_but_lose_no_one(stack, owner):
    """A crash answers the request that threw by the table and every other one with 503 and an id."""
    owner.publish(
        "crash",
        """
        let waiting;
        module.exports = (ctx, cb) => {
          if (ctx.query.wait) { waiting = cb; return; }
          if (!waiting) return cb(null, { waiting: false });
          setTimeout(() => { throw new Error('bang'); }, 1);
        }
        """,
    )
    url = f"{stack.url}/api/run/acme/crash"
    with ThreadPoolExecutor() as threads:
        waiter = threads.submit(httpx.get, url, params={"wait": "1"}, timeout=30)
        answer = httpx.get(url)
        while answer.status_code == 200:  # the waiter's request has not arrived yet
            answer = httpx.get(url)
        assert (answer.status_code, answer.json()["error"]) == (500, ASYNC)
        refused(waiter.result(), 503)
    assert httpx.get(url).json() == {"waiting": False}


def test_whoever_asks_again_after_a_crash_finds_another_worker(stack, owner):
    owner.publish(
        "fragile",
        "module.exports = (ctx, cb) => { if (!ctx.query.crash) return cb(null, 1);"
        " setImmediate(() => { throw new Error('bang'); }); }",
    )
    url = f"{stack.url}/api/run/acme/fragile"
    with httpx.Client() as client:
        for _ in range(20):
            assert client.get(url, params={"crash": "1"}).json()["error"] == ASYNC
            assert client.get(url).text == "1"
