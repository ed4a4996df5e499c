"""Installing: a job finds an executor to do it behind its walls; what it says comes back over its link."""

from datetime import timedelta

from django.utils import timezone

from console.jobs.kinds import kind
from console.modules import archives
from console.modules.actions import INSTALL, begin, give_up, ring
from console.modules.models import Install
from console.modules.states import UNDER_WAY, State
from console.webtasks.events import order
from console.webtasks.models import Draft, Executor, Version

# Longer than an executor gives it.
OVERDUE = timedelta(minutes=5)
LONGEST_QUEUE = timedelta(hours=1)
KEEP = timedelta(days=30)


class NobodyHere(Exception):
    """No executor listens; the job is tried again."""


@kind(INSTALL, lease=timedelta(minutes=1), attempts=6)
def install(run: str) -> None:
    if not Install.objects.filter(run=run, state=State.QUEUED).exists():
        return
    listening = Executor.objects.listening()
    if not listening.exists():
        raise NobodyHere("no executor is here to install packages")
    busy = Install.objects.filter(state=State.INSTALLING).values("executor")
    executor = listening.exclude(boot__in=busy).order_by("?").first()
    if executor is None:
        return  # whoever is done first rings for it
    begun = begin(run, executor.boot)
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
            # Unless somebody asked for it in this moment.
            Install.objects.filter(pk=install.pk, asked_at=install.asked_at).delete()
    used |= set(Version.objects.values_list("modules", flat=True))
    archives.drop_all_but(used | set(Install.objects.values_list("archive", flat=True)))


@kind("modules.give-up", every=timedelta(minutes=1))
def give_up_overdue() -> None:
    """Whatever became of its executor: nobody waits for ever."""
    now = timezone.now()
    for late in Install.objects.filter(state=State.INSTALLING, asked_at__lt=now - OVERDUE):
        give_up(late, "the executor that installed them did not finish")
    for late in Install.objects.filter(state=State.QUEUED, asked_at__lt=now - LONGEST_QUEUE):
        give_up(late, "no executor had the time to install them")
    ring()
