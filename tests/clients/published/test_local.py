"""The commands that need no server, or a browser: wt serve, debug, edit, browse."""

import re

import httpx

from tests.clients.published.conftest import TEAM
from tests.stack import free_port


def test_serve(client):
    client.write("local.js", "module.exports = (ctx, cb) => cb(null, ctx.secrets);")
    port = str(free_port())
    with client.start("serve local.js --port", port, "--secret", "a=1") as running:
        running.says(r"now listening for \S+ traffic on 127\.0\.0\.1")
        assert httpx.get(f"http://127.0.0.1:{port}/").json() == {"a": "1"}


def test_debug(client):
    client.write("local.js", "module.exports = (ctx, cb) => cb(null, ctx.secrets);")
    port = str(free_port())
    with client.start("debug local.js --port", port) as running:
        running.says(r"Debugger listening on|address already in use")
        running.says(r"now listening for")
        assert httpx.get(f"http://127.0.0.1:{port}/").json() == {}


def test_edit(stack, client, owner):
    client.wt("edit hello")
    assert client.opened() == f"{stack.url}/edit/{TEAM}#/hello/{stack.token}"
    for path in (f"/edit/{TEAM}", f"/edit/v1/{TEAM}", f"/edit/v2/{TEAM}", f"/edit/canary/{TEAM}"):
        assert owner.http.get(path, follow_redirects=True).status_code == 200


def test_what_edit_opens_signs_in(stack, client, owner):
    """As the page does it, which takes the token from behind the `#`."""
    owner.publish("hello", "module.exports = cb => cb(null, 1)")
    client.wt("edit hello")
    page, _, carried = client.opened().partition("#/")
    name, _, token = carried.partition("/")
    with httpx.Client(base_url=stack.url, headers={"referer": stack.url}, timeout=60) as browser:
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', browser.get(page).text)
        assert found
        sent = browser.post(page, data={"name": name, "token": token}, headers={"x-csrftoken": found[1]})
        assert sent.json() == {"there": f"/t/{TEAM}/hello"}
        assert browser.get(f"/t/{TEAM}/hello").status_code == 200
        assert browser.get(f"/t/{TEAM}").status_code == 404


def test_browse(stack, client):
    client.wt("browse page")
    opened = client.opened()
    assert opened == f"{stack.url}/api/run/{TEAM}/page/"
