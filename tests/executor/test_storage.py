"""`ctx.storage` of webtasks on a real server: what is acknowledged is there, and nobody's write is lost."""

from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.counter import COUNTER
from tests.stack import Member, Stack

# Writes frames of its own making to the runtime's channel.
FORGER = """
const fs = require('fs');
const call = (id, payload) => {
  const head = Buffer.alloc(9);
  head.writeUInt32BE(payload.length + 5, 0); head[4] = 12; head.writeUInt32BE(id, 5);
  return Buffer.concat([head, Buffer.from(payload)]);
};
const full = Buffer.alloc(65536, 'x');
const forged = {
  many: () => Buffer.concat([1, 2, 3, 4, 5].map((id) => call(id, full))),
  endless: () => Buffer.concat(Array.from({ length: 20 }, () => call(1, full))),
};
module.exports = (ctx, cb) => {
  const bytes = forged[ctx.query.how]();
  for (let at = 0; at < bytes.length; ) {
    try { at += fs.writeSync(3, bytes, at); } catch (error) { if (error.code !== 'EAGAIN') throw error; }
  }
};
"""


def run(stack: Stack, name: str, **query: str) -> httpx.Response:
    return httpx.get(f"{stack.url}/api/run/acme/{name}", params=query, timeout=60)


def test_a_document_outlives_the_version_that_wrote_it(stack: Stack, owner: Member):
    owner.publish("keeps", "module.exports = (ctx, cb) => ctx.storage.set({ a: 'é' }, { force: true }, cb)")
    assert run(stack, "keeps").json() == {}
    stored = owner.api("GET", "/keeps/storage").json()
    assert stored["data"] == '{"a":"é"}'
    owner.publish("keeps", "module.exports = (ctx, cb) => ctx.storage.get(cb)")
    assert run(stack, "keeps").json() == {"a": "é"}
    saved = owner.api("PUT", "/keeps/storage", json={"data": "[1]", "etag": stored["etag"]})
    assert saved.status_code == 200
    assert run(stack, "keeps").json() == [1]


def test_many_writers_at_once_lose_nothing(stack: Stack, owner: Member):
    owner.publish("counts", COUNTER)
    with ThreadPoolExecutor(8) as crowd:
        answers = list(crowd.map(lambda _: run(stack, "counts"), range(24)))
    assert sorted(answer.json() for answer in answers) == list(range(1, 25))
    assert owner.api("GET", "/counts/storage").json()["data"] == '{"n":24}'


def test_a_document_of_the_largest_size_comes_back(stack: Stack, owner: Member):
    size = 500 * 1024
    code = f"""module.exports = async (ctx, cb) => {{
      await ctx.storage.set('x'.repeat({size - 2}), {{ force: true }});
      const back = await ctx.storage.get();
      const error = await ctx.storage.set(back + 'x').catch((error) => error);
      return [back.length, error.code];
    }}"""
    owner.publish("holds", code)
    assert run(stack, "holds").json() == [size - 2, 413]


def test_webtasks_of_a_team_have_a_document_each(stack: Stack, owner: Member):
    for name in ("first", "second"):
        owner.publish(
            f"own-{name}",
            f"module.exports = async (ctx, cb) => {{ await ctx.storage.set('{name}', {{ force: 1 }}); return ctx.storage.get() }}",
        )
        assert run(stack, f"own-{name}").json() == name
    owner.publish("own-first", "module.exports = (ctx, cb) => ctx.storage.get(cb)")
    assert run(stack, "own-first").json() == "first"


def test_ad_hoc_code_has_none(stack: Stack):
    answer = stack.adhoc("module.exports = (ctx, cb) => ctx.storage.get(cb)")
    assert (answer.status_code, answer.json()["message"]) == (400, "Only a webtask with a name has storage.")


@pytest.mark.parametrize("how", ["many", "endless"])
def test_a_guest_that_calls_without_bounds_is_killed(stack: Stack, owner: Member, how):
    owner.publish("caller", FORGER)
    answer = run(stack, "caller", how=how)
    assert (answer.status_code, answer.headers["x-wt-response-source"]) == (502, "proxy")
    assert run(stack, "keeps").status_code == 200


def test_code_makes_a_token_that_runs_code(stack: Stack):
    code = "module.exports = (ctx, cb) => ctx.create_token({ ten: 'acme', dd: 0 }, cb)"
    made = stack.adhoc(code)
    assert made.status_code == 200, made.text
    answer = httpx.post(
        f"{stack.url}/api/run/acme",
        content="module.exports = cb => cb(null, 'under another')",
        headers={"authorization": f"Bearer {made.json()}"},
    )
    assert (answer.status_code, answer.json()) == (200, "under another")


def test_running_code_learns_of_a_secret_at_once(stack: Stack, owner: Member):
    owner.publish("guards", "module.exports = (ctx, cb) => cb(null, ctx.secrets)")
    assert run(stack, "guards").json() == {}
    assert owner.api("PATCH", "/guards/secrets", json={"secrets": {"KEY": "é"}}).status_code == 200
    assert run(stack, "guards").json() == {"KEY": "é"}
    assert owner.api("PATCH", "/guards/secrets", json={"secrets": {"KEY": None}}).status_code == 200
    assert run(stack, "guards").json() == {}
