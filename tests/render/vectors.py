"""Script injections in every place where a page, or an article, can hold text or an address.

Each payload that runs by itself sets the title of the top window; ``VECTORS`` counts how many
different payloads stand in how many different places.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from html import escape
from urllib.parse import quote

from service.article import (
    AnyBlock,
    Article,
    Aside,
    Audio,
    Author,
    Candidate,
    Cell,
    Code,
    Credit,
    Embed,
    Figure,
    Gallery,
    Heading,
    Image,
    Language,
    LeadImage,
    Link,
    List,
    LiveEntry,
    Paragraph,
    Quote,
    Related,
    Rights,
    Site,
    Span,
    Table,
    Timestamp,
    Video,
)  # fmt: skip
from tests.render.examples import AT

RUN = "top.document.title=1"

MARKUP = (
    f"<script>{RUN}</script>",
    f"<SCRIPT>{RUN}</SCRIPT >",
    f"<script\t>{RUN}</script>",
    f"<scr<script>ipt>{RUN}</scr</script>ipt>",
    f"<img src=x onerror={RUN}>",
    f'<img src="x" onerror="{RUN}">',
    f"<img src=x:x onerror\n=\n{RUN}>",
    f"<img/src=`x`onerror={RUN}>",
    f"<image src=x onerror={RUN}>",
    f"<svg onload={RUN}>",
    f"<svg/onload={RUN}//",
    f"<svg><script>{RUN}</script></svg>",
    f"<svg><style><img src=x onerror={RUN}></style></svg>",
    f"<svg><animate onbegin={RUN} attributeName=x dur=1s>",
    f"<svg><a xlink:href='javascript:{RUN}'><text x=1 y=9>x</text></a></svg>",
    f"<math><mtext><table><mglyph><style><img src=x onerror={RUN}></style></mglyph></table>",
    f"<math href='javascript:{RUN}'>x</math>",
    f"<select><option><img src=x onerror={RUN}></select>",
    f"<select><style></select><img src=x onerror={RUN}></style>",
    f"<noscript><p title='</noscript><img src=x onerror={RUN}>'>",
    f"<textarea></textarea><img src=x onerror={RUN}>",
    f"</textarea><img src=x onerror={RUN}>",
    f"</title><script>{RUN}</script>",
    f"</style><script>{RUN}</script>",
    f"</script><script>{RUN}</script>",
    f"</figcaption></figure><script>{RUN}</script>",
    f"</code></pre><script>{RUN}</script>",
    f"--><script>{RUN}</script>",
    f"<!--><img src=x onerror={RUN}>-->",
    f"]]><script>{RUN}</script>",
    f"<![CDATA[<script>{RUN}</script>]]>",
    f"<?xml version='1.0'?><script>{RUN}</script>",
    f"<iframe src='javascript:{RUN}'></iframe>",
    f"<iframe srcdoc='&lt;script&gt;{RUN}&lt;/script&gt;'></iframe>",
    f"<object data='javascript:{RUN}'></object>",
    f"<embed src='javascript:{RUN}'>",
    f"<form action='javascript:{RUN}'><button autofocus>x</button></form>",
    f"<input autofocus onfocus={RUN}>",
    f"<details open ontoggle={RUN}>",
    f"<video><source onerror={RUN}></video>",
    f"<audio src=x onerror={RUN}>",
    f"<body onload={RUN}>",
    f"<marquee onstart={RUN}>x</marquee>",
    f"<base href='javascript:{RUN};//'>",
    f"<meta http-equiv=refresh content='0;url=javascript:{RUN}'>",
    f"<link rel=stylesheet href='javascript:{RUN}' onerror={RUN}>",
    f"<style>@import 'x';</style><style onload={RUN}></style>",
    f"<template><script>{RUN}</script></template>",
    f"<a href='javascript:{RUN}'>x</a>",
    f"<x onfocus={RUN} tabindex=1 autofocus>",
    f"\x00<\x00script>{RUN}</script>",
    f"<\u017fcript>{RUN}</\u017fcript>",
    f"＜script＞{RUN}＜/script＞",
    f"+ADw-script+AD4-{RUN}+ADw-/script+AD4-",
    f"&lt;script&gt;{RUN}&lt;/script&gt;",
    f"&amp;lt;img src=x onerror={RUN}&amp;gt;",
    f"&#60;img src=x onerror={RUN}&#62;",
    f"\\u003cscript\\u003e{RUN}\\u003c/script\\u003e",
)
"""Markup that runs where it is not escaped."""

ATTRIBUTES = (
    f'" onerror="{RUN}',
    f"' onerror='{RUN}",
    f"` onerror=`{RUN}",
    f'"><script>{RUN}</script>',
    f"'><img src=x onerror={RUN}>",
    f'x" onload="{RUN}" x="',
    f" onmouseover={RUN} ",
    f'"/onfocus={RUN}/autofocus tabindex=1 "',
    f"x\" style=\"background:url('javascript:{RUN}')",
)
"""Ends of attributes."""

MARKDOWN = (
    f"[x](javascript:{RUN})",
    f"![x](javascript:{RUN})",
    f'![x](x" onerror="{RUN})',
    f"[x](<javascript:{RUN}>)",
    f"<javascript:{RUN}>",
    f"[x]: javascript:{RUN}\n\n[x]",
    f"[x][y]\n\n[y]: javascript:{RUN}",
    f"`<img src=x onerror={RUN}>`",
    f"```\n<script>{RUN}</script>\n```",
    f"~~~html\n~~~\n<img src=x onerror={RUN}>",
    f"    <script>{RUN}</script>",
    f"\\<img src=x onerror={RUN}\\>",
    f"\\\\<img src=x onerror={RUN}>",
    f"a\n\n<script>{RUN}</script>\n\nb",
    f"- <img src=x onerror={RUN}>",
    f"> <img src=x onerror={RUN}>",
    f"# <img src=x onerror={RUN}>",
    f"| a | b |\n|---|---|\n| <img src=x onerror={RUN}> | [x](javascript:{RUN}) |",
    f"](javascript:{RUN})",
    f"](x) <img src=x onerror={RUN}>",
    f"![]()<img src=x onerror={RUN}>",
    f"**<img src=x onerror={RUN}>**",
)
"""Text that is harmless in HTML and is not in Markdown."""

ADDRESSES = (
    f"javascript:{RUN}",
    f"JaVaScRiPt:{RUN}",
    f" javascript:{RUN}",
    f"java\tscript:{RUN}",
    f"java\nscript:{RUN}",
    f"java\x00script:{RUN}",
    f"\x01javascript:{RUN}",
    f"javascript&colon;{RUN}",
    f"javascript&#58;{RUN}",
    f"&#106;avascript:{RUN}",
    f"javascript%3A{RUN}",
    f"javascript://https://a.example/%0a{RUN}",
    f"javascript:/*https://a.example/*/{RUN}",
    f"vbscript:{RUN}",
    f"data:text/html,<script>{RUN}</script>",
    f"data:text/html;base64,{quote(RUN)}",
    f"data:image/svg+xml,<svg onload={RUN}>",
    f"feed:javascript:{RUN}",
    f"view-source:javascript:{RUN}",
    f"jar:javascript:{RUN}",
    f"blob:https://a.example/{RUN}",
    f"https:javascript:{RUN}",
    f"//javascript:{RUN}",
    f'https://a.example/"onerror="{RUN}',
    f"https://a.example/'onerror='{RUN}",
    f"https://a.example/><script>{RUN}</script>",
    f"https://a.example/) <img src=x onerror={RUN}>",
    f"https://a.example/>) <img src=x onerror={RUN}>",
    f"https://a.example/x, javascript:{RUN} 2x",
    f"https://a.example/\n\n<script>{RUN}</script>",
    f"https://a.example\\@javascript:{RUN}",
)
"""Addresses that run when they are followed or loaded, or that end what holds them."""

PAYLOADS = MARKUP + ATTRIBUTES + MARKDOWN + ADDRESSES

PROSE = "The water rose through the night, and by the morning the lower town was cut off from us."


def article(payload: str) -> Article:
    """An article that holds the payload in every field, as if an extractor had let it through."""
    p = payload
    image = Image(src=p, alt=p, mime=p, width=9, candidates=[Candidate(src=p, width=2)] * 2)
    words = {
        "caption": p,
        "credit": Credit(text=p, photographer=p, agency=p),
        "copyright_notice": p,
    }
    spans = [Span(p, ("strong", "em"), p), Span("x", ("code",), p), Span(p, ("code",)), Span(p)]
    cells = [Cell(text=p), Cell(text=p, spans=spans)]
    inner: list[AnyBlock] = [Paragraph(text=p, spans=spans, lang=p)]
    figure = Figure(image=image, caption=p, credit=Credit(text=p), copyright_notice=p)
    body: list[AnyBlock] = [
        Paragraph(text=p), *inner, Heading(text=p), Heading(text=p, spans=spans, level=3),
        Quote(blocks=inner, attribution=p, cite=p), Quote(blocks=inner, variant="pull"),
        List(items=[inner, [Paragraph(text=p)]]), List(items=[inner], ordered=True), figure,
        Gallery(items=[figure], caption=p), Video(src=p, url=p, poster=p, provider=p, caption=p),
        Video(url=p, caption=p), Audio(src=p, url=p, caption=p), Audio(url=p, provider=p),
        Embed(url=p, provider_id=p, text=p), Table(rows=[cells], header=[cells], caption=p),
        Table(rows=[cells]), Code(text=p, language=p), Aside(blocks=inner, headline=p),
        LiveEntry(blocks=inner, headline=p, author=p, at=AT),
    ]  # fmt: skip
    return Article(
        requested_url=p, url=p, canonical_url=p, site=Site(domain=p, name=p, icon=p),
        language=Language(code=p, confidence=1, source="meta"), direction=p,  # type: ignore[arg-type]
        kicker=p, headline=p, standfirst=p, description=p, excerpt=p, byline=p,
        authors=[Author(name=p, url=p, role=p)], published=Timestamp(raw=p), section=p,
        breadcrumbs=[p], keywords=[p], tags=[p],
        lead_image=LeadImage(src=p, alt=p, candidates=[Candidate(src=p, density=2)] * 2, **words),
        body=body, links=[Link(href=p, text=p)], related=[Related(title=p, url=p, image=p)],
        rights=Rights(copyright_notice=p, license=p),
    )  # fmt: skip


def linked_data(payload: str) -> str:
    """JSON-LD of an article whose every value is the payload."""
    linked = {
        "@context": "https://schema.org", "@type": "NewsArticle", "headline": payload,
        "description": payload, "author": {"@type": "Person", "name": payload, "url": payload},
        "image": [payload], "thumbnailUrl": payload, "mainEntityOfPage": payload, "url": payload,
        "keywords": [payload], "articleSection": payload, "license": payload,
        "copyrightNotice": payload, "articleBody": f"{PROSE} {payload}",
        "publisher": {"@type": "Organization", "name": payload, "logo": {"url": payload}},
    }  # fmt: skip
    return json.dumps(linked).replace("</", "<\\/")


def page(payload: str, written: Callable[[str], str]) -> str:
    """A page that holds the payload in every place; ``written`` escapes it for text, or not."""
    t, a = written(payload), escape(payload)
    metas = "".join(
        f'<meta property="{name}" name="{name}" content="{a}">'
        for name in (
            "og:title", "og:description", "og:image", "og:url", "og:site_name", "twitter:image",
            "description", "author", "article:author", "article:section", "keywords",
            "news_keywords", "article:published_time", "copyright", "parsely-link", "og:locale",
            "twitter:title",
        )
    )  # fmt: skip
    return f"""<!doctype html><html lang="{a}"><head><title>{t}</title>{metas}
<link rel="canonical" href="{a}"><link rel="icon" href="{a}"><link rel="amphtml" href="{a}">
<script type="application/ld+json">{linked_data(payload)}</script></head><body>
<nav class="breadcrumb"><a href="{a}">{t}</a></nav><article><span class="kicker">{t}</span>
<h1>{t} {PROSE[:40]}</h1><h2 class="subtitle">{PROSE} {t}</h2>
<p class="byline">By <a rel="author" href="{a}">{t}</a></p><time datetime="{a}">{t}</time>
<figure><img src="{a}" srcset="{a} 2x, https://i.example/a.jpg 1x" data-src="{a}" alt="{a}"
title="{a}"><figcaption>{t} <span class="credit">Photo: {t}</span></figcaption></figure>
<p>{PROSE} {t}</p><p>{PROSE} <a href="{a}">{t}</a> <strong>{t}</strong> <em>{t}</em></p>
<p>{PROSE}</p><h2>{t}</h2><p>{PROSE} <code>{t}</code></p>
<ul><li>{t}</li><li><a href="{a}">{PROSE}</a></li></ul>
<blockquote cite="{a}"><p>{PROSE} {t}</p><footer>{t}</footer></blockquote>
<table><caption>{t}</caption><tr><th>{t}</th><th>b</th></tr><tr><td>{t}</td><td><a href="{a}">x</a>
</td></tr></table><pre><code class="language-{a}">{t}</code></pre>
<iframe src="{a}" title="{a}"></iframe><iframe data-src="{a}"></iframe>
<blockquote class="twitter-tweet"><p>{t}</p><a href="{a}">x</a></blockquote>
<blockquote class="instagram-media" data-instgrm-permalink="{a}">{t}</blockquote>
<video src="{a}" poster="{a}" controls></video><audio src="{a}"></audio>
<lite-youtube videoid="{a}"></lite-youtube><div class="hero-image" style="background:url('{a}')">
</div><aside class="infobox"><h3>{t}</h3><p>{PROSE} {t}</p></aside><p>{PROSE}</p><p>{PROSE}</p>
<p class="copyright">© {t}</p></article><div class="related"><a href="{a}"><img src="{a}">{t}</a>
</div></body></html>"""


_MARKED = page("\x02", str)
PLACES_OF_PAGE = _MARKED.count("\x02") + _MARKED.count("\\u0002")
PLACES_OF_ARTICLE = 60
"""Fields of ``article``, counted once where a block is used again."""
VECTORS = len(PAYLOADS) * (2 * PLACES_OF_PAGE + PLACES_OF_ARTICLE)
