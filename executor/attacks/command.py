"""`python -m executor attack`: the hostile programs against this host's walls, for a person or a script."""

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence

from executor.attacks import suite
from executor.attacks.suite import Attack
from executor.config import accepted_weaker, data_directory
from executor.sandbox.errors import SpawnFailed

EXIT_FAILED = 1
EXIT_USAGE = 64  # EX_USAGE of sysexits.h


def main(arguments: Sequence[str]) -> int:
    """0 when every program ended as it must. Raises SandboxUnavailable."""
    parser = argparse.ArgumentParser(
        prog="python -m executor attack", description="Runs hostile programs against this host's walls."
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a line instead of a table")
    parser.add_argument("names", nargs="*", metavar="name", help="of a program; all when none is given")
    options = parser.parse_args(arguments)
    try:
        return asyncio.run(_attack(options.names, as_json=options.json))
    except LookupError as error:
        print(f"executor: there is no hostile program {error}", file=sys.stderr)
        return EXIT_USAGE
    except SpawnFailed as error:
        print(f"executor: an attack has hurt the launcher: {error}", file=sys.stderr)
        return EXIT_FAILED


async def _attack(names: Sequence[str], *, as_json: bool) -> int:
    passed = failed = 0
    attackers, untried = await suite.applicable(names)
    async for attack in suite.attack(data_directory(), attackers, accept_weaker=accepted_weaker()):
        passed, failed = passed + attack.passed, failed + (not attack.passed)
        print(json.dumps(attack.to_json()) if as_json else _row(attack), flush=True)
    if not as_json:
        print(f"{passed} ended as they must, {failed} did not")
        if untried:
            print(f"{untried} were not tried: they lean on namespaces, which this host does not allow")
    return EXIT_FAILED if failed else 0


def _row(attack: Attack) -> str:
    verdict = "ok  " if attack.passed else "FAIL"
    row = f"{verdict}  {attack.group:<10}  {attack.name.replace('_', ' ')} ({attack.language}, {attack.ms:,.0f} ms)"
    if attack.passed:
        return row
    return f"{row}\n      must {attack.expected}; it {attack.outcome}\n      {attack.detail.strip()}"
