"""The gate: what a page is, so that nothing but an article ever becomes or replaces one."""

from __future__ import annotations

import re

from service.article import (
    ARTICLE_KINDS,
    Article,
    PageKind,
    Paragraph,
    Quality,
    own_text,
    walk,
)  # fmt: skip
from service.extract.document import Document
from service.extract.gate.evidence import Evidence
from service.extract.gate.kinds import story_kind, stub_kind
from service.extract.gate.lists import is_list
from service.extract.gate.quality import judge_article, judge_stub
from service.extract.language import weight
from service.extract.metadata import Metadata
from service.extract.page import Page
from service.extract.vocabulary import phrases_in

__all__ = ["judge_page", "judge_text", "refused_content"]

TEXT_STUB_WEIGHT = 400
TEXT_CHARS_MAX = 6000
_OTHER_FORMATS = re.compile(
    r"%PDF-|PK\x03\x04|\x89?PNG|GIF8|ÿØÿ|RIFF|ID3|OggS|\s*[\[{]\s*[\"{\[]|\s*(?:<\?xml[^>]{0,300}>\s*)?"
    r"(?:<!--.{0,2000}?-->\s*)?<(?:rss|feed|rdf:RDF|urlset|sitemapindex|svg|opml|soap|Error>)\b",
    re.DOTALL,
)
_TAG = re.compile(
    r"<(?:!doctype|html|head|body|title|meta|article|main|div|p|h1|table|section|span|a|br)\b", re.I
)
_STUBS: tuple[PageKind, ...] = ("captcha", "consent", "login")


def refused_content(page: Page) -> bool:
    """Whether the content of a page is not HTML at all: another format, or no markup in it."""
    text = page.content[:4096] if isinstance(page.content, str) else ""
    if not text.strip():
        return False
    if _OTHER_FORMATS.match(text) or text.count("\ufffd") > len(text) // 10:
        return True
    return not _TAG.search(page.content if isinstance(page.content, str) else "", 0, 100_000)


def judge_page(
    page: Page, document: Document, metadata: Metadata, article: Article
) -> tuple[PageKind, Quality]:
    """The kind of a page and the quality of its article, from everything that is known.

    ``article`` has its body already, and the kind that this tells: a discussion. Never raises.
    Kinds of ``ARTICLE_KINDS`` have a score above 0; for all others the only warning is the kind.
    """
    if not page.content or refused_content(page):
        kind: PageKind = "not_html" if page.content else "empty"
        return kind, judge_stub(kind)
    evidence = Evidence(document, metadata, article)
    kind = _kind(evidence, page.status)
    if kind in ARTICLE_KINDS:
        return kind, judge_article(article, evidence)
    return kind, judge_stub(kind)


def _kind(evidence: Evidence, status: int) -> PageKind:
    stub = stub_kind(evidence, status)
    is_discussion = evidence.article.page_kind == "discussion"
    if stub in {None, "empty"} and not is_discussion and is_list(evidence):
        return "list"
    return stub or ("discussion" if is_discussion else story_kind(evidence))


def judge_text(text: str, article: Article) -> tuple[PageKind, Quality]:
    """The kind of a plain text: a stub that was dumped as text is known by its stock phrases."""
    told = [own_text(block) for block in walk(article.body) if isinstance(block, Paragraph)]
    heavy = sum(weight(part) for part in told if not phrases_in(part[:1500]))
    if heavy <= TEXT_STUB_WEIGHT and (kind := _text_stub(text, article, heavy)):
        return kind, judge_stub(kind)
    return "article", judge_article(article, None)


def _text_stub(text: str, article: Article, heavy: int) -> PageKind | None:
    found = {kind: len(texts) for kind, texts in phrases_in(text[:TEXT_CHARS_MAX]).items()}
    titled = phrases_in("\n".join([article.headline or "", text[:120]]))
    for kind in _STUBS:
        if found.get(kind, 0) + (kind in titled) >= 3:
            return kind
    if found.get("paywall", 0) >= 2:
        return "paywall_stub"
    if "error_page" in titled and heavy < 200:
        return "soft_404"
    if "server_error" in titled and heavy < 200:
        return "error_page"
    return "empty" if not article.body else None
