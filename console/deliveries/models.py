import secrets

from django.db import models

from console.accounts.models import Team
from console.deliveries.states import State
from console.webtasks.models import Webtask


def new_ticket() -> str:
    return secrets.token_hex(16)


class Delivery(models.Model):
    """A request that its caller does not wait for. Whoever knows `ticket` may read how it went.

    `fingerprint` tells whether another request with the same `idempotency_key` is the same one. What was sent is
    gone when it is done. `size` is what the row holds, in bytes, roughly. The answer is that of the last attempt: `headers` as pairs, `answer_body` its beginning.
    """

    ticket = models.CharField(max_length=32, unique=True, default=new_ticket)
    team = models.ForeignKey(Team, on_delete=models.CASCADE)
    webtask = models.ForeignKey(Webtask, on_delete=models.CASCADE)
    method = models.CharField(max_length=16)
    host = models.CharField(max_length=300)
    url = models.TextField()
    headers = models.JSONField(default=list)
    body = models.BinaryField(default=bytes)
    size = models.PositiveIntegerField(default=0)
    idempotency_key = models.CharField(max_length=255, null=True)  # noqa: DJ001 - "" would be unique too
    fingerprint = models.CharField(max_length=64)
    state = models.CharField(max_length=8, choices=State.choices, default=State.QUEUED)
    attempt = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)
    status = models.PositiveSmallIntegerField(null=True)
    answer_headers = models.JSONField(default=list)
    answer_body = models.BinaryField(default=bytes)
    truncated = models.BooleanField(default=False)
    invocation = models.CharField(max_length=40, blank=True)
    error = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["webtask", "idempotency_key"], name="one_delivery_per_idempotency_key"
            )
        ]
        indexes = [
            models.Index(fields=["state", "next_at"], name="deliveries_due"),
            models.Index(fields=["team", "state", "size"], name="deliveries_of_team"),
        ]

    def __str__(self) -> str:
        return f"{self.method} {self.webtask} {self.ticket} {self.state}"
