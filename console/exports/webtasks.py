"""What of an export belongs to one webtask: its folder."""

from collections.abc import Iterator
from typing import Any

from console.deliveries.models import Delivery
from console.deliveries.shapes import summary
from console.exports.bundle import Bundle, safe
from console.modules.access import dependencies_of
from console.modules.models import Install
from console.schedules.access import access_firings, access_schedules
from console.schedules.shapes import firing_shape, schedule_shape
from console.storage.access import document_of
from console.webtasks.access import access_collaborators, access_secrets
from console.webtasks.files import entry_of
from console.webtasks.metrics import tally_shape
from console.webtasks.models import Draft, EgressCall, Invocation, LogLine, Tally, Version, Webtask
from console.webtasks.shapes import (
    call_shape,
    collaborator_shape,
    instant,
    invocation_shape,
    line_shape,
    secret_shape,
    version_summary,
)


def write(bundle: Bundle, webtask: Webtask, folder: str) -> Iterator[bytes]:
    yield from bundle.json(f"{folder}/webtask.json", _about(webtask))
    yield from _versions(bundle, webtask, folder)
    yield from _drafts(bundle, webtask, folder)
    if document := document_of(webtask):
        yield from bundle.text(f"{folder}/storage.json", document.text)
    schedules = [
        {
            **schedule_shape(one, logs=True),
            "history": [firing_shape(firing) for firing in access_firings(one)],
        }
        for one in access_schedules(webtask)
    ]
    if schedules:
        yield from bundle.json(f"{folder}/schedules.json", schedules)
    yield from bundle.newest(f"{folder}/logs.jsonl", LogLine.objects.filter(webtask=webtask), line_shape)
    yield from bundle.newest(
        f"{folder}/invocations.jsonl", Invocation.objects.filter(webtask=webtask), invocation_shape
    )
    yield from bundle.newest(f"{folder}/tallies.jsonl", Tally.objects.filter(webtask=webtask), tally_shape)
    yield from bundle.newest(f"{folder}/calls.jsonl", EgressCall.objects.filter(webtask=webtask), call_shape)
    deliveries = Delivery.objects.select_related("webtask__team").defer("body", "answer_body", "headers")
    yield from bundle.newest(f"{folder}/deliveries.jsonl", deliveries.filter(webtask=webtask), _delivery)


def _about(webtask: Webtask) -> dict[str, Any]:
    return {
        "name": webtask.name,
        "description": webtask.description,
        "tags": webtask.tags.split(),
        "created_at": instant(webtask.created_at),
        "live": webtask.live.number if webtask.live else None,
        "limits": webtask.limits,
        "egress": webtask.egress,
        # Their names: nobody is given the values.
        "secrets": [secret_shape(secret) for secret in access_secrets(webtask)],
        "modules": dependencies_of(webtask),
        "collaborators": [collaborator_shape(one) for one in access_collaborators(webtask)],
    }


def _versions(bundle: Bundle, webtask: Webtask, folder: str) -> Iterator[bytes]:
    """One at a time: each may have a MiB of code."""
    numbers = Version.objects.filter(webtask=webtask).order_by("number").values_list("pk", flat=True)
    for key in list(numbers):
        version = Version.objects.select_related("author").filter(pk=key).first()
        if version is None:
            continue  # deleted meanwhile, with its webtask
        live = version.pk == webtask.live_id
        yield from bundle.json(f"{folder}/versions/{version.number}.json", _version(version, live=live))
        if version.url:
            continue
        yield from _code(bundle, f"{folder}/versions/{version.number}", webtask, version)
        if live:
            yield from _code(bundle, f"{folder}/live", webtask, version)


def _version(version: Version, *, live: bool) -> dict[str, Any]:
    return {
        **version_summary(version, live=live),
        "url": version.url,
        "runtime": version.runtime,
        "meta": version.meta,
        "params": version.params,
        "parse_body": version.parse_body,
        "merge_body": version.merge_body,
        "host": version.host,
        "modules": _modules(version.modules),
    }


def _modules(archive: str) -> dict[str, str]:
    """By name, the versions that it was published with."""
    install = Install.objects.filter(archive=archive).defer("lock", "output").first() if archive else None
    return dict(install.versions) if install else {}


def _drafts(bundle: Bundle, webtask: Webtask, folder: str) -> Iterator[bytes]:
    """Everybody's: they go with the team."""
    listed = []
    for key in list(Draft.objects.filter(webtask=webtask).order_by("pk").values_list("pk", flat=True)):
        draft = Draft.objects.select_related("user").filter(pk=key).first()
        if draft is None:
            continue  # published or discarded meanwhile
        at = f"{folder}/drafts/{safe(draft.user.handle)}"
        saved = {"author": draft.user.handle, "base": draft.base, "saved_at": instant(draft.saved_at)}
        listed.append({**saved, "folder": at})
        yield from _code(bundle, at, webtask, draft)
    if listed:
        yield from bundle.json(f"{folder}/drafts.json", listed)


def _code(bundle: Bundle, at: str, webtask: Webtask, kept: Version | Draft) -> Iterator[bytes]:
    """Named as executors name it, with the files beside it."""
    yield from bundle.text(f"{at}/{safe(entry_of(webtask.name))}", kept.code)
    for path, text in kept.files.items():
        yield from bundle.text(f"{at}/{path}", text)


def _delivery(delivery: Delivery) -> dict[str, Any]:
    return {**summary(delivery)}
