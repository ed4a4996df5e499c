"""What every page's head needs: the built files of an entry, the nonce, the chosen theme."""

import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from console.web.csp import nonce_of

register = template.Library()

THEME_COOKIE = "webtasks_theme"
THEMES = ("light", "dark", "contrast")
_FOLDER = "dist"
# frontend/src/workspace/layout.svelte.ts writes it: width of the side, height of the logs, whether they and the names are open.
LAYOUT_COOKIE = "webtasks_layout"
LAYOUT = re.compile(r"(\d{1,4})\.(\d{1,4})\.([01])\.([01])")


@register.simple_tag
def entry(name: str) -> SafeString:
    """The style sheets and the script of frontend/entries/`name`.ts, with its static imports fetched early."""
    chunks = _manifest()
    start = f"entries/{name}.ts"
    styles, imports = _closure(chunks, start)
    return SafeString(
        format_html_join("\n", '<link rel="stylesheet" href="{}">', ((_url(file),) for file in styles))
        + format_html_join("\n", '<link rel="modulepreload" href="{}">', ((_url(file),) for file in imports))
        + format_html('<script type="module" src="{}"></script>', _url(chunks[start]["file"]))
    )


@register.simple_tag
def csp_nonce(request: HttpRequest) -> SafeString:
    """Scripts read it to mark the style elements they make; as a `nonce` it is hidden from style selectors."""
    return format_html('<meta property="csp-nonce" nonce="{}">', nonce_of(request))


@register.simple_tag
def theme(request: HttpRequest) -> str:
    chosen = request.COOKIES.get(THEME_COOKIE, "")
    return chosen if chosen in THEMES else "system"


@register.simple_tag
def layout(request: HttpRequest) -> dict[str, Any]:
    """Where the workspace's panes will be, so that nothing moves when its script draws them."""
    found = LAYOUT.fullmatch(request.COOKIES.get(LAYOUT_COOKIE, ""))
    side, drawer, opened, rail = found.groups() if found else ("400", "220", "1", "1")
    return {"side": int(side), "drawer": int(drawer), "open": opened == "1", "rail": rail == "1"}


def _closure(chunks: dict[str, Any], start: str) -> tuple[list[str], list[str]]:
    """The styles of an entry and all it imports, least special first; and the scripts it imports."""
    styles: list[str] = []
    imports: list[str] = []
    for key in chunks[start].get("imports", []):
        inner_styles, inner_imports = _closure(chunks, key)
        styles += inner_styles
        imports += [chunks[key]["file"], *inner_imports]
    # Vite lists what a chunk shares with others after its own, which is the more special.
    styles += reversed(chunks[start].get("css", []))
    return list(dict.fromkeys(styles)), list(dict.fromkeys(imports))


def _url(file: str) -> str:
    return static(f"{_FOLDER}/{file}")


def _manifest() -> dict[str, Any]:
    path = Path(settings.BASE) / "console" / "static" / _FOLDER / "manifest.json"
    try:
        return _read(path, path.stat().st_mtime_ns)
    except FileNotFoundError:
        raise RuntimeError(
            "The front end is not built. Run script/bootstrap (or: script/npm run build)."
        ) from None


@lru_cache(maxsize=2)
def _read(path: Path, _changed: int) -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads(path.read_text())
    return manifest
