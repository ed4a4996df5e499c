"""Every write to a webtask's document: on the disk when it returns, and only over what the writer has seen."""

import json
import secrets
from enum import Enum
from typing import Any

from django.db import IntegrityError
from django.utils import timezone

from console.accounts.audit import Actor, changes, record
from console.durable import durably
from console.problems import Absent, Invalid, TooLarge
from console.storage.access import document_of
from console.storage.models import Document
from console.storage.problems import Modified
from console.webtasks.deployments import limits_of
from console.webtasks.models import Webtask
from console.webtasks.storable import no_number


class Seen(Enum):
    """What a writer saw who did not look."""

    WHATEVER = "whatever"


# The etag of what was seen; None: that there is nothing.
Sight = str | None | Seen


def save_document(webtask: Webtask, text: str, *, seen: Sight, actor: Actor | None = None) -> Document | None:
    """Replaces what was `seen` by `text`, JSON; `null` deletes. Returns what is there now.

    Without an `actor` it is the webtask's own code that writes: that is its work, not a deed to audit.
    Raises Modified, Invalid, TooLarge, Absent.
    """
    if is_null(text, limits_of(webtask).storage_bytes):
        delete_document(webtask, seen=seen, actor=actor)
        return None
    document = Document(webtask=webtask, text=text, etag=secrets.token_hex(16), saved_at=timezone.now())
    try:
        with durably():
            before = document_of(webtask) if actor else None
            if not _put(document, seen):
                raise Modified(webtask, document_of(webtask))
            if actor:
                told = changes(_told(before), _told(document))
                record(actor, "storage.save", webtask.team, str(webtask), **told)
    except IntegrityError:
        raise Absent(f"There is no webtask “{webtask}” any more.") from None
    return document


def delete_document(webtask: Webtask, *, seen: Sight, actor: Actor | None = None) -> None:
    """Raises Modified."""
    with durably():
        before = document_of(webtask) if actor else None
        if not _remove(webtask, seen):
            raise Modified(webtask, document_of(webtask))
        if actor:
            record(actor, "storage.delete", webtask.team, str(webtask), **changes(_told(before), {}))


def is_null(text: str, most: int) -> bool:
    """Whether a JSON text says that there is nothing. Raises TooLarge, Invalid."""
    try:
        size = len(text.encode())
        if size > most:
            raise TooLarge(f"The document has {size:,} bytes as JSON; the limit is {most:,}.")
        return json.loads(text, parse_constant=no_number) is None
    except (ValueError, RecursionError):
        raise Invalid("The document is not valid JSON.", field="data") from None


def _told(document: Document | None) -> dict[str, Any]:
    """Not what it says."""
    return {"etag": document.etag, "bytes": len(document.text.encode())} if document else {}


def _remove(webtask: Webtask, seen: Sight) -> bool:
    """As _put: what another wrote in between stays."""
    there = Document.objects.filter(webtask=webtask)
    if seen is None:
        return not there.exists()
    if seen is Seen.WHATEVER:
        there.delete()
        return True
    return there.filter(etag=seen).delete()[0] == 1


def _put(document: Document, seen: Sight) -> bool:
    """False when there is something else than was seen. One statement each: two writers cannot both succeed."""
    if seen is Seen.WHATEVER:
        Document.objects.bulk_create(
            [document],
            update_conflicts=True,
            unique_fields=["webtask"],
            update_fields=["text", "etag", "saved_at"],
        )
        return True
    values = {"text": document.text, "etag": document.etag, "saved_at": document.saved_at}
    if seen is None:
        _, created = Document.objects.get_or_create(webtask=document.webtask, defaults=values)
        return created
    return Document.objects.filter(webtask=document.webtask, etag=seen).update(**values) == 1
