"""Embeds, video and audio of pages."""

from __future__ import annotations

import time

import pytest

from service.article import Audio, Embed, Video
from service.extract import Page, extract, parse
from service.extract.media.embeds import read_embeds
from service.extract.media.providers import PROVIDERS, read_source
from service.render import text_of
from tests.extract.media.test_media import blocks_of

TWEET = """<blockquote class="twitter-tweet"><p lang="en">The levee holds.</p>&mdash; Jon (@jon)
    <a href="https://twitter.com/jon/status/1234567890123">January 6, 2026</a></blockquote>"""

EMBEDS = {
    "youtube frame": ('<iframe src="//www.youtube.com/embed/abcdefghijk?rel=0"></iframe>',
        "youtube", "https://www.youtube.com/watch?v=abcdefghijk", "abcdefghijk"),
    "lazy frame": ('<iframe data-src="https://youtube-nocookie.com/embed/abcdefghijk"></iframe>',
        "youtube", "https://www.youtube.com/watch?v=abcdefghijk", "abcdefghijk"),
    "facade": ('<lite-youtube videoid="abcdefghijk"></lite-youtube>',
        "youtube", "https://www.youtube.com/watch?v=abcdefghijk", "abcdefghijk"),
    "AMP": ('<amp-youtube data-videoid="abcdefghijk"></amp-youtube>',
        "youtube", "https://www.youtube.com/watch?v=abcdefghijk", "abcdefghijk"),
    "tweet": (TWEET, "x", "https://twitter.com/jon/status/1234567890123", "1234567890123"),
    "tweet by number": ('<div class="tweet" data-tweet-id="1234567890123"></div>',
        "x", "https://x.com/i/status/1234567890123", "1234567890123"),
    "instagram": ("""<blockquote class="instagram-media"
        data-instgrm-permalink="https://www.instagram.com/p/C1abcDEF/?utm_source=x"></blockquote>""",
        "instagram", "https://www.instagram.com/p/C1abcDEF/?utm_source=x", "C1abcDEF"),
    "tiktok": ("""<blockquote class="tiktok-embed"
        cite="https://www.tiktok.com/@jon/video/7312345678901234567"></blockquote>""",
        "tiktok", "https://www.tiktok.com/@jon/video/7312345678901234567", "7312345678901234567"),
    "facebook": ("""<iframe src="https://www.facebook.com/plugins/post.php?href=https%3A%2F%2F
        www.facebook.com%2Fplain%2Fposts%2F123456"></iframe>""".replace("\n        ", ""),
        "facebook", "https://www.facebook.com/plain/posts/123456", "123456"),
    "spotify": ('<iframe src="https://open.spotify.com/embed/episode/4rOoJ6Egrf8K2IrywzwOMk">'
        "</iframe>", "spotify", "https://open.spotify.com/episode/4rOoJ6Egrf8K2IrywzwOMk",
        "episode/4rOoJ6Egrf8K2IrywzwOMk"),
    "datawrapper": ('<iframe src="https://datawrapper.dwcdn.net/aB3dE/2/"></iframe>',
        "datawrapper", "https://datawrapper.dwcdn.net/aB3dE/2/", "aB3dE"),
    "datawrapper by script": ("""<div id="datawrapper-vis-aB3dE"></div>
        <script src="https://datawrapper.dwcdn.net/aB3dE/embed.js"></script>""",
        "datawrapper", "https://datawrapper.dwcdn.net/aB3dE/", "aB3dE"),
    "spotify of a country": ("""<iframe
        src="https://open.spotify.com/intl-de/track/4rOoJ6Egrf8K2IrywzwOMk"></iframe>""",
        "spotify", "https://open.spotify.com/track/4rOoJ6Egrf8K2IrywzwOMk",
        "track/4rOoJ6Egrf8K2IrywzwOMk"),
    "playlist": ('<iframe src="https://www.youtube.com/embed/videoseries?list=PL12_-34"></iframe>',
        "youtube", "https://www.youtube.com/playlist?list=PL12_-34", "PL12_-34"),
    "map of a country": ('<iframe src="https://maps.google.co.uk/maps?q=sea"></iframe>',
        "map", "https://maps.google.co.uk/maps?q=sea", None),
    "facebook with a script": ("""<iframe
        src="https://www.facebook.com/plugins/post.php?href=javascript:alert(1)"></iframe>""",
        "facebook", "https://www.facebook.com/plugins/post.php?href=javascript:alert(1)", None),
    "facebook without an address": ("""<iframe
        src="https://www.facebook.com/plugins/post.php?href=http%3A%2F%2F%5Bbad"></iframe>""",
        "facebook", "https://www.facebook.com/plugins/post.php?href=http%3A%2F%2F%5Bbad", None),
    "AMP without a scheme": ("""<amp-facebook data-href="//www.facebook.com/plain/posts/123456">
        </amp-facebook>""", "facebook", "https://www.facebook.com/plain/posts/123456", "123456"),
    "map": ('<iframe src="https://www.google.com/maps/embed?pb=1"></iframe>',
        "map", "https://www.google.com/maps/embed?pb=1", None),
    "other": ('<iframe src="https://flo.uri.sh/visualisation/12345/embed"></iframe>',
        "other", "https://flo.uri.sh/visualisation/12345/embed", None),
}  # fmt: skip


@pytest.mark.parametrize("shape", EMBEDS)
def test_embed_is_named_by_its_provider(shape: str) -> None:
    """Whatever loads it, an embed has its provider, its own address and its number there."""
    html, provider, url, provider_id = EMBEDS[shape]

    (block,) = blocks_of(html)

    assert isinstance(block, Embed)
    assert (block.provider, block.url, block.provider_id) == (provider, url, provider_id)


def test_text_of_a_quoted_post_is_kept() -> None:
    """The words of a post stay with its embed, since the post may be gone."""
    (block,) = blocks_of(TWEET)

    assert isinstance(block, Embed)
    assert block.text is not None
    assert block.text.startswith("The levee holds.")


def test_caption_of_a_frame_is_its_text() -> None:
    """An embed in a figure keeps what the figure prints, and the figure is shown once."""
    blocks = blocks_of("""<figure><div class="ratio">
        <iframe src="https://www.youtube.com/embed/abcdefghijk"></iframe></div>
        <img src="/still.jpg"><figcaption>The levee from the air</figcaption></figure>""")

    assert [type(block) for block in blocks] == [Embed]
    assert isinstance(blocks[0], Embed)
    assert blocks[0].text == "The levee from the air"


def test_video_has_its_file_poster_and_duration() -> None:
    """A player of the page itself is a video with its largest facts."""
    (block,) = blocks_of("""<video poster="/p.jpg" data-duration="PT1M30S" controls>
        <source src="/v.mp4" type="video/mp4"></video>""")

    assert block == Video(
        src="https://plain.example/v.mp4", poster="https://plain.example/p.jpg", duration_s=90
    )


def test_audio_and_players_of_other_sites_are_told_apart() -> None:
    """A sound file, a podcast frame and a video frame become audio and video blocks."""
    blocks = blocks_of("""<audio src="/a.mp3" data-duration="1:30"></audio>
        <iframe src="https://w.soundcloud.com/player/?url=1"></iframe>
        <iframe src="https://player.vimeo.com/video/1" title="The levee from the air"></iframe>""")

    assert blocks == [
        Audio(src="https://plain.example/a.mp3", duration_s=90),
        Audio(provider="soundcloud", url="https://w.soundcloud.com/player/?url=1"),
        Video(
            provider="vimeo",
            url="https://player.vimeo.com/video/1",
            caption="The levee from the air",
        ),
    ]


@pytest.mark.parametrize(
    "html",
    [
        '<iframe src="https://ads.example/frame"></iframe>',
        '<iframe src="https://www.youtube.com/embed/abcdefghijk" width="1" height="1"></iframe>',
        '<iframe src="javascript:alert(1)"></iframe>',
        '<iframe src="about:blank"></iframe>',
        '<video autoplay loop muted src="/moving-background.mp4"></video>',
        '<div style="display:none"><iframe src="https://youtube.com/embed/abcdefghijk"></iframe></div>',
        '<a href="https://twitter.com/jon/status/1234567890123">a link</a>',
        '<div class="share" data-href="https://www.facebook.com/sharer?u=x"></div>',
    ],
)
def test_what_is_not_for_readers_is_no_embed(html: str) -> None:
    """Advertising, pixels, backgrounds, links and share buttons are not embeds."""
    assert blocks_of(html) == []


def test_same_embed_is_shown_once() -> None:
    """A post that is quoted and framed is one embed."""
    assert len(blocks_of(TWEET + TWEET)) == 1


def test_every_provider_of_the_vocabulary_can_be_read() -> None:
    """The providers that can be read are those that an embed may name."""
    assert {provider for _html, provider, *_ in EMBEDS.values()} == set(PROVIDERS)


@pytest.mark.parametrize(
    "url",
    ["https://[", "https://x.com", "https://www.youtube.com/watch", "",
     "https://www.youtube.com/watch?v=%22%3E%3Cscript%3E"],
)  # fmt: skip
def test_scraps_of_addresses_have_no_source(url: str) -> None:
    """Addresses without a thing to show are nobody's."""
    assert read_source(url) is None


HOSTILE = {
    "frames": '<iframe src="https://www.youtube.com/embed/abcdefghijk">x</iframe>' * 20_000,
    "posts in posts": '<blockquote class="twitter-tweet">' * 20_000,
    "links": '<blockquote class="twitter-tweet">' + '<a href="/x">x</a>' * 50_000,
    "inner addresses": '<iframe src="https://facebook.com/plugins/post?href=' * 200,
    "sources": "<video>" + "<source src=javascript:x>" * 50_000,
}


@pytest.mark.parametrize("shape", HOSTILE)
def test_hostile_pages_end_in_time(shape: str) -> None:
    """Reading embeds takes time that is linear in the size of the page, whatever its shape."""
    document = parse(Page(content=HOSTILE[shape], url="https://plain.example/"))
    started = time.process_time()

    read_embeds(document)

    assert time.process_time() - started < 1.5


def test_invitation_of_a_post_is_not_its_text() -> None:
    """A post whose markup only invites to see it has no text of its own."""
    (block,) = blocks_of("""<blockquote class="instagram-media"><a
        href="https://www.instagram.com/p/C1abcDEF/">View this post on Instagram</a>
        <p><a href="https://www.instagram.com/p/C1abcDEF/">A post shared by Jon (@jon)</a></p>
        </blockquote>""")

    assert isinstance(block, Embed)
    assert block.text is None


def test_story_keeps_the_posts_that_it_ends_with() -> None:
    """Posts after the last paragraph are part of the story, and their words of its text."""
    prose = "".join(
        f"<p>The water rose for {n} hours through the night, and then the {name} was cut off.</p>"
        for n, name in enumerate(("town", "market", "school", "bridge", "station", "church"), 2)
    )
    html = f"<article><h1>River</h1>{prose}{TWEET}</article><p>© Plain Paper</p>"

    article = extract(Page(content=html, url="https://plain.example/river"))

    assert isinstance(article.body[-1], Embed)
    assert text_of(article).endswith("January 6, 2026")
