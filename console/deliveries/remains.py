"""What stays of a delivery once it has ended, and how much that is."""

import json
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from console.deliveries.models import Delivery
from console.deliveries.states import State
from console.webtasks.redaction import redactor_for
from executor.redaction import MARK

# A dead one may be replayed with its credential, and with secrets of the webtask that stand in it, for so long.
KEEP_CREDENTIALS = timedelta(days=1)
_CREDENTIALS = frozenset({"authorization", "cookie"})


def is_credential(name: str) -> bool:
    return name.strip().lower() in _CREDENTIALS


def is_whole(delivery: Delivery) -> bool:
    """Nothing that it came with was taken out."""
    kept = json.dumps([delivery.url, delivery.headers]).encode() + bytes(delivery.body)
    long_dead = delivery.finished_at is not None and delivery.finished_at < _long_ago()
    return all(value for name, value in delivery.headers if is_credential(name)) and not (
        long_dead and MARK.encode() in kept
    )


def weight(delivery: Delivery) -> int:
    """Roughly the bytes of its row."""
    pairs = [*delivery.headers, *delivery.answer_headers]
    headers = sum(len(name) + len(value) for name, value in pairs)
    return headers + len(delivery.url) + len(delivery.body) + len(delivery.answer_body)


def forget_request(delivery: Delivery) -> None:
    """Of one that is done: nobody will make it again."""
    delivery.url, delivery.headers, delivery.body = "", [], b""


def forget_credentials() -> None:
    """Of those that have been dead for a while, and values of the webtask's secrets. See `is_whole`."""
    dead = Delivery.objects.filter(state=State.DEAD, finished_at__lt=_long_ago())
    for delivery in dead.only("headers").iterator(chunk_size=100):
        kept = [[name, "" if is_credential(name) else value] for name, value in delivery.headers]
        if kept != delivery.headers:
            _replace(delivery, headers=kept)
    secretive = dead.filter(webtask__secret__isnull=False).distinct()
    for delivery in secretive.select_related("webtask__team").iterator(chunk_size=10):
        redactor = redactor_for(delivery.webtask)
        if redactor is None:
            _replace(delivery, url="", headers=[], body=MARK.encode())
            continue
        kept = [[name, redactor.text(value)] for name, value in delivery.headers]
        url, body = redactor.url(delivery.url), redactor.data(bytes(delivery.body))
        if (url, kept, body) != (delivery.url, delivery.headers, bytes(delivery.body)):
            _replace(delivery, url=url, headers=kept, body=body)


def _replace(delivery: Delivery, **values: Any) -> None:
    # It may have been replayed since it was read.
    Delivery.objects.filter(pk=delivery.pk, state=State.DEAD).update(**values)


def _long_ago() -> datetime:
    return timezone.now() - KEEP_CREDENTIALS
