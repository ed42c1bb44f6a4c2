"""The rules that name a page's kind. Precision first: a story that is there is never refused."""

from __future__ import annotations

import re

from service.article import Audio, Embed, Figure, Gallery, LiveEntry, PageKind, Video
from service.extract.gate.evidence import ARTICLES, Evidence
from service.extract.language import weight
from service.extract.vocabulary import normal

LONG_WEIGHT = 2500
"""A body of this weight that a page declares as an article is one, whatever its title says."""
SURE = 0.6
"""The share of a title's part that a stock phrase must fill to be what the title says."""
ANNOUNCED_WEIGHT = 60
"""A page without a body is an article from this much standfirst or description on."""

_PARTS = re.compile(r"\s[|–—:·•»-]\s|[|\n]|(?<=[.!?])\s")
_LIVE_ENTRIES_MIN = 4
_FIGURES_MIN = 6


def stub_kind(evidence: Evidence, status: int) -> PageKind | None:
    """The kind of a page that only stands for an article; None if there is a story.

    In order: what its status says, a challenge, an error, a consent or login wall, a paywall, and
    a page without text.
    """
    if status >= 400:
        return _refusal(evidence, status)
    for kind, reader in (
        ("captcha", _is_captcha), ("soft_404", _is_missing), ("error_page", _is_broken),
        ("consent", _is_consent), ("login", _is_login), ("paywall_stub", _is_paywalled),
        ("empty", _is_empty),
    ):  # fmt: skip
        if reader(evidence):
            return kind  # type: ignore[return-value]
    return None


def _refusal(evidence: Evidence, status: int) -> PageKind:
    """What an answer that is no success shows: a wall, or an error."""
    if _is_captcha(evidence):
        return "captcha"
    if status in {401, 403, 407} and _is_login(evidence):
        return "login"
    if status in {401, 402, 403} and _is_paywalled(evidence):
        return "paywall_stub"
    if status in {403, 451} and _is_consent(evidence):
        return "consent"
    return "error_page"


def _titled(evidence: Evidence, kind: str) -> bool:
    """Whether a stock phrase is most of what the title or a first heading says."""
    found = evidence.in_titles.get(kind)
    if not found:
        return False
    parts = [normal(part).strip() for part in _PARTS.split(evidence.titles)]
    return any(
        part and len(phrase) >= SURE * len(part) and phrase in part
        for part in parts
        for phrase in found
    )


def _is_captcha(evidence: Evidence) -> bool:
    if evidence.has_story("captcha", 600) or not evidence.is_small:
        return False
    points = 3 * _titled(evidence, "captcha") + 2 * evidence.marks["captcha"]
    points += min(evidence.count("captcha"), 3) + (evidence.marks["captcha_widget"] > 0)
    points += evidence.marks["captcha"] > 0 and evidence.shown_weight < 300
    short = evidence.shown_weight < 2500
    if evidence.is_declared and evidence.told_weight > 250:
        return points >= 6
    return points >= (3 if short else 5)


def _is_missing(evidence: Evidence) -> bool:
    """Whether a page says with a status of success that there is nothing here."""
    return _says_error(evidence, "error_page", evidence.code_in_title in {404, 410})


def _is_broken(evidence: Evidence) -> bool:
    return _says_error(evidence, "server_error", evidence.code_in_title >= 400)


def _says_error(evidence: Evidence, kind: str, coded: bool) -> bool:
    titled = _titled(evidence, kind)
    if not titled and evidence.has_story(kind, 600):
        return False
    if evidence.told_weight > LONG_WEIGHT and not (titled and not evidence.metadata.published.at):
        return False
    if evidence.is_declared and evidence.has_story(kind, 400):
        return False
    marked = kind == "error_page" and evidence.marks["error"] > 0
    if titled:
        return marked or coded or not evidence.has_story(kind, LONG_WEIGHT)
    found = evidence.count(kind) if evidence.is_small else 0
    if coded or marked:
        return found > 0 or 0 < evidence.shown_weight < 600
    return found > 1 or (found == 1 and evidence.shown_weight < 600)


def _is_consent(evidence: Evidence) -> bool:
    if evidence.has_story("consent", 1000):
        return False
    titled = _titled(evidence, "consent")
    found = evidence.count("consent") if evidence.is_small else 0
    points = 2 * titled + min(found, 5) + min(evidence.marks["consent"], 2)
    if points < 4 or found < 2:
        return False
    is_dated = evidence.is_declared or evidence.metadata.published.at is not None
    most = 120 if is_dated else 300 + 140 * max(0, points - 4)
    return not evidence.has_story("consent", most)


def _is_login(evidence: Evidence) -> bool:
    if evidence.has_story("login", 300 if evidence.is_declared else 600):
        return False
    titled = _titled(evidence, "login")
    found = evidence.count("login") if evidence.is_small else 0
    points = 2 * evidence.has_password + 2 * titled + min(found, 4) + evidence.marks["login"]
    dated = evidence.metadata.published.at is not None or evidence.is_declared
    return points >= (6 if dated else 4) and evidence.shown_weight < (2500 if dated else 4000)


def _is_paywalled(evidence: Evidence) -> bool:
    if evidence.has_story("paywall", 450):
        return False
    found = evidence.count("paywall")
    points = min(found, 3) + min(evidence.marks["paywall"], 2)
    points += 2 * (evidence.metadata.is_free is False) + _titled(evidence, "paywall")
    if found == 0 and evidence.metadata.is_free is not False:
        return False
    return points >= (4 if evidence.has_story("paywall", 200) else 3)


def _is_empty(evidence: Evidence) -> bool:
    """Whether nothing was found to read, watch or hear."""
    shows = any(evidence.blocks(kind) for kind in (Figure, Video, Audio, Embed, Gallery))
    if evidence.told_weight >= 200 or evidence.set_weight >= 200 or _is_announced(evidence):
        return False
    found = evidence.count("noscript") if evidence.is_small else 0
    if found and evidence.shown_weight < 1500 and not evidence.is_declared:
        return True
    return not evidence.article.body or (evidence.told_weight < 60 and not shows)


def _is_announced(evidence: Evidence) -> bool:
    """Whether the head declares a dated article and tells its beginning: its text is elsewhere."""
    metadata = evidence.metadata
    told = metadata.standfirst or metadata.description or ""
    return (
        evidence.is_declared
        and metadata.published.at is not None
        and bool(metadata.headline)
        and weight(told) >= ANNOUNCED_WEIGHT
    )


def story_kind(evidence: Evidence) -> PageKind:
    """Which sort of article a page is: told in text, in pictures, in sound or as it happens."""
    types, told = evidence.metadata.types, evidence.told_weight
    og_type = (evidence.document.meta("og:type") or "").lower()
    if "liveblogposting" in types or evidence.blocks(LiveEntry) >= _LIVE_ENTRIES_MIN:
        return "live_blog"
    is_declared = bool(types & ARTICLES)
    if not is_declared and (types & {"videoobject", "clip"} or og_type.startswith("video")):
        return "video" if told < LONG_WEIGHT else "article"
    if types & {"podcastepisode", "audioobject", "radioepisode"} and told < 2 * LONG_WEIGHT:
        return "audio"
    if types & {"imagegallery", "mediagallery"} or _is_gallery(evidence):
        return "gallery"
    if told < 400 and not evidence.blocks(Figure) and evidence.blocks(Video):
        return "video"
    if told < 400 and not evidence.blocks(Figure) and evidence.blocks(Audio):
        return "audio"
    return "article"


def _is_gallery(evidence: Evidence) -> bool:
    figures = evidence.blocks(Figure)
    return figures >= _FIGURES_MIN and evidence.told_weight < 100 * figures
