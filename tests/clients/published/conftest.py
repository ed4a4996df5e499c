"""One server, and the published clients with a token of its demo team, the way a person sets them up."""

import json
from collections.abc import Iterator

import pytest

from tests.clients.published.client import Client
from tests.clients.published.versions import answering
from tests.stack import ROOT

TEAM = "acme"
VERSIONS = {
    "lodash": json.loads((ROOT / "executor" / "platform" / "package.json").read_text())["dependencies"][
        "lodash"
    ],
    "@webtask/middleware-compiler": "1.5.2",
    "@webtask/cron-auth-middleware": "1.2.1",
    "@webtask/bearer-auth-middleware": "1.2.1",
}


@pytest.fixture(scope="session")
def client(stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """wt-cli with one profile, `default`, which is the demo team's."""
    home = tmp_path_factory.mktemp("client")
    with answering(VERSIONS) as port:
        one = Client(home, {"TEST_VERSIONS_PORT": str(port)})
        one.wt("init", "--url", stack.url, "--token", stack.token, "--container", TEAM)
        yield one
        one.close()
