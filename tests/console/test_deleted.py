"""Tokens that ran a webtask end with it: none opens what somebody makes under its name later."""

import pytest

from console.accounts.models import AuditEvent, Token
from tests.console.client import Webtasks, claims_of
from tests.console.team_calls import rename
from tests.console.test_guards import ask

pytestmark = pytest.mark.django_db
CODE = {"code": "module.exports = cb => cb(null, 1)"}
URL = "webtask://localhost/api/data/code/acme%2Fpay"


@pytest.fixture
def admin(people):
    return Webtasks.of(people.team)


@pytest.fixture
def running(people, admin):
    """Tokens that run acme/pay, by how they came about."""
    replaced = admin.put("webtask/acme/pay", CODE).json()["token"]
    own = admin.put("webtask/acme/pay", {"code": "module.exports = cb => cb(null, 2)"}).json()["token"]
    fixed = admin.issued(ten="acme", url=URL, dd=1)
    child = Webtasks(fixed).issued()
    wide = Webtasks.of(None, ten="acme,chaos", url=URL).token
    return {"replaced": replaced, "own": own, "fixed": fixed, "child": child, "wide": wide}


def statuses(settings, running, **asked):
    shown = {"kind": "key", "webtask": "pay", **asked}
    return {name: ask(settings, value=token, **shown).status_code for name, token in running.items()}


def test_none_opens_another_of_its_name(alice, settings, admin, running):
    others = admin.put("webtask/acme/other", CODE).json()["token"]
    alice.put("/pay/guard", {"kind": "private"})
    assert set(statuses(settings, running).values()) == {200}
    assert alice.delete("/pay").status_code == 204
    new = admin.put("webtask/acme/pay", CODE).json()["token"]
    alice.put("/pay/guard", {"kind": "private"})
    assert set(statuses(settings, running).values()) == {403}
    assert statuses(settings, {"new": new}) == {"new": 200}
    assert statuses(settings, {"other": others}, webtask="other") == {"other": 200}
    assert admin.get("webtask/acme/pay").status_code == 200


def test_none_by_the_name_that_its_team_had(alice, settings, admin, running):
    rename(alice)
    assert admin.delete("webtask/zenith/pay").status_code == 204
    admin.put("webtask/zenith/pay", CODE)
    for slug in ("acme", "zenith"):
        assert set(statuses(settings, running, team=slug).values()) == {403}


def test_each_is_told_in_the_trail_of_who_deleted_it(alice, running):
    alice.delete("/pay")
    ended = AuditEvent.objects.filter(action="token.revoke")
    jtis = {name: claims_of(token)["jti"] for name, token in running.items()}
    assert set(ended.values_list("object", flat=True)) == {jtis[name] for name in running if name != "own"}
    assert {event.actor for event in ended} == {"alice@example.com"}
    assert not Token.objects.filter(jti__in=jtis.values(), revoked_at=None).exists()
