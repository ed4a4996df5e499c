"""Every write to sets of packages: asking for one, what becomes of it, what a webtask's next version will have."""

import secrets
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from console.accounts.audit import Actor, changes, record
from console.accounts.models import User
from console.jobs.queue import enqueue
from console.modules import archives, wanted
from console.modules.access import dependencies_of
from console.modules.models import Install, Staged
from console.modules.states import UNDER_WAY, State
from console.problems import Absent, NotInstalled
from console.webtasks.access import draft_of
from console.webtasks.content import Content
from console.webtasks.deployments import limits_of
from console.webtasks.models import Draft, Executor, Webtask
from console.webtasks.storable import text
from executor.contract import Limits

INSTALL = "modules.install"
# Whoever publishes waits for so long; the installation goes on without them.
PATIENCE_SECONDS = 90.0
_LOOK_SECONDS = 0.1
# Each waits in one of the few threads that answer requests, everybody's.
_waiting = threading.BoundedSemaphore(4)
MOST_OUTPUT = 200_000
MOST_LOCK = 8_000_000
# A tag or a range may mean another version by then.
FRESH = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Ready:
    """Packages that can be published: `dependencies` with the versions they have, `modules` the archive's digest or ""."""

    dependencies: Mapping[str, str]
    modules: str


def ask(wish: Mapping[str, str], *, again: bool = True) -> Install:
    """The row of that set: installed, under way, or begun now. What failed a moment ago is tried `again`, or not."""
    key, now = wanted.key_of(wish), timezone.now()
    with transaction.atomic():
        begun = {"wish": dict(wish), "run": secrets.token_hex(16), "asked_at": now}
        install, made = Install.objects.get_or_create(key=key, defaults=begun)
        if not made and _stale(install, again=again):
            values = {**begun, "state": State.QUEUED, "output": "", "error": "", "finished_at": None}
            made = bool(Install.objects.filter(pk=install.pk, run=install.run).update(**values))
            install.refresh_from_db()
        if made:
            enqueue(INSTALL, run=install.run)
        else:
            # What is asked for is not swept away.
            Install.objects.filter(pk=install.pk, state=State.AVAILABLE).update(asked_at=now)
    return install


def _stale(install: Install, *, again: bool) -> bool:
    age = timezone.now() - (install.finished_at or install.asked_at)
    if install.state == State.FAILED:
        return again or age > FRESH
    exact = all(
        version.removeprefix("npm:").rpartition("@")[2][:1].isdigit() for version in install.wish.values()
    )
    return install.state == State.AVAILABLE and age > FRESH and not exact


def ready(
    dependencies: Mapping[str, str], code: str, *, most: int = wanted.MOST, patient: bool = True
) -> Ready:
    """Waits until what code needs is installed, `most` packages. Outside of any transaction. Raises Invalid, NotInstalled."""
    wish = wanted.wish(dependencies, code, most=most)
    if not wish:
        return Ready(dependencies, "")
    install = settled(ask(wish), patience=PATIENCE_SECONDS if patient else 0)
    found = {name: install.versions.get(name, version) for name, version in dependencies.items()}
    return Ready(found, install.archive)


def prepare_draft(webtask: Webtask, user: User) -> None:
    """The saved draft, if there is one, gets what its code needs, for a run or to be published. Waits as ready() does."""
    draft = draft_of(webtask, user)
    if draft.saved is None:
        return
    found = ready(dependencies_of(webtask), draft.text, most=limits_of(webtask).packages)
    Draft.objects.filter(pk=draft.saved.pk).update(
        dependencies=dict(found.dependencies), modules=found.modules
    )


def complete(content: Content, *, limits: Limits, patient: bool) -> Content:
    """With the packages that its meta lists and its code names. Waits as ready() does."""
    listed = wanted.parse(content.meta)
    found = ready(listed, content.text, most=limits.packages, patient=patient)
    return replace(content, modules=found.modules)


def settled(install: Install, *, patience: float = PATIENCE_SECONDS) -> Install:
    """Available. Raises NotInstalled."""
    if install.state in UNDER_WAY:
        if not _waiting.acquire(blocking=False):
            raise NotInstalled("The packages are being installed. Try again in a moment.")
        try:
            _wait(install, patience)
        finally:
            _waiting.release()
    if install.state == State.FAILED:
        raise NotInstalled(f"The packages could not be installed: {install.error}", output=install.output)
    return install


def _wait(install: Install, patience: float) -> None:
    """Raises NotInstalled."""
    until = time.monotonic() + patience
    while install.state in UNDER_WAY:
        if install.state == State.QUEUED and not Executor.objects.listening().exists():
            raise NotInstalled("No executor is here to install packages.")
        if time.monotonic() >= until:
            raise NotInstalled("The packages are still being installed. Try again in a moment.")
        time.sleep(_LOOK_SECONDS)
        install.refresh_from_db(fields=["state"])
    install.refresh_from_db()


# -- what executors say ----------------------------------------------------------------------------------------


def begin(run: str, executor: str) -> Install | None:
    """`executor` is the boot of the one that will. None when it was begun already, or another attempt has taken its place."""
    values = {"state": State.INSTALLING, "executor": executor, "asked_at": timezone.now()}
    won = Install.objects.filter(run=run, state=State.QUEUED).update(**values)
    return Install.objects.get(run=run) if won else None


def note(executor: str, run: str, lines: list[str]) -> None:
    with transaction.atomic():
        install = _under_way(executor, run)
        if install is not None:
            install.output = _added(install.output, [text(line, MOST_OUTPUT) for line in lines])
            install.save(update_fields=["output"])


def conclude(executor: str, run: str, said: Mapping[str, Any]) -> None:
    with transaction.atomic():
        install = _under_way(executor, run)
        if install is None:
            return
        install.output = _added(install.output, [text(line, MOST_OUTPUT) for line in said.get("lines", ())])
        install.error = text(said.get("error") or "", 4000)
        if not install.error:
            install.error = _take(install, said)
        # A range that was looked up anew in vain: what it was before still is there.
        install.state = State.FAILED if install.error and not install.archive else State.AVAILABLE
        install.finished_at = timezone.now()
        install.save()
        ring()


def _take(install: Install, said: Mapping[str, Any]) -> str:
    """What came of it; "" when that is good. Strangers' packages had a say in all of it."""
    digest, lock, told = text(said["digest"], 64), text(said["lock"], MOST_LOCK), said["versions"]
    if not isinstance(told, dict):
        return "the executor did not say which versions they are"
    versions = {text(name, 300): text(version, 300) for name, version in told.items()}
    try:
        archives.find(digest)
    except Absent:
        return "the executor did not bring the archive"
    if versions.keys() != install.wish.keys():
        return "npm installed other packages than were asked for"
    install.archive, install.lock, install.versions = digest, lock, versions
    return ""


def ring() -> None:
    """Whoever waits longest has the next turn: an executor installs one set at a time."""
    waiting = Install.objects.filter(state=State.QUEUED).order_by("asked_at").first()
    if waiting is not None:
        enqueue(INSTALL, run=waiting.run)


def abandon(executor: str) -> None:
    """Its link has gone or is new: whatever it was installing, nobody will hear the end of. `executor` is its boot."""
    lost = Install.objects.filter(executor=executor, state=State.INSTALLING)
    lost.update(
        state=State.FAILED, error="the executor that installed them went away", finished_at=timezone.now()
    )
    ring()


def give_up(install: Install, why: str) -> None:
    values = {"state": State.FAILED, "error": why, "finished_at": timezone.now()}
    Install.objects.filter(pk=install.pk, run=install.run, state__in=UNDER_WAY).update(**values)


def _under_way(executor: str, run: str) -> Install | None:
    found = Install.objects.select_for_update().filter(run=run, state=State.INSTALLING, executor=executor)
    return found.first()


def _added(output: str, lines: list[str]) -> str:
    return "".join([output, *(f"{line}\n" for line in lines)])[:MOST_OUTPUT]


# -- a webtask's next version ----------------------------------------------------------------------------------


def add_module(webtask: Webtask, name: str, version: str, *, actor: Actor) -> None:
    """`version` may be a range or a tag. Raises Invalid."""
    wanted.check(name, version)
    before = dependencies_of(webtask)
    after = {**before, name: version}
    wanted.wish(after, "", most=limits_of(webtask).packages)
    _stage(webtask, before, after, actor=actor)


def remove_module(webtask: Webtask, name: str, *, actor: Actor) -> None:
    before = dependencies_of(webtask)
    left = {other: version for other, version in before.items() if other != name}
    _stage(webtask, before, left, actor=actor)


def unstage(webtask: Webtask) -> None:
    """A version was published: what it has is what there is."""
    Staged.objects.filter(webtask=webtask).delete()


def stage_fork(webtask: Webtask, content: Content) -> None:
    """What it was forked from lists is what its first version will have. Raises Invalid."""
    dependencies = wanted.parse(content.meta)
    wanted.wish(dependencies, content.text, most=limits_of(webtask).packages)
    if dependencies:
        Staged.objects.create(webtask=webtask, dependencies=dependencies)


def _stage(
    webtask: Webtask, before: Mapping[str, str], dependencies: Mapping[str, str], *, actor: Actor
) -> None:
    with transaction.atomic():
        Staged.objects.update_or_create(webtask=webtask, defaults={"dependencies": dict(dependencies)})
        record(actor, "webtask.modules", webtask.team, str(webtask), **changes(before, dependencies))
