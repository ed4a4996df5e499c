from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from rest_framework.parsers import JSONParser

from console.problems import Invalid, TooLarge


class BoundedJSONParser(JSONParser):
    """Refuses a body by its declared length, before a byte of it is in memory."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        meta = (parser_context or {})["request"].META
        if not meta.get("CONTENT_LENGTH"):
            raise Invalid("Send the body with a Content-Length.")
        size, limit = int(meta["CONTENT_LENGTH"]), settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if size > limit:
            raise TooLarge(f"The body has {size:,} bytes; the limit is {limit:,}.")
        try:
            data = super().parse(stream, media_type, parser_context)
        except RecursionError:
            raise Invalid("The body is nested too deeply.") from None
        if not isinstance(data, dict):
            raise Invalid("Send a JSON object.")
        return data
