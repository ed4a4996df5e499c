"""The Celery application. Imported by workers and by whoever rings, never by Django's own start."""

from celery import Celery
from django.conf import settings

app = Celery("webtasks", broker=settings.BROKER_URL, include=["console.jobs.rung"], set_as_current=False)
app.conf.update(
    # The defaults of the memory broker poll each second and fetch in gulps: 16 jobs a second.
    broker_transport_options={"polling_interval": 0.05} if settings.BROKER_URL.startswith("memory:") else {},
    worker_prefetch_multiplier=0,
    worker_hijack_root_logger=False,
    worker_redirect_stdouts=False,
    worker_enable_remote_control=False,
    broker_connection_retry_on_startup=True,
    task_ignore_result=True,
    task_serializer="json",
    accept_content=["json"],
)
