"""Bodies, answers, logs and requests at once, reached over HTTP: what the caller gets and what the log says."""

import re
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.executor.limited import refused
from tests.tail import line_with, watch


def test_a_body_over_the_limit(limited):
    one = limited(
        "module.exports = (ctx, req, res) => { req.resume(); req.on('end', () => res.end('ok')); };",
        body_bytes=4096,
    )
    answer, line = one.reach("request body", method="POST", content=b"x" * 4097)
    assert "4,096 bytes" in refused(answer, line, 413)
    assert line["text"] == (
        "stopped: the request body is larger than allowed (limit of request body: 4 KiB, used: 4 KiB)"
    )
    answer, line = one.reach("request body", method="POST", content=iter([b"x" * 4096, b"x" * 4096]))
    refused(answer, line, 413)
    assert httpx.post(one.url, content=b"x" * 4096).text == "ok"


ANSWERS = """
module.exports = (ctx, req, res) => {
  if (ctx.query.announced) res.setHeader('content-length', ctx.query.announced);
  if (req.method === 'HEAD') return res.end();
  const piece = Buffer.alloc(1024);
  for (let i = 0; i < +ctx.query.pieces; i++) res.write(piece);
  res.end();
};
"""


def test_an_answer_that_announces_too_much(limited):
    one = limited(ANSWERS, response_bytes=4096)
    answer, line = one.reach("answer is larger", params={"announced": "5120", "pieces": "5"})
    assert "4,096 bytes" in refused(answer, line, 502)
    assert line["text"].startswith(
        "stopped: the answer is larger than allowed (limit of response: 4 KiB, used: 5 KiB"
    )
    assert httpx.get(one.url, params={"announced": "4096", "pieces": "4"}).status_code == 200
    assert httpx.head(one.url, params={"announced": "5120"}).status_code == 200


def test_an_answer_that_grows_too_large_is_cut(limited, owner):
    one = limited(ANSWERS, response_bytes=4096)
    assert len(httpx.get(one.url, params={"pieces": "4"}).content) == 4096
    with watch(owner, f"webtask:acme/{one.name}") as socket:
        with pytest.raises(httpx.RemoteProtocolError):
            httpx.get(one.url, params={"pieces": "500"})
        assert line_with(socket, "answer is larger")["invocation"]
    assert httpx.get(one.url, params={"pieces": "1"}).status_code == 200


def test_too_many_requests_at_once(limited, owner):
    one = limited("module.exports = (ctx, req, res) => { res.write('begun'); };", concurrency=1)
    with (
        watch(owner, f"webtask:acme/{one.name}") as socket,
        httpx.stream("GET", one.url, timeout=30) as first,
    ):
        body = first.iter_bytes()
        assert next(body) == b"begun"
        answer = httpx.get(one.url)
        assert (answer.status_code, answer.headers["retry-after"]) == (429, "1")
        assert answer.json()["req_id"]
        assert line_with(socket, "too many requests")["text"] == (
            "refused: too many requests at once, 1 of them (limit of requests at once: 1 request, used: 1 request)"
        )


def test_too_many_log_lines(limited):
    one = limited(
        "module.exports = cb => { for (let i = 0; i < 500; i++) console.log(i); cb(null, {}); };",
        log_lines=50,
    )
    answer, line = one.reach("dropped")
    assert answer.status_code == 200
    assert re.fullmatch(
        r"[0-9,]+ log lines dropped \(limit of log lines: 50 lines a second, used: [0-9,]+ lines a second\)",
        line["text"],
    )


def test_too_much_log_text(limited):
    code = "module.exports = cb => { for (let i = 0; i < 50; i++) console.log('x'.repeat(1000)); cb(null, {}); };"
    answer, line = limited(code, log_bytes=2048).reach("dropped")
    assert answer.status_code == 200
    assert "(limit of log text: 2 KiB a second, used: " in line["text"]


@pytest.mark.parametrize(("fd", "what"), [(1, "'\\n'"), (2, "'xxxxxxx\\n'"), (4, "'x'")])
def test_a_flood_past_the_guest_takes_nobody_else_down(limited, stack, fd, what):
    code = f"""
    const flood = Buffer.from({what}.repeat(60_000));
    module.exports = cb => {{ for (let i = 0; i < 30; i++) require('fs').writeSync({fd}, flood); cb(null, {{}}); }};
    """
    one = limited(code, blocked_ms=20_000)
    with ThreadPoolExecutor() as threads:
        flooding = threads.submit(httpx.get, one.url, timeout=60)
        while not flooding.done():
            assert stack.adhoc("module.exports = cb => cb(null, 1)").text == "1"
        assert flooding.result().status_code == 200


def test_code_over_the_limit(owner, limited):
    one = limited("module.exports = cb => cb();", code_bytes=1024)
    refused_ = owner.api(
        "PUT", f"/{one.name}/draft", json={"code": "x" * 1025, "base": 1}, headers={"if-none-match": "*"}
    )
    assert refused_.status_code == 413


def test_code_of_four_mebibytes_runs(limited):
    """Nothing on its way, escapes and all, is too small for the ceiling."""
    code = "module.exports = cb => cb(null, 'ran'); //"
    one = limited(code + "\t" * (4 * 1024 * 1024 - len(code)), code_bytes=4 * 1024 * 1024)
    assert httpx.get(one.url, timeout=30).json() == "ran"
