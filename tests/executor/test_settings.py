"""Limits and rules that people set, as callers of the URL meet them: at once, on workers that are warm."""

import time

import httpx
import pytest

from tests.stack import Member, Stack

CODE = "module.exports = (ctx, cb) => cb(null, 'fine')"


@pytest.fixture
def send(stack: Stack, owner: Member):
    """Sends a body of two thousand bytes; returns the status."""
    owner.publish("bounded", CODE)

    def send() -> int:
        return httpx.post(f"{stack.url}/api/run/acme/bounded", content=b"x" * 2_000).status_code

    yield send
    owner.team_limits(body_bytes=None)


def test_a_webtasks_own_limit_holds_at_once_and_ends_at_once(owner: Member, send):
    assert send() == 200
    assert owner.api("PATCH", "/bounded/limits", json={"body_bytes": 1_024}).status_code == 200
    assert send() == 413
    assert owner.api("PATCH", "/bounded/limits", json={"body_bytes": None}).status_code == 200
    assert send() == 200


def test_a_teams_limit_reaches_the_webtasks_it_has(owner: Member, send):
    assert send() == 200
    owner.team_limits(body_bytes=1_024)
    assert send() == 413
    owner.team_limits(body_bytes=None)
    assert send() == 200


def test_a_teams_limit_reaches_what_its_tokens_run(stack: Stack, owner: Member, send):
    assert stack.adhoc(CODE).status_code == 200
    owner.team_limits(code_bytes=1_024)
    large = CODE + " " * 2_000
    assert stack.adhoc(large).status_code == 413
    owner.team_limits(code_bytes=None)
    assert stack.adhoc(large).status_code == 200


# -- where a webtask may connect to ---------------------------------------------------------------------------

CALLER = """\
module.exports = (ctx, cb) => {
  fetch(ctx.query.url).then((answer) => cb(null, answer.status), (error) => cb(null, error.cause.code));
};
"""


@pytest.fixture
def verdict(stack: Stack, owner: Member):
    """Has a webtask fetch a URL; returns what was kept of it beside that invocation."""
    owner.publish("caller", CALLER)

    def verdict(url: str) -> list[tuple[str, int, str]]:
        answer = httpx.get(f"{stack.url}/api/run/acme/caller", params={"url": url})
        assert answer.status_code == 200, answer.text
        invocation = answer.headers["x-wt-invocation"]
        while not (calls := owner.api("GET", f"/caller/egress?invocation={invocation}").json()):
            time.sleep(0.02)  # it travels in batches
        return [(call["host"], call["port"], call["verdict"]) for call in calls]

    return verdict


def test_a_call_is_kept_beside_the_invocation_that_made_it(verdict):
    assert verdict("http://127.0.0.1/") == [("127.0.0.1", 80, "refused: loopback address")]


def test_rules_hold_at_once_on_a_warm_worker(owner: Member, verdict):
    target = "http://10.1.2.3:8080/"
    assert "allow-list" not in verdict(target)[0][2]
    owner.api("PUT", "/caller/egress/rules", json={"rules": ["api.example.com:443"]})
    assert verdict(target) == [("10.1.2.3", 8080, "refused: not on the allow-list of this webtask")]
    owner.api("PUT", "/caller/egress/rules", json={"rules": None})
    assert "allow-list" not in verdict(target)[0][2]
