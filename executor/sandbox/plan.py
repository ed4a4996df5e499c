"""What the zygote is told at its start: a policy with every decision already made, in plain numbers."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    # Name of a mode (modes.py).
    mode: str
    argv: list[str]
    environment: dict[str, str]
    root: str
    directory: str
    hostname: str | None
    clone_flags: int
    # The path inside of what is writable.
    scratch: str
    # Where each sandbox gets a directory, in modes without mounts: for its scratch space, and as its root.
    jails: str
    oom_score: int
    # Bytes, threads, processors; and the places of control groups: version, controllers, path.
    quota: list[float]
    places: list[list[Any]]
    # Each a path and the data of its mount(2).
    tmpfs: list[list[str]]
    # Each a directory of the host, its path inside and what of it is copied where nothing can be mounted.
    shares: list[list[Any]]
    # Each the number of a resource and its limit.
    rlimits: list[list[int]]
    # TCP ports that are listened on for every address; none, and the loopback device stays down.
    ports: list[int]
    landlock: "LandlockPlan | None"
    # The filter in hex, None without the seccomp layer.
    program: str | None
    sealed: bool

    def to_json(self) -> dict[str, Any]:
        return dataclasses.asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        landlock = data["landlock"]
        return cls(**{**data, "landlock": LandlockPlan(**landlock) if landlock else None})


@dataclass(frozen=True, slots=True, kw_only=True)
class LandlockPlan:
    files: int
    network: int
    scopes: int
    # Each a path and its access bits.
    rows: list[list[Any]]
    # Where TCP may connect to.
    ports: list[int]
