"""The pictures of a page with what is printed about them, wherever the markup keeps it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import islice

from service.article import Figure, Image
from service.extract.document import VISIBLE, Document, Node
from service.extract.media.alt import by_attributes, says_alt
from service.extract.media.captions import Split, split_caption
from service.extract.media.images import background_of, read_image, sides
from service.extract.media.rights import CREDIT_CHARS_MAX
from service.extract.media.signs import decor, is_decor_file, is_frame, role_of
from service.extract.media.words import Frame, FrameReader, Words, read_words

PICTURES_MAX = 400
SIDE_PIXELS_MIN = 60
SIDE_PIXELS_SURE = 150
"""A picture smaller than this on a side needs a caption to be one of the story."""
DECOR_LEVELS_MAX = 7
AMONG_CHARS_MAX = 300
PROSE_CHARS_MIN = 80
ALONE_CHARS_MAX = 120
"""Of a text beside a picture that nothing but its own words makes a credit."""
SIBLINGS_MAX = 5000

_PICTURE_PAGE = re.compile(
    r"\.(?:jpe?g|png|gif|webp|avif)(?:$|[?#])|"
    r"/(?:images?|photos?|fotos?|bild(?:er)?|galler(?:y|ies)|galer\w{1,4}|pictures?|attachment)[/_?-]",
    re.IGNORECASE,
)
_PAINTED = frozenset({"div", "figure", "span", "a", "section"})
NOTHING = Split(None, None, None)
_GAPS = frozenset({"br", "noscript", "script", "style", "hr", "svg", "template"})


@dataclass(slots=True)
class Found:
    """A figure, the element that stands for it, and the elements that its words were read from."""

    figure: Figure
    anchor: Node
    frame: Frame
    consumed: set[int] = field(default_factory=set)


class FigureReader:
    """Reads the figures of one document; ``taken`` are the elements of players and embeds."""

    def __init__(self, document: Document, taken: list[Node]) -> None:
        self.document = document
        self.fallbacks: dict[int, Node] = {}
        self.nodes = self.picture_nodes(taken)
        shown = sorted([node.index for node in self.nodes] + [node.index for node in taken])
        self.frames = FrameReader(document, shown)

    def read(self) -> list[Found]:
        """Every figure of the page in document order."""
        found = []
        for node in self.nodes:
            figure = self.figure(node)
            if figure is not None:
                found.append(figure)
        return found

    # ---- which elements are pictures ----

    def picture_nodes(self, taken: list[Node]) -> list[Node]:
        """The visible pictures that may be of the story, copies and fallbacks aside."""
        by_tag = self.document.by_tag
        custom = [tag for tag in by_tag if "-" in tag and ("image" in tag or "img" in tag)]
        own = [n for tag in custom for n in by_tag[tag] if not self.document.within(n, "img")]
        nodes = [*by_tag.get("img", ()), *own, *self.backgrounds()]
        nodes.sort(key=lambda node: node.index)
        spans = [(node.index, node.end) for node in taken]
        kept: list[Node] = []
        for node in nodes:
            if node.hidden != VISIBLE:
                self.note_fallback(node, kept)
            elif any(start <= node.index < end for start, end in spans):
                continue
            elif len(kept) < PICTURES_MAX and self.may_be_shown(node):
                kept.append(node)
        return kept

    def backgrounds(self) -> list[Node]:
        """Elements that carry a picture only as the background of their style."""
        return [
            node
            for node in self.document.having("style")
            if node.tag in _PAINTED
            and background_of(node)
            and is_frame(node.hints)
            and not self.document.within(node, "img")
        ][:PICTURES_MAX]

    def note_fallback(self, node: Node, kept: list[Node]) -> None:
        """Remembers a copy inside ``noscript`` for the lazy picture that it stands for."""
        holder = node.parent
        while holder is not None and holder.tag != "noscript":
            holder = holder.parent if holder.hidden else None
        if holder is None or holder.parent is None or holder.parent.hidden:
            return
        around = holder.parent
        if kept and around.index < kept[-1].index < holder.index:
            self.fallbacks.setdefault(kept[-1].index, node)
        elif any(not img.hidden for img in self.document.within(around, "img")):
            return  # the copy of a picture that was refused
        elif len(kept) < PICTURES_MAX and self.may_be_shown(node):
            self.fallbacks[holder.index] = node
            kept.append(holder)

    def may_be_shown(self, node: Node) -> bool:
        """Whether a picture is more than an icon, a pixel or the thumbnail of another page."""
        width, height = sides(node)
        if min(width or SIDE_PIXELS_MIN, height or SIDE_PIXELS_MIN) < SIDE_PIXELS_MIN:
            return False
        if self.is_decor(node) or (node.in_link and self.is_teaser(node)):
            return False
        source = node.get("src") or node.get("data-src")
        is_lazy = source.startswith("data:") or (node.parent and node.parent.tag == "picture")
        return bool(is_lazy) or not source or not is_decor_file(source)

    def is_decor(self, node: Node) -> bool:
        """Whether the words around a picture name an avatar, a logo, an advertisement ..."""
        if decor(node.hints):
            return True
        nearest = list(islice(node.ancestors(), DECOR_LEVELS_MAX))
        least = 2 if any(around.tag == "figure" for around in nearest) else 1
        for around in nearest:
            if around.paragraphs > 2 or around.tag == "article":
                return False
            if around.tag in {"nav", "footer", "menu"}:
                return True
            if around.tag == "figure" and self.has_caption(around):
                return False
            if around.tag != "figure" and decor(around.hints) >= least:
                return True
        return False

    def has_caption(self, figure: Node) -> bool:
        """Whether a figure prints a caption that is not the link of a teaser."""
        captions = self.document.within(figure, "figcaption")
        return any(c.chars > c.link_chars and not c.in_link for c in captions)

    def is_teaser(self, node: Node) -> bool:
        """Whether a linked picture leads to another page and has no caption outside the link."""
        link = next((a for a in node.ancestors() if a.tag == "a"), None)
        if link is None or not (href := link.get("href").strip()) or href.startswith("#"):
            return False
        if _PICTURE_PAGE.search(href) or self.document.resolve(href) == self.document.url:
            return False
        figure = next((a for a in node.ancestors() if a.tag == "figure"), None)
        if figure is None or figure.index > link.index:
            return not self.has_caption_after(link)
        return not self.has_caption(figure)

    def has_caption_after(self, link: Node) -> bool:
        """Whether the element after a link, or after what it alone fills, is a caption."""
        if link.end >= len(self.document.nodes):
            return False
        after = self.document.nodes[link.end]
        return after.tag == "figcaption" or role_of(after.hints) == "caption"

    # ---- what is printed about one ----

    def figure(self, node: Node) -> Found | None:
        fallback = self.fallbacks.get(node.index)
        image = read_image(self.document, node, fallback)
        if image is None:
            return None
        frame = self.frames.frame(node)
        words = self.frames.words(frame)
        split, nodes = self.split(frame, words)
        if not any(split):
            split, nodes = self.beside(frame, image.alt)
        if not any(split) and self.is_small(node, image):
            return None
        if not split.credit and not split.copyright_notice:
            split = by_attributes(node, split)
        figure = Figure(
            image=image,
            caption=split.caption,
            credit=split.credit,
            copyright_notice=split.copyright_notice,
        )
        consumed = {each.index for each in nodes}
        return Found(figure, anchor_of(frame, words, nodes), frame, consumed)

    def split(self, frame: Frame, words: Words) -> tuple[Split, list[Node]]:
        """The parts of what is printed, and where; loose text counts in what holds pictures."""
        holds_pictures = frame.figure is not None or is_frame(frame.outer.hints)
        split, nodes = read_words(words, loose_counts=True)
        if words.is_signed and not holds_pictures:
            return read_words(words, loose_counts=False)
        if holds_pictures or split.credit or split.copyright_notice or self.is_among_prose(frame):
            return split, nodes
        return NOTHING, []

    def is_among_prose(self, frame: Frame) -> bool:
        """Whether a picture with a line or two of plain text stands between paragraphs."""
        outer = frame.outer
        if outer.link_chars or not 0 < outer.chars <= AMONG_CHARS_MAX or outer.parent is None:
            return False
        if outer.tag == "p":
            return _is_emphasised(outer)
        following = _following(outer)
        return following is not None and following.chars - following.link_chars > PROSE_CHARS_MIN

    def beside(self, frame: Frame, alt: str | None) -> tuple[Split, list[Node]]:
        """A caption in the next element, which says so by its words, tag or a credit label, or
        says what the picture's own text says."""
        following = _following(frame.outer)
        if following is None or not 0 < following.chars <= 600 or following.paragraphs > 1:
            return NOTHING, []
        if self.document.within(following, "img"):
            return NOTHING, []
        role = role_of(following.hints)
        signed = role == "caption" or (role == "credit" and following.chars <= CREDIT_CHARS_MAX)
        small = following.tag in {"figcaption", "small"} or _is_emphasised(following)
        if not (signed or small or alt) and following.chars > ALONE_CHARS_MAX:
            return NOTHING, []
        split = split_caption(self.document.text(following))
        signed = signed or says_alt(self.document, following, split, alt)
        if signed or (small and (split.credit or split.copyright_notice)):
            return split, [following]
        if split.credit and not split.caption and following.chars <= ALONE_CHARS_MAX:
            return split, [following]
        return NOTHING, []

    def is_small(self, node: Node, image: Image) -> bool:
        width, height = sides(node)
        if min(width or SIDE_PIXELS_SURE, height or SIDE_PIXELS_SURE) < SIDE_PIXELS_SURE:
            return True
        return image.src is None or is_decor_file(image.src)


def anchor_of(frame: Frame, words: Words, read: list[Node]) -> Node:
    """The outermost element that shows nothing but the picture and the words that were read."""
    if words.is_left and not any(node in read for node in words.loose_nodes):
        return _bare(frame)
    return (
        frame.outer if frame.figure is not None or read or not frame.outer.chars else _bare(frame)
    )


def _bare(frame: Frame) -> Node:
    """The outermost element of the frame that holds the picture and no text."""
    bare = frame.node
    for around in frame.node.ancestors():
        if around.chars or around is frame.outer:
            break
        bare = around
    return bare


def _following(node: Node) -> Node | None:
    """The element after ``node``, or after the elements that it closes; nothing between."""
    for _ in range(3):
        around = node.parent
        if around is None:
            return None
        children = around.children
        if len(children) > SIBLINGS_MAX:
            return None
        for child in children[children.index(node) + 1 :]:
            if isinstance(child, str):
                if child.strip():
                    return None
            elif not (child.tag in _GAPS or child.hidden or _is_idle(child)):
                return child
        if around.chars:
            return None
        node = around
    return None


def _is_idle(node: Node) -> bool:
    """Whether a paragraph is empty: templates print one for each field that has no value."""
    return node.tag == "p" and not node.children


def _is_emphasised(node: Node) -> bool:
    """Whether all text of ``node`` is in small print or italics."""
    return any(
        child.tag in {"em", "i", "small"} and child.chars >= node.chars - 2
        for child in node.elements()
    )
