from django.conf import settings

from console.serve.demo import Demo
from console.webtasks.addresses import share_url
from executor.contract import RUN_PREFIX

SNIPPET = 'module.exports = function (cb) { cb(null, { hello: "world" }); }'


def banner(demo: Demo | None) -> str:
    """What a newcomer needs once it is really serving; the last line works when pasted into a shell."""
    lines = [f"Webtasks {settings.VERSION} is serving.", f"  Console   {settings.CONSOLE_ORIGIN}"]
    if demo:
        password = demo.password or (
            f"as printed at the first start; manage.py changepassword {demo.email} sets a new one"
        )
        run = f"{settings.CONSOLE_ORIGIN}{RUN_PREFIX}{demo.team}"
        lines += [
            f"  Sign in   {demo.email}  password{' ' if demo.password else ': '}{password}",
            f"  Token     {demo.token}",
            f"  Webtask   {share_url(demo.team, demo.webtask)}",
            f"  Try       curl {run} -H \"Authorization: Bearer {demo.token}\" --data-binary '{SNIPPET}'",
        ]
    return "\n".join(lines)
