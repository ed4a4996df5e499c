"""What stays of a delivery once it has ended, and how much that is."""

from datetime import timedelta

from django.utils import timezone

from console.deliveries.models import Delivery
from console.deliveries.states import State

# A dead one may be replayed with its credential for so long.
KEEP_CREDENTIALS = timedelta(days=1)
_CREDENTIALS = frozenset({"authorization", "cookie"})


def is_credential(name: str) -> bool:
    return name.strip().lower() in _CREDENTIALS


def is_whole(delivery: Delivery) -> bool:
    """Nothing that it came with was taken out."""
    return all(value for name, value in delivery.headers if is_credential(name))


def weight(delivery: Delivery) -> int:
    """Roughly the bytes of its row."""
    pairs = [*delivery.headers, *delivery.answer_headers]
    headers = sum(len(name) + len(value) for name, value in pairs)
    return headers + len(delivery.url) + len(delivery.body) + len(delivery.answer_body)


def forget_request(delivery: Delivery) -> None:
    """Of one that is done: nobody will make it again."""
    delivery.url, delivery.headers, delivery.body = "", [], b""


def forget_credentials() -> None:
    """Of those that have been dead for a while. Their names stay: see `is_whole`."""
    before = timezone.now() - KEEP_CREDENTIALS
    dead = Delivery.objects.filter(state=State.DEAD, finished_at__lt=before).only("headers")
    for delivery in dead.iterator(chunk_size=100):
        kept = [[name, "" if is_credential(name) else value] for name, value in delivery.headers]
        if kept != delivery.headers:
            # It may have been replayed since it was read.
            Delivery.objects.filter(pk=delivery.pk, state=State.DEAD).update(headers=kept)
