"""Fixtures of the console's suites: people, and a console that really listens."""

import threading
from http.server import ThreadingHTTPServer

import pytest
from django.conf import settings as django_settings
from django.db import connection

from console.accounts.append_only import NO_DELETE
from console.accounts.audit import Actor
from console.webtasks import executors, records
from console.webtasks.access import draft_of
from console.webtasks.actions import create_webtask, publish
from console.webtasks.content import Content
from console.webtasks.shapes import version_summary
from tests.console.listener import Listener
from tests.console.net import Net
from tests.console.people import People
from tests.console.provider import Provider
from tests.console.wire import Wire, answer


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory):
    """A file, as in life: in memory, SQLite has other locks, and threads would share one connection's."""
    database = django_settings.DATABASES["default"]
    database["TEST"] = {
        **database.get("TEST", {}),
        "NAME": str(tmp_path_factory.mktemp("db") / "test.sqlite3"),
    }


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Tests with transactions of their own empty all tables when they end, which the database refuses for the audit
    trail. Without IF EXISTS: it fails when no migration made that guard. test_append_only.py puts it back."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {NO_DELETE}")


@pytest.fixture(autouse=True)
def net():
    """No request writes without an audit event."""
    spread = Net()
    with spread.spread(), connection.execute_wrapper(spread):
        yield spread
    assert spread.caught == []


@pytest.fixture(scope="session")
def listener(django_db_setup, django_db_blocker, tmp_path_factory):
    """The console on a unix socket, for tests marked django_db(transaction=True): its threads see what is committed."""
    # Its consumers write a last time when their connections close, which may be after a test.
    with django_db_blocker.unblock():
        listening = Listener.start(tmp_path_factory.mktemp("run") / "console.sock")
        yield listening
        listening.stop()


@pytest.fixture
def people(db):
    return People.gather()


@pytest.fixture
def alice(people):
    return people.alice


@pytest.fixture
def charlie(people):
    return people.charlie


@pytest.fixture
def hello(people, alice):
    """The webtask acme/hello with version 1 live."""
    actor = Actor(alice.user.email, alice.user)
    content = Content(code="module.exports = cb => cb(null, 1)")
    webtask = create_webtask(people.team, "hello", actor=actor, content=content)
    etag = draft_of(webtask, alice.user).etag
    publication = publish(webtask, alice.user, actor=actor, message="why", seen=etag)
    return version_summary(publication.version, live=True)


@pytest.fixture
def store(hello):
    """Stores a batch as an executor's link does."""
    executors.arrive("node-1", "boot-1", {})

    def store(seq=1, lines=(), invocations=(), *, boot="boot-1", **more):
        batch = {"seq": seq, "lines": list(lines), "invocations": list(invocations), **more}
        return records.store("node-1", boot, batch)

    return store


@pytest.fixture(scope="session")
def provider():
    running = Provider.start()
    running.knows(
        "ada", email="ada@example.com", email_verified=True, name="Ada Lovelace", preferred_username="ada"
    )
    running.knows("bob", email="bob@example.com", email_verified=True)
    running.knows("unsure", email="ada@example.com", email_verified=False)
    running.knows("nameless", name="Nobody")
    yield running
    running.stop()


@pytest.fixture
def acme(db, settings, provider):
    """The provider is configured, by that name."""
    app = {
        "provider_id": "oidc",
        "name": "Acme",
        "client_id": "webtasks",
        "secret": "secret",
        "settings": {"server_url": provider.url},
    }
    kept = settings.SOCIALACCOUNT_PROVIDERS
    settings.SOCIALACCOUNT_PROVIDERS = {**kept, "openid_connect": {**kept["openid_connect"], "APPS": [app]}}
    return app


@pytest.fixture
def wire(settings):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Wire)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    settings.EXECUTOR_URL = f"http://127.0.0.1:{server.server_port}"
    Wire.answer = answer(b"hi")
    yield Wire
    server.shutdown()
    server.server_close()
