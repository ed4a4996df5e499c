from django.db import models

from console.modules.states import State
from console.webtasks.models import Webtask


class Install(models.Model):
    """One set of packages. `wish` is what package.json calls dependencies, `key` its digest: equal wishes are one row.

    `run` names the last attempt, `executor` the boot of whoever is or was at it. `archive` is the SHA-256 of what came out, `versions` those of `wish`'s names, `lock`
    npm's, with the integrity of every package.
    """

    key = models.CharField(max_length=64, unique=True)
    wish = models.JSONField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.QUEUED)
    run = models.CharField(max_length=32, unique=True)
    executor = models.CharField(max_length=100, blank=True)
    output = models.TextField(blank=True)
    error = models.TextField(blank=True)
    archive = models.CharField(max_length=64, blank=True)
    versions = models.JSONField(default=dict)
    lock = models.TextField(blank=True)
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["state"], name="installs_by_state")]

    def __str__(self) -> str:
        return f"{len(self.wish)} packages, {self.state}"


class Staged(models.Model):
    """Packages that the next version of a webtask will have, and its drafts have already; until it is published."""

    webtask = models.OneToOneField(Webtask, on_delete=models.CASCADE)
    dependencies = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{len(self.dependencies)} packages of {self.webtask}"
