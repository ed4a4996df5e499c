"""What the console and the executor say to each other. Imports nothing of the project.

Shapes are JSON-compatible; the wire adds nothing to them. docs/architecture.md draws who sends what.
"""

import dataclasses
import functools
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

DEPLOYMENT_PATH = "/internal/deployments/{team}/{webtask}"
LEAVE_PATH = "/internal/leave"
CALL_PATH = "/internal/calls"
DELIVERIES_PATH = "/internal/deliveries"
VISITORS_PATH = "/internal/visitors"
PASSES_PATH = "/internal/passes"
LINK_PATH = "/internal/link"
# GET and PUT, an archive of packages by its SHA-256.
ARCHIVE_PATH = "/internal/modules/{digest}"
INTERNAL_PREFIX = "/internal/"

# What people have: on the console's host, and for one private webtask on its team's.
SESSION_COOKIE = "webtasks_session"
PASS_COOKIE = "webtasks_pass"  # noqa: S105 - a name
# How all cookies of ours begin. Browsers let no other host set one whose name has the prefix before that, over https alone.
OUR_COOKIES = "webtasks_"
HOST_PREFIX = "__Host-"
# On a team's host, where a browser comes back to from the console; no webtask's name begins with @.
ENTRANCE = "@enter"
# There too: the page that shows an answer's HTML to whoever ran it in the console.
PREVIEW = "@preview"

GRANT_HEADER = "webtask-grant"
# With it the console makes a request that its caller did not wait for.
DELIVERY_HEADER = "webtask-delivery"
SOURCE_HEADER = "x-wt-response-source"
INVOCATION_HEADER = "x-wt-invocation"
VERSION_HEADER = "x-wt-version"
# Of a run by a grant, for the console alone: how long its parts took, written as in Server-Timing.
TIMING_HEADER = "x-wt-timing"
# The original's, for clients that parse them.
PROXY_STATS_HEADER = "x-auth0-proxy-stats"
STATS_HEADER = "x-auth0-stats"

RUN_PREFIX = "/api/run/"
# Bytes of a request that its caller does not wait for.
MAX_DELIVERY = 1024 * 1024
# The published clients allow these characters in a name (wt-cli 11.0.2).
NAME_PATTERN = r"[-A-Za-z0-9._~!$+=:@]{1,64}"
TEAM_PATTERN = r"[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?"
# What follows a name in a URL that asks for one version, or for the caller's own draft. No webtask's name ends so.
PIN_PATTERN = r"@(?:v[1-9][0-9]{0,8}|draft)"
_PIN = re.compile(r"(.+)@(?:v([1-9][0-9]{0,8})|draft)")


def cookie_name(name: str, *, secure: bool) -> str:
    """Of a cookie of the console's, by whether it is reached over https."""
    return f"{HOST_PREFIX}{name}" if secure else name


@dataclass(frozen=True, slots=True)
class Pin:
    """What a name in a URL asks for besides the webtask: a version, or with None the caller's own draft."""

    webtask: str
    version: int | None

    def __str__(self) -> str:
        return f"{self.webtask}@{f'v{self.version}' if self.version else 'draft'}"

    @classmethod
    def of(cls, name: str) -> Self | None:
        """None for a webtask's name alone."""
        found = _PIN.fullmatch(name)
        return cls(found[1], int(found[2]) if found[2] else None) if found else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Budgets of one deployment. Milliseconds, bytes, counts.

    `code_bytes`, `storage_bytes`, `packages` and `team_webtasks` are the console's to enforce.
    `log_lines` and `log_bytes` are for each second, `egress_bytes` (both directions) for each minute,
    `egress_connections` for one moment, of one worker. `team_concurrency` and `team_rate`, requests a second, are
    those of all the team's code together.
    """

    wall_ms: int = 30_000
    cpu_ms: int = 10_000
    blocked_ms: int = 2_000
    memory_bytes: int = 128 * 1024 * 1024
    body_bytes: int = 10 * 1024 * 1024
    response_bytes: int = 100 * 1024 * 1024
    code_bytes: int = 1024 * 1024
    concurrency: int = 200
    workers: int = 2
    log_lines: int = 1000
    log_bytes: int = 1024 * 1024
    egress_connections: int = 64
    egress_bytes: int = 256 * 1024 * 1024
    team_concurrency: int = 1_000
    team_rate: int = 20_000
    storage_bytes: int = 500 * 1024
    packages: int = 200
    team_webtasks: int = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """Who may call a webtask by its URL: `kind` is "public", "private", or a sender (executor.guards.senders).

    `secrets` names those of the deployment's secrets that may have signed. `tolerance`, in seconds, is how far a signed time
    may be off, and how long a signed request is known again. `enter` is where a browser without a pass is sent.
    """

    kind: str = "public"
    secrets: tuple[str, ...] = ()
    tolerance: int = 300
    enter: str = ""

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        return cls(**{**data, "secrets": tuple(data.get("secrets", ()))})


@dataclass(frozen=True, kw_only=True)
class Deployment:
    """What an executor receives to run: a version with its secrets and limits, immutable.

    `slot` names the place in the pool it occupies: a new digest in a slot replaces the old one.
    `webtask` is None and `version` is None for ad-hoc code; `version` is None for a draft.
    `egress` lists where it may connect to, as "host:port" with "*" for any one or more labels or any port
    ("api.example.com:443", "*.example.com:*"); None is every public address.
    `voucher` is the console's word that it was shown the token that code without a name runs by; the calls of such code
    carry it, and no worker gets it.
    `parse_body` is 0 never, 1 always, 2 or None by arity (protocol claim `pb`); `merge_body` is claim `mb`.

    `url` is where the code is when `files` lacks it: http or https, and the executor fetches it. It fetches compilers and
    middleware that `meta` names by URLs, too: they come as files of these names. `token` is the JWT that
    user code may see, "" where it may not; `jti` names the one that the request runs by. `host` is the custom domain
    that serves it too, as `{host}/{team}/{webtask}`. `rates` holds the protocol's claims `ls` to `lo`, requests of the
    team in a period, and `lts` to `lto`, those by this token. `modules` is the digest of its set of packages, "" without.
    `expires` is when its token or its team ends, in seconds since the epoch; None is never. `methods` are those that its token
    is for; None is all. `guard` says who may call it, and `paused` that nobody may for now; no worker is told of either.
    """

    team: str
    webtask: str | None
    slot: str
    version: int | None
    label: str
    entry: str
    files: Mapping[str, str]
    runtime: str = "node"
    # Not in its repr: that is what ends up in tracebacks.
    secrets: Mapping[str, Any] = field(default_factory=dict, repr=False)
    params: Mapping[str, str] = field(default_factory=dict)
    meta: Mapping[str, str] = field(default_factory=dict)
    parse_body: int | None = None
    merge_body: int = 1
    egress: tuple[str, ...] | None = None
    limits: Limits = field(default_factory=Limits)
    url: str = ""
    token: str = ""
    jti: str = ""
    host: str = ""
    rates: Mapping[str, int] = field(default_factory=dict)
    modules: str = ""
    voucher: str = ""
    expires: int | None = None
    methods: tuple[str, ...] | None = None
    guard: Guard = field(default_factory=Guard)
    paused: bool = False

    def to_json(self) -> dict[str, Any]:
        return dataclasses.asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Raises TypeError on a missing or unknown key: both sides ship together."""
        values = {key: value for key, value in data.items() if key != "digest"}
        egress, methods = values.get("egress"), values.get("methods")
        fixed = {
            "limits": Limits(**values.get("limits", {})),
            "egress": None if egress is None else tuple(egress),
            "methods": None if methods is None else tuple(methods),
            "guard": Guard.from_json(values.get("guard", {})),
        }
        return cls(**{**values, **fixed})

    @functools.cached_property
    def guarded(self) -> bool:
        """Whether a request must be looked at before it is let in. Kept: every request asks."""
        return self.paused or self.guard.kind != "public"

    @functools.cached_property
    def remotes(self) -> tuple[str, ...]:
        """The URLs of code that `files` lacks: the webtask's own, its compiler's, its middleware's."""
        named = (self.meta.get("wt-compiler", ""), *_names(self.meta.get("wt-middleware", "")))
        urls = [name for name in named if name.lower().startswith(("http://", "https://"))]
        return tuple(dict.fromkeys([self.url, *urls] if self.url else urls))

    @functools.cached_property
    def digest(self) -> str:
        """SHA-256 (hex) over the canonical JSON: equal content, equal digest, on every node.

        Kept: every request asks for it, and to compute it costs more than to serve a request.
        """
        canonical = json.dumps(self.to_json(), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(canonical.encode()).hexdigest()


def _names(text: str) -> list[str]:
    """Of a list as people write it: JSON, or separated by commas."""
    try:
        listed = json.loads(text)
    except (ValueError, RecursionError):
        listed = text.split(",")
    return [name.strip() for name in listed if isinstance(name, str)] if isinstance(listed, list) else []
