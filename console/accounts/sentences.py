"""Audit events as people say them: what follows the name of whoever did it."""

from dataclasses import dataclass
from typing import Any

from console.accounts.models import AuditEvent

# What a filter may ask for, by how actions begin.
GROUPS = {
    "webtask": "Webtasks",
    "storage": "Stored data",
    "schedule": "Schedules",
    "delivery": "Deliveries",
    "token": "Tokens",
    "login": "Clients",
    "member": "Members",
    "team": "The team",
}

SENTENCES = {
    "webtask.create": "created the webtask {object}",
    "webtask.fork": "forked {source} as {object}",
    "webtask.forked": "forked {what} of {object} into another team",
    "webtask.publish": "published {object} v{after[version]}",
    "webtask.restore": "restored v{source} of {object} as v{after[version]}",
    "webtask.put": "put {object} v{after[version]} in place",
    "webtask.delete": "deleted the webtask {object}",
    "webtask.describe": "changed the description or tags of {object}",
    "webtask.limit": "changed limits of {object}",
    "webtask.egress": "changed where {object} may connect to",
    "webtask.secrets": "set secrets of {object}: {names}",
    "webtask.modules": "changed the packages of {object}",
    "webtask.share": "shared {object} with {to}",
    "webtask.link": "let everybody who has the link see the code of {object}",
    "webtask.unlink": "took the link to the code of {object} back",
    "webtask.unshare": "stopped sharing {object} with {to}",
    "storage.save": "wrote what {object} stores",
    "storage.delete": "deleted what {object} stores",
    "schedule.put": "set the schedule {object}",
    "schedule.change": "changed the schedule {object}",
    "schedule.delete": "deleted the schedule {object}",
    "delivery.replay": "replayed a delivery to {object}",
    "token.issue": "issued the token “{after[name]}”",
    "token.revoke": "revoked the token “{before[name]}”",
    "token.open": "opened the editor of {object}",
    "token.drop": "cleared tokens away that had ended",
    "login.allow": "let {after[client]} act for them",
    "login.token": "signed in with {after[client]}",
    "login.end": "signed out of {before[client]}",
    "member.add": "added {object} as {after[role]}",
    "team.create": "created the team",
    "team.limit": "changed limits for all the team’s code",
    "user.create": "made the account {object}",
    "user.sign-up": "signed up",
    "user.sign-in": "signed in by {by}",
    "user.sign-out": "signed out",
    "user.prove-address": "proved the address {after[address]}",
    "user.address": "changed the address from {before[address]} to {after[address]}",
    "user.password": "set a new password",
    "user.rename": "changed the name to “{after[name]}”",
    "user.drop": "removed the account, whose address nobody proved",
    "user.session.end": "signed a session out",
    "user.factor.add": "turned on {after[kind]}",
    "user.factor.remove": "turned off {before[kind]}",
    "user.factor.rename": "renamed a passkey to “{after[name]}”",
    "staff.appoint": "made {object} staff of this installation",
    "staff.dismiss": "took back that {object} is staff of this installation",
    "executor.attack": "ran the attack suite on {object}",
    "team.rename": "renamed the team",
    "team.leave": "left the team",
    "team.transfer": "made {object} the owner",
    "team.delete": "deleted the team",
    "team.export": "took away everything of the team as a file",
    "member.role": "made {object} {after[role]} instead of {before[role]}",
    "member.remove": "removed {object}",
    "invitation.create": "invited {object} as {after[role]}",
    "invitation.accept": "joined by the invitation of {object}",
    "invitation.revoke": "took back the invitation of {object}",
    "webtask.guard": "set who may call {object}",
    "webtask.pause": "paused {object}",
    "webtask.resume": "resumed {object}",
    "guest.create": "opened the editor without an account",
    "guest.keep": "kept what they had as a guest",
    "guest.adopt": "took over what they had as a guest",
    "guest.drop": "cleared a guest’s team away",
    "user.suspend": "suspended the account of {object}",
    "user.resume": "resumed the account of {object}",
    "user.close": "closed the account",
    "user.factor.refuse": "typed a wrong code",
    "user.provider.add": "connected {after[provider]}",
    "user.provider.remove": "disconnected {before[provider]}",
    "keys.rotate": "sealed everything anew under the newest key",
    "audit.drop": "removed {events} events that were past their days",
}
# Words of the library that keeps them.
_SAID = {"webauthn": "a passkey", "totp": "codes from an app", "recovery_codes": "recovery codes"}


def sentence(event: AuditEvent) -> str:
    """Without who did it. An action that has no sentence is told as it is."""
    form = SENTENCES.get(event.action, "did {action} to {object}")
    told = {name: _said(value) for name, value in event.detail.items()}
    return form.format_map(_Told({**told, "object": event.object, "action": event.action}))


@dataclass(frozen=True, slots=True)
class Parts:
    before: dict[str, Any]
    after: dict[str, Any]
    rest: dict[str, Any]


def parts(event: AuditEvent) -> Parts:
    """Of a detail: what changed, and the rest. Events of older versions may have had a single value there."""
    sides = {name: event.detail.get(name, {}) for name in ("before", "after")}
    whole = {name: side if isinstance(side, dict) else {"value": side} for name, side in sides.items()}
    rest = {name: value for name, value in event.detail.items() if name not in sides}
    return Parts(whole["before"], whole["after"], rest)


class _Told(dict[str, Any]):
    """Events of older versions may lack something."""

    def __missing__(self, _name: str) -> Any:
        return _Told()

    def __str__(self) -> str:
        return "…"

    def __format__(self, _form: str) -> str:
        return "…"


def _said(value: Any) -> Any:
    if isinstance(value, dict):
        return _Told({name: _said(inner) for name, inner in value.items()})
    if isinstance(value, list):
        return ", ".join(str(_said(inner)) for inner in value)
    return _SAID.get(value, value) if isinstance(value, str) else value
