"""``Link`` headers (RFC 8288): where an answer names its hub and itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from service.feeds.feed import Feed
from service.feeds.value import absolute

HEADER_CHARS_MAX = 16_384
_LINK = re.compile(r'<([^<>]*)>((?:\s*;\s*[\w*-]+\s*(?:=\s*(?:"[^"]*"|[^\s",;]*))?)*)')
_REL = re.compile(r';\s*rel\s*=\s*(?:"([^"]*)"|([^\s",;]+))', re.IGNORECASE)


def announced(feed: Feed, headers: Iterable[tuple[str, str]], url: str) -> Feed:
    """The feed with the hubs that its answer's headers name, which come before its own (WebSub,
    section 4): ``Link: <https://hub.example/>; rel="hub"``; likewise its own address."""
    values = [value for name, value in headers if name.lower() == "link"]
    named = list(_named(", ".join(values)[:HEADER_CHARS_MAX], url))
    hubs = [href for rel, href in named if rel == "hub"]
    if not hubs:
        return feed
    itself = next((href for rel, href in named if rel == "self"), feed.self_url)
    return replace(feed, hub_urls=hubs, self_url=itself)


def _named(header: str, url: str) -> Iterator[tuple[str, str]]:
    """Each relation that is named, and the absolute address of what has it."""
    for href, parameters in _LINK.findall(header):
        rel = _REL.search(parameters)
        target = absolute(url, href)
        for name in (rel[1] or rel[2] or "").lower().split() if rel and target else ():
            yield name, str(target)
