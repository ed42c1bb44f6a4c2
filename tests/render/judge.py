"""The static judge: whether HTML holds only what the renderers write, and nothing that runs."""

from __future__ import annotations

from turbohtml import Comment, Element, parse

from service.urls import safe_url

_TEXT = frozenset({"lang", "dir"})
_PLAIN = (
    "strong", "em", "u", "s", "sub", "sup", "mark", "li", "br", "hr", "figcaption", "small",
    "caption", "thead", "tbody", "tr", "footer", "header", "main", "span", "head", "body", "title",
    "ins", "del",
    "style",
)  # fmt: skip
ELEMENTS: dict[str, frozenset[str]] = {
    **dict.fromkeys(_PLAIN, frozenset()),
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6", "ul", "table", "html"), _TEXT),
    **dict.fromkeys(("p", "figure", "div", "aside", "section"), _TEXT | {"class"}),
    **dict.fromkeys(("td", "th"), frozenset({"colspan", "rowspan"})),
    "ol": _TEXT | {"start"},
    "blockquote": _TEXT | {"cite"},
    "a": frozenset({"href", "rel"}),
    "img": frozenset({"src", "srcset", "sizes", "alt", "width", "height", "loading", "decoding"}),
    "video": frozenset({"controls", "preload", "poster", "src"}),
    "audio": frozenset({"controls", "preload", "src"}),
    "pre": frozenset({"dir"}),
    "code": frozenset({"class"}),
    "time": frozenset({"datetime"}),
    "meta": frozenset({"charset", "http-equiv", "content", "name"}),
    "link": frozenset({"rel", "href"}),
}
"""Every element that the renderers write, with every attribute that it may carry."""

_ADDRESSES = frozenset({"href", "src", "poster", "cite"})


def faults(html: str) -> list[str]:
    """What is in ``html`` that the renderers never write, in words; empty when it is clean."""
    found: list[str] = []
    for node in parse(html).descendants:
        if isinstance(node, Comment):
            found.append(f"comment {node.data[:40]!r}")
        elif isinstance(node, Element):
            found += _faults_of(node)
    return found


def _faults_of(element: Element) -> list[str]:
    allowed = ELEMENTS.get(element.tag)
    if allowed is None:
        return [f"element {element.tag}"]
    found = [f"attribute {element.tag} {name}" for name in element.attrs if name not in allowed]
    for name, value in element.attrs.items():
        if name in _ADDRESSES and safe_url(str(value)) != str(value):
            found.append(f"address {name}={value!r}")
        if name == "srcset":
            parts = [part.split(" ")[0] for part in str(value).split(", ")]
            found += [f"address in srcset {part!r}" for part in parts if safe_url(part) != part]
    return found
