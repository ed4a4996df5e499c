"""READMEs as HTML: headings, paragraphs, lists, code and emphasis. Whatever else is written stays text."""

import re
from collections.abc import Iterable

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

_INLINE = re.compile(r"`([^`\n]+)`|\*([^*\n]+)\*")
_ITEM = re.compile(r"(?:\d{1,3}\.|[-*]) +")
_HEADING = re.compile(r"(#{1,4}) +(.+)")


def prose(text: str) -> SafeString:
    """Without its first heading: the page has one. Headings begin at h3."""
    blocks = [block for block in re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n").strip()) if block.strip()]
    if blocks and blocks[0].startswith("# "):
        del blocks[0]
    return mark_safe("\n".join(_block(block) for block in blocks))  # noqa: S308 - each part is escaped


def _block(block: str) -> str:
    lines = block.splitlines()
    if block.startswith("```"):
        return f"<pre><code>{escape(chr(10).join(line for line in lines if not line.startswith('```')))}</code></pre>"
    if heading := _HEADING.fullmatch(block):
        return f"<h3>{_inline(heading[2])}</h3>"
    if _ITEM.match(block):
        kind = "ol" if block[0].isdigit() else "ul"
        return f"<{kind}>{''.join(f'<li>{_inline(item)}</li>' for item in _items(lines))}</{kind}>"
    return f"<p>{_inline(' '.join(line.strip() for line in lines))}</p>"


def _items(lines: Iterable[str]) -> list[str]:
    items: list[str] = []
    for line in lines:
        if begun := _ITEM.match(line):
            items.append(line[begun.end() :])
        elif items:
            items[-1] += f" {line.strip()}"
    return items


def _inline(text: str) -> str:
    drawn, at = [], 0
    for found in _INLINE.finditer(text):
        tag = "code" if found[1] else "em"
        drawn += [escape(text[at : found.start()]), f"<{tag}>{escape(found[1] or found[2])}</{tag}>"]
        at = found.end()
    return "".join([*drawn, escape(text[at:])])
