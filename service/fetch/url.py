"""URLs: one WHATWG parser for the whole service, so that no two parts disagree about a host."""

from __future__ import annotations

import re

import ada_url
from msgspec import Struct

from service.errors import UrlForbidden

URL_CHARS_MAX = 8_192
PORTS = {"http": 80, "https": 443}
REFUSED = (
    "this URL may not be fetched: give a public http or https address on an allowed port "
    "(80, 443, 8080 or 8443 unless configured), without user name, backslash or control characters"
)

# RFC 1123 names, and the underscore that real hosts use. WHATWG allows more; DNS has no use for it.
_NAME = re.compile(r"(?=.{1,253}\Z)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*\Z")
_START = re.compile(r"https?://[^/?#\\]", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x1f\x7f\\]")
_AUTHORITY_END = re.compile(r"[/?#]")


class Url(Struct, frozen=True):
    """A parsed http(s) URL: ``href`` is canonical and has no fragment.

    ``host`` is the name or address that is resolved: lower case, punycode, without brackets
    or the trailing dot.
    """

    href: str
    scheme: str
    host: str
    port: int
    target: str
    is_address: bool

    @property
    def authority(self) -> str:
        """The unit of politeness: the host, with its port if that is not http's or https's."""
        return self.host if self.port in PORTS.values() else f"{self.host}:{self.port}"

    @property
    def origin(self) -> str:
        """Scheme, host and port, as robots.txt counts them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}"


def refused(stage: str = "url") -> UrlForbidden:
    """The one refusal: the same text whatever the reason, so that nobody can scan our network."""
    return UrlForbidden(REFUSED, stage=stage)


def parse(text: str) -> Url:
    """The parsed absolute URL; raises ``UrlForbidden`` for all but a plain http(s) one.

    ``"HTTP://Example.COM.:80/a#b"`` -> ``http://example.com/a``. Backslashes, control characters
    and user names are refused in the raw text: parsers disagree about what they mean.
    """
    text = text.strip(" ")
    if len(text) > URL_CHARS_MAX or _CONTROL.search(text) or not _START.match(text):
        raise refused()
    authority = _AUTHORITY_END.split(text.split("//", 1)[1], maxsplit=1)[0]
    if "@" in authority:
        raise refused()
    try:
        return _of(ada_url.URL(text))
    except ValueError:  # also UnicodeEncodeError: a lone surrogate
        raise refused() from None


def join(base: Url, reference: str) -> Url:
    """The URL that ``reference`` (a Location, a refresh target) means on the page ``base``."""
    if len(reference) > URL_CHARS_MAX or _CONTROL.search(reference):
        raise refused()
    try:
        return parse(ada_url.join_url(base.href, reference))
    except ValueError:
        raise refused() from None


def _of(parsed: ada_url.URL) -> Url:
    parsed.hash = ""
    is_address = parsed.host_type != ada_url.HostType.DEFAULT
    host = parsed.hostname
    if host.endswith("."):
        host = parsed.hostname = host[:-1]
    if not is_address and not _NAME.match(host):
        raise refused()
    scheme = parsed.protocol[:-1]
    return Url(
        href=parsed.href,
        scheme=scheme,
        host=host.strip("[]"),
        port=int(parsed.port or PORTS[scheme]),
        target=parsed.pathname + parsed.search,
        is_address=is_address,
    )
