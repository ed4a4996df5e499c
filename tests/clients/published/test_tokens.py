"""wt token create, inspect and revoke; wt inspect of a token."""

import time
from typing import Any

import httpx

from tests.clients.published.conftest import TEAM


def test_a_token_that_fixes_the_code(stack, client):
    code = "module.exports = (ctx, cb) => cb(null, [ctx.params, ctx.secrets, typeof ctx.token]);"
    token = client.wt(
        "token create --ten", TEAM, "--dd", "0", "--code", code, "--pctx", "a=1,b=2", "--ectx", "s=3"
    ).out.strip()
    answer = httpx.get(f"{stack.url}/api/run/{TEAM}", params={"key": token})
    assert answer.json() == [{"a": "1", "b": "2"}, {"s": "3"}, "string"]
    opened = client.wt("token inspect", token, "--decrypt", "--fetch-code", "--output", "json").json
    assert (opened["ectx"], opened["code"]) == ({"s": "3"}, code)
    closed = client.wt("inspect", token)
    assert closed.rows["Token.ten"] == TEAM
    assert closed.rows["Token.ectx"].count(".") >= 1  # encrypted


def test_claims_as_json_and_numbers_that_the_client_sends_as_texts(client):
    later = int(time.time()) + 3600
    token = client.wt(
        "token create --claims",
        f'{{"ten": "{TEAM}", "dd": 0}}',
        "--exp",
        str(later),
        "--ls",
        "5",
        "--ltm",
        "7",
        "--output",
        "json",
    ).json
    claims = client.wt("token inspect", token, "--output", "json").json
    assert (claims["ten"], claims["dd"], claims["exp"], claims["ls"], claims["ltm"]) == (TEAM, 0, later, 5, 7)


def test_a_revoked_token_and_all_it_issued(stack, client):
    parent = client.wt("token create --ten", TEAM, "--dd", "1").out.strip()
    own = ("--url", stack.url, "--container", TEAM, "--token", parent)
    child = client.wt("token create --ten", TEAM, "--dd", "0", *own).out.strip()
    run: dict[str, Any] = {
        "url": f"{stack.url}/api/run/{TEAM}",
        "content": "module.exports = cb => cb(null, 1);",
    }
    assert httpx.post(**run, headers={"authorization": f"Bearer {child}"}).json() == 1
    assert "Token revoked." in client.wt("token revoke", parent).out
    answer = httpx.post(**run, headers={"authorization": f"Bearer {child}"})
    assert (answer.status_code, set(answer.json())) == (403, {"code", "message", "req_id"})
