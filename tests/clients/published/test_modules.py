"""wt modules; what wt create does with dependencies and middleware."""

import httpx

from tests.clients.published.test_webtasks import made

COMPILER = "@webtask/middleware-compiler"


def test_versions_of_a_package(client):
    said = client.wt("modules versions webtask-tools --output json")
    assert {"name": "webtask-tools", "version": "3.4.1", "state": "available"} in said.json


def test_a_package_that_is_there(client):
    assert f"{COMPILER}@1.5.2: available" in client.wt("modules add", f"{COMPILER}@^1.2.1", "--wait").out


def test_middleware(client):
    client.write("guarded.js", "module.exports = (ctx, cb) => cb(null, 'in');")
    url = made(
        client,
        "guarded.js --name bearer --middleware @webtask/bearer-auth-middleware --secret wt-auth-secret=open --secret wt-api-key=open",
    )
    assert httpx.get(url).status_code in (401, 403)
    answer = httpx.get(url, headers={"authorization": "Bearer open"})
    assert (answer.status_code, answer.json()) == (200, "in")


def test_a_dependency_by_range(client):
    client.write("uses.js", "module.exports = cb => cb(null, require('lodash').VERSION);")
    url = made(client, "uses.js --name uses --dependency 'lodash@^4'")
    assert httpx.get(url).json().startswith("4.")
