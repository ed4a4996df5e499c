"""What a program in a sandbox can reach, and what the gateway tells about it."""

import pytest

from tests.egress.lab import echo, lab, ports, serving

NAMES = {"db.example.com": ("127.0.0.1",)}


def ask(host: str, port: int) -> str:
    """Sends a line and ends its half; says what came back."""
    return f"""
        const socket = net.connect({port}, "{host}", () => socket.end("hello\\n"));
        socket.on("data", (data) => say(String(data).trim())).on("error", (error) => say(error.code));
    """


@pytest.mark.parametrize("host", ["db.example.com", "DB.Example.COM.", "127.0.0.1", "::ffff:127.0.0.1"])
async def test_a_connection_carries_bytes_both_ways(data, host):
    port = ports()[0]
    async with serving(echo, port), lab(data, ask(host, port), names=NAMES) as it:
        assert await it.said() == ["echo hello"]
    (call,) = it.calls
    asked = "db.example.com" if "xample" in host.lower() else "127.0.0.1"
    assert (call.host, call.port, call.address, call.verdict) == (asked, port, "127.0.0.1", "allowed")
    assert (call.sent, call.received, call.origin.team) == (6, 11, "acme")


async def test_python_needs_no_patching_either(data):
    port = ports()[0]
    program = f"""
import socket
with socket.create_connection(("db.example.com", {port})) as it:
    it.sendall(b"hello\\n")
    print(it.recv(100).decode().strip(), flush=True)
"""
    async with serving(echo, port), lab(data, program, language="python", names=NAMES) as it:
        assert await it.said() == ["echo hello"]
    assert it.verdicts == [("db.example.com", port, "allowed")]


async def test_a_call_nobody_claims_is_the_only_open_invocations(data):
    port = ports()[0]
    async with serving(echo, port), lab(data, ask("127.0.0.1", port), sole="1764000000000.1") as it:
        await it.said()
    assert [call.invocation for call in it.calls] == ["1764000000000.1"]


async def test_what_the_guest_says_of_a_call_counts_more(data):
    port = ports()[0]
    program = f"""
        const socket = net.connect({port}, "127.0.0.1", () => socket.write("hello\\n"));
        socket.on("data", () => fs.writeSync(3, String(socket.localPort)));
    """
    async with serving(echo, port), lab(data, program, sole="1764000000000.1") as it:
        it.door.ledger.label(int(await it.running.line()), "1764000000000.2")
        it.running.sandbox.kill()
        await it.said()
    assert [call.invocation for call in it.calls] == ["1764000000000.2"]
