"""What speaks for and against a page being an article, gathered once."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property

from service.article import AnyBlock, Article, Code, Paragraph, Table, own_text, walk
from service.extract.document import Document
from service.extract.language import weight
from service.extract.metadata import Metadata
from service.extract.vocabulary import phrases_in

SMALL_PAGE_WEIGHT = 9000
"""A page that shows more than this is not searched whole for stock phrases."""
SEARCHED_CHARS_MAX = 12_000
MARKS_CHARS_MAX = 20_000
PARAGRAPH_CHARS_MAX = 400

_MARKS: dict[str, tuple[str, ...]] = {
    "captcha": (
        "challenge-platform", "cf-challenge", "cf_chl", "cf-error", "challenges.cloudflare.com",
        "cf-browser-verification", "captcha-delivery.com", "px-captcha", "_incapsula_resource",
        "geetest", "arkoselabs", "funcaptcha", "awswaf", "anubis", "ddos-guard", "cloudproxy",
        "kpsdk", "human-verification", "bot-detection", "captcha-container", "captcha-form",
        "captcha-box", "distil", "challenge-form", "challenge-stage", "challenge-running",
    ),
    "captcha_widget": ("hcaptcha.com", "recaptcha", "h-captcha", "cf-turnstile", "yidun"),
    "consent": (
        "onetrust", "sp_message", "sp_choice", "sourcepoint", "privacy-mgmt", "didomi",
        "usercentrics", "cookiebot", "qc-cmp", "trustarc", "consent-page", "consent-wall",
        "cmp-container", "iubenda-cs", "axeptio", "consent-form", "collectconsent", "gdpr-wall",
        "cookie-wall", "pur-abo", "consentmanager", "cmpbox", "fc-consent-root",
    ),
    "paywall": (
        "paywall", "tp-modal", "tinypass", "tp-container", "piano-", "poool", "regwall", "reg-wall",
        "subscribe-wall", "subscription-wall", "zephr", "wallkit", "leaky", "premium-content",
        "paid-content", "offer-wall", "subscriber-only", "pw-container", "gateway-content",
    ),
    "error": (
        "error404", "error-404", "error_404", "page-404", "page404", "404-page", "not-found",
        "notfound", "error-page", "errorpage", "page-error", "page_404", "http-404", "four-oh-four",
    ),
    "login": ("login-form", "loginform", "signin-form", "login_form", "user-login", "login-page"),
    }  # fmt: skip
"""Words that common products write into classes, ids and addresses of scripts and frames."""
_CODE = re.compile(r"(?<!\d)(4(?:0[0-9]|1[0-8]|29|51)|50[0-9]|52[0-9])(?!\d)")


@dataclass
class Evidence:
    """The findings about one page; weights count letters of scripts without blanks threefold."""

    document: Document
    metadata: Metadata
    article: Article
    told: list[tuple[str, int]] = field(default_factory=list)
    """The paragraphs of the body with their weights."""
    _blocks: list[AnyBlock] = field(default_factory=list)
    _told_phrases: list[dict[str, set[str]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._blocks = list(walk(self.article.body))
        told = [block.text for block in self._blocks if isinstance(block, Paragraph)]
        self.told = [(text, weight(text)) for text in told]

    @cached_property
    def told_weight(self) -> int:
        return sum(heavy for _, heavy in self.told)

    @cached_property
    def set_weight(self) -> int:
        """The weight of the body's code and tables."""
        return sum(weight(own_text(b)) for b in self._blocks if isinstance(b, (Code, Table)))

    @cached_property
    def titles(self) -> str:
        """The title and the first headings, which say what a stub is."""
        document = self.document
        heads = [n for tag in ("h1", "h2") for n in document.by_tag.get(tag, ())[:2] if n.chars]
        texts = [document.title[:300], self.article.headline or ""]
        return "\n".join([*texts, *(document.text(node)[:300] for node in heads)])

    @cached_property
    def in_titles(self) -> dict[str, set[str]]:
        return phrases_in(self.titles)

    @cached_property
    def shown(self) -> str:
        """The visible text, and what a browser without scripts would show."""
        document = self.document
        text = document.text(document.body)[:SEARCHED_CHARS_MAX]
        noscript = [document.text(n)[:500] for n in document.by_tag.get("noscript", ())[:5]]
        return "\n".join([text, *noscript])

    @cached_property
    def in_page(self) -> dict[str, set[str]]:
        return phrases_in(self.shown)

    @cached_property
    def shown_weight(self) -> int:
        """The weight of all visible text, links and menus included."""
        body = self.document.body
        if body.chars > SEARCHED_CHARS_MAX:
            return body.chars
        return weight(self.document.text(body))

    @cached_property
    def is_small(self) -> bool:
        return self.shown_weight <= SMALL_PAGE_WEIGHT

    @cached_property
    def link_share(self) -> float:
        body = self.document.body
        return body.link_chars / body.chars if body.chars else 0.0

    @cached_property
    def marks(self) -> dict[str, int]:
        """How many words of each kind of product the page's markup holds."""
        document = self.document
        parts = [document.root.hints, document.body.hints, *document.by_id]
        parts += [s.get("src")[:300] for s in document.scripts[:80]]
        parts += [n.get("src")[:300] for n in document.by_tag.get("iframe", ())[:20]]
        parts += [n.get("action")[:300] for n in document.by_tag.get("form", ())[:10]]
        if len(document.nodes) < 1500:
            parts += {node.hints for node in document.nodes if node.hints}
        text = "\n".join(parts)[:MARKS_CHARS_MAX].lower()
        return {kind: sum(word in text for word in words) for kind, words in _MARKS.items()}

    @cached_property
    def has_password(self) -> bool:
        inputs = self.document.by_tag.get("input", ())
        return any(n.get("type").lower() == "password" and not n.hidden for n in inputs)

    @cached_property
    def code_in_title(self) -> int:
        """A status code that the title or first heading opens with or names as an error."""
        found = _CODE.search(self.document.title[:80])
        return int(found[1]) if found else 0

    @cached_property
    def is_declared(self) -> bool:
        """Whether the head says that this is an article."""
        kind = (self.document.meta("og:type") or "").lower()
        return kind in {"article", "news", "blog", "post"} or bool(self.metadata.types & ARTICLES)

    def has_story(self, kind: str, most: int) -> bool:
        """Whether more than ``most`` of the body has nothing to do with ``kind``.

        Reads no more paragraphs than it needs to know, and each of them once.
        """
        if self.told_weight <= most:
            return False
        other = 0
        for at, (text, heavy) in enumerate(self.told):
            if at == len(self._told_phrases):
                self._told_phrases.append(phrases_in(text[:PARAGRAPH_CHARS_MAX]))
            if kind not in self._told_phrases[at]:
                other += heavy
                if other > most:
                    return True
        return False

    def count(self, kind: str) -> int:
        """How many different phrases of ``kind`` the page shows."""
        return len(self.in_page.get(kind, set()) | self.in_titles.get(kind, set()))

    @cached_property
    def _counts(self) -> Counter[type]:
        return Counter(map(type, self._blocks))

    def blocks(self, kind: type[AnyBlock]) -> int:
        return self._counts[kind]


ARTICLES = frozenset({
    "article", "newsarticle", "reportagenewsarticle", "opinionnewsarticle", "blogposting",
    "analysisnewsarticle", "reviewnewsarticle", "liveblogposting", "report", "techarticle",
    "scholarlyarticle", "recipe", "howto", "podcastepisode",
})  # fmt: skip
