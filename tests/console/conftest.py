"""Fixtures of the console's suites: people, and a console that really listens."""

import pytest
from django.conf import settings as django_settings

from tests.console.people import People, Person


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory):
    """A file, as in life: in memory, SQLite has other locks, and threads would share one connection's."""
    database = django_settings.DATABASES["default"]
    database["TEST"] = {
        **database.get("TEST", {}),
        "NAME": str(tmp_path_factory.mktemp("db") / "test.sqlite3"),
    }


@pytest.fixture
def people(db) -> People:
    return People.gather()


@pytest.fixture
def alice(people) -> Person:
    return people.alice


@pytest.fixture
def charlie(people) -> Person:
    return people.charlie


@pytest.fixture
def hello(alice):
    """The webtask acme/hello with version 1 live."""
    assert alice.post("", {"name": "hello"}).status_code == 201
    answer = alice.publish("hello", "module.exports = cb => cb(null, 1)")
    assert answer.status_code == 201, answer.content
    return answer.json()["version"]
