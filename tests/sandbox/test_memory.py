"""A budget counted from the started runtime, whatever the memory is used for."""

import signal

import pytest

from tests.sandbox.ground import begin

MIB = 1 << 20
BUDGET = 128 * MIB
# More than the budget: Node itself takes 45 MiB that were there before.
MOST = 256 * MIB


async def spend(data, program):
    running = await begin(data, f"const kept = []; {program}", budget=BUDGET)
    return await running.finish()


async def test_what_fits_the_budget_is_had(data):
    program = "for (let n = 0; n < 80; n++) kept.push(Buffer.alloc(1 << 20, 1)); console.log(kept.length);"
    ended, said, complained = await spend(data, program)
    assert (ended.code, said) == (0, "80\n"), complained


BUFFER = "Buffer.alloc({size}, 1)"
ARRAY = "new Uint8Array({size}).fill(1)"
SHARED = "new Uint8Array(new SharedArrayBuffer({size})).fill(1)"
WASM = "new Uint8Array(new WebAssembly.Memory({{ initial: {size} >> 16, maximum: 4000 }}).buffer).fill(1)"


@pytest.mark.parametrize("make", [BUFFER, ARRAY, SHARED, WASM])
async def test_one_piece_too_big_is_an_error_that_code_survives(data, make):
    big, small = (make.format(size=size) for size in (200 * MIB, 8 * MIB))
    program = f"try {{ kept.push({big}); }} catch (error) {{ kept.push({small}); console.log(error.name); }}"
    ended, said, complained = await spend(data, program)
    assert (ended.code, said) == (0, "RangeError\n"), complained
    assert ended.max_rss < MOST


async def test_a_crash_within_the_budget_is_not_taken_for_want_of_memory(data):
    ended, _, _ = await spend(data, "process.abort();")
    assert (ended.signal, ended.out_of_memory) == (signal.SIGSEGV, False)


async def test_limiting_a_dead_sandbox_is_no_error(data):
    running = await begin(data, "")
    await running.finish()
    running.sandbox.limit_memory(BUDGET)


async def test_a_look_at_what_it_holds_spares_what_fits(data):
    program = "for (let n = 0; n < 100; n++) kept.push(Buffer.alloc(1 << 20, 1)); fs.writeSync(3, 'full');"
    running = await begin(
        data, f"const kept = [], fs = require('fs'); {program} setInterval(() => {{}}, 1000);", budget=BUDGET
    )
    assert await running.line() == "full"
    running.sandbox.check_memory()
    running.sandbox.limit_memory(BUDGET)  # from here on, the budget counts from what it holds
    running.sandbox.check_memory()
    ended, _, _ = await running.stop()
    assert not ended.out_of_memory
