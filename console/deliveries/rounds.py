"""What a delivery's job does: one attempt, and what follows from the answer."""

import random
from datetime import UTC, timedelta
from email.utils import parsedate_to_datetime

from django.db import transaction
from django.utils import timezone

from console.accounts.models import Team
from console.deliveries.lanes import dispatch
from console.deliveries.models import Delivery
from console.deliveries.remains import forget_request, weight
from console.deliveries.states import State
from console.problems import Problem, Unreachable
from console.webtasks.calls import Answer, longest, patience, send
from console.webtasks.deployments import vouch
from console.webtasks.guards import PUBLIC
from console.webtasks.redaction import MARGIN, kept, redactor_for
from console.webtasks.storable import text
from executor.contract import DELIVERY_HEADER, GRANT_HEADER, INVOCATION_HEADER

# With their waits, about a quarter of an hour.
ATTEMPTS = 6
KEPT_BODY = 64 * 1024
KEPT_HEADERS = 50
MAX_WAIT = timedelta(hours=1)
SLACK = timedelta(seconds=5)


def lease(delivery: int) -> timedelta:
    """A little longer than the call may take: when it runs out, whoever made it is gone."""
    found = Delivery.objects.select_related("webtask__team").defer("body").filter(pk=delivery).first()
    return SLACK + timedelta(seconds=longest(patience(found.webtask)) if found else 0)


def deliver(delivery: int) -> None:
    found = Delivery.objects.select_related("webtask__team").filter(pk=delivery, state=State.RUNNING).first()
    if found is None:
        return
    if found.attempt >= ATTEMPTS:
        _end(found, State.DEAD, "The server stopped each time before it ended.")
        return
    if found.webtask.paused:
        _settle(found, State.QUEUED, found.error)
        return
    found.attempt += 1
    found.save(update_fields=["attempt"])
    try:
        answer = _call(found)
    except Unreachable as problem:
        _again(found, problem.detail, timedelta())
    except Problem as problem:
        # It may quote what was to be sent.
        redactor = redactor_for(found.webtask)
        _end(found, State.DEAD, redactor.text(problem.detail) if redactor else problem.title)
    else:
        _keep(found, answer)
        if is_failure(answer.status):
            _again(found, f"It answered {answer.status}.", retry_after(answer.header("retry-after")))
        else:
            _end(found, State.DONE, "")


def is_failure(status: int) -> bool:
    """Worth another attempt: it may go well next time. What else is below 500 is the webtask's last word."""
    return status >= 500 or status in (408, 425, 429)


def retry_after(value: str) -> timedelta:
    """Seconds or a date (RFC 9110 section 10.2.3), within reason; what is neither counts for nothing."""
    if value.isascii() and value.isdigit():
        return min(timedelta(seconds=int(value[:9])), MAX_WAIT)
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return timedelta()
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(max(moment - timezone.now(), timedelta()), MAX_WAIT)


def backoff(attempt: int) -> timedelta:
    """2, 8, 32 … seconds, spread."""
    base = min(timedelta(seconds=2 * 4 ** (attempt - 1)), MAX_WAIT)
    return base * random.uniform(0.8, 1.2)  # noqa: S311 - no secret


def _call(delivery: Delivery) -> Answer:
    """Raises Invalid, Unreachable."""
    headers = [(name, value) for name, value in delivery.headers if name.lower() != "host"]
    headers += [("host", delivery.host), (DELIVERY_HEADER, delivery.ticket)]
    if delivery.webtask.guard != PUBLIC:
        # It was let in when it was accepted: a signature is too old by now, and a token may have ended.
        headers.append((GRANT_HEADER, vouch(delivery.webtask)))
    return send(
        delivery.method,
        delivery.url,
        headers,
        bytes(delivery.body),
        patience=patience(delivery.webtask),
        most=KEPT_BODY + MARGIN,
    )


def _keep(delivery: Delivery, answer: Answer) -> None:
    answer = kept(answer, redactor_for(delivery.webtask), most=KEPT_BODY)
    delivery.status = answer.status
    headers = answer.headers[:KEPT_HEADERS]
    delivery.answer_headers = [[text(name, 200), text(value, 4096)] for name, value in headers]
    delivery.answer_body, delivery.truncated = answer.body, answer.truncated
    delivery.invocation = text(answer.header(INVOCATION_HEADER), 40)


def _again(delivery: Delivery, reason: str, wait: timedelta) -> None:
    if delivery.attempt >= ATTEMPTS:
        _end(delivery, State.DEAD, reason)
        return
    delivery.next_at = timezone.now() + max(wait, backoff(delivery.attempt))
    _settle(delivery, State.QUEUED, reason)


def _end(delivery: Delivery, state: State, reason: str) -> None:
    delivery.finished_at = timezone.now()
    if state == State.DONE:
        forget_request(delivery)
    _settle(delivery, state, reason)


def _settle(delivery: Delivery, state: State, reason: str) -> None:
    delivery.state, delivery.error = state, text(reason, 2000)
    delivery.size = weight(delivery)
    with transaction.atomic():
        team = Team.objects.select_for_update().get(pk=delivery.team_id)
        delivery.save()
        dispatch(team)
