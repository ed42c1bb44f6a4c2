"""Several stories on one page: which one the page's address or its title means.

Pages that go on with the next story, and blogs asked for one post by its fragment, print stories
beside each other. The named one is read as if the others were not there. Where nothing names one
for sure, or the page has a headline over them all (a live blog, a list), it stays whole.
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urldefrag

from service.extract.document import Document, Node, without
from service.extract.metadata.headline import confirmation, declared_titles
from service.extract.metadata.titles import key, names_site, path_key
from service.extract.stories.story import Story, read_stories

HEADINGS_MAX = 200
CONFIRMED = 0.85
"""Of ``confirmation``: a heading that makes up half of the title or more."""

__all__ = ["own_story"]


def own_story(document: Document) -> Document:
    """``document`` without the stories beside the one that the page's address or title names."""
    stories = read_stories(document)
    if len(stories) < 2 or any("LiveBlogPosting" in script for script in document.json_ld):
        return document
    chosen = _by_address(document, stories) or _by_title(document, stories)
    others = [story for story in stories if chosen and story.is_apart(chosen)]
    if chosen is None or not others:
        return document
    own = without(document, [story.node for story in others])
    if not _is_titled(document, chosen.headings) and not _has_headline(document, stories):
        elsewhere = any(_is_titled(document, story.headings) for story in others)
        own.name_story(document.text(chosen.headings[0]), keep_head=not elsewhere)
    return own


def _by_address(document: Document, stories: list[Story]) -> Story | None:
    """The story that a fragment, the page's address or the one that it declares leads to."""
    page = document.page
    urls = [url for url in (page.url, page.requested_url) if url]
    paths = {path_key(url) for url in urls}
    for fragment in filter(None, (urldefrag(url).fragment for url in urls)):
        story = _by_fragment(document, stories, fragment)
        if story and (story.is_from_elsewhere(paths) or not _is_about(document, stories, story)):
            return story
    declared = [node.get("href") for node in document.linked.get("canonical", ())]
    for url in (*urls, *declared, document.meta("og:url") or ""):
        path = path_key(document.resolve(url))
        if path and (story := _only(story for story in stories if path in story.paths)):
            return story
    return None


def _by_fragment(document: Document, stories: list[Story], fragment: str) -> Story | None:
    """The one story that stands in, around or right after the element of this id or name."""
    anchors = (node for node in document.by_tag.get("a", ()) if node.get("name") == fragment)
    target = document.by_id.get(fragment) or next(anchors, None)
    if target is None:
        return _only(story for story in stories if fragment in story.fragments)
    at, end = target.index, target.end
    around = (story for story in stories if story.node.index <= at < story.node.end)
    return next(around, None) or _only(s for s in stories if at < s.node.index <= end)


def _by_title(document: Document, stories: list[Story]) -> Story | None:
    """The only story that the page is titled after."""
    if _has_headline(document, stories):
        return None
    return _only(story for story in stories if _is_titled(document, story.headings))


def _only(stories: Iterable[Story]) -> Story | None:
    found = list(stories)
    return found[0] if len(found) == 1 else None


def _is_titled(document: Document, headings: Iterable[Node]) -> bool:
    titles = [key(title) for title in declared_titles(document)]
    texts = [key(document.text(node)) for node in headings]
    return any(confirmation(text, title) >= CONFIRMED for text in texts for title in titles)


def _is_about(document: Document, stories: list[Story], story: Story) -> bool:
    """Whether the page is titled after all of its stories, or after another one than ``story``."""
    others = (node for one in stories if one is not story for node in one.headings)
    return _has_headline(document, stories) or _is_titled(document, others)


def _has_headline(document: Document, stories: list[Story]) -> bool:
    """Whether a headline outside of the stories, not the site's name, is what the title says."""
    site = frozenset(filter(None, [key(document.meta("og:site_name"))]))
    outside = (
        node
        for node in document.by_tag.get("h1", ())[:HEADINGS_MAX]
        if not node.hidden and not any(story.holds(node) for story in stories)
    )
    return _is_titled(document, (n for n in outside if not names_site(document.text(n), site)))
