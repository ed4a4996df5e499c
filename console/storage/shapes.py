"""The JSON shape of a document, as the API sends it."""

from typing import TypedDict

from console.storage.models import Document
from console.webtasks.deployments import limits_of
from console.webtasks.models import Webtask
from console.webtasks.shapes import instant


class DocumentShape(TypedDict):
    """`data` is the JSON text, None when nothing is stored; `bytes` its size, `limit` the largest there may be."""

    data: str | None
    etag: str | None
    bytes: int
    limit: int
    saved_at: str | None


def document_shape(webtask: Webtask, document: Document | None) -> DocumentShape:
    return {
        "data": document.text if document else None,
        "etag": document.etag if document else None,
        "bytes": len(document.text.encode()) if document else 0,
        "limit": limits_of(webtask).storage_bytes,
        "saved_at": instant(document.saved_at) if document else None,
    }
