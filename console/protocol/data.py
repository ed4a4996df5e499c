"""Endpoints 9 and 10 of the protocol: what a webtask stores."""

from django.http import HttpResponse, JsonResponse

from console.accounts.needs import needs
from console.accounts.roles import Action
from console.problems import Invalid
from console.protocol.ask import Ask
from console.storage.access import document_of
from console.storage.actions import Seen, Sight, save_document
from console.webtasks.access import find_webtask

_MEMBERS = {"data", "etag"}
_EMPTY = "{}"


@needs(Action.READ_DATA)
def read(ask: Ask, team: str, name: str) -> HttpResponse:
    """The JSON text; of a webtask that stores nothing, that of an empty object."""
    owner = ask.team_of(team, name)
    document = document_of(find_webtask(owner, name))
    if document is None:
        return JsonResponse({"data": _EMPTY, "etag": None})
    return JsonResponse({"data": document.text, "etag": document.etag})


@needs(Action.WRITE_DATA)
def write(ask: Ask, team: str, name: str) -> HttpResponse:
    """`etag` names what must be there, null nothing; without it whatever is there is replaced."""
    owner = ask.team_of(team, name)
    sent = ask.body()
    unknown = sent.keys() - _MEMBERS
    if unknown:
        raise Invalid(f"unsupported property `{min(unknown)[:80]}`")
    data, seen = sent.get("data"), _seen(sent.get("etag", Seen.WHATEVER))
    if not isinstance(data, str):
        raise Invalid("`data` must be a string, the JSON text of the document")
    saved = save_document(find_webtask(owner, name), data, seen=seen, actor=ask.bearer.actor)
    return JsonResponse({"etag": saved.etag if saved else None})


def _seen(etag: object) -> Sight:
    if etag is None or isinstance(etag, str | Seen):
        return etag
    raise Invalid("`etag` must be a string, or null for no document")
