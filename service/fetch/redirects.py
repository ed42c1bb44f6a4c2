"""The way of one fetch: where it is, what sent it there, and where an answer sends it next."""

from __future__ import annotations

from collections.abc import Mapping

from aiohttp import CookieJar
from msgspec import Struct, field
from multidict import CIMultiDict
from yarl import URL

from service.errors import TooManyRedirects
from service.fetch.exchange import Answer, Progress
from service.fetch.limits import Limits
from service.fetch.media import ACCEPT, HTML, UNSAID, Purpose, declared
from service.fetch.refresh import refresh_target
from service.fetch.robots import IGNORED, Verdict
from service.fetch.url import Url, join, parse

# What a site's rule may not set: it would change how the answer is framed or who asks.
OURS = frozenset(
    {"host", "connection", "content-length", "transfer-encoding", "accept-encoding", "te", "via"}
)
COOKIES_MAX = 50
COOKIE_CHARS_MAX = 8_192


class Request(Struct, frozen=True, kw_only=True):
    """One page to fetch. ``etag`` and ``last_modified`` are those of the copy already held.

    ``headers`` are a site's own (a rule's ``http_header``); they go to that site only.
    """

    url: str
    purpose: Purpose = "page"
    robots: bool = True
    etag: str = ""
    last_modified: str = ""
    headers: Mapping[str, str] = {}


class Redirect(Struct, frozen=True):
    """A URL that sent us on, and how: its status, 200 for a meta refresh."""

    url: str
    status: int


class RedirectChain(Struct):
    """One fetch under way, until ``deadline`` on the loop's clock."""

    request: Request
    url: Url
    deadline: float
    progress: Progress
    verdict: Verdict = IGNORED
    redirects: list[Redirect] = field(default_factory=list)
    refreshes: int = 0
    jar: CookieJar | None = None

    def headers(self, user_agent: str) -> CIMultiDict[str]:
        """What is sent to the present URL; a site's own headers go to its own host only."""
        request = self.request
        is_robots = request.purpose == "robots"
        headers = CIMultiDict(
            {
                "User-Agent": user_agent,
                "Accept": ACCEPT[request.purpose],
                "Accept-Language": "*",
                "Accept-Encoding": "identity" if is_robots else "gzip, deflate, br, zstd",
            }
        )
        if self.url.host == parse(request.url).host:
            headers.update({k: v for k, v in request.headers.items() if k.lower() not in OURS})
        optional = {
            "If-None-Match": request.etag,
            "If-Modified-Since": request.last_modified,
            "Cookie": self._cookie(),
        }
        headers.update({name: value for name, value in optional.items() if value})
        return headers

    def next_url(self, answer: Answer, limits: Limits) -> Url | None:
        """Where the answer sends its reader, or None for a page; raises ``TooManyRedirects``."""
        sets_cookies = "Set-Cookie" in answer.headers
        if sets_cookies:
            self._keep_cookies(answer)
        target = self._target(answer, limits)
        if target is None:
            return None
        self.redirects.append(Redirect(self.url.href, answer.status))
        # A page that sends its reader back to itself to see a cookie return is no loop, once.
        seen = sum(redirect.url == target.href for redirect in self.redirects)
        if len(self.redirects) > limits.redirects_max or seen > sets_cookies:
            raise TooManyRedirects("the redirects do not end", stage="headers")
        return target

    def _target(self, answer: Answer, limits: Limits) -> Url | None:
        if answer.location is not None:
            return join(self.url, answer.location)
        media_type = declared(answer.headers.get("Content-Type", ""))[0]
        is_page = self.request.purpose == "page" and media_type in HTML | UNSAID
        if not is_page or self.refreshes >= limits.refreshes_max:
            return None
        reference = refresh_target(answer.content)
        target = join(self.url, reference) if reference is not None else None
        if target is None or target.href == self.url.href:
            return None
        self.refreshes += 1
        return target

    def _keep_cookies(self, answer: Answer) -> None:
        """Kept for this one fetch: consent and region pages bounce until a cookie comes back."""
        if self.jar is None:
            self.jar = CookieJar(unsafe=True)
        values = answer.headers.getall("Set-Cookie")[:COOKIES_MAX]
        self.jar.update_cookies_from_headers(values, URL(self.url.href, encoded=True))

    def _cookie(self) -> str:
        if self.jar is None:
            return ""
        cookies = self.jar.filter_cookies(URL(self.url.href, encoded=True))
        text = "; ".join(f"{name}={morsel.value}" for name, morsel in cookies.items())
        return text if len(text) <= COOKIE_CHARS_MAX and text.isprintable() else ""
