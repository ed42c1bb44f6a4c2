"""Pages of the console from cells, rows and forms; every value is escaped where it is written."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from html import escape

from litestar.response.base import ASGIResponse

STYLE = """
:root{color-scheme:light dark;--line:#8884;--soft:#8882;--bad:#c02020;--good:#1a7f37}
*{box-sizing:border-box}body{font:15px/1.45 system-ui,sans-serif;margin:0 auto;max-width:76rem;
padding:0 1rem 3rem}nav{display:flex;flex-wrap:wrap;gap:.2rem 1rem;padding:.8rem 0;
border-bottom:1px solid var(--line)}@media(prefers-color-scheme:dark){
:root{--bad:#ff8a80;--good:#5fd38a}}nav b{margin-right:1rem}a{color:inherit}
nav a[aria-current]{font-weight:600;text-decoration-thickness:2px}h1{font-size:1.4rem}
h2{font-size:1.1rem;margin-top:2rem}.scroll{overflow-x:auto}table{border-collapse:collapse;
width:100%}td,th{text-align:left;padding:.35rem .8rem .35rem 0;border-bottom:1px solid var(--soft);
vertical-align:top}td.n{font-variant-numeric:tabular-nums}
td{overflow-wrap:anywhere;min-width:6.5rem;max-width:34rem}td.n{min-width:0}
.bad{color:var(--bad)}.good{color:var(--good)}
.dim{opacity:.7}form{display:inline}time{white-space:nowrap}
button{font:inherit;white-space:nowrap;padding:.1rem .6rem;cursor:pointer}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(9rem,1fr));gap:.8rem;
margin:1rem 0}.tiles div{border:1px solid var(--line);border-radius:.4rem;padding:.6rem .8rem}
.tiles b{display:block;font-size:1.5rem}.pair{display:grid;gap:1rem;
grid-template-columns:repeat(auto-fit,minmax(20rem,1fr));margin-bottom:1rem}
iframe{width:100%;height:75vh;border:1px solid var(--line);background:#fff}
@media(max-width:44rem){table,tbody,tr,td{display:block}tr:first-child{display:none}
tr{border-bottom:1px solid var(--line);padding:.5rem 0}td{border:0;padding:.1rem 0;
min-width:0;max-width:none;display:flex;gap:.8rem}td:empty{display:none}
td::before{content:attr(data-head);flex:0 0 6.5rem;opacity:.7}td[data-head=""]::before{content:none}
button{padding:.4rem .9rem}iframe{height:60vh}}
"""
_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
CSP = (
    f"default-src 'none'; style-src 'sha256-{_HASH}'; form-action 'self'; frame-src 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
TABS = (
    ("/console", "Overview"), ("/console/failures", "Failures"), ("/console/articles", "Articles"),
    ("/console/feeds", "Feeds"), ("/console/endpoints", "Endpoints"),
    ("/console/clients", "Clients"),
)  # fmt: skip


class Html(str):
    """Text that is markup already."""

    __slots__ = ()


def text(value: object) -> Html:
    """``value`` as markup: escaped, times to the second, nothing for None."""
    if isinstance(value, Html):
        return value
    if isinstance(value, datetime):
        shown = value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
        return Html(f"<time>{shown}</time>")
    return Html(escape("" if value is None else str(value)))


def link(href: str, label: object) -> Html:
    """A link within the console."""
    return Html(f'<a href="{escape(href)}">{text(label)}</a>')


def button(action: str, label: str, about: object) -> Html:
    """A form that does something and comes back; ``about`` names its object for screen readers."""
    spoken = escape(f"{label}: {about}")
    return Html(
        f'<form method="post" action="{escape(action)}">'
        f'<button aria-label="{spoken}">{escape(label)}</button></form>'
    )


COLOURS = dict.fromkeys(("failed", "failing", "disabled", "gone"), "bad")
COLOURS |= dict.fromkeys(("active", "enabled", "succeeded"), "good")


def state(value: str) -> Html:
    """A state, coloured where it is well or not."""
    return Html(f'<span class="{COLOURS.get(value, "dim")}">{escape(value)}</span>')


def lines(*values: object) -> Html:
    """One below the other, the first one plain."""
    first, *others = (text(value) for value in values if value is not None)
    below = "".join(f'<div class="dim">{other}</div>' for other in others)
    return Html(f"<div>{first}{below}</div>")


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> Html:
    """A table; on a narrow screen each row is a list, whose lines name their column."""
    body = "".join(f"<tr>{''.join(map(_cell, row, heads))}</tr>" for row in rows)
    if not body:
        return Html('<p class="dim">Nothing here.</p>')
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in heads)
    return Html(f'<div class="scroll"><table><tr>{head}</tr>{body}</table></div>')


def _cell(value: object, head: str) -> str:
    name = ' class="n"' if isinstance(value, int | float) else ""
    return f'<td{name} data-head="{escape(head)}">{text(value)}</td>'


def tiles(values: Iterable[tuple[str, object]]) -> Html:
    """Numbers at a glance."""
    shown = "".join(f"<div><b>{text(value)}</b>{escape(name)}</div>" for name, value in values)
    return Html(f'<div class="tiles">{shown}</div>')


def section(title: str, content: Html) -> Html:
    """A heading and what it is about."""
    return Html(f"<h2>{escape(title)}</h2>{content}")


def page(path: str, title: str, *parts: Html) -> ASGIResponse:
    """A whole page; ``path`` is its tab."""
    tabs = "".join(
        f'<a href="{href}"{" aria-current=page" if href == path else ""}>{name}</a>'
        for href, name in TABS
    )
    body = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)} · Broadsheet</title><style>{STYLE}</style></head><body>"
        f"<nav><b>Broadsheet</b>{tabs}</nav><main><h1>{escape(title)}</h1>{''.join(parts)}</main>"
        f"</body></html>"
    )
    headers = {"content-security-policy": CSP, "cache-control": "no-store"}
    return ASGIResponse(body=body.encode(), media_type="text/html", headers=headers)
