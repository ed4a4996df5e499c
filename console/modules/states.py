"""The life of an installation. Imports nothing of the project.

queued ──an executor begins──▶ installing ──▶ available
  ▲                              │
  └──── asked for again ◀────────┴─▶ failed
"""

from django.db.models import TextChoices


class State(TextChoices):
    QUEUED = "queued"
    INSTALLING = "installing"
    AVAILABLE = "available"
    FAILED = "failed"


UNDER_WAY = (State.QUEUED, State.INSTALLING)
