"""What a worker does when the doorbell rings. Imported by workers alone: it costs Celery's import."""

from console.celery import app
from console.jobs.doorbell import TASK
from console.jobs.work import work


@app.task(name=TASK)
def rung(job_id: int) -> None:
    work(job_id)
