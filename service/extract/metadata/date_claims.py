"""Which of several claims of a date to believe, and how exactly it is told."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import NamedTuple

from service.article import Source
from service.extract.document import Node
from service.extract.metadata.dates import Moment
from service.extract.metadata.printed_dates import Printed

MARKED_WEIGHT = 2.4
"""Of a date right after the headline in an element whose classes say that it is one."""
SEASON = timedelta(days=31)
NEAR_WEIGHT, UNSURE_WEIGHT = 1.0, 3.0
"""Of a date that is printed beside the headline, marked or not."""
_MIDNIGHT = re.compile(r"(?<![\w:.+-])(?:0?0\s?[:.hH]\s?00|12[:.]00\s?[aA])(?!:00)")
"""Midnight as readers see it; machines write 00:00:00 for no time at all."""
_WEST = (*range(-4, -11, -1), -3)
_FULL_YEAR = re.compile(r"(?:19|20)\d\d")


class Dated(NamedTuple):
    """One claim of a date; ``weight`` is how far it is believed."""

    moment: Moment
    raw: str
    source: Source
    weight: float
    nodes: tuple[Node, ...] = ()


def believed(claims: list[Dated]) -> Dated | None:
    """The surest claim of the day for which the claims weigh most; days of zones apart agree."""
    best: tuple[float, Dated] | None = None
    for claim in claims:
        weight = claim.weight + 0.8 * sum(
            other.weight for other in claims if other is not claim and _is_same_day(claim, other)
        )
        if (
            best is None
            or weight > best[0]
            or (weight == best[0] and claim.weight > best[1].weight)
        ):
            best = (weight, claim)
    return best[1] if best else None


def without_change(claims: list[Dated], modified: Dated | None) -> list[Dated]:
    """Without metas of unsure names, as *date*, that give the very second of the last change, where
    others say when the page was published."""
    if modified is None or modified.source == "dom" or modified.moment.precision != "second":
        return claims
    at = modified.moment.at
    sure = [claim.moment.at for claim in claims if claim.weight >= UNSURE_WEIGHT]
    if not sure or at in sure:
        return claims
    return [c for c in claims if c.weight >= UNSURE_WEIGHT or c.moment.at != at]


def printed_earlier(
    best: Dated, claims: list[Dated], printed: list[Printed], modified: Dated | None
) -> Dated | None:
    """The earlier day that a line under the headline prints, where the head gives a change's.

    Either the line says that it is the day of publication, or the head calls the same day
    published and modified and the line is marked as a date. Not where the page prints the day of
    the head as well: the other one is a caption's or another story's.
    """
    at = best.moment.at
    if any(_is_printed(found, best) for found in printed):
        return None
    changed = modified is not None and abs(modified.moment.at - at) < timedelta(hours=26)
    sure = {
        found.node.index
        for found in printed
        if found.consumable
        and found.kind != "modified"
        and (found.kind == "published" or (changed and found.weight >= MARKED_WEIGHT))
    }
    for claim in claims:
        moment = claim.moment
        earlier = moment.precision != "month" and moment.at < at - timedelta(hours=26)
        full = earlier and _FULL_YEAR.search(claim.raw)
        if full and claim.source == "dom" and claim.nodes[0].index in sure:
            return claim
    return None


def _is_printed(found: Printed, best: Dated) -> bool:
    """Whether a line about the article prints the day of ``best``, not as that of a change."""
    if found.moment is None or found.kind == "modified" or found.weight < NEAR_WEIGHT:
        return False
    return abs(found.moment.at - best.moment.at) <= timedelta(hours=26)


def _is_same_day(claim: Dated, other: Dated) -> bool:
    """Whether two claims may mean one day: printed ones never, they are told apart by day."""
    printed = claim.source == other.source == "dom"
    return not printed and abs(other.moment.at - claim.moment.at) <= timedelta(hours=26)


def in_own_zone(best: Dated, claims: list[Dated]) -> Dated:
    """The same instant, in the zone that the page prints: 22:04Z printed as 00:04 is +02:00."""
    at = best.moment.at
    if not best.moment.zoned or at.utcoffset():
        return best
    printed = [claim.moment for claim in claims if claim.source == "dom"]
    printed.sort(key=lambda each: each.precision == "day")
    printed += [claim.moment for claim in claims if claim.source == "url"]
    if any(each.precision == "day" and each.at.date() == at.date() for each in printed):
        printed = [each for each in printed if each.precision != "day"]
    offset = next(filter(None, (_offset(at, each) for each in printed)), None)
    if offset is None:
        return best
    return best._replace(moment=best.moment._replace(at=at.astimezone(timezone(offset))))


def at_its_time(best: Dated, claims: list[Dated]) -> Dated:
    """The day that an address gives, at the time that is printed with it beside the headline."""
    if best.source != "url":
        return best
    timed = [
        claim
        for claim in claims
        if claim.moment.precision in {"second", "minute"}
        and claim.moment.at.date() == best.moment.at.date()
        and claim.weight >= NEAR_WEIGHT
    ]
    return max(timed, key=lambda claim: claim.weight, default=best)


def told_alike(claim: Dated, other: Dated) -> Dated:
    """The same time in the zone of the other date of its page: an instant of UTC is told in it, and
    so is a time without a zone, unless the clocks may have changed in between."""
    zone, at = other.moment.at.utcoffset(), claim.moment.at
    if not zone or at.utcoffset() or claim.moment.precision not in {"second", "minute"}:
        return claim
    if claim.moment.zoned:
        at = at.astimezone(timezone(zone))
    elif abs(at - other.moment.at) < SEASON:
        at = at.replace(tzinfo=timezone(zone))
    return claim._replace(moment=claim.moment._replace(at=at))


def as_day(best: Dated, claims: list[Dated]) -> Dated:
    """Midnight in the zone of a claim is a day without a time, unless the page prints the hour."""
    moment, at = best.moment, best.moment.at
    if moment.precision not in {"second", "minute"} or at.hour or at.minute or at.second:
        return best
    if any(_MIDNIGHT.search(c.raw) for c in (*claims, best) if c.source == "dom"):
        return best
    day = datetime(at.year, at.month, at.day, tzinfo=UTC)
    return best._replace(moment=moment._replace(at=day, precision="day", zoned=False))


def as_printed(
    best: Dated, claims: list[Dated], printed: list[Printed], *, in_minutes: bool = False
) -> Dated:
    """A time on the full minute has precision minute where the page prints it so, too, or tells its
    other date ``in_minutes``."""
    moment = best.moment
    if moment.precision != "second" or moment.at.second:
        return best
    shown = (claim.moment for claim in claims if claim.source == "dom")
    if (
        in_minutes
        or any(_is_minute(each, moment.at) for each in shown)
        or any(_is_update(each, moment) for each in printed)
    ):
        return best._replace(moment=moment._replace(precision="minute"))
    return best


def _is_minute(printed: Moment, at: datetime) -> bool:
    """Whether a date that the page prints has a time of the same minute."""
    return printed.precision != "day" and not printed.at.second and printed.at.minute == at.minute


def _is_update(printed: Printed, told: Moment) -> bool:
    """Whether a line about the article prints an update of just that time."""
    if printed.moment is None or printed.kind != "modified" or not printed.consumable:
        return False
    return printed.moment.at.replace(tzinfo=None) == told.at.replace(tzinfo=None)


def _offset(at: datetime, printed: Moment) -> timedelta | None:
    """The offset that makes ``at`` (UTC) what is printed; of a bare day the least one that may be,
    in the west from the Atlantic on, since nearly nobody lives nearer."""
    if printed.zoned:
        return printed.at.utcoffset() if abs(printed.at - at) < timedelta(minutes=2) else None
    if printed.precision == "day":
        wanted, day = printed.at.date(), timedelta(days=1)
        if wanted not in {(at + day).date(), (at - day).date()}:
            return None
        hours = range(1, 15) if wanted > at.date() else _WEST
        return next((h for n in hours if (at + (h := timedelta(hours=n))).date() == wanted), None)
    offset = printed.at.replace(second=0) - at.replace(second=0, microsecond=0)
    near = timedelta(0) < abs(offset) <= timedelta(hours=14)
    return offset if near and not offset.seconds % 900 else None
