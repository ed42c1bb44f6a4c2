"""Which page a URL names."""

from __future__ import annotations

import ada_url
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.address import (
    _PLAIN,
    KEY_CHARS_MAX,
    TRACKING,
    _parts,
    identity_key,
    site_domain,
)
from service.errors import InvalidRequest
from service.extract.metadata.site import site_domain as of_article

# Each line: URLs that name one page, and the key of all of them.
SAME = {
    "example.com/": [
        "http://example.com",
        "https://example.com/",
        "HTTPS://EXAMPLE.COM:443/#top",
        "http://www.example.com:80/index.html",
        "http://example.com./",
        "http://m.example.com/?utm_source=a&utm_medium=b",
        "https://www2.example.com/index.php",
        "https://example.com/amp",
        "https://example.com/default.aspx?fbclid=x",
        " https://example.com/\t",
    ],
    "example.com/news/a-story": [
        "https://example.com/news/a-story/",
        "https://example.com/news/a-story/amp/",
        "https://example.com/news/a-story.amp",
        "https://example.com/amp/news/a-story",
        "https://example.com//news//a-story",
        "https://example.com/x/../news/./a-story",
        "https://example.com/news/a-story;jsessionid=1A2B",
        "https://example.com/news/a-story?amp=1",
        "https://example.com/news/a-story?outputType=amp&print=1",
        "https://example.com/news/a-story/?ref=home#comments",
        "https://example.com/news/%61-story",
        "https://amp.example.com/news/a-story/index.htm",
        "https://example-com.cdn.ampproject.org/c/s/example.com/news/a-story",
        "https://www.google.com/amp/s/www.example.com/news/a-story.amp",
        "https://www.google.co.uk/amp/example.com/news/a-story/amp/",
    ],
    "example.com/news/a.html": [
        "https://example.com/news/a.html",
        "https://example.com/news/a.amp.html",
        "https://example.com/news/a-amp.html",
        "https://touch.example.com/news/a.html?gclid=1&GCLSRC=2",
    ],
    "example.com/?p=123": ["http://example.com/?p=123", "http://www.example.com/index.php?p=123&rss"],
    "example.com/a?id=7&page=2": [
        "https://example.com/a?page=2&id=7",
        "https://example.com/a/?id=7&utm_campaign=x&page=2&",
    ],
    "example.com/a?b=1&b=2": ["https://example.com/a?b=1&b=2"],
    "example.com/a?b=2&b=1": ["https://example.com/a?b=2&b=1"],
    "example.com/?20240105": ["http://example.com/?20240105"],
    "en.example.org/wiki/Caf%C3%A9": [
        "https://en.m.example.org/wiki/Caf%c3%a9",
        "https://en.example.org/wiki/Café",
        "https://en.example.org/wiki/Cafe%CC%81",
    ],
    "example.com/?q=a%20b": ["http://example.com/?q=a+b", "http://example.com/?q=a%20b"],
    "example.com/?q=a%2Bb": ["http://example.com/?q=a%2bb"],
    "example.com/?u=http://b/": ["http://example.com/?u=http%3A%2F%2Fb%2F"],
    "example.com/a%2Fb": ["http://example.com/a%2fb"],
    "example.com/a/b": ["http://example.com/a/b"],
    "example.com/a+b": ["http://example.com/a+b", "http://example.com/a%2Bb"],
    "example.com/caf%E9": ["http://example.com/caf%e9"],
    "example.com/%7C": ["http://example.com/|", "http://example.com/%7c"],
    "example.com/A": ["http://example.com/A"],
    "example.com/a": ["http://example.com/a"],
    "example.com:8080/a": ["http://example.com:8080/a/"],
    "example.com/#!/story/5": ["http://example.com/#!/story/5"],
    "m.com/": ["http://m.com/", "http://www.m.com/"],
    "amp.co.uk/x": ["http://amp.co.uk/x"],
    "xn--mnchen-3ya.example/": ["http://MÜNCHEN.example/", "http://xn--mnchen-3ya.example"],
    "blog.example.com/": ["http://blog.example.com"],
    "127.0.0.1/a": ["http://127.0.0.1/a", "http://2130706433/a"],
    "[2001:db8::1]/": ["http://[2001:DB8:0::1]/"],
    "example.com/a?cid=1&sid=2&source=x": ["http://example.com/a?cid=1&sid=2&source=x"],
    "example.com/amplifier": ["http://example.com/amplifier"],
    "example.com/cramp.html": ["http://example.com/cramp.html"],
    "example.com/indexes/x": ["http://example.com/indexes/x"],
    "example.com/a?amp=5": ["http://example.com/a?amp=5"],
    "example.com/article.php?lang=fr": ["http://example.com/article.php?lang=fr"],
}  # fmt: skip


@pytest.mark.parametrize(("url", "key"), [(url, key) for key, urls in SAME.items() for url in urls])
def test_spellings_of_one_page_have_one_key(url: str, key: str) -> None:
    """What does not choose the page is not in the key; what may is."""
    assert identity_key(url) == key


def test_pages_that_differ_keep_different_keys() -> None:
    """No two keys of the table above are the same."""
    assert len(SAME) == len({identity_key(urls[0]) for urls in SAME.values()})


@pytest.mark.parametrize("name", [name.replace("*", "x") for name in TRACKING])
def test_tracking_parameters_are_dropped_in_any_case(name: str) -> None:
    """Where a reader came from does not choose the page."""
    assert identity_key(f"https://e.com/a?id=1&{name.upper()}=2") == "e.com/a?id=1"


@pytest.mark.parametrize(
    "url", ["", "a", "/a", "ftp://a.example/", "http://", "javascript:1", "http://a b/"]
)
def test_what_is_no_web_address_is_refused(url: str) -> None:
    """A key exists for absolute http and https URLs alone."""
    with pytest.raises(InvalidRequest):
        identity_key(url)


def test_a_long_address_has_a_short_key_of_its_own() -> None:
    """Keys fit an index; addresses that differ at their end keep different keys."""
    long = "https://example.com/" + "a" * 5_000

    keys = {identity_key(long + end) for end in "bcd"}

    assert len(keys) == 3
    assert max(map(len, keys)) <= KEY_CHARS_MAX


@pytest.mark.parametrize(
    ("url", "domain"),
    [
        ("https://www.news.example.co.uk/a", "example.co.uk"),
        ("https://example.com", "example.com"),
        ("https://a.b.example.com.au:8443/", "example.com.au"),
        ("https://x.blogspot.com/2024", "x.blogspot.com"),
        ("https://user.github.io/", "user.github.io"),
        ("http://192.0.2.1/", "192.0.2.1"),
        ("http://[2001:db8::1]/", "[2001:db8::1]"),
        ("http://localhost:8000/", "localhost"),
        ("http://co.uk/", "co.uk"),
        ("http://BÜCHER.example./", "xn--bcher-kva.example"),
        ("https://www.example.中国/", "example.xn--fiqs8s"),
    ],
)
def test_the_site_is_what_its_publisher_registered(url: str, domain: str) -> None:
    """By the public suffix list, private suffixes included."""
    assert site_domain(url) == domain


PARTS = st.text("aA1-._~é%20/+;:@|", max_size=12)


@given(PARTS, st.lists(st.tuples(st.text("abc_", min_size=1, max_size=4), PARTS), max_size=4))
def test_a_key_is_its_own_key(path: str, parameters: list[tuple[str, str]]) -> None:
    """Normalising twice changes nothing, whatever the URL."""
    query = "&".join(f"{name}={value}" for name, value in parameters)
    key = identity_key(f"https://example.com/{path}?{query}")

    assert identity_key(f"https://{key}") == key


@given(PARTS, st.sampled_from(["http://", "https://", "https://www.", "http://m.", "HTTPS://WWW."]))
def test_the_way_to_a_host_is_not_part_of_the_key(path: str, way: str) -> None:
    """Scheme and layout labels never make a double."""
    assert identity_key(f"{way}example.com/{path}") == identity_key(f"https://example.com/{path}")


@pytest.mark.parametrize(
    "url",
    [
        "https://www.news.example.co.uk/a",
        "https://www.münchen.example/straße",
        "https://xn--mnchen-3ya.example/",
        "http://127.0.0.1/a",
        "http://[::1]:8080/",
        "https://localhost/",
    ],
)
def test_an_article_names_its_site_as_the_service_does(url: str) -> None:
    """One name for a site in articles, filters, rules and counts."""
    assert of_article(url) == site_domain(url)


@given(
    st.builds(
        "{}://{}{}{}{}".format,
        st.sampled_from(["http", "HTTPS", "https"]),
        st.sampled_from(["", "user@", "user:p%40ss:w@"]),
        st.sampled_from(
            ["a.example", "[2001:db8::1]", "10.0.0.1", "\u00e4.example", "a%2eb.example"]
        ),
        st.sampled_from(["", ":", ":80", ":443", ":8080"]),
        st.text(st.sampled_from("/?#!@:[]%&=a\u00e9\\;. \t"), max_size=20).map("/{}".format)
        | st.sampled_from(["", "?", "#", "?#", "#!x", "?a=//b@c:1"]),
    )
)
def test_the_parts_of_an_address_are_those_of_the_parser(url: str) -> None:
    """Read from its spelling of the whole, they are what it says when it is asked for each."""
    asked = ada_url.URL(url)

    assert _parts(url) == (
        asked.hostname, asked.port, asked.pathname, asked.search[1:], asked.hash[1:],
    )  # fmt: skip


LABELS = st.text(st.sampled_from("ab1-_A"), max_size=4) | st.just("xn--a")
PIECES = st.text(st.sampled_from("aB9.-_~/%=&+:@!,;"), max_size=12)


@given(
    st.builds(
        "https://{}.{}/{}{}{}".format,
        st.lists(LABELS, max_size=3).map(".".join),
        st.sampled_from(["com", "co.uk", "c0m", "1", "COM", "xn--p1ai"]),
        PIECES,
        st.just("") | PIECES.map("?{}".format),
        st.just("") | PIECES.map("#{}".format),
    )
)
def test_a_plain_address_is_spelled_as_the_parser_spells_it(url: str) -> None:
    """So that the parser need not be asked."""
    try:
        spelled = ada_url.URL(url).href
    except ValueError:
        spelled = ""

    assert _PLAIN.fullmatch(url) is None or spelled == url


def test_addresses_of_stories_are_plain() -> None:
    """Most are; one that is written in another way is not."""
    plain = "https://www.news.example/2026/11/a-story_7.html?id=7&utm_source=a+b#top"
    others = ["/a/../b", "/a%20b", ":443/a", "/a b", "/caf\u00e9", "/.a", "\n"]

    assert _PLAIN.fullmatch(plain)
    assert not any(_PLAIN.fullmatch(f"https://www.news.example{other}") for other in others)
