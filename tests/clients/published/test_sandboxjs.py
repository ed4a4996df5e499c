"""sandboxjs, every function: one process for each part, whose steps are checked one by one."""

import pytest

from tests.clients.published.client import HERE
from tests.clients.published.conftest import TEAM

SCRIPT = HERE / "sandbox.js"


@pytest.fixture(scope="module")
def part(stack, client):
    """What the steps of a part gave."""
    return lambda name: client.node(SCRIPT, stack.url, TEAM, stack.token, name)


def test_webtasks(stack, part):
    did = part("webtasks")
    url = f"{stack.url}/api/run/{TEAM}/sandbox"
    data = {"q": "3", "p": "2", "s": "1", "b": "4"}
    made = did["create"]
    assert (made["container"], made["name"], made["url"], made["meta"]) == (
        TEAM,
        "sandbox",
        url,
        {"kind": "sandbox"},
    )
    assert did["run"] == {"statusCode": 200, "body": {"data": data, "meta": {"kind": "sandbox"}}}
    assert did["run, deeper"] == 200
    for claims in (did["inspect"], did["inspectWebtask"]):
        assert (claims["ten"], claims["jtn"], claims["ectx"], claims["pctx"]) == (
            TEAM,
            "sandbox",
            {"s": "1"},
            {"p": "2"},
        )
        assert (claims["mb"], claims["dr"], claims["meta"]) == (1, 1, {"kind": "sandbox"})
        assert claims["code"].startswith("module.exports")
        assert claims["url"].startswith("webtask://")
    got = did["getWebtask"]
    assert (got["secrets"], got["meta"], got["url"]) == ({"s": "1"}, {"kind": "sandbox"}, url)
    assert got["code"] == did["inspect"]["code"]
    assert did["listWebtasks"] == [
        {"container": TEAM, "token": 3, "url": url, "name": "sandbox", "meta": {"kind": "sandbox"}}
    ]
    assert did["listWebtasks, paged"] == 1
    assert did["update"] == {"data": {"p": "2", "s": "1"}, "again": {"kind": "sandbox"}}
    assert did["updateWebtask, without"] == {"data": {}, "meta": {}}
    assert did["createWebtask"] == {
        "url": f"{stack.url}/api/run/{TEAM}/put",
        "meta": {"m": "6"},
        "ran": {"data": {"s": "5"}, "meta": {"m": "6"}},
    }
    assert did["createWebtask, both"]["status"] == 400
    assert did["createWebtask, neither"]["status"] == 400
    assert did["createUrl"] == f"{stack.url}/api/run/{TEAM}/sandbox-url"
    assert did["createUrl, host"] == f"http://my.example.com:{stack.port}/{TEAM}/hosted"
    assert did["createRaw"] == f"{stack.url}/api/run/{TEAM}/raw"
    assert did["remove"] == [True, 404]
    assert did["removeWebtask, gone"]["status"] == 404
    assert did["getWebtask, gone"]["status"] == 404


def test_tokens(stack, part):
    did = part("tokens")
    assert did["run, unnamed"] == {"a": "1"}
    made = did["createToken"]
    assert made["webtask_url"] == f"{stack.url}/api/run/{TEAM}?key={made['token']}"
    assert did["createToken, limits"] == {"lts": 5, "lm": 6}
    assert did["createTokenRaw, unknown"]["status"] == 400
    assert "unsupported claim" in did["createTokenRaw, unknown"]["error"]
    assert did["createTokenRaw, wrong type"]["status"] == 400
    assert did["createTokenRaw, elsewhere"]["status"] in (400, 403)
    assert did["inspectToken, garbage"]["status"] == 400
    assert did["revokeToken"] == [200, 403]
    assert did["a stranger"]["status"] == 403
    assert did["fromToken"] == {"container": TEAM}


def test_storage(part):
    did = part("storage")
    assert did["getStorage, empty"]["data"] == {}
    assert did["storage, counted"] == {"count": 2}
    kept = did["getStorage"]
    assert kept["data"] == {"count": 2}
    assert "error" not in did["updateStorage"]
    assert did["updateStorage, stale"]["status"] == 409
    assert "error" not in did["updateStorage, forced"]
    assert did["storage, after"] == {"count": 31}
    assert did["getStorage, gone"]["status"] == 404


def test_cron(part):
    did = part("cron")
    job = {"name": "ticks", "of": TEAM, "schedule": "*/5 * * * *", "state": "active", "tz": "Europe/Berlin",
           "meta": {"kind": "cron"}, "run_count": 0, "error_count": 0}  # fmt: skip
    assert did["createCronJob"] == did["job.refresh"] == did["getCronJob"] == job
    assert did["job.inspect"] == "ticks"
    assert (did["job.setJobState"], did["setCronJobState"]) == ("inactive", "active")
    assert did["listCronJobs"] == [job]
    assert did["job.getHistory"] == []
    assert did["createCronJob, bad"]["status"] == 400
    assert did["job.remove"] == "ticks"
    assert did["removeCronJob, gone"]["status"] == did["getCronJob, gone"]["status"] == 404


def test_modules(registry, part):
    registry.publish("greeting", "1.2.3", "module.exports = 'hello';")
    did = part("modules")
    assert {"name": "webtask-tools", "version": "3.4.1", "state": "available"} in did[
        "listNodeModuleVersions"
    ]
    assert [row["state"] for row in did["listNodeModuleVersions, scoped"]] == ["available"]
    assert did["listNodeModuleVersions, none"] == []
    compiler = {"name": "@webtask/middleware-compiler", "version": "1.5.2", "state": "available"}
    assert did["ensureNodeModules"] == [compiler]
    assert did["ensureNodeModules, of the registry"] == {
        "name": "greeting",
        "version": "1.2.3",
        "state": "available",
    }
    assert did["a package of the registry"] == ["hello", "hello"]
