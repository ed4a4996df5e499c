"""Code on pages that only show it, in the editor's colours: each class stands for one of `--wt-code-*` (code.css).

JavaScript, TypeScript and JSON; the rest is shown as it is. What is shown may be anybody's, also on pages without sign-in,
so each pattern takes what it began and never goes back: the time grows with the length, whatever the text.
"""

import re
from collections.abc import Iterator

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

# What is longer comes without colours: the page would have several times the bytes.
MOST = 64 * 1024
_SCRIPT = re.compile(r"(?i)\.(?:[cm]?[jt]sx?|json)\Z")
_ENDING = re.compile(r"\.\w+\Z")
_KEYWORD = re.compile(
    "async|await|break|case|catch|class|const|continue|debugger|default|delete|do|else|enum|export|extends|false"
    "|finally|for|from|function|if|implements|import|in|instanceof|interface|let|new|null|of|private|protected"
    "|public|return|satisfies|static|super|switch|this|throw|true|try|typeof|undefined|var|void|while|with|yield"
)
# After these an operand comes, so a slash begins a regular expression.
_BEFORE_OPERAND = re.compile("await|case|delete|do|else|in|instanceof|of|return|throw|typeof|void|yield")
_TYPE = re.compile("[A-Z].*|any|boolean|never|number|object|string|unknown")
_TOKEN = re.compile(
    r"""
      (?P<c>//[^\n]*+ | /\*(?:[^*]|\*(?!/))*+(?:\*/)?+ | \A\#![^\n]*+)
    | (?P<s>"(?:[^"\\\n]|\\.)*+"?+ | '(?:[^'\\\n]|\\.)*+'?+)
    | (?P<n>\b\d[\w.]*+)
    | (?P<word>[^\W\d$][\w$]*+ | \$[\w$]*+)
    | (?P<space>\s++)
    | (?P<mark>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_REGEXP = re.compile(r"/(?:[^/\\\[\n]|\\[^\n]|\[(?:[^\]\\\n]|\\[^\n])*+\]?+)*+(?:/\w*+)?+")
# Of a template, up to where code begins, or its end.
_TEMPLATE = re.compile(r"(?:[^`\\$]|\\.|\$(?!\{))*+(?:`|\$\{)?+", re.DOTALL)


def highlighted(code: str, path: str) -> SafeString:
    """To stand in a `<code>`. `path` names the language by its ending; a webtask's name without one is JavaScript."""
    is_script = _SCRIPT.search(path) or not _ENDING.search(path)
    if not is_script or len(code) > MOST:
        return mark_safe(escape(code))  # noqa: S308 - escaped
    return mark_safe("".join(_drawn(kind, text) for kind, text in _tokens(code)))  # noqa: S308 - each is escaped


def _drawn(kind: str, text: str) -> str:
    return f'<span class="{kind}">{escape(text)}</span>' if kind else escape(text)


def _tokens(code: str) -> Iterator[tuple[str, str]]:
    """Class and text, in order; together they are the code."""
    at, operand = 0, True
    depths: list[int] = []
    while found := _next(code, at, operand=operand):
        kind, text = (found.lastgroup or "s"), found[0]
        at = found.end()
        if text == "`" or (text == "}" and depths and depths[-1] == 0):
            # A template begins, or goes on after code in it.
            if text == "}":
                depths.pop()
            inside = _TEMPLATE.match(code, at)
            assert inside, "it matches nothing, too"
            yield "s", text + inside[0]
            at, operand = inside.end(), inside[0].endswith("${")
            if operand:
                depths.append(0)
            continue
        if depths:
            depths[-1] += {"{": 1, "}": -1}.get(text, 0)
        member = code.endswith(".", 0, found.start())
        yield _kind(kind, text, called=code.startswith("(", at), member=member), text
        if kind not in ("space", "c"):
            operand = text not in ")]}" if kind == "mark" else bool(_BEFORE_OPERAND.fullmatch(text))


def _next(code: str, at: int, *, operand: bool) -> re.Match[str] | None:
    is_regexp = operand and code.startswith("/", at) and not code.startswith(("//", "/*"), at)
    return _REGEXP.match(code, at) if is_regexp else _TOKEN.match(code, at)


def _kind(kind: str, text: str, *, called: bool, member: bool) -> str:
    if kind != "word":
        return kind if kind in ("c", "s", "n") else ""
    if _KEYWORD.fullmatch(text) and not member:
        return "k"
    if _TYPE.fullmatch(text):
        return "t"
    return "f" if called else ""
