"""Reads of sets of packages."""

from collections.abc import Mapping

from console.modules import wanted
from console.modules.models import Install, Staged
from console.modules.states import State
from console.problems import Absent
from console.webtasks.models import Webtask


def dependencies_of(webtask: Webtask) -> dict[str, str]:
    """Of the next version, and of drafts: what is staged, or what the live version lists. Raises Invalid."""
    staged = Staged.objects.filter(webtask=webtask).first()
    if staged is not None:
        found: dict[str, str] = staged.dependencies
        return found
    return wanted.parse(webtask.live.meta) if webtask.live else {}


def install_of(wish: Mapping[str, str]) -> Install | None:
    """None when nobody has asked for that yet."""
    return Install.objects.filter(key=wanted.key_of(wish)).first()


def known_versions(name: str) -> set[str]:
    """Of a package, in any set that is installed."""
    rows = Install.objects.filter(state=State.AVAILABLE, versions__has_key=name)
    return {row[name] for row in rows.values_list("versions", flat=True)}


def access_install(run: str) -> Install:
    """Whoever knows the run has been told of it. Raises Absent."""
    install = Install.objects.filter(run=run).first()
    if install is None:
        raise Absent("There is no such installation.")
    return install
