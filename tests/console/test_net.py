"""What the net under the tests catches: a write that is not recorded fails the test that made it."""

import re

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test import Client

from console.accounts.audit import SYSTEM, record
from console.accounts.models import AuditEvent, Team, Token
from console.accounts.sentences import SENTENCES
from console.jobs.kinds import KINDS
from console.webtasks.models import Draft
from tests.architecture.test_shape import tracked
from tests.console import net as nets
from tests.console.test_access import ROUTES, TEAM, nightly  # noqa: F401 - a fixture
from tests.console.walk.walk import call, row

WRITES = [one for one in ROUTES if one[0] != "get" and "OWN" not in one[1]]
# They write nothing with these bodies, or what is a person's own note.
IDLE = {
    ("post", "/webtasks/hello/run"),
    ("put", "/webtasks/hello/draft"),
    ("delete", "/webtasks/hello/draft"),
    ("post", "/webtasks/hello/resume"),
    ("patch", "/members/7"),
    ("delete", "/invitations/7"),
}


@pytest.fixture
def catch(net):
    """What the net catches of some work."""

    def catch(work) -> list[str]:
        with net.watching("the work"):
            work()
        caught: list[str] = net.caught
        net.caught = []
        return caught

    return catch


def rename(name: str) -> None:
    Team.objects.filter(slug="acme").update(name=name)


@pytest.mark.parametrize(
    "work",
    [
        lambda: rename("x"),
        lambda: Team.objects.create(slug="new", name="New"),
        lambda: Team.objects.get(slug="chaos").delete(),
        lambda: Team.objects.bulk_create([Team(slug="new", name="New")]),
        lambda: Token.objects.update(last_used_at=None, name="x"),
        lambda: connection.cursor().execute('UPDATE "accounts_team" SET "name" = "x"'),
    ],
)
@pytest.mark.parametrize("whole", [True, False])
def test_a_write_that_is_not_recorded_is_caught(people, catch, work, whole):
    caught = catch(transaction.atomic(work) if whole else work)
    assert caught[0].startswith("the work writes accounts_")


def test_an_event_of_another_transaction_does_not_count(people, catch):
    def apart():
        with transaction.atomic():
            record(SYSTEM, "test", None, "x")
        with transaction.atomic():
            rename("x")

    def together():
        with transaction.atomic():
            rename("x")
            with transaction.atomic():
                record(SYSTEM, "test", None, "x")

    assert len(catch(apart)) == 1
    assert catch(together) == []


def test_what_was_rolled_back_was_not_written(people, catch):
    def regretted():
        with transaction.atomic():
            rename("x")
            transaction.set_rollback(True)

    def event_regretted():
        with transaction.atomic():
            rename("x")
            with transaction.atomic():
                record(SYSTEM, "test", None, "x")
                transaction.set_rollback(True)

    assert catch(regretted) == []
    assert len(catch(event_regretted)) == 1


def test_what_is_exempt_is_there():
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    assert nets.EXEMPT.keys() <= tables
    assert {table for table, _ in nets.EXEMPT_COLUMNS} <= tables
    assert not {Draft._meta.db_table} - nets.EXEMPT.keys()


@pytest.mark.parametrize("name", sorted(name for name, kind in KINDS.items() if kind.every))
def test_what_jobs_do_by_themselves_is_recorded(people, hello, net, name):
    Token.objects.create(team=people.team, name="old", claims={"exp": 1})
    with net.watching(name):
        KINDS[name].run()


def test_every_action_has_its_sentence():
    source = "\n".join(path.read_text() for path in tracked("console/*.py"))
    recorded = set(re.findall(r'\b(?:record|note)\(\s*[\w.()]+,\s*(?:[\w.()]+,\s*)?"([a-z.-]+)"', source))
    recorded |= set(re.findall(r'"([a-z]+\.[a-z.-]+)" if \w+ else "(?:[a-z.-]+)"', source))
    assert recorded - SENTENCES.keys() == set()
    assert len(recorded) > 30


# -- whole or not at all --------------------------------------------------------------------------------------


def everything() -> dict[str, list[object]]:
    """Of all tables whose writes are recorded."""
    kept = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table not in nets.EXEMPT:
                cursor.execute(f'SELECT * FROM "{table}"')
                kept[table] = cursor.fetchall()
    return kept


@pytest.fixture
def writes(alice, nightly, request):  # noqa: F811
    """Each write of the API by alice; a failure that nobody foresaw is answered as one."""
    client = Client(raise_request_exception=False)
    client.force_login(alice.user)
    method, path, action, body = request.param
    return lambda: call(client, row(method, f"{TEAM}{path}", action, body))


every_write = pytest.mark.parametrize(
    "writes",
    [write for write in WRITES if write[:2] not in IDLE],
    ids=[f"{one[0]} {one[1]}" for one in WRITES if one[:2] not in IDLE],
    indirect=True,
)


@every_write
def test_when_the_event_fails_nothing_is_written(writes, monkeypatch):
    before = everything()
    monkeypatch.setattr(AuditEvent, "save", _fail)
    answer = writes()
    assert answer.status_code >= 400
    assert everything() == before


@every_write
def test_when_the_write_fails_there_is_no_event(writes):
    def refuse(execute, sql, params, *more):
        write = nets._WRITE.match(sql)
        if write and write[1] not in nets.EXEMPT and write[1] != nets.TRAIL:
            _fail()
        return execute(sql, params, *more)

    before = everything()
    with connection.execute_wrapper(refuse):
        answer = writes()
    assert answer.status_code >= 400
    assert everything() == before


def _fail(*_args: object, **_kwargs: object) -> None:
    raise RuntimeError("the disk is full")
