"""One element of a page as a plain object, and the words that tell kinds of elements apart."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from msgspec import Struct
from turbohtml import Element

VISIBLE, HIDDEN, NEVER = 0, 1, 2
"""How far an element is kept from the reader's eye; ``NEVER`` is what browsers never print."""

INLINE = frozenset({
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em",
    "font", "i", "ins", "kbd", "label", "mark", "nobr", "q", "rb", "rp", "rt", "ruby", "s", "samp",
    "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
    "math", "mi", "mn", "mo", "mrow", "msup", "msub", "msubsup", "mfrac", "msqrt", "mroot", "mtext",
    "mstyle", "semantics", "mspace", "mover", "munder", "munderover", "mpadded", "menclose",
})  # fmt: skip
"""Elements that do not end a line of text."""

PARTS_OF_LINES = INLINE | frozenset({
    "br", "img", "picture", "source", "svg", "script", "style", "noscript", "meta", "link", "input",
    "button", "template", "wbr", "amp-img", "area", "map", "param", "track", "select",
    "textarea", "rp", "rt", "object", "canvas",
})  # fmt: skip
"""Elements that can stand inside a line; every other one is a block."""

UNREAD = frozenset({"script", "style", "svg", "iframe", "canvas", "select", "textarea"})
"""Elements whose inside is no part of a document."""

HINT_ATTRS = ("class", "id", "role", "data-testid", "itemprop")
"""Attributes that say by their words what an element is for."""

ADDRESS_ATTRS = (
    "data-src", "data-lazy-src", "data-iframe-src", "data-embed-src", "data-url", "data-href",
    "data-embed-url", "data-video-url", "data-tweet-url", "data-permalink", "cite",
    "data-instgrm-permalink", "data-bluesky-uri", "data-content-url", "data-oembed-url",
)  # fmt: skip
"""Attributes that hold the address of what a script will load."""
VIDEO_ATTRS = ("data-youtube-id", "data-youtubeid", "data-ytid", "data-yt-id", "data-videoid",
               "data-video-id", "videoid")  # fmt: skip
POST_ATTRS = ("data-tweet-id", "data-tweetid", "data-tweet", "data-twitter-id")
"""The same for the number of a video, and of a post."""
PLAYER_TAGS = frozenset({"div", "figure", "lite-youtube", "youtube-video", "a", "span", "button"})
"""Elements in whose place a script may set what these attributes name."""

HIDING_ATTRS = frozenset({"hidden", "aria-hidden", "style", "shadowrootmode"})
"""Attributes by which an element may be kept from the reader's eye, or shown to it."""


class Node(Struct, eq=False, gc=False):
    """One element. ``nodes[index + 1 : end]`` of its document are all elements inside it.

    ``element`` is the parser's own, which keeps the attributes; ``hints`` are the lower-cased words
    of ``HINT_ATTRS``. ``chars`` and ``link_chars`` count the visible text inside
    it and how much of that is linked, ``paragraphs`` the ``p`` inside it that hold a sentence,
    ``blocks`` the visible elements inside it that stand on lines of their own.

    Not known to the garbage collector, which has nothing to do here: a document that is no longer
    used parts its nodes.
    """

    tag: str
    element: Element
    hints: str
    parent: Node | None
    index: int
    hidden: int
    in_link: bool
    text_from: int
    text_to: int = 0
    end: int = 0
    children: list[Node | str] = []
    chars: int = 0
    link_chars: int = 0
    paragraphs: int = 0
    blocks: int = 0

    def __repr__(self) -> str:
        return f"<{self.tag} {self.index} {self.hints!r}>"

    def get(self, name: str) -> str:
        """The value of an attribute, or an empty string."""
        return self.element.attr(name) or ""

    @property
    def names(self) -> Collection[str]:
        """The names of its attributes."""
        return self.element.attrs

    def elements(self) -> list[Node]:
        """The child nodes that are elements."""
        return [child for child in self.children if child.__class__ is Node]

    def ancestors(self) -> Iterator[Node]:
        """The elements around it, innermost first."""
        node = self.parent
        while node is not None:
            yield node
            node = node.parent
