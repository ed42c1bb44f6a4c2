"""Embeds, video and audio: what of another site, or of a player, a page shows among its text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from service.article import Audio, Embed, Video
from service.extract.document import (
    ADDRESS_ATTRS,
    PLAYER_TAGS,
    POST_ATTRS,
    VIDEO_ATTRS,
    VISIBLE,
    Document,
    Node,
)
from service.extract.media.images import is_placeholder
from service.extract.media.posts import read_posts
from service.extract.media.providers import (
    AUDIO_HOSTS,
    PROVIDERS,
    SHOWN_HOSTS,
    VIDEO_HOSTS,
    Source,
    host_of,
    read_source,
)

EMBEDS_MAX = 200
FIGURE_LEVELS_MAX = 6
FIGURE_CHARS_MAX = 1500
FACADE_CHARS_MAX = 600

_PLAYER_ATTRS = frozenset({*ADDRESS_ATTRS, *VIDEO_ATTRS, *POST_ATTRS})
_CHARTS = (
    (
        re.compile(r"datawrapper-(?:vis|chart)-(\w{5})\b", re.IGNORECASE),
        "https://datawrapper.dwcdn.net/{}/",
    ),
    (re.compile(r"visualisation/(\d{4,12})"), "https://flo.uri.sh/visualisation/{}/embed"),
)
_YOUTUBE_ID = re.compile(r"[\w-]{11}")
_DURATION = re.compile(
    r"P?T?(?:(\d{1,4})H)?(?:(\d{1,5})M)?(?:(\d{1,6})(?:\.\d{1,6})?S?)?", re.IGNORECASE
)
_MEDIA_FILE = re.compile(
    r"\.(?:mp4|m3u8|webm|mov|m4v|mp3|m4a|ogg|oga|aac|wav|opus|mpd)(?:$|\?)", re.IGNORECASE
)


@dataclass(slots=True)
class FoundEmbed:
    """An embed or a player: its element, and the one that stands for it with still and words."""

    block: Embed | Video | Audio
    node: Node
    anchor: Node

    def tell(self, caption: str | None) -> None:
        """Keeps what is printed about it, unless it has words of its own."""
        if isinstance(self.block, Embed):
            self.block.text = self.block.text or caption
        else:
            self.block.caption = caption or self.block.caption


def read_embeds(document: Document) -> list[FoundEmbed]:
    """Every embed, video and audio of the page in document order, none inside another."""
    found = [
        *_players(document), *_frames(document), *_quoted(document), *_amp(document),
        *_facades(document),
    ]  # fmt: skip
    found.sort(key=lambda each: (each.anchor.index, -each.anchor.end))
    kept: list[FoundEmbed] = []
    seen: set[str] = set()
    end = -1
    for each in found:
        key = each.block.url or (None if isinstance(each.block, Embed) else each.block.src) or ""
        if each.anchor.index < end or key in seen:
            continue
        each.anchor = _figure_around(each.node)
        kept.append(each)
        seen.add(key)
        end = each.anchor.end
    return kept[:EMBEDS_MAX]


def _figure_around(node: Node) -> Node:
    """The figure that shows an embed alone, or the embed itself."""
    for level, around in enumerate(node.ancestors()):
        if level >= FIGURE_LEVELS_MAX or around.chars > FIGURE_CHARS_MAX:
            break
        if around.tag == "figure":
            return around
    return node


def _embed(source: Source) -> Embed:
    return Embed(provider=source.provider, url=source.url, provider_id=source.provider_id)


# ---- players of the page itself ----


def _players(document: Document) -> Iterator[FoundEmbed]:
    for tag in ("video", "audio", "amp-video", "amp-audio"):
        for node in document.by_tag.get(tag, ()):
            src = _file(document, node)
            if src is None or node.parent is None or node.parent.hidden:
                continue
            if {"autoplay", "loop"} <= (names := set(node.names)) and "controls" not in names:
                continue  # a moving background
            yield FoundEmbed(_player(document, node, src), node, node)


def _player(document: Document, node: Node, src: str) -> Video | Audio:
    duration = _seconds(node.get("data-duration") or node.get("duration"))
    caption = node.get("aria-label") if node.get("aria-label").count(" ") > 2 else None
    if node.tag.endswith("audio"):
        return Audio(src=src, duration_s=duration, caption=caption)
    poster = document.resolve(node.get("poster") or node.get("data-poster"))
    return Video(src=src, poster=poster, duration_s=duration, caption=caption)


def _file(document: Document, node: Node) -> str | None:
    for holder in [node, *document.within(node, "source")][:10]:
        for name in ("src", "data-src", "data-lazy-src"):
            url = document.resolve(holder.get(name))
            if url and url.startswith("http"):
                return url
    return None


def _seconds(value: str) -> int | None:
    """``"PT1M30S"``, ``"90"`` and ``"1:30"`` are 90 seconds."""
    value = value.strip()
    if not value or len(value) > 20:
        return None
    if ":" in value:
        parts = value.split(":")
        if len(parts) > 3 or not all(part.isdecimal() for part in parts):
            return None
        return sum(
            int(part) * unit for part, unit in zip(reversed(parts), (1, 60, 3600), strict=False)
        )
    match = _DURATION.fullmatch(value)
    if match is None or not any(match.groups()):
        return None
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return hours * 3600 + minutes * 60 + seconds


# ---- frames ----


def _frames(document: Document) -> Iterator[FoundEmbed]:
    for tag in ("iframe", "amp-iframe"):
        for node in document.by_tag.get(tag, ()):
            if node.parent is None or node.parent.hidden != VISIBLE or _is_tiny(node):
                continue
            block = _framed(document, node)
            if block is not None:
                yield FoundEmbed(block, node, node)


def _framed(document: Document, node: Node) -> Embed | Video | Audio | None:
    for name in ("src", *ADDRESS_ATTRS):
        value = node.get(name)
        url = document.resolve(value) if value and not is_placeholder(value) else None
        if url and url.startswith("http"):
            return _shown(url, node.get("title"))
    return None


def _shown(url: str, title: str) -> Embed | Video | Audio | None:
    """What a frame of this address shows; None for frames that are not for readers."""
    if source := read_source(url):
        return _embed(source)
    host = host_of(url)
    title = " ".join(title.split())
    words = title if title.count(" ") > 2 else None
    if host in VIDEO_HOSTS:
        return Video(provider=VIDEO_HOSTS[host], url=url, caption=words)
    if host in AUDIO_HOSTS:
        return Audio(provider=AUDIO_HOSTS[host], url=url, caption=words)
    return Embed(url=url, text=words) if host in SHOWN_HOSTS else None


def _is_tiny(node: Node) -> bool:
    return any(node.get(side).strip() in {"0", "1", "0px", "1px"} for side in ("width", "height"))


def _quoted(document: Document) -> Iterator[FoundEmbed]:
    for block, node in read_posts(document):
        yield FoundEmbed(block, node, node)


# ---- AMP ----


def _amp(document: Document) -> Iterator[FoundEmbed]:
    for tag, nodes in document.by_tag.items():
        provider = tag.removeprefix("amp-")
        if tag.startswith("amp-") and (provider in PROVIDERS or provider == "twitter"):
            for node in nodes:
                if not node.hidden and (source := _amp_source(document, provider, node)):
                    yield FoundEmbed(_embed(source), node, node)


def _amp_source(document: Document, name: str, node: Node) -> Source | None:
    """The source of an AMP element, whose attributes are named by its provider (amp.dev)."""
    if href := document.resolve(node.get("data-href") or node.get("data-src")):
        return read_source(href)
    number = node.get("data-videoid") or node.get("data-tweetid") or node.get("data-shortcode")
    pages = {
        "youtube": "https://www.youtube.com/watch?v={}", "twitter": "https://x.com/i/status/{}",
        "instagram": "https://www.instagram.com/p/{}/",
    }  # fmt: skip
    page = pages.get(name)
    return read_source(page.format(number)) if page and number.replace("-", "").isalnum() else None


# ---- placeholders that load a player when they are touched ----


def _facades(document: Document) -> Iterator[FoundEmbed]:
    named: list[Node] = []
    if any("datawrapper" in script.get("src") for script in document.scripts):
        named += [node for name, node in document.by_id.items() if name.startswith("datawrapper-")]
    named += [
        node
        for node in document.telling
        if node.tag in PLAYER_TAGS and not _PLAYER_ATTRS.isdisjoint(node.names)
    ]
    for node in named:
        if node.hidden or node.chars > FACADE_CHARS_MAX:
            continue
        source = _facade(document, node)
        if source is not None:
            yield FoundEmbed(_embed(source), node, node)


def _facade(document: Document, node: Node) -> Source | None:
    is_youtube = node.tag in {"lite-youtube", "youtube-video"} or "youtube" in node.hints
    for name in VIDEO_ATTRS:
        value = node.get(name)
        if (
            value
            and (is_youtube or "youtube" in name or "yt" in name)
            and _YOUTUBE_ID.fullmatch(value)
        ):
            return read_source(f"https://www.youtube.com/watch?v={value}")
    for name in POST_ATTRS:
        value = node.get(name)
        if value.isdecimal() and 8 < len(value) < 25:
            return read_source(f"https://x.com/i/status/{value}")
    if node.tag == "a":
        return None
    for pattern, page in _CHARTS:
        if chart := pattern.search(node.get("id") or node.get("data-src")):
            shown = page.format(chart[1])
            return read_source(shown) or Source("other", shown, chart[1])
    for name in ADDRESS_ATTRS:
        value = node.get(name)
        if value[:4] == "http" or value[:2] == "//":
            url = document.resolve(value)
            if url and not _MEDIA_FILE.search(url) and (source := read_source(url)):
                return source
    return None
