"""Tells a worker that a job waits. A lost ring costs the clock's next sweep, never a job."""

import logging

from django.conf import settings

TASK = "jobs.run"

logger = logging.getLogger(__name__)

# Set by console.jobs.worker: a memory:// broker reaches only a worker in this very process.
worker_here = False


def ring(job_id: int) -> None:
    if settings.BROKER_URL.startswith("memory:") and not worker_here:
        return
    from console.celery import app  # Celery costs a second of every command's start; only ringers pay

    try:
        app.send_task(TASK, [job_id])
    except Exception:
        logger.exception("the broker does not take job %s; the clock will ring again", job_id)
