"""How deliveries look as JSON."""

import base64
from typing import TypedDict

from django.conf import settings

from console.deliveries.models import Delivery
from console.webtasks.shapes import instant


class DeliverySummary(TypedDict):
    ticket: str
    webtask: str
    method: str
    state: str
    attempt: int
    created_at: str
    next_at: str | None
    finished_at: str | None
    status: int | None
    error: str


class DeliveryShape(DeliverySummary):
    """`headers` and `body` are those of the last answer."""

    headers: list[list[str]]
    body: str
    body_encoding: str
    truncated: bool
    invocation: str


def summary(delivery: Delivery) -> DeliverySummary:
    return {
        "ticket": delivery.ticket,
        "webtask": str(delivery.webtask),
        "method": delivery.method,
        "state": delivery.state,
        "attempt": delivery.attempt,
        "created_at": instant(delivery.created_at),
        "next_at": instant(delivery.next_at) if delivery.finished_at is None else None,
        "finished_at": instant(delivery.finished_at) if delivery.finished_at else None,
        "status": delivery.status,
        "error": delivery.error,
    }


def delivery_shape(delivery: Delivery) -> DeliveryShape:
    body, encoding = _text(bytes(delivery.answer_body))
    return {
        **summary(delivery),
        "headers": delivery.answer_headers,
        "body": body,
        "body_encoding": encoding,
        "truncated": delivery.truncated,
        "invocation": delivery.invocation,
    }


def status_url(delivery: Delivery) -> str:
    return f"{settings.CONSOLE_ORIGIN}/api/deliveries/{delivery.ticket}"


def _text(body: bytes) -> tuple[str, str]:
    try:
        return body.decode(), "utf-8"
    except UnicodeDecodeError:
        return base64.b64encode(body).decode(), "base64"
