# ruff: noqa: E501
"""Only what can be an article passes; every other page is named for what it is."""

from __future__ import annotations

import pytest

from service.article import ARTICLE_KINDS
from service.extract import Page, extract
from tests.extract.gate.stubs import Stub, page, site, stubs

_URL = "https://news.example.org/2024/05/harbour-wall"
_STORY = "".join(
    f"<p>The council of the harbour town met for the {i}th time this year to discuss the wall, which "
    "has protected the quay since it was built and which the storms of the winter have damaged.</p>"
    for i in range(4, 12)
)
_BANNER = (
    '<div id="onetrust-consent-sdk"><h2>We value your privacy</h2><p>We and our partners store and/or '
    "access information on a device and process personal data. Personalised ads and content, ad and "
    "content measurement, audience research.</p><button>Accept all</button><button>Reject all</button></div>"
)


def read(html: str, status: int = 200) -> str:
    return extract(Page(content=html, url=_URL, status=status)).page_kind


@pytest.mark.parametrize("stub", stubs(), ids=lambda stub: stub.name)
def test_stubs_are_refused(stub: Stub) -> None:
    """No stub of a common product passes as an article."""
    kind = read(stub.html, stub.status)

    assert kind not in ARTICLE_KINDS


def test_stubs_are_named() -> None:
    """Nearly every stub is named for what it is; a status of failure may say error_page instead."""
    found = [(stub, read(stub.html, stub.status)) for stub in stubs()]

    right = [s for s, kind in found if kind == s.kind or (s.status >= 400 and kind == "error_page")]

    assert len(right) >= 0.97 * len(found)


@pytest.mark.parametrize("title", [
    "Harbour town votes to rebuild its wall", "Page not found: how the web forgets",
    "Access denied: inside the locked archive", "Why we use cookies and what they know",
    "Subscribe to read? The future of newspapers", "Is 404 the end of the line?",
])  # fmt: skip
def test_a_story_is_never_a_stub(title: str) -> None:
    """A story passes whatever its headline says, with a banner, a paywall's script and a login form."""
    form = '<form class="login-form"><input type=password>Forgot password?</form>'
    story = f"<article><h1>{title}</h1>{_STORY}</article>{form}{_BANNER}"

    kind = read(site(f"{title} | The Marrow Gazette", story))

    assert kind == "article"


def test_a_short_story_with_a_banner_passes() -> None:
    """A brief item of one paragraph is not taken for the consent banner that covers it."""
    head = '<meta property="og:type" content="article">'
    title = "Ferry resumes service"
    story = (
        f"<article><h1>{title}</h1><time datetime=2024-05-06>6 May 2024</time><p>The ferry between "
        "Marrow Bay and the islands runs again from Monday after repairs to its engine, the operator "
        "said. Tickets that were bought for last week stay valid until the end of June.</p></article>"
    )

    kind = read(site(title, story + _BANNER, head))

    assert kind == "article"


def test_a_front_page_is_a_list() -> None:
    """A page of teasers leads to stories and tells none."""
    cards = "".join(
        f'<article><h2><a href="/s/{i}">Council agrees on plan number {i} for the quay</a></h2>'
        f"<time>{i} May</time></article>" for i in range(1, 30)
    )  # fmt: skip

    kind = extract(
        Page(content=page("The Marrow Gazette", cards), url="https://x.example/")
    ).page_kind

    assert kind == "list"


TEASERS = "".join(
    f'<div class="card"><h3><a href="/s/{i}">Council agrees on plan number {i} for the quay</a></h3>'
    "<p>The plan goes to the harbour board next week.</p></div>"
    for i in range(1, 12)
)


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://x.example/world", "World news"),
        ("https://x.example/topics/harbour?ref=a1b2c3d4e5", "Harbour"),
        ("https://x.example/ru/gorod", "Город"),
        ("https://x.example/ja/minato", "港のニュース"),
    ],
)
def test_a_section_is_a_list(url: str, name: str) -> None:
    """A page of a short name and address that tells little and leads to much is no article."""
    html = site(name, f"<h1>{name}</h1>{TEASERS}")

    assert extract(Page(content=html, url=url)).page_kind == "list"


def test_a_story_among_teasers_is_an_article() -> None:
    """A short address and a short headline do not make a list of a page that tells a tale."""
    story = f"<h1>The quay</h1>{_STORY}{_STORY}<p>{'The wall will stand until spring. ' * 20}</p>"
    html = site("The quay", f"<main>{story}</main>{TEASERS}")

    assert extract(Page(content=html, url="https://x.example/world/quay")).page_kind == "article"


GOODS = "".join(
    f'<div class="card"><a href="/p/{i}">Rope of the sort {i} for the quay</a><b>€ {i}.95</b></div>'
    for i in range(1, 20)
)


_PROSE = f"<p>{'A rope should last for many summers. ' * 20}</p>" * 2


def test_a_shelf_is_a_list_whatever_is_written_beneath() -> None:
    """Its address and its prices tell; a page that says that it is an article is none."""
    html = site("Ropes", f"<h1>Ropes</h1>{GOODS}{TEASERS}{_PROSE}")
    declared = html.replace("<head>", '<head><meta property="og:type" content="article">')
    url = "https://x.example/collections/ropes"

    assert extract(Page(content=html, url=url)).page_kind == "list"
    assert extract(Page(content=declared, url=url)).page_kind == "article"


def test_a_story_with_prices_is_an_article() -> None:
    """A review of many things names what they cost."""
    title = "The best ropes for every boat that we have tried"
    html = site(title, f"<h1>{title}</h1>{_PROSE}{GOODS}{_PROSE}")

    found = extract(Page(content=html, url="https://x.example/the-best-ropes-for-every-boat"))

    assert found.page_kind == "article"


@pytest.mark.parametrize(("head", "kind"), [
    ('<script type="application/ld+json">{"@type":"LiveBlogPosting","headline":"Storm"}</script>',
     "live_blog"),
    ('<script type="application/ld+json">{"@type":"ImageGallery","name":"Storm"}</script>', "gallery"),
    ('<script type="application/ld+json">{"@type":"PodcastEpisode","name":"Storm"}</script>', "audio"),
    ('<meta property="og:type" content="video.other">', "video"),
])  # fmt: skip
def test_sorts_of_articles_are_told_apart(head: str, kind: str) -> None:
    """What the head declares about a story with text says which sort it is."""
    story = "".join(_STORY.partition("</p>")[:2]) * 3

    found = read(page("Storm", f"<article><h1>Storm</h1>{story}</article>", head))

    assert found == kind


_ANNOUNCED = (
    '<meta property="og:type" content="article"><meta property="og:title" content="Wall to rise">'
    '<meta property="article:published_time" content="2024-05-03T08:00:00Z">'
)
_LEAD = '<meta name="description" content="The council votes on the wall of the harbour, which the storms of the winter have damaged.">'


@pytest.mark.parametrize(("head", "kind"), [
    (_ANNOUNCED + _LEAD, "article"), (_ANNOUNCED, "empty"), (_LEAD, "empty"),
])  # fmt: skip
def test_an_announced_article_without_a_body_passes(head: str, kind: str) -> None:
    """A page without text is an article where its head dates, names and summarizes one."""
    found = extract(Page(content=page("", '<a href="/">Home</a>', head), url=_URL))

    assert found.page_kind == kind
    assert kind == "empty" or "no_body" in found.quality.warnings


def test_results_in_code_are_an_article() -> None:
    """A page whose whole text is set as code is not empty."""
    results = "\n".join(f"{i}. Club of street {i * 7}  {i * 3 + 11}.4 s" for i in range(1, 60))
    found = read(
        page("Relay results", f"<article><h1>Relay results</h1><pre>{results}</pre></article>")
    )

    assert found == "article"


def test_a_failed_answer_is_never_an_article() -> None:
    """A status of failure goes before a page full of text."""
    kind = read(page("Storm", f"<article><h1>Storm</h1>{_STORY}</article>"), status=500)

    assert kind == "error_page"


def test_quality_has_reasons() -> None:
    """An article says what made the extractor doubt; a stub has no score."""
    story = extract(
        Page(content=page("Storm", f"<article><h1>Storm</h1>{_STORY}</article>"), url=_URL)
    )
    stub = extract(Page(content="", url=_URL))

    assert 0.5 < story.quality.score < 1
    assert "no_date" in story.quality.warnings
    assert (stub.quality.score, stub.quality.warnings) == (0, ["empty"])


@pytest.mark.parametrize(("text", "kind"), [
    ("", "empty"),
    ("Just a moment...\nChecking your browser\nVerify you are human\nRay ID 8a", "captcha"),
    ("Page not found\n\nThe page you are looking for does not exist.", "soft_404"),
    ("We value your privacy\nWe and our partners use cookies.\nAccept all\nReject all", "consent"),
])  # fmt: skip
def test_texts_pass_the_gate_too(text: str, kind: str) -> None:
    """A stub that was dumped as text is refused like its page."""
    found = extract(Page(content=text, kind="text")).page_kind

    assert found == kind
