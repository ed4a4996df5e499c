"""What code may ask of the console while it runs. Each app's `calls.py` registers its answers."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from console.accounts.models import Team, Token
from console.problems import Problem
from console.webtasks.models import Webtask
from executor.call import BadCall, pack, read

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose code asks: a webtask's, or what `token` runs ad hoc. `token` is the one that the code runs by."""

    team: Team
    webtask: Webtask | None
    token: Token | None


@dataclass(frozen=True, slots=True)
class Reply:
    """`head` joins the result's line (docs/frames.md)."""

    text: str = ""
    head: Mapping[str, Any] = field(default_factory=dict)


Answer = Callable[[Caller, Mapping[str, Any], str], Reply]
ANSWERS: dict[str, Answer] = {}


def answers(what: str) -> Callable[[Answer], Answer]:
    """Registers what answers such calls. It may raise a Problem, which the code gets as an error."""

    def register(answer: Answer) -> Answer:
        ANSWERS[what] = answer
        return answer

    return register


def result_of(caller: Caller, data: bytes) -> bytes:
    """Of a call as the guest wrote it, which may be anything."""
    try:
        call = read(data)
        text = call.body.decode()
    except (BadCall, UnicodeDecodeError) as error:
        return _refusal(400, str(error))
    answer = ANSWERS.get(call.what)
    if answer is None:
        return _refusal(404, f"there is no call {call.what[:80]!r}")
    try:
        reply = answer(caller, call.args, text)
    except Problem as problem:
        return _refusal(problem.status, problem.detail)
    except Exception:
        logger.exception("a call for %s failed", call.what[:80])
        return _refusal(500, "The console failed to answer; it has logged why.")
    return pack({"status": 200, **reply.head}, reply.text.encode())


def _refusal(status: int, message: str) -> bytes:
    return pack({"status": status, "message": message})
