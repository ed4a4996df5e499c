"""The life of a delivery. Imports nothing of the project.

queued ──▶ running ──▶ done   (the webtask answered, and not that it failed)
  ▲           │
  ├── retry ◀─┤
  └─ replay ─ dead            (no attempts left)
"""

from django.db.models import TextChoices


class State(TextChoices):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    DEAD = "dead"


WAITING = (State.QUEUED, State.RUNNING)
ENDED = (State.DONE, State.DEAD)
