"""Memory, reached over HTTP: heap and what lies beside it are told apart."""

import re

import httpx
import pytest

from tests.executor.limited import refused

MIB = 1024 * 1024

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
