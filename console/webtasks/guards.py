"""Who may call a webtask by its URL, and whether anybody may for now: set and announced here, checked by executors."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction

from console.accounts.audit import Actor, record
from console.problems import Invalid
from console.webtasks.events import Change
from console.webtasks.models import Webtask
from console.webtasks.steps import announce, check_guard, lock
from executor.contract import Guard
from executor.guards.senders import SENDERS

PUBLIC, PRIVATE = "public", "private"
KINDS = (PUBLIC, PRIVATE, *SENDERS)
# While a secret is changed for another, requests signed with either come in.
MAX_SECRETS = 3
TOLERANCE = (10, 3600)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a guard should be. `secrets` are names, of a sender's guard alone; `tolerance` is in seconds; `pinned` says whether
    it lets anybody in to versions that are asked for by number."""

    kind: str
    secrets: tuple[str, ...] = ()
    tolerance: int = Guard().tolerance
    pinned: bool = True

    @classmethod
    def of(cls, webtask: Webtask) -> "Plan":
        return cls(
            kind=webtask.guard,
            secrets=tuple(webtask.guard_secrets),
            tolerance=webtask.guard_tolerance,
            pinned=webtask.pinned,
        )


def title_of(kind: str) -> str:
    """For people to read."""
    return SENDERS[kind].title if kind in SENDERS else kind.title()


def set_guard(webtask: Webtask, plan: Plan, *, actor: Actor) -> Change:
    """Raises Invalid. The change knows, once committed, which executors have confirmed it."""
    _check(plan)
    with transaction.atomic():
        webtask = lock(webtask)
        before = Plan.of(webtask)
        webtask.guard, webtask.guard_secrets = plan.kind, list(plan.secrets)
        webtask.guard_tolerance, webtask.pinned = plan.tolerance, plan.pinned
        check_guard(webtask)
        webtask.save(update_fields=["guard", "guard_secrets", "guard_tolerance", "pinned"])
        return _changed(webtask, "webtask.guard", asdict(before), asdict(plan), actor=actor)


def pause(webtask: Webtask, *, paused: bool, actor: Actor) -> Change:
    """Or has it go on. Whoever does what is done already changes nothing, and learns who has confirmed it."""
    with transaction.atomic():
        webtask = lock(webtask)
        before, webtask.paused = webtask.paused, paused
        if before == paused:
            return announce(Change.of_settings(webtask))
        webtask.save(update_fields=["paused"])
        action = "webtask.pause" if paused else "webtask.resume"
        return _changed(webtask, action, {"paused": before}, {"paused": paused}, actor=actor)


def _changed(
    webtask: Webtask, action: str, before: Mapping[str, Any], after: Mapping[str, Any], *, actor: Actor
) -> Change:
    record(actor, action, webtask.team, str(webtask), before=before, after=after)
    return announce(Change.of_settings(webtask))


def _check(plan: Plan) -> None:
    """Raises Invalid."""
    if plan.kind not in KINDS:
        raise Invalid(f"A guard is one of {', '.join(KINDS)}.", field="kind")
    signed = plan.kind in SENDERS
    if signed != bool(plan.secrets):
        words = "Name the secret that holds what the sender signs with." if signed else "It needs no secret."
        raise Invalid(words, field="secrets")
    if len(set(plan.secrets)) != len(plan.secrets) or len(plan.secrets) > MAX_SECRETS:
        raise Invalid(f"A guard checks by {MAX_SECRETS} different secrets at most.", field="secrets")
    least, most = TOLERANCE
    if not least <= plan.tolerance <= most:
        raise Invalid(f"The tolerance is {least} to {most:,} seconds.", field="tolerance")
