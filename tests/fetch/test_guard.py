"""The guard: no form of a URL, an answer or a redirect leads to a forbidden address."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator
from ipaddress import IPv4Address, ip_address
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.errors import DnsFailed, FetchError, UrlForbidden
from service.fetch.addresses import is_public
from service.fetch.client import Fetcher, Request
from service.fetch.guard import RECORDS_MAX, Guard
from service.fetch.limits import Limits
from service.fetch.url import REFUSED, parse
from service.settings import Settings
from tests.fetch.forbidden import (
    FORBIDDEN_URLS,
    FORBIDDEN_V4,
    FORBIDDEN_V6,
    PUBLIC,
    forbidden_hosts,
    forms_of_v4,
)
from tests.web import Reply, Web

FORBIDDEN = FORBIDDEN_V4 + FORBIDDEN_V6
PORTS = ("", ":80", ":8080")
_connected: list[Any] = []
_watching = False


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    """Sees every connect of this process, whoever makes it."""
    if _watching and event == "socket.connect":
        _connected.append(arguments[1])


sys.addaudithook(_watch)


@pytest.fixture
def connected() -> Iterator[list[Any]]:
    """The addresses that sockets of this process were connected to during the test."""
    global _watching  # an audit hook cannot be removed
    _connected.clear()
    _watching = True
    yield _connected
    _watching = False


def guard(*answers: str, allow: tuple[str, ...] = ()) -> Guard:
    """A guard for which every name has ``answers``."""

    async def lookup(_: str) -> list[str]:
        return list(answers)

    return Guard(lookup, allow=allow)


async def refuses(checker: Guard, url: str) -> bool:
    """True if ``url`` is refused, and in the one form of words."""
    try:
        await checker.check(url)
    except UrlForbidden as error:
        return (str(error), error.stage) == (REFUSED, "url")
    return False


@pytest.mark.parametrize("port", PORTS)
async def test_no_form_of_a_forbidden_address_passes(port: str) -> None:
    """Over 2,000 hosts in decimal, octal, hex, short, encoded, wide and wrapped forms."""
    checker, hosts = guard("8.8.8.8"), list(forbidden_hosts())

    passed = [host for host in hosts if not await refuses(checker, f"http://{host}{port}/x")]

    assert passed == []
    assert len(hosts) > 2_000


@pytest.mark.parametrize("url", FORBIDDEN_URLS, ids=repr)
async def test_no_dubious_url_passes(url: str) -> None:
    """Schemes, user names, ports, backslashes, controls, internal names: refused as written."""
    assert await refuses(guard("8.8.8.8"), url)


async def test_no_name_with_a_forbidden_answer_passes() -> None:
    """Alone, before or after a public answer, and among many."""
    passed = [
        (address, before, after)
        for address in FORBIDDEN
        for before, after in (([], []), (["1.1.1.1"], []), ([], ["1.1.1.1"]), (PUBLIC[:9], []))
        if not await refuses(guard(*before, address, *after), "https://a.example/")
    ]

    assert passed == []


async def test_public_addresses_pass() -> None:
    """By name and as literals, on every allowed port."""
    for address in PUBLIC:
        host = f"[{address}]" if ":" in address else address
        for port in (80, 443, 8080, 8443):
            by_name = await guard(address).check(f"http://a.example:{port}/")
            literal = await guard().check(f"http://{host}:{port}/")
            assert by_name.addresses == (address,)
            assert [ip_address(text) for text in literal.addresses] == [ip_address(address)]


@pytest.mark.parametrize("form", list(forms_of_v4("8.8.8.8"))[:11])
async def test_odd_forms_of_public_addresses_are_what_browsers_make_of_them(form: str) -> None:
    """One parser decides: the form is read as the standard says, and connected to as read."""
    target = await guard().check(f"http://{form}/")

    assert (target.url.host, target.addresses) == ("8.8.8.8", ("8.8.8.8",))


@pytest.mark.parametrize(
    "url",
    [
        "http://a.example", "HTTPS://A.EXAMPLE/", "http://a.example./x", "http://a_b.example:8443/?q=1#f",
        "http://MÜNCHEN.example/ä", " http://a.example/ ", "http://a.example:0080/", "http://xn--a.example/",
    ],
)  # fmt: skip
async def test_ordinary_urls_pass(url: str) -> None:
    """What people paste is accepted."""
    assert (await guard("8.8.8.8").check(url)).addresses == ("8.8.8.8",)


async def test_answers_that_make_no_sense_are_refused() -> None:
    """None, too many, scoped, or no address at all."""
    many = [str(IPv4Address("8.0.0.0") + number) for number in range(RECORDS_MAX + 1)]

    assert await refuses(guard(), "http://a.example/")
    assert await refuses(guard(*many), "http://a.example/")
    assert not await refuses(guard(*many[:-1]), "http://a.example/")
    assert await refuses(guard("fe80::1%2"), "http://a.example/")
    assert await refuses(guard("2606:4700::1%2"), "http://a.example/")
    assert await refuses(guard("nonsense"), "http://a.example/")


# What the operator allows, and with it: which URL passes, which does not, by the name's answers.
ALLOWED = [
    ("10.0.0.0/8", ["10.1.2.3"], "http://a.example/", True),
    ("10.0.0.0/8", ["10.1.2.3"], "http://a.example:9000/", True),
    ("10.0.0.0/8", ["10.1.2.3"], "http://wiki.corp/", True),
    ("10.0.0.0/8", ["10.1.2.3", "8.8.8.8"], "http://a.example/", False),
    ("10.0.0.0/8", ["192.168.0.1"], "http://a.example/", False),
    ("10.0.0.0/8", ["8.8.8.8"], "http://a.example:9000/", False),
    ("10.0.0.0/8", ["8.8.8.8"], "http://a.example/", True),
    ("10.0.0.5", ["10.0.0.5"], "http://a.example/", True),
    ("10.0.0.5", ["10.0.0.6"], "http://a.example/", False),
    ("10.0.0.5:9000", ["10.0.0.5"], "http://a.example:9000/", True),
    ("10.0.0.5:9000", ["10.0.0.5"], "http://a.example/", False),
    ("fd00::/8", ["fd00::1"], "http://a.example/", True),
    ("[fd00::1]:81", ["fd00::1"], "http://a.example:81/", True),
    ("[fd00::1]:81", ["fd00::1"], "http://a.example/", False),
    ("10.0.0.0/8", ["::ffff:10.0.0.1"], "http://a.example/", True),
    ("wiki.corp", ["10.0.0.1"], "http://wiki.corp/", True),
    ("wiki.corp", ["10.0.0.1"], "http://WIKI.corp.:8765/", True),
    ("wiki.corp", ["10.0.0.1"], "http://x.wiki.corp/", False),
    ("wiki.corp:81", ["10.0.0.1"], "http://wiki.corp/", False),
    (".corp", ["10.0.0.1"], "http://wiki.corp/", True),
    (".corp", ["10.0.0.1"], "http://corp/", False),
    (".corp", ["10.0.0.1"], "http://notcorp/", False),
    ("intranet", ["10.0.0.1"], "http://intranet/", True),
    ("0.0.0.0/0", ["169.254.169.254"], "http://a.example/", False),
    ("169.254.169.254", ["169.254.169.254"], "http://169.254.169.254/", False),
    ("0.0.0.0/0", ["100.100.100.200"], "http://a.example/", False),
    ("168.63.129.16", ["168.63.129.16"], "http://a.example/", False),
    ("fd00::/8", ["fd00:ec2::254"], "http://a.example/", False),
    ("metadata.google.internal", ["10.0.0.1"], "http://metadata.google.internal/", False),
    (".internal", ["169.254.169.254"], "http://x.internal/", False),
    (".internal", ["10.0.0.1"], "http://metadata.google.internal/", False),
]


@pytest.mark.parametrize(("entry", "answers", "url", "passes"), ALLOWED)
async def test_the_operator_may_allow_names_and_networks(
    entry: str, answers: list[str], url: str, passes: bool
) -> None:
    """What is listed passes on any port or the listed one; metadata never passes."""
    assert await refuses(guard(*answers, allow=(entry,)), url) is not passes


@pytest.mark.parametrize("entry", ["10.0.0.0/33", "http://a", "a b", "::1]:80", "a:b:c", "/", ""])
def test_a_list_that_cannot_be_read_stops_the_start(entry: str) -> None:
    """A typo in the list is not a hole."""
    with pytest.raises(ValueError, match="fetch_allow"):
        guard(allow=(entry,))


async def test_whether_an_internal_name_exists_is_not_told() -> None:
    """A name that can only be internal is refused alike, whether it resolves or not."""

    async def nothing(_: str) -> list[str]:
        raise DnsFailed("the host name does not exist", stage="dns")

    for allow in ((), ("10.0.0.0/8",)):
        for url in ("http://db.internal/", "http://db/", "http://db.svc.cluster.local/"):
            assert await refuses(Guard(nothing, allow=allow), url)
    with pytest.raises(DnsFailed):
        await Guard(nothing).check("http://a.example/")


@given(st.text(max_size=60))
def test_any_text_is_parsed_or_refused(text: str) -> None:
    """Nothing but a Url or the one refusal comes out, whatever goes in."""
    for url in (text, f"http://{text}", f"http://a.example{text}"):
        try:
            parsed = parse(url)
        except UrlForbidden:
            continue
        assert parsed.scheme in {"http", "https"}
        assert parse(parsed.href) == parsed
        assert not set("\\@ \t\r\n\x00#") & set(parsed.href.split("?")[0].split("/", 3)[2])


@given(st.ip_addresses(v=4))
def test_wrapped_addresses_are_as_public_as_what_they_wrap(address: IPv4Address) -> None:
    """Mapped and NAT64 forms follow the inner address; 6to4, Teredo and compatible never pass."""
    high, low = f"{int(address) >> 16:x}", f"{int(address) & 0xFFFF:x}"

    for form in (f"::ffff:{high}:{low}", f"64:ff9b::{high}:{low}", f"2606:4700::5efe:{high}:{low}"):
        assert is_public(form) == is_public(str(address))
    for form in (
        f"::{high}:{low}",
        f"2002:{high}:{low}::",
        f"2001:0:{high}:{low}::",
        f"64:ff9b:1::{high}:{low}",
    ):
        assert not is_public(form)


@given(st.ip_addresses())
def test_our_table_is_stricter_than_the_standard_library(address: Any) -> None:
    """What Python calls private, reserved or multicast never passes."""
    if is_public(str(address)) and address.version == 4:
        assert address.is_global and not address.is_multicast and not address.is_reserved


@pytest.fixture
async def rebinding() -> AsyncIterator[tuple[Fetcher, list[str]]]:
    """A fetcher whose names answer, each time they are asked, the next of a list."""
    answers: list[str] = []

    async def lookup(_: str) -> list[str]:
        return [answers.pop(0)]

    limits = Limits(connect_s=0.2, headers_s=0.2)
    settings = Settings(robots=False)
    async with Fetcher(settings, None, limits=limits, lookup=lookup) as fetcher:
        yield fetcher, answers


async def test_a_name_that_changes_its_answer_gains_nothing(
    rebinding: tuple[Fetcher, list[str]], connected: list[Any]
) -> None:
    """The address that was checked is the one connected to; it is not asked for again."""
    fetcher, answers = rebinding
    for forbidden in ("127.0.0.1", "10.0.0.1", "169.254.169.254", "::1"):
        answers[:] = ["8.8.8.8", forbidden, forbidden]

        with pytest.raises(FetchError):
            await fetcher.fetch(Request(url="http://a.example/"))

        assert answers == [forbidden, forbidden]
    assert {address[0] for address in connected} == {"8.8.8.8"}


async def test_forbidden_fetches_open_no_connection(connected: list[Any]) -> None:
    """Not a packet is sent for pages, feeds or webhooks that are refused."""

    async def lookup(host: str) -> list[str]:
        return [host.removesuffix(".example").replace("-", ".")]

    async with Fetcher(Settings(robots=False), None, lookup=lookup) as fetcher:
        for url in [f"http://{host}/" for host in forbidden_hosts()][::7] + [
            f"http://{address.replace('.', '-')}.example/" for address in FORBIDDEN_V4
        ]:
            with pytest.raises(UrlForbidden):
                await fetcher.fetch(Request(url=url))
            with pytest.raises(UrlForbidden):
                await fetcher.post(url, b"", {})

    assert connected == []


async def test_forbidden_redirects_open_no_further_connection(
    origin: Web, connected: list[Any]
) -> None:
    """From an allowed page to every kind of forbidden one: only the first is connected to."""
    targets = [f"http://{host}/" for host in forbidden_hosts() if host != "127.0.0.1"][::9]
    names = {"good.example": "127.0.0.1", "bad.example": "10.0.0.1"}

    async def lookup(host: str) -> list[str]:
        return [names[host]]

    settings = Settings(fetch_allow=("good.example",), robots=False)
    async with Fetcher(settings, None, lookup=lookup) as fetcher:
        for target in [*targets, "http://bad.example/", f"http://127.0.0.1:{origin.port}/x"]:
            origin.reply("/a", Reply(302, b"", {"Location": ascii_location(target)}))
            with pytest.raises(UrlForbidden):
                await fetcher.fetch(Request(url=f"http://good.example:{origin.port}/a"))

    assert {address[:2] for address in connected} == {("127.0.0.1", origin.port)}


def ascii_location(url: str) -> str:
    """The URL as a server would write it in a header."""
    return url.encode().decode("latin-1")


async def test_proxies_of_the_environment_are_ignored(
    origin: Web, receiver: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy would resolve names itself, past the guard."""
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, receiver.url)
    url = origin.page("/a", "x")

    async with Fetcher(Settings(fetch_allow=("127.0.0.1",)), None) as fetcher:
        await fetcher.fetch(Request(url=url))

    assert receiver.requests == []


async def test_a_kept_connection_is_not_used_for_another_address(origin: Web) -> None:
    """When a name moves, the connection to its old address is closed, not used again."""
    answers = [["127.0.0.1"], ["127.0.0.2"]]

    async def lookup(_: str) -> list[str]:
        return answers[0]

    url = f"http://a.example:{origin.port}/a"
    origin.page("/a", "x")
    settings = Settings(fetch_allow=("127.0.0.0/8",), robots=False)
    async with Fetcher(settings, None, lookup=lookup) as fetcher:
        await fetcher.fetch(Request(url=url))
        del answers[0]
        with pytest.raises(FetchError) as raised:
            async with asyncio.timeout(60):
                await fetcher.fetch(Request(url=url))

    assert raised.value.code == "connect_failed"
