"""Which deliveries are under way: a few of each team at once, so that none can take all threads of the worker."""

from datetime import datetime

from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils import timezone

from console.accounts.models import Team
from console.deliveries.models import Delivery
from console.deliveries.states import State
from console.jobs import queue

DELIVER = "deliveries.deliver"
AT_ONCE = 4
# Teams looked at in one second.
TEAMS = 200


def dispatch_due(now: datetime) -> None:
    """Retries whose time has come, and whatever a lost step left."""
    due = _due(Delivery.objects.all(), now)
    running = Delivery.objects.filter(state=State.RUNNING).values("team").annotate(running=Count("pk"))
    full = running.filter(running__gte=AT_ONCE)
    # Whose lane is full moves up when one of them ends; here it would only keep others from their turn.
    teams = Team.objects.filter(pk__in=due.values("team")).exclude(pk__in=full.values("team"))
    for team in teams[:TEAMS]:
        with transaction.atomic():
            dispatch(Team.objects.select_for_update().get(pk=team.pk))


def dispatch(team: Team) -> None:
    """In a transaction that holds the team's row: what is counted here must not change."""
    mine = Delivery.objects.filter(team=team)
    room = AT_ONCE - mine.filter(state=State.RUNNING).count()
    if room <= 0:
        return
    due = _due(mine, timezone.now()).order_by("next_at", "id")
    for number in list(due.values_list("pk", flat=True)[:room]):
        Delivery.objects.filter(pk=number).update(state=State.RUNNING)
        queue.enqueue(DELIVER, delivery=number)


def _due(deliveries: "QuerySet[Delivery]", now: datetime) -> "QuerySet[Delivery]":
    """Those for a paused webtask wait until it goes on."""
    return deliveries.filter(state=State.QUEUED, next_at__lte=now, webtask__paused=False)
