"""Runs of the attack suite: a person starts one on an executor, which reports each attempt and the end."""

import secrets
from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any, TypedDict

from django.db import transaction
from django.utils import timezone

from console.accounts.audit import Actor, record
from console.problems import Absent, Busy, Unreachable
from console.webtasks.events import order, ring_system
from console.webtasks.isolation import MAX_TEXT
from console.webtasks.models import AttackRun, Executor
from console.webtasks.storable import text

# Of one executor; older ones go when a new one starts.
KEPT = 5
MAX_RESULTS = 1000
# A run that has not ended by then never will: the executor has lost it.
LONGEST = timedelta(minutes=30)


class Result(TypedDict):
    name: str
    language: str
    group: str
    expected: str
    outcome: str
    passed: bool
    ms: float
    detail: str


def start(executor: Executor, *, actor: Actor) -> AttackRun:
    """Raises Unreachable (it has no link), Busy (one is under way)."""
    require_link(executor)
    with transaction.atomic():
        executor = Executor.objects.select_for_update().get(pk=executor.pk)
        runs = AttackRun.objects.filter(executor=executor)
        if runs.filter(finished_at=None, started_at__gt=timezone.now() - LONGEST).exists():
            raise Busy(f"The attack suite is already running on {executor}. Wait for its end.")
        run = AttackRun.objects.create(
            run=secrets.token_hex(8), executor=executor, starter=actor.name, started_at=timezone.now()
        )
        kept = runs.order_by("-id").values_list("id", flat=True)[:KEPT]
        runs.exclude(id__in=list(kept)).delete()
        record(actor, "executor.attack", None, executor.name, run=run.run)
        transaction.on_commit(partial(order, executor.name, {"t": "attack", "run": run.run}))
        transaction.on_commit(ring_system)
    return run


def newest(executor: Executor) -> AttackRun:
    """Raises Absent."""
    run = AttackRun.objects.filter(executor=executor).order_by("-id").first()
    if run is None:
        raise Absent(f"The attack suite has not run on {executor} yet.")
    return run


def require_link(executor: Executor) -> None:
    """Raises Unreachable."""
    if not Executor.objects.listening().filter(pk=executor.pk).exists():
        raise Unreachable(f"{executor} has no link to the console. Start it, then try again.")


def note(executor: str, run: str, said: Any) -> None:
    """One attempt. Of another executor's run, or of one that is over, nothing is kept."""
    with transaction.atomic():
        found = _open(executor, run)
        if found and isinstance(said, Mapping) and len(found.results) < MAX_RESULTS:
            found.results.append(_result(said))
            found.save(update_fields=["results"])


def finish(executor: str, run: str, *, error: str) -> None:
    with transaction.atomic():
        found = _open(executor, run)
        if found:
            _end(found, error)


def abandon(executor: str, boot: str) -> None:
    """A link of this boot has gone or is new: whatever an older one was doing for us, nobody will hear its end."""
    lost = AttackRun.objects.filter(executor__name=executor, executor__boot=boot, finished_at=None)
    lost.update(finished_at=timezone.now(), error="The executor went away before the end.")


def _open(executor: str, run: str) -> AttackRun | None:
    running = AttackRun.objects.select_for_update(of=("self",)).filter(finished_at=None)
    return running.filter(executor__name=executor, run=run).first()


def _end(run: AttackRun, error: str) -> None:
    run.error = text(error, 1000)
    run.finished_at = timezone.now()
    run.save(update_fields=["error", "finished_at"])


def _result(said: Mapping[str, Any]) -> Result:
    ms = said.get("ms")
    return {
        "name": text(said.get("name", ""), 200),
        "language": text(said.get("language", ""), 20),
        "group": text(said.get("group", ""), 100),
        "expected": text(said.get("expected", ""), MAX_TEXT),
        "outcome": text(said.get("outcome", ""), MAX_TEXT),
        "passed": said.get("passed") is True,
        "ms": round(float(ms), 1) if isinstance(ms, int | float) and 0 <= ms < 10**9 else 0.0,
        "detail": text(said.get("detail", ""), MAX_TEXT),
    }
