"""Links to other stories near the article: never a part of its body."""

from __future__ import annotations

import re
from collections import Counter
from urllib.parse import unquote

from service.article import Related
from service.extract.body.lines import Line
from service.extract.body.signs import Sign
from service.extract.document import Document, Node
from service.extract.metadata.hints import teller
from service.extract.metadata.titles import key
from service.extract.vocabulary import kind_of

RELATED_MAX = 20
TITLE_CHARS_MIN, TITLE_CHARS_MAX = 15, 300
UNPARTED_CHARS_MIN = 8
"""Characters of a title in a script that does not part its words."""
WORDS_MIN = 7
"""Words of a story's title (six count) and of its address (four count, a number as two) together:
what has fewer is the name of a section, a product or a person."""
_RELATED, _FOOT = int(Sign.RELATED), int(Sign.FOOTER)
_LABELS = ("related", "read_more")
_UNPARTED = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")
LABEL_WORDS_MAX = 4
_BESIDE = frozenset({
    "related", "more", "read", "previous", "prev", "next", "vorherige", "vorheriger", "nächste",
    "nächster", "précédent",
    "suivant", "anterior", "siguiente", "próximo", "precedente", "successivo", "vorige", "volgende",
    "poprzedni", "następny", "предыдущая", "следующая", "السابق", "التالي",
})  # fmt: skip
"""Single words before such a link; others, as *analysis*, are part of a title."""
_STORY = _BESIDE | {
    "post",
    "article",
    "story",
    "artikel",
    "beitrag",
    "artículo",
    "articolo",
    "artigo",
    "entry",
}
"""What follows such a word: *Previous article*."""
_SAYS_BESIDE = re.compile(r"prev|next|nav|weiter")
_LENGTH = re.compile(
    r"^\d{1,2}:\d{2}(?:\s?(?:min\.?|uhr))?\s(?:\d{1,2}\s?min\.?\s)?(?=\S)|\s*\b\d{1,3}\s?(?:min(?:ute)?s?\sread|hours?\sago|days?\sago)$"
    r"|(?<=[a-z.?!])\d{1,3}\smin(?:ute)?s?\sread$",
    re.IGNORECASE,
)
"""How long a film runs or a story takes to read, and how old it is."""
PARTS_MAX = 40
_ends_as_title = teller(
    "", r"(?:title|headline|heading|titel|titulo|titre)(?:[\s_-]*text)?(?:$|\s)"
)
_says_other = teller(
    "over-title overtitle over-line overline sub-title subtitle sub-head subhead kicker pre-title "
    "pretitle lead teaser-text teasertext abstract eyebrow sr-only hidden hide screen-reader "
    "screenreader container wrapper author label categor dachzeile spitzmarke"
)
_POINTERS = " ←→«»‹›<>|"
_WORD = re.compile(r"[^\W_]{2,}")
_OF_LISTS = re.compile(
    r"/(?:authors?|autor(?:en|es)?|people|tags?|categor(?:y|ies)|topics?|search)/"
)
_NUMBER = re.compile(r"\d{4}")


def read_related(document: Document, trace: list[tuple[Line, str]]) -> list[Related]:
    """Dropped lines that are one link to another story, in elements or after labels of that kind.

    Labels count near the story only: those of menus lead elsewhere. A story is told by its title
    and its address: a section, a product or a person has shorter ones.
    """
    found: dict[str, Related] = {}
    own = _without_fragment(document.url or "")
    seen: set[int] = set()  # lines of one element have the same links
    for line, reason in trace:
        if not reason or not line.link_chars or len(found) >= RELATED_MAX:
            continue
        is_related = (line.signs | line.own) & _RELATED and not line.signs & _FOOT
        if not is_related and (reason == "far" or kind_of(line.text) not in _LABELS):
            continue
        if line.index in seen:
            continue
        seen.add(line.index)
        for node in _anchors(document, line)[:RELATED_MAX]:
            url = document.resolve(node.get("href"))
            if url is None or url in found or _without_fragment(url) == own:
                continue
            if (named := _named_words(url)) and _is_story(title := _title(document, node), named):
                found[url] = Related(title=title, url=url)
    times = Counter(each.title for each in found.values())
    read = (each for each in found.values() if times[each.title] == 1 and _is_read(each.title))
    return list(read)[:RELATED_MAX]


def _is_read(title: str) -> bool:
    """Whether a title is one to read, not what a button calls to in capitals: ``CLICK HERE``."""
    return not title.isupper() or kind_of(title) is None


def _anchors(document: Document, line: Line) -> list[Node]:
    around = (node for node in line.node.ancestors() if node.tag == "a")
    return document.within(line.node, "a") + list(around)[:1]


def _title(document: Document, link: Node) -> str:
    """What the link is headed by, else all that it prints, without arrows and ``Read more:``."""
    heading = next(iter(document.within(link, "h1", "h2", "h3", "h4", "h5", "h6")), link)
    printed = document.heading(heading).strip(_POINTERS)
    title = _declared(link, printed) or _named(document, heading)
    title = title if key(title) != key(printed) else printed
    title = _without_pointers(link, title)
    if any(map(str.isdigit, title)):
        title = _LENGTH.sub("", title)
    title = title.rstrip(" -–·:")
    label, colon, rest = title.partition(":")
    return rest.strip(_POINTERS) if colon and _is_label(label.strip()) else title


def _declared(link: Node, printed: str) -> str:
    """The part of what a link prints that its own title or label repeats, without kicker, teaser
    and author; empty where it prints no more than that."""
    for text in (" ".join(link.get(name).split()) for name in ("title", "aria-label")):
        if TITLE_CHARS_MIN <= len(text) < len(printed) and text in printed:
            return text
    return ""


def _named(document: Document, link: Node) -> str:
    """The part of a link that its classes call the title, without what its own parts call else."""
    inside = document.inside(link)[:PARTS_MAX]
    titled = [n for n in inside if n.hints and n.chars >= TITLE_CHARS_MIN and _says_title(n.hints)]
    if titled:
        return _without_kicker(document, max(titled, key=_length))
    return _without_kicker(document, link)


def _length(node: Node) -> int:
    return node.chars


def _without_kicker(document: Document, node: Node) -> str:
    """The text of a title without the elements in it that classes call a kicker, or hide."""
    whole = document.heading(node)
    for inner in document.inside(node)[:PARTS_MAX]:
        if _says_other(inner.hints):
            rest = whole.replace(document.text(inner), "", 1).strip()
            whole = rest if len(rest) >= TITLE_CHARS_MIN else whole
    return whole


def _says_title(hints: str) -> bool:
    return _ends_as_title(hints) and not _says_other(hints)


def _without_pointers(link: Node, title: str) -> str:
    """``title`` without *Previous article* and the like: several such words, or one in a link that
    its markup calls so."""
    words = title.split()
    count = 0
    while count < len(words) - 1 and words[count].casefold() in (_STORY if count else _BESIDE):
        count += 1
    around = link.parent.hints if link.parent else ""
    goes_on = words[count].islower() if words else False
    beside = (count > 1 and not goes_on) or _SAYS_BESIDE.search(
        f"{link.get('rel')} {link.hints} {around}"
    )
    if not count or not beside:
        return title
    rest = " ".join(words[count:])
    return (rest.removesuffix(words[0]) or rest).strip(_POINTERS)


def _is_label(text: str) -> bool:
    """Whether ``text`` only says that a link leads on; not where a name or a title follows."""
    if text.casefold() in _BESIDE:
        return True
    words = text.split()
    if not 1 < len(words) <= LABEL_WORDS_MAX or kind_of(text) not in _LABELS:
        return False
    goes_on = kind_of(" ".join(words[:-1])) in _LABELS
    return not goes_on or words[-1].islower() or text.isupper()


def _named_words(url: str) -> int:
    """How many words the address of a story has; none if it is surely no story's."""
    path = "/" + unquote(url.split("//", 1)[-1].partition("/")[2])
    if not url.startswith("http") or _OF_LISTS.search(path):
        return 0
    slug = path.partition("?")[0].rstrip("/").rpartition("/")[2]
    return len(_WORD.findall(slug)) + 2 * bool(_NUMBER.search(path))


def _is_story(title: str, named: int) -> bool:
    """Whether a link of this title, whose address has so many words, leads to a story."""
    if len(title) > TITLE_CHARS_MAX or "://" in title[:8]:
        return False
    if _UNPARTED.search(title):
        return len(title) >= UNPARTED_CHARS_MIN
    words = len(_WORD.findall(title))
    long = len(title) >= TITLE_CHARS_MIN and named > 1
    return long and min(words, 6) + min(named, 4) >= WORDS_MIN


def _without_fragment(url: str) -> str:
    return url.partition("#")[0]
