"""Deliveries accepted and replayed."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, QuerySet, Sum
from django.utils import timezone

from console.accounts.audit import Actor, changes, record
from console.accounts.models import Team
from console.accounts.names import team_named
from console.deliveries.lanes import dispatch
from console.deliveries.models import Delivery
from console.deliveries.remains import is_credential, is_whole, weight
from console.deliveries.states import ENDED, WAITING, State
from console.durable import durably
from console.problems import Absent, Invalid, Overloaded, Reused, TooLarge, Unfit
from console.webtasks.models import Webtask
from executor.contract import MAX_DELIVERY

# Of a team, waiting and under way together.
MOST_WAITING = 1000
MOST_BYTES = 64 * 1024 * 1024
# Of them, for one paused webtask: the others go on.
MOST_PAUSED, MOST_PAUSED_BYTES = MOST_WAITING // 2, MOST_BYTES // 2
# Of a team, ended: anyone may make some, and what is kept of them must not fill the disk.
MOST_ENDED = 10_000
MOST_ENDED_BYTES = 256 * 1024 * 1024
PRUNED_AT_ONCE = 100
MAX_KEY = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A request as it came: `url` is the path with its query, `key` the Idempotency-Key or ""."""

    team: str
    webtask: str
    method: str
    host: str
    url: str
    headers: Sequence[Sequence[str]]
    body: bytes
    key: str

    @property
    def fingerprint(self) -> str:
        # Whoever guesses a key must not get the ticket of one that came with another's credential.
        shown = sorted([name.lower(), value] for name, value in self.headers if is_credential(name))
        digest = hashlib.sha256(json.dumps([self.method, self.url, shown]).encode())
        digest.update(self.body)
        return digest.hexdigest()


def accept(parcel: Parcel) -> Delivery:
    """The delivery, on disk; the one before when the key is known. Raises Absent, Invalid, TooLarge, Reused, Overloaded."""
    if len(parcel.key) > MAX_KEY:
        raise Invalid(f"The Idempotency-Key is longer than {MAX_KEY} characters.")
    if len(parcel.body) > MAX_DELIVERY:
        raise TooLarge(f"The body has {len(parcel.body):,} bytes; the limit is {MAX_DELIVERY:,}.")
    with durably():
        # Taken by turns: both of two with one key, or at the limit, must see what the other did.
        named = team_named(parcel.team)
        team = Team.objects.select_for_update().filter(pk=named.pk).first() if named else None
        webtask = Webtask.objects.select_related("team").filter(team=team, name=parcel.webtask).first()
        if team is None or webtask is None or webtask.live_id is None:
            raise Absent(
                f"unable to resolve jtn to webtask token: team {parcel.team} has no webtask {parcel.webtask}"
            )
        known = _known(webtask, parcel)
        if known:
            return known
        _check_room(Delivery.objects.filter(team=team), "this team", MOST_WAITING, MOST_BYTES)
        if webtask.paused:
            mine = Delivery.objects.filter(webtask=webtask)
            _check_room(mine, "this webtask, which is paused,", MOST_PAUSED, MOST_PAUSED_BYTES)
        _drop_oldest(team)
        made = Delivery(
            team=team,
            webtask=webtask,
            method=parcel.method,
            host=parcel.host,
            url=parcel.url,
            headers=list(parcel.headers),
            body=parcel.body,
            idempotency_key=parcel.key or None,
            fingerprint=parcel.fingerprint,
            next_at=timezone.now(),
        )
        made.size = weight(made)
        made.save()
        dispatch(team)
    return made


def replay(delivery: Delivery, *, actor: Actor) -> Delivery:
    """A dead one is tried anew, with all its attempts before it. Raises Unfit."""
    with transaction.atomic():
        team = Team.objects.select_for_update().get(pk=delivery.team_id)
        dead = Delivery.objects.filter(pk=delivery.pk, state=State.DEAD)
        if not all(is_whole(found) for found in dead):
            raise Unfit(
                "The credential or the secret that the delivery came with is not kept any more: it would be refused."
            )
        if not dead.update(state=State.QUEUED, attempt=0, next_at=timezone.now(), finished_at=None):
            raise Unfit(f"The delivery is {delivery.state}; only a dead one can be replayed.")
        told = changes({"state": State.DEAD}, {"state": State.QUEUED})
        record(actor, "delivery.replay", team, str(delivery.webtask), ticket=delivery.ticket, **told)
        dispatch(team)
    delivery.refresh_from_db()
    return delivery


def _known(webtask: Webtask, parcel: Parcel) -> Delivery | None:
    if not parcel.key:
        return None
    known = Delivery.objects.filter(webtask=webtask, idempotency_key=parcel.key).defer("body").first()
    if known and known.fingerprint != parcel.fingerprint:
        raise Reused("The Idempotency-Key came with another request before.")
    return known


def _check_room(deliveries: "QuerySet[Delivery]", whose: str, rows: int, size: int) -> None:
    """Raises Overloaded."""
    waiting = deliveries.filter(state__in=WAITING)
    if waiting.count() >= rows:
        raise Overloaded(f"{rows:,} requests of {whose} wait to be delivered, which is the limit.")
    if (waiting.aggregate(total=Sum("size"))["total"] or 0) >= size:
        raise Overloaded(f"{size:,} bytes of {whose} wait to be delivered, which is the limit.")


def _drop_oldest(team: Team) -> None:
    """Makes room among those that have ended: done ones first, a dead one may still be replayed."""
    ended = Delivery.objects.filter(team=team, state__in=ENDED)
    while _too_much(ended):
        oldest = ended.order_by("-state", "id").values_list("pk", flat=True)[:PRUNED_AT_ONCE]
        Delivery.objects.filter(pk__in=list(oldest)).delete()


def _too_much(ended: "QuerySet[Delivery]") -> bool:
    told = ended.aggregate(rows=Count("pk"), total=Sum("size"))
    return told["rows"] > MOST_ENDED or (told["total"] or 0) > MOST_ENDED_BYTES
