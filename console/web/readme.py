"""A README as blocks of plain text, so that a template escapes all of it: headings, paragraphs, lists, code.

What else Markdown knows stays as it was typed. Nothing in it becomes a link, an image or markup of its own.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

NAMES = ("README.md", "readme.md", "Readme.md")
# Of a README; the rest is in the file.
MOST = 32 * 1024
_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*\s*")
_ITEM = re.compile(r"\s{0,3}(?:[-*+]|\d{1,9}[.)])\s+(.*)")
_FENCE = re.compile(r"\s{0,3}(```+|~~~+).*")


@dataclass(slots=True)
class Block:
    """`kind` is heading, text, list or code. `level` is a heading's on the page: its own are two below."""

    kind: str
    text: str = ""
    level: int = 0
    items: list[list[tuple[str, str]]] = field(default_factory=list)

    @property
    def parts(self) -> list[tuple[str, str]]:
        return inline(self.text)


def inline(text: str) -> list[tuple[str, str]]:
    """Kind ("code" or "") and text, in order."""
    pieces = text.split("`")
    if len(pieces) % 2 == 0:
        # One back-tick too many opens nothing.
        pieces[-2:] = ["`".join(pieces[-2:])]
    return [("code" if at % 2 else "", piece) for at, piece in enumerate(pieces) if piece]


def blocks(text: str) -> list[Block]:
    return list(_blocks(iter(text[:MOST].splitlines())))


def _blocks(lines: Iterator[str]) -> Iterator[Block]:
    paragraph: list[str] = []
    listed: Block | None = None
    for line in lines:
        fence, item, heading = _FENCE.fullmatch(line), _ITEM.fullmatch(line), _HEADING.fullmatch(line)
        if paragraph and (fence or item or heading or not line.strip()):
            yield Block("text", " ".join(paragraph))
            paragraph = []
        if listed and not item:
            yield listed
            listed = None
        if fence:
            yield Block("code", _fenced(lines, fence[1]))
        elif heading:
            yield Block("heading", heading[2], level=min(len(heading[1]) + 2, 6))
        elif item:
            listed = listed or Block("list")
            listed.items.append(inline(item[1]))
        elif line.strip():
            paragraph.append(line.strip())
    if listed:
        yield listed
    if paragraph:
        yield Block("text", " ".join(paragraph))


def _fenced(lines: Iterator[str], mark: str) -> str:
    """Up to the fence that closes it, or the end."""
    found = []
    for line in lines:
        if line.strip().startswith(mark) and not line.strip().strip(mark[0]):
            break
        found.append(line)
    return "\n".join(found)
