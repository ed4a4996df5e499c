"""What user code is told about its request: ctx, req.query, req.x_wt; what becomes of the body."""

import pytest

ECHO = "module.exports = (ctx, cb) => cb(null, ctx)"
FORM = "application/x-www-form-urlencoded"


async def test_ctx_has_exactly_the_promised_parts(shared):
    handle = shared.load(ECHO, secrets={"s": "1"}, params={"p": "2"}, meta={"m": "3"})
    answer = await shared.open(
        handle, id="mine", url="/api/run/acme/hello?q=4", headers=["Host", "x", "X-Two", "a", "x-two", "b"]
    ).answer()
    assert answer.json == {
        "data": {"q": "4", "p": "2", "s": "1"},
        "query": {"q": "4"}, "params": {"p": "2"}, "secrets": {"s": "1"}, "meta": {"m": "3"},
        "headers": {"host": "x", "x-two": "a, b"},
        "id": "mine", "storage": {},
    }  # fmt: skip


async def test_data_prefers_secrets_to_params_to_query_to_body(shared):
    handle = shared.load(ECHO, secrets={"a": "secret"}, params={"a": "param", "b": "param"})
    body = b'{"a": "body", "b": "body", "c": "body", "d": "body"}'
    answer = await shared.post(handle, body, url="/?a=query&b=query&c=query").answer()
    assert answer.json["data"] == {"a": "secret", "b": "param", "c": "query", "d": "body"}


async def test_query_follows_nodes_querystring(shared):
    answer = await shared.run(ECHO, url="/?a=1&a=2&b%20c=d+e&f[g]=h&i&=j&hasOwnProperty=k")
    assert answer.json["query"] == {
        "a": ["1", "2"],
        "b c": "d e",
        "f[g]": "h",
        "i": "",
        "": "j",
        "hasOwnProperty": "k",
    }


async def test_reserved_names_of_the_query_are_hidden(shared):
    answer = await shared.run(ECHO, url="/?webtask_no_cache=1&webtask_=2&key=mine&b=3")
    assert answer.json["query"] == answer.json["data"] == {"key": "mine", "b": "3"}


async def test_the_key_of_an_adhoc_run_is_a_credential_and_hidden(shared):
    handle = shared.load(ECHO, webtask=None, slot="token:abc", version=None, label="adhoc")
    answer = await shared.open(handle, url="/api/run/acme?key=jwt&b=3").answer()
    assert answer.json["query"] == {"b": "3"}


async def test_user_code_cannot_change_what_the_next_request_gets(shared):
    code = "module.exports = (ctx, cb) => { cb(null, ctx.secrets.s); ctx.secrets.s = ctx.params.x = ctx.meta.y = 'spoilt'; }"
    handle = shared.load(code, secrets={"s": "1"})
    assert [(await shared.open(handle).answer()).json for _ in range(2)] == ["1", "1"]


async def test_headers_are_merged_as_node_does(shared):
    raw = [
        "Cookie",
        "a=1",
        "cookie",
        "b=2",
        "Set-Cookie",
        "c",
        "Content-Type",
        "x",
        "content-type",
        "y",
        "__proto__",
        "z",
    ]
    answer = await shared.run(
        "module.exports = (ctx, req, res) => res.end(JSON.stringify([ctx.headers, req.headers]))", headers=raw
    )
    context, request = answer.json
    assert context == request == {"cookie": "a=1; b=2", "set-cookie": ["c"], "content-type": "x"}


# type, text, ctx.body ("absent": not there)
BODIES = {
    "object": ("application/json", '{"a": 1}', {"a": 1}),
    "charset": ("Application/JSON; charset=utf-8", "[1]", [1]),
    "null": ("application/json", "null", None),
    "number": ("application/json", "7", 7),
    "broken json": ("application/json", '{"a":', "absent"),
    "empty json": ("application/json", "", "absent"),
    "form": (FORM, "a=1&a=2&b=%C3%A9", {"a": ["1", "2"], "b": "é"}),
    "form with charset": (f"{FORM};charset=utf-8", "a=1", {"a": "1"}),
    "text": ("text/plain", '{"a": 1}', "absent"),
    "similar type": ("application/jsonish", '{"a": 1}', "absent"),
    "no type": ("", '{"a": 1}', "absent"),
}


@pytest.mark.parametrize("name", BODIES)
async def test_a_body_is_parsed_by_its_type(shared, name):
    kind, text, parsed = BODIES[name]
    context = (await shared.post(shared.load(ECHO), text.encode(), type=kind).answer()).json
    assert context["body_raw"] == text
    assert context.get("body", "absent") == parsed


@pytest.mark.parametrize(
    ("body", "merged"),
    [
        (b'{"a": "body", "b": {"c": 1}}', {"a": "query", "b": {"c": 1}}),
        (b'["x"]', {"a": "query"}),
        (b'"text"', {"a": "query"}),
        (b'{"__proto__": {"polluted": 1}, "constructor": 2}', {"a": "query", "constructor": 2}),
    ],
)
async def test_only_an_object_is_merged_and_only_where_unset(shared, body, merged):
    code = "module.exports = (ctx, cb) => cb(null, { data: ctx.data, polluted: ctx.data.polluted, global: ({}).polluted })"
    assert (await shared.post(shared.load(code), body, url="/?a=query").answer()).json == {"data": merged}


# (parse_body, merge_body, query) -> whether ctx.body is there, whether it is merged
HANDLING = {
    "by arity, merged": ((None, 1, ""), (True, True)),
    "by arity, spelt out": ((2, 1, ""), (True, True)),
    "always, unmerged": ((1, 0, ""), (True, False)),
    "never": ((0, 1, ""), (False, False)),
    "unmerged": ((None, 0, ""), (True, False)),
    "merged by the query": ((None, 0, "?webtask_mb"), (True, True)),
    "parsed by the query": ((0, 0, "?webtask_pb=1"), (True, False)),
}


@pytest.mark.parametrize("name", HANDLING)
async def test_body_handling_follows_the_settings(shared, name):
    (parse, merge, query), (parsed, merged) = HANDLING[name]
    context = (
        await shared.post(
            shared.load(ECHO, parse_body=parse, merge_body=merge), b'{"k": 1}', url=f"/{query}"
        ).answer()
    ).json
    assert ("body" in context, "body_raw" in context, "k" in context["data"]) == (parsed, parsed, merged)


async def test_a_request_without_a_body_has_none(shared):
    context = (await shared.run(ECHO, headers=["Content-Type", "application/json"])).json
    assert not {"body", "body_raw"} & context.keys()


async def test_adhoc_code_was_the_body_and_leaves_none(shared):
    handle = shared.load(
        "module.exports = (ctx, cb) => cb(null, 'body' in ctx)", webtask=None, slot="token:abc", parse_body=1
    )
    call = shared.open(handle, method="POST", headers=["Content-Type", FORM])
    assert (await call.answer()).body == b"{}"


async def test_a_response_model_reads_its_body_itself(shared):
    code = """module.exports = (ctx, req, res) => {
      let text = ''; req.setEncoding('utf8');
      req.on('data', part => { text += part; }).on('end', () => res.end(JSON.stringify(['body' in ctx, req.complete, text])));
    }"""
    assert (await shared.post(shared.load(code), "é".encode()).answer()).json == [False, True, "é"]


@pytest.mark.parametrize("wanted", [{"parse_body": 1}, {"url": "/?webtask_pb=1"}])
async def test_a_response_model_may_have_its_body_parsed_and_still_read_it(shared, wanted):
    code = """module.exports = async (ctx, req, res) => {
      const parts = []; for await (const part of req) parts.push(part);
      res.end(JSON.stringify([ctx.body, Buffer.concat(parts).toString()]));
    }"""
    url = wanted.pop("url", "/")
    answer = await shared.post(shared.load(code, **wanted), b'{"a":1}', url=url).answer()
    assert answer.json == [{"a": 1}, '{"a":1}']


async def test_a_body_in_many_frames_is_one_body(shared):
    call = shared.open(shared.load(ECHO), body=True, headers=["content-type", "application/json"])
    text = '{"é": "' + "ü" * 400_000 + '"}'
    call.send(text.encode()[:9])
    call.send(text.encode()[9:200_000])
    await call.credited(65_536)
    call.send(text.encode()[200_000:])
    call.end()
    assert (await call.answer()).json["body"] == {"é": "ü" * 400_000}


async def test_the_request_tells_where_it_came_from(shared):
    code = """module.exports = (ctx, req, res) => res.end(JSON.stringify([
      req.method, req.url, req.httpVersion, req.socket.remoteAddress, req.connection.encrypted, req.query, req.x_wt, req.webtaskContext === ctx,
    ]))"""
    handle = shared.load(code, secrets={"s": "1"}, params={"p": "2"}, meta={"m": "3"})
    answer = await shared.open(
        handle, method="PATCH", id="mine", url="/hello/x?a=1&webtask_no_cache=1", url_format=3
    ).answer()
    assert answer.json == [
        "PATCH", "/hello/x?a=1&webtask_no_cache=1", "1.1", "192.0.2.7", False, {"a": "1", "webtask_no_cache": "1"},
        {
            "container": "acme", "jtn": "hello", "url": "webtask://localhost/api/data/code/acme%2Fhello", "url_format": 3, "pb": 2, "mb": 1, "pctx": {"p": "2"},
            "ectx": {"s": "1"}, "meta": {"m": "3"}, "req_id": "mine", "resolved_modules": {},
        },
        True,
    ]  # fmt: skip


async def test_an_adhoc_request_knows_its_token(shared):
    handle = shared.load(
        "module.exports = (ctx, req, res) => res.end(req.x_wt.jti + req.x_wt.jtn)",
        webtask=None,
        slot="token:abc",
    )
    assert (await shared.open(handle).answer()).body == b"abcundefined"


async def test_the_request_tells_whether_the_client_speaks_https(shared):
    code = "module.exports = (ctx, req, res) => res.end(String(req.socket.encrypted))"
    assert (await shared.run(code, encrypted=True)).body == b"true"


async def test_the_token_that_fixes_the_code_is_shown_to_it(shared):
    code = "module.exports = (ctx, req, res) => res.end(JSON.stringify([ctx.token, req.x_wt.token, req.x_wt.jti]))"
    assert (await shared.open(shared.load(code, token="a.b.c", jti="f00")).answer()).json == [
        "a.b.c",
        "a.b.c",
        "f00",
    ]
    assert (await shared.open(shared.load(code, token="", jti="")).answer()).json == [None, None, None]


async def test_the_packages_it_depends_on_are_named(shared):
    code = "module.exports = (ctx, req, res) => res.end(JSON.stringify(req.x_wt.resolved_modules))"
    for said, named in (('{"ms": "2.1.3"}', {"ms": "2.1.3"}), ("not JSON", {})):
        deployment = shared.load(code, meta={"wt-node-dependencies": said})
        assert (await shared.open(deployment).answer()).json == named
