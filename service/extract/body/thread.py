"""The body of a discussion: the first post as it is, each other one as an entry of its own.

The posts are judged as a set: what stands in a message is kept, what stands around it is not. Line
by line the judge drops half of a thread, since short answers look like comments.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from service.article import AnyBlock, LiveEntry, Paragraph, Quote, own_text, walk
from service.extract.body.blocks import Builder, heading_levels
from service.extract.body.context import Context
from service.extract.body.lines import Line, gather
from service.extract.document import Document, Node
from service.extract.media import Media
from service.extract.metadata.dates import read_date
from service.extract.thread import Post, Thread, read_thread
from service.extract.vocabulary import kind_of

LABEL_CHARS_MAX = 60
OPENING_CHARS_MIN = 120
REPEATED_CHARS_MIN = 40
TIME_WITHIN = 6
"""Elements from the start of a message in which its time may be printed once more."""
SAID_CHARS_MAX = 50_000
"""So much of what was said above a quotation is searched for it."""
DAY = timedelta(days=1)
_LABELS = frozenset({"share", "follow", "tools", "comments", "navigation", "read_more", "credit"})
_SAID = re.compile(r"(.{2,50}?)\s*[:：]\s*[↑⬆]?")
"""Who said what is quoted: ``Anna wrote:``."""
_WORD = re.compile(r"\w+")

Trace = list[tuple[Line, str]]


@dataclass(slots=True)
class Discussion:
    """A thread on a page and its lines, each with the post whose message it is in, if any."""

    document: Document
    thread: Thread
    lines: list[Line]
    media: Mapping[int, AnyBlock]

    def post_of(self, line: Line) -> Post | None:
        """The post in whose message a line is."""
        at = bisect_right(self.thread.posts, line.index, key=lambda post: post.message.index) - 1
        post = self.thread.posts[at] if at >= 0 else None
        return post if post and line.index < post.message.end else None

    def trace(self, before: Trace) -> Trace:
        """The lines with the reason to drop each; ``before`` are those above the first post."""
        start = self.thread.posts[0].frame.index
        below = [line for line in self.lines if line.index >= start]
        return [*before, *((line, self.reason(line)) for line in below)]

    def reason(self, line: Line) -> str:
        post = self.post_of(line)
        if post is None:
            return "around a post"
        if any("signature" in node.hints for node in _up_to(line.node, post.message)):
            return "signature"
        if line.kind == "text" and line.chars <= LABEL_CHARS_MAX:
            return "label" if self.is_label(line, post) else ""
        return ""

    def is_label(self, line: Line, post: Post) -> bool:
        """Whether a short line is a button, the time of the post again, or the label of code."""
        if kind_of(line.text) in _LABELS:
            return True
        below = self.document.following(line.node) if line.link_chars else None
        if below is not None and below.tag in {"pre", "code"}:
            return True
        time = post.signature.time
        is_near = line.index - post.message.index < TIME_WITHIN
        moment = read_date(line.text) if time and is_near else None
        return bool(moment and time and abs(moment.at - time.at) <= DAY and line.quote is None)

    def blocks(self, trace: Trace) -> list[AnyBlock]:
        """The blocks of what was kept: an entry a post, but for one that opens the discussion."""
        kept = [line for line, reason in trace if not reason]
        builder = Builder(self.document, self.media, heading_levels(kept))
        own: dict[int, list[Line]] = {}
        for line in kept:
            post = self.post_of(line)
            same = own.setdefault(post.message.index if post else -1, [])
            if line.chars < REPEATED_CHARS_MIN or all(line.text != one.text for one in same):
                same.append(line)  # posts that unfold hold their beginning twice
        blocks = builder.blocks(own.pop(-1, []))
        for post in self.thread.posts:
            inner = builder.blocks(own.get(post.message.index, []))
            if not blocks and self.thread.has_opening:
                blocks = inner
            elif inner:
                who, time, _ = post.signature
                blocks.append(LiveEntry(blocks=inner, author=who, at=time.at if time else None))
        mark_quotes(blocks, {name for post in self.thread.posts if (name := post.signature.author)})
        return blocks


def find_discussion(document: Document, context: Context, media: Media) -> Discussion | None:
    """The discussion that a page is, if it is one: comments below an article are none."""
    thread = read_thread(document)
    if thread is None or not thread.is_all(_outside(context, thread)):
        return None
    return Discussion(document, thread, _lines(document, thread, media), media.blocks)


def _lines(document: Document, thread: Thread, media: Media) -> list[Line]:
    """The lines of the page; what is around a message says nothing of the lines in it."""
    messages = [post.message for post in thread.posts]
    opened = frozenset(node.index for message in messages for node in message.ancestors())
    lines = gather(document, media.blocks, media.consumed, opened)
    starts = [message.index for message in messages]
    for line in lines:
        at = bisect_right(starts, line.index) - 1
        first = starts[at] if at >= 0 else 0
        line.box = None  # what is called a box is the post
        line.quote, line.item = (
            node if node is not None and node.index > first else None
            for node in (line.quote, line.item)
        )
    return lines


def _up_to(node: Node, around: Node) -> Iterator[Node]:
    """A node and the elements around it that are inside ``around``."""
    while node is not around and node.parent is not None:
        yield node
        node = node.parent


def mark_quotes(blocks: Sequence[AnyBlock], names: Collection[str]) -> None:
    """Names who is quoted, and tells the quotations of what the page prints above as pulled.

    ``names`` are those of the discussion: one of them right above a quotation is its speaker.
    """
    said = ""
    for block in blocks:
        inner = block.blocks if isinstance(block, LiveEntry) else [block]
        if isinstance(block, LiveEntry):
            _take_speakers(block, names)
        for quote in (one for one in inner if isinstance(one, Quote)):
            _attribute(quote)
            texts = [_bare(own_text(one)) for one in walk(quote.blocks)]
            if any(texts) and all(text in said for text in texts):
                quote.variant = "pull"
        said += " ".join(_bare(own_text(one)) for one in walk(inner)) + "\n"
        said = said[-SAID_CHARS_MAX:]


def _take_speakers(post: LiveEntry, names: Collection[str]) -> None:
    for at in range(len(post.blocks) - 1, 0, -1):
        above, quote = post.blocks[at - 1 : at + 1]
        if isinstance(quote, Quote) and isinstance(above, Paragraph) and not quote.attribution:
            said = _SAID.fullmatch(above.text)
            if said and said[1].strip() in names:
                quote.attribution = said[1].strip()
                del post.blocks[at - 1]


def _attribute(quote: Quote) -> None:
    """Takes ``Anna wrote:`` from the start of a quotation, with the time that may follow it."""
    first = quote.blocks[0]
    is_name = isinstance(first, Paragraph) and len(first.text) <= LABEL_CHARS_MAX
    if not is_name or len(quote.blocks) < 2 or quote.attribution:
        return
    said = _SAID.fullmatch(own_text(first))
    if said:
        quote.attribution = said[1].strip()
        quote.blocks = quote.blocks[1:]
        second = own_text(quote.blocks[0])
        if len(quote.blocks) > 1 and len(second) <= LABEL_CHARS_MAX and read_date(second):
            quote.blocks = quote.blocks[1:]


def _bare(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold()))


def _outside(context: Context, thread: Thread) -> float:
    """How much prose stands outside of the posts, before the last of them."""
    last = thread.posts[-1].frame.index
    return sum(
        amount
        for line, amount in zip(context.lines, context.prose, strict=True)
        if amount and line.index < last and not thread.holds(line.node)
    )


def opening(thread: Thread, trace: Trace, headline: int) -> Trace:
    """The lines above the first post, all dropped unless they are what the posts answer: then those
    below the ``headline`` (the index of its element) stay as they were judged."""
    start = thread.posts[0].frame.index
    before = [(line, reason) for line, reason in trace if line.index < start]
    before = [
        (line, reason or ("" if line.index > headline else "above")) for line, reason in before
    ]
    told = sum(line.chars for line, reason in before if not reason)
    if thread.posts[0].is_answer and told >= OPENING_CHARS_MIN:
        return before
    return [(line, reason or "above the posts") for line, reason in before]
