"""Installing: a job finds an executor to do it behind its walls; what it says comes back over its link."""

from datetime import timedelta

from django.utils import timezone

from console.jobs.kinds import kind
from console.modules import archives
from console.modules.actions import INSTALL, begin, give_up
from console.modules.models import Install
from console.modules.states import UNDER_WAY, State
from console.webtasks.events import order
from console.webtasks.models import Draft, Executor, Version

# Longer than an executor gives it.
OVERDUE = timedelta(minutes=5)
KEEP = timedelta(days=30)


class NobodyHere(Exception):
    """No executor listens; the job is tried again."""


@kind(INSTALL, lease=timedelta(minutes=1), attempts=6)
def install(run: str) -> None:
    if not Install.objects.filter(run=run, state=State.QUEUED).exists():
        return
    executor = Executor.objects.listening().order_by("?").first()
    if executor is None:
        raise NobodyHere("no executor is here to install packages")
    begun = begin(run, executor.name)
    if begun is not None:
        order(executor.name, {"t": "install", "run": run, "wish": begun.wish})


@kind("modules.prune", every=timedelta(days=1))
def prune() -> None:
    """What no version and no draft has, and nobody asked for lately."""
    # A version's set is never dropped: without it the version could not be restored.
    used = {
        *Version.objects.values_list("modules", flat=True),
        *Draft.objects.values_list("modules", flat=True),
    }
    old = Install.objects.exclude(state__in=UNDER_WAY).filter(asked_at__lt=timezone.now() - KEEP)
    for install in old.defer("lock", "output"):
        if install.archive not in used:
            install.delete()
    archives.drop_all_but(used | set(Install.objects.values_list("archive", flat=True)))


@kind("modules.give-up", every=timedelta(minutes=1))
def give_up_overdue() -> None:
    """Whatever became of its executor: nobody waits for ever."""
    for late in Install.objects.filter(state__in=UNDER_WAY, asked_at__lt=timezone.now() - OVERDUE):
        give_up(late, "the executor that installed them did not finish")
