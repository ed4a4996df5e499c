"""Nobody changes the audit trail: not the code, not whoever speaks to the database, until an event is old enough to go."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from console.accounts import append_only, audit
from console.accounts.audit import SYSTEM, changes, drop_older, record
from console.accounts.models import AuditEvent, Team
from console.accounts.tasks import drop_old_events
from tests.clients.servers.process import folder, run

AGES = {"old": 31, "young": 29}


@pytest.fixture
def guarded(db):
    """As the migration leaves it; SQLite's transaction takes it back at the end."""
    with connection.cursor() as cursor:
        for statement in append_only.statements(connection.vendor):
            cursor.execute(statement)


@pytest.fixture
def events(guarded):
    """One of each age; the code writes none but of this moment."""
    for name, days in AGES.items():
        put(name, days)


def put(name: str, days: float) -> None:
    at = connection.ops.adapt_datetimefield_value(timezone.now() - timedelta(days=days))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_auditevent (at, actor, address, token, team, action, object, detail)"
            " VALUES (%s, %s, '', '', '', 'test', 'x', '{}')",
            [at, name],
        )


def by_name() -> set[str]:
    return set(AuditEvent.objects.filter(action="test").values_list("actor", flat=True))


def test_the_code_changes_no_event(events):
    event = AuditEvent.objects.latest("id")
    all_of_them = AuditEvent.objects.all()
    for change in (event.save, event.delete, all_of_them.delete, lambda: all_of_them.update(actor="nobody")):
        with pytest.raises(TypeError, match="append-only"):
            change()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE accounts_auditevent SET actor = 'nobody'",
        "UPDATE accounts_auditevent SET actor = 'nobody' WHERE actor = 'old'",
        "DELETE FROM accounts_auditevent",
        "DELETE FROM accounts_auditevent WHERE actor = 'young'",
        "INSERT OR REPLACE INTO accounts_auditevent SELECT * FROM accounts_auditevent WHERE actor = 'old'",
        "REPLACE INTO accounts_auditevent SELECT * FROM accounts_auditevent WHERE actor = 'young'",
        "INSERT INTO accounts_auditevent SELECT * FROM accounts_auditevent WHERE true"
        " ON CONFLICT (id) DO UPDATE SET actor = 'nobody'",
    ],
)
def test_the_database_changes_no_event(events, statement):
    refusal = pytest.raises(DatabaseError, match="append-only")
    with refusal, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert by_name() == {"old", "young"}


def test_an_event_that_is_old_enough_may_go(events):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM accounts_auditevent WHERE actor = 'old'")
    assert by_name() == {"young"}


def test_postgresql_guards_it_the_same():
    """A real one, told what the migration tells it."""
    table = "CREATE TABLE accounts_auditevent (id int PRIMARY KEY, at timestamptz NOT NULL, actor text)"
    rows = (
        "INSERT INTO accounts_auditevent VALUES (1, now() - interval '31 days', 'old'),"
        " (2, now() - interval '29 days', 'young')"
    )
    attempts = [
        "UPDATE accounts_auditevent SET actor = 'nobody'",
        "DELETE FROM accounts_auditevent WHERE actor = 'young'",
        "TRUNCATE accounts_auditevent",
        "INSERT INTO accounts_auditevent VALUES (1, now(), '') ON CONFLICT (id) DO UPDATE SET actor = 'nobody'",
    ]
    allowed = ["DELETE FROM accounts_auditevent WHERE actor = 'old'", "SELECT actor FROM accounts_auditevent"]
    said = [table, *append_only.statements("postgresql"), rows, *attempts, *allowed]
    with folder() as place:
        data = ["-D", str(place / "data")]
        run(["initdb", *data, "--username=webtask", "--no-sync", "--encoding=UTF8", "--locale=C"], place)
        answer = run(["postgres", "--single", "-j", *data, "postgres"], place, said=";\n\n".join([*said, ""]))
    assert answer.count("ERROR:  audit events are append-only") == answer.count("ERROR: ") == len(attempts)
    assert 'actor = "young"' in answer
    assert 'actor = "old"' not in answer


def test_a_database_that_nobody_wrote_a_guard_for_gets_no_trail():
    with pytest.raises(NotImplementedError, match="oracle"):
        append_only.statements("oracle")


# -- retention ------------------------------------------------------------------------------------------------


def test_events_are_kept_for_the_days_that_are_set_and_their_end_is_told(events, settings):
    settings.KEEP_AUDIT_DAYS = 30
    drop_old_events()
    assert by_name() == {"young"}
    told = AuditEvent.objects.get(action="audit.drop")
    assert (told.actor, told.detail["events"]) == ("system", 1)
    drop_old_events()
    assert AuditEvent.objects.filter(action="audit.drop").count() == 1


def test_they_go_in_parts_each_of_which_tells_its_own(guarded, monkeypatch):
    monkeypatch.setattr(audit, "CHUNK", 3)
    for number in range(7):
        put(f"old {number}", 400 - number)
    put("young", 1)
    drop_older(timezone.now() - timedelta(days=365))
    assert by_name() == {"young"}
    told = AuditEvent.objects.filter(action="audit.drop").order_by("id")
    assert [event.detail["events"] for event in told] == [3, 3, 1]


# -- what an event is -----------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_an_event_belongs_in_a_transaction():
    with pytest.raises(transaction.TransactionManagementError):
        record(SYSTEM, "test", None, "x")


def test_a_team_that_is_gone_gets_no_event(people):
    """It would be nobody's."""
    team = Team.objects.get(slug="chaos")
    team.delete()
    with pytest.raises(ValueError, match="before it is deleted"):
        record(SYSTEM, "team.delete", team, "chaos")


def test_what_differs_is_told_and_nothing_else():
    told = changes({"a": 1, "b": 2, "gone": None}, {"a": 1, "b": 3, "new": None})
    assert told == {"before": {"b": 2, "gone": None}, "after": {"b": 3, "new": None}}


def test_a_detail_is_bounded(db):
    record(
        SYSTEM, "test", None, "x", text="a" * 10_000, names=["n"] * 1000, meta={str(n): n for n in range(999)}
    )
    detail = AuditEvent.objects.get(action="test").detail
    assert (len(detail["text"]), len(detail["names"]), len(detail["meta"])) == (501, 100, 100)
