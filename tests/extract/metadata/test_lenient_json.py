"""JSON as publishers print it."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.extract.metadata.lenient_json import SCRIPT_CHARS_MAX, read_json

BROKEN = [
    ('{"a": 1,}', {"a": 1}),
    ('[{"a": 1},, {"b": 2},\n]', [{"a": 1}, {"b": 2}]),
    ('/*<![CDATA[*/{"a": 1}/*]]>*/', {"a": 1}),
    ('//<![CDATA[\n{"a": 1}\n//]]>', {"a": 1}),
    ('<!-- {"a": 1} -->', {"a": 1}),
    ('{"a": 1 /* one */, // two\n "b": "http://x"}', {"a": 1, "b": "http://x"}),
    ('{"a": "x\ny\t"}', {"a": "x\ny\t"}),
    ('{"a": "\\x"}', {"a": "\\x"}),
    ("{&quot;a&quot;: 1}", {"a": 1}),
    ('{"a": 1}\n{"b": 2}', [{"a": 1}, {"b": 2}]),
    ('{"a": 1};', {"a": 1}),
]


@pytest.mark.parametrize(("text", "expected"), BROKEN)
def test_what_publishers_get_wrong_is_mended(text: str, expected: object) -> None:
    """Wrappers, comments, stray commas, control characters and escapes do not lose the data."""
    assert read_json(text) == expected


def test_beyond_repair_the_plain_dates_are_kept() -> None:
    """Quotes inside a text break the JSON; headline and dates before it are still read."""
    text = '{"@type":"NewsArticle","datePublished":"2024-05-01","description":"a "b" c"}'

    assert read_json(text) == {"@type": "Article", "datePublished": "2024-05-01"}


@pytest.mark.parametrize(
    "text", ['"\\"' * 200_000, "[" * 300_000, "/*" * 300_000, "," * 500_000, " ," * 300_000,
             '{"a":' * 100_000, "x" * (SCRIPT_CHARS_MAX + 1)],
)  # fmt: skip
def test_hostile_scripts_end_soon(text: str) -> None:
    """Time grows with the size of a script only, whatever its shape."""
    started = time.process_time()

    read_json(text)

    assert time.process_time() - started < 3


@given(st.text(alphabet='{}[]",:\\/* \nab1<!-&;', max_size=300))
def test_no_script_makes_it_raise(text: str) -> None:
    """Any text gives a value or None; what is JSON gives the same value again."""
    read_json(text)


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        (r"a\ud83d", "a"),
        (r"\uDE00b", "b"),
        (r"\ud83d\ude00", "\U0001f600"),
        (r"\ud83d\ud83d\ude00", "\U0001f600"),
        (r"\\ud83d", r"\ud83d"),
        (r"\u00e9", "\u00e9"),
    ],
)
def test_half_a_character_is_left_out(printed: str, read: str) -> None:
    """No text can hold it: an author's name with one failed the whole page."""
    assert read_json(f'{{"name": "{printed}"}}') == {"name": read}


def test_nul_is_left_out() -> None:
    """What no text can hold is taken out, unless its backslash is written out."""
    assert read_json('{"a": "b\\u0000c", "d": "e\\\\u0000"}') == {"a": "bc", "d": "e\\u0000"}
