"""Plain texts become articles: every folder of tests/pages with a ``source.txt`` is one case."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from service.article import Article, Figure, Paragraph, own_text
from service.extract import Page, extract

_PAGES = Path(__file__).parents[2] / "pages"
_CASES = sorted(path.parent for path in _PAGES.glob("*/source.txt"))
_FIELDS = ("headline", "standfirst", "byline", "authors", "published", "modified", "keywords",
           "lead_image", "related")  # fmt: skip


def outline(article: Article) -> dict[str, Any]:
    """What a case pins: the fields of the opening, the language, and each block's type and text."""
    said = {name: getattr(article, name) for name in _FIELDS}
    said["language"] = article.language.code if article.language else None
    said["direction"] = article.direction
    said["body"] = [
        [type(block).__struct_config__.tag, own_text(block) or msgspec.to_builtins(block)]
        for block in article.body
    ]
    plain = msgspec.to_builtins(said)
    assert isinstance(plain, dict)
    return plain


@pytest.mark.parametrize("case", _CASES, ids=lambda path: path.name)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_texts_are_read(case: Path, newline: str) -> None:
    """A text gives the article that its folder states, however its lines end."""
    content = (case / "source.txt").read_bytes().replace(b"\n", newline.encode())

    article = extract(Page(content=content, kind="text"))

    assert outline(article) == msgspec.json.decode((case / "expected.json").read_bytes())


def test_a_doubled_caption_is_kept_once() -> None:
    """A caption printed with and without its credit gives one lead figure, its parts told apart."""
    source = (_PAGES / "text-fr-doubled-caption" / "source.txt").read_bytes()

    article = extract(Page(content=source, kind="text"))

    figures = [block for block in article.body if isinstance(block, Figure)]
    assert len(figures) == 1
    assert figures[0].role == "lead"
    assert figures[0].credit is not None
    assert (figures[0].credit.photographer, figures[0].credit.agency) == ("Lise Morand", "AP")
    assert figures[0].copyright_notice == "Tous droits réservés"
    assert article.published.at is None
    assert article.published.raw == "Publié le"


def test_a_line_above_the_story_is_its_headline() -> None:
    """Also a short one that shares no word with the story; the address names the site."""
    text = (
        "Quiet waters\n\n" + "The lock keepers of the northern canal stopped work on Monday. " * 4
    )

    article = extract(Page(content=text, kind="text", url="https://news.canal.example/a"))

    assert article.headline == "Quiet waters"
    assert article.site.domain == "canal.example"


@pytest.mark.parametrize("text", ["", "\n\n  \n", "\x00\x00", "One", "Share\nTweet\n", "🙂" * 9])
def test_a_text_without_a_story_is_no_error(text: str) -> None:
    """Empty and tiny texts give an article without a body, or with what little there is."""
    article = extract(Page(content=text, kind="text"))

    assert len(article.body) <= 1


def test_a_long_line_is_one_paragraph_in_time() -> None:
    """A text of one line of a megabyte is read as it is."""
    text = "The quick brown fox jumps over the lazy dog, and then it sleeps. " * 16_000

    article = extract(Page(content=text, kind="text"))

    assert isinstance(article.body[0], Paragraph)
    assert article.word_count == 13 * 16_000
