from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.extract.body.wording import count_words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", (0, 0)),
        ("The Fox – “Élan” over 2 dogs", (6, 3)),
        ("don't re_do Œuvre", (4, 1)),
        ("Съешь ещё Булок", (3, 2)),
    ],
)
def test_words_and_capitals_are_counted(text: str, expected: tuple[int, int]) -> None:
    """Words are runs of letters, digits and underscores in any script."""
    assert count_words(text) == expected


@given(st.text(st.characters(max_codepoint=0x250) | st.sampled_from("€‚„…†‰ŠŒŽ‘’“”•–—™œžŸ a.")))
def test_the_map_agrees_with_the_words(text: str) -> None:
    """Texts that are counted by their map are counted as if their words had been made."""
    words = re.findall(r"\w+", text)

    assert count_words(text) == (len(words), sum(word[0].isupper() for word in words))
