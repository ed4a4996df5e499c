"""Packages on the real stack, from a registry of our own."""

import json

import httpx
import pytest


@pytest.fixture(scope="module", autouse=True)
def packages(registry):
    registry.publish("one", "1.0.0")
    registry.publish("one", "1.1.0")
    registry.publish(
        "two", "2.0.0", "module.exports = 'two with ' + require('one');", dependencies={"one": "^1.0.0"}
    )
    registry.publish("@scope/three", "3.0.0", scripts={"install": "exit 1", "postinstall": "exit 1"})
    registry.publish(
        "modern", "1.0.0", "export const word = 'modern';", type="module", exports={"import": "./index.js"}
    )
    registry.publish("elsewhere", "1.0.0")
    # Its tarball is on a port of this host that is not the registry's.
    registry.packages["elsewhere"]["versions"]["1.0.0"]["dist"]["tarball"] = (
        "http://127.0.0.1:9/elsewhere.tgz"
    )


def call(stack, name):
    return httpx.get(f"{stack.url}/api/run/acme/{name}", timeout=60).json()


VERSIONED = """
module.exports = (ctx, cb) => cb(null, [
  require('one@1.0.0'), require('two@2.0.0'), require('@scope/three@3.0.0'), require('modern@1.0.0').word, require('ms')('1s'),
]);
"""
ANSWER = ["one@1.0.0", "two with one@1.1.0", "@scope/three@3.0.0", "modern", 1000]


def test_versions_in_the_code_are_installed_frozen_and_restored(stack, owner, registry):
    first = owner.publish("versioned", VERSIONED)["version"]["number"]
    assert call(stack, "versioned") == ANSWER
    owner.publish("versioned", "module.exports = cb => cb(null, 0)")
    asked = len(registry.asked)
    restored = owner.api("POST", f"/versioned/versions/{first}/restore", json={"message": ""})
    assert restored.status_code == 201, restored.text
    assert call(stack, "versioned") == ANSWER
    assert len(registry.asked) == asked


# The same packages, so that they are there already.
IMPORTED = """
import one from 'one@1.0.0';
import two from 'two@2.0.0';
import { word } from 'modern@1.0.0';
import ms from 'ms';
export default async (ctx) => [one, two, (await import('@scope/three@3.0.0')).default, word, ms('1s')];
"""


def test_versions_can_be_imported(stack, owner):
    owner.publish("imported", IMPORTED)
    assert call(stack, "imported") == ANSWER


def test_a_draft_runs_with_what_it_names(stack, owner):
    owner.publish("drafted", "module.exports = cb => cb(null, 0)")
    owner.save("drafted", VERSIONED)
    ran = owner.api("POST", "/drafted/run", json={}).json()
    assert json.loads(ran["body"]) == ANSWER
    assert call(stack, "drafted") == {}


def test_a_failed_install_says_why_and_leaves_the_live_version_alone(stack, owner):
    owner.publish("failing", "module.exports = cb => cb(null, 'live')")
    etag = owner.save("failing", "module.exports = cb => cb(null, require('absent@1.0.0'))")
    answer = owner.api("POST", "/failing/publish", json={"message": "", "etag": etag})
    assert (answer.status_code, answer.json()["id"]) == (422, "not-installed")
    assert "absent@1.0.0" in answer.json()["detail"]
    assert "npm error 404" in answer.json()["output"]
    assert call(stack, "failing") == "live"


def test_a_package_is_added_watched_published_and_removed(stack, owner):
    owner.publish("added", "module.exports = cb => cb(null, 'before')")
    begun = owner.api("POST", "/added/modules", json={"name": "one", "version": "^1.0.0"})
    assert begun.status_code == 202, begun.text
    run = begun.json()["install"]["run"]
    owner.publish("added", "module.exports = (ctx, cb) => cb(null, [require('one'), ctx.meta])")
    assert call(stack, "added") == ["one@1.1.0", {"wt-node-dependencies": '{"one": "1.1.0"}'}]
    watched = owner.api("GET", f"/added/modules/installs/{run}").json()
    assert watched["state"] == "available"
    assert "added 1 package" in watched["output"]
    assert owner.api("DELETE", "/added/modules/one").status_code == 204
    rows = owner.api("GET", "/added/modules").json()["modules"]
    assert {row["origin"] for row in rows} == {"platform"}
    assert call(stack, "added")[0] == "one@1.1.0"


def test_npm_reaches_nothing_but_the_registry(owner):
    owner.publish("reaching", "module.exports = cb => cb(null, 0)")
    etag = owner.save("reaching", "require('elsewhere@1.0.0')")
    answer = owner.api("POST", "/reaching/publish", json={"message": "", "etag": etag})
    assert answer.status_code == 422
    assert "127.0.0.1:9" in answer.json()["detail"]


def test_a_set_that_no_executor_would_unpack_is_not_published(owner, registry):
    registry.publish("deep", "1.0.0", more={"d/" * 80 + "file": ""})
    owner.publish("deep", "module.exports = cb => cb(null, 0)")
    etag = owner.save("deep", "require('deep@1.0.0')")
    answer = owner.api("POST", "/deep/publish", json={"message": "", "etag": etag})
    assert (answer.status_code, "node_modules/" in answer.json()["detail"]) == (422, True)


def test_published_clients_have_packages_installed_and_listed(stack):
    modules = [
        {"name": "two", "version": "2.0.0"},
        {"name": "ms", "version": "2.1.3"},
        {"name": "@scope/three", "version": "3.0.0"},
    ]
    headers = {"authorization": f"Bearer {stack.token}"}
    url = f"{stack.url}/api/env/node/modules"
    states: list[dict[str, str]] = []
    while not states or any(row["state"] == "queued" for row in states):
        states = httpx.post(url, json={"modules": modules}, headers=headers).json()
    assert states == [{**row, "state": "available"} for row in modules]
    assert httpx.get(f"{url}/two").json() == [{"name": "two", "version": "2.0.0", "state": "available"}]
    assert httpx.get(f"{url}/nobody-has-this").json() == []
    assert httpx.get(f"{url}/%40scope%2Fthree").json()[0]["version"] == "3.0.0"
    issued = httpx.post(
        f"{stack.url}/api/tokens/issue",
        headers=headers,
        json={
            "ten": "acme",
            "jtn": "by-client",
            "code": "module.exports = cb => cb(null, require('two'))",
            "meta": {"wt-node-dependencies": '{"two":"2.0.0","@scope/three":"3.0.0"}'},
        },
        timeout=60,
    )
    assert issued.status_code == 200, issued.text
    assert call(stack, "by-client") == "two with one@1.1.0"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"modules": 1},
        {"modules": [1]},
        {"modules": [{"name": "a"}]},
        {"modules": [{"name": "a", "version": "file:/etc"}]},
    ],
)
def test_a_wish_that_makes_no_sense_is_refused(stack, body):
    headers = {"authorization": f"Bearer {stack.token}"}
    assert httpx.post(f"{stack.url}/api/env/node/modules", json=body, headers=headers).status_code == 400


def test_what_is_built_in_is_there_at_any_version(stack):
    headers = {"authorization": f"Bearer {stack.token}"}
    url = f"{stack.url}/api/env/node/modules"
    built_in = {"name": "@webtask/cron-auth-middleware", "version": "1.2.1"}
    states = httpx.post(url, json={"modules": [built_in]}, headers=headers).json()
    assert states == [{**built_in, "state": "available"}]
    assert httpx.get(f"{url}/%40webtask%2Fcron-auth-middleware").json()[0]["state"] == "available"


def test_nobody_has_packages_installed_without_a_token(stack):
    body = {"modules": [{"name": "one", "version": "1.0.0"}]}
    assert httpx.post(f"{stack.url}/api/env/node/modules", json=body).status_code == 403
