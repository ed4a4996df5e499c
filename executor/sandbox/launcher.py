"""The executor's client of the zygote."""

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

from executor.sandbox import isolated, messages, survey
from executor.sandbox.compiler import compile_policy
from executor.sandbox.errors import SandboxUnavailable, SpawnFailed
from executor.sandbox.ground import Ground
from executor.sandbox.jail import lend
from executor.sandbox.layers import LAYERS, Standing
from executor.sandbox.modes import MODES, Mode
from executor.sandbox.outside import words
from executor.sandbox.plan import Plan
from executor.sandbox.policy import Policy
from executor.sandbox.sandbox import FOREIGN, Exit, Sandbox, Usage
from executor.sandbox.scratch import Scratches
from executor.sandbox.states import LAUNCHER_STEPS, LauncherState, step
from executor.sandbox.survey import Survey

__all__ = ["Exit", "Launcher", "Policy", "Sandbox", "SandboxUnavailable", "SpawnFailed", "Usage"]

_PATIENCE = 15.0


class Launcher:
    """One zygote and the sandboxes it made. Lives in one event loop."""

    def __init__(
        self,
        channel: socket.socket,
        zygote: "subprocess.Popen[bytes]",
        *,
        policy: Policy,
        mode: Mode,
        ground: Ground,
    ) -> None:
        self.layers: tuple[Standing, ...] = ()
        # Set when the zygote is gone, by our will or not; nothing can be spawned any more.
        self.gone = asyncio.Event()
        self._state = LauncherState.STARTING
        self._channel = channel
        self._policy = policy
        self.mode = mode
        self._ground = ground
        self._scratches = Scratches(policy.tmpfs)
        self._zygote = zygote
        self._zygote_pidfd = os.pidfd_open(zygote.pid)
        self._turn = asyncio.Lock()
        self._requests = 0
        self._waiting: dict[int, asyncio.Future[Sandbox]] = {}
        self._sandboxes: dict[int, Sandbox] = {}
        self._settled: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    @classmethod
    async def start(
        cls, policy: Policy, *, accept_weaker: frozenset[str] = frozenset(), found: Survey | None = None
    ) -> Self:
        """Probes this host's layers, then starts the zygote. Raises SandboxUnavailable for the first missing one.

        `found` is a survey made a moment ago, to spare another. Call it from the thread that lives as long as
        the process: the kernel ties the zygote's life to it.
        """
        host = found or await survey.look()
        layers = survey.judge(host, wanted=policy.namespaces, accepted=accept_weaker)
        survey.require(layers)
        missing = frozenset(layer.name for layer in layers if layer.state != "active")
        mode = MODES[host.mode]
        plan = compile_policy(policy, missing, mode=mode, places=host.places)
        ground = Ground(host.places, Path(plan.jails))
        await ground.sweep()
        channel, its = messages.pair()
        with its:
            channel.setblocking(False)
            launcher = cls(channel, _start_zygote(its), policy=policy, mode=mode, ground=ground)
        try:
            await launcher._settle(plan)
        except BaseException:
            launcher._become(LauncherState.CLOSED)
            await launcher._stop()
            raise
        launcher.layers = layers
        return launcher

    async def spawn(self, fds: Mapping[int, int], *, argv: Sequence[str] | None = None) -> Sandbox:
        """A running sandbox with `fds` (inner number -> ours, which stay ours) and nothing else open.

        `argv` stands for the policy's own, for this one; the walls are the same.
        """
        async with self._turn:
            if self._state is not LauncherState.READY:
                raise self._unavailable()
            self._requests += 1
            request = self._requests
            answer: asyncio.Future[Sandbox] = asyncio.get_running_loop().create_future()
            self._waiting[request] = answer
            try:
                wish = {"spawn": request, "inner": list(fds), "argv": self._words(argv)}
                messages.send(self._channel, wish, list(fds.values()))
            except OSError as error:
                del self._waiting[request]
                raise SpawnFailed("request", str(error)) from error
            try:
                return await answer
            except asyncio.CancelledError:
                # Either _spawned() finds the future cancelled, or the answer came in the same breath.
                if not answer.cancelled() and answer.exception() is None:
                    answer.result().kill()
                raise

    def lend(self, sandbox: Sandbox, name: str) -> None:
        """An entry of the policy's shares that came after the sandbox's birth. Raises OSError."""
        if sandbox.jail is not None:
            for share in self._policy.shares:
                lend(share.directory / name, sandbox.jail / share.path.lstrip("/") / name)

    async def close(self) -> None:
        """Kills every sandbox, then the zygote. Safe to call again."""
        if self._state is LauncherState.READY:
            self._become(LauncherState.CLOSING)
            for sandbox in self._sandboxes.values():
                sandbox.kill()
            if self._sandboxes:
                await asyncio.wait([it.exited for it in self._sandboxes.values()], timeout=_PATIENCE)
        if self._state is not LauncherState.CLOSED:
            self._become(LauncherState.CLOSED)
            await self._stop()

    async def _settle(self, plan: Plan) -> None:
        loop = asyncio.get_running_loop()
        loop.add_reader(self._channel, self._hear)
        loop.add_reader(self._zygote_pidfd, self._zygote_gone)
        messages.send(self._channel, plan.to_json())
        async with asyncio.timeout(_PATIENCE):
            await self._settled
        self._become(LauncherState.READY)

    async def _stop(self) -> None:
        """The zygote ends when its channel does."""
        self._close_channel()
        try:
            async with asyncio.timeout(_PATIENCE):
                await self.gone.wait()
        except TimeoutError:
            signal.pidfd_send_signal(self._zygote_pidfd, signal.SIGKILL)
            await self.gone.wait()
        self._scratches.close()
        await self._ground.sweep()

    def _hear(self) -> None:
        """Everything the zygote has said so far."""
        while self._channel.fileno() >= 0:
            try:
                heard = messages.receive(self._channel)
            except (BlockingIOError, ConnectionResetError):
                return
            if heard is None:
                self._close_channel()
                return
            self._heed(*heard)

    def _heed(self, message: dict[str, Any], descriptors: list[int]) -> None:
        match message:
            case {"settled": True} if not self._settled.done():
                self._settled.set_result(None)
            case {"unsettled": str(name), "reason": str(reason)} if not self._settled.done():
                self._settled.set_exception(SandboxUnavailable(name, reason, LAYERS[name].remedy))
            case {"spawned": int(request), "pid": int(pid), "listeners": int(count), "scratch": scratch}:
                pidfd, *listeners = descriptors
                sockets = [socket.socket(fileno=listener) for listener in listeners]
                sandbox = Sandbox(pid, pidfd, sockets, allow=self._allow, weigh=self._weigh)
                if scratch is not None:
                    self._scratches.watch(sandbox, Path(scratch))
                    if self.mode.jailed:
                        sandbox.jail = Path(scratch.removesuffix(self._policy.directory))
                self._spawned(request, sandbox, complete=len(listeners) == count)
            case {"refused": int(request), "step": str(name), "reason": str(reason)}:
                waiting = self._waiting.pop(request)
                if not waiting.cancelled():
                    waiting.set_exception(SpawnFailed(name, reason))
            case {"exited": int(pid), "status": int(status), "left": left}:
                self._sandboxes.pop(pid).end(_exit(message, os.waitstatus_to_exitcode(status)))
                self._ground.clear(left)

    def _allow(self, pid: int, budget: int, data: int | None) -> None:
        """For the zygote to bound. If it is too busy to be told, the first, wider quota stays; never no limit."""
        try:
            messages.send(self._channel, {"limit": pid, "budget": budget, "data": data})
        except OSError:
            if data is not None:
                self._sandboxes[pid].kill()

    def _weigh(self, pid: int, per_cent: int) -> None:
        with contextlib.suppress(OSError):  # as above; then it weighs what it did
            messages.send(self._channel, {"weigh": pid, "per_cent": per_cent})

    def _words(self, argv: Sequence[str] | None) -> list[str] | None:
        """Its paths are those of the inside; there may be none."""
        if argv is None:
            return None
        return list(argv) if self.mode.rooted else words(argv, self._policy)

    def _spawned(self, request: int, sandbox: Sandbox, *, complete: bool) -> None:
        self._sandboxes[sandbox.pid] = sandbox
        waiting = self._waiting.pop(request)
        if waiting.cancelled():
            sandbox.kill()
        elif not complete:
            sandbox.kill()
            waiting.set_exception(SpawnFailed("network", "listeners got lost: too many descriptors are open"))
        else:
            waiting.set_result(sandbox)

    def _zygote_gone(self) -> None:
        """The kernel kills its children with it; nobody is left to say how they ended."""
        # Its last words may still be on the way: what it reported as exited did exit like that.
        self._hear()
        asyncio.get_running_loop().remove_reader(self._zygote_pidfd)
        self._zygote.wait()
        os.close(self._zygote_pidfd)
        self._close_channel()
        if self._state is LauncherState.READY:
            self._become(LauncherState.LOST)
        self.gone.set()
        for sandbox in self._sandboxes.values():
            sandbox.kill()
            sandbox.end(Exit(None, signal.SIGKILL, sandbox.usage().cpu_seconds, 0))
        self._sandboxes.clear()
        if not self._settled.done():
            self._settled.set_exception(self._unavailable())
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(self._unavailable())
        self._waiting.clear()

    def _close_channel(self) -> None:
        if self._channel.fileno() >= 0:
            asyncio.get_running_loop().remove_reader(self._channel)
            self._channel.close()

    def _become(self, state: LauncherState) -> None:
        self._state = step(LAUNCHER_STEPS, self._state, state)

    def _unavailable(self) -> SandboxUnavailable:
        reason = f"the zygote ended with status {self._zygote.returncode} while {self._state.value}"
        return SandboxUnavailable(
            "zygote", reason, "Start the executor again; its log says what the zygote said"
        )


def _exit(message: Mapping[str, Any], code: int) -> Exit:
    """`code` is negative for a signal. What the zygote killed for a system call died of that, not of SIGKILL."""
    syscall = message["syscall"]
    if syscall is not None:
        code = -signal.SIGSYS
    elif code == -signal.SIGSYS and message["sealed"]:
        # All others would have reached the zygote.
        syscall = FOREIGN
    status, number = (code, None) if code >= 0 else (None, -code)
    return Exit(status, number, message["cpu"], message["size"], message["out_of_memory"], syscall)


def _start_zygote(channel: socket.socket) -> "subprocess.Popen[bytes]":
    number = channel.fileno()
    return subprocess.Popen(
        isolated.command("zygote", str(number), str(os.getpid())),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        env=isolated.environment(),
        cwd="/",
        pass_fds=[number],
        # A Ctrl-C at the terminal is for the executor, which then closes us in order.
        start_new_session=True,
    )
