"""Every write to a team's webtasks: atomic, audited, announced once it is committed."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from functools import partial
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from console.accounts import signals
from console.accounts.actions import issue_token, revoke_runners
from console.accounts.audit import Actor, changes, record
from console.accounts.limits import changed, effective
from console.accounts.models import Team, User
from console.accounts.roles import Right
from console.accounts.tokens import code_url
from console.problems import Invalid, NothingToPublish, Overtaken, Stale, Taken
from console.webtasks.about import About
from console.webtasks.access import draft_of
from console.webtasks.content import Content
from console.webtasks.deployments import limits_of
from console.webtasks.egress import normal
from console.webtasks.events import Change
from console.webtasks.models import Collaborator, Draft, Version, Webtask
from console.webtasks.steps import (
    Publication,
    announce,
    check_content,
    check_name,
    create,
    lock,
    names_of_secrets,
    put_secrets,
    release,
    told_of,
)

# Of one webtask.
MAX_COLLABORATORS = 200

STARTER = """\
module.exports = function (ctx, cb) {
  console.log("called with", ctx.query);
  cb(null, { hello: ctx.query.name || "world" });
};
"""


def create_webtask(
    team: Team, name: str, *, actor: Actor, content: Content | None = None, about: About | None = None
) -> Webtask:
    """Its creator gets the code and files of `content` (or a starter) as a draft; nothing is live yet.

    Raises Invalid, Taken, TooLarge.
    """
    check_name(name)
    content = content or Content(code=STARTER)
    check_content(name, content, effective(team.limits))
    try:
        with transaction.atomic():
            claims: dict[str, Any] = {
                "jtn": name,
                "url": code_url(team.slug, name),
                "mb": 1,
                "dd": 0,
                "dr": 1,
            }
            token = issue_token(team, name, actor=actor, **claims)
            webtask = create(team, name, token, actor=actor, about=about)
            if actor.user:
                _put_draft(webtask, actor.user, content, base=None)
    except IntegrityError:
        raise Taken(f"The team already has a webtask named “{name}”.") from None
    return webtask


def save_draft(webtask: Webtask, user: User, content: Content, *, base: int | None, seen: str) -> Draft:
    """Its code and files. `seen` is the etag of the draft being replaced, "" when there was none.

    Drafts are a person's own notes: no audit row for each pause in typing. Raises Stale, Invalid, TooLarge.
    """
    check_content(webtask.name, content, limits_of(webtask))
    with transaction.atomic():
        lock(webtask)
        _check_seen(webtask, user, seen)
        if base is not None and not Version.objects.filter(webtask=webtask, number=base).exists():
            raise Invalid(f"“{webtask}” has no version {base} for a draft to be based on.", field="base")
        return _put_draft(webtask, user, content, base=base)


def discard_draft(webtask: Webtask, user: User, *, seen: str) -> None:
    """What was saved since they saw it is not theirs to throw away unread. Raises Stale."""
    with transaction.atomic():
        lock(webtask)
        _check_seen(webtask, user, seen)
        Draft.objects.filter(webtask=webtask, user=user).delete()


def publish(
    webtask: Webtask, user: User, *, actor: Actor, message: str, seen: str, force: bool = False
) -> Publication:
    """The saved draft becomes the live version and is gone. Raises NothingToPublish, Stale, Overtaken."""
    with transaction.atomic():
        webtask = lock(webtask)
        draft = Draft.objects.filter(webtask=webtask, user=user).first()
        if draft is None:
            raise NothingToPublish(f"You have no saved draft of “{webtask}”. Change the code first.")
        _check_seen(webtask, user, seen)
        before, live = told_of(webtask.live), webtask.live
        if draft.base != (live.number if live else None) and not force:
            raise Overtaken(
                f"“{webtask}” is at v{live.number if live else 0}, your draft started from"
                f" {f'v{draft.base}' if draft.base else 'nothing'}. Compare, then publish again with force.",
                live=live,
            )
        # By a token: on behalf of whoever issued it, as with the published clients.
        author = actor.user if user.holds_id else user
        version = release(webtask, Content.of_draft(draft, live), user=author, message=message)
        draft.delete()
        told = changes(before, told_of(version))
        record(actor, "webtask.publish", webtask.team, str(webtask), force=force, **told)
        return Publication(version, announce(Change.of_webtask(webtask)))


def delete_webtask(webtask: Webtask, *, actor: Actor) -> None:
    """With its versions, drafts, secrets, logs and tokens: whoever makes one of that name begins anew."""
    with transaction.atomic():
        webtask = lock(webtask)
        if webtask.token:
            webtask.token.delete()
        revoke_runners(webtask.team, webtask.name, actor=actor)
        record(actor, "webtask.delete", webtask.team, str(webtask), before=_whole(webtask))
        announce(Change.of_settings(webtask))
        webtask.delete()


def restore_version(webtask: Webtask, version: Version, *, actor: Actor, message: str = "") -> Publication:
    """The old text becomes a new version; history is never rewritten. Drafts stay as they are."""
    with transaction.atomic():
        webtask = lock(webtask)
        before = told_of(webtask.live)
        restored = release(
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
            source=version.number,
            **changes(before, told_of(restored)),
        )
        return Publication(restored, announce(Change.of_webtask(webtask)))


def describe_webtask(
    webtask: Webtask, *, actor: Actor, description: str | None = None, tags: list[str] | None = None
) -> Webtask:
    """None leaves it as it is; whoever says what is said already changes nothing. Raises Invalid."""
    with transaction.atomic():
        webtask = lock(webtask)
        before = after = About.of(webtask)
        if description is not None:
            after = replace(after, description=description)
        if tags is not None:
            after = replace(after, tags=tuple(tags))
        after = after.normal()
        if after == before:
            return webtask
        for name, value in after.to_row().items():
            setattr(webtask, name, value)
        webtask.save(update_fields=["description", "tags"])
        record(
            actor, "webtask.describe", webtask.team, str(webtask), **changes(asdict(before), asdict(after))
        )
    return webtask


def limit_webtask(webtask: Webtask, wanted: Mapping[str, int | None], *, actor: Actor) -> Webtask:
    """None goes back to what the team has. Raises Invalid."""
    with transaction.atomic():
        webtask = lock(webtask)
        before, webtask.limits = webtask.limits, changed(webtask.limits, wanted)
        webtask.save(update_fields=["limits"])
        record(actor, "webtask.limit", webtask.team, str(webtask), **changes(before, webtask.limits))
        announce(Change.of_settings(webtask))
    return webtask


def allow_egress(webtask: Webtask, rules: list[str] | None, *, actor: Actor) -> Webtask:
    """Where it may connect to, as "host:port"; None is every public address. Raises Invalid."""
    with transaction.atomic():
        webtask = lock(webtask)
        before, webtask.egress = webtask.egress, None if rules is None else normal(rules)
        webtask.save(update_fields=["egress"])
        told = changes({"rules": before}, {"rules": webtask.egress})
        record(actor, "webtask.egress", webtask.team, str(webtask), **told)
        announce(Change.of_settings(webtask))
    return webtask


def set_secrets(webtask: Webtask, wanted: Mapping[str, Any], *, actor: Actor) -> None:
    """Each a name and a JSON value; None takes the secret away. The audit trail gets the names alone. Raises Invalid."""
    with transaction.atomic():
        webtask = lock(webtask)
        before = names_of_secrets(webtask)
        put_secrets(webtask, wanted)
        told = changes({"names": before}, {"names": names_of_secrets(webtask)})
        record(actor, "webtask.secrets", webtask.team, str(webtask), names=sorted(wanted), **told)
        announce(Change.of_settings(webtask))


def share(wanted: Collaborator, *, actor: Actor) -> Collaborator:
    """Takes one that is not saved yet; it replaces what they could do before. Raises Invalid."""
    if wanted.to_team == wanted.webtask.team:
        raise Invalid("The webtask belongs to this team, whose members have it by their roles.", field="team")
    rights = sorted(Right(right) for right in wanted.rights)
    with transaction.atomic():
        webtask = lock(wanted.webtask)
        whom: dict[str, Any] = {"webtask": webtask, "email": wanted.email, "to_team": wanted.to_team}
        had = Collaborator.objects.filter(**whom).values_list("rights", flat=True).first()
        if had is None and webtask.collaborators.count() >= MAX_COLLABORATORS:
            raise Invalid(f"It is shared with {MAX_COLLABORATORS} already: share it with a team instead.")
        collaborator, _ = Collaborator.objects.update_or_create(
            **whom, defaults={"rights": rights, "author": actor.user}
        )
        told = changes({} if had is None else {"rights": had}, {"rights": rights})
        record(actor, "webtask.share", webtask.team, str(webtask), to=collaborator.who, **told)
        transaction.on_commit(partial(signals.standings_changed.send, Collaborator))
    return collaborator


def unshare(collaborator: Collaborator, *, actor: Actor) -> None:
    with transaction.atomic():
        webtask = lock(collaborator.webtask)
        told = changes({"rights": collaborator.rights}, {})
        record(actor, "webtask.unshare", webtask.team, str(webtask), to=collaborator.who, **told)
        collaborator.delete()
        transaction.on_commit(partial(signals.standings_changed.send, Collaborator))


def _whole(webtask: Webtask) -> dict[str, Any]:
    """What goes with it."""
    return {
        **told_of(webtask.live),
        **About.of(webtask).told(),
        "secrets": names_of_secrets(webtask),
        "collaborators": [one.who for one in webtask.collaborators.select_related("to_team")],
    }


def _check_seen(webtask: Webtask, user: User, seen: str) -> None:
    current = draft_of(webtask, user)
    if seen != current.etag:
        raise Stale(
            "The draft was saved from elsewhere since you read it. Merge, then try again.", current=current
        )


def _put_draft(webtask: Webtask, user: User, content: Content, *, base: int | None) -> Draft:
    text = json.dumps([webtask.pk, user.pk, content.code, base, content.files], sort_keys=True)
    draft, _ = Draft.objects.update_or_create(
        webtask=webtask,
        user=user,
        defaults={
            "code": content.code,
            "files": dict(content.files),
            "base": base,
            # Content, so that two tabs with the same text agree; the webtask, so that another's text never matches.
            "etag": hashlib.sha256(text.encode()).hexdigest()[:32],
            "saved_at": timezone.now(),
        },
    )
    return draft
