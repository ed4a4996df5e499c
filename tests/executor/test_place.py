"""The line of the source is read out of what an interrupted Node prints; anything else is left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from executor.pool.place import Place

BEGIN = b"KEYBOARD_INTERRUPT: Script execution was interrupted by `SIGINT`"


def read(*lines: bytes) -> Place:
    place = Place({"hello.js", "lib/deep (1).js"})
    for line in lines:
        place.take(line)
    return place


@pytest.mark.parametrize(
    ("frames", "text"),
    [
        ([b"    at inner (hello.js:14:5)"], " at hello.js:14"),
        ([b"    at hello.js:14:5"], " at hello.js:14"),
        ([b"    at new A (lib/deep (1).js:2:1)", b"    at hello.js:3:5"], " at lib/deep (1).js:2"),
        ([b"    at statSync (node:fs:1804:10)", b"    at f (hello.js:7:1)"], " at hello.js:7"),
        ([b"    at f (wasm://wasm/a69dcab2:1:33)", b"    at hello.js:8:194"], " at hello.js:8"),
        ([b"    at other.js:14:5"], ""),
        ([b"    at hello.js:99999999999:5"], ""),
        ([], ""),
    ],
)
def test_the_first_frame_in_a_file_of_the_team_is_the_place(frames, text):
    place = read(BEGIN, *frames, b"")
    assert place.known.is_set()
    assert place.text == text


def test_what_is_printed_before_and_after_belongs_to_the_log():
    place = Place({"hello.js"})
    assert not place.take(b"an error of the webtask")
    assert place.take(BEGIN)
    assert place.take(b"    at hello.js:1:1")
    assert not place.take(b"another line")
    assert not place.take(BEGIN)


@given(st.lists(st.binary(max_size=400), max_size=20))
def test_nothing_a_guest_prints_is_more_than_a_place_in_its_own_files(lines):
    place = read(BEGIN, *lines)
    assert place.text == "" or place.text.startswith((" at hello.js:", " at lib/deep (1).js:"))
    assert len(place.text) < 30
