"""DNS messages are hostile bytes."""

import struct
from ipaddress import IPv4Address

from hypothesis import example, given
from hypothesis import strategies as st

from executor.egress import dns


def query(host: str, kind: int = dns.A, *, number: int = 7, flags: int = 0x0100) -> bytes:
    labels = b"".join(bytes([len(label)]) + label.encode() for label in host.split("."))
    return struct.pack("!6H", number, flags, 1, 0, 0, 0) + labels + b"\0" + struct.pack("!HH", kind, 1)


def test_a_question_is_read_and_answered():
    question = dns.read(query("API.Example.com"))
    assert question is not None
    assert (question.host, question.kind, question.id) == ("api.example.com", dns.A, 7)
    answer = dns.answer(question, address=IPv4Address("198.18.0.1"))
    number, flags, questions, answers, _, _ = struct.unpack_from("!6H", answer)
    assert (number, flags, questions, answers) == (7, 0x8180, 1, 1)
    # With the capitals it was asked in: some resolvers check them.
    assert b"\x03API\x07Example\x03com\0" in answer
    assert answer.endswith(IPv4Address("198.18.0.1").packed)


def test_no_record_is_no_error():
    question = dns.read(query("example.com", 28))
    assert question is not None
    assert struct.unpack_from("!6H", dns.answer(question))[1:4] == (0x8180, 1, 0)


@given(st.binary(max_size=600))
@example(b"")
@example(b"\0")
@example(query("a.b")[:-1])
@example(struct.pack("!6H", 1, 0, 1, 0, 0, 0) + b"\xc0\x0c\0\x01\0\x01")
@example(struct.pack("!6H", 1, 0, 1, 0, 0, 0) + b"\x3f")
@example(struct.pack("!6H", 1, 0, 1, 0, 0, 0) + b"\x01a" * 200)
def test_any_bytes_are_read_or_ignored(message):
    question = dns.read(message)
    if question is not None:
        assert len(question.host) <= 253
        assert dns.answer(question, dns.NO_SUCH_NAME)[:2] == message[:2]


@given(st.binary(max_size=300))
def test_any_question_has_a_host_of_plain_letters_or_none(tail):
    question = dns.read(struct.pack("!6H", 1, 0x0100, 1, 0, 0, 0) + tail)
    if question is not None and question.host:
        assert question.host.isascii()
        assert all(letter.isalnum() or letter in ".-_" for letter in question.host)
