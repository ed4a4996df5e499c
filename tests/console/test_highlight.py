"""Code that pages show in colours: it stays the code, whatever it is."""

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.web.highlight import MOST, highlighted

CODE = """\
// says <b>hello</b>
module.exports = async (ctx) => {
  const text = `hello ${names[`a${1}`] || "you"}!`;
  return new Response(text.replace(/[/"]/g, ""), { n: 12 / 4, as: ctx.data.default });
};
"""


def spans(drawn):
    return [
        (kind, html.unescape(text)) for kind, text in re.findall(r'<span class="(\w)">(.*?)</span>', drawn)
    ]


def test_each_kind_has_its_class():
    found = spans(highlighted(CODE, "hello"))
    assert ("c", "// says <b>hello</b>") in found
    assert [text for kind, text in found if kind == "k"] == ["async", "const", "return", "new"]
    # A template's code is code; a slash divides or begins an expression; a member's name is no keyword.
    strings = ["`hello ${", "`a${", "}`", '"you"', "}!`", '/[/"]/g', '""']
    assert [text for kind, text in found if kind == "s"] == strings
    assert [text for kind, text in found if kind == "n"] == ["1", "12", "4"]
    assert ("t", "Response") in found
    assert ("f", "replace") in found


@given(st.text(alphabet="/`${}'\"\\\n*[]( a1=.\r<&", max_size=60))
def test_the_text_stays_what_it_is(code):
    drawn = highlighted(code, "hello.ts")
    assert html.unescape(re.sub(r'<span class="\w">|</span>', "", drawn)) == code
    assert not re.search(r"<(?!span class=\"\w\">|/span>)", drawn)


@pytest.mark.parametrize(
    ("code", "path"), [("const a", "notes.md"), ("const a", "style.css"), ("const a\n" * MOST, "hello")]
)
def test_what_is_no_script_or_long_has_no_colours(code, path):
    assert highlighted(code, path) == code
