"""Every way in, with what it needs: as the URLs and the websocket have it, not a list to keep."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.admindocs.views import simplify_regex
from django.urls import URLPattern, URLResolver, get_resolver
from rest_framework.views import APIView

from console.accounts.needs import Need, needs_of
from console.live import follow, stream, tail

_CONVERTER = re.compile(r"<\w+:(\w+)>")
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
# What answers addresses that nothing else answers.
_NOTHING = {"nothing_here", "not_found"}
TOPIC = "topic"


@dataclass(frozen=True, slots=True)
class Way:
    """`kind` is whose URL it is: api, protocol, live, web or account. `method` is empty where the view itself tells methods
    apart, and for a topic, whose `path` is its name."""

    kind: str
    method: str
    path: str
    needs: tuple[Need, ...]

    def __str__(self) -> str:
        return f"{self.method} {self.path}".strip()


def ways() -> list[Way]:
    """Those of HTTP in the order of the URLs, then the log stream and the topics of the websocket."""
    http = [way for path, pattern, kind in _patterns(get_resolver()) for way in _of(path, pattern, kind)]
    logs = Way("protocol", "GET", f"{stream.PREFIX}tenant/{{team}}", needs_of(follow.allowed))
    topics = [Way(TOPIC, "", topic, needs_of(asking)) for topic, asking in tail.TOPICS.items()]
    return [*http, logs, *topics]


def plain(route: str) -> str:
    """As OpenAPI writes it: with a slash before it, and names in braces."""
    simple: str = simplify_regex(_CONVERTER.sub(r"<\1>", route))
    return simple.replace("<", "{").replace(">", "}")


def _patterns(
    resolver: URLResolver, before: str = "", kind: str = ""
) -> Iterator[tuple[str, URLPattern, str]]:
    for entry in resolver.url_patterns:
        path = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _patterns(entry, path, _kind(entry))
        else:
            yield plain(path), entry, kind


def _kind(included: URLResolver) -> str:
    """console.web.urls is web, console.web.account_urls is account."""
    *_, app, module = str(included.urlconf_name.__name__).split(".")  # type: ignore[union-attr]  # never a list here
    return module.removesuffix("_urls") if module != "urls" else app


def _of(path: str, pattern: URLPattern, kind: str) -> Iterator[Way]:
    view: Any = pattern.callback
    for method, way in _by_method(view).items():
        if way.__name__ not in _NOTHING:
            yield Way(kind, method, path, needs_of(way) or needs_of(view))


def _by_method(view: Any) -> dict[str, Callable[..., Any]]:
    """An endpoint of the protocol and a view of the API have one function for each."""
    if handlers := getattr(view, "handlers", None):
        return dict(handlers)
    shown = getattr(view, "view_class", None)
    if shown is None or not issubclass(shown, APIView):
        return {"": view}
    return {method: getattr(shown, method.lower()) for method in _METHODS if hasattr(shown, method.lower())}
