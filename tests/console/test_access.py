"""Who may do what, through HTTP, against the one table: every route × every role, a stranger, nobody."""

from functools import reduce
from itertools import pairwise

import pytest
from django.test import Client
from django.utils import timezone

from console.accounts.roles import TABLE, Action, Role
from console.deliveries.actions import Parcel, accept
from console.deliveries.models import Delivery
from console.modules.models import Install

TEAM = "/api/teams/acme"
# Method and path below the team, the action it needs, and a body that would be accepted.
ROUTES = [
    ("get", "/webtasks", Action.VIEW, None),
    ("post", "/webtasks", Action.CREATE, {"name": "fresh"}),
    ("get", "/webtasks/hello", Action.VIEW, None),
    ("delete", "/webtasks/hello", Action.DELETE, None),
    ("put", "/webtasks/hello/draft", Action.EDIT, {"code": "x", "base": 1}),
    ("delete", "/webtasks/hello/draft", Action.EDIT, None),
    ("post", "/webtasks/hello/publish", Action.PUBLISH, {"message": "", "etag": "x"}),
    ("post", "/webtasks/hello/run", Action.RUN, {"path": "no slash"}),
    ("get", "/webtasks/hello/versions", Action.VIEW, None),
    ("get", "/webtasks/hello/versions/1", Action.VIEW, None),
    ("post", "/webtasks/hello/versions/1/restore", Action.RESTORE, {}),
    ("get", "/webtasks/hello/logs", Action.LOGS, None),
    ("get", "/webtasks/hello/metrics", Action.LOGS, None),
    ("get", "/webtasks/hello/limits", Action.VIEW, None),
    ("patch", "/webtasks/hello/limits", Action.LIMIT, {"wall_ms": 1000}),
    ("get", "/webtasks/hello/egress", Action.LOGS, None),
    ("get", "/webtasks/hello/egress/rules", Action.VIEW, None),
    ("put", "/webtasks/hello/egress/rules", Action.LIMIT, {"rules": ["api.example.com:443"]}),
    ("get", "/webtasks/hello/schedules", Action.VIEW, None),
    ("post", "/webtasks/hello/schedules", Action.SCHEDULE, {"schedule": "0 5 * * *"}),
    ("get", "/webtasks/hello/schedules/nightly", Action.VIEW, None),
    ("patch", "/webtasks/hello/schedules/nightly", Action.SCHEDULE, {"state": "inactive"}),
    ("delete", "/webtasks/hello/schedules/nightly", Action.SCHEDULE, None),
    ("get", "/webtasks/hello/schedules/nightly/history", Action.LOGS, None),
    ("get", "/webtasks/hello/secrets", Action.VIEW, None),
    ("patch", "/webtasks/hello/secrets", Action.SECRETS, {"secrets": {"KEY": "x"}}),
    ("get", "/webtasks/hello/storage", Action.READ_DATA, None),
    ("put", "/webtasks/hello/storage", Action.WRITE_DATA, {"data": "1"}),
    ("delete", "/webtasks/hello/storage", Action.WRITE_DATA, None),
    ("get", "/webtasks/hello/deliveries", Action.LOGS, None),
    ("get", "/webtasks/hello/deliveries/t1", Action.LOGS, None),
    ("post", "/webtasks/hello/deliveries/t1/replay", Action.RUN, {}),
    ("get", "/webtasks/hello/modules", Action.VIEW, None),
    ("post", "/webtasks/hello/modules", Action.EDIT, {"name": "lodash", "version": "4.17.21"}),
    ("get", "/webtasks/hello/modules/installs/abc123", Action.VIEW, None),
    ("delete", "/webtasks/hello/modules/lodash", Action.EDIT, None),
    ("get", "/limits", Action.VIEW, None),
    ("patch", "/limits", Action.LIMIT, {"wall_ms": None}),
]
ids = [f"{method} {path}" for method, path, _, _ in ROUTES]


@pytest.fixture
def nightly(alice, hello):
    """The schedule acme/nightly of acme/hello, its delivery t1, and the installation abc123."""
    Install.objects.create(key="", wish={}, run="abc123", asked_at=timezone.now())
    made = alice.post("/hello/schedules", {"name": "nightly", "schedule": "0 4 * * *"})
    assert made.status_code == 201, made.content
    accept(
        Parcel(
            team="acme", webtask="hello", method="POST", host="h", url="/", headers=[], body=b"", key="",
        )
    )  # fmt: skip
    Delivery.objects.update(ticket="t1")


def call(client: Client, method: str, path: str, body: object):
    headers = {"if-none-match": "*"} if method == "put" else {}
    return getattr(client, method)(path, body, content_type="application/json", headers=headers)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize(("method", "path", "action", "body"), ROUTES, ids=ids)
def test_a_member_may_what_the_table_says(people, nightly, role, method, path, action, body):
    answer = call(people.bob(role).client, method, f"{TEAM}{path}", body)
    if action in TABLE[role]:
        assert answer.status_code not in (401, 403, 404), answer.content
    else:
        assert (answer.status_code, answer.json()["id"]) == (403, "forbidden")


@pytest.mark.parametrize(("method", "path", "action", "body"), ROUTES, ids=ids)
def test_a_stranger_sees_what_is_not_there(people, hello, charlie, method, path, action, body):
    """The same words for a team and webtask that exist and for ones that do not."""
    answer = call(charlie.client, method, f"{TEAM}{path}", body)
    absent = call(
        charlie.client, method, f"{TEAM}{path}".replace("acme", "nada").replace("hello", "none"), body
    )
    assert answer.status_code == absent.status_code == 404
    assert answer.content == absent.content.replace(b"nada", b"acme").replace(b"none", b"hello")


@pytest.mark.parametrize(("method", "path", "action", "body"), ROUTES, ids=ids)
def test_nobody_signed_in_is_asked_to(hello, method, path, action, body):
    answer = call(Client(), method, f"{TEAM}{path}", body)
    assert (answer.status_code, answer.json()["id"]) == (401, "not-signed-in")


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
        Action.MANAGE,
    }


def test_each_role_may_what_the_lesser_may():
    table = [TABLE[role] for role in (Role.OWNER, Role.ADMIN, Role.DEVELOPER, Role.OPERATOR, Role.VIEWER)]
    assert all(greater >= lesser for greater, lesser in pairwise(table))


def test_every_route_of_the_api_is_in_this_table():
    from console.api.urls import urlpatterns

    names = {
        "/hello": "/<webtask:name>",
        "/1": "/<int:number>",
        "/nightly": "/<webtask:schedule>",
        "/t1": "/<str:ticket>",
        "/lodash": "/<path:module>",
        "/abc123": "/<str:run>",
    }
    known = {reduce(lambda path, name: path.replace(*name), names.items(), path) for _, path, _, _ in ROUTES}
    served = {str(route.pattern).removeprefix("teams/<team:team>") for route in urlpatterns[:-1]}
    system = {path.removeprefix("/api/").replace("/1/", "/<int:number>/") for _, path in SYSTEM}
    assert served - {"schema", "deliveries/<str:ticket>"} == known | system


# -- System: for the staff of the installation, whatever their teams -------------------------------------------

SYSTEM = [
    ("get", "/api/system/executors"),
    ("post", "/api/system/executors/1/inspect"),
    ("get", "/api/system/executors/1/attacks"),
    ("post", "/api/system/executors/1/attacks"),
    ("get", "/api/system/events"),
]


@pytest.mark.parametrize(("method", "path"), [*SYSTEM, ("get", "/system/isolation")])
def test_system_is_for_staff(people, alice, charlie, method, path):
    bob = people.bob(Role.ADMIN)
    for person in (alice, bob, charlie):
        assert call(person.client, method, path, None).status_code == 403
    assert call(Client(), method, path, None).status_code in (302, 401)
    charlie.user.is_staff = True
    charlie.user.save()
    # A stranger to every team may be staff. (404: there is no executor 1, or it has not run.)
    assert call(charlie.client, method, path, None).status_code in (200, 404)


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
