"""Plain text in, an article out: dumps of pages with their noise, clean text, mail, Markdown."""

from __future__ import annotations

from email.utils import parseaddr

from service.article import Article, Author, LeadImage, Site, Timestamp
from service.extract.charset import decode
from service.extract.finish import finish
from service.extract.gate import judge_text
from service.extract.language import detect
from service.extract.metadata.dates.text import read_date
from service.extract.metadata.people import Person, people
from service.extract.metadata.site import site_domain
from service.extract.page import Page
from service.extract.text.front import read_front
from service.extract.text.judge import sight_of
from service.extract.text.lines import read_lines
from service.extract.text.notes import read_notes
from service.extract.text.opening import Opening, read_opening
from service.extract.text.story import Story

__all__ = ["read_text"]


def read_text(page: Page) -> Article:
    """The article of a plain text: its lines are told apart as the nodes of a page are.

    Fields that the text does not print are null. Raises nothing: a text without a story has an
    empty body.
    """
    text = decode(page.content, page.charset).text
    front = read_front(text)
    lines = read_lines(front.text)
    language = detect(front.text).code
    sight = sight_of(lines, page.url)
    opening = read_opening(lines, language, _first(front.values, "headline"), sight)
    story = Story(lines, opening.start, opening.at, sight)
    if sight and story.told is not None:
        read_notes(opening, sight, story.told, language)
    article = Article(
        url=page.url,
        requested_url=page.requested_url,
        site=Site(domain=site_domain(page.url)),
        headline=opening.headline,
        standfirst=opening.standfirst,
        byline=opening.byline,
        authors=_authors(opening.people),
        published=opening.published,
        modified=opening.modified,
        body=[*opening.figures, *story.blocks(opening.headline, opening.standfirst)],
        related=story.related(),
    )
    _take_front(article, front.values, language)
    _take_lead(article, opening)
    finish(article)
    article.page_kind, article.quality = judge_text(text, article)
    article.provenance = {name: "text" for name in _NAMED if getattr(article, name)}
    return article


_NAMED = ("headline", "standfirst", "byline", "authors", "body", "lead_image", "related",
          "description", "section", "keywords")  # fmt: skip


def _first(values: dict[str, list[str]], name: str) -> str | None:
    return next(iter(values.get(name, ())), None)


def _authors(found: list[Person]) -> list[Author]:
    return [Author(name=person.name, role=person.role) for person in found]


def _take_front(article: Article, values: dict[str, list[str]], language: str) -> None:
    """Fills what an e-mail's header or front matter names; it goes before what is printed."""
    article.description = _first(values, "description")
    article.section = _first(values, "section")
    article.standfirst = _first(values, "standfirst") or article.standfirst
    article.keywords = [w.strip() for v in values.get("keywords", ()) for w in v.split(",")]
    if names := [_sender(each) for each in values.get("author", ())]:
        found = [each for name in names for each in people(name, language, declared=False)]
        article.authors = _authors(found)
        article.byline = article.byline or ", ".join(names)
    if stamp := _timestamp(_first(values, "published"), language):
        article.published = stamp
    if stamp := _timestamp(_first(values, "modified"), language):
        article.modified = stamp


def _sender(value: str) -> str:
    """The name in a sender's address: ``"Ana Ruiz <ana@example.org>"`` is Ana Ruiz."""
    return parseaddr(value)[0] or value if "@" in value else value


def _timestamp(raw: str | None, language: str) -> Timestamp | None:
    moment = read_date(raw, language) if raw else None
    if moment is None:
        return None
    return Timestamp(at=moment.at, raw=raw, precision=moment.precision, source="text")


def _take_lead(article: Article, opening: Opening) -> None:
    """The first figure above the story is the lead image's."""
    if not opening.figures:
        return
    first = opening.figures[0]
    first.role = "lead"
    article.lead_image = LeadImage(
        src=first.image.src if first.image else None,
        caption=first.caption,
        credit=first.credit,
        copyright_notice=first.copyright_notice,
    )
