"""What is left of deleted teams goes in small transactions: other writers wait for one of them at most."""

import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db.models import CASCADE

from console.accounts.models import Team
from console.jobs.kinds import Later

# Rows at once: of what nothing hangs on, of what much may.
CHUNK, HEAVY = 2000, 20
# Of one go: others have work for the same threads.
SECONDS = 30.0


def sweep() -> None:
    """Raises Later when there is more than one go can do."""
    until = time.monotonic() + SECONDS
    for team in Team.objects.exclude(disbanded_at=None):
        for rows, chunk in _relations(team):
            _empty(rows, chunk, until)
        team.delete()


def _empty(rows: Any, chunk: int, until: float) -> None:
    while keys := list(rows.order_by("pk").values_list("pk", flat=True)[:chunk]):
        rows.filter(pk__in=keys).delete()
        if time.monotonic() > until:
            raise Later("a deleted team has more rows than one go can sweep", wait=timedelta(seconds=1))


def _relations(team: Team) -> Iterator[tuple[Any, int]]:
    """All that belongs to it, whoever's tables; first what nothing else hangs on."""
    relations = [one for one in Team._meta.related_objects if one.on_delete is CASCADE]
    for relation in sorted(relations, key=lambda one: len(one.related_model._meta.related_objects)):
        hangs = bool(relation.related_model._meta.related_objects)
        rows = relation.related_model._base_manager.filter(**{relation.field.name: team})
        yield rows, HEAVY if hangs else CHUNK
