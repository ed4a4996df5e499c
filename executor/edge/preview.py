"""The page on a team's host in which the console shows the HTML of an answer: empty until it is handed that.

What is shown is attacker-controlled content and may run scripts. So it has an origin of its own, which nobody shares and
which has neither cookies nor storage (`sandbox` without `allow-same-origin`, also when somebody opens the page by itself);
only the console may frame it, and it takes one document, from whoever framed it.
"""

from executor.edge.exchange import Connection
from executor.edge.headers import Fields
from executor.edge.refusal import Refusal
from executor.edge.request import Request

_PAGE = b"""<!doctype html>
<meta charset="utf-8">
<title>Preview</title>
<script>
  addEventListener("message", function show(event) {
    if (event.source !== parent || parent === self) return;
    removeEventListener("message", show);
    document.open();
    document.write(String(event.data));
    document.close();
  });
  parent.postMessage("ready", "*");
</script>
"""


class Preview(Refusal):
    def __init__(self, connection: Connection, request: Request, console: str) -> None:
        """`console` is the host that may frame it."""
        super().__init__(connection, request, 405, "This page is only looked at, from the console.")
        self._console = console

    def start(self) -> None:
        if self.request.method not in ("GET", "HEAD"):
            self.refuse(*self._answer, headers=(("allow", "GET, HEAD"),))
            return
        # By any port: hosts isolate, and behind a proxy we do not know it.
        policy = f"sandbox allow-scripts; frame-ancestors {self._console}:*"
        fields = (
            ("content-type", "text/html; charset=utf-8"),
            ("content-length", str(len(_PAGE))),
            ("content-security-policy", policy),
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cache-control", "public, max-age=300"),
        )
        self.send_head(200, "", Fields.of(fields), own=self.connection.dated())
        if self.request.method != "HEAD":
            self.send_body(_PAGE)
        self.finish()
