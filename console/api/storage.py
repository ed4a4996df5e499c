from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from console.accounts.needs import needs
from console.accounts.roles import Action
from console.api import storage_serializers as serializers
from console.api.serializers import Problem
from console.api.views import View
from console.storage.access import document_of
from console.storage.actions import Seen, Sight, delete_document, save_document
from console.storage.shapes import document_shape


class StorageView(View):
    @needs(Action.READ_DATA)
    @extend_schema(operation_id="get_document", responses=serializers.Document)
    def get(self, _request: Request, team: str, name: str) -> Response:
        """What the webtask stores, as JSON text; null when that is nothing."""
        webtask = self.webtask(team, name)
        return Response(document_shape(webtask, document_of(webtask)))

    @needs(Action.WRITE_DATA)
    @extend_schema(
        operation_id="save_document",
        request=serializers.DocumentInput,
        responses={
            200: serializers.Document,
            409: serializers.ModifiedProblem,
            413: Problem,
        },
    )
    def put(self, _request: Request, team: str, name: str) -> Response:
        """Replace the document. `etag` is that of the one you saw, null for none; without it whatever is there goes."""
        webtask = self.webtask(team, name)
        sent = self.sent(serializers.DocumentInput)
        saved = save_document(webtask, sent["data"], seen=_seen(sent), actor=self.actor)
        return Response(document_shape(webtask, saved))

    @needs(Action.WRITE_DATA)
    @extend_schema(
        operation_id="delete_document",
        parameters=[serializers.DocumentQuery],
        responses={204: None, 409: serializers.ModifiedProblem},
    )
    def delete(self, _request: Request, team: str, name: str) -> Response:
        """Store nothing. `etag` as for a replacement."""
        webtask = self.webtask(team, name)
        asked = self.asked(serializers.DocumentQuery)
        delete_document(webtask, seen=_seen(asked), actor=self.actor)
        return Response(status=204)


def _seen(sent: dict[str, Any]) -> Sight:
    seen: Sight = sent.get("etag", Seen.WHATEVER)
    return seen
