"""Captions whose source breaks its lines."""

from __future__ import annotations

from service.article import Figure
from service.extract import Page, extract

STORY = (
    "The harbour was dug out again after a long and wet winter, says the council of the town.",
    "Boats that waited outside since October came in one after another on Monday morning.",
    "A second digger is to come from the north before the sand of the spring storms is back.",
)


def test_a_caption_wrapped_in_the_source_keeps_all_its_words() -> None:
    """A line end amid a sentence is a blank; what is said twice is not lost."""
    text = "A man\n\t in\n\t a boat\n\t in\n\t a harbour with\n\t a dog."
    first, *rest = (f"<p>{paragraph}</p>" for paragraph in STORY)
    figure = f"<figure><img src=/a.jpg width=800><figcaption>{text}</figcaption></figure>"
    html = f"<h1>Harbour is open</h1><article>{first}{figure}{''.join(rest)}</article>"

    article = extract(Page(content=html, url="https://news.example/harbour"))

    captions = [block.caption for block in article.body if isinstance(block, Figure)]
    assert captions == ["A man in a boat in a harbour with a dog."]
