"""What code asks for as `ctx.storage`."""

from collections.abc import Mapping
from typing import Any

from console.problems import Invalid
from console.storage.access import document_of
from console.storage.actions import Seen, Sight, delete_document, save_document
from console.storage.models import Document
from console.storage.problems import Modified
from console.webtasks.models import Webtask
from console.webtasks.replies import Caller, Reply, answers


@answers("storage.get")
def get(caller: Caller, _args: Mapping[str, Any], _text: str) -> Reply:
    return _reply(document_of(_webtask(caller)))


@answers("storage.set")
def set_(caller: Caller, args: Mapping[str, Any], text: str) -> Reply:
    webtask, seen = _webtask(caller), _seen(args)
    try:
        if text:
            return _reply(save_document(webtask, text, seen=seen), tell=False)
        delete_document(webtask, seen=seen)
    except Modified as conflict:
        reply = _reply(conflict.current)
        return Reply(reply.text, {**reply.head, "status": conflict.status, "message": conflict.detail})
    return _reply(None)


def _webtask(caller: Caller) -> Webtask:
    if caller.webtask is None:
        raise Invalid("Only a webtask with a name has storage.")
    return caller.webtask


def _seen(args: Mapping[str, Any]) -> Sight:
    seen = args.get("etag", Seen.WHATEVER)
    if seen is None or isinstance(seen, str | Seen):
        return seen
    raise Invalid("An etag is text.")


def _reply(document: Document | None, *, tell: bool = True) -> Reply:
    text = document.text if document and tell else ""
    return Reply(text, {"etag": document.etag if document else None})
