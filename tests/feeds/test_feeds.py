"""Feeds of every kind, whole and damaged."""

from __future__ import annotations

import gzip
import random
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.article import own_text
from service.errors import FeedUnreadable
from service.extract import Page, extract
from service.feeds import (
    Feed,
    FeedItem,
    Pace,
    next_poll_s,
    page_of,
    read_feed,
    read_opml,
    text_page_of,
    write_opml,
)
from service.feeds.links import announced
from service.feeds.opml import Outline
from service.feeds.schedule import MAX_S, MIN_S

SAMPLES = Path(__file__).parent / "samples"
URL = "https://paper.example/feeds/all"
FILES = sorted(path.name for path in SAMPLES.iterdir())
KINDS = {
    "rss-2.0.xml": "rss", "rss-0.92.xml": "rss", "rss-broken.xml": "rss", "rdf-1.0.xml": "rdf",
    "atom-1.0.xml": "atom", "json-1.1.json": "json", "sitemap.xml": "sitemap",
    "sitemap-news.xml": "sitemap", "sitemap-index.xml": "sitemap_index", "page.html": "page",
}  # fmt: skip


def sample(name: str) -> bytes:
    return (SAMPLES / name).read_bytes()


@pytest.mark.parametrize("name", FILES)
def test_every_kind_is_recognised(name: str) -> None:
    """Each sample is read as what it is, with items or candidates that have absolute URLs."""
    feed = read_feed(sample(name), URL)

    urls = [one.url for one in (*feed.items, *feed.candidates)]
    assert feed.kind == KINDS[name]
    assert len(urls) >= 2
    assert all(url and url.startswith("https://") for url in urls)


def test_rss_says_all_that_is_needed() -> None:
    """Hub, self, ttl, authors, zone of the date and full content of RSS 2.0 are kept."""
    feed = read_feed(sample("rss-2.0.xml"), URL)

    item = feed.items[0]
    assert feed.hub_urls == ["https://hub.example/"]
    assert feed.self_url == "https://paper.example/feeds/all.xml"
    assert feed.ttl_s == 1800
    assert item.guid == "paper-4711"
    assert item.url == "https://paper.example/a/harbour?utm_source=rss"
    assert item.authors == ["Mia Lind"]
    assert item.published == "Tue, 03 Dec 2024 08:15:00 +0100"
    assert item.content_html
    assert "<script>" in item.content_html
    assert item.image == "https://paper.example/i/harbour.jpg"


def test_a_text_says_what_its_item_says() -> None:
    """Title, authors, date and keywords of an item whose content is plain text are its article's;
    a text with front matter of its own, or of an item without a title, stays as it is."""
    story = "The old harbour of Brest reopened on Monday after two years of works. " * 5
    item = FeedItem(
        guid="1", url="https://cms.example/1", title='[Live] Harbour: "open"\nagain',
        authors=["Mia Lind", "Jo Ek"], published="2026-03-01T08:00:00Z", keywords=["sea", "ports"],
    )  # fmt: skip

    told = text_page_of(item, story, site_name="our CMS")
    article = extract(Page(content=told.encode(), kind="text", charset="utf-8", url=item.url))

    assert article.headline == '[Live] Harbour: "open" again'
    assert [author.name for author in article.authors] == ["Mia Lind", "Jo Ek"]
    assert article.published_at == datetime(2026, 3, 1, 8, tzinfo=UTC)
    assert article.keywords == ["sea", "ports"]
    assert [own_text(block) for block in article.body] == [story.strip()]
    assert text_page_of(item, f"---\ntitle: Mine\n---\n{story}").startswith("---\ntitle: Mine")
    assert text_page_of(FeedItem(guid="1"), story) == story


@pytest.mark.parametrize(
    ("element", "title"),
    [
        ("<title>Tom &amp; Jerry</title>", "Tom & Jerry"),
        ('<title type="html">Tom &amp;amp; &lt;em&gt;Jerry&lt;/em&gt;</title>', "Tom & Jerry"),
        ('<title type="html"><![CDATA[It&#8217;s &lt;here&gt;]]></title>', "It\u2019s <here>"),
        ('<title type="text">a &lt;b&gt; c</title>', "a <b> c"),
        (
            '<title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">A <em>big</em> &amp;'
            " one</div></title>",
            "A big & one",
        ),
    ],
)
def test_titles_are_text(element: str, title: str) -> None:
    """Whatever an Atom feed says that they are; in RSS what has been escaped twice is."""
    entry = f'<entry>{element}<id>1</id><link href="https://paper.example/1"/></entry>'
    atom = f'<feed xmlns="http://www.w3.org/2005/Atom">{element}{entry}</feed>'

    feed = read_feed(atom.encode(), URL)

    assert (feed.title, feed.items[0].title) == (title, title)


def test_atom_keeps_published_and_updated_apart() -> None:
    """An entry that states only ``updated`` has no publication date."""
    feed = read_feed(sample("atom-1.0.xml"), URL)

    first, second = feed.items[:2]
    assert (first.published, first.updated) == ("2024-12-03T07:00:00Z", "2024-12-04T09:30:00Z")
    assert (second.published, second.updated) == (None, "2024-12-02T12:00:00+02:00")
    assert feed.language == "fr"


def test_news_sitemaps_give_newest_first() -> None:
    """Entries of a news sitemap come by date, with title, language and keywords."""
    feed = read_feed(sample("sitemap-news.xml"), URL)

    assert [item.title for item in feed.items] == ["Zweite Meldung", "Erste Meldung"]
    assert feed.items[0].language == "de"
    assert feed.items[0].keywords == ["Hafen", "Streik"]


def test_gzip_files_are_inflated() -> None:
    """A ``sitemap.xml.gz`` is read as the sitemap that it holds; a bomb is refused."""
    feed = read_feed(gzip.compress(sample("sitemap.xml")), URL)

    assert feed.kind == "sitemap"
    with pytest.raises(FeedUnreadable, match="larger"):
        read_feed(gzip.compress(b"<urlset>" + b" " * 60_000_000), URL)


@pytest.mark.parametrize("content", [b"", b"   ", b"{}", b"{", b'{"items": 1}', b"plain", b"\x00"])
def test_what_is_no_feed_is_said_so(content: bytes) -> None:
    """Anything else is one clear error."""
    with pytest.raises(FeedUnreadable):
        read_feed(content, URL)


@pytest.mark.parametrize("name", FILES)
def test_random_damage_is_survived(name: str) -> None:
    """Cut, flipped and doubled bytes give a feed or the one error, never another."""
    chance = random.Random(7)
    whole = sample(name)
    for _ in range(60):
        content = bytearray(whole)
        for _ in range(chance.randrange(1, 12)):
            at = chance.randrange(len(content))
            content[at : at + chance.randrange(4)] = chance.randbytes(chance.randrange(4))
        cut = bytes(content[: chance.randrange(len(content))])
        for damaged in (bytes(content), cut):
            try:
                read_feed(damaged, URL)
            except FeedUnreadable:
                continue


def test_entities_are_not_expanded() -> None:
    """A billion laughs and an external entity give neither memory nor a file."""
    laughs = "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10 if i else "ha"}">' for i in range(10))
    bomb = f"<!DOCTYPE opml [{laughs}<!ENTITY f SYSTEM 'file:///etc/passwd'>]>"

    outlines = read_opml(
        f"{bomb}<opml><body><outline text='&a9;&f;' xmlUrl='https://a.example/'/></body></opml>".encode()
    )

    assert "root:" not in str(outlines)
    assert len(str(outlines)) < 1000


def test_opml_survives_a_round_trip() -> None:
    """What is written is read again, folders aside."""
    given_list = read_opml(
        b'<opml version="1.0"><body><outline text="News &amp; more"><outline text="A" '
        b'xmlUrl="https://a.example/f?x=1&amp;y=2" htmlUrl="https://a.example/"/></outline>'
        b'<outline text="no feed"/></body></opml>'
    )

    again = read_opml(write_opml(given_list))

    assert given_list[0].folder == "News & more"
    assert [(one.url, one.title, one.site_url) for one in again] == [
        ("https://a.example/f?x=1&y=2", "A", "https://a.example/")
    ]


def test_half_a_character_costs_only_its_entry() -> None:
    """XML cannot refer to one, and lxml gives it on undecodable."""
    entries = "".join(
        f"<url><loc>https://a.example/{name}</loc></url>" for name in ("&#xD800;", "b")
    )
    outlines = "".join(f"<outline xmlUrl='https://a.example/{n}'/>" for n in ("&#xD800;", "b"))

    feed = read_feed(f"<urlset>{entries}</urlset>".encode(), URL)
    subscriptions = read_opml(f"<opml><body>{outlines}</body></opml>".encode())

    assert [item.url for item in feed.items] == ["https://a.example/b"]
    assert [one.url for one in subscriptions] == ["https://a.example/b"]


def test_opml_holds_any_title() -> None:
    """What XML cannot hold is left out, and the list is still one."""
    written = write_opml(
        [Outline(url="https://a.example/feed", title="a\0\x1b\ud800\ufffe\uffffb")]
    )

    assert [one.title for one in read_opml(written)] == ["ab"]


def test_a_page_of_an_item_escapes_its_texts() -> None:
    """Titles and JSON-LD of a made page cannot end their element."""
    item = FeedItem(guid="1", url="https://a.example/1", title="</script><b>x", authors=["Ann"])

    html = page_of(item, site_name="A")

    assert "</script><b>" not in html
    assert html.count("<script") == html.count("</script>") == 1


@given(
    st.floats(0, 1, exclude_max=True),
    st.floats(1, 1e7),
    st.booleans(),
    st.integers(0, 1000),
    st.none() | st.floats(0, 1e9),
)
def test_the_next_poll_is_within_bounds(
    spread: float, interval_s: float, changed: bool, failures: int, retry_after_s: float | None
) -> None:
    """No feed is asked more often than every five minutes, nor later than a week and a day."""
    pace = Pace(
        interval_s=interval_s, changed=changed, failures=failures, retry_after_s=retry_after_s
    )

    wait_s = next_poll_s(pace, spread)

    assert 0.9 * MIN_S <= wait_s <= 8 * MAX_S


def test_the_pace_follows_the_feed() -> None:
    """News brings the next poll nearer, silence and failure put it off, a ttl bounds it."""
    steady = next_poll_s(Pace(interval_s=1000), 0.5)

    assert next_poll_s(Pace(interval_s=1000, changed=True), 0.5) < steady
    assert next_poll_s(Pace(interval_s=1000, failures=3), 0.5) > steady
    assert next_poll_s(Pace(interval_s=1000, changed=True, ttl_s=7200), 0.5) == 7200
    assert next_poll_s(Pace(interval_s=1000, pushed=True), 0.5) == 21_600


@pytest.mark.parametrize(
    ("links", "hubs", "itself"),
    [
        (['<https://hub.example/>; rel="hub"', "</t>; rel=self"],
         ["https://hub.example/"], "https://paper.example/t"),
        (['<https://a.example/>; rel="hub", <https://b.example/>; title="a, b; c"; rel="x HUB"'],
         ["https://a.example/", "https://b.example/"], "https://own.example/"),
        (["<https://hub.example/?a=1,2;3>;rel=hub;x"], ["https://hub.example/?a=1,2;3"],
         "https://own.example/"),
        (['<javascript:x>; rel="hub"', "<>; rel=hub", "https://c.example/; rel=hub", '</d>; rel="'],
         ["https://own.example/hub"], "https://own.example/"),
        (['</t>; rel="self"'], ["https://own.example/hub"], "https://own.example/"),
        ([], ["https://own.example/hub"], "https://own.example/"),
    ],
)  # fmt: skip
def test_hubs_of_the_headers_come_first(links: list[str], hubs: list[str], itself: str) -> None:
    """Hubs and the feed's own address that Link headers name; without a hub, the feed's word."""
    feed = Feed(kind="rss", self_url="https://own.example/", hub_urls=["https://own.example/hub"])

    found = announced(feed, [("Link", link) for link in links], URL)

    assert (found.hub_urls, found.self_url) == (hubs, itself)


@pytest.mark.parametrize("piece", ["<", "<a>", "<a>;", "<a>;rel=", '<a>;x="', "; ", "<a>;rel=hub,"])
def test_hostile_link_headers_cost_little(piece: str) -> None:
    """No expression runs away on a header of any length."""
    started = time.process_time()

    announced(Feed(kind="rss"), [("Link", piece * 100_000)], URL)

    assert time.process_time() - started < 1
