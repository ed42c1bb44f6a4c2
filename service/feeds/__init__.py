"""Feeds as data: RSS 0.9 to 2.0, RDF, Atom, JSON Feed, sitemaps and OPML. Pure: no I/O, no clock.

``read_feed`` and ``read_opml`` may be slow on hostile input (50,000 attributes on an element cost
10 s): they run in a parser child, never in the event loop.
"""

from service.feeds.feed import Feed, FeedItem, FeedKind
from service.feeds.opml import read_opml, write_opml
from service.feeds.page import page_of, text_page_of
from service.feeds.read import read_feed
from service.feeds.schedule import Pace, next_poll_s

__all__ = [
    "Feed",
    "FeedItem",
    "FeedKind",
    "Pace",
    "next_poll_s",
    "page_of",
    "read_feed",
    "read_opml",
    "text_page_of",
    "write_opml",
]
