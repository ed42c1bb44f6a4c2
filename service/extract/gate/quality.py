"""How sure the extractor is of an article, and what made it doubt."""

from __future__ import annotations

from service.article import Article, PageKind, Paragraph, Quality, own_text, walk
from service.extract.gate.evidence import Evidence

SHORT_WEIGHT = 500
_COSTS = {
    "no_body": 0.6, "short_body": 0.2, "no_headline": 0.2, "no_date": 0.08, "no_author": 0.04,
    "paywalled": 0.15, "mostly_links": 0.15, "language_unsure": 0.08, "broken_letters": 0.15,
    "not_declared": 0.05, "headline_unconfirmed": 0.06, "looks_like_forum": 0.15,
    "looks_like_product": 0.2, "looks_like_list": 0.2, "cut_off": 0.1,
}  # fmt: skip
"""What each warning takes off a score of 1."""

_FORUM = frozenset({"discussionforumposting", "qapage", "question"})
_PRODUCT = frozenset({"product", "individualproduct", "productgroup", "offer"})


def judge_article(article: Article, evidence: Evidence | None) -> Quality:
    """The score of an article from 0 to 1, and its warnings in the order of their weight."""
    if evidence is None:
        told = [own_text(block) for block in walk(article.body) if isinstance(block, Paragraph)]
    else:
        told = [text for text, _ in evidence.told]
    found = {name for name, holds in _of_article(article, told).items() if holds}
    if evidence is not None:
        found |= {name for name, holds in _of_page(evidence).items() if holds}
    warnings = sorted(found, key=lambda name: (-_COSTS[name], name))
    score = max(0.0, 1.0 - sum(_COSTS[name] for name in warnings))
    return Quality(score=round(score, 2), warnings=warnings)


def judge_stub(kind: PageKind) -> Quality:
    """The score of a page that is no article: its kind is the only warning."""
    return Quality(score=0.0, warnings=[kind])


def _of_article(article: Article, told: list[str]) -> dict[str, bool]:
    size = sum(map(len, told))
    return {
        "no_body": not article.body,
        "short_body": 0 < article.word_count < 80 or (bool(article.body) and size < 200),
        "no_headline": not article.headline,
        "no_date": article.published.at is None,
        "no_author": not article.authors,
        "paywalled": article.paywall == "hard",
        "language_unsure": article.language is None or article.language.confidence < 0.5,
        "broken_letters": sum(text.count("\ufffd") for text in told) * 500 > size,
        "cut_off": bool(told) and told[-1].rstrip().endswith(("…", "...", "[…]", "[...]")),
    }


def _of_page(evidence: Evidence) -> dict[str, bool]:
    types, told = evidence.metadata.types, evidence.told_weight
    headline = (evidence.article.headline or "").casefold()
    linked = sum(len(link.text) for link in evidence.article.links)
    return {
        "not_declared": not evidence.is_declared,
        "headline_unconfirmed": bool(headline) and headline not in evidence.titles.casefold(),
        "mostly_links": told > 0 and linked > 0.5 * told,
        "looks_like_forum": bool(types & _FORUM) and evidence.article.page_kind != "discussion",
        "looks_like_product": bool(types & _PRODUCT) or _is_sold(evidence),
        "looks_like_list": told < SHORT_WEIGHT and evidence.link_share > 0.6,
    }


def _is_sold(evidence: Evidence) -> bool:
    return (evidence.document.meta("og:type") or "").lower().startswith(("product", "og:product"))
