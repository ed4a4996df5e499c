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
from console.accounts.models import Team, Token, User
from console.problems import Invalid, TooLarge
from console.webtasks import needs
from console.webtasks.content import Content
from console.webtasks.events import Change
from console.webtasks.models import Secret, Version, Webtask
from console.webtasks.storable import text as storable
from executor.contract import NAME_PATTERN, Limits

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


def create(team: Team, name: str, token: Token, *, actor: Actor) -> Webtask:
    """`token` stands for its URL: whoever revokes it closes the URL."""
    webtask = Webtask.objects.create(team=team, name=name, token=token)
    record(actor, "webtask.create", team, str(webtask))
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
    place = (webtask.team.slug, webtask.name)
    gone = [name for name, value in changes.items() if value is None]
    Secret.objects.filter(webtask=webtask, name__in=gone).delete()
    for name, value in changes.items():
        if not 0 < len(name) <= MAX_SECRET_NAME or name != storable(name, MAX_SECRET_NAME):
            raise Invalid(f"A secret's name has 1 to {MAX_SECRET_NAME} characters.", field="name")
        if value is not None:
            sealed = vault.seal(json.dumps(value), *place, name)
            Secret.objects.update_or_create(webtask=webtask, name=name, defaults={"value": sealed})
    kept = Secret.objects.filter(webtask=webtask).values_list("name", "value")
    if sum(len(name) + len(value) for name, value in kept) > MAX_SECRETS:
        raise Invalid(f"A webtask's secrets have {MAX_SECRETS:,} bytes at most, together.", field="secrets")


def announce(change: Change) -> Change:
    transaction.on_commit(change.announce)
    return change
