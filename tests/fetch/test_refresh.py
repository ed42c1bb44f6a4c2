"""Meta refreshes: which are followed, and that none costs more than its length."""

from __future__ import annotations

import time

import pytest

from service.fetch.refresh import amp_reference, refresh_target


@pytest.mark.parametrize(
    ("content", "target"),
    [
        ("<meta http-equiv=refresh content='0;url=/a'>", "/a"),
        ('<META HTTP-EQUIV="Refresh" CONTENT="0; URL=https://b.example/?x=1&amp;y=2">', "https://b.example/?x=1&y=2"),
        ('<meta content="1,/a" http-equiv="refresh">', "/a"),
        ("<meta http-equiv=refresh content=\"3; url='/a b'\">", "/a b"),
        ("<meta http-equiv=refresh content=0;url=/a>", "/a"),
        ("<!-- x --><script>1</script><meta http-equiv=refresh content='0;url=/a'>", "/a"),
        ("<meta http-equiv=refresh content='6;url=/a'>", None),
        ("<meta http-equiv=refresh content='300'>", None),
        ("<meta http-equiv=refresh content=''>", None),
        ("<meta http-equiv=refresh>", None),
        ("<!--<meta http-equiv=refresh content='0;url=/a'>-->", None),
        ("<noscript><meta http-equiv=refresh content='0;url=/a'></noscript>", None),
        ("<script>'<meta http-equiv=refresh content=0;url=/a>'</script>", None),
        ("<meta name=refresh content='0;url=/a'>", None),
        ("<p>refresh your memory</p>", None),
        ("x" * 40_000 + "<meta http-equiv=refresh content='0;url=/a'>", None),
    ],
)  # fmt: skip
def test_what_a_browser_would_follow_soon_is_followed(content: str, target: str | None) -> None:
    """Within five seconds, outside comments, scripts and ``noscript``, near the start."""
    assert refresh_target(content.encode()) == target


@pytest.mark.parametrize(
    ("content", "reference"),
    [
        ("<link rel=amphtml href=/a/amp>", "/a/amp"),
        ('<LINK HREF="https://a.example/?a=1&amp;amp=1" REL="amphtml">', "https://a.example/?a=1&amp=1"),
        ("<link rel=canonical href=/a><link rel='amphtml' href='/b'>", "/b"),
        ("<!--<link rel=amphtml href=/a>-->", None),
        ("<link rel=amphtml>", None),
        ("<p>amphtml</p>", None),
    ],
)  # fmt: skip
def test_the_variant_that_a_head_names(content: str, reference: str | None) -> None:
    """Its reference as it stands, entities undone; comments name none."""
    assert amp_reference(content.encode()) == reference


@pytest.mark.parametrize(
    "piece",
    ["<!--", "<meta ", "<meta http-equiv=refresh ", "<script>", "<noscript", "content=", "<", " "],
)
def test_hostile_heads_cost_linear_time(piece: str) -> None:
    """Repeated openings are no way to hold up the process."""
    content = f"<i refresh>{piece * 40_000}".encode()
    meta = f"<meta http-equiv=refresh content='0;url=a{piece * 800}b'>".encode()
    started = time.process_time()

    refresh_target(content)
    refresh_target(meta)

    assert time.process_time() - started < 0.1
