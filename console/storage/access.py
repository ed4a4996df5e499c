"""Reads of a webtask's document. Whose webtask it is was checked by whoever found the webtask."""

from console.storage.models import Document
from console.webtasks.models import Webtask


def document_of(webtask: Webtask) -> Document | None:
    """None when nothing is stored."""
    return Document.objects.filter(webtask=webtask).first()
