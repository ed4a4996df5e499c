"""Where a link may lead on to after somebody signed in."""

import posixpath
import re
from urllib.parse import unquote, urlsplit

from django.utils.http import url_has_allowed_host_and_scheme

_MOST_CODED = 3
# The form of a share page that runs its webtask. Nobody comes to it by signing in.
_LEADS_OUT = re.compile(r"/s/[^/]+/run")


def is_page(url: str) -> bool:
    """A page of the console: of no other host, not under /api/, where webtasks answer and pages are not, and none that
    leads on to a webtask by itself."""
    if not url.startswith("/") or not url_has_allowed_host_and_scheme(url, allowed_hosts=None):
        return False
    try:
        path = urlsplit(url).path
    except ValueError:
        return False
    for _ in range(_MOST_CODED):
        path = unquote(path)
    # As a browser, a proxy or the router might read it: `\\` for `/`, `.` and `..`, several slashes, capitals.
    plain = posixpath.normpath(re.sub(r"[/\\]+", "/", path)).lower()
    return plain != "/api" and not plain.startswith("/api/") and not _LEADS_OUT.fullmatch(plain)
