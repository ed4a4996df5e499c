"""Limits of the network: what is cut, and that nobody's memory is filled."""

import asyncio

from executor.attacks.running import PATIENCE
from executor.contract import Limits
from tests.egress.lab import echo, lab, ports, serving

MIB = 1 << 20


async def test_connections_at_once_are_counted(data):
    """The third is one too many; when one has ended there is room again."""
    port = ports()[0]
    program = f"""
        const open = () => new Promise((done) => {{
          const socket = net.connect({port}, "127.0.0.1", () => socket.write("hello\\n"));
          socket.on("data", () => done(socket)).on("error", (error) => done(error.code));
        }});
        (async () => {{
          const first = await open(), second = await open(), third = await open();
          say(typeof first, typeof second, third);
          await new Promise((gone) => first.end().on("close", gone));
          say(typeof await open());
          process.exit();
        }})();
    """
    limits = Limits(egress_connections=2)
    async with serving(echo, port), lab(data, program, limits=limits) as it:
        assert await it.said() == ["object object ECONNRESET", "object"]
    reason = "too many at once (limit of outbound connections: 2 connections, used: 3 connections)"
    assert f"network: connection to 127.0.0.1:{port} refused: {reason}" in it.lines
    assert sorted(call.verdict for call in it.calls) == [
        "allowed",
        "allowed",
        "allowed",
        f"refused: {reason}",
    ]


async def test_without_any_connection_the_network_is_closed(data):
    program = (
        'Promise.all([attempt(80, "127.0.0.1"), attempt(80, "a.example.com")]).then((said) => say(...said))'
    )
    limits, names = Limits(egress_connections=0), {"a.example.com": ("127.0.0.1",)}
    async with lab(data, program, limits=limits, names=names) as it:
        assert await it.said() == ["ECONNRESET ENOTFOUND"]
    assert it.book.asked == []


async def pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readline()
    while True:
        writer.write(bytes(65_536))
        await writer.drain()


async def test_traffic_beyond_the_limit_is_cut_and_then_refused(data):
    port = ports()[0]
    program = f"""
        let received = 0;
        const socket = net.connect({port}, "127.0.0.1", () => socket.write("go\\n"));
        socket.on("data", (data) => {{ received += data.length; }});
        socket.on("error", async (error) => {{
          say(error.code, received <= {2 * MIB}, await attempt({port}, "127.0.0.1", "go\\n"));
        }});
    """
    async with serving(pour, port), lab(data, program, limits=Limits(egress_bytes=MIB)) as it:
        assert await it.said() == ["ECONNRESET true ECONNRESET"]
    assert [call.verdict.split(" (")[0] for call in it.calls] == [
        "failed: too much traffic",
        "refused: too much traffic",
    ]
    assert MIB < it.calls[0].received <= 2 * MIB
    assert "(limit of outbound traffic: 1 MiB a minute, used: " in it.lines[0]


async def test_who_does_not_read_stops_who_writes(data):
    """What is on the way is bounded by the buffers of the kernel and of the gateway, however much is sent."""
    port = ports()[0]
    stopped: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    async def flood(reader, writer):
        await reader.readline()
        written = 0
        try:
            while written < 512 * MIB:
                writer.write(bytes(MIB))
                async with asyncio.timeout(1):
                    await writer.drain()
                written += MIB
        except TimeoutError:
            pass
        stopped.set_result(written)

    program = f"""
        const socket = net.connect({port}, "127.0.0.1", () => {{ socket.write("go\\n"); socket.pause(); }});
        setInterval(() => {{}}, 1000);
    """
    limits = Limits(egress_bytes=1 << 40)
    async with serving(flood, port), lab(data, program, limits=limits) as it:
        async with asyncio.timeout(PATIENCE):
            assert await stopped < 64 * MIB
        it.running.sandbox.kill()
        await it.said()


async def test_a_flood_of_calls_is_recorded_in_part_and_counted(data):
    program = """
        (async () => {
          for (let round = 0; round < 10; round++)
            await Promise.all(Array.from({ length: 60 }, () => attempt(80, "10.0.0.1")));
        })();
    """
    async with lab(data, program, private=()) as it:
        await it.said()
    more = [int(line.split()[1]) for line in it.lines if "more calls not recorded" in line]
    assert len(it.calls) >= 500
    assert len(it.calls) + sum(more) == 600


async def test_the_end_of_a_worker_is_the_end_of_its_connections(data):
    port = ports()[0]
    here, gone = asyncio.Event(), asyncio.Event()

    async def wait(reader, writer):
        here.set()
        try:
            await reader.read()
        finally:
            gone.set()

    program = f'net.connect({port}, "127.0.0.1"); setInterval(() => {{}}, 1000);'
    async with serving(wait, port), lab(data, program) as it:
        async with asyncio.timeout(PATIENCE):
            await here.wait()
        it.running.sandbox.kill()
        await it.said()
        async with asyncio.timeout(PATIENCE):
            await gone.wait()
    assert [call.verdict for call in it.calls] == ["allowed"]
