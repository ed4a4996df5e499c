"""The life of a worker.

    SPAWNING ──▶ BLANK ──▶ BOUND ──▶ RETIRED ──▶ DEAD
        └──────────┴─────────┴──────────────────▶ DEAD

A worker is bound once and for ever: nothing leads back from BOUND, because a process that ran one team's
code can never be proven clean for another's.
"""

from enum import Enum


class State(Enum):
    SPAWNING = "spawning"  # the sandbox is up, its runtime has not said READY
    BLANK = "blank"  # ready, knows no code and no team
    BOUND = "bound"  # serves the deployments of one slot
    RETIRED = "retired"  # takes no new request, ends with its last one
    DEAD = "dead"


STEPS = {
    State.SPAWNING: {State.BLANK, State.DEAD},
    State.BLANK: {State.BOUND, State.DEAD},
    State.BOUND: {State.RETIRED, State.DEAD},
    State.RETIRED: {State.DEAD},
    State.DEAD: set(),
}
