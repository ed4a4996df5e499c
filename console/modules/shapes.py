"""How packages look as JSON."""

from typing import TypedDict

from console.modules.models import Install
from console.modules.typings import Typings
from executor.platform import versions as platform


class InstallShape(TypedDict):
    """`run` names it while it goes on; `output` is what npm says."""

    run: str
    state: str
    output: str
    error: str


class ModuleShape(TypedDict):
    """`wanted` is what was asked for, `version` what that is; `origin` is "webtask", "code" or "platform"."""

    name: str
    wanted: str
    version: str
    origin: str


class ModulesShape(TypedDict):
    modules: list[ModuleShape]
    install: InstallShape | None


class TypingsShape(TypedDict):
    """Declarations by path below node_modules/`package`."""

    package: str
    files: dict[str, str]


def typings_shape(typings: Typings) -> TypingsShape:
    return {"package": typings.package, "files": dict(typings.files)}


def install_shape(install: Install) -> InstallShape:
    return {"run": install.run, "state": install.state, "output": install.output, "error": install.error}


def modules_shape(
    dependencies: dict[str, str], required: set[tuple[str, str]], install: Install | None
) -> ModulesShape:
    common = platform()
    versions = install.versions if install else {}
    rows: list[ModuleShape] = [
        {
            "name": name,
            "wanted": wanted,
            "version": versions.get(name, common.get(name, "") if common.get(name) == wanted else ""),
            "origin": "webtask",
        }
        for name, wanted in sorted(dependencies.items())
    ]
    rows += [
        {"name": name, "wanted": version, "version": version, "origin": "code"}
        for name, version in sorted(required)
    ]
    rows += [
        {"name": name, "wanted": version, "version": version, "origin": "platform"}
        for name, version in sorted(common.items())
    ]
    return {"modules": rows, "install": install_shape(install) if install else None}
