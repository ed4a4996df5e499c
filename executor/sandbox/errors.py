"""Why a sandbox could not be had."""


class SandboxUnavailable(Exception):
    """This host cannot give a wall of the sandbox. Nothing can be spawned until an operator acts."""

    def __init__(self, layer: str, reason: str, remedy: str) -> None:
        super().__init__(f"sandbox layer '{layer}' is not available: {reason}. {remedy}")
        self.layer = layer
        self.reason = reason
        self.remedy = remedy


class SpawnFailed(Exception):
    """One sandbox could not be made; the next one may."""

    def __init__(self, step: str, reason: str) -> None:
        super().__init__(f"the sandbox was not made: step '{step}' failed: {reason}")
        self.step = step
        self.reason = reason
