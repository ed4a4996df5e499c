from django.core.validators import RegexValidator
from django.db import models

from console.accounts.models import Team, Token
from console.schedules.states import CatchUp, Result, State
from console.webtasks.models import Webtask
from executor.contract import NAME_PATTERN


class Schedule(models.Model):
    """When a webtask is called by itself: the published clients' cron job.

    `cron` has five fields and is read in the zone `tz`; `next_at` is None while it is inactive. `token` is the one a
    client gave; without it the webtask's own stands. Without `webtask` the token alone says what runs.
    """

    team = models.ForeignKey(Team, on_delete=models.CASCADE)
    name = models.CharField(max_length=64, validators=[RegexValidator(rf"\A{NAME_PATTERN}\Z")])
    webtask = models.ForeignKey(Webtask, on_delete=models.CASCADE, null=True)
    token = models.ForeignKey(Token, on_delete=models.CASCADE, null=True)
    cron = models.CharField(max_length=200)
    tz = models.CharField(max_length=64)
    catch_up = models.CharField(max_length=8, choices=CatchUp.choices, default=CatchUp.SKIP)
    state = models.CharField(max_length=8, choices=State.choices, default=State.ACTIVE)
    meta = models.JSONField(default=dict)
    next_at = models.DateTimeField(null=True)
    run_count = models.PositiveBigIntegerField(default=0)
    error_count = models.PositiveBigIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "name"], name="one_schedule_per_name")]
        indexes = [models.Index(fields=["next_at"], name="schedules_due")]

    def __str__(self) -> str:
        return f"{self.team.slug}/{self.name}"


class Firing(models.Model):
    """One call that a schedule made, or should have made, at `due_at`. `type` is "" while it is under way."""

    schedule = models.ForeignKey(Schedule, on_delete=models.CASCADE)
    due_at = models.DateTimeField()
    attempt = models.PositiveSmallIntegerField(default=0)
    started_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)
    type = models.CharField(max_length=8, choices=Result.choices, blank=True)
    status = models.PositiveSmallIntegerField(null=True)
    headers = models.JSONField(default=dict)
    body = models.TextField(blank=True)

    class Meta:
        # However many clocks see that it is due.
        constraints = [models.UniqueConstraint(fields=["schedule", "due_at"], name="one_firing_per_time")]

    def __str__(self) -> str:
        return f"{self.schedule} at {self.due_at:%Y-%m-%d %H:%M} {self.type}"
