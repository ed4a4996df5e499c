"""Every write to a team's webtasks: atomic, audited, announced once it is committed."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from console.accounts import vault
from console.accounts.actions import issue_token
from console.accounts.audit import Actor, record
from console.accounts.limits import changed, effective
from console.accounts.models import Team, User
from console.accounts.tokens import code_url
from console.problems import Invalid, NothingToPublish, Overtaken, Stale, Taken, TooLarge
from console.webtasks.access import draft_of
from console.webtasks.content import Content
from console.webtasks.deployments import limits_of
from console.webtasks.egress import normal
from console.webtasks.events import Change
from console.webtasks.models import Draft, Secret, Version, Webtask
from executor.contract import NAME_PATTERN, Limits

STARTER = """\
module.exports = function (ctx, cb) {
  console.log("called with", ctx.query);
  cb(null, { hello: ctx.query.name || "world" });
};
"""


MAX_SECRET_NAME = 200


@dataclass(frozen=True, slots=True)
class Publication:
    """`change` knows, once the transaction is committed, which executors have confirmed it."""

    version: Version
    change: Change


def create_webtask(team: Team, name: str, *, actor: Actor, code: str | None = None) -> Webtask:
    """Its creator gets `code` (or a starter) as a draft; nothing is live yet. Raises Invalid, Taken, TooLarge."""
    if not re.fullmatch(NAME_PATTERN, name) or name.startswith("@") or set(name) == {"."}:
        raise Invalid(
            f"“{name[:80]}” cannot name a webtask: use 1 to 64 letters, digits and -._~!$+=:@,"
            " not starting with @ and not only dots.",
            field="name",
        )
    code = STARTER if code is None else code
    check_code(code, effective(team.limits))
    try:
        with transaction.atomic():
            webtask = _create(team, name, actor=actor)
            if actor.user:
                _put_draft(webtask, actor.user, code, base=None)
    except IntegrityError:
        raise Taken(f"The team already has a webtask named “{name}”.") from None
    return webtask


def save_draft(webtask: Webtask, user: User, *, code: str, base: int | None, seen: str) -> Draft:
    """`seen` is the etag of the draft being replaced, "" when there was none.

    Drafts are a person's own notes: no audit row for each pause in typing. Raises Stale, Invalid, TooLarge.
    """
    check_code(code, limits_of(webtask))
    with transaction.atomic():
        _lock(webtask)
        _check_seen(webtask, user, seen)
        if base is not None and not Version.objects.filter(webtask=webtask, number=base).exists():
            raise Invalid(f"“{webtask}” has no version {base} for a draft to be based on.", field="base")
        return _put_draft(webtask, user, code, base=base)


def discard_draft(webtask: Webtask, user: User) -> None:
    with transaction.atomic():
        Draft.objects.filter(webtask=webtask, user=user).delete()


def publish(
    webtask: Webtask, user: User, *, actor: Actor, message: str, seen: str, force: bool = False
) -> Publication:
    """The saved draft becomes the live version and is gone. Raises NothingToPublish, Stale, Overtaken."""
    with transaction.atomic():
        webtask = _lock(webtask)
        draft = Draft.objects.filter(webtask=webtask, user=user).first()
        if draft is None:
            raise NothingToPublish(f"You have no saved draft of “{webtask}”. Change the code first.")
        _check_seen(webtask, user, seen)
        live = webtask.live
        if draft.base != (live.number if live else None) and not force:
            raise Overtaken(
                f"“{webtask}” is at v{live.number if live else 0}, your draft started from"
                f" {f'v{draft.base}' if draft.base else 'nothing'}. Compare, then publish again with force.",
                live=live,
            )
        settings = Content.of(live) if live else Content()
        content = replace(settings, code=draft.code, url="")
        version = _release(webtask, content, user=user, message=message)
        draft.delete()
        record(actor, "webtask.publish", webtask.team, str(webtask), version=version.number, force=force)
        return Publication(version, _announce(Change.of_webtask(webtask, version)))


def restore_version(webtask: Webtask, version: Version, *, actor: Actor, message: str = "") -> Publication:
    """The old text becomes a new version; history is never rewritten. Drafts stay as they are."""
    with transaction.atomic():
        webtask = _lock(webtask)
        restored = _release(
            webtask,
            Content.of(version),
            user=actor.user,
            message=message or f"Restore v{version.number}",
            restored_from=version.number,
        )
        record(
            actor,
            "webtask.restore",
            webtask.team,
            str(webtask),
            version=restored.number,
            source=version.number,
        )
        return Publication(restored, _announce(Change.of_webtask(webtask, restored)))


def limit_webtask(webtask: Webtask, changes: Mapping[str, int | None], *, actor: Actor) -> Webtask:
    """None goes back to what the team has. Raises Invalid."""
    with transaction.atomic():
        webtask = _lock(webtask)
        webtask.limits = changed(webtask.limits, changes)
        webtask.save(update_fields=["limits"])
        record(actor, "webtask.limit", webtask.team, str(webtask), **changes)
        _announce(Change.of_settings(webtask))
    return webtask


def allow_egress(webtask: Webtask, rules: list[str] | None, *, actor: Actor) -> Webtask:
    """Where it may connect to, as "host:port"; None is every public address. Raises Invalid."""
    with transaction.atomic():
        webtask = _lock(webtask)
        webtask.egress = None if rules is None else normal(rules)
        webtask.save(update_fields=["egress"])
        record(actor, "webtask.egress", webtask.team, str(webtask), rules=webtask.egress)
        _announce(Change.of_settings(webtask))
    return webtask


def set_secrets(webtask: Webtask, changes: Mapping[str, Any], *, actor: Actor) -> None:
    """Each a name and a JSON value; None takes the secret away. The audit trail gets the names alone. Raises Invalid."""
    with transaction.atomic():
        webtask = _lock(webtask)
        _put_secrets(webtask, changes)
        record(actor, "webtask.secrets", webtask.team, str(webtask), names=sorted(changes))
        _announce(Change.of_settings(webtask))


def _put_secrets(webtask: Webtask, changes: Mapping[str, Any]) -> None:
    place = (webtask.team.slug, webtask.name)
    gone = [name for name, value in changes.items() if value is None]
    Secret.objects.filter(webtask=webtask, name__in=gone).delete()
    for name, value in changes.items():
        if not 0 < len(name) <= MAX_SECRET_NAME:
            raise Invalid(f"A secret's name has 1 to {MAX_SECRET_NAME} characters.", field="name")
        if value is not None:
            sealed = vault.seal(json.dumps(value), *place, name)
            Secret.objects.update_or_create(webtask=webtask, name=name, defaults={"value": sealed})


def check_code(code: str, limits: Limits) -> None:
    """Raises TooLarge, Invalid."""
    try:
        size = len(code.encode())
    except UnicodeEncodeError:
        raise Invalid("The code holds half of a surrogate pair, which is not text.", field="code") from None
    if size > limits.code_bytes:
        raise TooLarge(f"The code has {size:,} bytes; the limit is {limits.code_bytes:,}.")


def _lock(webtask: Webtask) -> Webtask:
    """Two writers of one webtask take turns, and each sees what the other left."""
    locked = Webtask.objects.select_for_update(of=("self",)).select_related("team", "live__author")
    return locked.get(pk=webtask.pk)


def _check_seen(webtask: Webtask, user: User, seen: str) -> None:
    current = draft_of(webtask, user)
    if seen != current.etag:
        raise Stale(
            "The draft was saved from elsewhere since you read it. Merge, then save again.", current=current
        )


def _put_draft(webtask: Webtask, user: User, code: str, *, base: int | None) -> Draft:
    content = json.dumps([webtask.pk, user.pk, code, base])
    draft, _ = Draft.objects.update_or_create(
        webtask=webtask,
        user=user,
        defaults={
            "code": code,
            "base": base,
            # Content, so that two tabs with the same text agree; the webtask, so that another's text never matches.
            "etag": hashlib.sha256(content.encode()).hexdigest()[:32],
            "saved_at": timezone.now(),
        },
    )
    return draft


def _create(team: Team, name: str, *, actor: Actor) -> Webtask:
    """Its token stands for its URL: whoever revokes it closes the URL."""
    claims: dict[str, Any] = {"jtn": name, "url": code_url(team.slug, name), "mb": 1, "dd": 0, "dr": 1}
    token = issue_token(team, name, actor=actor, **claims)
    webtask = Webtask.objects.create(team=team, name=name, token=token)
    record(actor, "webtask.create", team, str(webtask))
    return webtask


def _release(
    webtask: Webtask, content: Content, *, user: User | None, message: str, restored_from: int | None = None
) -> Version:
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
    return version


def _announce(change: Change) -> Change:
    transaction.on_commit(change.announce)
    return change
