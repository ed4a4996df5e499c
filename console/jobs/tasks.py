from datetime import timedelta

from django.utils import timezone

from console.jobs.kinds import kind
from console.jobs.models import Job
from console.jobs.states import State

KEEP_DONE = timedelta(days=7)


@kind("jobs.prune", every=timedelta(days=1))
def prune_jobs() -> None:
    """Dead ones stay: someone must look at them."""
    Job.objects.filter(state=State.DONE, finished_at__lt=timezone.now() - KEEP_DONE).delete()
