"""Settings from the environment, each by a typed reader.

A wrong value is not raised here: it is kept as a finding, and console.checks stops the boot with all of them at
once, each with its id and a hint. Every reader also takes the value from the file that `NAME_FILE` names.
"""

import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from console import keyring

_HOST = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
_SMTP = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_YES, _NO = ("1", "true", "yes", "on"), ("0", "false", "no", "off")


@dataclass(frozen=True, slots=True)
class Finding:
    code: str
    text: str
    hint: str


findings: list[Finding] = []


def text(name: str, default: str = "") -> str:
    """An empty variable counts as unset: compose files pass `NAME=` on."""
    path = os.environ.get(f"{name}_FILE")
    if not path:
        return os.environ.get(name) or default
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        _report(
            "webtasks.E001", f"{name}_FILE={path!r} cannot be read: {error}", "Name a readable text file."
        )
        return default


def whole(name: str, default: int, *, low: int, high: int) -> int:
    value = text(name, str(default))
    if value.isascii() and value.isdigit() and low <= int(value) <= high:
        return int(value)
    _report("webtasks.E002", f"{name}={value!r}", f"Write a whole number from {low} to {high}.")
    return default


def flag(name: str, *, default: bool) -> bool:
    value = text(name, "yes" if default else "no").lower()
    if value in _YES or value in _NO:
        return value in _YES
    _report("webtasks.E003", f"{name}={value!r}", "Write yes or no.")
    return default


def choice(name: str, default: str, options: tuple[str, ...]) -> str:
    value = text(name, default)
    if value in options:
        return value
    _report("webtasks.E004", f"{name}={value!r}", f"Write one of {', '.join(options)}.")
    return default


def host(name: str, default: str) -> str:
    value = text(name, default).lower()
    if _HOST.fullmatch(value):
        return value
    _report("webtasks.E005", f"{name}={value!r}", "Write a host name without scheme, port or path.")
    return default


def hosts(name: str, default: str) -> list[str]:
    values = [value.strip().lower() for value in text(name, default).split(",") if value.strip()]
    if all(_HOST.fullmatch(value) for value in values):
        return values
    _report("webtasks.E005", f"{name}={','.join(values)!r}", "Write host names, separated by commas.")
    return [default]


def origin(name: str, default: str) -> str:
    """`https://console.example.com[:port]`: what a browser sends as Origin."""
    value = text(name, default)
    try:
        parts = urlsplit(value)
        bare = f"{parts.scheme}://{parts.hostname}" + (f":{parts.port}" if parts.port else "")
    except ValueError:
        bare = ""
    if value == bare and parts.scheme in ("http", "https"):
        return value
    _report("webtasks.E006", f"{name}={value!r}", "Write http(s)://host[:port], in lower case, with no path.")
    return default


def smtp(name: str) -> dict[str, Any] | None:
    """`smtp://`, `smtp+starttls://` or `smtps://[user:password@]host[:port]` as arguments of Django's backend."""
    value = text(name)
    if not value:
        return None
    try:
        parts = urlsplit(value)
        port = parts.port or _SMTP.get(parts.scheme)
        bare = parts.path in {"", "/"} and not parts.query and not parts.fragment
    except ValueError:
        port = None
    if not port or not parts.hostname or parts.scheme not in _SMTP or not bare:
        # Not the value: it may hold a password.
        hint = "Write smtp://, smtp+starttls:// or smtps://, then [user:password@]host[:port]."
        _report("webtasks.E013", f"{name} is not the address of a mail server", hint)
        return None
    return {
        "host": parts.hostname,
        "port": port,
        "username": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "use_tls": parts.scheme == "smtp+starttls",
        "use_ssl": parts.scheme == "smtps",
    }


def together(*names: str) -> list[str]:
    """The values of all of them, or nothing: with some of them nothing works."""
    values = [text(name) for name in names]
    missing = [name for name, value in zip(names, values, strict=True) if not value]
    if not missing:
        return values
    if len(missing) < len(names):
        here = next(name for name in names if name not in missing)
        told = f"{here} is set, {' and '.join(missing)} is not"
        _report("webtasks.E020", told, "Set all of them, or none.")
    return []


def issuer(name: str, value: str) -> str:
    """Of an OpenID provider. What it says of people is believed because TLS says that it is the one who speaks."""
    try:
        parts = urlsplit(value)
        bare = parts.hostname and not parts.query and not parts.fragment and not parts.username
    except ValueError:
        bare = None
    if bare and (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)):
        return value.rstrip("/").removesuffix("/.well-known/openid-configuration")
    _report("webtasks.E021", f"{name}={value!r}", "Write the provider's https://host[/path], its issuer.")
    return ""


def folder(name: str, default: str) -> Path:
    """Made if it is not there, for its owner alone: it holds keys and the database."""
    path = Path(text(name, default)).absolute()
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        _report(
            "webtasks.E007", f"{name}: {path} cannot be made: {error}", "Name a folder that can be written."
        )
    return path


def secret(name: str, path: Path) -> str:
    """From the variable, or the key file at `path`, which is generated at the first start."""
    value = text(name)
    if not value:
        value = _key(name, path)
    if len(value) < 32:
        _report(
            "webtasks.E008", f"{name} has {len(value)} characters", "Write at least 32 random characters."
        )
    return value


def fallbacks(name: str, path: Path) -> list[str]:
    """Old keys: those of the variable, separated by commas, and those of the file at `path`, if there is one."""
    try:
        kept = keyring.old_keys(path)
    except (OSError, UnicodeDecodeError) as error:
        _report("webtasks.E010", f"the key file {path} cannot be used: {error}", "Make it readable.")
        kept = []
    if kept:
        _check_private(path)
    return list(dict.fromkeys([*filter(None, text(name).split(",")), *kept]))


def _check_private(path: Path) -> None:
    if path.stat().st_mode & 0o077:
        _report("webtasks.E009", f"{path} can be read by others", f"Run: chmod 600 {path}")


def _key(name: str, path: Path) -> str:
    fresh = secrets.token_urlsafe(48)
    try:
        # Written aside and linked into place: of two first starts both read the same, complete key.
        aside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        if not path.exists():
            with open(
                os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii"
            ) as file:
                file.write(fresh)
            try:
                os.link(aside, path)
            except FileExistsError:
                pass
            finally:
                aside.unlink()
        _check_private(path)
        return path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        _report(
            "webtasks.E010",
            f"the key file {path} cannot be used: {error}",
            f"Set {name}, or make it readable.",
        )
        return fresh


def _report(code: str, text: str, hint: str) -> None:
    findings.append(Finding(code, text, hint))
