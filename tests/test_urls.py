"""Addresses that may leave the service."""

from __future__ import annotations

import pytest

from service.urls import URL_CHARS_MAX, safe_url, safe_web_url


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.example/b?c=1&d=2#e", "https://a.example/b?c=1&d=2#e"),
        (" HTTPS://a.example/b c", "HTTPS://a.example/b%20c"),
        ("http://[2001:db8::1]:8080/", "http://[2001:db8::1]:8080/"),
        ("https://a.example/\"onload='x'<b>`", "https://a.example/%22onload=%27x%27%3Cb%3E%60"),
        ("ht\ntps://a.example/", "https://a.example/"),
        ("https://a.example/é", "https://a.example/é"),
        ("mailto:a@b.example?subject=x y", "mailto:a@b.example?subject=x%20y"),
        ("tel:+49 30 123", "tel:+49%2030%20123"),
    ],
)
def test_safe_addresses_pass_with_their_delimiters_encoded(url: str, expected: str) -> None:
    """What can be followed safely passes; what could end an attribute is percent-encoded."""
    assert safe_url(url) == expected


@pytest.mark.parametrize(
    "url",
    [
        None, "", "/a", "a.example", "//a.example/", "https://", "https:///a", "https:a.example",
        "javascript:alert(1)", "java\tscript:alert(1)", "\x01javascript:alert(1)",
        "data:text/html,x", "vbscript:x", "file:///etc/passwd", "blob:https://a.example/1",
        "view-source:https://a.example", "https://a.example\\@evil.example/", "https://[::1",
        "mailto:", "tel:x", "feed:https://a.example", "https://a.example/" + "x" * URL_CHARS_MAX,
    ],
)  # fmt: skip
def test_everything_else_is_refused(url: str | None) -> None:
    """Relative, broken, endless and executable addresses are refused."""
    assert safe_url(url) is None


def test_what_is_loaded_must_be_of_the_web() -> None:
    """A picture cannot come from a telephone number."""
    assert safe_web_url("tel:+1") is None
    assert safe_web_url("https://a.example/a.png") == "https://a.example/a.png"
