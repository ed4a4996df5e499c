"""What the gateway refuses: promptly, with a record and a line that says why."""

import itertools
from unittest.mock import patch

import pytest

from executor.egress import addresses, lookups
from tests.egress.lab import echo, lab, ports, serving

OFF_LIST = "refused: not on the allow-list of this webtask"


def attempts(*places: tuple[str, int]) -> str:
    calls = ", ".join(f'attempt({port}, "{host}", "hello\\n")' for host, port in places)
    return f"Promise.all([{calls}]).then((said) => say(...said.map((text) => text.trim())), say);"


@pytest.mark.parametrize(
    ("address", "asked", "kind"),
    [
        ("127.0.0.1", "127.0.0.1", "loopback"),
        ("::1", "::1", "loopback"),
        ("::ffff:127.0.0.1", "127.0.0.1", "loopback"),
        ("10.1.2.3", "10.1.2.3", "private"),
        ("169.254.169.254", "169.254.169.254", "metadata"),
        ("64:ff9b::7f00:1", "64:ff9b::7f00:1", "loopback"),
    ],
)
async def test_an_address_that_is_not_public(data, address, asked, kind):
    async with lab(data, attempts((address, 80)), private=()) as it:
        assert await it.said() == ["ECONNRESET"]
    assert it.verdicts == [(asked, 80, f"refused: {kind} address")]
    where = f"[{asked}]:80" if ":" in asked else f"{asked}:80"
    assert it.lines == [f"network: connection to {where} refused: {kind} address"]


async def test_a_name_that_leads_to_a_private_address(data):
    names = {"intranet.example.com": ("10.0.0.1",)}
    async with lab(data, attempts(("intranet.example.com", 80)), names=names) as it:
        assert await it.said() == ["ECONNRESET"]
    assert it.verdicts == [("intranet.example.com", 80, "refused: private address")]


@pytest.mark.parametrize("private", [(), ("93.0.0.0/8",)])
async def test_an_address_of_the_node_itself(data, private):
    """Behind the node's firewall its own services would take the call for one of its own."""
    with patch.object(addresses, "is_this_host", return_value=True):
        async with lab(data, attempts(("93.184.216.34", 80)), private=private) as it:
            assert await it.said() == ["ECONNRESET"]
    assert it.verdicts == [("93.184.216.34", 80, "refused: address of this node")]


async def test_of_many_addresses_only_the_allowed_are_dialled(data):
    port = ports()[0]
    names = {"mixed.example.com": ("10.0.0.1", "169.254.169.254", "127.0.0.1")}
    async with serving(echo, port), lab(data, attempts(("mixed.example.com", port)), names=names) as it:
        assert await it.said() == ["echo hello"]
    assert it.calls[0].address == "127.0.0.1"


async def test_a_name_that_changes_its_mind_gains_nothing(data):
    """A hostile resolver says a public address when asked for the name, another one for the connection."""
    turns = itertools.chain([("93.184.216.34",)], itertools.repeat(("127.0.0.1",)))

    async def hostile() -> tuple[str, ...]:
        return next(turns)

    names = {"rebind.example.com": hostile}
    with patch.object(lookups, "FRESH_SECONDS", -1.0):
        async with lab(data, attempts(("rebind.example.com", 80)), names=names, private=()) as it:
            assert await it.said() == ["ECONNRESET"]
    assert it.verdicts[-1] == ("rebind.example.com", 80, "refused: loopback address")
    assert len(it.book.asked) >= 2


async def test_a_redirect_is_a_connection_like_any_other(data):
    port = ports()[0]

    async def redirect(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 302 \r\nlocation: http://10.0.0.1/\r\ncontent-length: 0\r\n\r\n")
        await writer.drain()
        await reader.read()

    program = (
        f'fetch("http://127.0.0.1:{port}/").catch((error) => {{ say(error.cause.code); process.exit(); }});'
    )
    async with serving(redirect, port), lab(data, program) as it:
        assert await it.said() in (["ECONNRESET"], ["UND_ERR_SOCKET"])
    assert ("10.0.0.1", 80, "refused: private address") in it.verdicts
    assert ("127.0.0.1", port, "allowed") in it.verdicts


async def test_off_the_allow_list_a_name_is_not_even_looked_up(data):
    names = {"other.example.com": ("127.0.0.1",)}
    program = attempts(("other.example.com", 80))
    async with lab(data, program, names=names, egress=("db.example.com:80",)) as it:
        assert await it.said() == ["ENOTFOUND"]
    assert it.book.asked == []
    assert it.verdicts == [("other.example.com", 0, OFF_LIST)]
    assert it.lines == [f"network: lookup of other.example.com {OFF_LIST}"]


async def test_off_the_allow_list_an_address_or_a_port_is_refused(data):
    names = {"db.example.com": ("127.0.0.1",)}
    program = attempts(("db.example.com", 443), ("127.0.0.1", 80))
    async with lab(data, program, names=names, egress=("db.example.com:80",)) as it:
        assert await it.said() == ["ECONNRESET ECONNRESET"]
    assert sorted(it.verdicts) == [("127.0.0.1", 80, OFF_LIST), ("db.example.com", 443, OFF_LIST)]


async def test_on_the_allow_list_it_is_open(data):
    port = ports()[0]
    names = {"db.example.com": ("127.0.0.1",)}
    program = attempts(("db.example.com", port))
    async with (
        serving(echo, port),
        lab(data, program, names=names, egress=(f"*.example.com:{port}",)) as it,
    ):
        assert await it.said() == ["echo hello"]
    assert it.verdicts == [("db.example.com", port, "allowed")]


async def test_an_address_nobody_was_told_is_nobodys(data):
    async with lab(data, attempts(("198.18.9.9", 80))) as it:
        assert await it.said() == ["ECONNRESET"]
    assert it.verdicts == [("198.18.9.9", 80, "refused: its name was looked up too long ago")]


async def test_a_name_that_is_not_there(data):
    async with lab(data, attempts(("nowhere.example.com", 80))) as it:
        assert await it.said() == ["ENOTFOUND"]
    assert (it.verdicts, it.lines) == ([], [])


async def test_a_server_that_is_not_there(data):
    port = ports()[1]
    async with lab(data, attempts(("127.0.0.1", port))) as it:
        assert await it.said() == ["ECONNRESET"]
    assert it.verdicts == [("127.0.0.1", port, "failed: connection refused")]
    assert it.lines == [f"network: connection to 127.0.0.1:{port} failed: connection refused"]
