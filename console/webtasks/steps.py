"""The steps that actions are made of. Each belongs in the transaction of the action."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction

from console.accounts import vault
from console.accounts.audit import Actor, record
from console.accounts.limits import effective
from console.accounts.models import Team, Token, User
from console.problems import Invalid, TooLarge
from console.webtasks import files, needs
from console.webtasks.about import About
from console.webtasks.content import Content
from console.webtasks.events import Change
from console.webtasks.models import Secret, Version, Webtask
from console.webtasks.storable import text as storable
from executor.contract import NAME_PATTERN, Limits, Pin
from executor.guards.senders import SENDERS, Sender

MAX_SECRET_NAME = 200
# Sealed, and with their names: they travel with every deployment.
MAX_SECRETS = 64 * 1024


@dataclass(frozen=True, slots=True)
class Publication:
    """`change` knows, once the transaction is committed, which executors have confirmed it."""

    version: Version
    change: Change


def check_name(name: str) -> None:
    """Raises Invalid."""
    if not re.fullmatch(NAME_PATTERN, name) or name.startswith("@") or set(name) == {"."}:
        raise Invalid(
            f"“{name[:80]}” cannot name a webtask: use 1 to 64 letters, digits and -._~!$+=:@,"
            " not starting with @ and not only dots.",
            field="name",
        )
    if Pin.of(name):
        raise Invalid(
            f"“{name}” cannot name a webtask: in a URL, @draft and @v with a number ask for a draft or a version.",
            field="name",
        )


def check_content(webtask: str, content: Content, limits: Limits) -> None:
    """Of the webtask of that name. Raises TooLarge, Invalid."""
    files.check(content.files, files.entry_of(webtask))
    check_code(content.text, limits)


def check_code(code: str, limits: Limits) -> None:
    """Raises TooLarge, Invalid."""
    try:
        size = len(code.encode())
    except UnicodeEncodeError:
        raise Invalid("The code holds half of a surrogate pair, which is not text.", field="code") from None
    if size > limits.code_bytes:
        raise TooLarge(f"The code has {size:,} bytes; the limit is {limits.code_bytes:,}.")


def lock(webtask: Webtask) -> Webtask:
    """Two writers of one webtask take turns, and each sees what the other left."""
    locked = Webtask.objects.select_for_update(of=("self",)).select_related("team", "live__author")
    return locked.get(pk=webtask.pk)


def create(team: Team, name: str, token: Token, *, actor: Actor, about: About | None = None) -> Webtask:
    """`token` stands for its URL: whoever revokes it closes the URL. Raises Invalid."""
    most = effective(team.limits).team_webtasks
    if Webtask.objects.filter(team=team).count() >= most:
        raise Invalid(f"The team has {most:,} webtasks, which is its limit. Delete one first.", field="name")
    about = (about or About()).normal()
    webtask = Webtask.objects.create(team=team, name=name, token=token, **about.to_row())
    record(actor, "webtask.create", team, str(webtask), **about.told())
    return webtask


def release(
    webtask: Webtask, content: Content, *, user: User | None, message: str, restored_from: int | None = None
) -> Version:
    _check_host(webtask.team, content.host)
    last = Version.objects.filter(webtask=webtask).order_by("-number").first()
    version = Version.objects.create(
        webtask=webtask,
        number=last.number + 1 if last else 1,
        **content.to_row(),
        digest=content.digest,
        message=message,
        author=user,
        restored_from=restored_from,
    )
    webtask.live = version
    webtask.save(update_fields=["live"])
    for hear in needs.released:
        hear(webtask)
    return version


def told_of(version: Version | None) -> dict[str, Any]:
    """As the audit trail has it: code by its digest."""
    return {"version": version.number, "digest": version.digest[:16]} if version else {}


def names_of_secrets(webtask: Webtask) -> list[str]:
    return list(Secret.objects.filter(webtask=webtask).order_by("name").values_list("name", flat=True))


def _check_host(team: Team, host: str) -> None:
    """A domain serves one team: two could forge each other's pages there. Ours serve all. Raises Invalid."""
    if not host:
        return
    # And none beside the console: a page there could set cookies for both.
    console = settings.CONSOLE_HOST
    parent = console.partition(".")[2] if console.count(".") > 1 else console
    if any(f".{host}".endswith(f".{ours}") for ours in (settings.DOMAIN, parent)):
        raise Invalid(f"The host {host} is this installation's own.", field="host")
    if Webtask.objects.filter(live__host=host).exclude(team=team).exists():
        raise Invalid(f"The host {host} already serves another container.", field="host")


def put_secrets(webtask: Webtask, changes: Mapping[str, Any]) -> None:
    gone = [name for name, value in changes.items() if value is None]
    Secret.objects.filter(webtask=webtask, name__in=gone).delete()
    for name, value in changes.items():
        if not 0 < len(name) <= MAX_SECRET_NAME or name != storable(name, MAX_SECRET_NAME):
            raise Invalid(f"A secret's name has 1 to {MAX_SECRET_NAME} characters.", field="name")
        if value is not None:
            place = Secret(webtask=webtask, name=name).place
            sealed = vault.seal(json.dumps(value), *place)
            Secret.objects.update_or_create(webtask=webtask, name=name, defaults={"value": sealed})
    kept = Secret.objects.filter(webtask=webtask).values_list("name", "value")
    if sum(len(name) + len(value) for name, value in kept) > MAX_SECRETS:
        raise Invalid(f"A webtask's secrets have {MAX_SECRETS:,} bytes at most, together.", field="secrets")
    # The guard of a webtask that loses its secret would let nobody in.
    check_guard(webtask)


def check_guard(webtask: Webtask) -> None:
    """What its guard checks by must be there, in the form that the sender gives it. Raises Invalid."""
    sender = SENDERS.get(webtask.guard)
    if sender is None:
        return
    rows = Secret.objects.filter(webtask=webtask, name__in=webtask.guard_secrets)
    values = {row.name: json.loads(vault.unseal(bytes(row.value), *row.place)) for row in rows}
    for name in webtask.guard_secrets:
        if name not in values:
            raise Invalid(
                f"There is no secret “{name}”, by which the guard ({sender.title}) would check.",
                field="secrets",
            )
        _check_key(sender, name, values[name])


def _check_key(sender: Sender, name: str, value: Any) -> None:
    """Raises Invalid, without a word of the value."""
    try:
        if not isinstance(value, str):
            raise ValueError("a text")  # noqa: TRY301, TRY004 - the sender's own complaints come the same way
        sender.key(value)
    except ValueError as expected:
        raise Invalid(
            f"The secret “{name}” is none that {sender.title} signs with: it must be {expected}.",
            field="secrets",
        ) from None


def announce(change: Change) -> Change:
    transaction.on_commit(change.announce)
    return change
