"""Names: asked for by every way there is, answered with addresses of ours."""

import asyncio
import struct

from executor.egress.names import FAKE, MOST, Names
from tests.egress.lab import in_labels, lab

NAMES = {"db.example.com": ("127.0.0.1",), "www.example.com": ("93.184.216.34",)}


async def test_each_name_has_an_address_of_its_own_and_only_ipv4(data):
    program = """
        const ask = (host, kind) => dns.promises.resolve(host, kind).catch((error) => error.code);
        (async () => {
          const first = await ask("db.example.com", "A"), second = await ask("www.example.com", "A");
          say(first[0].startsWith("198.18.0."), first[0] !== second[0]);
          say((await ask("DB.example.com", "A"))[0] === first[0]);
          say(await ask("db.example.com", "AAAA"), await ask("db.example.com", "CAA"), await ask("no.example.com", "A"));
          say((await dns.promises.lookup("db.example.com")).address === first[0]);
        })();
    """
    async with lab(data, program, names=NAMES) as it:
        assert await it.said() == ["true true", "true", "ENODATA ENOTFOUND ENOTFOUND", "true"]


async def test_names_that_can_be_nowhere_are_not_looked_up(data):
    program = """
        const ask = (host) => dns.promises.resolve4(host).catch((error) => error.code);
        Promise.all(["a.invalid", "a.localhost", "a.onion", "1.2.3.4.5", "0x7f.1"].map(ask)).then((all) => say(...all));
    """
    async with lab(data, program) as it:
        assert await it.said() == ["ENOTFOUND ENOTFOUND ENOTFOUND ENOTFOUND ENOTFOUND"]
    assert it.book.asked == []


async def test_whatever_server_is_asked_the_answer_comes_from_it(data):
    program = """
        const resolver = new dns.Resolver();
        resolver.setServers(["8.8.8.8"]);
        resolver.resolve4("db.example.com", (error, found) => {
          resolver.setServers(["[2001:4860:4860::8888]"]);
          resolver.resolve4("db.example.com", (error, again) => say(found[0] === again[0]));
        });
    """
    async with lab(data, program, names=NAMES) as it:
        assert await it.said() == ["true"]


async def test_questions_over_a_stream_are_answered_one_after_the_other(data):
    program = """
        const question = Buffer.from("0007010000010000000000000264620765786d61706c6503636f6d0000010001", "hex");
        const framed = Buffer.concat([Buffer.from([0, question.length]), question]);
        const socket = net.connect(53, "8.8.8.8", () => socket.write(Buffer.concat([framed, framed])));
        let said = Buffer.alloc(0);
        socket.on("data", (data) => {
          said = Buffer.concat([said, data]);
          const length = said.readUInt16BE(0) + 2;
          if (said.length < 2 * length) return;
          say(said.readUInt16BE(2), said.readUInt16BE(4) & 15, said.readUInt16BE(length + 2));
          socket.end();
        });
    """
    async with lab(data, program) as it:
        assert await it.said() == ["7 3 7"]


async def test_records_without_addresses_are_handed_on(data):
    records = {
        ("_db._tcp.example.com", 33): struct.pack("!3H", 1, 2, 5432) + in_labels("db.example.com"),
        ("example.com", 16): b"\x05hello\x05there",
        ("big.example.com", 16): b"".join(b"\xff" + b"x" * 255 for _ in range(8)),
    }
    program = """
        (async () => {
          const [service] = await dns.promises.resolveSrv("_db._tcp.example.com");
          say(service.name, service.port, await dns.promises.resolveTxt("example.com"));
          say((await dns.promises.resolveTxt("big.example.com"))[0].join("").length);
          say(await dns.promises.resolveTxt("other.org").catch((error) => error.code));
        })();
    """
    async with lab(data, program, records=records, egress=("*.example.com:*", "example.com:*")) as it:
        assert await it.said() == ["db.example.com 5432 hello,there", "2040", "ENOTFOUND"]
    assert "other.org" not in it.book.asked


async def test_one_slow_name_holds_up_no_other(data):
    never = asyncio.Event()

    async def slow() -> tuple[str, ...]:
        await never.wait()
        return ()

    program = """
        dns.resolve4("slow.example.com", () => {});
        dns.resolve4("db.example.com", (error, found) => { say(found.length); process.exit(); });
    """
    async with lab(data, program, names={**NAMES, "slow.example.com": slow}) as it:
        assert await it.said() == ["1"]


def test_of_too_many_names_the_one_used_longest_ago_is_forgotten():
    names = Names()
    kept, lost = names.of("kept.example.com"), names.of("lost.example.com")
    for number in range(MOST - 1):
        names.of(f"{number}.example.com")
        assert names.meant_by(kept.fake) is kept
    assert names.meant_by(lost.fake) is None
    assert names.of("lost.example.com").fake not in {lost.fake, kept.fake}
    assert kept.fake in FAKE
