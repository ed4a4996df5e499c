import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request
from rest_framework.response import Response

from console.accounts.access_audit import Wanted, access_events, walk
from console.accounts.models import AuditEvent
from console.accounts.needs import needs
from console.accounts.roles import Action
from console.accounts.shapes import event_shape
from console.api import audit_serializers as serializers
from console.api.views import View

KINDS = {"jsonl": "application/x-ndjson", "csv": "text/csv; charset=utf-8"}
_COLUMNS = list(serializers.AuditEvent().fields)
# What a spreadsheet takes for the beginning of a formula (OWASP, “CSV Injection”).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


class AuditView(View):
    @needs(Action.AUDIT)
    @extend_schema(
        operation_id="list_audit",
        parameters=[serializers.AuditQuery],
        responses=serializers.AuditEvent(many=True),
    )
    def get(self, _request: Request, team: str) -> Response:
        """Who did what in the team, newest first."""
        asked = self.asked(serializers.AuditQuery)
        limit, before = asked.pop("limit"), asked.pop("before", None)
        found = access_events(self.who, team, Wanted(**asked), before=before)
        return Response([event_shape(event) for event in found[:limit]])


class _AsAsked(BaseContentNegotiation):
    """The query says the format, whatever a browser accepts. Failures are problems in JSON, as ever."""

    def select_parser(self, _request: Request, parsers: Any) -> Any:
        return parsers[0]

    def select_renderer(self, _request: Request, renderers: Any, _format: Any = None) -> Any:
        return renderers[0], renderers[0].media_type


class AuditExportView(View):
    content_negotiation_class = _AsAsked

    @needs(Action.AUDIT)
    @extend_schema(
        operation_id="export_audit",
        parameters=[serializers.AuditExport],
        responses={(200, kind.partition(";")[0]): OpenApiTypes.STR for kind in KINDS.values()},
    )
    def get(self, _request: Request, team: str) -> StreamingHttpResponse:
        """All of it that the same questions choose, as lines of JSON or as a table."""
        asked = self.asked(serializers.AuditExport)
        kind = asked.pop("format")
        events = walk(access_events(self.who, team, Wanted(**asked)))
        rows = _table(events) if kind == "csv" else (f"{json.dumps(event_shape(one))}\n" for one in events)
        name = f'attachment; filename="audit-{team}.{kind}"'
        headers = {"Content-Disposition": name, "Cache-Control": "no-store"}
        return StreamingHttpResponse(rows, content_type=KINDS[kind], headers=headers)


class _Line:
    """What csv writes to: it hands on each line."""

    def write(self, text: str) -> str:
        return text


def _table(events: Iterable[AuditEvent]) -> Iterator[str]:
    writer: Any = csv.writer(_Line(), quoting=csv.QUOTE_ALL)
    yield writer.writerow(_COLUMNS)
    for event in events:
        shape = event_shape(event)
        yield writer.writerow([_cell(shape[name]) for name in _COLUMNS])  # type: ignore[literal-required]


def _cell(value: Any) -> str:
    text = json.dumps(value) if isinstance(value, Mapping) else str("" if value is None else value)
    return f"'{text}" if text.startswith(_FORMULA) else text
