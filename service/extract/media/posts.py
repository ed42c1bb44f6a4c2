"""Posts of other sites that a page quotes, and that a script turns into an embed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from service.article import Embed
from service.extract.document import ADDRESS_ATTRS, Document, Node
from service.extract.media.providers import Source, read_source

TEXT_CHARS_MAX = 4000
LINKS_READ_MAX = 8

_QUOTED = re.compile(
    r"twitter-(?:tweet|video)|instagram-media|tiktok-embed|fb-(?:post|video)|bluesky-embed|"
    r"text-post-media|mastodon-embed|reddit-(?:embed|card)|imgur-embed"
)
_QUOTED_STEMS = ("-embed", "twitter-", "fb-", "-media", "reddit-card")
"""One of them is in each of these words."""
_INVITATION = re.compile(
    r"^(?:view this post on instagram|sieh dir diesen beitrag auf instagram an|voir cette "
    r"publication sur instagram|ver esta publicación en instagram|visualizza questo post su "
    r"instagram|ver (?:esta foto|essa foto|esta publicação) no instagram|dit bericht op instagram "
    r"bekijken|se dette innlegget på instagram|visa det här inlägget på instagram|vis dette opslag "
    r"på instagram|näytä tämä julkaisu instagramissa|wyświetl ten post na instagramie|zobrazit "
    r"příspěvek na instagramu|посмотреть эту публикацию в instagram|переглянути цей допис в "
    r"instagram|bu gönderiyi instagram['’]da gör|この投稿をinstagramで見る|"
    r"instagram에서 이 게시물 보기|在 instagram 查看这篇帖子|عرض هذا المنشور على instagram)\s*",
    re.IGNORECASE,
)
_SHARED_BY = re.compile(
    r"(?:a post shared by|ein (?:von .{1,80} geteilter )?beitrag(?: geteilt von)?|une publication "
    r"partagée par|una publicación compartida (?:de|por)|un post condiviso da|uma publicação "
    r"(?:com)?partilhada por|um post compartilhado por|een bericht gedeeld door|et innlegg delt av|"
    r"ett inlägg delat av|et opslag delt af|henkilön .{1,80} jakama julkaisu|post udostępniony "
    r"przez|příspěvek sdílený|публикация от|допис, поширений)[^\n]{0,200}$",
    re.IGNORECASE,
)


def read_posts(document: Document) -> Iterator[tuple[Embed, Node]]:
    """The quoted posts with the elements that hold them; their words are kept."""
    known: dict[str, bool] = {"": False}
    if not any(stem in document.all_hints for stem in _QUOTED_STEMS):
        return
    for tag in ("blockquote", "div", "bluesky-embed"):
        for node in document.by_tag.get(tag, ()):
            is_quoted = known.get(node.hints)
            if is_quoted is None:
                is_quoted = known[node.hints] = bool(_QUOTED.search(node.hints[:200]))
            if is_quoted and not node.hidden and (post := _post(document, node)):
                yield post, node


def _post(document: Document, node: Node) -> Embed | None:
    text = _words(document.text(node)[:TEXT_CHARS_MAX])
    if source := _source_of(document, node):
        return Embed(
            provider=source.provider, url=source.url, provider_id=source.provider_id, text=text
        )
    url = _last_link(document, node) if node.tag == "blockquote" else None
    return Embed(url=url, text=text) if url else None


def _words(text: str) -> str | None:
    """What somebody wrote, without the invitation to see it at its site."""
    if invited := _INVITATION.match(text):
        text = _SHARED_BY.sub("", text[invited.end() :])
    return text.strip() or None


def _source_of(document: Document, node: Node) -> Source | None:
    """The source that an element names in its data or its last links."""
    for name in ADDRESS_ATTRS:
        url = document.resolve(node.get(name))
        if url and (source := read_source(url)):
            return source
    for link in reversed(document.within(node, "a")[-LINKS_READ_MAX:]):
        url = document.resolve(link.get("href"))
        if url and (source := read_source(url)):
            return source
    return None


def _last_link(document: Document, node: Node) -> str | None:
    links = document.within(node, "a")
    url = document.resolve(links[-1].get("href")) if links else None
    return url if url and url.startswith("http") else None
