"""Every limit that a team may set, reached over HTTP: what the caller gets and what the log says."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from tests.executor.crowd import crowded, workers_of
from tests.stack import Member
from tests.tail import line_with, watch

MIB = 1024 * 1024


@dataclass
class Limited:
    """A webtask with limits of its own, and what became of a request to it."""

    owner: Member
    name: str
    code: str
    limits: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.owner.api("GET", f"/{self.name}").status_code == 404:
            assert self.owner.api("POST", "", json={"name": self.name}).status_code == 201
        # Before the code is published: the answer to that comes when executors have taken over both.
        set_ = self.owner.api("PATCH", f"/{self.name}/limits", json=self.limits)
        assert set_.status_code == 200, set_.text
        self.owner.publish(self.name, self.code)

    @property
    def url(self) -> str:
        return f"{self.owner.stack.url}/api/run/acme/{self.name}"

    def reach(self, said: str, **request: Any) -> tuple[httpx.Response, dict[str, Any]]:
        """The answer, and the first line of the log that contains `said`."""
        with watch(self.owner, f"webtask:acme/{self.name}") as socket:
            answer = httpx.request(request.pop("method", "GET"), self.url, timeout=60, **request)
            while True:
                line = line_with(socket, said)
                if line["invocation"] in ("", answer.headers["x-wt-invocation"]):
                    return answer, line


@pytest.fixture
def limited(owner, request):
    """Named after the test: no two share a worker."""

    def make(code: str, **limits: int) -> Limited:
        name = re.sub(r"[^a-z0-9]+", "-", request.node.name.removeprefix("test_"))[:50].strip("-")
        return Limited(owner, name, code, limits)

    return make


def refused(answer: httpx.Response, line: dict[str, Any], status: int) -> str:
    """Asserts the status and that answer and log name the same invocation; returns the message."""
    assert answer.status_code == status, answer.text
    body = answer.json()
    assert body["req_id"] == answer.headers["x-wt-invocation"] == line["invocation"]
    assert answer.headers["x-wt-response-source"] == "proxy"
    message: str = body["message"]
    return message


# In each the code that blocks is in line 2.
BLOCKED = {
    "loop": "module.exports = cb => {\n  for (;;);\n};",
    "calls": "module.exports = cb => {\n  const inner = n => { while (n--); }; for (;;) inner(99);\n};",
    "expression": "module.exports = cb => {\n  /^(a+)+$/.test('a'.repeat(50) + '!');\n};",
    "wait": "module.exports = cb => {\n  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);\n};",
    "files": "const fs = require('fs');\nmodule.exports = cb => { for (;;) fs.statSync('/tmp'); };",
    "wasm": "const code = new Uint8Array([0,97,115,109,1,0,0,0,1,4,1,96,0,0,3,2,1,0,7,5,1,1,102,0,0,10,9,1,7,0,3,64,"
    "12,0,11,11]);\nmodule.exports = cb => new WebAssembly.Instance(new WebAssembly.Module(code)).exports.f();",
    "microtasks": "module.exports = cb => {\n  const again = () => Promise.resolve().then(again); again();\n};",
}


@pytest.mark.parametrize("kind", BLOCKED)
def test_blocked(limited, kind):
    one = limited(BLOCKED[kind], blocked_ms=500)
    answer, line = one.reach("event loop blocked")
    assert refused(answer, line, 500) == "Blocked event loop."
    killed = f"killed: event loop blocked for 500 ms at {one.name}.js:2"
    assert line["text"].startswith(f"{killed} (limit of blocked event loop: 500 ms, used: ")
    assert answer.json()["error"] == line["text"]


def test_blocked_in_one_long_native_call(limited):
    """It cannot be interrupted: the line is not known, the rest is told."""
    code = "module.exports = cb => require('crypto').pbkdf2Sync('a', 'b', 1e9, 64, 'sha512');"
    answer, line = limited(code, blocked_ms=500).reach("event loop blocked")
    assert refused(answer, line, 500) == "Blocked event loop."
    assert line["text"].startswith("killed: event loop blocked for 500 ms (limit of")


def test_while_the_loop_is_blocked_everybody_else_gets_503(limited):
    code = """
    module.exports = (ctx, req, res) => {
      if (ctx.query.wait) return res.write('begun');
      for (;;);
    };
    """
    one = limited(code, blocked_ms=500)
    with httpx.stream("GET", one.url, params={"wait": "1"}, timeout=30) as waiting:
        body = waiting.iter_bytes()
        assert next(body) == b"begun"
        answer, line = one.reach("event loop blocked")
        refused(answer, line, 500)
        with pytest.raises(httpx.RemoteProtocolError):
            next(body)


def test_code_that_waits_for_a_processor_is_not_blocked(limited, owner):
    """On a busy machine half a second of work takes seconds; the loop would have turned."""
    code = """
    module.exports = cb => {
      const used = () => process.cpuUsage().user + process.cpuUsage().system;
      const began = Date.now(), before = used();
      while (used() - before < 400_000);
      cb(null, { took: Date.now() - began });
    };
    """
    one = limited(code, blocked_ms=1_000)
    assert httpx.get(one.url, timeout=60).status_code == 200
    with crowded(workers_of(owner.stack.process.pid)):
        answer = httpx.get(one.url, timeout=60)
    assert answer.status_code == 200, answer.text
    assert answer.json()["took"] > 1_000


def test_a_request_that_computes_in_one_go(limited):
    one = limited("module.exports = cb => {\n  for (;;);\n};", cpu_ms=300)
    answer, line = one.reach("ms of CPU")
    assert "limit of 300 ms of CPU" in refused(answer, line, 500)
    killed = f"killed: used 300 ms of CPU at {one.name}.js:2 (limit of CPU time: 300 ms, used: "
    assert line["text"].startswith(killed)


def test_a_request_that_computes_in_many_turns(limited):
    """Its loop is never blocked for long."""
    code = """const work = () => { const until = Date.now() + 20; while (Date.now() < until); setImmediate(work); };
    module.exports = cb => work();"""
    one = limited(code, cpu_ms=300)
    answer, line = one.reach("ms of CPU")
    refused(answer, line, 500)
    assert f"at {one.name}.js:1 (limit" in line["text"]


def test_an_answered_request_that_goes_on_computing(limited):
    code = """const work = () => { const until = Date.now() + 20; while (Date.now() < until); setImmediate(work); };
    module.exports = cb => { cb(null, { ok: true }); setTimeout(work, 10); }"""
    one = limited(code, cpu_ms=300)
    answer, line = one.reach("ms of CPU")
    assert answer.json() == {"ok": True}
    assert line["text"].startswith(f"killed: used 300 ms of CPU while no request was open at {one.name}.js:1")


def test_a_request_that_never_answers(limited):
    answer, line = limited("module.exports = cb => {};", wall_ms=500).reach("nothing answered")
    assert refused(answer, line, 504) == "Request to Webtask exceeded allowed execution time"
    assert line["text"].startswith("stopped: nothing answered for 500 ms (limit of wall time: 500 ms, used: ")


def test_an_answer_that_still_moves_is_not_cut(limited):
    code = """
    module.exports = (ctx, req, res) => {
      let count = 0;
      const timer = setInterval(() => { res.write('.'); if (++count === 12) { clearInterval(timer); res.end(); } }, 100);
    };
    """
    assert httpx.get(limited(code, wall_ms=500).url, timeout=30).text == "." * 12


BOMBS = {
    "heap": "kept.push(new Array(1e5).fill(1.5))",
    "strings": "kept.push('x'.repeat(1e5).split('').join(kept.length))",
    "buffers": "kept.push(Buffer.alloc(1 << 20, 1))",
    "shared": "kept.push(new Uint8Array(new SharedArrayBuffer(1 << 20)).fill(1))",
}


@pytest.mark.parametrize("kind", BOMBS)
def test_memory(limited, kind):
    code = f"module.exports = cb => {{ const kept = []; for (;;) {BOMBS[kind]}; }};"
    answer, line = limited(code, memory_bytes=64 * MIB).reach("limit of ")
    assert answer.status_code == 500
    assert line["invocation"] == answer.headers["x-wt-invocation"]
    assert "limit of " in line["text"]


def test_a_heap_that_is_too_large(limited):
    code = "module.exports = cb => { const kept = []; for (;;) kept.push(new Array(1e4).fill(1.5)); };"
    answer, line = limited(code, memory_bytes=64 * MIB).reach("killed: out of memory")
    assert refused(answer, line, 500) == "The webtask ran out of memory (limit 64 MiB)."
    told = r"killed: out of memory: JavaScript heap \(limit of JavaScript heap: 48 MiB, used: 4[0-9](\.[0-9])? MiB\)"
    assert re.fullmatch(told, line["text"])


def test_native_memory_that_is_too_large(limited):
    """Code that goes on after each RangeError: in the end V8 itself gets no more."""
    code = """
    module.exports = cb => {
      const kept = [];
      for (;;) try { kept.push(Buffer.alloc(1 << 18, 1)); } catch { kept.push([kept.length]); }
    };
    """
    answer, line = limited(code, memory_bytes=64 * MIB).reach("killed: out of memory")
    assert refused(answer, line, 500) == "The webtask ran out of memory (limit 64 MiB)."
    told = (
        r"killed: out of memory: .*native memory \(limit of memory: 64 MiB, used: [56][0-9](\.[0-9])? MiB\)"
    )
    assert re.fullmatch(told, line["text"])


PIECES = {
    "buffer": "Buffer.alloc(64 << 20, 1)",
    "array": "new Uint8Array(64 << 20)",
    "shared": "new SharedArrayBuffer(64 << 20)",
    "wasm": "new WebAssembly.Memory({ initial: 1024 })",
}


@pytest.mark.parametrize("kind", PIECES)
def test_a_piece_of_memory_that_is_too_large(limited, kind):
    """An error that code can catch; when it does not, the log says what it means."""
    one = limited(f"module.exports = cb => {{ {PIECES[kind]}; }};", memory_bytes=32 * MIB)
    answer, line = one.reach("limit of memory")
    assert (answer.status_code, answer.json()["name"]) == (500, "RangeError")
    assert line["text"].endswith("(limit of memory: 32 MiB)")
    assert line["invocation"] == answer.headers["x-wt-invocation"]


def test_a_webtask_with_more_memory_has_it(limited):
    code = """
    module.exports = cb => {
      const kept = []; for (let i = 0; i < 160; i++) kept.push(Buffer.alloc(1 << 20, 1));
      cb(null, { kept: kept.length, heap: require('v8').getHeapStatistics().heap_size_limit });
    };
    """
    said = httpx.get(limited(code, memory_bytes=256 * MIB).url, timeout=30).json()
    assert said["kept"] == 160
    assert said["heap"] > 192 * MIB


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
