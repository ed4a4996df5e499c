from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from console.accounts.models import Team, Token
from executor.contract import NAME_PATTERN, Guard

SILENCE = timedelta(seconds=30)  # an executor that says nothing for longer is not waited for


class Webtask(models.Model):
    """A named function of a team. `live` is the version its URL serves, `token` what that stands for, `seed` how a fork begins.

    `limits` holds what differs from its team's; `egress` is None for every public address. Who has `share_key` sees its code.
    `guard` says who may call it, and its versions if `pinned`, by which `guard_secrets`; nobody while `paused`. `tags` is " a b ".
    """

    team = models.ForeignKey(Team, on_delete=models.CASCADE)
    name = models.CharField(max_length=64, validators=[RegexValidator(rf"\A{NAME_PATTERN}\Z")])
    live = models.ForeignKey("Version", on_delete=models.SET_NULL, null=True, related_name="+")
    token = models.OneToOneField(Token, on_delete=models.SET_NULL, null=True, related_name="webtask")
    limits = models.JSONField(default=dict, blank=True)
    egress = models.JSONField(null=True, blank=True)
    guard = models.CharField(max_length=20, default=Guard().kind)
    guard_secrets = models.JSONField(default=list, blank=True)
    guard_tolerance = models.PositiveIntegerField(default=Guard().tolerance)
    paused = models.BooleanField(default=False)
    description = models.CharField(max_length=200, blank=True)
    tags = models.CharField(max_length=311, blank=True)
    seed = models.JSONField(default=dict, blank=True)
    share_key = models.CharField(max_length=22, null=True, blank=True, unique=True)
    pinned = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "name"], name="one_webtask_per_name")]

    def __str__(self) -> str:
        return f"{self.team.slug}/{self.name}"


class Version(models.Model):
    """What was published: immutable, numbered from 1. console.webtasks.content says what belongs to it."""

    webtask = models.ForeignKey(Webtask, on_delete=models.CASCADE)
    number = models.PositiveIntegerField()
    code = models.TextField(blank=True)
    files = models.JSONField(default=dict, blank=True)
    url = models.TextField(blank=True)
    digest = models.CharField(max_length=64)
    runtime = models.CharField(max_length=16, default="node")
    meta = models.JSONField(default=dict)
    params = models.JSONField(default=dict)
    parse_body = models.PositiveSmallIntegerField(null=True)
    merge_body = models.PositiveSmallIntegerField(default=1)
    host = models.CharField(max_length=253, blank=True)
    modules = models.CharField(max_length=64, blank=True)
    message = models.CharField(max_length=500, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True)
    restored_from = models.PositiveIntegerField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["webtask", "number"], name="one_version_per_number")]

    def __str__(self) -> str:
        return f"{self.webtask} v{self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("a version is immutable")
        super().save(*args, **kwargs)


class Secret(models.Model):
    """What code gets as `ctx.secrets`, of all versions. `value` is sealed for the webtask and the name."""

    webtask = models.ForeignKey(Webtask, on_delete=models.CASCADE)
    name = models.CharField(max_length=200)
    value = models.BinaryField()
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["webtask", "name"], name="one_secret_per_name")]

    def __str__(self) -> str:
        return f"{self.name} of {self.webtask}"

    @property
    def place(self) -> tuple[str, ...]:
        """Where alone its value opens. By number: a team's name may change."""
        return "secret", str(self.webtask_id), self.name


class Collaborator(models.Model):
    """What somebody outside the team may do with this one webtask, `rights` (console.accounts.roles.Right) of it: whoever
    signs in with `email`, in lower case, or the members of `to_team`, each no further than their role."""

    webtask = models.ForeignKey(Webtask, on_delete=models.CASCADE, related_name="collaborators")
    email = models.EmailField(blank=True)
    to_team = models.ForeignKey(Team, on_delete=models.CASCADE, null=True, related_name="collaborations")
    rights = models.JSONField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["webtask", "email"], condition=Q(to_team=None), name="one_collaboration_per_person"
            ),
            models.UniqueConstraint(
                fields=["webtask", "to_team"], condition=Q(email=""), name="one_collaboration_per_team"
            ),
            models.CheckConstraint(
                condition=Q(email="", to_team__isnull=False) | (~Q(email="") & Q(to_team=None)),
                name="collaborator_is_one",
            ),
        ]
        indexes = [models.Index(fields=["email"], name="collaborators_by_email")]

    def __str__(self) -> str:
        return f"{self.webtask} to {self.who}"

    @property
    def who(self) -> str:
        """An address, or "team SLUG"."""
        return f"team {self.to_team.slug}" if self.to_team else self.email


class Draft(models.Model):
    """A person's unpublished text. `base` is the number of the version it was started from."""

    webtask = models.ForeignKey(Webtask, on_delete=models.CASCADE)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    code = models.TextField()
    files = models.JSONField(default=dict, blank=True)
    base = models.PositiveIntegerField(null=True)
    # What it was last prepared with (console.modules), None before: names and versions of packages, their digest.
    dependencies = models.JSONField(null=True)
    modules = models.CharField(max_length=64, blank=True)
    etag = models.CharField(max_length=32)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["webtask", "user"], name="one_draft_per_person")]

    def __str__(self) -> str:
        return f"{self.user}'s draft of {self.webtask}"


class LogLine(models.Model):
    """`id` is the line's `seq`: readers resume after the last one they saw. `webtask` is None for ad-hoc code."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE)
    webtask = models.ForeignKey(Webtask, on_delete=models.CASCADE, null=True)
    label = models.CharField(max_length=16)
    invocation = models.CharField(max_length=40, blank=True)
    time = models.DateTimeField()
    level = models.CharField(max_length=8)
    text = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["webtask", "id"], name="lines_of_webtask")]

    def __str__(self) -> str:
        return f"{self.level} {self.text[:60]}"


class Invocation(models.Model):
    """One finished request through a webtask; `invocation` keys its log lines."""

    invocation = models.CharField(max_length=40, unique=True)
    team = models.ForeignKey(Team, on_delete=models.CASCADE)
    webtask = models.ForeignKey(Webtask, on_delete=models.CASCADE, null=True)
    label = models.CharField(max_length=16)
    method = models.CharField(max_length=16)
    path = models.TextField()
    status = models.PositiveSmallIntegerField()
    ms = models.FloatField()
    time = models.DateTimeField()
    source = models.CharField(max_length=16)

    class Meta:
        indexes = [models.Index(fields=["webtask", "id"], name="invocations_of_webtask")]

    def __str__(self) -> str:
        return f"{self.method} {self.path} {self.status}"


class Tally(models.Model):
    """All requests through a webtask that ended in the `seconds` after `time`; `thinned` of them have no Invocation.
    `statuses` counts them by class ("2xx"), `spread` by duration: each key is a bound in milliseconds."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE)
    # Both indexes below lead with it.
    webtask = models.ForeignKey(Webtask, on_delete=models.CASCADE, null=True, db_index=False)
    label = models.CharField(max_length=16)
    time = models.DateTimeField()
    seconds = models.FloatField()
    requests = models.PositiveIntegerField()
    thinned = models.PositiveIntegerField()
    statuses = models.JSONField(default=dict)
    ms_sum = models.FloatField()
    ms_max = models.FloatField()
    spread = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["webtask", "id"], name="tallies_of_webtask"),
            models.Index(fields=["webtask", "time"], name="tallies_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.requests} requests of {self.webtask} {self.label}"


class EgressCall(models.Model):
    """One connection that code made or tried to make to another host. `verdict` is "allowed", or says why not."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE)
    webtask = models.ForeignKey(Webtask, on_delete=models.CASCADE, null=True)
    label = models.CharField(max_length=16)
    invocation = models.CharField(max_length=40, blank=True)
    time = models.DateTimeField()
    ms = models.FloatField()
    host = models.CharField(max_length=255)
    port = models.PositiveIntegerField()
    address = models.CharField(max_length=45, blank=True)
    sent = models.PositiveBigIntegerField()
    received = models.PositiveBigIntegerField()
    verdict = models.CharField(max_length=200)

    class Meta:
        indexes = [
            models.Index(fields=["webtask", "id"], name="calls_of_webtask"),
            models.Index(fields=["webtask", "invocation"], name="calls_of_invocation"),
        ]

    def __str__(self) -> str:
        return f"{self.host}:{self.port} {self.verdict}"


class SecurityEvent(models.Model):
    """What only an attack does, and what ended the worker: `what` names the system call or the broken rule."""

    executor = models.CharField(max_length=100)
    team = models.ForeignKey(Team, on_delete=models.CASCADE)
    webtask = models.ForeignKey(Webtask, on_delete=models.CASCADE, null=True)
    label = models.CharField(max_length=16)
    invocation = models.CharField(max_length=40, blank=True)
    time = models.DateTimeField()
    kind = models.CharField(max_length=16)
    what = models.CharField(max_length=100)
    text = models.TextField()

    def __str__(self) -> str:
        return f"{self.kind} {self.what} of {self.team}"


class ExecutorQuerySet(models.QuerySet["Executor"]):
    def listening(self) -> "ExecutorQuerySet":
        """Whom to wait for. A console that was killed leaves `online` behind; the heartbeat tells."""
        return self.filter(online=True, seen_at__gt=timezone.now() - SILENCE)


class Executor(models.Model):
    """A node that runs webtasks. `boot` names one life of it; batches up to `received_seq` of that life are stored."""

    name = models.CharField(max_length=100, unique=True)
    boot = models.CharField(max_length=64)
    received_seq = models.PositiveBigIntegerField(default=0)
    online = models.BooleanField(default=False)
    ready = models.BooleanField(default=False)
    seen_at = models.DateTimeField()
    state = models.JSONField(default=dict)

    objects = ExecutorQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class AttackRun(models.Model):
    """One run of the attack suite (console.webtasks.attacks) on one executor. `finished_at` is None while it goes on."""

    run = models.CharField(max_length=32, unique=True)
    executor = models.ForeignKey(Executor, on_delete=models.CASCADE)
    starter = models.CharField(max_length=254)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=1000, blank=True)
    results = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"{self.run} on {self.executor}"
