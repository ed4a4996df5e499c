"""How long sets of packages are kept, and what becomes of an installation that nobody finishes."""

import hashlib
import io
import os
import threading
from datetime import timedelta

import pytest
from django.utils import timezone

from console.modules import actions, archives, tasks
from console.modules.models import Install
from console.modules.states import State
from console.problems import Absent, Invalid, NotInstalled
from console.webtasks.models import Version

WISH = {"one": "1.0.0"}


@pytest.fixture(autouse=True)
def place(db, settings, tmp_path):
    settings.DATA = tmp_path


def kept(content: bytes) -> str:
    digest = hashlib.sha256(content).hexdigest()
    archives.keep(digest, io.BytesIO(content))
    return digest


def said(**changes):
    return {"digest": kept(b"x"), "lock": "{}", "versions": WISH, "error": "", "lines": ["added"], **changes}


def begun() -> Install:
    install = actions.begin(actions.ask(WISH).run, "node-1")
    assert install is not None
    return install


def test_an_archive_is_what_it_is_called():
    with pytest.raises(Invalid):
        archives.keep("0" * 64, io.BytesIO(b"x"))
    with pytest.raises(Invalid):
        archives.keep("../x", io.BytesIO(b"x"))
    assert archives.find(kept(b"x")).read_bytes() == b"x"


def test_equal_wishes_are_one_installation():
    assert actions.ask(WISH) == actions.ask(dict(WISH))


def test_a_set_is_used_again_by_whoever_wishes_the_same():
    actions.conclude("node-1", begun().run, said())
    assert actions.ready(WISH, "").modules == kept(b"x")


@pytest.mark.parametrize(
    "changes",
    [
        {"digest": "../../x"},
        {"digest": "0" * 64},
        {"versions": {}},
        {"versions": {"two": "1"}},
        {"error": "no"},
    ],
)
def test_an_outcome_that_cannot_be_is_a_failure(changes):
    install = begun()
    actions.conclude("node-1", install.run, said(**changes))
    install.refresh_from_db()
    assert (install.state, install.archive) == (State.FAILED, "")


def test_half_a_character_of_a_strangers_package_breaks_nothing():
    install = begun()
    actions.conclude("node-1", install.run, said(lock="\ud800\0", lines=["\ud800"]))
    install.refresh_from_db()
    assert install.state == State.AVAILABLE


def test_another_executor_cannot_speak_for_the_one_at_work():
    install = begun()
    actions.conclude("node-2", install.run, said())
    install.refresh_from_db()
    assert install.state == State.INSTALLING


def test_who_waits_for_an_executor_that_went_away_hears_of_it():
    install = begun()
    actions.abandon("node-1")
    with pytest.raises(NotInstalled):
        actions.settled(Install.objects.get(pk=install.pk))


def test_without_any_executor_nobody_waits():
    with pytest.raises(NotInstalled):
        actions.ready(WISH, "")


def test_few_wait_at_once(monkeypatch):
    monkeypatch.setattr(actions, "_waiting", threading.BoundedSemaphore(1))
    actions._waiting.acquire()
    with pytest.raises(NotInstalled, match="Try again"):
        actions.settled(begun())


def test_what_takes_too_long_has_failed():
    install = begun()
    Install.objects.update(asked_at=timezone.now() - tasks.OVERDUE - timedelta(seconds=1))
    tasks.give_up_overdue()
    install.refresh_from_db()
    assert install.state == State.FAILED


def test_what_a_version_has_is_kept_and_the_rest_goes_in_time(hello):
    used, unused = kept(b"used"), kept(b"unused")
    Version.objects.update(modules=used)
    for digest in (used, unused):
        os.utime(archives.find(digest), (0, 0))
        values = {
            "key": digest,
            "run": digest[:32],
            "archive": digest,
            "state": State.AVAILABLE,
            "wish": WISH,
        }
        Install.objects.create(**values, asked_at=timezone.now() - tasks.KEEP - timedelta(days=1))
    tasks.prune()
    assert [install.archive for install in Install.objects.all()] == [used]
    assert archives.find(used).is_file()
    with pytest.raises(Absent):
        archives.find(unused)
