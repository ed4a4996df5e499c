"""The Content-Security-Policy of every answer, with Trusted Types enforced (docs/adr/0006-webtasks-on-another-host.md).

A new front-end library that makes markup or workers needs its Trusted Types policy named here, or it stops.
"""

import secrets
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

REPORT_PATH = "/csp"
_NONCE = "webtasks.csp_nonce"
_FORMS = "webtasks.csp_forms"
_FRAMES = "webtasks.csp_frames"

# The names under which Svelte and Monaco make their Trusted Types.
TRUSTED_TYPES = (
    "wt-worker svelte-trusted-html editorViewLayer defaultWorkerFactory diffEditorWidget diffReview"
    " domLineBreaksComputer editorGhostText richScreenReaderContent standaloneColorizer stickyScrollViewLayer"
    " tokenizeToString dompurify 'allow-duplicates'"
)
# style-src-attr is the one concession: without it Monaco loses its gutter, guides and current line, and a style
# attribute cannot load a script.
PAGE = "; ".join(
    [
        "default-src 'none'",
        # Not 'self': a webtask's answer under /api/run/ is on this host too, and must never run as our script.
        "script-src {static}",
        "script-src-attr 'none'",
        "worker-src {static}",
        "connect-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "style-src 'self' 'nonce-{nonce}'",
        "style-src-elem 'self' 'nonce-{nonce}'",
        "style-src-attr 'unsafe-inline'",
        "base-uri 'none'",
        "form-action 'self'{forms}",
        "frame-src {frames}",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        f"trusted-types {TRUSTED_TYPES}",
        f"report-uri {REPORT_PATH}",
    ]
)
# For what is not a page: nothing in it may ever run.
DATA = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


class ContentSecurityPolicy:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return protect(request, self.get_response(request))


def protect(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Sets the policy. Error pages of the middleware outside ours call it themselves."""
    is_page = response.get("Content-Type", "").startswith("text/html")
    if is_page:
        response["Content-Security-Policy"] = _of_page(request)
    else:
        # A view may say something stricter.
        response.headers.setdefault("Content-Security-Policy", DATA)
    return response


def _of_page(request: HttpRequest) -> str:
    static = settings.CONSOLE_ORIGIN + settings.STATIC_URL
    return PAGE.format(
        nonce=nonce_of(request),
        static=static,
        forms=request.META.get(_FORMS, ""),
        frames=request.META.get(_FRAMES, "'none'"),
    )


def let_forms_lead_to(request: HttpRequest, source: str) -> None:
    """Where the answer to a form of this page may redirect to, besides the console."""
    request.META[_FORMS] = f" {source}"


def let_frames_show(request: HttpRequest, source: str) -> None:
    """What this page may frame. Wherever a frame is led by what it shows, it stays there."""
    request.META[_FRAMES] = source


def nonce_of(request: HttpRequest) -> str:
    """The request's nonce, made when first asked for."""
    nonce: str = request.META.setdefault(_NONCE, secrets.token_urlsafe(16))
    return nonce
