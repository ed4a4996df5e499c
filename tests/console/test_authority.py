"""What a token is worth when its author may less than before: in another role, out of the team, suspended."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from console.accounts.models import AuditEvent, Token
from console.accounts.roles import Role
from tests.console.client import Webtasks, refused
from tests.console.people import Person
from tests.console.test_members import change, number_of, remove

TEAM = "/api/teams/acme"
JSON = "application/json"
CODE = "module.exports = cb => cb(null, 1)"


@pytest.fixture
def bob(people):
    return people.bob(Role.DEVELOPER)


@pytest.fixture
def pay(people):
    """A webtask with a secret."""
    made = Webtasks.of(people.team).put("webtask/acme/pay", {"code": CODE, "secrets": {"k": "v"}})
    assert made.status_code == 200


def issued(client: Client, **wanted: Any) -> str:
    answer = client.post(f"{TEAM}/tokens", {"name": "t", "depth": 1, **wanted}, JSON)
    assert answer.status_code == 201, answer.content
    return str(answer.json()["secret"])


def held(secret: str) -> Client:
    return Client(headers={"authorization": f"Bearer {secret}"})


@pytest.fixture
def below(bob, pay):
    """A webtask token that bob's API token issued, and one that that issued: both act as he does."""
    child = Webtasks(issued(held(issued(bob.client, depth=3)), kind="webtask", depth=2))
    below = [child, child.child(dd=0)]
    for one in below:
        assert one.get("webtask/acme/pay", decrypt="true").json()["secrets"] == {"k": "v"}
    return below


@pytest.fixture
def node(settings):
    return Client(headers={"authorization": f"Bearer {settings.NODE_TOKEN}"})


def visit(node: Client, name: str, shown: Webtasks) -> int:
    """Whether whoever shows it may call the webtask, were it private."""
    asked = {"team": "acme", "webtask": name, "method": "GET", "kind": "key", "value": shown.token}
    return int(node.post("/internal/visitors", asked, JSON).status_code)


class TestDescendantsOfAnApiToken:
    def test_they_do_no_more_than_its_author_may_now(self, alice, bob, below):
        change(alice, bob, "viewer")
        for one in below:
            assert one.get("webtask/acme/pay").status_code == 200
            refused(one.get("webtask/acme/pay", decrypt="true"), 403)
            refused(one.put("webtask/acme/pay", {"code": "other"}), 403)
        change(alice, bob, "developer")
        assert below[0].put("webtask/acme/pay", {"code": CODE}).status_code == 200

    def test_they_end_when_its_author_is_removed(self, alice, bob, below):
        remove(alice, bob)
        for one in below:
            assert refused(one.get("webtask/acme"), 403) == "token is revoked"

    def test_they_end_when_its_author_leaves(self, bob, below):
        assert bob.client.post(f"{TEAM}/leave").status_code == 204
        for one in below:
            refused(one.get("webtask/acme"), 403)

    def test_they_end_while_its_author_is_suspended(self, bob, below):
        suspend(bob)
        for one in below:
            refused(one.get("webtask/acme"), 403)
        suspend(bob, "--resume")
        assert below[1].get("webtask/acme").status_code == 200

    @pytest.mark.parametrize("fate", ["removed", "viewer"])
    def test_they_run_no_code_and_call_nothing_private(self, alice, bob, below, node, fate):
        def statuses() -> list[int]:
            leave = {"team": "acme", "token": below[0].token}
            return [node.post("/internal/leave", leave, JSON).status_code, visit(node, "pay", below[0])]

        assert statuses() == [200, 200]
        remove(alice, bob) if fate == "removed" else change(alice, bob, fate)
        assert statuses() == [403, 403]

    def test_what_they_published_goes_on(self, alice, bob, below, node):
        """A webtask's URL is the webtask's; to whoever shows it, the token that it stands for opens nothing more."""
        mine = Webtasks(below[0].put("webtask/acme/mine", {"code": CODE}).json()["token"])
        assert visit(node, "mine", mine) == 200
        remove(alice, bob)
        assert node.get("/internal/deployments/acme/mine").status_code == 200
        assert visit(node, "mine", mine) == 403


def suspend(person: Person, *flags: str) -> None:
    call_command("person", person.user.email, *(flags or ("--suspend",)), stderr=StringIO())


def leave_by_page(_alice: Person, bob: Person, *, revoke: bool) -> None:
    page = bob.client.get("/t/acme/@leave")
    assert b"Revoke the 2 tokens you issued" in page.content
    assert bob.client.post("/t/acme/@leave", {"revoke": "1"} if revoke else {}).status_code == 302


def leave(_alice: Person, bob: Person, *, revoke: bool) -> None:
    query = "?revoke_tokens=true" if revoke else ""
    assert bob.client.post(f"{TEAM}/leave{query}").status_code == 204


def lessen_by_page(alice: Person, bob: Person, *, revoke: bool) -> None:
    path = f"/t/acme/@members/{number_of(bob)}"
    page = alice.client.post(path, {"role": "viewer"})
    assert b"Revoke the 2 tokens they issued" in page.content
    assert Token.objects.filter(revoked_at=None, author=bob.user).count() == 2
    form = {"role": "viewer", "asked": "1", **({"revoke": "1"} if revoke else {})}
    assert alice.client.post(path, form).status_code == 302


def lessen(alice: Person, bob: Person, *, revoke: bool) -> None:
    path = f"{TEAM}/members/{number_of(bob)}"
    body = {"role": "viewer", "revoke_tokens": revoke}
    assert alice.client.patch(path, body, content_type=JSON).status_code == 200


def be_suspended(_alice: Person, bob: Person, *, revoke: bool) -> None:
    suspend(bob, "--suspend", *(["--revoke-tokens"] if revoke else []))


FATES = [
    (leave_by_page, "team.leave"),
    (leave, "team.leave"),
    (lessen_by_page, "member.role"),
    (lessen, "member.role"),
    (be_suspended, "user.suspend"),
]


@pytest.mark.parametrize("revoke", [False, True])
@pytest.mark.parametrize(("fate", "action"), FATES)
def test_what_somebody_issued_goes_with_them_where_that_is_asked_for(alice, bob, pay, fate, action, revoke):
    api, jwt = (issued(bob.client, kind=kind) for kind in ("api", "webtask"))
    kept = Webtasks(issued(alice.client, kind="webtask"))
    fate(alice, bob, revoke=revoke)
    assert Webtasks(jwt).get("webtask/acme").status_code == (403 if revoke else 200)
    if revoke:
        assert held(api).get(f"{TEAM}/webtasks").status_code == 401
    assert kept.get("webtask/acme").status_code == 200
    told = AuditEvent.objects.get(action=action).detail.get("revoked_tokens", 0)
    assert told == (2 if revoke else 0)
    assert AuditEvent.objects.filter(action="token.revoke", team="acme").count() == told


def test_a_role_that_gives_more_asks_nothing(alice, bob):
    issued(bob.client, kind="webtask")
    answer = alice.client.post(f"/t/acme/@members/{number_of(bob)}", {"role": "admin"})
    assert answer.status_code == 302
    assert Token.objects.get().revoked_at is None


def test_only_who_is_suspended_loses_tokens_by_the_command(bob):
    with pytest.raises(CommandError):
        suspend(bob, "--resume", "--revoke-tokens")
