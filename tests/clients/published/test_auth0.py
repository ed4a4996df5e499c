"""auth0, the other program of wt-cli: hooks, which are webtasks with certain meta properties."""

import httpx

from tests.clients.published.conftest import TEAM


def test_a_hooks_life(stack, client):
    code = client.auth0("scaffold --type credentials-exchange").out
    assert "module.exports" in code
    client.write("hook.js", code)
    made = client.auth0("create hook.js --name hook --type credentials-exchange")
    assert "disabled" in made.out
    # It issues a token of the claims that it read, where the code is by now.
    assert "has been enabled" in client.auth0("enable hook").out
    listed = client.auth0("ls --output json").json
    assert listed == {
        "credentials-exchange": [{"name": "hook", "type": "credentials-exchange", "enabled": True}]
    }
    # The secret that the client made up is in the meta as well, for the platform that calls the hook.
    own = {"authorization": f"Bearer {stack.token}"}
    meta = httpx.get(f"{stack.url}/api/webtask/{TEAM}/hook", headers=own).json()["meta"]
    body = {"audience": "a", "scope": [], "client": {"id": "c"}}
    bearer = {"authorization": f"Bearer {meta['auth0-extension-secret']}"}
    answer = httpx.post(f"{stack.url}/api/run/{TEAM}/hook", json=body, headers=bearer)
    assert (answer.status_code, answer.json()["status"]) == (200, "success"), answer.text
