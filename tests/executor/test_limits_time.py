"""Blocked loops, CPU and wall time, reached over HTTP: what the caller gets and what the log says."""

import httpx
import pytest

from tests.executor.crowd import crowded, workers_of
from tests.executor.limited import refused

# In each the code that blocks is in line 2.
BLOCKED = {
    "loop": "module.exports = cb => {\n  for (;;);\n};",
    "calls": "module.exports = cb => {\n  const inner = n => { while (n--); }; for (;;) inner(99);\n};",
    "expression": "module.exports = cb => {\n  /^(a+)+$/.test('a'.repeat(50) + '!');\n};",
    "wait": "module.exports = cb => {\n  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);\n};",
    "files": "const fs = require('fs');\nmodule.exports = cb => { for (;;) fs.statSync('/tmp'); };",
    "wasm": "const code = new Uint8Array([0,97,115,109,1,0,0,0,1,4,1,96,0,0,3,2,1,0,7,5,1,1,102,0,0,10,9,1,7,0,3,64,"
    "12,0,11,11]);\nmodule.exports = cb => new WebAssembly.Instance(new WebAssembly.Module(code)).exports.f();",
}


@pytest.mark.parametrize("kind", BLOCKED)
def test_blocked(limited, kind):
    one = limited(BLOCKED[kind], blocked_ms=500)
    answer, line = one.reach("event loop blocked")
    assert refused(answer, line, 500) == "Blocked event loop."
    killed = f"killed: event loop blocked for 500 ms at {one.name}.js:2"
    assert line["text"].startswith(f"{killed} (limit of blocked event loop: 500 ms, used: ")
    assert answer.json()["error"] == line["text"]


def test_blocked_by_ever_more_microtasks(limited):
    """Most of the time none of the webtask's own code runs: the line is known only by luck."""
    code = "module.exports = cb => {\n  const again = () => { Promise.resolve().then(again); }; again();\n};"
    answer, line = limited(code, blocked_ms=500).reach("event loop blocked")
    assert refused(answer, line, 500) == "Blocked event loop."


def test_blocked_in_one_long_native_call(limited):
    """It cannot be interrupted: the line is not known, the rest is told."""
    code = "module.exports = cb => require('crypto').pbkdf2Sync('a', 'b', 1e9, 64, 'sha512');"
    answer, line = limited(code, blocked_ms=500).reach("event loop blocked")
    assert refused(answer, line, 500) == "Blocked event loop."
    assert line["text"].startswith("killed: event loop blocked for 500 ms (limit of")


def test_blocked_and_deaf(limited):
    """Code that takes the signal for itself keeps its line to itself, nothing else."""
    code = "module.exports = cb => { process.on('SIGINT', () => {}); for (;;); };"
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


def test_a_thread_that_computes(limited):
    """Its worker's loop is free all the time."""
    code = """
    const { Worker } = require('worker_threads');
    module.exports = cb => { new Worker('for (;;);', { eval: true }); };
    """
    answer, line = limited(code, cpu_ms=300).reach("ms of CPU")
    assert "limit of 300 ms of CPU" in refused(answer, line, 500)


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
