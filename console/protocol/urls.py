"""The endpoints of the published clients, below /api/. Names are checked where they are used, with an answer to that."""

from django.urls import path, re_path

from console.protocol import caches, cron, data, description, limits, modules, tokens, webtasks
from console.protocol.endpoint import endpoint, nothing_here

_WEBTASK = "webtask/<str:team>/<str:name>"
_JOB = "cron/<str:team>/<str:name>"
_ALL = dict.fromkeys(("GET", "POST", "PUT", "DELETE", "PATCH"), nothing_here)

urlpatterns = [
    path("description", endpoint(GET=description.describe)),
    path("tokens/issue", endpoint(POST=tokens.issue)),
    path("tokens/inspect", endpoint(GET=tokens.inspect)),
    path("tokens/revoke", endpoint(POST=tokens.revoke)),
    path("webtask", endpoint(GET=webtasks.find_all)),
    path("env/node/modules", endpoint(POST=modules.ensure)),
    path("env/node/modules/<path:name>", endpoint(GET=modules.versions)),
    path("webtask/<str:team>", endpoint(GET=webtasks.find)),
    path(f"{_WEBTASK}/data", endpoint(GET=data.read, PUT=data.write)),
    path(_WEBTASK, endpoint(GET=webtasks.read, PUT=webtasks.put, DELETE=webtasks.remove)),
    path("cron/<str:team>", endpoint(GET=cron.find)),
    path(_JOB, endpoint(GET=cron.read, PUT=cron.put, DELETE=cron.remove)),
    path(f"{_JOB}/history", endpoint(GET=cron.history)),
    path(f"{_JOB}/state", endpoint(PUT=cron.put_state)),
    path("cache/<str:team>", endpoint(DELETE=caches.purge)),
    path("cache/<str:team>/<str:name>", endpoint(DELETE=caches.purge)),
    path("limits/container/<str:team>", endpoint(GET=limits.of_container, DELETE=limits.reset)),
    path("limits/token/<str:jti>", endpoint(GET=limits.of_token, DELETE=limits.reset)),
    re_path(r"^(?:cache|cron|description|env|limits|logs|tokens|webtask)(?:/.*)?$", endpoint(**_ALL)),
]
