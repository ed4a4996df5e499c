"""What can go wrong with a webtask's document alone."""

from console.problems import Problem
from console.storage.models import Document
from console.storage.shapes import document_shape
from console.webtasks.models import Webtask


class Modified(Problem):
    """Another has written since the writer looked. `current` is what is there."""

    id = "modified"
    status = 409
    title = "The document has changed meanwhile"

    def __init__(self, webtask: Webtask, current: Document | None) -> None:
        detail = (
            f"The document of “{webtask}” was modified since it was read. Merge the two, then write again."
        )
        super().__init__(detail, current=document_shape(webtask, current))
        self.current = current
