"""Who may do what, through HTTP, against the one table: every route × every role, a stranger, nobody."""

from itertools import pairwise

import pytest
from django.test import Client

from console.accounts.roles import TABLE, Action, Role
from tests.console.people import API

# Method and path below the team's webtasks, the action it needs, and a body that would be accepted.
ROUTES = [
    ("get", "", Action.VIEW, None),
    ("post", "", Action.CREATE, {"name": "fresh"}),
    ("get", "/hello", Action.VIEW, None),
    ("put", "/hello/draft", Action.EDIT, {"code": "x", "base": 1}),
    ("delete", "/hello/draft", Action.EDIT, None),
    ("post", "/hello/publish", Action.PUBLISH, {"message": "", "etag": "x"}),
    ("post", "/hello/run", Action.RUN, {"path": "no slash"}),
    ("get", "/hello/versions", Action.VIEW, None),
    ("get", "/hello/versions/1", Action.VIEW, None),
    ("post", "/hello/versions/1/restore", Action.RESTORE, {}),
    ("get", "/hello/logs", Action.LOGS, None),
]
ids = [f"{method} {path or '/'}" for method, path, _, _ in ROUTES]


def call(client: Client, method: str, path: str, body: object):
    headers = {"if-none-match": "*"} if method == "put" else {}
    return getattr(client, method)(path, body, content_type="application/json", headers=headers)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize(("method", "path", "action", "body"), ROUTES, ids=ids)
def test_a_member_may_what_the_table_says(people, hello, role, method, path, action, body):
    answer = call(people.bob(role).client, method, f"{API}{path}", body)
    if action in TABLE[role]:
        assert answer.status_code not in (401, 403, 404), answer.content
    else:
        assert (answer.status_code, answer.json()["id"]) == (403, "forbidden")


@pytest.mark.parametrize(("method", "path", "action", "body"), ROUTES, ids=ids)
def test_a_stranger_sees_what_is_not_there(people, hello, charlie, method, path, action, body):
    """The same words for a team and webtask that exist and for ones that do not."""
    answer = call(charlie.client, method, f"{API}{path}", body)
    absent = call(
        charlie.client, method, f"{API}{path}".replace("acme", "nada").replace("hello", "none"), body
    )
    assert answer.status_code == absent.status_code == 404
    assert answer.content == absent.content.replace(b"nada", b"acme").replace(b"none", b"hello")


@pytest.mark.parametrize(("method", "path", "action", "body"), ROUTES, ids=ids)
def test_nobody_signed_in_is_asked_to(hello, method, path, action, body):
    answer = call(Client(), method, f"{API}{path}", body)
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

    known = {
        path.replace("/hello", "/<webtask:name>").replace("/1", "/<int:number>") for _, path, _, _ in ROUTES
    }
    served = {str(route.pattern).removeprefix("teams/<team:team>/webtasks") for route in urlpatterns[:-1]}
    assert served - {"schema"} == known
