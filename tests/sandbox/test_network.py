"""A sandbox's network leads to its listeners, whatever the address, and nowhere else."""

import asyncio
import contextlib
import json
import socket
from dataclasses import replace

import pytest

from tests.sandbox.ground import PATIENCE, Running, launching, policy_of

PORTS = (80, 5432)
# Keeps what it connects to; says for each place how that went, then lives until it is killed.
PROGRAM = """
    const net = require("node:net");
    const kept = [];
    const attempt = ([port, host]) => new Promise((done) => {
      const socket = net.connect(port, host, () => { kept.push(socket); done("connected"); });
      socket.on("error", (error) => done(error.code));
    });
    Promise.all(PLACES.map(attempt)).then((said) => require("node:fs").writeSync(3, JSON.stringify(said)));
    setInterval(() => {}, 1000);
"""


@contextlib.asynccontextmanager
async def connecting(data, places):
    program = PROGRAM.replace("PLACES", json.dumps(places))
    async with launching(replace(policy_of(data, program), ports=PORTS)) as launcher:
        running = await Running.start(launcher)
        yield running, running.sandbox.take_listeners()
        await running.stop()


async def accept(listener: socket.socket) -> str:
    """The address that the next connection was meant for."""
    listener.setblocking(False)
    async with asyncio.timeout(PATIENCE):
        connection, _ = await asyncio.get_running_loop().sock_accept(listener)
    with connection:
        host: str = connection.getsockname()[0]
        return host.removeprefix("::ffff:")


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "127.0.0.1", "10.0.0.1", "169.254.169.254", "2001:db8::1", "::1"]
)
async def test_every_address_leads_to_the_listener_of_its_port(data, address):
    async with connecting(data, [[80, address]]) as (running, listeners):
        assert await accept(listeners[0]) == address
        assert json.loads(await running.line()) == ["connected"]
        for listener in listeners:
            listener.close()


async def test_a_port_nobody_listens_on_is_refused(data):
    async with connecting(data, [[81, "93.184.216.34"], [22, "127.0.0.1"]]) as (running, _):
        assert json.loads(await running.line()) == ["EACCES", "EACCES"]


async def test_the_listeners_are_the_ports_and_dns(data):
    async with connecting(data, []) as (_, listeners):
        names = [(listener.type, listener.getsockname()[1]) for listener in listeners]
        streams = [(socket.SOCK_STREAM, port) for port in PORTS]
        assert names == [*streams, (socket.SOCK_DGRAM, 53)]
        for listener in listeners:
            listener.close()


async def test_listeners_nobody_took_end_with_the_sandbox(data):
    policy = replace(policy_of(data, "setInterval(() => {}, 1000)"), ports=PORTS)
    async with launching(policy) as launcher:
        running = await Running.start(launcher)
        await running.stop()
        assert running.sandbox.take_listeners() == ()


async def test_a_connection_nobody_accepts_is_reset_when_the_listeners_go(data):
    program = """
        const socket = require("node:net").connect(80, "93.184.216.34");
        socket.on("connect", () => require("node:fs").writeSync(3, "connected"));
        socket.on("error", (error) => { require("node:fs").writeSync(3, error.code); process.exit(); });
    """
    async with launching(replace(policy_of(data, program), ports=PORTS)) as launcher:
        running = await Running.start(launcher)
        assert await running.line() == "connected"
        for listener in running.sandbox.take_listeners():
            listener.close()
        assert await running.line() == "ECONNRESET"
        await running.finish()


async def test_without_ports_there_is_no_network(data):
    program = """
        const socket = require("node:dgram").createSocket("udp4");
        socket.send("x", 53, "127.0.0.1", (error) => { console.log(error.code); socket.close(); });
    """
    async with launching(policy_of(data, program)) as launcher:
        running = await Running.start(launcher)
        assert running.sandbox.take_listeners() == ()
        _, said, _ = await running.finish()
        assert said.strip() == "ENETUNREACH"
