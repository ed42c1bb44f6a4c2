"""One image as the page offers it: the largest sensible size first, placeholders seen through.

An image names its file in many places: ``srcset`` and ``picture`` (HTML Living Standard 4.8.4),
the ``data-`` attributes of lazy loaders, AMP, a ``noscript`` copy, a background of the style.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from service.article import Candidate, Image
from service.extract.document import Document, Node, unescaped, unmarked
from service.extract.metadata.hints import finder

CANDIDATES_MAX = 16
SRCSET_CHARS_MAX = 20_000
NAME_CHARS_MAX = 300
WIDTH_SENSIBLE_MAX = 2560
PIXELS_MAX = 20_000

_SETS = (
    "srcset",
    "data-srcset",
    "data-lazy-srcset",
    "data-original-set",
    "data-src-set",
    "data-bgset",
)
_LARGE = ("data-orig-file", "data-large-file", "data-full-src", "data-hi-res-src", "data-zoom-src",
          "data-full-url", "data-original", "data-orig-src", "data-highres")  # fmt: skip
_LAZY = ("data-src", "data-lazy-src", "data-lazy", "data-url", "data-image", "data-img-src",
         "data-lazyload", "data-li-src", "data-echo", "data-src-large", "data-image-src",
         "data-defer-src", "data-cfsrc", "data-ezsrc", "nitro-lazy-src")  # fmt: skip
_DELAYED = frozenset({*_LARGE, *_LAZY})
_SIZE = re.compile(r"(\d{1,5}(?:\.\d{1,4})?)([wxh]),?")
_SIZE_THEN_URL = re.compile(r"(\d{1,5}(?:\.\d{1,4})?)([wx]),(?=\S)")
_STAND_INS = (
    "blank spacer placeholder transparent pixel 1x1 empty dummy lazy lazyload loading loader "
    "preload trans clear grey gray white default-img noimage no-image"
)
_names_stand_in = finder(
    _STAND_INS,
    rf"(?:^|[_.-])(?:{_STAND_INS.replace(' ', '|')})"
    r"(?:[_.-]\w{1,12})?\.(?:gif|png|jpe?g|svg|webp)",
)
_BACKGROUND = re.compile(
    r"background(?:-image)?\s*:[^;]{0,40}url\(\s*['\"]?([^'\")]{4,2000})", re.IGNORECASE
)
_RATIOS = frozenset({("16", "9"), ("9", "16"), ("4", "3"), ("3", "4"), ("3", "2"), ("2", "3")})
_MIME = {"jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "gif": "image/gif",
         "webp": "image/webp", "avif": "image/avif", "svg": "image/svg+xml"}  # fmt: skip
_WIDTH_IN_URL = re.compile(r"[?&/,_](?:w|width|imwidth)[=_-](\d{2,4})(?=\D|$)|[?&]resize=(\d{2,4})")


def read_image(document: Document, node: Node, fallback: Node | None = None) -> Image | None:
    """The image of an ``img``, ``amp-img`` or element with a background; None without a file.

    ``fallback`` is its copy inside ``noscript``. ``src`` is the largest candidate up to 2560
    pixels wide, else the smallest above.
    """
    candidates = list(_candidates(document, node, fallback))
    if not candidates:
        return None
    wide = sorted((c for c in candidates if c.width), key=_preference)
    dense = sorted((c for c in candidates if c.density), key=lambda c: -(c.density or 0))
    best = (wide or dense or candidates)[0]
    width, height = sides(node)
    return Image(
        src=best.src,
        width=width,
        height=height if width else None,
        mime=_MIME.get(best.src.partition("?")[0].rpartition(".")[2].lower()),
        alt=" ".join(unmarked(unescaped(node.get("alt"))).split()) or None,
        candidates=_listed(wide or dense),
    )


def _preference(candidate: Candidate) -> tuple[bool, int]:
    width = candidate.width or 0
    return (width > WIDTH_SENSIBLE_MAX, width if width > WIDTH_SENSIBLE_MAX else -width)


def _listed(candidates: list[Candidate]) -> list[Candidate]:
    """The candidates, one a size, at most sixteen; none where there is no choice."""
    by_size = {(c.width, c.density): c for c in reversed(candidates)}
    listed = [c for c in candidates if by_size[c.width, c.density] is c]
    return listed[:CANDIDATES_MAX] if len(listed) > 1 else []


def _candidates(document: Document, node: Node, fallback: Node | None) -> Iterator[Candidate]:
    for source in [node, *_sources(node), *([fallback] if fallback else [])]:
        for name in _SETS:
            if listed := source.get(name):
                yield from _set(document, listed)
        if node.tag != "source":
            yield from _single(document, source)


def _sources(node: Node) -> list[Node]:
    """The ``source`` elements beside an image in its ``picture``."""
    around = node.parent
    if around is None or around.tag not in {"picture", "figure", "amp-img"}:
        return []
    return [child for child in around.elements() if child.tag == "source"][:20]


def _single(document: Document, node: Node) -> Iterator[Candidate]:
    named = () if _DELAYED.isdisjoint(node.names) else (*_LARGE, *_LAZY)
    values: list[str | None] = [node.get(name) for name in (*named, "src")]
    if node.tag not in {"img", "source", "amp-img"}:
        values.append(background_of(node))
    for value in values:
        url = document.resolve(value) if value and not is_placeholder(value) else None
        if url and url.startswith("http"):
            yield Candidate(src=url, width=_width_in(url))


def _width_in(url: str) -> int | None:
    match = _WIDTH_IN_URL.search(url)
    return int(match[1] or match[2]) if match else None


def _set(document: Document, listed: str) -> Iterator[Candidate]:
    """The candidates of a ``srcset``. Addresses may hold commas; blanks part the tokens."""
    url = ""
    for token in listed[:SRCSET_CHARS_MAX].split():
        if url and token[0].isdecimal():
            glued = _SIZE_THEN_URL.match(token)
            if size := glued or _SIZE.fullmatch(token):
                yield from _candidate(document, url, size[1], size[2])
                url = token[glued.end() :] if glued else ""
                continue
        if url:
            yield from _candidate(document, url, "1", "x")
        url = token.rstrip(",")
    if url:
        yield from _candidate(document, url, "1", "x")


def _candidate(document: Document, url: str, size: str, unit: str) -> Iterator[Candidate]:
    absolute = None if is_placeholder(url) else document.resolve(url)
    if absolute is None or not absolute.startswith("http") or unit == "h":
        return
    if unit == "w":
        yield Candidate(src=absolute, width=int(float(size)) or None)
    else:
        yield Candidate(src=absolute, width=_width_in(absolute), density=float(size))


def is_placeholder(url: str) -> bool:
    """Whether an address stands for an image that is loaded later."""
    if len(url) < 6 or url[:5].lower() == "data:" or url[:6].lower() == "about:" or url.isspace():
        return True
    return _is_stand_in(url[url.rfind("/") + 1 :][:NAME_CHARS_MAX])


@lru_cache(maxsize=2_048)
def _is_stand_in(name: str) -> bool:
    """Whether a file is called so; remembered, since sizes of one picture share its name."""
    return _names_stand_in(name.lower())


def background_of(node: Node) -> str | None:
    """The address of the background image in an element's own style."""
    style = node.get("style")
    if "url(" not in style:
        return None
    match = _BACKGROUND.search(style[:4096])
    return match[1].strip() if match else None


def sides(node: Node) -> tuple[int | None, int | None]:
    """Width and height in pixels as attributes say; None for percentages, ratios, nonsense."""
    declared = (node.get("width"), node.get("height"))
    return (None, None) if declared in _RATIOS else (_pixels(declared[0]), _pixels(declared[1]))


def _pixels(declared: str) -> int | None:
    if not declared:
        return None
    value = declared.strip().removesuffix("px")
    if not value[:1].isdecimal() or not value.replace(".", "", 1).isdecimal() or len(value) > 8:
        return None
    number = int(float(value))
    return number if 0 < number <= PIXELS_MAX else None
