"""Who may do what through the API, against the one table: every route × everybody there can be."""

from itertools import pairwise

import pytest
from django.test import Client
from django.urls import resolve
from django.utils import timezone

from console.accounts.models import Invitation, Member, Team, Token, User
from console.accounts.needs import Beyond
from console.accounts.roles import TABLE, Action, Role
from console.deliveries.actions import Parcel, accept
from console.deliveries.models import Delivery
from console.modules.models import Install
from console.ways import plain, ways
from console.webtasks.models import AttackRun, Collaborator, Draft, Executor, Webtask
from tests.console.people import People
from tests.console.walk.walk import ABSENT, FORBIDDEN, Row, call, row

TEAM = "/api/teams/acme"
# Method and path below the team, the action it needs, and a body that would be accepted.
ROUTES = [
    ("get", "", Action.TEAM, None),
    ("patch", "", Action.RENAME, {"name": "Acme and sons"}),
    ("delete", "", Action.DISBAND, None),
    ("post", "/leave", Action.LEAVE, None),
    ("post", "/transfer", Action.TRANSFER, {"email": "nobody@example.com"}),
    ("get", "/export", Action.EXPORT, None),
    ("get", "/webtasks", Action.VIEW, None),
    ("post", "/webtasks", Action.CREATE, {"name": "fresh"}),
    ("get", "/webtasks/hello", Action.VIEW, None),
    ("patch", "/webtasks/hello", Action.GUARD, {"description": "Greets", "tags": ["mail"]}),
    ("delete", "/webtasks/hello", Action.DELETE, None),
    ("put", "/webtasks/hello/draft", Action.EDIT, {"code": "x", "base": 1}),
    ("delete", "/webtasks/hello/draft", Action.EDIT, None),
    ("get", "/webtasks/hello/drafts", Action.CODE, None),
    ("get", "/webtasks/hello/drafts/70707", Action.CODE, None),
    ("post", "/webtasks/hello/fork", Action.CODE, {}),
    ("post", "/webtasks/hello/fork", Action.CREATE, {"name": "fresh"}),
    ("post", "/webtasks/hello/publish", Action.PUBLISH, {"message": "", "etag": "x"}),
    ("post", "/webtasks/hello/run", Action.RUN, {"path": "no slash"}),
    ("get", "/webtasks/hello/changes", Action.CODE, None),
    ("get", "/webtasks/hello/versions", Action.CODE, None),
    ("get", "/webtasks/hello/versions/1", Action.CODE, None),
    ("post", "/webtasks/hello/versions/1/restore", Action.RESTORE, {}),
    ("get", "/webtasks/hello/logs", Action.LOGS, None),
    ("get", "/webtasks/hello/metrics", Action.LOGS, None),
    ("get", "/webtasks/hello/limits", Action.VIEW, None),
    ("patch", "/webtasks/hello/limits", Action.LIMIT, {"wall_ms": 1000}),
    ("get", "/webtasks/hello/guard", Action.CODE, None),
    ("put", "/webtasks/hello/guard", Action.GUARD, {"kind": "private"}),
    ("post", "/webtasks/hello/pause", Action.PAUSE, {}),
    ("post", "/webtasks/hello/resume", Action.PAUSE, {}),
    ("get", "/webtasks/hello/egress", Action.LOGS, None),
    ("get", "/webtasks/hello/egress/rules", Action.CODE, None),
    ("put", "/webtasks/hello/egress/rules", Action.LIMIT, {"rules": ["api.example.com:443"]}),
    ("get", "/webtasks/hello/schedules", Action.VIEW, None),
    ("post", "/webtasks/hello/schedules", Action.SCHEDULE, {"schedule": "0 5 * * *"}),
    ("get", "/webtasks/hello/schedules/nightly", Action.VIEW, None),
    ("patch", "/webtasks/hello/schedules/nightly", Action.SCHEDULE, {"state": "inactive"}),
    ("delete", "/webtasks/hello/schedules/nightly", Action.SCHEDULE, None),
    ("get", "/webtasks/hello/schedules/nightly/history", Action.LOGS, None),
    ("get", "/webtasks/hello/secrets", Action.CODE, None),
    ("patch", "/webtasks/hello/secrets", Action.SECRETS, {"secrets": {"KEY": "x"}}),
    ("get", "/webtasks/hello/storage", Action.READ_DATA, None),
    ("put", "/webtasks/hello/storage", Action.WRITE_DATA, {"data": "1"}),
    ("delete", "/webtasks/hello/storage", Action.WRITE_DATA, None),
    ("get", "/webtasks/hello/deliveries", Action.LOGS, None),
    ("get", "/webtasks/hello/deliveries/t1", Action.LOGS, None),
    ("post", "/webtasks/hello/deliveries/t1/replay", Action.RUN, {}),
    ("get", "/webtasks/hello/modules", Action.CODE, None),
    ("post", "/webtasks/hello/modules", Action.EDIT, {"name": "lodash", "version": "4.17.21"}),
    ("get", "/webtasks/hello/modules/installs/abc123", Action.CODE, None),
    ("delete", "/webtasks/hello/modules/lodash", Action.EDIT, None),
    ("get", "/webtasks/hello/typings/lodash", Action.CODE, None),
    ("get", "/webtasks/hello/collaborators", Action.SHARE, None),
    ("post", "/webtasks/hello/collaborators", Action.SHARE, {"email": "dora@example.com", "rights": ["run"]}),
    ("delete", "/webtasks/hello/collaborators/7", Action.SHARE, None),
    ("get", "/webtasks/hello/share-page", Action.SHARE, None),
    ("post", "/webtasks/hello/share-page", Action.SHARE, {}),
    ("delete", "/webtasks/hello/share-page", Action.SHARE, None),
    ("get", "/members", Action.TEAM, None),
    ("patch", "/members/7", Action.MEMBERS, {"role": "viewer"}),
    ("delete", "/members/7", Action.MEMBERS, None),
    ("get", "/invitations", Action.INVITE, None),
    ("post", "/invitations", Action.INVITE, {"role": "viewer"}),
    ("delete", "/invitations/7", Action.INVITE, None),
    ("get", "/tokens", Action.OWN_TOKEN, None),
    ("post", "/tokens", Action.OWN_TOKEN, {"name": "mine"}),
    ("post", "/tokens", Action.ISSUE, {"name": "mine", "kind": "webtask"}),
    ("get", "/tokens/OWN", Action.OWN_TOKEN, None),
    ("delete", "/tokens/OWN", Action.OWN_TOKEN, None),
    ("get", "/tokens/abcdef", Action.TOKENS, None),
    ("delete", "/tokens/abcdef", Action.REVOKE, None),
    ("get", "/audit", Action.AUDIT, None),
    ("get", "/audit/export", Action.AUDIT, None),
    ("get", "/limits", Action.TEAM, None),
    ("patch", "/limits", Action.TEAM_LIMIT, {"wall_ms": None}),
]
# What is asked for before that, with what becomes of whoever lacks it. Others' tokens are out of sight, not out of reach.
BEFORE = {
    ("get", "/tokens/abcdef"): [(Action.OWN_TOKEN, FORBIDDEN), (Action.TOKENS, ABSENT)],
    ("delete", "/tokens/abcdef"): [(Action.OWN_TOKEN, FORBIDDEN), (Action.TOKENS, ABSENT)],
    ("post", "/webtasks/hello/fork"): [(Action.CODE, FORBIDDEN)],
    # Nobody gives what they do not have.
    ("post", "/invitations"): [(action, FORBIDDEN) for action in (Action.INVITE, *TABLE[Role.VIEWER])],
}
# The same for what no role gives; whole paths.
BEYOND = [
    ("get", "/api/schema", Beyond.ANYONE, None),
    ("get", "/api/deliveries/t1", Beyond.ANYONE, None),
    ("get", "/api/shared", Beyond.SELF, None),
    ("get", "/api/teams", Beyond.SELF, None),
    ("post", "/api/teams", Beyond.PERSON, {"slug": "fresh", "name": "Fresh"}),
    ("post", "/api/invitations/accept", Beyond.PERSON, {"secret": ""}),
    ("get", "/api/system/executors", Beyond.STAFF, None),
    ("post", "/api/system/executors/1/inspect", Beyond.STAFF, None),
    ("get", "/api/system/executors/1/attacks", Beyond.STAFF, None),
    ("post", "/api/system/executors/1/attacks", Beyond.STAFF, None),
    ("get", "/api/system/events", Beyond.STAFF, None),
]


@pytest.fixture
def nightly(alice, hello):
    """The schedule acme/nightly of acme/hello, its delivery t1, the installation abc123, and what has the number 7."""
    Install.objects.create(key="", wish={}, run="abc123", asked_at=timezone.now())
    made = alice.post("/hello/schedules", {"name": "nightly", "schedule": "0 4 * * *"})
    assert made.status_code == 201, made.content
    accept(
        Parcel(
            team="acme", webtask="hello", method="POST", host="h", url="/", headers=[], body=b"", key="",
        )
    )  # fmt: skip
    Delivery.objects.update(ticket="t1")
    Token.objects.create(jti="abcdef", team=Team.objects.get(slug="acme"), name="mine", claims={})
    Member.objects.create(
        pk=7, team=Team.objects.get(slug="acme"), user=People.stranger("eve").user, role=Role.VIEWER
    )
    Invitation.objects.create(
        pk=7, team=Team.objects.get(slug="acme"), role=Role.VIEWER, expires_at=timezone.now()
    )
    Collaborator.objects.create(
        pk=7, webtask=Webtask.objects.get(name="hello"), email="eve@example.com", rights=["run"]
    )
    Webtask.objects.filter(name="hello").update(share_key="a-link-that-is-there")
    fay = User.objects.create(pk=70707, email="fay@example.com")
    Draft.objects.create(
        webtask=Webtask.objects.get(name="hello"), user=fay, code="", saved_at=timezone.now()
    )
    node = Executor.objects.create(pk=1, name="node-1", seen_at=timezone.now())
    AttackRun.objects.create(run="1", executor=node, starter="dora", started_at=timezone.now())


def rows() -> list[Row]:
    of_team = [
        row(method, f"{TEAM}{path}", action, body, *BEFORE.get((method, path), ()))
        for method, path, action, body in ROUTES
    ]
    return [*of_team, *(row(*one) for one in BEYOND)]


def test_every_route_has_a_row():
    """A row for each action that a route declares, and none that no route does."""
    declared = {
        (way.method, way.path, need.what) for way in ways() if way.kind == "api" for need in way.needs
    }
    assert [str(way) for way in ways() if way.kind == "api" and not way.needs] == [], "put @needs(…) on it"
    tried = {(row.method.upper(), plain(resolve(row.path).route), row.what) for row in rows()}
    assert declared - tried == set(), "add it to ROUTES or to BEYOND"
    assert tried - declared == set(), "the route does not declare that: put @needs(…) on it, or mend the row"


def test_a_stranger_sees_what_is_not_there(people, nightly, charlie):
    """The same words for a team and webtask that exist and for ones that do not."""
    for one in rows():
        if one.path.startswith(TEAM):
            missing = Row(
                one.method, one.path.replace("acme", "nada").replace("hello", "none"), one.what, one.body
            )
            there, absent = call(charlie.client, one), call(charlie.client, missing)
            assert there.status_code == absent.status_code == 404, one
            assert there.content == absent.content.replace(b"nada", b"acme").replace(b"none", b"hello"), one


def test_a_member_sees_an_absent_webtask_as_a_stranger_does(people, alice, charlie):
    mine, theirs = alice.get("/none"), charlie.get("/none")
    assert mine.status_code == theirs.status_code == 404
    assert mine.content == theirs.content


def test_a_person_who_is_switched_off_is_out(alice, hello):
    alice.user.is_active = False
    alice.user.save()
    assert alice.get("/hello").status_code == 401


def test_bob_loses_access_with_his_membership(people, hello):
    bob = people.bob(Role.VIEWER)
    assert bob.get("/hello").status_code == 200
    bob.user.member_set.all().delete()
    assert bob.get("/hello").status_code == 404


def test_an_operator_reads_logs_and_rolls_back_but_edits_nothing():
    assert TABLE[Role.OPERATOR] >= {Action.RUN, Action.LOGS, Action.RESTORE}
    assert not TABLE[Role.OPERATOR] & {
        Action.EDIT,
        Action.PUBLISH,
        Action.CREATE,
        Action.ISSUE,
        Action.MEMBERS,
    }


def test_each_role_may_what_the_lesser_may():
    table = [TABLE[role] for role in (Role.OWNER, Role.ADMIN, Role.DEVELOPER, Role.OPERATOR, Role.VIEWER)]
    assert all(greater >= lesser for greater, lesser in pairwise(table))


def test_staff_who_are_switched_off_are_out(alice):
    alice.user.is_staff, alice.user.is_active = True, False
    alice.user.save()
    assert alice.client.get("/api/system/executors").status_code == 401


def test_the_page_of_a_teams_settings_is_for_its_members(people, alice, charlie):
    path = "/t/acme/@settings"
    for person in (alice, people.bob(Role.VIEWER)):
        assert person.client.get(path).status_code == 200
    assert charlie.client.get(path).status_code == 404
    assert Client().get(path).status_code == 302


def test_who_may_not_see_system_is_not_shown_the_way(people, alice):
    assert b"/system/isolation" not in alice.client.get("/t/acme").content
    alice.user.is_staff = True
    alice.user.save()
    assert b"/system/isolation" in alice.client.get("/t/acme").content
