"""What ordinary Python does, with its standard library; what fails is told, and the rest goes on."""

import sys

sys.path.insert(0, "/rt")

from steps import files, network, system, work  # type: ignore[import-not-found]  # beside it, inside

done = 0
steps = [step for part in (files, system, work, network) for step in part.STEPS]
for step in steps:
    try:
        step()
        done += 1
    except Exception as error:  # noqa: BLE001 - told below
        print(f"{step.__name__}: {type(error).__name__}: {error}", file=sys.stderr)
print(f"{done} of {len(steps)} steps went as they should", file=sys.stderr)
