"""wt init without a token: a person signs in with a browser, and the client works with what it was given."""

import json
import re

import httpx

from tests.clients.published.client import Client
from tests.clients.published.conftest import TEAM
from tests.stack import Member


def test_login_and_what_it_is_good_for(request, stack, tmp_path):
    client = Client(tmp_path, {})
    request.addfinalizer(client.close)
    with client.start("init --url", stack.url, "--container", TEAM) as running:
        asked = client.opened()
        assert asked in running.says(r"(http\S+/authorize\?\S+)").group(1)
        # Just signed in: an open session alone gives nothing to a client.
        with Member(stack, stack.email, stack.password) as person:
            answer = httpx.get(allowed(person, asked))
        assert answer.text == "Authentication successful."
        running.says("Welcome to webtasks!")
        assert running.process.wait(60) == 0
    kept = json.loads((client.home / ".webtask").read_text())["default"]
    assert kept["container"] == TEAM
    assert set(kept["openid"]["scopes"]) >= {f"wt:owner:{TEAM}"}

    code = "module.exports = (ctx, cb) => cb(null, ctx.secrets);"
    made = client.wt("create --name signed-in --secret s=1 --output json", stdin=code).json
    assert httpx.get(made["url"]).json() == {"s": "1"}
    rows = client.wt("inspect signed-in --fetch-code --decrypt").rows
    assert (rows["Name"], rows["Secret.s"]) == ("signed-in", "1")
    assert "not supported" in client.wt("token create --ten acme", code=2).err

    # An access token about to expire is renewed, unasked.
    kept["openid"]["valid_until"] = "Thu, 01 Jan 1970 00:00:00 GMT"
    (client.home / ".webtask").write_text(json.dumps({"default": kept}))
    assert "successfuly refreshed" in client.wt("rm signed-in").out


def allowed(person, asked):
    """What the person who says yes is sent back to: the client's own little server."""
    page = person.http.get(asked)
    assert page.status_code == 200, page.text
    form = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.text))
    answer = person.http.post(asked, data={**form, "allow": "true"})
    assert answer.status_code == 302, answer.text
    assert answer.headers["location"].startswith("http://127.0.0.1:87")
    return answer.headers["location"]
