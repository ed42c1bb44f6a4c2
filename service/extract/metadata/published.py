"""When a page says that it was published and modified: claims, and which of them to believe."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from service.article import Timestamp
from service.extract.document import Node
from service.extract.metadata.date_claims import (
    Dated,
    as_day,
    as_printed,
    at_its_time,
    believed,
    in_own_zone,
    printed_earlier,
    told_alike,
    without_change,
)
from service.extract.metadata.dates import Moment, Order, order_of, read_date
from service.extract.metadata.dates.words import words
from service.extract.metadata.events import event_days
from service.extract.metadata.evidence import Evidence
from service.extract.metadata.nearby import Line
from service.extract.metadata.printed_dates import Printed, printed_dates
from service.extract.metadata.site import host_of

_PUBLISHED = {
    "article:published_time": 5.0, "og:article:published_time": 4.0, "og:published_time": 4.0,
    "article:published": 4.0, "datepublished": 4.0, "parsely-pub-date": 4.0, "date.available": 4.0,
    "publishdate": 3.0, "publish-date": 3.0, "publish_date": 3.0, "pubdate": 3.0,
    "dc.date.issued": 3.0,
    "dcterms.issued": 3.0, "dcterms.created": 3.0, "dc.date.created": 3.0, "dc.created": 3.0,
    "publication_date": 3.0, "publication-date": 3.0, "published": 3.0, "published_date": 3.0,
    "published-date": 3.0, "originalpublicationdate": 3.0, "article_date_original": 3.0,
    "citation_publication_date": 3.0, "citation_online_date": 3.0, "citation_date": 3.0,
    "cxenseparse:recs:publishtime": 3.0, "cxenseparse:publishtime": 3.0, "sailthru.date": 3.0,
    "iso-8601-publish-date": 3.0, "rnews:datepublished": 3.0, "vr:published_time": 3.0,
    "bt:pubdate": 3.0, "prism.publicationdate": 3.0, "datecreated": 2.5, "release_date": 2.5,
    "og:pubdate": 3.0, "gcd": 2.0, "date": 2.5, "dc.date": 2.5, "dcterms.date": 2.5, "created": 2.5,
    "article.published": 3.0, "article.created": 2.5, "uploaddate": 1.5, "og:release_date": 2.0,
    "video:release_date": 1.0, "article:publish_date": 3.0, "pub_date": 3.0, "displaydate": 2.5,
    "artikeldatum": 3.0, "nyt:ptime": 2.0, "pdate": 2.5, "ptime": 2.0, "sort_date": 2.0,
}  # fmt: skip
_MODIFIED = (
    "article:modified_time", "datemodified", "og:updated_time", "article:modified",
    "dcterms.modified", "dc.date.modified", "dc.modified", "lastmod", "last-modified", "revised",
    "article:updated_time", "article.updated", "modified", "date.updated", "updated", "utime",
    "cxenseparse:modifiedtime", "last_updated", "lastmodified", "og:modified_time", "date.modified",
)  # fmt: skip
_URL = re.compile(
    r"(?<!\d)(20[0-3]\d|199\d)[/_.-]?([01]\d|[1-9](?=[/_.-]))[/_.-]?([0-3]\d|[1-9](?=[/_.-]))(?!\d)"
)
_URL_DAY_FIRST = re.compile(r"(?<![\d-])([0-3]?\d)[.-]([01]?\d)[.-](20[0-3]\d)(?![\d-])")
_URL_NAMED = re.compile(r"(?<=/)(20[0-3]\d)/([a-z]{3,9})/(?=\d{1,2}/)")
_TRACKED = re.compile(r'"pub_date"\s*:\s*"([^"]{8,40})"')
"""In the JSON that a meta holds for a counter of readers."""
_NUMERIC = re.compile(r"(?<![\d./-])(\d{1,2})[/-](\d{1,2})[/-](?:19|20)\d\d(?!\d)")
_DAY_FIRST_DOMAINS = frozenset({
    "uk", "ie", "au", "nz", "in", "za", "ng", "ke", "gh", "pk", "lk", "bd", "sg", "my", "mt", "hk",
    "tt", "jm", "zm", "zw", "ug", "tz", "bw", "na", "eu", "int",
})  # fmt: skip
_NAMED_DATE = re.compile(r"date|publi|datum|fecha|issued")
_NAMED_OTHER = re.compile(
    r"modif|updat|expir|valid|birth|event|start|end|until|revi|publisher|chang"
)
_UNSET = frozenset({date(1970, 1, 1), date(1969, 12, 31), date(1900, 1, 1)})
"""What a field without a date becomes where it counts from 1970, or from 1900."""
_SECONDS = re.compile(r"[01]\d{9}(?:\d{3})?")
"""Since 1970, or thousandths of them: numbers of ten digits from 2033 on are days with hours."""
TEXT_CHARS_MAX = 100_000
METAS_MAX = 3
UNKNOWN_MAX = 20
"""Each claim is weighed against all others."""
ABBRS_MAX = 50
DATE_CHARS_MAX = 40
CONSUMED_MAX = 6


class Times(NamedTuple):
    """Both times of a page, and the nodes that print them."""

    published: Timestamp
    modified: Timestamp
    nodes: tuple[Node, ...]


def read_times(page: Evidence, lines: list[Line]) -> Times:
    """When the article was published and modified, as declared or, failing that, as printed.

    Claims for the same day speak for each other; the surest of the strongest day is taken. A
    modified date never stands in for a published one.
    """
    order = _order(page)
    happens = event_days(page, order)
    printed = [
        found
        for found in printed_dates(page.document, lines, page.language, order)
        if found.kind or not found.moment or found.moment.at.date() not in happens
    ]
    declared = [*_declared(page, order), *_by_url(page.document.url)]
    known = [claim.moment.at.date() for claim in declared]
    printed = [_in_order(page, found, known) for found in printed]
    modified = _modified(page, printed, order)
    claims = without_change(declared, modified)
    shown: set[date] = set()
    for found in printed:
        moment = found.moment
        if moment and found.kind != "modified" and moment.at.date() not in shown:
            shown.add(moment.at.date())
            claims.append(Dated(moment, found.raw, "dom", found.weight, (found.node,)))
    best = believed(claims)
    best = best and at_its_time(best, claims)
    if best and best.source not in {"dom", "url"}:
        best = printed_earlier(best, claims, printed, modified) or best
    best = best and as_printed(in_own_zone(as_day(best, claims), claims), claims, printed)
    in_minutes = best is not None and best.moment.precision == "minute"
    modified = modified and as_printed(
        as_day(modified, claims), claims, printed, in_minutes=in_minutes
    )
    if best and modified:
        best, modified = told_alike(best, modified), told_alike(modified, best)
    published = _timestamp(best) if best else _label_only(printed)
    if modified and best and modified.moment.at < best.moment.at - timedelta(days=1):
        modified = None
    nodes = tuple(found.node for found in printed if found.consumable)[:CONSUMED_MAX]
    return Times(published, _timestamp(modified) if modified else Timestamp(), nodes)


def _in_order(page: Evidence, found: Printed, known: list[date]) -> Printed:
    """A printed date with day and month as the page writes them."""
    moment = found.moment
    if moment and moment.swappable and _is_swapped(page, moment, known):
        return found._replace(moment=moment.swapped())
    return found


def _is_swapped(page: Evidence, moment: Moment, known: list[date]) -> bool:
    """Whether day and month stand the other way round than the language has it.

    A declared date says so, or another date of the page that has a day after the twelfth.
    """
    if moment.at.date() in known:
        return False
    if moment.swapped().at.date() in known:
        return True
    day_first = month_first = 0
    for match in _NUMERIC.finditer(page.document.text(page.document.body)[:TEXT_CHARS_MAX]):
        day_first += int(match[1]) > 12 >= int(match[2])
        month_first += int(match[2]) > 12 >= int(match[1])
    if day_first == month_first or (day_first and month_first):
        return False
    return (_order(page) == "mdy") == bool(day_first)


def _order(page: Evidence) -> Order:
    """How the page writes all-digit dates; English goes by region or domain."""
    if page.language.lower() != "en":
        return order_of(page.language)
    locale = page.document.meta("og:locale") or ""
    if locale.lower().startswith("en") and order_of(locale) == "dmy":
        return "dmy"
    host = host_of(page.document.url)
    return "dmy" if host.rpartition(".")[2] in _DAY_FIRST_DOMAINS else "mdy"


def _label_only(printed: list[Printed]) -> Timestamp:
    raw = next((f.raw for f in printed if not f.moment and f.kind == "published"), None)
    return Timestamp(raw=raw, source="dom") if raw else Timestamp()


def _declared(page: Evidence, order: Order) -> Iterator[Dated]:
    for name, weight in (("datePublished", 5.0), ("dateCreated", 3.0), ("uploadDate", 2.5)):
        for raw in page.data.texts(page.article, name)[:1]:
            if moment := _declared_date(raw, page.language, order):
                yield Dated(moment, raw, "json-ld", weight)
    metas = page.document.metas
    for name, weight in ((name, _PUBLISHED[name]) for name in metas if name in _PUBLISHED):
        raws = metas[name][:METAS_MAX]
        alone = len({raw[:10] for raw in raws}) == 1
        for raw in raws:
            if moment := _declared_date(raw, page.language, order):
                yield Dated(moment, raw.strip(), "meta", weight if alone else weight / 4)
    for raw in _TRACKED.findall(page.document.meta("parsely-page") or "")[:1]:
        if moment := read_date(raw, page.language, order):
            yield Dated(moment, raw, "meta", 4.0)
    unknown = (n for n in metas if n not in _PUBLISHED and len(metas[n]) == 1 and _is_dated(n))
    for raw in (metas[name][0] for name in islice(unknown, UNKNOWN_MAX)):
        if moment := _short_date(raw, page.language, order):
            yield Dated(moment, raw.strip(), "meta", 1.0)
    yield from _by_microformat(page, order)
    for item in page.items.own("datepublished"):
        raw = item.value
        if moment := _declared_date(raw, page.language, order):
            yield Dated(moment, raw, "microdata", 3.5)


def _by_microformat(page: Evidence, order: Order) -> Iterator[Dated]:
    """The day in the title of an ``<abbr class="published">`` (hAtom), where all of them agree."""
    nodes = [n for n in page.document.by_tag.get("abbr", ())[:ABBRS_MAX] if n.hints == "published"]
    raws = [node.get("title") for node in nodes]
    if len({raw[:10] for raw in raws}) == 1:
        moment = _short_date(raws[0], page.language, order)
        if moment:
            yield Dated(moment, raws[0], "dom", 3.0, (nodes[0],))


@lru_cache(maxsize=4096)
def _is_dated(name: str) -> bool:
    """Whether the name of a meta says that it holds when the page appeared."""
    return bool(_NAMED_DATE.search(name)) and not _NAMED_OTHER.search(name)


def _short_date(raw: str, language: str | None, order: Order) -> Moment | None:
    """The date of a meta that holds hardly anything else."""
    return _declared_date(raw, language, order) if len(raw) <= DATE_CHARS_MAX else None


def _declared_date(raw: str, language: str | None, order: Order) -> Moment | None:
    """A date of the head; seconds since 1970 are understood too, and none of them is no date."""
    raw = raw.strip()
    moment = read_date(raw, language, order)
    if _SECONDS.fullmatch(raw):
        at = datetime.fromtimestamp(int(raw[:10]), UTC)
        moment = Moment(at, "second", True, 0, len(raw))
    return None if moment and moment.at.date() in _UNSET else moment


def _by_url(url: str | None) -> Iterator[Dated]:
    """The day in the path of an address: ``/2024/04/30/...``; a month alone supports a day."""
    path = (url or "")[:2048].split("?")[0]
    path = _URL_NAMED.sub(_numbered, path[path.find("//") + 2 :])
    match = _URL.search(path)
    parts = match.groups() if match else ()
    if not match and (match := _URL_DAY_FIRST.search(path)):
        parts = match.groups()[::-1]
    if match:
        year, month, day = map(int, parts)
        try:
            at = datetime(year, month, day, tzinfo=UTC)
        except ValueError:
            return
        yield Dated(Moment(at, "day", False, *match.span()), match.group(), "url", 2.6)


def _numbered(match: re.Match[str]) -> str:
    """``2023/october/`` as ``2023/10/``."""
    month = words("").months.get(match[2])
    return f"{match[1]}/{month:02}/" if month else match[0]


def _modified(page: Evidence, printed: list[Printed], order: Order) -> Dated | None:
    for raw in page.data.texts(page.article, "dateModified")[:1]:
        if moment := _declared_date(raw, page.language, order):
            return Dated(moment, raw, "json-ld", 5.0)
    for name in _MODIFIED:
        for raw in page.document.metas.get(name, ())[:METAS_MAX]:
            if moment := _declared_date(raw, page.language, order):
                return Dated(moment, raw.strip(), "meta", 4.0)
    for item in page.items.own("datemodified"):
        if moment := _declared_date(item.value, page.language, order):
            return Dated(moment, item.value, "microdata", 3.0)
    for found in printed:
        if found.kind == "modified" and found.moment:
            return Dated(found.moment, found.raw, "dom", 2.0)
    return None


def _timestamp(claim: Dated) -> Timestamp:
    moment = claim.moment
    return Timestamp(
        at=moment.at, raw=claim.raw[:200].strip(), precision=moment.precision, source=claim.source
    )
