"""What is left of the rates that tokens set. Each executor counts what it serves, so the fewest left is what is told."""

from collections.abc import Sequence
from typing import Any

from console.webtasks import events


def left(name: str, claims: Sequence[str]) -> dict[str, int]:
    """By claim; 0 for what nobody counts. `name` is container/{team} or token/{jti}."""
    answers = [_numbers(answer) for answer in events.ask({"t": "rates", "name": name})]
    return {
        claim: min((answer[claim] for answer in answers if claim in answer), default=0) for claim in claims
    }


def reset(name: str) -> None:
    """Its periods begin anew."""
    events.ask({"t": "rates", "name": name, "reset": True})


def _numbers(answer: Any) -> dict[str, int]:
    found = answer if isinstance(answer, dict) else {}
    return {str(claim): number for claim, number in found.items() if type(number) is int}
