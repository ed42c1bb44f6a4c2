"""What the opening post says of the whole discussion."""

from __future__ import annotations

from service.article import Article, Author, Timestamp
from service.extract.thread.signed import Signature


def describe_discussion(article: Article, posts: list[Signature], *, opens: bool) -> None:
    """Sets the kind of ``article``; who wrote the first post, and when, tell what the head does not
    declare, or if it does not open the discussion, who has not asked and when it was not.

    A discussion has no standfirst: what looks like one is how the first post begins.
    """
    article.page_kind, article.standfirst = "discussion", None
    article.provenance.pop("standfirst", None)
    if opens:
        _sign(article, posts[0])
    else:
        _unsign(article, posts)


def _unsign(article: Article, answers: list[Signature]) -> None:
    if [author.name for author in article.authors] == [answers[0].author]:
        article.authors, article.byline = [], None
        article.provenance.pop("authors", None)
    if article.published.at in {answer.time.at for answer in answers if answer.time}:
        article.published = Timestamp()
        article.provenance.pop("published", None)


def _sign(article: Article, opened: Signature) -> None:
    if opened.author and not article.authors:
        article.authors = [Author(name=opened.author)]
        article.provenance["authors"] = "dom"
    time = opened.time
    if time and article.published.source in {None, "dom"}:
        article.published = Timestamp(
            at=time.at, raw=time.raw, precision=time.precision, source="dom"
        )
        article.provenance["published"] = "dom"
