"""The credential a firing carries: the token that a client gave with the job, or the webtask's own."""

from datetime import UTC, datetime

from console.accounts import tokens
from console.accounts.models import Token
from console.schedules.models import Schedule


def token_of(schedule: Schedule) -> Token | None:
    if schedule.token:
        return schedule.token
    return schedule.webtask.token if schedule.webtask else None


def bearer(schedule: Schedule) -> str:
    """The JWT; "" when its row is gone."""
    token = token_of(schedule)
    return tokens.sign(token.claims) if token else ""


def expiry(schedule: Schedule) -> datetime | None:
    token = token_of(schedule)
    return datetime.fromtimestamp(token.claims["exp"], UTC) if token and "exp" in token.claims else None
