"""What the pool, the zygote and the children say to each other: jobs, answers, and their frames.

Only words, so that the service does not load what a child computes with.
"""

from __future__ import annotations

import struct

from msgspec import Struct

from service.extract.page import Page

ORDER = struct.Struct("!cI")
REPORT = struct.Struct("!cIiI")
LENGTH = struct.Struct("!I")
HEAD = struct.Struct("!c?I")
"""Of an answer: its kind, whether it is the child's last one, CPU microseconds spent."""
DONE, ERROR = b"D", b"E"


class Limits(Struct, frozen=True, kw_only=True):
    """What a child may use; after ``pages_max`` pages or ``resident_bytes_max`` it is replaced."""

    wall_s: float = 10.0
    cpu_s: float = 10.0
    memory_bytes: int = 1_000_000_000
    resident_bytes_max: int = 400_000_000
    pages_max: int = 2_000


class Failure(Struct, frozen=True):
    """Why there is no article: ``code`` of a BroadsheetError, or empty for any other exception."""

    code: str
    detail: str
    page_kind: str = ""


class PageJob(Struct, frozen=True, tag="page"):
    """Extract the article of a page."""

    page: Page


class LinksJob(Struct, frozen=True, tag="links"):
    """Find the links of a page that its rule names."""

    page: Page


class Links(Struct, frozen=True):
    """Absolute addresses: of the page that has all of a story, and of the parts that follow."""

    single: list[str]
    following: list[str]


class FeedJob(Struct, frozen=True, tag="feed"):
    """Read the feed that ``content``, fetched from ``url``, holds."""

    content: bytes
    url: str
    media_type: str


class OpmlJob(Struct, frozen=True, tag="opml"):
    """Read the subscriptions of an OPML list."""

    content: bytes


Job = PageJob | LinksJob | FeedJob | OpmlJob
