"""Does a job: claim it, run its kind, write down how it went."""

import logging

from console.jobs import queue
from console.jobs.kinds import KINDS, Later

logger = logging.getLogger(__name__)


def work(job_id: int) -> bool:
    """Whether this call did the job; a second doorbell for it finds it claimed."""
    job = queue.claim(job_id)
    if job is None:
        return False
    try:
        KINDS[job.kind].run(**job.payload)
    except Later as later:
        queue.postpone(job, later.wait, str(later))
    except Exception as error:
        state = queue.fail(job, f"{type(error).__name__}: {error}")
        logger.warning("job %s failed and is now %s", job, state, exc_info=error)
    else:
        queue.finish(job)
    return True
