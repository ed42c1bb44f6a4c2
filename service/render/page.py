"""An article as a whole page that loads nothing but its pictures, sounds and films."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Iterator
from datetime import datetime
from html import escape

from service.article import Article, Author, Precision, Timestamp
from service.render.html import draw_blocks, lead_html, standfirst_html
from service.render.inline import attribute, link, text_html
from service.render.style import STYLE
from service.render.text import one_line
from service.urls import safe_web_url

_STYLE_HASH = b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
_LOADS = (
    f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; img-src https: http:; "
    "media-src https: http:; base-uri 'none'; form-action 'none'"
)
PAGE_CSP = f"{_LOADS}; frame-ancestors 'none'; sandbox allow-popups allow-popups-to-escape-sandbox"
"""The ``Content-Security-Policy`` that a page is served under: pictures, sounds, films and the
one inline style load; scripts, frames, forms, fonts and connections do not."""


def to_page(article: Article) -> str:
    """A document of its own: head, headline, byline, lead image, body, source and rights."""
    return framed(article, "\n".join(filter(None, _body(article))))


def framed(article: Article, body: str) -> str:
    """``body`` as a document in the style and the language of ``article``, under its title."""
    language = article.language.code if article.language else None
    return (
        f'<!doctype html>\n<html{attribute("lang", language)} dir="{escape(article.direction)}">\n'
        f"<head>\n{_head(article)}\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def _head(article: Article) -> str:
    canonical = safe_web_url(article.canonical_url or article.url)
    lines = [
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{escape(_LOADS)}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="referrer" content="no-referrer">',
        f"<title>{escape(one_line(article.headline or '')) or '–'}</title>",
        f'<link rel="canonical" href="{escape(canonical)}">' if canonical else "",
        f"<style>{STYLE}</style>",
    ]
    return "\n".join(filter(None, lines))


def _body(article: Article) -> Iterator[str]:
    yield f"<header>\n{_header(article)}\n</header>"
    yield f"<main>\n{_main(article)}\n</main>"
    footer = "\n".join(filter(None, _footer(article)))
    yield f"<footer>\n{footer}\n</footer>" if footer else ""


def _header(article: Article) -> str:
    lines = [
        f'<p class="kicker">{text_html(article.kicker)}</p>' if article.kicker else "",
        f"<h1>{text_html(article.headline)}</h1>" if article.headline else "",
        standfirst_html(article),
        _meta(article),
    ]
    return "\n".join(filter(None, lines))


def _main(article: Article) -> str:
    return "\n".join(filter(None, (lead_html(article), draw_blocks(article.body, 0))))


def _meta(article: Article) -> str:
    site = article.site.name or article.site.domain
    parts = [_byline(article), _stated(article.published), text_html(site or "")]
    spans = "\n".join(f"<span>{part}</span>" for part in parts if part)
    return f'<p class="meta">\n{spans}\n</p>' if spans else ""


def _byline(article: Article) -> str:
    return ", ".join(map(_author, article.authors)) or text_html(article.byline or "")


def _author(author: Author) -> str:
    return link(author.url, text_html(author.name))


_PRINTED: dict[Precision, str] = {
    "second": "%Y-%m-%d %H:%M %Z", "minute": "%Y-%m-%d %H:%M %Z", "day": "%Y-%m-%d",
    "month": "%Y-%m", "year": "%Y",
}  # fmt: skip
"""A time is told with its zone: 08:00 in Tokyo is 23:00 UTC of the day before."""


def _stated(time: Timestamp) -> str:
    form = _PRINTED.get(time.precision)
    if time.at is None or form is None:
        return text_html(time.raw or "")
    return f'<time datetime="{_machine(time.at, form)}">{time.at.strftime(form)}</time>'


def _machine(at: datetime, form: str) -> str:
    return at.isoformat() if "%H" in form else at.strftime(form)


def _footer(article: Article) -> Iterator[str]:
    source = safe_web_url(article.canonical_url or article.url or article.requested_url)
    if source:
        yield f"<p>{link(source, text_html(source))}</p>"
    for line in (article.rights.copyright_notice, article.rights.license):
        if line:
            yield f"<p>{link(safe_web_url(line), text_html(line))}</p>"
