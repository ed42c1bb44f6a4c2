"""A page's own text beside the article that was made of it, for work on the engine."""

from __future__ import annotations

from collections.abc import Sequence

from service.article import Article
from service.render.html import to_html
from service.render.inline import text_html

STYLE = """
:root { color-scheme: light dark; --line: #8885; --kept: #1a7f3722; --read: #0550ae22; }
body { font: 15px/1.5 system-ui, sans-serif; margin: 1rem; }
main { display: grid; gap: 2rem; grid-template-columns: repeat(auto-fit, minmax(24rem, 1fr)); }
table { border-collapse: collapse; width: 100%; } td { border-bottom: 1px solid var(--line);
padding: .25rem .5rem; vertical-align: top; overflow-wrap: anywhere; } td:first-child {
white-space: nowrap; } small { opacity: .7; } tr.kept { background: var(--kept); }
tr.read { background: var(--read); } tr.dropped { opacity: .75; } img { max-width: 100%; }
"""


def to_comparison(article: Article, rows: Sequence[tuple[str, str, str]]) -> str:
    """A whole page: ``rows`` of verdict, element and text on the left, the article beside them."""
    told = "".join(_row(*row) for row in rows)
    title = text_html(article.headline or "Article")
    return (
        f'<!doctype html><html><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        f"img-src https: http:; style-src 'unsafe-inline'\"><style>{STYLE}</style></head>"
        f"<body><main><section><h2>The page, line by line</h2><table>{told}</table></section>"
        f"<section><h2>The article</h2><h1>{title}</h1>{to_html(article)}</section></main>"
        f"</body></html>"
    )


def _row(verdict: str, element: str, text: str) -> str:
    word = verdict.split(maxsplit=1)[0] if verdict else ""
    dropped = word in ("unlikely", "outside", "related", "repeated") or word.startswith("label")
    name = "kept" if word == "kept" else "dropped" if dropped else "read"
    cells = f"{text_html(verdict)}<br><small>{text_html(element)}</small>"
    return f'<tr class="{name}"><td>{cells}</td><td>{text_html(text)}</td></tr>'
