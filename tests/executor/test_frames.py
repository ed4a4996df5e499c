"""The decoder stands where a hostile guest's bytes come in."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from executor.pool import frames

kinds = st.sampled_from([frames.HEAD, frames.BODY, frames.END, frames.PONG])
sound = st.lists(st.tuples(kinds, st.integers(0, 2**32 - 1), st.binary(max_size=16)))


@given(sound, st.data())
def test_frames_survive_any_cut(written, data):
    """However the bytes are split on their way, the same frames come out in the same order."""
    wire = b"".join(frames.encode(*frame) for frame in written)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(wire)), max_size=5)))
    decoder = frames.Decoder()
    heard: list[tuple[int, int, bytes]] = []
    for start, end in zip([0, *cuts], [*cuts, len(wire)], strict=True):
        heard += decoder.feed(wire[start:end])
    assert heard == written


@given(st.binary(max_size=200))
def test_any_bytes_are_frames_or_an_error(noise):
    decoder = frames.Decoder()
    try:
        for kind, _, payload in decoder.feed(noise):
            assert len(payload) <= frames.GUEST_PAYLOAD[kind]
    except frames.FrameError:
        pass


@pytest.mark.parametrize(
    ("kind", "size"),
    [
        (frames.BODY, frames.MAX_BODY + 1),
        (frames.HEAD, frames.MAX_HEAD + 1),
        (frames.BODY, 2**31),
        (frames.PONG, 17),
        (frames.CALL, frames.MAX_BODY + 1),
    ],
)
def test_a_frame_over_its_bound_is_refused_before_its_payload_comes(kind, size):
    head = struct.pack(">IBI", size + 5, kind, 1)
    with pytest.raises(frames.FrameError):
        list(frames.Decoder().feed(head))


@pytest.mark.parametrize("kind", [0, frames.LOAD, frames.REQUEST, frames.PING, frames.RESULT, 14, 255])
def test_a_guest_may_not_send_the_hosts_frames(kind):
    with pytest.raises(frames.FrameError):
        list(frames.Decoder().feed(frames.encode(kind, 1)))


def test_a_length_shorter_than_its_own_header_is_refused():
    with pytest.raises(frames.FrameError):
        list(frames.Decoder().feed(struct.pack(">IBI", 4, frames.BODY, 1)))


def test_a_large_body_is_cut_into_frames_of_the_allowed_size():
    wire = frames.encode_body(7, b"x" * (2 * frames.MAX_BODY + 1))
    assert [len(payload) for _, _, payload in frames.Decoder().feed(wire)] == [
        frames.MAX_BODY,
        frames.MAX_BODY,
        1,
    ]
