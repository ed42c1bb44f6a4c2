"""Pages put together from odd parts: what an article promises holds for each of them."""

from __future__ import annotations

import json
import re
from html import escape
from random import Random
from typing import Any

import msgspec
import pytest

from service.article import Article, own_text, walk
from service.extract import Page, extract

PAGES = 180
PROSE = "The lantern of the lighthouse is still under a cover, and nobody knows for how long. "
ODD = (
    "", "²", "①", "٣", "-1", "1e9", "9" * 40, "\x00", "\u2028", "\u202e", "\ufffd", "İ",
    "ﬁ", "👩‍👧", "©", "(", "[", "{}", "null", "true", "<b>", "&amp;amp;", "&#x110000;", ":",
    "：", "|", "…", "ab " * 300, "//", "http://", "http://[", "https://x:99999/",
    "javascript:1", "data:,", "%zz", "\\", "/a.jpg", "2024-05-03", "2024-13-99",
    "² May 2024", "令和元年1月1日", "۱۴۰۳/۰۲/۳۱", "99:99", "1714745133", "Ann Lee", "By", "Von ",
    "作者：", "记者 李明", "홍길동 기자", "Photo: ", "(Reuters)", "Ann Lee/AP", "© 2024",
    "CC BY 4.0",    "Source:", "a,b,c", "العربية", "עברית", "ไทย", "a\u0301", "xx-yy-zz",
)  # fmt: skip
TAGS = (
    "div", "p", "span", "a", "img", "figure", "figcaption", "picture", "source", "h1", "h2",
    "ul", "li", "table", "td", "blockquote", "pre", "time", "article", "aside", "footer",
    "video", "iframe", "noscript", "small", "em", "meta", "link", "button", "amp-img",
)  # fmt: skip
NAMES = (
    "class", "id", "itemprop", "property", "typeof", "datetime", "content", "rel", "href",
    "src", "srcset", "data-src", "alt", "title", "width", "height", "style", "lang", "hidden",
    "cite", "poster", "data-duration", "data-videoid",
)  # fmt: skip
WORDS = (
    "headline", "title", "author", "byline", "published", "date", "caption", "credit",
    "copyright", "gallery", "twitter-tweet", "breadcrumb", "kicker", "standfirst", "tag",
    "category", "share", "related", "sr-only", "infobox", "footnote", "name", "datePublished",
    "dateModified", "image", "publisher", "keywords", "canonical", "icon", "license",
    "alternate",
)  # fmt: skip
METAS = (
    "og:title", "og:description", "og:image", "og:url", "og:locale", "og:site_name",
    "article:published_time", "article:section", "author", "description", "keywords", "date",
    "parsely-page", "twitter:label1", "copyright",
)  # fmt: skip
FIELDS = (
    "headline", "name", "author", "datePublished", "image", "url", "@id", "@type", "publisher",
    "articleSection", "keywords", "description", "isAccessibleForFree", "hasPart", "license",
    "copyrightHolder", "itemListElement", "item", "position", "@graph", "mainEntity",
    "inLanguage", "@list", "@value",
)  # fmt: skip
ADDRESSES = frozenset({"src", "url", "href", "canonical_url", "poster", "cite", "icon", "feeds"})


class Maker:
    """Makes one page from the numbers of a seed."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)

    def text(self) -> str:
        return " ".join(self.random.choice(ODD) for _ in range(self.random.randint(1, 4)))

    def attribute(self) -> str:
        value = self.text() if self.random.random() < 0.5 else self.random.choice(WORDS)
        return f' {self.random.choice(NAMES)}="{escape(value)}"'

    def element(self, depth: int) -> str:
        tag = self.random.choice(TAGS)
        attributes = "".join(self.attribute() for _ in range(self.random.randint(0, 3)))
        inner = (self.element(depth + 1) if depth < 6 else self.text() for _ in range(2))
        inside = "".join(inner) if self.random.random() < 0.6 else f"{self.text()} {PROSE}"
        return f"<{tag}{attributes}>{inside}</{tag}>"

    def value(self, depth: int = 0) -> Any:
        if depth > 3 or self.random.random() < 0.5:
            return self.random.choice([self.text(), self.text(), 5, -1.5, True, None, 10**30])
        if self.random.random() < 0.3:
            return [self.value(depth + 1) for _ in range(3)]
        node = {self.random.choice(FIELDS): self.value(depth + 1) for _ in range(5)}
        return {"@type": self.random.choice(["NewsArticle", "Person", "BreadcrumbList"]), **node}

    def page(self) -> str:
        metas = "".join(
            f'<meta property="{self.random.choice(METAS)}" content="{escape(self.text())}">'
            for _ in range(6)
        )
        linked = f'<script type="application/ld+json">{json.dumps(self.value())}</script>'
        body = "".join(self.element(0) for _ in range(self.random.randint(1, 8)))
        return f"<title>{escape(self.text())}</title>{metas}{linked}<body>{body}<p>{PROSE}</p>"


@pytest.fixture(scope="module")
def articles() -> list[Article]:
    """The articles of many odd pages: none of them raises."""
    urls = ("https://news.example/2024/05/03/a", "https://bücher.example/", None)
    return [
        extract(Page(content=Maker(seed).page(), url=urls[seed % len(urls)]))
        for seed in range(PAGES)
    ]


def test_addresses_are_safe_and_whole(articles: list[Article]) -> None:
    """Whatever a page names, an address in an article is one of the web, of mail or telephone."""
    found = [text for each in articles for text in _addresses(msgspec.to_builtins(each), "")]

    assert len(found) > PAGES
    assert [text for text in found if not re.match(r"https?://|mailto:|tel:", text)] == []


def _addresses(value: Any, name: str) -> list[str]:
    if isinstance(value, dict):
        inner = (v for key, v in value.items() if key != "provenance")
        names = (key for key in value if key != "provenance")
        return [a for key, v in zip(names, inner, strict=True) for a in _addresses(v, key)]
    if isinstance(value, list):
        return [a for v in value for a in _addresses(v, name)]
    return [value] if isinstance(value, str) and name in ADDRESSES else []


def test_blocks_have_ids_of_their_own_and_spans_that_make_their_text(
    articles: list[Article],
) -> None:
    """An id names one block of a body, and spans join to the text that they mark."""
    for article in articles:
        blocks = list(walk(article.body))
        assert len({block.id for block in blocks}) == len(blocks)
        for block in blocks:
            spans = getattr(block, "spans", None)
            assert not spans or "".join(span.text for span in spans) == own_text(block)


def test_fields_of_one_line_are_trimmed(articles: list[Article]) -> None:
    """No field is empty or has blanks at its ends, a line end, or NUL; no author comes twice."""
    for article in articles:
        names = [author.name for author in article.authors]
        texts = [article.headline, article.kicker, article.section, article.byline, *names]
        texts += [article.site.name, *article.keywords, *article.breadcrumbs]

        odd = [
            t for t in texts if t is not None and (t != " ".join(t.split()) or "\0" in t or not t)
        ]

        assert odd == []
        assert len(set(names)) == len(names)


def test_dates_are_of_our_years(articles: list[Article]) -> None:
    """A date is of a year that pages can be of, and none is without its precision."""
    times = [time for each in articles for time in (each.published, each.modified)]

    assert any(time.at for time in times)
    assert all(1900 <= time.at.year <= 2100 for time in times if time.at)
    assert all((time.at is None) == (time.precision == "none") for time in times)
