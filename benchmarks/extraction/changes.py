"""Ways to write the same page otherwise: what a reader sees as the story stays as it is.

``CHANGES`` maps a name to a function of a page's HTML and address, which gives HTML or bytes. A
page that a change does not apply to comes back as it was. ``remade.py`` changes the tree.
"""

from __future__ import annotations

import html as entities
import re
from collections.abc import Callable, Iterator
from itertools import cycle

import turbohtml
from turbohtml import Html, Indent, Minify

Changed = str | bytes
Change = Callable[[str, str], Changed]
_PARTS = re.compile(
    r"<!--.*?-->|<!doctype[^>]*>|<(script|style|textarea|noscript|template|svg|pre)\b.*?</\1>"
    r"|<[^>]+>|[^<]+",
    re.DOTALL | re.IGNORECASE,
)
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)([^>]*)>")
_ATTRIBUTE = re.compile(r'([^\s="]+)="([^"]*)"')
_VOID = frozenset({
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track",
    "wbr",
})  # fmt: skip
_CHARSETS = ("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256")
_META = re.compile(r"<meta[^>]*charset[^>]*>", re.IGNORECASE)


def _parts(page: str) -> Iterator[tuple[str, bool]]:
    """The pieces of a serialized page, and whether each is a tag that is not raw text."""
    for found in _PARTS.finditer(page):
        part = found[0]
        yield part, part[0] == "<" and part[1] != "!" and not found[1]


def _with_tags(page: str, change: Callable[[re.Match[str]], str]) -> str:
    return "".join(_TAG.sub(change, part) if tag else part for part, tag in _parts(page))


def _with_texts(page: str, change: Callable[[str], str]) -> str:
    return "".join(part if part[0] == "<" else change(part) for part, _ in _parts(page))


def _serialized(options: Html) -> Change:
    return lambda page, _: turbohtml.parse(page).serialize(options)


def _upper(tag: re.Match[str]) -> str:
    attributes = _ATTRIBUTE.sub(lambda a: f'{a[1].upper()}="{a[2]}"', tag[3])
    return f"<{tag[1]}{tag[2].upper()}{attributes}>"


def _single_quoted(tag: re.Match[str]) -> str:
    return f"<{tag[1]}{tag[2]}{_ATTRIBUTE.sub(_single, tag[3])}>"


def _single(attribute: re.Match[str]) -> str:
    name, value = attribute.groups()
    return f'{name}="{value}"' if "'" in value else f"{name}='{value}'"


def _closed(tag: re.Match[str]) -> str:
    end = " /" if tag[2] in _VOID and not tag[1] else ""
    return f"<{tag[1]}{tag[2]}{tag[3]}{end}>"


def _xhtml(page: str, _: str) -> str:
    return '<?xml version="1.0" encoding="utf-8"?>\n' + _with_tags(page, _closed)


def _numbered(text: str) -> str:
    forms = cycle(("&#x{:x};", "&#{};"))
    return re.sub(r"[^\x00-\x7f]", lambda found: next(forms).format(ord(found[0])), text)


def _named(text: str) -> str:
    names = entities.entities.codepoint2name
    return re.sub(
        r"[^\x00-\x7f]",
        lambda found: f"&{names[ord(found[0])]};" if ord(found[0]) in names else found[0],
        text,
    )


def _tabs(text: str) -> str:
    return re.sub(r"[ \n]+", "\n\t\t", text)


def _hard_blanks(page: str, _: str) -> str:
    """Blanks beside inline elements become no-break spaces."""
    page = re.sub(r"(?<=\S) (?=<(?:a|b|i|em|strong|span)\b)", "\u00a0", page)
    return re.sub(r"(?<=</(?:a|b|i)>) (?=\w)", "\u00a0", page)


def _commented(page: str, _: str) -> str:
    """Comments between elements and, as frameworks write them, inside texts."""
    page = _with_texts(page, lambda text: re.sub(r"(?<=\w) (?=\w)", "<!-- --> ", text, count=1))
    return re.sub(r"(</(?:p|div|li|h1|h2|time)>)", r"\1<!-- end of block -->", page)


def _conditional(page: str, _: str) -> str:
    page = page.replace("<body", "<!--[if lt IE 9]><p>Old browser</p><![endif]--><body", 1)
    return page.replace("<p", "<!--[if !IE]><!--><p", 1).replace("</p>", "</p><!--<![endif]-->", 1)


def _cdata(page: str, _: str) -> str:
    return re.sub(
        r"(<script[^>]*>)(.*?)(</script>)", r"\1//<![CDATA[\n\2\n//]]>\3", page, flags=re.DOTALL
    )


def _charset(page: str, *, says: bool) -> Changed:
    """The page in the first Windows charset that has all but a few of its letters."""
    bare = _META.sub("", page)
    for name in _CHARSETS:
        coded = bare.encode(name, "xmlcharrefreplace")
        if bare.isascii() or coded.count(b"&#") - bare.count("&#") > len(bare) // 2000:
            continue
        meta = f'<meta charset="windows-{name[2:]}">' if says else ""
        return coded.replace(b"<head>", b"<head>" + meta.encode(), 1)
    return page


CHANGES: dict[str, Change] = {
    "white space: minified": _serialized(Html(layout=Minify())),
    "white space: indented": _serialized(Html(layout=Indent())),
    "white space: CRLF": lambda page, _: page.replace("\n", "\r\n"),
    "white space: tabs": lambda page, _: _with_texts(page, _tabs),
    "white space: none between tags": lambda page, _: re.sub(
        r"(</?(?:div|p|section|article|ul|li|h\d)\b[^>]*>)\s+(?=</?(?:div|p|section|ul|li|h\d)\b)",
        r"\1", page,
    ),
    "white space: no-break beside inline": _hard_blanks,
    "syntax: capitals": lambda page, _: _with_tags(page, _upper),
    "syntax: attributes sorted": _serialized(Html(sort_attributes=True)),
    "syntax: single quotes": lambda page, _: _with_tags(page, _single_quoted),
    "syntax: XHTML": _xhtml,
    "syntax: numeric entities": lambda page, _: _with_texts(page, _numbered),
    "syntax: named entities": lambda page, _: _with_texts(page, _named),
    "syntax: comments": _commented,
    "syntax: conditional comments": _conditional,
    "syntax: CDATA in scripts": _cdata,
    "syntax: no doctype": lambda page, _: re.sub(r"(?i)^\s*<!doctype[^>]*>", "", page),
    "bytes: UTF-8 undeclared": lambda page, _: _META.sub("", page).encode("utf-8", "replace"),
    "bytes: UTF-8 with mark": lambda page, _: page.encode("utf-8-sig", "replace"),
    "bytes: UTF-16": lambda page, _: page.encode("utf-16", "replace"),
    "bytes: Windows": lambda page, _: _charset(page, says=True),
    "bytes: Windows undeclared": lambda page, _: _charset(page, says=False),
}  # fmt: skip
