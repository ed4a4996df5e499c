"""`python -m executor`: serve until SIGTERM or SIGINT; with a command: look at this host, or prove the walls."""

import asyncio
import ctypes
import logging
import os
import resource
import signal
import sys

import uvloop

from executor import doctor
from executor.app import ZygoteGone, run
from executor.attacks import command as attacks
from executor.config import Config, ConfigError, from_environment
from executor.runtimes.selftest import SelfTestFailed
from executor.sandbox.launcher import SandboxUnavailable

EXIT_USAGE = 64  # EX_USAGE of sysexits.h
EXIT_CONFIG = 78  # EX_CONFIG of sysexits.h: starting again will not help
EXIT_FAILURE = 1  # starting again will help
PR_SET_PDEATHSIG = 1
# Each takes what follows it on the command line and returns the exit code.
COMMANDS = {"attack": attacks.main, "doctor": doctor.main}


async def _main(config: Config) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await run(config, stop)


def _die_with_parent() -> None:
    """Embedded, the console is our parent: killed without a chance to tell us, it must not leave us behind."""
    if "WEBTASKS_EMBEDDED" in os.environ:
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _allow_descriptors() -> None:
    """A worker has some thirty, most of them listeners, and each of its connections two more."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _command(name: str, *arguments: str) -> int:
    if name not in COMMANDS:
        print(
            f"usage: python -m executor [{' | '.join(COMMANDS)}]; without a command it serves",
            file=sys.stderr,
        )
        return EXIT_USAGE
    return COMMANDS[name](arguments)


def main() -> int:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    _die_with_parent()
    try:
        if sys.argv[1:]:
            return _command(*sys.argv[1:])
        config = from_environment()
        _allow_descriptors()
        uvloop.run(_main(config))
    except ConfigError as error:
        print(f"executor: {error}", file=sys.stderr)
        return EXIT_CONFIG
    except SandboxUnavailable as error:
        print(
            f"executor: refusing to start without sandbox layer {error.layer}: {error.reason}",
            file=sys.stderr,
        )
        print(f"  remedy: {error.remedy}", file=sys.stderr)
        return EXIT_CONFIG
    except (ZygoteGone, SelfTestFailed) as error:
        print(f"executor: {error}", file=sys.stderr)
        return EXIT_FAILURE
    return 0


if __name__ == "__main__":
    sys.exit(main())
