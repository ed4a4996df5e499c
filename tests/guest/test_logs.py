"""What user code prints: levels, invocations, formatting, bounds."""

import time

import pytest

# code -> level, text
PRINTED = {
    "console.log('a', 1, { b: [2] }, null)": ("info", "a 1 { b: [ 2 ] } null"),
    "console.log('%s is %d', 'x', 4.5, 'more')": ("info", "x is 4.5 more"),
    "console.log()": ("info", ""),
    "console.log('two\\nlines\\n')": ("info", "two\nlines\n"),
    "console.info('i')": ("info", "i"),
    "console.debug('d')": ("debug", "d"),
    "console.warn('w')": ("warn", "w"),
    "console.error('e')": ("error", "e"),
    "console.dir({ a: { b: { c: { d: 1 } } } }, { depth: 0 })": ("info", "{ a: [Object] }"),
    "console.assert(1 === 2, 'wrong %s', 'sum')": ("error", "Assertion failed: wrong sum"),
    "console.count('n')": ("info", "n: 1"),
    "console.group('g'); console.groupEnd()": ("info", "g"),
    "console.table([{ a: 1 }])": (
        "info",
        "┌─────────┬───┐\n│ (index) │ a │\n├─────────┼───┤\n│ 0       │ 1 │\n└─────────┴───┘",
    ),
    "console.log(new Map([['k', '\\u001b[31mred']]))": ("info", "Map(1) { 'k' => '\\x1B[31mred' }"),
    "require('console').log('the same')": ("info", "the same"),
    "process.stdout.write('out\\n')": ("info", "out"),
    "process.stderr.write('err\\n')": ("error", "err"),
    "process.stdout.write(Buffer.from('bytes\\n'))": ("info", "bytes"),
    "process.stdout.write('aGV4Cg==', 'base64')": ("info", "hex"),
    "for (const byte of Buffer.from('é\\n')) process.stdout.write(Buffer.from([byte]))": ("info", "é"),
    "process.stdout.write('no newline')": ("info", "no newline"),
    "process.emitWarning('careful')": ("warn", "Warning: careful"),
}


@pytest.mark.parametrize("code", PRINTED)
async def test_each_way_to_print_has_its_level_and_text(shared, code):
    before = time.time() * 1000
    call = shared.open(shared.load(f"module.exports = cb => {{ {code}; setImmediate(cb); }}"), id="mine")
    line = await shared.line()
    assert line.keys() == {"t", "l", "i", "m"}
    assert (line["l"], line["m"], line["i"]) == (*PRINTED[code], "mine")
    # Both sides read the same clock; the wall may step back by a little, never by an hour.
    assert abs(line["t"] - before) < 3_600_000
    assert (await call.answer()).status == 200


async def test_a_group_indents_whatever_its_level(guest):
    await guest.run(
        "module.exports = cb => { console.group('g'); console.warn('in'); console.groupEnd(); console.log('out'); cb(); }"
    )
    assert [(await guest.line())["m"] for _ in range(3)] == ["g", "  in", "out"]


async def test_a_trace_shows_where(guest):
    await guest.run("module.exports = cb => {\n  console.trace('here');\n cb(); }")
    line = await guest.line()
    assert line["l"] == "debug"
    assert line["m"].startswith("Trace: here\n")
    assert "hello.js:2:11" in line["m"]


async def test_a_timer_of_the_console_prints(guest):
    await guest.run("module.exports = cb => { console.time('t'); console.timeEnd('t'); cb(); }")
    assert (await guest.line())["m"].startswith("t: ")


LATER = """
module.exports = async (ctx, cb) => {
  const name = ctx.query.name;
  console.log(name, 'sync');
  await new Promise(done => setTimeout(done, Number(ctx.query.ms)));
  console.log(name, 'await');
  setTimeout(() => {
    console.log(name, 'timer');
    process.nextTick(() => { process.stdout.write(name + ' tick\\n'); cb(null, name); });
  }, 1);
};
"""


async def test_lines_know_their_invocation_across_awaits_and_timers(guest):
    handle = guest.load(LATER)
    calls = [
        guest.open(handle, url=f"/?name={name}&ms={ms}")
        for name, ms in (("one", 9), ("two", 3), ("three", 6))
    ]
    names = {f"call-{call.stream}": (await call.answer()).json for call in calls}
    lines = [await guest.line() for _ in range(12)]
    assert {(line["i"], line["m"].split()[0]) for line in lines} == set(names.items())


async def test_events_of_a_request_belong_to_its_invocation(guest):
    code = """module.exports = (ctx, req, res) => {
      req.on('data', part => console.log('data ' + part)).on('end', () => { console.log('end'); res.write(Buffer.alloc(300000)); });
      res.on('drain', () => { console.log('drain'); res.end(); }).on('close', () => console.log('close'));
    }"""
    handle = guest.load(code)
    call = guest.open(handle, body=True, id="mine")
    guest.open(handle, body=True, id="other")
    call.send(b"x")
    call.end()
    await call.answer()
    lines = [await guest.line() for _ in range(4)]
    assert [(line["i"], line["m"]) for line in lines] == [
        ("mine", "data x"),
        ("mine", "end"),
        ("mine", "drain"),
        ("mine", "close"),
    ]


async def test_code_that_runs_while_it_loads_has_no_invocation(guest):
    guest.load("console.log('loading'); module.exports = cb => cb()")
    assert ((await guest.line())["i"], guest.lines.qsize()) == ("", 0)


async def test_a_long_text_is_cut_and_says_so(guest):
    """A little further than is kept: the executor hides secrets before it cuts."""
    await guest.run(
        "module.exports = cb => { console.log('x'.repeat(16896)); console.log('y'.repeat(20000)); cb(); }"
    )
    whole, cut = await guest.line(), await guest.line()
    assert (whole["m"], "x" in whole) == ("x" * 16_896, False)
    assert (cut["m"], cut["x"]) == ("y" * 16_896, 1)


async def test_text_is_always_valid_unicode(guest):
    """A lone surrogate would break whoever stores the line."""
    await guest.run(
        "module.exports = cb => { console.log('a\\ud800b'); console.log('😀'.repeat(9000)); cb(); }"
    )
    assert (await guest.line())["m"] == "a\ufffdb"
    (await guest.line())["m"].encode()


async def test_pieces_of_a_line_are_put_together_within_a_turn(guest):
    await guest.run(
        "module.exports = cb => { for (const t of ['a', 'b\\nc', 'd\\n', 'rest']) process.stdout.write(t); cb(); }"
    )
    assert [(await guest.line())["m"] for _ in range(3)] == ["ab", "cd", "rest"]


async def test_half_lines_of_two_invocations_are_not_mixed(guest):
    handle = guest.load("module.exports = (ctx, cb) => { process.stdout.write(ctx.id); cb(); }")
    guest.open(handle), guest.open(handle)
    lines = [await guest.line() for _ in range(2)]
    assert [(line["i"], line["m"]) for line in lines] == [("call-1", "call-1"), ("call-2", "call-2")]


async def test_a_flood_without_newlines_is_not_gathered_for_ever(guest):
    await guest.run(
        "module.exports = cb => { for (let i = 0; i < 40; i++) process.stdout.write('z'.repeat(1000)); cb(); }"
    )
    sizes = [len((await guest.line())["m"]) for _ in range(3)]
    assert max(sizes) <= 16_896


async def test_what_stands_across_the_cut_of_a_flood_is_whole_in_the_next_line(guest):
    await guest.run(
        "module.exports = cb => { process.stdout.write('z'.repeat(16380) + 'the '); process.stdout.write('word'); process.stdout.write('!'); cb(); }"
    )
    first, second = (await guest.line())["m"], (await guest.line())["m"]
    assert first.endswith("zthe word")
    assert second.endswith("zthe word!")
    assert len(second) == 513


async def test_printing_still_works_in_a_dying_process(guest):
    guest.open(
        guest.load(
            "module.exports = cb => { process.stdout.write('half a line'); setTimeout(() => nope(), 1); process.nextTick(() => process.stdout.write(' more')); }"
        )
    )
    lines = [await guest.line() for _ in range(2)]
    assert lines[0]["m"] == "half a line more"
    assert lines[1]["m"].startswith("ReferenceError: nope is not defined")


async def test_a_log_pipe_nobody_reads_any_more_does_not_break_serving(guest):
    handle = guest.load(
        "module.exports = cb => { require('fs').closeSync(4); console.log('lost'); cb(null, 1); }"
    )
    assert (await guest.open(handle).answer()).body == b"1"


async def test_nothing_of_the_guest_is_printed_on_its_own_outputs(guest):
    await guest.run("module.exports = cb => { console.log('x'); console.error('y'); cb(); }")
    guest.writer.close()
    assert await guest.exit == 0
    assert guest.stderr == b""
