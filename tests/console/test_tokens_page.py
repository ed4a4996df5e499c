"""The page of a team's tokens: forms without JavaScript, by whoever may, the secret once."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from console.accounts.actions import issue_token
from console.accounts.audit import SYSTEM
from console.accounts.models import AuditEvent, Token
from console.accounts.roles import TABLE, Action, Role
from tests.console.client import Webtasks
from tests.console.test_narrower import issued

PAGE = "/t/acme/@tokens"
pytestmark = pytest.mark.django_db


def fill(**changed):
    """The form as it comes, and what is changed of it."""
    form = {
        "kind": "api",
        "name": "ci",
        "scope": "all",
        "reach": "all",
        "how": "all",
        "ends": "90",
        "depth": "0",
    }
    return {**form, **changed}


def issue(person, **changed):
    return person.client.post(PAGE, fill(**changed))


def shown(answer) -> str:
    """The secret on the page."""
    found = re.search(r'<code id="wt-secret"[^>]*>([^<]+)</code>', answer.content.decode())
    assert found
    return found.group(1)


def test_a_token_is_issued_and_shown_this_once(alice, hello):
    answer = issue(
        alice, scope="some", scopes=["webtask.view"], per_minute="60", reach="some", webtasks=["hello"]
    )
    assert answer.status_code == 201
    assert "no-store" in answer["Cache-Control"]
    secret = shown(answer)
    token = Token.objects.get(name="ci")
    assert (token.scopes, token.webtasks, token.methods) == (["webtask.view"], ["hello"], None)
    assert token.terms.rates == {"minute": 60}
    ends = token.expires_at
    assert ends
    assert ends - timezone.now() == pytest.approx(timedelta(days=90), abs=timedelta(minutes=5))
    assert (
        Client(headers={"authorization": f"Bearer {secret}"}).get("/api/teams/acme/webtasks").status_code
        == 200
    )
    html = alice.client.get(PAGE).content.decode()
    assert secret not in html
    assert "see that a webtask is there" in html
    assert "60 a minute" in html


def test_a_webtask_token_works_for_the_published_clients(alice, hello):
    secret = shown(issue(alice, kind="webtask"))
    assert Webtasks(secret).get("webtask/acme/hello").status_code == 200


def test_what_is_chosen_by_name_and_by_day(alice, hello):
    day = timezone.now().date() + timedelta(days=3)
    issue(
        alice,
        reach="some",
        others="later, hello",
        how="some",
        methods=["GET"],
        ends="on",
        day=f"{day}",
        depth="2",
    )
    token = Token.objects.get(name="ci")
    assert (token.webtasks, token.methods, token.terms.depth) == (["hello", "later"], ["GET"], 2)
    assert token.expires_at == datetime.combine(day, datetime.min.time(), UTC) + timedelta(days=1)


def test_one_without_an_end(alice, hello):
    assert issue(alice, ends="never").status_code == 201
    assert Token.objects.get(name="ci").expires_at is None


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"name": ""}, "Give it a name"),
        ({"scope": "some"}, "Choose one at least"),
        ({"reach": "some"}, "Choose one at least"),
        ({"how": "some"}, "Choose one at least"),
        ({"ends": "on"}, "Choose a day"),
        ({"ends": "on", "day": "2001-01-01"}, "over already"),
        ({"per_day": "0"}, "greater than or equal to 1"),
        ({"depth": "9"}, "less than or equal to 8"),
        ({"kind": "login"}, ""),
        ({"scope": "some", "scopes": ["webtask.own"]}, "webtask.own"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_told_and_kept(alice, hello, changed, says):
    answer = issue(alice, **{"name": "kept words", **changed})
    assert answer.status_code == 400
    html = answer.content.decode()
    assert says in html
    assert 'role="alert"' in html
    assert changed.get("name", "kept words") in html
    assert not Token.objects.filter(name="kept words").exists()


@pytest.mark.parametrize("role", Role)
def test_one_may_choose_what_one_may_and_no_more(people, hello, role):
    bob = people.bob(role)
    html = bob.client.get(PAGE).content.decode()
    offered = set(re.findall(r'name="scopes" value="([^"]+)"', html))
    assert offered == {action.value for action in TABLE[role]}
    assert ('value="webtask"' in html) == (Action.ISSUE in TABLE[role])
    beyond = set(Action) - TABLE[role]
    for action in beyond:
        assert issue(bob, scope="some", scopes=[action.value]).status_code == 400
    assert issue(bob, kind="webtask").status_code == (201 if Action.ISSUE in TABLE[role] else 403)


def test_it_is_for_members(people, charlie, hello):
    assert charlie.client.get(PAGE).status_code == 404
    assert issue(charlie).status_code == 404
    assert Client().get(PAGE).status_code == 302


def test_no_other_page_may_issue_one(alice, hello):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(alice.user)
    assert strict.post(PAGE, fill()).status_code == 403
    assert not Token.objects.filter(name="ci").exists()


def test_before_it_is_revoked_one_is_told_what_ends_with_it(people, alice, hello):
    secret = shown(issue(alice, depth="3"))
    for _ in range(2):
        assert issued(secret, {"depth": 1})
    token = Token.objects.get(name="ci")
    path = f"{PAGE}/{token.jti}/revoke"
    html = alice.client.get(path).content.decode()
    assert "2 tokens</strong> that descend" in html
    token.refresh_from_db()
    assert token.revoked_at is None
    assert alice.client.post(path).status_code == 302
    html = alice.client.get(PAGE).content.decode()
    assert "“ci” is revoked." in html
    assert html.count("Ended with its issuer") == 2
    assert "/revoke" not in html
    assert AuditEvent.objects.filter(action="token.revoke").count() == 1
    assert (
        Client(headers={"authorization": f"Bearer {secret}"}).get("/api/teams/acme/webtasks").status_code
        == 401
    )


def test_one_is_told_which_urls_close(alice, hello):
    client = Webtasks(shown(issue(alice, kind="webtask", depth="3")))
    client.issued(ten="acme", jtn="made", code="module.exports = cb => cb()")
    token = Token.objects.get(name="ci")
    assert (
        "The URL of acme/made will not answer"
        in alice.client.get(f"{PAGE}/{token.jti}/revoke").content.decode()
    )


def test_who_sees_and_revokes_whose(people, alice, charlie, hello):
    viewer, developer = people.bob(Role.VIEWER), people.bob(Role.DEVELOPER)
    issue(viewer, name="viewers")
    issue_token(people.team, "from the command line", actor=SYSTEM)
    path = f"{PAGE}/{Token.objects.get(name='viewers').jti}/revoke"
    for person in (developer, alice):
        html = person.client.get(PAGE).content.decode()
        assert "viewers" in html
        assert "Issued by the system" in html
    assert "from the command line" not in viewer.client.get(PAGE).content.decode()
    assert path not in developer.client.get(PAGE).content.decode()
    for person, status in ((charlie, 404), (developer, 403), (viewer, 200)):
        assert person.client.get(path).status_code == status
    assert viewer.client.post(path).status_code == 302


# -- when a token was last used -------------------------------------------------------------------------------


def test_a_webtask_tokens_use_is_noted_to_the_minute(people, hello, settings, django_assert_num_queries):
    token = issue_token(people.team, "t", actor=SYSTEM)
    client = Webtasks.of(people.team)

    def last_used(presented) -> datetime | None:
        return Token.objects.get(jti=presented).last_used_at

    used = Token.objects.get(name="test").jti
    client.get("webtask/acme")
    first = last_used(used)
    assert first
    client.get("webtask/acme")
    assert last_used(used) == first
    Token.objects.filter(jti=used).update(last_used_at=first - timedelta(minutes=2))
    node = Client(headers={"authorization": f"Bearer {settings.NODE_TOKEN}"})
    asked = {"team": "acme", "token": client.token}
    assert node.post("/internal/leave", asked, content_type="application/json").status_code == 200
    again = last_used(used)
    assert again
    assert again >= first
    assert last_used(token.jti) is None
