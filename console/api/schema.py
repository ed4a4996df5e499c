"""The OpenAPI document: what drf-spectacular derives, plus the failures that every operation shares."""

from typing import Any

from drf_spectacular.views import SpectacularJSONAPIView

from console.api.problems import MEDIA_TYPE

_SHARED = {
    "400": "The request is not valid",
    "401": "Not signed in",
    "403": "Your role does not allow this, or the CSRF token is missing",
    "404": "Absent, or not yours",
    "429": "The token has asked as often as it may for now",
}
_PROBLEM = {"$ref": "#/components/schemas/Problem"}


class SchemaView(SpectacularJSONAPIView):
    authentication_classes = []
    permission_classes = []


def add_problems(result: dict[str, Any], **_context: Any) -> dict[str, Any]:
    """A POSTPROCESSING_HOOK: every operation can fail in the shared ways, and every failure is a problem."""
    for path, operations in result["paths"].items():
        for operation in operations.values():
            shared = {} if path.endswith("/schema") else _SHARED
            operation["responses"] = _with_problems(operation["responses"], shared)
    return result


def _with_problems(responses: dict[str, Any], shared: dict[str, str]) -> dict[str, Any]:
    for status, description in shared.items():
        responses.setdefault(status, {"description": description, "content": _content(_PROBLEM)})
    for status, response in responses.items():
        if status >= "400" and "application/json" in response.get("content", {}):
            response["content"] = _content(response["content"]["application/json"]["schema"])
    return responses


def _content(schema: dict[str, Any]) -> dict[str, Any]:
    return {MEDIA_TYPE: {"schema": schema}}
