# ruff: noqa: E501
"""Documents that hang or blow up parsers and extractors, of our own shapes and of any size.

``growths`` are shapes that grow with ``n``; ``documents`` are fixed ones. A document's
``must_contain`` is text of an article that has to survive it; it is empty where there is none.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import NamedTuple

MARK = "The lighthouse keeper wrote down the weather every night for forty years."
SECOND = "Nobody read the books until the harbour office was sold last spring."
_PARAGRAPHS = "".join(
    f"<p>Entry number {i} tells of wind and rain, of ships that passed and of ships that did not.</p>"
    for i in range(6)
)
STORY = f"<article><h1>The keeper's books</h1><p>{MARK}</p>{_PARAGRAPHS}<p>{SECOND}</p></article>"


class Hostile(NamedTuple):
    """One document: bytes or text, and what must be found in its body."""

    name: str
    content: bytes | str
    must_contain: tuple[str, ...] = (MARK, SECOND)


def page(before: str = "", after: str = "", head: str = "", attrs: str = "") -> str:
    return (
        f"<!doctype html><html lang=en><head><title>The keeper's books</title>{head}</head>"
        f"<body {attrs}>{before}{STORY}{after}</body></html>"
    )


def _thread(posts: int, said: str = "") -> str:
    """A discussion in which everybody quotes something else; the first post says ``said``, too."""
    told = [f"<p>{MARK}</p><p>{SECOND}</p>{said}"]
    told += [
        f"<blockquote>What number {i * 7919} said of the weather that year</blockquote><p>Answer {i} to it.</p>"
        for i in range(posts)
    ]
    each = '<div class=post><a href="/user/{0}">User{0}</a> <time datetime=2026-03-12>12 March</time><div class=message>{1}</div></div>'
    kind = '<script type="application/ld+json">{"@type": "DiscussionForumPosting"}</script>'
    return f"<title>Weather</title>{kind}<h1>Weather</h1>" + "".join(
        each.format(i, text) for i, text in enumerate(told)
    )


def _attributes(n: int) -> str:
    return " ".join(f"a{i}=v" for i in range(n))


GROWTHS: dict[str, Callable[[int], bytes | str]] = {
    "nested div": lambda n: page(after="<div>" * (n // 5)),
    "nested inline": lambda n: page(after="<b><i><span>" * (n // 12)),
    "attributes on one tag": lambda n: page(after=f"<div {_attributes(n // 9)}>x</div>"),
    "options in select": lambda n: page(after="<select>" + "<option>a" * (n // 9) + "</select>"),
    "repeated body attributes": lambda n: page(
        after="<body " + "> <body ".join(f"b{i}=1" for i in range(n // 16)) + ">"
    ),
    "parentheses": lambda n: page(after="<p>" + "(" * n + "</p>"),
    "wide table": lambda n: page(after="<table><tr>" + "<td>x" * (n // 5) + "</table>"),
    "long table": lambda n: page(after="<table>" + "<tr><td>x<td>y" * (n // 14) + "</table>"),
    "links": lambda n: page(after="<p>" + '<a href="/x">word</a> ' * (n // 22) + "</p>"),
    "headings": lambda n: page(after="<h2>Part</h2>" * (n // 13)),
    "paragraphs": lambda n: page(after="<p>One more line of the story is here.</p>" * (n // 42)),
    "misnested": lambda n: page(after="<a><p><b><div></a></b>" * (n // 22)),
    "entities": lambda n: page(after="<p>" + "&amp;&lt;&#x41;&nosuch" * (n // 21) + "</p>"),
    "json-ld": lambda n: page(
        head='<script type="application/ld+json">{"@type":"NewsArticle","a":['
        + "1," * (n // 2)
        + "1]}</script>"
    ),
    "nested json-ld": lambda n: page(
        head='<script type="application/ld+json">' + "[" * n + "</script>"
    ),
    "comments": lambda n: page(after="<!-- x -->" * (n // 10)),
    "images": lambda n: page(after='<img src="/a.jpg" alt="x">' * (n // 26)),
    "metas": lambda n: page(head='<meta name="author" content="A B">' * (n // 34)),
    "dated metas": lambda n: page(
        head="".join(f'<meta name="date{at}" content="2024-05-03">' for at in range(n // 44))
    ),
    "lists": lambda n: page(after="<ul>" + "<li>word" * (n // 8) + "</ul>"),
    "nested lists": lambda n: page(after="<ul><li>x" * (n // 9)),
    "figures": lambda n: page(
        after='<figure><img src="/b.jpg"><figcaption>Photo: A B</figcaption></figure>' * (n // 72)
    ),
    "one long word": lambda n: page(after=f"<p>{'a' * n}</p>"),
    "blanks": lambda n: page(after="<p>" + " " * n + "x</p>"),
    "breaks": lambda n: page(after="<div>" + "line<br>" * (n // 8) + "</div>"),
    "fonts": lambda n: page(after="<p><font color=red>" * (n // 19)),
    "ids": lambda n: page(after="".join(f"<i id=n{i}></i>" for i in range(n // 16))),
    "srcset": lambda n: page(after='<img src="/a.jpg" srcset="' + "/a.jpg 1w, " * (n // 11) + '">'),
    "class words": lambda n: page(after='<div class="' + "share " * (n // 6) + '">x</div>'),
    "dates": lambda n: page(before="<div>" + "<time>3 May 2024</time> " * (n // 24) + "</div>"),
    "bylines": lambda n: page(
        before="<div>" + "<span class=byline>By Ann Lee</span>" * (n // 36) + "</div>"
    ),
    "title": lambda n: page(head=f"<title>{'x - ' * (n // 4)}</title>"),
    "posts": lambda n: _thread(n // 300),
    "answers of one line": lambda n: _thread(4, "<p><a href=/a>ab</a>" * (n // 20)),
    "headings over jumps": lambda n: page().replace(
        "</article>",
        "<div>"
        + '<h2>What it is about</h2><a href="#x">jump there</a>' * (n // 52)
        + f"<p>{MARK}</p></div></article>",
    ),
    "open scripts": lambda n: page().encode() + b"<script\xff" * (n // 8),
    "sentences": lambda n: page(after="<p>" + "It rained. " * (n // 11) + "</p>"),
}
"""Shapes of about ``n`` characters."""

TEXTS: dict[str, Callable[[int], str]] = {
    "code": lambda n: "A title\n\n```\n" + f"{MARK}\n" * (n // 75),
    "marks": lambda n: "# " + "# " * (n // 2) + "x",
}
"""Plain texts of about ``n`` characters."""


def documents() -> Iterator[Hostile]:
    """Every fixed document, in order."""
    for name, grow in GROWTHS.items():
        yield Hostile(f"{name} 300k", grow(300_000))
    yield from _cut()
    yield from _bytes()
    yield from _nested()
    yield from _scripts()
    yield from _markup()
    yield from _random()


def _cut() -> Iterator[Hostile]:
    whole = page(after="<div class=x title='y'><!-- c --><script>var a='<p>'</script></div>")
    for end in (
        "<div",
        "<div class",
        "<div class='",
        "<!--",
        "<!-- a --",
        "<![CDATA[",
        "<script>",
        "<style>",
        "<textarea>",
        "<title>",
        "<xmp>",
        "<plaintext>",
        "&#",
        "&#x",
        "&am",
        "</",
        "<?",
        "<!doctype",
        '<a href="',
        "<svg>",
        "<math>",
        "<select>",
        "<template>",
        "<noscript>",
        "<iframe>",
        "<table>",
    ):
        yield Hostile(f"ends in {end}", whole.replace("</body></html>", "") + end)
    yield Hostile(
        "nothing closed", whole.replace("</p>", "").replace("</article>", "").replace("</div>", "")
    )
    yield Hostile("cut in the story", whole[: whole.index(SECOND) + 20], (MARK,))


def _bytes() -> Iterator[Hostile]:
    text = page()
    plain = text.encode()
    yield Hostile("nul in tags", plain.replace(b"<p>", b"<p\x00>"))
    yield Hostile("nul in text", plain.replace(b"weather", b"wea\x00ther"))
    yield Hostile("nuls everywhere", b"\x00" * 5000 + plain)
    yield Hostile("controls", plain.replace(b" every", b"\x01\x02\x1f\x7f every"))
    yield Hostile(
        "lone surrogates",
        text.replace("weather", "weather \ud800").replace(" every", " every"),
        (SECOND,),
    )
    yield Hostile("surrogate halves", text.replace("keeper", "keeper\udc00", 1), (SECOND,))
    yield Hostile("utf-16 le", text.encode("utf-16-le"))
    yield Hostile("utf-16 be with mark", b"\xfe\xff" + text.encode("utf-16-be"))
    yield Hostile("utf-16 said, utf-8 meant", page(head='<meta charset="utf-16">').encode())
    yield Hostile("utf-7 said", page(head='<meta charset="utf-7">').encode())
    yield Hostile("utf-7 written", plain.replace(b"<article>", b"+ADw-script+AD4-<article>"))
    yield Hostile("two marks", b"\xef\xbb\xbf\xef\xbb\xbf" + plain)
    yield Hostile("invalid utf-8", plain + b"<p>" + bytes(range(128, 256)) * 20 + b"</p>")
    yield Hostile("overlong utf-8", plain + b"\xc0\xbcscript\xc0\xbe")
    yield Hostile("replacement charset", page(head='<meta charset="iso-2022-kr">').encode())
    yield Hostile("no such charset", page(head='<meta charset="x-nonsense">').encode())
    yield Hostile("charset of a mile", page(head=f'<meta charset="{"x" * 100_000}">').encode())
    yield Hostile("escape sequences", plain + b"\x1b(J\x1b)B" * 2000)
    yield Hostile(
        "direction marks",
        text.replace("weather", "weather\u202e\u202d").replace("weather\u202e\u202d", "weather", 0),
        (SECOND,),
    )
    yield Hostile("combining marks", page(after="<p>a" + "\u0301" * 100_000 + "</p>"))
    yield Hostile("only blanks", b" \n\t" * 50_000, ())
    yield Hostile("nothing", b"", ())
    yield Hostile("one byte", b"<", ())
    yield Hostile("a zip", b"PK\x03\x04" + bytes(range(256)) * 400, ())
    yield Hostile("random bytes", random.Random(7).randbytes(200_000), ())


def _nested() -> Iterator[Hostile]:
    for tag in (
        "div",
        "b",
        "a",
        "span",
        "font",
        "p",
        "ul",
        "table",
        "blockquote",
        "button",
        "form",
        "h1",
        "dl",
        "section",
        "nobr",
        "svg",
        "math",
        "template",
        "object",
        "ruby",
        "details",
    ):
        yield Hostile(f"{tag} x 20,000", page(before=f"<{tag}>" * 20_000 + f"</{tag}>" * 20_000))
    yield Hostile("story at depth 300", page().replace("<article>", "<div>" * 300 + "<article>"))
    yield Hostile("story at depth 3,000", page().replace("<article>", "<div>" * 3000 + "<article>"))
    yield Hostile(
        "story at depth 100,000", page().replace("<article>", "<div>" * 100_000 + "<article>")
    )
    yield Hostile("story after depth", page(before="<div>" * 5000 + "</div>" * 5000))
    yield Hostile("tables in tables", page(before="<table><tr><td>" * 3000 + "</table>" * 3000))
    yield Hostile(
        "selects in selects", page(before="<select><option><select>" * 5000 + "</select>" * 5000)
    )
    yield Hostile("forms in forms", page(after="<form><div>" * 10_000))
    yield Hostile("formatting kept open", page(after="<b><p>" * 5000))
    yield Hostile("misnested links", page(after="<a><b><i><u><p>" * 4000))
    yield Hostile("foreign and back", page(after="<svg><desc><math><mtext>" * 3000))
    yield Hostile("foster parents", page(after="<table><b>x<tr>y<td>" * 4000))


def _scripts() -> Iterator[Hostile]:
    ld = '<script type="application/ld+json">{}</script>'
    for name, data in {
        "deep objects": '{"a":' * 50_000,
        "deep arrays": "[" * 100_000,
        "endless string": '"' + "a" * 2_000_000,
        "bad escapes": '{"headline":"\\ud800\\u00zz"}',
        "huge number": '{"a":1e999999,"b":' + "9" * 100_000 + "}",
        "many nodes": "[" + '{"@type":"NewsArticle","headline":"x"},' * 40_000 + "{}]",
        "loops": '{"@id":"#a","@type":"NewsArticle","isPartOf":{"@id":"#a"},"author":{"@id":"#a"}}',
        "not an object": '"NewsArticle"',
        "null": "null",
        "empty": "",
        "html inside": "<b>{</b>",
        "wrong types": '{"@type":["NewsArticle",3,null],"headline":{"a":[]},"author":[[[]]],"datePublished":7,"image":[null,{"url":{}}]}',
        "body of a megabyte": '{"@type":"NewsArticle","articleBody":"' + "word " * 200_000 + '"}',
        "repeated keys": "{" + '"headline":"x",' * 50_000 + '"a":1}',
    }.items():
        yield Hostile(f"json-ld {name}", page(head=ld.replace("{}", data, 1)))
    yield Hostile("a script of 8 MB", page(head=f"<script>{'x=1;' * 2_000_000}</script>"))
    yield Hostile("ten thousand scripts", page(head="<script>a</script>" * 10_000))
    yield Hostile(
        "ten thousand json-ld", page(head=ld.replace("{}", '{"@type":"Thing"}', 1) * 10_000)
    )
    yield Hostile("styles of 4 MB", page(head=f"<style>{'a{b:c}' * 700_000}</style>"))
    yield Hostile(
        "framework state",
        page(
            head='<script id="__NEXT_DATA__" type="application/json">'
            + '{"a":' * 30_000
            + "</script>"
        ),
    )


def _markup() -> Iterator[Hostile]:
    yield Hostile("attribute of 4 MB", page(after=f"<div title='{'x' * 4_000_000}'>y</div>"))
    yield Hostile("100,000 attributes", page(after=f"<div {_attributes(100_000)}>x</div>"))
    yield Hostile("100,000 attributes before", page(before=f"<div {_attributes(100_000)}>x</div>"))
    yield Hostile("same attribute", page(after="<div " + "class=a " * 100_000 + ">x</div>"))
    yield Hostile("quotes", page(after="<div " + "'\"=" * 50_000 + ">x</div>"))
    yield Hostile("slashes", page(after="<br" + "/" * 300_000 + ">"))
    yield Hostile("angle brackets", page(after="<" * 300_000))
    yield Hostile("closing tags", page(after="</p>" * 100_000 + "</b>" * 100_000))
    yield Hostile("unknown tags", page(after="".join(f"<x-{i}>" for i in range(20_000))))
    yield Hostile("tag name of a mile", page(after=f"<{'a' * 500_000}>x"))
    yield Hostile("comment of 4 MB", page(after=f"<!--{'- ' * 2_000_000}-->"))
    yield Hostile("comments half closed", page(after="<!-- -- > --!" * 50_000 + "-->"))
    yield Hostile("doctypes", "<!doctype html>" * 50_000 + page())
    yield Hostile(
        "html and body again",
        page(after="".join(f"<html x{i}=1><body y{i}=1>" for i in range(20_000))),
    )
    yield Hostile("frameset", page(after="<frameset>" * 10_000))
    yield Hostile("bases", page(head='<base href="//a">' * 20_000))
    yield Hostile("refreshes", page(head='<meta http-equiv=refresh content="0;url=//a">' * 20_000))
    yield Hostile(
        "colspan", page(after="<table><tr><td colspan=100000 rowspan=65534>x</table>" * 100)
    )
    yield Hostile(
        "one cell of many rows",
        page(after="<table>" + "<tr><td rowspan=65534>x" * 2000 + "</table>"),
    )
    yield Hostile("srcset bomb", page(after='<img src=a srcset="' + "a 1x,," * 100_000 + '">'))
    yield Hostile(
        "data urls", page(after='<img src="data:image/png;base64,' + "A" * 3_000_000 + '">')
    )
    yield Hostile("javascript urls", page(after='<a href="java\tscript:alert(1)">x</a>' * 5000))
    yield Hostile("entity names", page(after="<p>" + "&CounterClockwiseContourIntegral;" * 20_000))
    yield Hostile(
        "numbers as entities", page(after="<p>" + "&#1114111;&#xD800;&#0;&#99999999999;" * 20_000)
    )
    yield Hostile("templates", page(after="<template shadowrootmode=open>" * 5000))
    yield Hostile("slots", page(after="<slot><template>" * 10_000))
    yield Hostile("title again", page(after="<title>x</title>" * 20_000))
    yield Hostile("h1 again", page(before="<h1>The keeper's books</h1>" * 5000))
    yield Hostile("story again", page(after=STORY * 300))
    yield Hostile("one paragraph again", page(after=f"<p>{MARK}</p>" * 20_000))
    yield Hostile(
        "captions",
        page(after="<figure><figcaption>" + "(Photo: A/B) " * 20_000 + "</figcaption></figure>"),
    )
    yield Hostile("colons", page(after="<p>" + "a: " * 200_000 + "</p>"))
    yield Hostile("digits", page(before="<div class=date>" + "1/" * 100_000 + "</div>"))
    yield Hostile("years", page(before="<div>" + "2024-05-03 " * 50_000 + "</div>"))
    yield Hostile("commas", page(before="<div class=author>By " + "Ann Lee, " * 20_000 + "</div>"))
    yield Hostile("microdata", page(after="<div itemscope itemprop=a itemtype=x>" * 10_000))
    yield Hostile("brackets", page(after="<p>" + "[{(" * 100_000 + "</p>"))
    yield Hostile("hidden", page(after="<div hidden style='display:none'>" * 3000 + "x"))
    yield Hostile("pre", page(after="<pre>" + "\n  code" * 50_000 + "</pre>"))
    yield Hostile("ruby", page(after="<ruby>a<rt>b" * 20_000))


def _random() -> Iterator[Hostile]:
    parts = [
        "<p>",
        "</p>",
        "<div class=a>",
        "</div>",
        "<b>",
        "</i>",
        "<a href=x>",
        "<table>",
        "<td>",
        "<!--",
        "-->",
        "<script>",
        "</script>",
        "<svg>",
        "&",
        "text ",
        "<select>",
        "</select>",
        "\x00",
        "<p",
        "'",
        '"',
        ">",
        "=",
    ]
    for seed in range(12):
        chosen = random.Random(seed).choices(parts, k=20_000)
        yield Hostile(
            f"random markup {seed}", page().replace("</body></html>", "") + "".join(chosen)
        )
