"""What a stranger's expression finds, and that it can take nobody's time."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.live.pattern import BadPattern, Pattern

PATTERNS = [
    "^(new|finished)", "a", "", "^$", "a*b", "a+?b", "(?:ab)+c$", "[^a-c]x", r"\d{2,3}", r"\w+\s\S", "a|b|", "x{2}",
    "a{0,2}b", "a{2,}", r"\.\*", "[]a]", "((a|b)*c)?d", "é", r"\x41", "(|a)+b", "a.c", "(^a|b$)",
]  # fmt: skip
TEXTS = [
    "",
    "a",
    "ab",
    "aab",
    "abc",
    "ababc",
    "new webtask request",
    "12",
    "123 x",
    ".*",
    "xx",
    "A",
    "cd",
    "é",
    "a\nc",
]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_pattern_finds_what_pythons_own_finds(pattern):
    ours = Pattern.of(pattern)
    for text in TEXTS:
        theirs = re.search(pattern.replace("$", r"\Z"), text)
        assert ours.found_in(text) == bool(theirs), (pattern, text)


@given(st.text("ab(|)*+?c[].^$\\d{1,2}", max_size=12), st.text("abc1 ", max_size=12))
def test_no_pattern_does_anything_but_match_or_be_refused(pattern, text):
    try:
        ours = Pattern.of(pattern)
    except BadPattern:
        return
    ours.found_in(text)


REFUSED = [
    r"(a)\1",
    "(?=a)",
    "(?<!a)b",
    "(",
    "a)",
    "*",
    "[a",
    "a" * 201,
    "(a{99}){99}",
    "(" * 30,
    "\\",
    "[z-a]",
]


@pytest.mark.parametrize("pattern", REFUSED)
def test_what_cannot_be_walked_is_refused(pattern):
    with pytest.raises(BadPattern):
        Pattern.of(pattern)


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|aa)+$", "(a*)*b", "a*a*a*a*a*a*b", ".*.*.*=.*;"])
def test_a_pattern_that_others_never_finish_is_finished(pattern):
    assert not Pattern.of(pattern).found_in("a" * 2000 + "!")
