"""What a rule found, as fields of the article: a rule is asked first, so it is believed first."""

from __future__ import annotations

from service.article import Article, Author, Timestamp
from service.extract.metadata.dates.text import read_date
from service.extract.metadata.dates.words import order_of
from service.extract.metadata.people.bylines import people
from service.extract.rules.apply import Ruled

HEADLINE_CHARS_MAX = 500


def describe(article: Article, ruled: Ruled) -> None:
    """Headline, authors and date are those of the rule, where it found them and they can be read.

    Fields that a rule says nothing about, or nothing readable, stay as they are.
    """
    language = article.language.code if article.language else None
    if ruled.title:
        article.headline = ruled.title[:HEADLINE_CHARS_MAX]
        article.provenance["headline"] = "rule"
    authors = _authors(ruled.authors, language)
    if authors:
        article.authors, article.byline = authors, ", ".join(ruled.authors)
        article.provenance["authors"] = article.provenance["byline"] = "rule"
    if ruled.date and (moment := read_date(ruled.date, language, order_of(language))):
        article.published = Timestamp(
            at=moment.at, raw=ruled.date, precision=moment.precision, source="rule"
        )
        article.provenance["published"] = "rule"


def _authors(texts: list[str], language: str | None) -> list[Author]:
    """The people that the texts name; a text that names nobody we know as a person is a name."""
    found: dict[str, Author] = {}
    for text in texts:
        named = people(text, language or "")
        for name, role in [(one.name, one.role) for one in named] or [(text, None)]:
            found.setdefault(name, Author(name=name, role=role))
    return list(found.values())
