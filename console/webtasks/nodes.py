"""What System shows: the nodes with their walls, their last attack runs, and security events."""

from typing import TypedDict

from django.db.models import Max

from console.webtasks.attacks import Result
from console.webtasks.isolation import Report
from console.webtasks.models import AttackRun, Executor, SecurityEvent
from console.webtasks.shapes import instant

EVENTS = 50


class ExecutorShape(TypedDict):
    """`isolation` is None when it has not told; `probed_at` is when it did."""

    id: int
    name: str
    online: bool
    ready: bool
    probed_at: str | None
    isolation: Report | None


class RunShape(TypedDict):
    """A run of the attack suite without its results."""

    run: str
    executor: int
    starter: str
    started_at: str
    finished_at: str | None
    error: str
    passed: int
    failed: int


class RunResultsShape(RunShape):
    results: list[Result]


class EventShape(TypedDict):
    id: int
    executor: str
    team: str
    webtask: str | None
    label: str
    invocation: str
    time: str
    kind: str
    what: str
    text: str


def executor_shape(executor: Executor, listening: set[int]) -> ExecutorShape:
    state = executor.state
    return {
        "id": executor.pk,
        "name": executor.name,
        "online": executor.pk in listening,
        "ready": executor.ready,
        "probed_at": state.get("probed_at"),
        "isolation": state.get("isolation"),
    }


def run_shape(run: AttackRun) -> RunShape:
    passed = sum(result["passed"] for result in run.results)
    return {
        "run": run.run,
        "executor": run.executor_id,
        "starter": run.starter,
        "started_at": instant(run.started_at),
        "finished_at": instant(run.finished_at) if run.finished_at else None,
        "error": run.error,
        "passed": passed,
        "failed": len(run.results) - passed,
    }


def run_results_shape(run: AttackRun) -> RunResultsShape:
    return {**run_shape(run), "results": run.results}


def event_shape(event: SecurityEvent) -> EventShape:
    return {
        "id": event.pk,
        "executor": event.executor,
        "team": event.team.slug,
        "webtask": event.webtask.name if event.webtask else None,
        "label": event.label,
        "invocation": event.invocation,
        "time": instant(event.time),
        "kind": event.kind,
        "what": event.what,
        "text": event.text,
    }


def listening() -> set[int]:
    return set(Executor.objects.listening().values_list("id", flat=True))


def last_runs() -> list[AttackRun]:
    """The newest of each executor."""
    newest = AttackRun.objects.values("executor").annotate(newest=Max("id")).values_list("newest", flat=True)
    return list(AttackRun.objects.filter(id__in=list(newest)))


def events_before(before: int | None, limit: int) -> list[SecurityEvent]:
    """Newest first."""
    found = SecurityEvent.objects.select_related("team", "webtask").order_by("-id")
    return list((found.filter(id__lt=before) if before is not None else found)[:limit])


def events_after(after: int) -> list[SecurityEvent]:
    """Oldest first."""
    found = SecurityEvent.objects.select_related("team", "webtask").filter(id__gt=after).order_by("id")
    return list(found[:EVENTS])


def last_event() -> int:
    return SecurityEvent.objects.order_by("-id").values_list("id", flat=True).first() or 0
