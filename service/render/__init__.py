"""Articles as HTML, Markdown, text, JSON Feed and Atom. Pure; the only way that HTML leaves.

Everything is built from blocks: a value is escaped where it is written and an address passes
``safe_url``, so nothing that a page contained can run in any of these forms.
"""

from __future__ import annotations

from service.render.comparison import to_comparison
from service.render.difference import to_difference
from service.render.feeds import ATOM_TYPE, JSON_FEED_TYPE, FeedHead, to_atom, to_json_feed
from service.render.html import to_html
from service.render.markdown import to_markdown
from service.render.page import PAGE_CSP, to_page
from service.render.text import text_of, to_text

__all__ = [
    "ATOM_TYPE", "JSON_FEED_TYPE", "PAGE_CSP", "FeedHead", "text_of", "to_atom", "to_comparison",
    "to_difference", "to_html", "to_json_feed", "to_markdown", "to_page", "to_text",
]  # fmt: skip
