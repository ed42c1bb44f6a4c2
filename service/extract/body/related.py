"""Links to other stories near the article: never a part of its body."""

from __future__ import annotations

from service.article import Related
from service.extract.body.lines import Line
from service.extract.body.signs import Sign
from service.extract.document import Document
from service.extract.vocabulary import kind_of

RELATED_MAX = 20
TITLE_CHARS_MIN, TITLE_CHARS_MAX = 15, 300
_RELATED = int(Sign.RELATED)
_LABELS = ("related", "read_more")


def read_related(document: Document, trace: list[tuple[Line, str]]) -> list[Related]:
    """Dropped lines that are one link to another page, in elements or after labels of that kind.

    Labels count near the story only: those of menus lead elsewhere.
    """
    found: dict[str, Related] = {}
    for line, reason in trace:
        if not reason or not line.link_chars or len(found) >= RELATED_MAX:
            continue
        is_related = (line.signs | line.own) & _RELATED
        if not is_related and (reason == "far" or kind_of(line.text) not in _LABELS):
            continue
        anchors = document.within(line.node, "a")
        anchors += [node for node in line.node.ancestors() if node.tag == "a"][:1]
        for node in anchors[:RELATED_MAX]:
            title = document.text(node)
            url = document.resolve(node.get("href")) if _is_title(title) else None
            if url and url.startswith("http") and url != document.url:
                found.setdefault(url, Related(title=title, url=url))
    return list(found.values())[:RELATED_MAX]


def _is_title(text: str) -> bool:
    return TITLE_CHARS_MIN <= len(text) <= TITLE_CHARS_MAX and " " in text
