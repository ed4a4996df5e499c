"""wt init and wt profile, with a token; what the client keeps in its home directory."""

import json

from tests.clients.published.client import Client
from tests.clients.published.conftest import TEAM


def test_profiles(stack, client):
    account = ("--url", stack.url, "--token", stack.token, "--container", TEAM)
    assert "Welcome to webtasks!" in client.wt("profile init --profile other", *account).out
    kept = json.loads((client.home / ".webtask").read_text())
    assert kept["other"] == kept["default"] == {"url": stack.url, "token": stack.token, "container": TEAM}
    listed = client.wt("profile ls").out
    assert "other" in listed
    assert stack.token not in listed
    assert client.wt("profile get other --field container").out.strip() == TEAM
    assert "removed" in client.wt("profile rm other").out


def test_nuke(request, tmp_path):
    client = Client(tmp_path, {})
    request.addfinalizer(client.close)
    client.write(
        ".webtask", '{"default": {"url": "http://localhost", "container": "acme", "token": "secret"}}'
    )
    client.wt("profile nuke --force")
    assert "No webtask profiles found" in client.wt("ls", code=3).err
