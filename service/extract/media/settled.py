"""What is printed about a picture, held against what the page is known to be about."""

from __future__ import annotations

from typing import Any

from service.article import Figure
from service.extract.metadata.titles import key, similarity

WORDS_MIN = 4
LIKE_HEADLINE_MIN = 0.8


def settle(figure: Figure, metadata: Any) -> None:
    """Takes the headline out of caption and credit; the site itself took no picture, but holds it
    as an agency does."""
    headline = key(metadata.headline)
    if figure.caption and key(figure.caption) == headline:
        figure.caption = None
    credit = figure.credit
    if credit is None:
        return
    made_by = key(credit.text)
    if made_by == headline or (
        made_by.count(" ") + 1 >= WORDS_MIN and similarity(made_by, headline) >= LIKE_HEADLINE_MIN
    ):
        figure.credit = None
    elif (
        credit.photographer
        and metadata.site
        and key(credit.photographer) == key(metadata.site.name)
    ):
        credit.agency, credit.photographer = credit.agency or credit.photographer, None
