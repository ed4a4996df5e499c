"""Endpoints 19 and 20 of the protocol: which packages are here, and having more of them."""

from typing import Any

from django.http import HttpResponse, JsonResponse

from console.accounts.needs import Beyond, needs
from console.modules import wanted
from console.modules.access import known_versions
from console.modules.actions import ask as ask_for
from console.modules.states import State
from console.problems import Forbidden, Invalid
from console.protocol.ask import Ask
from executor.platform import versions as platform

AVAILABLE, QUEUED, FAILED = "available", "queued", "failed"
# The last that was published of each, or near it; any other is answered with the same.
BUILT_IN_VERSION = "1.5.2"
_STATES = {State.AVAILABLE: AVAILABLE, State.FAILED: FAILED}


@needs(Beyond.ANYONE)
def versions(_ask: Ask, name: str) -> HttpResponse:
    """The published clients ask without a credential."""
    found = dict.fromkeys(known_versions(name), AVAILABLE)
    if name in wanted.BUILT_IN:
        found[BUILT_IN_VERSION] = AVAILABLE
    if name in platform():
        found[platform()[name]] = AVAILABLE
    rows = [{"name": name, "version": version, "state": state} for version, state in sorted(found.items())]
    return JsonResponse(rows, safe=False)


@needs(Beyond.CREDENTIAL)
@needs(Beyond.ADMINISTRATOR, when="a package is to be installed anew")
def ensure(ask: Ask) -> HttpResponse:
    """Clients ask again every few seconds until nothing is queued any more."""
    bearer = ask.bearer
    if "url" in bearer.claims:
        raise Forbidden("a token that fixes its code may not have packages installed")
    if ask.flag("reset"):
        bearer.require_admin()
    modules = _sent(ask)
    # As one set: whoever asks is about to publish code that needs them together.
    wish = wanted.wish(modules, "")
    install = ask_for(wish, again=ask.flag("reset")) if wish else None
    state = AVAILABLE if install is None else _STATES.get(State(install.state), QUEUED)
    blamed = {name for name in wish if install and f"{name}@" in install.error} or set(wish)
    rows = []
    for name, version in modules.items():
        own = state if name in wish and (state != FAILED or name in blamed) else AVAILABLE
        rows.append({"name": name, "version": version, "state": own})
    return JsonResponse(rows, safe=False)


def _sent(ask: Ask) -> dict[str, str]:
    """Raises Invalid."""
    listed: Any = ask.body().get("modules")
    if not isinstance(listed, list) or not all(isinstance(row, dict) for row in listed):
        raise Invalid("`modules` must be an array of objects with `name` and `version`", field="modules")
    modules: dict[str, str] = {}
    for row in listed:
        wanted.check(row.get("name"), row.get("version"))
        modules[row["name"]] = row["version"]
    return modules
