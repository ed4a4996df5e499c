"""The claims of a webtask token: what may be asked for, and what of it a token may pass on."""

import base64
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from console.accounts import vault
from console.accounts.names import team_named
from console.accounts.rotation import Turn
from console.accounts.tokens import CONTAINER_RATES, TOKEN_RATES, covers, is_kept_here, reaches
from console.problems import Invalid
from executor.contract import NAME_PATTERN, TEAM_PATTERN

MAX_INTEGER = 2**31 - 1
MAX_TIME = 2**53
# Of parameters and of secrets, as JSON: they travel in a header.
MAX_CONTEXT = 48 * 1024
MAX_URL = 2048
MAX_PLACES = 100
MAX_NAMES = 1000
# Of ancestors: each is looked up whenever a token is shown.
MAX_ANCESTORS = 32

Kind = Callable[[Any], Any]


def parse(sent: Mapping[str, Any]) -> dict[str, Any]:
    """Each claim of the right type; numbers in strings become numbers, as a published client sends them.

    Raises Invalid.
    """
    unknown = [name for name in sent if name not in _KINDS]
    if unknown:
        raise Invalid(f"unsupported claim `{unknown[0][:80]}`", field=unknown[0][:80])
    parsed = {}
    for name, value in sent.items():
        try:
            parsed[name] = _KINDS[name](value)
        except ValueError as error:
            raise Invalid(f"claim `{name}` {error}", field=name) from None
    _check_together(parsed)
    return parsed


def narrow(above: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, Any]:
    """The claims of a token that one with the claims `above` issues, as it is asked for in `wanted`, which is parsed.

    Without `jti` and `iat` unless asked for, and with `code` and `meta`, which belong in no JWT. Raises Invalid.
    """
    if above.get("dd") == 0:
        raise Invalid("the token cannot be used to issue new webtask tokens: its claim `dd` is 0")
    if "jti" in wanted and "ten" in above:
        raise Invalid("claim `jti` can be asked for with an administrative token only", field="jti")
    if len(above.get("ca", [])) >= MAX_ANCESTORS:
        raise Invalid(
            f"the token cannot be used to issue new webtask tokens: it has {MAX_ANCESTORS} ancestors"
        )
    claims = dict(wanted)
    if "jti" in above:
        claims["ca"] = [*above.get("ca", []), above["jti"]]
    claims["dd"] = _depth(above, wanted)
    _narrow_places(above, claims)
    _narrow_time(above, claims)
    _inherit(above, claims)
    for name in TOKEN_RATES:
        # Else what it issues would be a way around its own bound. A webtask's URL is for everybody: it has its own.
        if name in above and "jtn" not in claims and claims.setdefault(name, above[name]) > above[name]:
            raise Invalid(f"claim `{name}` may not be more than that of the issuing token", field=name)
    for name in CONTAINER_RATES:
        if name in above and claims.setdefault(name, above[name]) != above[name]:
            raise Invalid(f"claim `{name}` is set by the issuing token and cannot be overridden", field=name)
    if "url" not in claims and "code" not in claims and "jtn" not in claims:
        claims.pop("pb", None)
        claims.pop("mb", None)
    return claims


def literals(ten: str | None) -> list[str]:
    """The containers that a claim `ten` names one by one; none when it is absent or a regular expression."""
    return [] if ten is None or ten.startswith("/") else ten.split(",")


def seal_context(context: Mapping[str, Any], ten: str | None) -> str:
    """Claim `ectx` as it stands in a token: two parts in base 64, of which the second is the nonce."""
    return _parted(vault.seal(json.dumps(context), "ectx", ten or ""))


def open_context(ectx: str, ten: str | None) -> dict[str, Any]:
    """Raises Invalid when it was not sealed for these containers."""
    try:
        opened: dict[str, Any] = json.loads(vault.unseal(_whole_of(ectx), "ectx", ten or ""))
    except (ValueError, vault.Broken):
        raise Invalid("claim `ectx` is neither an object nor encrypted by us", field="ectx") from None
    return opened


def turn_context(ectx: Any, ten: str | None, turn: Turn) -> str:
    """The same under another key. Raises vault.Broken."""
    try:
        whole = _whole_of(ectx)
    except (ValueError, AttributeError) as error:
        raise vault.Broken("it is not sealed at all") from error
    return _parted(turn(whole, "ectx", ten or ""))


def _parted(sealed: bytes) -> str:
    return ".".join(base64.b64encode(part).decode() for part in (sealed[:5] + sealed[17:], sealed[5:17]))


def _whole_of(ectx: str) -> bytes:
    """Raises ValueError."""
    rest, nonce = (base64.b64decode(part, validate=True) for part in ectx.split("."))
    return rest[:5] + nonce + rest[5:]


# -- what a token passes on -----------------------------------------------------------------------------------


def _depth(above: Mapping[str, Any], wanted: Mapping[str, Any]) -> int:
    asked: int = wanted.get("dd", MAX_INTEGER)
    if "dd" in above:
        return min(int(above["dd"]) - 1, asked)
    return asked if "dd" in wanted else 1


def _narrow_places(above: Mapping[str, Any], claims: dict[str, Any]) -> None:
    ten, names = above.get("ten"), above.get("jtnm")
    if ten is not None:
        asked = claims.setdefault("ten", ten)
        if asked != ten and (asked.startswith("/") or not all(_covers(ten, one) for one in literals(asked))):
            raise Invalid(f"claim `ten` may only name containers of the issuing token, `{ten}`", field="ten")
    if names is not None:
        asked = claims.setdefault("jtnm", names)
        if not set(asked) <= set(names) or claims.get("jtn", names[0] if names else None) not in names:
            raise Invalid("the issuing token may manage only the names in its claim `jtnm`", field="jtnm")
    if "jtn" in claims and len(literals(claims.get("ten"))) != 1:
        raise Invalid("claim `jtn` needs a claim `ten` that names one container", field="jtn")
    if "host" in claims and "ten" not in claims:
        raise Invalid("claim `host` needs a claim `ten`", field="host")


def _covers(ten: str, name: str) -> bool:
    """Also where the two know a container by different names of its."""
    if covers(ten, name):
        return True
    team = team_named(name)
    return team is not None and reaches(ten, team)


def _narrow_time(above: Mapping[str, Any], claims: dict[str, Any]) -> None:
    if "exp" in above and claims.setdefault("exp", above["exp"]) > above["exp"]:
        raise Invalid("claim `exp` may not be later than that of the issuing token", field="exp")
    if "nbf" in above and claims.setdefault("nbf", above["nbf"]) < above["nbf"]:
        raise Invalid("claim `nbf` may not be earlier than that of the issuing token", field="nbf")
    if claims.get("nbf", 0) >= claims.get("exp", MAX_TIME + 1):
        raise Invalid("claim `exp` must be later than claim `nbf`", field="exp")


def _inherit(above: Mapping[str, Any], claims: dict[str, Any]) -> None:
    """What the issuing token fixes stays as it is."""
    if "url" in above:
        for name in ("url", "code", "jtn", "pb", "mb", "host"):
            if name in claims:
                raise Invalid(
                    f"claim `{name}` cannot be specified: the issuing token fixes the code", field=name
                )
        claims |= {name: above[name] for name in ("url", "pb", "mb", "host") if name in above}
    for name in ("pctx", "ectx"):
        if name in above and name in claims:
            raise Invalid(
                f"claim `{name}` is set by the issuing token and cannot be re-specified", field=name
            )
    if "pctx" in above:
        claims["pctx"] = above["pctx"]
    if "ectx" in above:
        claims["ectx"] = open_context(above["ectx"], above.get("ten"))


def _check_together(claims: Mapping[str, Any]) -> None:
    if "url" in claims and "code" in claims:
        raise Invalid("either claim `url` or claim `code` can be given, not both", field="url")
    if "meta" in claims and "jtn" not in claims:
        raise Invalid("claim `meta` needs a claim `jtn`", field="meta")


# -- types ----------------------------------------------------------------------------------------------------


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("must be a string")  # noqa: TRY004 - like the other mistakes
    return value


def _matching(pattern: str, what: str) -> Kind:
    def kind(value: Any) -> str:
        if not re.fullmatch(pattern, _text(value)):
            raise ValueError(f"must be {what}")
        return str(value)

    return kind


def _whole(low: int, high: int) -> Kind:
    def kind(value: Any) -> int:
        if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,18}", value):
            value = int(value)
        if type(value) is not int or not low <= value <= high:
            raise ValueError(f"must be a whole number from {low} to {high}")
        return value

    return kind


def _code(value: Any) -> str:
    if not _text(value):
        raise ValueError("must not be empty")
    return str(value)


def _container(value: Any) -> str:
    if len(_text(value)) > 2 and value.startswith("/") and value.endswith("/"):
        try:
            re.compile(value[1:-1])
        except re.error as error:
            raise ValueError(f"is no regular expression: {error}") from None
        return str(value)
    names = value.split(",", MAX_PLACES)
    if len(names) > MAX_PLACES or len(set(names)) < len(names):
        raise ValueError(f"may name up to {MAX_PLACES} containers, each once")
    if not all(re.fullmatch(TEAM_PATTERN, one) for one in names):
        raise ValueError("must be a container's name, several separated by commas, or a /regular expression/")
    return str(value)


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError("must be an object")  # noqa: TRY004 - like the other mistakes
    if len(json.dumps(value)) > MAX_CONTEXT:
        raise ValueError(f"may have {MAX_CONTEXT:,} bytes as JSON")
    return value


def _context(value: Any) -> dict[str, Any] | str:
    """As we gave it out, encrypted, or as an object."""
    return value if isinstance(value, str) else _object(value)


def strings(value: Any) -> dict[str, str]:
    """Raises ValueError."""
    if not all(isinstance(one, str) for one in _object(value).values()):
        raise ValueError("must be an object of strings")
    return dict(value)


def _names(value: Any) -> list[str]:
    named = isinstance(value, list) and all(isinstance(one, str) for one in value)
    if not named or len(value) > MAX_NAMES or not all(re.fullmatch(NAME_PATTERN, one) for one in value):
        raise ValueError(f"must be an array of up to {MAX_NAMES} names of webtasks")
    return list(value)


def location(value: Any) -> str:
    """Raises ValueError."""
    if is_kept_here(_text(value)):
        return str(value)
    if len(value) > MAX_URL or not re.fullmatch(r"https?://[^\s/?#]+[^\s]*", value, re.IGNORECASE):
        raise ValueError(f"must be an http or https URL of at most {MAX_URL} characters")
    return str(value)


def host(value: Any) -> str:
    return str(_lower_host(_text(value).lower()))


_lower_host = _matching(
    r"(?=.{1,253}\Z)([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\.)+[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?",
    "a host name",
)
_KINDS: dict[str, Kind] = {
    "jti": _matching(r"[0-9a-f]{32}", "32 hexadecimal digits"),
    "ten": _container,
    "jtn": _matching(NAME_PATTERN, "1 to 64 letters, digits and -._~!$+=:@"),
    "jtnm": _names,
    "url": location,
    "code": _code,
    "pctx": _object,
    "ectx": _context,
    "meta": strings,
    "host": host,
    "dd": _whole(0, MAX_INTEGER),
    "dr": _whole(0, 1),
    "pb": _whole(0, 2),
    "mb": _whole(0, 1),
    "nbf": _whole(0, MAX_TIME),
    "exp": _whole(0, MAX_TIME),
    **{name: _whole(1, MAX_INTEGER) for name in CONTAINER_RATES + TOKEN_RATES},
}
