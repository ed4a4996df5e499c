"""The life of a job. Imports nothing of the project.

queued ──claim──▶ running ──▶ done
  ▲                  │
  └──── retry ◀──────┼─ failed attempt, or a lease that ran out
                     └─▶ dead   (no attempts left)
"""

from django.db.models import TextChoices


class State(TextChoices):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    DEAD = "dead"


FOLLOWS: dict[State, frozenset[State]] = {
    State.QUEUED: frozenset({State.RUNNING}),
    State.RUNNING: frozenset({State.DONE, State.QUEUED, State.DEAD}),
    State.DONE: frozenset(),
    State.DEAD: frozenset(),
}
