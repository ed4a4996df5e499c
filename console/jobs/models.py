from django.db import models

from console.jobs.states import State


class Job(models.Model):
    """One piece of background work. This row is the truth; the broker's message is only the doorbell."""

    kind = models.CharField(max_length=64)
    payload = models.JSONField(default=dict)
    # Two clocks that make the same job make one: equal keys are the same job.
    key = models.CharField(max_length=128, unique=True, null=True)  # noqa: DJ001 - "" would be unique too
    state = models.CharField(max_length=8, choices=State.choices, default=State.QUEUED)
    due_at = models.DateTimeField()
    rung_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    owner = models.CharField(max_length=64, blank=True)
    attempt = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["state", "due_at"], name="jobs_due")]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk} {self.state}"
