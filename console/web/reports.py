"""Where browsers report what the policy stopped: one line per report in the log, nothing stored."""

import json
import logging
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from console.accounts.needs import Beyond, needs

logger = logging.getLogger("console.csp")

MAX_BYTES = 16 * 1024
# The names of a member in the two formats browsers send, report-uri's and the Reporting API's.
MEMBERS = {
    "page": ("document-uri", "documentURL"),
    "blocked": ("blocked-uri", "blockedURL"),
    "directive": ("effective-directive", "effectiveDirective"),
    "file": ("source-file", "sourceFile"),
    "line": ("line-number", "lineNumber"),
    "sample": ("script-sample", "sample"),
}


@needs(Beyond.ANYONE)
@csrf_exempt  # browsers send reports without our token, and nothing is changed by one
@require_POST
def report(request: HttpRequest) -> HttpResponse:
    content = request.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        return HttpResponse("A report has at most 16 KiB.", status=413, content_type="text/plain")
    try:
        found = json.loads(content)
    except ValueError:
        return HttpResponse("A report is JSON.", status=400, content_type="text/plain")
    for body in _bodies(found):
        logger.warning("violation %s", _line(body))
    return HttpResponse(status=204)


def _bodies(found: Any) -> list[dict[str, Any]]:
    entries = found if isinstance(found, list) else [found]
    bodies = [entry.get("csp-report") or entry.get("body") for entry in entries if isinstance(entry, dict)]
    return [body for body in bodies if isinstance(body, dict)]


def _line(body: dict[str, Any]) -> str:
    """Values are quoted as JSON: a sender cannot forge a second line."""
    facts = {name: next((body[key] for key in keys if key in body), "") for name, keys in MEMBERS.items()}
    return " ".join(f"{name}={json.dumps(str(value)[:300])}" for name, value in facts.items())
