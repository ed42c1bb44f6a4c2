"""Pairs of texts that a reader would call the same story, and pairs that only look alike."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct, convert

from service.article import Article, Language, Paragraph


class Told(Struct, frozen=True):
    """A text in its language, a sentence a line."""

    lang: str
    headline: str
    text: str

    @property
    def lines(self) -> list[str]:
        return self.text.strip().split("\n")


class Pair(Struct, frozen=True):
    """Two articles, why they are a pair, and whether they tell the same story."""

    kind: str
    is_same: bool
    one: Article
    other: Article


def stories() -> list[Told]:
    """All that are kept."""
    kept = Path(__file__).with_name("stories.toml").read_text()
    return convert(tomllib.loads(kept)["story"], list[Told])


def article(lang: str, headline: str, lines: list[str], paragraph: int = 2) -> Article:
    """``lines`` in paragraphs of so many sentences."""
    parts = [" ".join(lines[n : n + paragraph]) for n in range(0, len(lines), paragraph)]
    return Article(
        headline=headline,
        language=Language(code=lang, confidence=1.0, source="dom"),
        body=[Paragraph(text=part) for part in parts],
    )


def pairs() -> list[Pair]:
    """All of them, the same each time."""
    told = stories()
    found = [pair for number, story in enumerate(told) for pair in copies(story, number)]
    found += [
        Pair("other story", False, plain(one), plain(other))
        for n, one in enumerate(told)
        for other in told[n + 1 :]
    ]
    return found + [pair for name, make in TEMPLATES.items() for pair in templates(name, make)]


def plain(story: Told) -> Article:
    return article(story.lang, story.headline, story.lines)


def copies(story: Told, seed: int) -> Iterator[Pair]:
    """What becomes of a wire story in other papers."""
    pick, lines = random.Random(seed), story.lines
    changed = list(lines)
    changed[len(lines) // 2] = ODD[story.lang]
    told = {
        "edited headline": (lines, 1),
        "other paragraphs": (lines, 5),
        "cut from the end": (lines[: round(len(lines) * 0.7)], 2),
        "cut to half": (lines[: len(lines) // 2 + 1], 2),
        "with a place and an agency": ([f"AUERBURG (npa) – {lines[0]}", *lines[1:]], 2),
        "with a word of the editors": ([*lines, ODD[story.lang]], 2),
        "one sentence replaced": (changed, 2),
        "words replaced": ([worded(line, pick, 0.03) for line in lines], 2),
    }
    for kind, (said, paragraph) in told.items():
        other = article(story.lang, f"{kind}: {story.headline[::-1]}", said, paragraph)
        yield Pair(kind, True, plain(story), other)


ODD = {
    "en": "This newspaper will follow the matter and welcomes letters from its readers about it.",
    "fr": "La rédaction suivra cette affaire et attend avec plaisir les lettres de ses lecteurs.",
    "de": "Die Redaktion bleibt an der Sache und freut sich über Briefe ihrer Leser.",
    "es": "La redacción seguirá el asunto y agradece las cartas de sus lectores sobre este tema.",
}


def worded(line: str, pick: random.Random, share: float) -> str:
    """``line`` with a share of its words exchanged."""
    return " ".join("namely" if pick.random() < share else word for word in line.split())


def templates(name: str, make: object) -> Iterator[Pair]:
    """Reports that are filled in every day: of two days they are two stories."""
    assert callable(make)
    days = [make(random.Random(f"{name} {n}")) for n in range(6)]
    for n, one in enumerate(days):
        for other in days[n + 1 :]:
            yield Pair(name, False, article("en", name, one), article("en", name, other))


PLACES = ("Auerburg", "Kerlann", "Valdesombra", "Mirow", "Stanhope", "Lidorf", "Perth Cross")
NAMES = ("Edda Moll", "Tom Ashdown", "Ragna Thies", "Luc Mercadier", "Iris Blunt", "Owen Pike")
SKIES = ("sunny", "cloudy", "foggy", "wet", "stormy", "clear")
MOODS = ("rose", "fell", "gained", "lost", "slipped", "climbed")


def weather(pick: random.Random) -> list[str]:
    a, b, c = pick.sample(PLACES, 3)
    low, high = pick.randrange(-5, 12), pick.randrange(12, 33)
    s, t, u = pick.sample(SKIES, 3)
    return [
        f"The day begins {s} in {a} and stays {t} along the coast until the afternoon.",
        f"Temperatures rise to {high} degrees in {b} and to {high - 3} degrees in the hills.",
        f"In the night it will be {u}, with lows of {low} degrees in {c}.",
        f"The wind blows from the west at {pick.randrange(5, 60)} kilometres an hour.",
        f"The chance of rain is {pick.randrange(0, 100)} per cent in the morning.",
        f"The sun rises at {pick.randrange(5, 8)}:{pick.randrange(10, 59)} and sets at"
        f" {pick.randrange(17, 22)}:{pick.randrange(10, 59)}.",
        f"Pollen counts are {pick.choice(['low', 'high', 'moderate'])} for grasses and"
        f" {pick.choice(['low', 'high', 'moderate'])} for birch.",
    ]


def markets(pick: random.Random) -> list[str]:
    a, b, c = pick.sample(MOODS, 3)
    return [
        f"Shares {a} on {pick.choice(['Monday', 'Tuesday', 'Friday'])} as traders waited for the"
        f" {pick.choice(['central bank', 'jobs report', 'harvest figures'])}.",
        f"The leading index {b} {pick.randrange(1, 99) / 10} per cent to"
        f" {pick.randrange(5_000, 9_000)} points at the close.",
        f"Among the winners was {pick.choice(PLACES)} Steel, which {c}"
        f" {pick.randrange(10, 99) / 10} per cent after a brokerage raised its target price.",
        f"The currency traded at {pick.randrange(100, 140) / 100} to the dollar.",
        f"A barrel of oil cost {pick.randrange(50, 99)} dollars, {pick.randrange(1, 5)} dollars"
        f" {pick.choice(['more', 'less'])} than the day before.",
        f"The yield of the ten-year bond stood at {pick.randrange(100, 400) / 100} per cent.",
    ]


def obituary(pick: random.Random) -> list[str]:
    name, place, other = pick.choice(NAMES), *pick.sample(PLACES, 2)
    year = pick.randrange(1925, 1950)
    return [
        f"{name}, {pick.randrange(70, 99)}, of {place}, died at home surrounded by family.",
        f"Born in {other} in {year}, the youngest of {pick.randrange(2, 9)} children, they left"
        f" school at {pick.randrange(13, 17)} to work in a"
        f" {pick.choice(['mill', 'bakery', 'mine', 'shipyard'])}.",
        f"They married in {year + 24} and raised {pick.randrange(1, 6)} children.",
        "A devoted member of the parish, they loved gardening, music and the company of friends.",
        f"Visitation will be held on {pick.choice(['Monday', 'Tuesday', 'Friday'])} from"
        f" {pick.randrange(2, 6)} to {pick.randrange(6, 9)} p.m. at the {place} funeral home.",
        "In lieu of flowers, donations may be made to the hospice in their memory.",
    ]


def match(pick: random.Random) -> list[str]:
    home, away = pick.sample(PLACES, 2)
    scorer, other = pick.sample(NAMES, 2)
    goals = pick.randrange(1, 5)
    return [
        f"{home} beat {away} {goals}-{goals - 1} in front of {pick.randrange(900, 9_000)} people.",
        f"{scorer} scored in minute {pick.randrange(2, 45)} after a corner by {other}.",
        f"The visitors had the better chances before the break but hit the post"
        f" {pick.randrange(1, 4)} times.",
        f"After half-time {other} was sent off for a second yellow card.",
        f"{home} move up to place {pick.randrange(1, 18)} in the table with"
        f" {pick.randrange(10, 60)} points.",
        f"Next week they travel to {pick.choice(PLACES)}, while {away} are at home.",
    ]


def lottery(pick: random.Random) -> list[str]:
    """Hardly anything but the numbers changes."""
    drawn = ", ".join(str(n) for n in sorted(pick.sample(range(1, 50), 6)))
    return [
        f"The numbers of the {pick.choice(['Saturday', 'Wednesday'])} draw are {drawn}.",
        f"The jackpot stands at {pick.randrange(1, 30)} million.",
        f"The additional number is {pick.randrange(0, 10)}.",
        "All figures are given without warranty; only the numbers announced by the company count.",
        "Winners have thirteen weeks to hand in their tickets at any shop that sells them.",
        "Gambling can be addictive: advice is given free of charge by the number on the ticket.",
        "Tickets may be bought by adults only, and the chance of the highest prize is small.",
    ]


def notice(pick: random.Random) -> list[str]:
    """A notice of the town about road works, of which the place and the days are new."""
    first = pick.randrange(1, 20)
    return [
        f"{pick.choice(PLACES)} Street will be closed to all traffic from {first} to"
        f" {first + pick.randrange(2, 9)} {pick.choice(['March', 'May', 'October'])} while the"
        f" {pick.choice(['water', 'gas', 'power'])} main is replaced.",
        "Residents can reach their homes on foot at all times, and deliveries until seven.",
        "Buses stop at the next corner; the timetable at the stop shows the changed times.",
        "The town asks for understanding and has put up signs for the detour.",
        f"Questions are answered on weekdays by telephone, extension {pick.randrange(100, 999)}.",
    ]


TEMPLATES = {"weather": weather, "markets": markets, "obituary": obituary, "match": match,
             "lottery": lottery, "notice": notice}  # fmt: skip
