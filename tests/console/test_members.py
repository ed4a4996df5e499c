"""Who is in a team and as what: nobody gives more than they have, touches whoever has more, or leaves a team ownerless."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from console.accounts.audit import SYSTEM
from console.accounts.models import AuditEvent, Member, Token
from console.accounts.roles import TABLE, Action, Role
from console.accounts.suspending import suspend
from tests.console.people import Person

TEAM = "/api/teams/acme"
GIVEN = [role for role in Role if role != Role.OWNER]


def number_of(person: Person) -> int:
    return Member.objects.get(user=person.user, team__slug="acme").pk


def change(person: Person, other: Person, role: str):
    path = f"{TEAM}/members/{number_of(other)}"
    return person.client.patch(path, {"role": role}, content_type="application/json")


def remove(person: Person, other: Person, query: str = ""):
    return person.client.delete(f"{TEAM}/members/{number_of(other)}{query}")


def role_of(person: Person) -> str:
    return Member.objects.get(user=person.user, team__slug="acme").role


def at_once(*calls: Callable[[], Any]) -> list[int]:
    """Their statuses."""
    start = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> int:
        start.wait()
        try:
            return int(call().status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(run, calls))


def test_members_are_listed_for_members(people, alice, charlie):
    bob = people.bob(Role.VIEWER)
    for person in (alice, bob):
        listed = person.client.get(f"{TEAM}/members").json()
        assert [(one["email"], one["name"], one["role"]) for one in listed] == [
            ("alice@example.com", "Alice", "owner"),
            ("bob-viewer@example.com", "Bob-Viewer", "viewer"),
        ]
    assert charlie.client.get(f"{TEAM}/members").status_code == 404


@pytest.mark.parametrize("given", GIVEN)
def test_an_owner_gives_any_other_role(people, alice, given):
    bob = people.bob(Role.VIEWER)
    assert change(alice, bob, given).json()["role"] == given
    assert role_of(bob) == given


@pytest.mark.parametrize("role", GIVEN)
def test_nobody_is_made_an_owner(people, alice, role):
    bob = people.bob(role)
    assert change(alice, bob, "owner").status_code == 400
    assert role_of(bob) == role


@pytest.mark.parametrize("role", Role)
def test_who_may_change_and_remove_whom(people, role):
    """By the table alone: whoever may change members, those who may no more than they."""
    bob, eve = people.bob(role), people.stranger("eve")
    for other in Role:
        for call in (lambda: change(bob, eve, "viewer"), lambda: remove(bob, eve)):
            # A second owner, or else the last could not be removed by anybody.
            Member.objects.update_or_create(team=people.team, user=eve.user, defaults={"role": other})
            may = Action.MEMBERS in TABLE[role] and TABLE[other] <= TABLE[role]
            assert (call().status_code == 403) != may, (role, other)


def test_the_last_owner_stays(people, alice):
    admin = people.bob(Role.ADMIN)
    for answer in (change(alice, alice, "admin"), remove(alice, alice)):
        assert (answer.status_code, answer.json()["id"]) == (409, "unfit")
    other = people.bob(Role.OWNER)
    assert change(alice, other, "admin").status_code == 200
    assert change(alice, alice, "admin").status_code == 409
    assert change(admin, alice, "viewer").status_code == 403
    assert role_of(alice) == Role.OWNER


def test_one_of_two_owners_may_step_down(people, alice):
    people.bob(Role.OWNER)
    assert change(alice, alice, "developer").status_code == 200
    assert role_of(alice) == Role.DEVELOPER


@pytest.mark.django_db(transaction=True)
def test_of_two_owners_who_dismiss_each_other_one_stays(people, alice):
    bob = people.bob(Role.OWNER)
    statuses = at_once(lambda: remove(alice, bob), lambda: remove(bob, alice))
    assert 204 in statuses
    assert Member.objects.filter(team=people.team, role=Role.OWNER).count() == 1


def test_a_member_of_another_team_has_no_number_here(people, alice, charlie):
    theirs = Member.objects.get(team__slug="chaos").pk
    for number in (theirs, 99_999):
        path = f"{TEAM}/members/{number}"
        answer = alice.client.delete(path)
        assert answer.status_code == 404
        assert answer.json()["detail"] == f"The team “acme” has no member {number}."
    assert Member.objects.filter(team__slug="chaos").exists()


def test_demotion_is_in_force_at_once(people, alice, hello):
    bob = people.bob(Role.DEVELOPER)
    assert bob.save("hello", "mine", base=1).status_code == 200
    change(alice, bob, "viewer")
    assert bob.save("hello", "mine too", base=1).status_code == 403
    remove(alice, bob)
    assert bob.get("/hello").status_code == 404


class TestTokens:
    @pytest.fixture
    def bob(self, people):
        return people.bob(Role.ADMIN)

    @staticmethod
    def issued(person: Person, **wanted) -> dict[str, str]:
        answer = person.client.post(
            f"{TEAM}/tokens", {"name": "t", **wanted}, content_type="application/json"
        )
        assert answer.status_code == 201, answer.content
        token: dict[str, str] = answer.json()
        return token

    @staticmethod
    def held(client, token: dict[str, str], method: str, path: str, body: object = None):
        headers = {"authorization": f"Bearer {token['secret']}"}
        return getattr(client, method)(
            f"{TEAM}{path}", body, content_type="application/json", headers=headers
        )

    def test_api_tokens_lose_the_team_with_their_author(self, alice, bob, client, hello):
        token = self.issued(bob)
        assert self.held(client, token, "get", "/webtasks/hello").status_code == 200
        remove(alice, bob)
        assert self.held(client, token, "get", "/webtasks/hello").status_code == 404

    def test_webtask_tokens_stay_the_teams(self, alice, bob):
        token = self.issued(bob, kind="webtask")
        remove(alice, bob)
        listed = {one["jti"]: one for one in alice.client.get(f"{TEAM}/tokens").json()}
        assert listed[token["jti"]]["revoked_at"] is None
        assert listed[token["jti"]]["author"] == bob.user.email

    def test_their_tokens_are_revoked_too_when_that_is_asked_for(self, people, alice, bob, hello):
        bob.post("", {"name": "his"})
        url = Token.objects.get(name="his").jti
        kept = self.issued(alice)["jti"]
        gone = {self.issued(bob, kind=kind)["jti"] for kind in ("api", "webtask")}
        assert remove(alice, bob, "?revoke_tokens=true").status_code == 204
        assert set(Token.objects.exclude(revoked_at=None).values_list("jti", flat=True)) == gone
        # What a webtask's URL stands for is the webtask's.
        assert not {kept, url} & gone

    def test_a_tokens_holder_gives_no_more_than_the_token_lets_them_do(self, people, bob, client):
        eve = people.bob(Role.VIEWER)
        narrow = self.issued(bob, scopes=["team.members", "team.view", "webtask.view"])
        path = f"/members/{number_of(eve)}"
        assert self.held(client, narrow, "patch", path, {"role": "operator"}).status_code == 403
        wide = self.issued(bob)
        assert self.held(client, wide, "patch", path, {"role": "admin"}).status_code == 200
        # To take away is not to give.
        assert self.held(client, narrow, "patch", path, {"role": "viewer"}).status_code == 200
        assert self.held(client, narrow, "delete", path).status_code == 204


@pytest.mark.django_db(transaction=True)
def test_open_pages_of_whoever_is_removed_end(people, alice, listener, hello):
    """At once: nothing has to happen first."""
    bob = people.bob(Role.VIEWER)
    page = listener.tail(bob.client)
    page.say(t="sub", topic="webtask:acme/hello", since=None)
    assert page.until("subscribed")
    remove(alice, bob)
    assert page.until("problem")["problem"]["id"] == "absent"
    page.close()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("fate", ["removed", "demoted", "left", "suspended"])
def test_executors_forget_what_somebody_might_run(people, alice, listener, hello, fate):
    bob = people.bob(Role.DEVELOPER)
    link = listener.link()
    link.say(t="hello", executor="node-1", boot="boot-1")
    link.until("welcome")
    with ThreadPoolExecutor(1) as threads:
        fates: dict[str, Callable[[], Any]] = {
            "removed": lambda: remove(alice, bob),
            "demoted": lambda: change(alice, bob, "viewer"),
            "left": lambda: bob.client.post(f"{TEAM}/leave"),
            "suspended": lambda: suspend(bob.user, suspended=True, actor=SYSTEM),
        }
        done = threads.submit(fates[fate])
        # First that standings have changed, then of what the team's people may run.
        for _ in range(2):
            heard = link.until("change")
            link.say(t="applied", change=heard["change"])
        assert getattr(done.result(), "status_code", 204) in (200, 204)
        threads.submit(connection.close)
    assert (heard["team"], heard["webtask"]) == ("acme", None)
    link.close()


def test_writes_are_told_with_what_was_before(people, alice):
    bob = people.bob(Role.DEVELOPER)
    change(alice, bob, "developer")
    change(alice, bob, "viewer")
    remove(alice, bob)
    told = AuditEvent.objects.filter(team="acme", actor="alice@example.com").order_by("pk")
    assert [(event.action, event.object, event.detail) for event in told] == [
        (
            "member.role",
            "bob-developer@example.com",
            {"before": {"role": "developer"}, "after": {"role": "viewer"}},
        ),
        (
            "member.remove",
            "bob-developer@example.com",
            {"before": {"role": "viewer"}, "after": {}, "revoked_tokens": 0},
        ),
    ]
