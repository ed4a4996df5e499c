from collections.abc import Mapping
from typing import IO, Any

from rest_framework.parsers import JSONParser

from console.problems import Invalid, TooLarge

# Code of 1 MiB, with every character escaped, and some room.
MAX_BYTES = 8 * 1024 * 1024


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
        if int(meta["CONTENT_LENGTH"]) > MAX_BYTES:
            raise TooLarge(f"The body has {int(meta['CONTENT_LENGTH']):,} bytes; the limit is {MAX_BYTES:,}.")
        data = super().parse(stream, media_type, parser_context)
        if not isinstance(data, dict):
            raise Invalid("Send a JSON object.")
        return data
