"""`ctx.storage` and `ctx.create_token`: what user code sees, and what the executor is asked for it."""

import json

import pytest

GET = "module.exports = (ctx, cb) => ctx.storage.get((err, data) => cb(err, [data, ctx.storage.etag]))"
# Reads, then writes what the query says; on a conflict adds the two and writes again, as the documentation shows.
COUNT = """module.exports = (ctx, cb) => ctx.storage.get((err, data) => {
  if (err) return cb(err);
  data = data || { n: 0 };
  data.n++;
  ctx.storage.set(data, function done(err) {
    if (!err) return cb(null, [data, ctx.storage.etag]);
    if (err.code !== 409) return cb(err);
    data.n = err.conflict.n + 1;
    ctx.storage.set(data, done);
  });
})"""
UNREAD = (
    "When calling storage.set without having called storage.get before, you must specify the .force option."
)


def writes(options: str) -> str:
    return f"module.exports = (ctx, cb) => ctx.storage.set({{ a: 1 }}, {options}, (err) => cb(err, ctx.storage.etag || 'none'))"


async def test_what_is_stored_is_read(shared):
    call = shared.open(shared.load(GET))
    number, line, text = await shared.asked()
    assert (line, text) == ({"what": "storage.get"}, b"")
    shared.tell(number, '{"ä": [1, null]}', etag="e1")
    assert (await call.answer()).json == [{"ä": [1, None]}, "e1"]


async def test_where_nothing_is_stored_there_is_nothing(shared):
    call = shared.open(shared.load(GET.replace("[data, ", "[data === undefined, ")))
    number, _, _ = await shared.asked()
    shared.tell(number, etag=None)
    assert (await call.answer()).json == [True, None]


async def test_what_was_read_is_what_may_be_replaced(shared):
    call = shared.open(shared.load(COUNT))
    number, _, _ = await shared.asked()
    shared.tell(number, '{"n":4}', etag="e1")
    number, line, text = await shared.asked()
    assert (line, text) == ({"what": "storage.set", "etag": "e1"}, b'{"n":5}')
    shared.tell(number, etag="e2")
    assert (await call.answer()).json == [{"n": 5}, "e2"]


async def test_the_first_document_replaces_none(shared):
    call = shared.open(shared.load(COUNT))
    number, _, _ = await shared.asked()
    shared.tell(number, etag=None)
    number, line, _ = await shared.asked()
    assert line == {"what": "storage.set", "etag": None}
    shared.tell(number, etag="e1")
    assert (await call.answer()).json == [{"n": 1}, "e1"]


async def test_a_conflict_shows_the_other_and_may_simply_be_written_again(shared):
    call = shared.open(shared.load(COUNT))
    number, _, _ = await shared.asked()
    shared.tell(number, '{"n":1}', etag="e1")
    number, _, _ = await shared.asked()
    shared.tell(number, '{"n":7}', status=409, message="conflict", etag="e2")
    number, line, text = await shared.asked()
    assert (line["etag"], text) == ("e2", b'{"n":8}')
    shared.tell(number, etag="e3")
    assert (await call.answer()).json == [{"n": 8}, "e3"]


async def test_a_conflict_has_its_code(shared):
    code = "module.exports = (ctx, cb) => ctx.storage.set(1, { force: 1, etag: 'x' }, (e) => cb(null, [e.code, e.conflict, e.message]))"
    call = shared.open(shared.load(code))
    number, line, _ = await shared.asked()
    assert line["etag"] == "x"
    shared.tell(number, "[2]", status=409, message="other words", etag="e2")
    assert (await call.answer()).json == [409, [2], "Item was modified since it was read."]


@pytest.mark.parametrize("options", ["{}", "{ etag: 'e1' }", "{ force: 0 }", "null"])
async def test_who_has_read_nothing_must_say_force(shared, options):
    answer = await shared.run(writes(options))
    assert (answer.status, answer.json["message"]) == (500, UNREAD)


@pytest.mark.parametrize("force", ["true", "1", "'yes'"])
async def test_force_replaces_whatever_is_there(shared, force):
    call = shared.open(shared.load(writes(f"{{ force: {force} }}")))
    number, line, text = await shared.asked()
    assert (line, text) == ({"what": "storage.set"}, b'{"a":1}')
    shared.tell(number, etag="e9")
    assert (await call.answer()).json == "e9"


@pytest.mark.parametrize("nothing", ["undefined", "null"])
async def test_setting_nothing_deletes(shared, nothing):
    code = f"module.exports = (ctx, cb) => ctx.storage.set({nothing}, (err) => cb(err, String(ctx.storage.etag)))"
    call = shared.open(shared.load(code))
    number, line, text = await shared.asked()
    assert (line, text) == ({"what": "storage.set"}, b"")
    shared.tell(number, etag=None)
    assert (await call.answer()).json == "undefined"


@pytest.mark.parametrize("data", ["0", "false", "''", "[]", "'text'"])
async def test_any_json_is_a_document(shared, data):
    code = (
        f"module.exports = (ctx, cb) => ctx.storage.set({data}, {{ force: true }}, (err) => cb(err, 'kept'))"
    )
    call = shared.open(shared.load(code))
    number, _, text = await shared.asked()
    assert json.loads(text) == json.loads(data.replace("'", '"'))
    shared.tell(number, etag="e")
    assert (await call.answer()).json == "kept"


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("get(7)", "Options must be an object."),
        ("get({}, 'cb')", "Callback must be a function."),
        ("set(1, { force: 1 }, 'cb')", "Callback must be a function."),
        ("set(1, 'force', cb)", "Options must be an object."),
        ("set(() => {}, { force: 1 }, cb)", "storage.set cannot keep a function: it is no JSON."),
    ],
)
async def test_a_mistaken_call_throws(shared, call, message):
    answer = await shared.run(f"module.exports = (ctx, cb) => ctx.storage.{call}")
    assert (answer.status, answer.json["message"]) == (500, message)


async def test_a_document_over_the_limit_is_refused_before_it_is_sent(shared):
    code = "module.exports = (ctx, cb) => ctx.storage.set('x'.repeat(99), { force: 1 }, (e) => cb(null, [e.code, e.message]))"
    limits = {"memory_bytes": 128 << 20, "storage_bytes": 100}
    answer = await shared.open(shared.load(code, limits=limits)).answer()
    assert answer.json == [413, "The document has 101 bytes as JSON; the limit of storage is 100."]


@pytest.mark.parametrize("size", [65_535, 65_536, 200_000])
async def test_a_large_document_travels_in_pieces(shared, size):
    code = f"module.exports = (ctx, cb) => ctx.storage.set('x'.repeat({size}), {{ force: 1 }}, (e) => cb(e, 'kept'))"
    call = shared.open(shared.load(code))
    number, _, text = await shared.asked()
    assert len(text) == size + 2
    shared.tell(number, etag="e")
    assert (await call.answer()).json == "kept"


async def test_a_failure_of_the_console_is_the_callbacks_error(shared):
    call = shared.open(shared.load(GET))
    number, _, _ = await shared.asked()
    shared.tell(number, status=503, message="try again")
    answer = await call.answer()
    assert (answer.status, answer.json["message"]) == (400, "try again")


async def test_without_a_callback_there_is_a_promise(shared):
    code = """module.exports = async (ctx, cb) => {
      const data = await ctx.storage.get();
      await ctx.storage.set({ n: data.n + 1 });
      return ctx.storage.data;
    }"""
    call = shared.open(shared.load(code))
    number, _, _ = await shared.asked()
    shared.tell(number, '{"n":1}', etag="e1")
    number, line, text = await shared.asked()
    assert (line["etag"], text) == ("e1", b'{"n":2}')
    shared.tell(number, etag="e2")
    assert (await call.answer()).json == {"n": 2}


async def test_a_failure_that_nobody_waits_for_ends_nothing(shared):
    handle = shared.load("module.exports = (ctx, cb) => { ctx.storage.set(1, { force: 1 }); cb(null, 'on') }")
    call = shared.open(handle)
    number, _, _ = await shared.asked()
    shared.tell(number, status=503, message="gone")
    assert (await call.answer()).json == "on"
    await shared.ping()


async def test_storage_is_for_webtasks_with_a_name(shared):
    handle = shared.load(GET, webtask=None, slot="token:abc", version=None, label="adhoc")
    answer = await shared.open(handle).answer()
    assert (answer.status, answer.json["message"]) == (400, "Only a webtask with a name has storage.")


async def test_a_module_has_it_while_it_loads(shared):
    code = """const reading = module.webtask.storage.get();
    module.exports = async (ctx, cb) => reading"""
    handle = shared.load(code)
    number, _, _ = await shared.asked()
    shared.tell(number, '"early"', etag="e")
    assert (await shared.open(handle).answer()).json == "early"


async def test_no_more_than_four_calls_are_under_way(shared):
    code = """module.exports = async (ctx, cb) => {
      const all = []; for (let i = 0; i < 9; i++) all.push(ctx.storage.get());
      return Promise.all(all);
    }"""
    call = shared.open(shared.load(code))
    numbers = [(await shared.asked())[0] for _ in range(4)]
    await shared.ping()
    for told in range(9):
        shared.tell(numbers.pop(), str(told + 1), etag="e")
        if told < 5:
            numbers.append((await shared.asked())[0])
    assert sorted((await call.answer()).json) == list(range(1, 10))


async def test_what_a_callback_throws_belongs_to_its_request(guest):
    """And what it logs: the invocation is known although the result comes from outside of it."""
    code = "module.exports = (ctx, cb) => ctx.storage.get(() => { console.log('heard'); throw new Error('late') })"
    call = guest.open(guest.load(code))
    number, _, _ = await guest.asked()
    guest.tell(number, etag=None)
    assert (await guest.line())["i"] == "call-1"
    answer = await call.answer()
    assert (answer.status, answer.json["message"]) == (500, "late")


@pytest.mark.parametrize(
    ("given", "claims", "call", "result"),
    [
        ("'https://example.com/code.js'", {"url": "https://example.com/code.js"}, "create_token", "jwt"),
        ("{ ten: 'acme', dd: 0 }", {"ten": "acme", "dd": 0}, "create_token", "jwt"),
        ("{ url: 'https://example.com' }", {"url": "https://example.com"}, "create_token_url", "http://u"),
    ],
)
async def test_tokens_are_made_from_a_url_or_claims(shared, given, claims, call, result):
    code = f"module.exports = (ctx, cb) => ctx.{call}({given}, cb)"
    request = shared.open(shared.load(code))
    number, line, text = await shared.asked()
    assert (line, json.loads(text)) == ({"what": "token.create"}, claims)
    shared.tell(number, '{"token": "jwt", "url": "http://u"}')
    assert (await request.answer()).json == result


async def test_a_refused_token_is_the_callbacks_error(shared):
    call = shared.open(shared.load("module.exports = (ctx, cb) => ctx.create_token({ x: 1 }, cb)"))
    number, _, _ = await shared.asked()
    shared.tell(number, status=400, message="unsupported claim")
    answer = await call.answer()
    assert (answer.status, answer.json["message"]) == (400, "unsupported claim")
