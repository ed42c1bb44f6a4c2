"""Discussions: forum threads, questions with their answers, guestbooks.

They are told by structure: elements alike that hold most of the page's text, each with an author
and a time of its own beside it. Comments below an article are such a set too; what the page calls
itself, and how much prose stands outside of the set, part the two.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

from service.extract.document import Document, Node
from service.extract.metadata.hints import teller
from service.extract.thread.messages import Message, message_sets
from service.extract.thread.signed import Signature, read_signature, read_signatures

SAMPLE = 8
SIGNED_SHARE = 0.7
TOLD, UNTOLD = (2, 0.1), (3, 0.2)
"""The least number of posts, and of the page's unlinked text that they hold, where the page says
that it is a discussion, and where it does not."""
INNER_SHARE = 0.75
"""An element inside each message that holds this much of them is the message itself."""
HEADED_SHARE = 0.5
HEADING_CHARS_MIN = 12
NAMES_MIN, NAMES_SHARE = 3, 0.5
"""Authors that a discussion needs where nothing but its structure tells it."""
OUTSIDE_SHARE, OUTSIDE_CHARS_MAX = 0.2, 400
"""More prose outside of the posts, before the last, is an article's with comments below it."""
_says_comment = teller("comment disqus review rating")
_says_answer = teller("comment disqus reply replies respond respons answer")
_says_guestbook = teller("guestbook guest-book gbook gaestebuch gästebuch livredor livre-d-or")
_HEADINGS = frozenset({"h1", "h2", "h3", "h4"})
_POSTS = ("post", "messag", "thread", "topic", "forum", "answer", "guest", "entry", "discuss")
_says_post = teller(" ".join(_POSTS))
_TYPES = ("QAPage", "DiscussionForumPosting")
_PATH = re.compile(
    r"/(?:forums?|threads?|viewtopic|showthread|discussions?|questions?|talk|t|topic|comments)"
    r"(?:[/.]|$)|/post/\d+/?$"
)
_HOST = re.compile(r"^(?:www\.)?(?:forums?|discuss|discussions?|community|answers)\.")
_QUERY = re.compile(r"(?:^|[&?])(?:topic|threads?|showtopic)[=/]")
_FURTHER = re.compile(
    r"(?:[/_-](?:page|seite)[/_-]?|/p|[?&](?:page|pg|seite)=)(?!0*1?(?:\D|$))\d{1,5}(?=$|[/&#.])"
    r"|[?&](?:start|st|offset)=0*[1-9]"
)
"""The second page of a discussion, or a later one: ``/page-2``, ``?page=2``, ``&start=15``."""

__all__ = ["Post", "Thread", "read_thread"]


class Post(NamedTuple):
    """One contribution: the element of its text, the largest one around no other, who and when."""

    message: Node
    frame: Node
    signature: Signature

    @property
    def is_comment(self) -> bool:
        """Whether the words of its elements say that it is a comment or a review."""
        return any(map(_says_comment, self._hints()))

    @property
    def is_answer(self) -> bool:
        """Whether they say that it answers something: then it opens no discussion."""
        return any(map(_says_answer, self._hints()))

    def _hints(self) -> Iterator[str]:
        around = (self.message, *self.message.ancestors())
        return (node.hints for node in around if node.index >= self.frame.index)


class Thread(NamedTuple):
    """The posts of a page in order, at least two; ``is_typed`` where schema.org says that the page
    is a discussion, ``is_addressed`` where its address does; ``has_opening`` where the first post
    opens it: not on a further page of one, nor in a guestbook."""

    posts: list[Post]
    is_typed: bool
    is_addressed: bool
    has_opening: bool

    def holds(self, node: Node) -> bool:
        """Whether ``node`` is a post or in what is printed around one."""
        at = bisect_right(self.posts, node.index, key=lambda post: post.frame.index) - 1
        return at >= 0 and node.index < self.posts[at].frame.end

    def is_all(self, outside: float) -> bool:
        """Whether the posts are what the page is about, with so much prose outside of them."""
        if self.is_typed:
            return True
        held = sum(post.message.chars - post.message.link_chars for post in self.posts)
        is_alone = outside < min(OUTSIDE_CHARS_MAX, OUTSIDE_SHARE * held)
        are_comments = any(post.is_comment for post in self.posts)
        if self.is_addressed:
            return is_alone or not are_comments
        return is_alone and not are_comments and self._is_talk()

    def _is_talk(self) -> bool:
        """Whether several people write, in elements that are called posts."""
        names = {post.signature.author for post in self.posts}
        enough = max(NAMES_MIN, NAMES_SHARE * len(self.posts))
        nodes = (node for post in self.posts for node in (post.frame, post.message))
        return len(names) >= enough and _are_called_posts(nodes)


def read_thread(document: Document) -> Thread | None:
    """The set of posts that holds the most text, if the page has one."""
    is_typed, is_addressed = _is_typed(document), _is_addressed(document)
    is_told = is_typed or is_addressed
    if not is_told and not any(word in document.all_hints for word in _POSTS):
        return None  # nothing on the page is called a post, see ``Thread.is_all``
    sets = list(message_sets(document, *(TOLD if is_told else UNTOLD)))
    held = (node for messages in sets for m in messages for node in (m.frame, m.node))
    if not is_told and not _are_called_posts(held):
        return None
    signed = [messages for messages in sets if _is_signed(document, messages, is_told)]
    if not signed:
        return None
    widest = max(signed, key=_held)
    inner = [messages for messages in signed if _is_inside(document, messages, widest)]
    chosen = max(inner, key=lambda messages: messages[0].node.index, default=widest)
    if _are_headed(document, chosen):
        return None
    signatures = read_signatures(document, [message.beside for message in chosen])
    posts = [Post(m.node, m.frame, s) for m, s in zip(chosen, signatures, strict=True)]
    has_opening = not _FURTHER.search(document.url or "") and not _is_guestbook(document, posts[0])
    return Thread(posts, is_typed, is_addressed, has_opening)


def _is_typed(document: Document) -> bool:
    """Whether linked data or microdata say that the page is a discussion."""
    if any(kind in script for script in document.json_ld for kind in _TYPES):
        return True
    return any(node.get("itemtype").endswith(_TYPES) for node in document.having("itemtype"))


def _is_addressed(document: Document) -> bool:
    """Whether the address of the page says so."""
    parts = urlsplit(document.url or "")
    host = _HOST.search(parts.netloc.lower()) and parts.path.count("/") > 1
    return bool(host or _PATH.search(parts.path.lower()) or _QUERY.search(parts.query.lower()))


def _are_called_posts(nodes: Iterable[Node]) -> bool:
    return any(_says_post(node.hints) for node in nodes)


def _is_guestbook(document: Document, post: Post) -> bool:
    """Whether the address of the page or the words around its posts say that it is one."""
    around = (post.frame, *post.frame.ancestors())
    path = urlsplit(document.url or "").path
    return _says_guestbook(path.lower()) or any(_says_guestbook(node.hints) for node in around)


def _is_signed(document: Document, messages: list[Message], is_told: bool) -> bool:
    """Whether nearly all of the first messages have an author and a time; one of the two is enough
    where the page says that it is a discussion."""
    seen = messages[:SAMPLE]
    few = (1 - SIGNED_SHARE) * len(seen)
    unnamed = untimed = 0
    for message in seen:
        found = read_signature(document, message.beside)
        unnamed += found.author is None
        untimed += not found.is_timed
        missed = min(unnamed, untimed) if is_told else max(unnamed, untimed)
        if missed > few:
            return False
    return True


def _held(messages: list[Message]) -> int:
    return sum(message.node.chars - message.node.link_chars for message in messages)


def _is_inside(document: Document, inner: list[Message], outer: list[Message]) -> bool:
    """Whether each message is inside the outer one and holds nearly all of its text, or all but
    who wrote it and when."""
    if len(inner) != len(outer):
        return False
    pairs = list(zip(inner, outer, strict=True))
    if not all(o.node.index <= i.node.index < o.node.end for i, o in pairs):
        return False
    if _held(inner) >= INNER_SHARE * _held(outer):
        return True
    between = [document.nodes[o.node.index + 1 : i.node.index] for i, o in pairs[:SAMPLE]]
    return all(read_signature(document, nodes).time for nodes in between)


def _are_headed(document: Document, messages: list[Message]) -> bool:
    """Whether most have a heading of their own, as stories in a list have; posts have none, or
    that of the thread again."""
    own = {_heading(document, message) for message in messages} - {""}
    others = {text for text in own if not any(text != o and text.endswith(o) for o in own)}
    return len(others) >= max(2.0, HEADED_SHARE * len(messages))


def _heading(document: Document, message: Message) -> str:
    """The first heading beside a message that is not the name of its author."""
    author = (read_signature(document, message.beside).author or "").casefold()
    for node in message.beside:
        if node.tag in _HEADINGS and node.chars > HEADING_CHARS_MIN and not node.hidden:
            text = document.text(node).casefold()
            if not author or author not in text:
                return text
    return ""
