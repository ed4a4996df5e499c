"""`ctx.create_token`: what code may issue under the token that it runs by."""

import json
from urllib.parse import quote

import pytest
from django.test import Client

from console.accounts import tokens
from console.accounts.actions import issue_token, revoke_token
from console.accounts.audit import SYSTEM
from console.accounts.models import Team, Token
from console.webtasks import executors
from console.webtasks.models import Webtask
from console.webtasks.vouchers import voucher_of
from executor.call import pack
from executor.contract import CALL_PATH
from tests.console.client import Webtasks, claims_of


@pytest.fixture
def create(hello, settings):
    """Returns the result's line and what it says."""
    node = Client(headers={"authorization": f"Bearer {settings.NODE_TOKEN}"})

    def create(where, text):
        call = pack({"what": "token.create"}, (text if isinstance(text, str) else json.dumps(text)).encode())
        answer = node.post(f"{CALL_PATH}?team=acme&{where}", call, content_type="x/y")
        line, _, said = answer.content.partition(b"\n")
        return json.loads(line), json.loads(said) if said else None

    return create


def at(token):
    return f"voucher={quote(voucher_of(token, token.team))}"


@pytest.fixture
def scratch(people):
    """The token of ad-hoc code."""
    return issue_token(people.team, "t", actor=SYSTEM)


def test_ad_hoc_code_issues_under_its_callers_token(create, scratch):
    line, made = create(
        at(scratch), {"ten": "acme", "code": "module.exports = cb => cb()", "pctx": {"a": "b"}}
    )
    assert line == {"status": 200}
    claims = claims_of(made["token"])
    assert (claims["ca"], claims["ten"], claims["pctx"]) == ([scratch.jti], "acme", {"a": "b"})
    assert made["url"].endswith(f"/api/run/acme?key={made['token']}")


def test_it_may_publish_under_a_name(create, scratch, alice):
    line, made = create(at(scratch), {"ten": "acme", "jtn": "made", "code": "module.exports = cb => cb()"})
    assert line == {"status": 200}
    assert made["url"].endswith("/api/run/acme/made")
    assert alice.get("/made").status_code == 200


def test_what_it_passes_on_is_bounded_as_anywhere(create, scratch):
    assert create(at(scratch), {"ten": "chaos"})[0]["status"] == 400
    assert create(at(scratch), {"nonsense": 1})[0] == {
        "status": 400,
        "message": "unsupported claim `nonsense`",
    }


@pytest.mark.parametrize("text", ["", "[]", "{", "7", '{"ten": NaN}', "[" * 100_000, '{"ten": "\\ud800"}'])
def test_what_is_no_set_of_claims_is_refused(create, scratch, text):
    before = Token.objects.count()
    assert create(at(scratch), text)[0]["status"] == 400
    assert Token.objects.count() == before


def test_a_webtasks_own_token_passes_nothing_on_unless_it_was_made_to(create, people, hello):
    line, _ = create("webtask=hello", {"pctx": {"a": "b"}})
    assert (line["status"], "cannot be used to issue" in line["message"]) == (400, True)
    acme = Webtasks.of(people.team)
    acme.issued(ten="acme", jtn="deep", code="module.exports = cb => cb()", dd=1)
    line, made = create("webtask=deep", {"pctx": {"a": "b"}})
    assert line == {"status": 200}
    assert claims_of(made["token"])["pctx"] == {"a": "b"}
    assert create("webtask=deep", {"url": "https://example.com/other.js"})[0]["status"] == 400


def test_a_revoked_token_issues_nothing(create, scratch):
    revoke_token(scratch.jti, actor=SYSTEM)
    assert create(at(scratch), {"ten": "acme"})[0]["status"] == 403


def test_the_id_of_a_token_is_not_the_token(create, people, scratch):
    """It stands in every token that descends from it; the executor must have been shown the token itself."""
    elsewhere = voucher_of(scratch, Team.objects.get(slug="chaos"))
    forged = voucher_of(scratch, people.team).replace(scratch.jti, "0" * 32)
    for where in (
        f"token={scratch.jti}",
        f"voucher=acme/{scratch.jti}",
        f"voucher={quote(elsewhere)}",
        f"voucher={forged}",
        "voucher=",
        "",
    ):
        assert create(where, {"ten": "acme"})[0]["status"] == 403


def test_whoever_is_shown_a_token_gets_its_voucher(create, scratch, settings):
    node = Client(headers={"authorization": f"Bearer {settings.NODE_TOKEN}"})
    shown = {"team": "acme", "token": tokens.sign(scratch.claims)}
    leave = node.post("/internal/leave", shown, content_type="application/json").json()
    line, _ = create(f"voucher={quote(leave['template']['voucher'])}", {"ten": "acme"})
    assert line == {"status": 200}


def test_a_call_waits_for_no_packages(create, scratch):
    executors.arrive("node-1", "boot-1", {})
    code = "const x = require('is-odd@3.0.1'); module.exports = cb => cb(null, x(1))"
    line, _ = create(at(scratch), {"ten": "acme", "jtn": "needy", "code": code})
    assert "still being installed" in line["message"]
    assert not Webtask.objects.filter(name="needy").exists()
