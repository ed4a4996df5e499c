"""Limits that people set, as callers of the URL meet them: at once, on workers that are warm."""

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
