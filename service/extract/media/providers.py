"""Who provides an embed, and which of its things is shown: data about the addresses of players."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple, get_args
from urllib.parse import SplitResult, parse_qs, urlsplit

from service.extract.urls import Resolver

Provider = Literal[
    "youtube", "x", "instagram", "tiktok", "facebook", "spotify", "datawrapper", "map", "other"
]
PROVIDERS: tuple[Provider, ...] = get_args(Provider)


class Source(NamedTuple):
    """An embed's provider, the address of the thing itself, and its number there."""

    provider: Provider
    url: str
    provider_id: str | None


_ID = r"([\w-]{4,80})"
_PATHS: tuple[tuple[Provider, tuple[str, ...], re.Pattern[str], str | None], ...] = (
    ("youtube", ("youtube.com", "youtube-nocookie.com"),
     re.compile(r"^/(?:embed|v|shorts|live)/(?!videoseries)" + _ID),
     "https://www.youtube.com/watch?v={}"),
    ("youtube", ("youtu.be",), re.compile(r"^/" + _ID), "https://www.youtube.com/watch?v={}"),
    ("x", ("twitter.com", "x.com"), re.compile(r"^/[^/]{1,40}/status(?:es)?/(\d{5,25})"), None),
    ("instagram", ("instagram.com",), re.compile(r"^/(?:[\w.]{1,40}/)?(?:p|reel|tv)/" + _ID), None),
    ("tiktok", ("tiktok.com",),
     re.compile(r"/(?:video|embed|v\d|player/v1)/(?:v2/)?(\d{8,25})"), None),
    ("facebook", ("facebook.com", "fb.watch"),
     re.compile(r"/(?:posts|videos|watch|photos?)/(?:[\w.]+/)?(\d{5,25})"), None),
    ("spotify", ("open.spotify.com",),
     re.compile(r"^/(?:intl-\w\w/)?(?:embed(?:-podcast)?/)?((?:track|album|episode|show|playlist|artist)/\w{10,40})"),
     "https://open.spotify.com/{}"),
    ("datawrapper", ("datawrapper.dwcdn.net", "datawrapper.de"),
     re.compile(r"^/(?:_/)?(\w{5})(?:/|$)"), None),
    ("map", ("google.com",), re.compile(r"^/maps(?:/|$)()"), None),
    ("map", ("maps.google.com", "openstreetmap.org", "mapbox.com", "umap.openstreetmap.fr"),
     re.compile(r"()"), None),
)  # fmt: skip

VIDEO_HOSTS: dict[str, str] = {
    "vimeo.com": "vimeo", "player.vimeo.com": "vimeo", "dailymotion.com": "dailymotion",
    "geo.dailymotion.com": "dailymotion", "jwplayer.com": "jwplayer", "jwplatform.com": "jwplayer",
    "cdn.jwplayer.com": "jwplayer", "players.brightcove.net": "brightcove", "twitch.tv": "twitch",
    "player.twitch.tv": "twitch", "rumble.com": "rumble", "streamable.com": "streamable",
    "video.ibm.com": "ibm", "ok.ru": "ok", "rutube.ru": "rutube", "player.bilibili.com": "bilibili",
    "v.qq.com": "qq", "embed.ted.com": "ted", "players.ooyala.com": "ooyala",
    "content.jwplatform.com": "jwplayer", "play.vidyard.com": "vidyard", "loom.com": "loom",
    "fast.wistia.net": "wistia", "fast.wistia.com": "wistia", "c-span.org": "c-span",
}  # fmt: skip
AUDIO_HOSTS: dict[str, str] = {
    "w.soundcloud.com": "soundcloud", "soundcloud.com": "soundcloud",
    "embed.podcasts.apple.com": "apple", "player.acast.com": "acast", "embed.acast.com": "acast",
    "play.acast.com": "acast", "player.simplecast.com": "simplecast", "omny.fm": "omny",
    "bandcamp.com": "bandcamp", "widget.deezer.com": "deezer", "anchor.fm": "anchor",
    "podigee.io": "podigee", "player.podigee-cdn.net": "podigee", "art19.com": "art19",
    "html5-player.libsyn.com": "libsyn", "megaphone.fm": "megaphone", "audioboom.com": "audioboom",
    "playlist.megaphone.fm": "megaphone", "embeds.audioboom.com": "audioboom",
    "buzzsprout.com": "buzzsprout", "embed.music.apple.com": "apple", "mixcloud.com": "mixcloud",
    "podcasters.spotify.com": "spotify",
}  # fmt: skip
SHOWN_HOSTS = frozenset({
    "flo.uri.sh", "public.flourish.studio", "flourish.studio", "infogram.com", "e.infogram.com",
    "public.tableau.com", "documentcloud.org", "embed.documentcloud.org", "scribd.com", "issuu.com",
    "e.issuu.com", "slideshare.net", "codepen.io", "jsfiddle.net", "gist.github.com",
    "docs.google.com", "threads.net", "threads.com", "bsky.app", "embed.bsky.app", "t.me",
    "reddit.com", "embed.reddit.com", "pinterest.com", "assets.pinterest.com", "linkedin.com",
    "giphy.com", "imgur.com", "piktochart.com", "thinglink.com", "genial.ly", "view.genial.ly",
    "prezi.com", "canva.com", "everviz.com", "app.everviz.com", "graphics.reuters.com",
    "ourworldindata.org", "cdn.knightlab.com", "uploads.knightlab.com", "storify.com", "vk.com",
    "polldaddy.com", "crowdsignal.com", "sketchfab.com", "archive.org", "gfycat.com",
    "e.notionhero.io", "observablehq.com", "mastodon.social", "chartblocks.com", "dwcdn.net",
})  # fmt: skip
"""Hosts whose frames are shown to readers; frames of other hosts are mostly advertising."""


class _Page(NamedTuple):
    """The paths under which a parameter names a thing, and the address of the thing."""

    paths: frozenset[str]
    url: str


_YOUTUBE_PAGES = {
    "v": _Page(frozenset({"/watch"}), "https://www.youtube.com/watch?v={}"),
    "list": _Page(
        frozenset({"/embed/videoseries", "/embed", "/embed/", "/playlist"}),
        "https://www.youtube.com/playlist?list={}",
    ),
}
_NAMED, _POST = re.compile(r"[\w-]{4,80}", re.ASCII), re.compile(r"\d{5,25}", re.ASCII)
_MAPS_HOST = re.compile(r"(?:maps\.)?google\.(?:com?\.)?[a-z]{2,3}")


def host_of(url: str) -> str:
    """The host of an address, lower-case, without ``www`` and ``m``."""
    host = (urlsplit(url).hostname or "").lower()
    return host.removeprefix("www.").removeprefix("m.").removeprefix("mobile.")


def read_source(url: str) -> Source | None:
    """Who provides what ``url`` shows; None where it is none of the known."""
    try:
        parts = urlsplit(url)
        host = host_of(url)
    except ValueError:
        return None
    if named := _by_query(url, host, parts):
        return named
    for provider, hosts, path, canonical in _PATHS:
        if host in hosts and (match := path.search(parts.path[:500])):
            found_id = match[1] or None
            return Source(provider, canonical.format(found_id) if canonical else url, found_id)
    if _MAPS_HOST.fullmatch(host) and parts.path.startswith("/maps"):
        return Source("map", url, None)
    return None


def _by_query(url: str, host: str, parts: SplitResult) -> Source | None:
    """The source whose number or address is a parameter of ``url``."""
    query = parse_qs(parts.query[:4096])
    if host == "facebook.com" and parts.path.startswith("/plugins/") and "href" in query:
        inner = Resolver(None).resolve(query["href"][0])
        if inner is None or not inner.startswith("http") or len(inner) >= len(url):
            return Source("facebook", url, None)
        return read_source(inner) or Source("facebook", inner, None)
    if host == "platform.twitter.com" and _POST.fullmatch(number := query.get("id", [""])[0]):
        return Source("x", f"https://x.com/i/status/{number}", number)
    if host in {"youtube.com", "youtube-nocookie.com"}:
        for name, page in _YOUTUBE_PAGES.items():
            if parts.path in page.paths and _NAMED.fullmatch(number := query.get(name, [""])[0]):
                return Source("youtube", page.url.format(number), number)
    return None
