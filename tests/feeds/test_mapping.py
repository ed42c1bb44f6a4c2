"""Messages of publishing tools become items."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.errors import InvalidRequest
from service.feeds.mapping import PRESETS, Condition, ItemMapping, read_entries

GHOST: dict[str, Any] = {
    "post": {
        "current": {
            "id": "6",
            "url": "https://blog.example/harbour/",
            "title": "Harbour",
            "html": "<p>The cranes move.</p>",
            "status": "published",
            "published_at": "2024-12-03T08:00:00.000Z",
            "authors": [{"name": "Mia Lind"}, {"name": "Jo Ek"}],
            "tags": [{"name": "Economy"}],
        },
        "previous": {"status": "draft"},
    }
}


def test_ghost_publishes() -> None:
    """A published post has its address, content, authors, tags and date."""
    (entry,) = read_entries(PRESETS["ghost"], GHOST)

    assert entry.op == "upsert"
    assert entry.item.url == "https://blog.example/harbour/"
    assert entry.item.content_html == "<p>The cranes move.</p>"
    assert entry.item.authors == ["Mia Lind", "Jo Ek"]
    assert entry.item.keywords == ["Economy"]
    assert entry.item.published == "2024-12-03T08:00:00.000Z"


def test_ghost_deletes_and_unpublishes() -> None:
    """A deleted or unpublished post is a deletion of its last address."""
    gone = {"post": {"current": {}, "previous": GHOST["post"]["current"]}}
    draft = {"post": {"current": GHOST["post"]["current"] | {"status": "draft"}}}

    assert [(e.op, e.item.url) for e in read_entries(PRESETS["ghost"], gone)] == [
        ("delete", "https://blog.example/harbour/")
    ]
    assert [e.op for e in read_entries(PRESETS["ghost"], draft)] == ["delete"]


def test_wordpress_miniflux_and_json_feed() -> None:
    """Nested posts, fanned-out entries and feed items are found where those tools put them."""
    wordpress = {
        "post_id": 7,
        "post": {"ID": 7, "post_title": "T", "post_content": "<p>x</p>", "post_status": "publish"},
        "post_permalink": "https://wp.example/t",
    }
    entries = [{"id": n, "url": f"https://m.example/{n}", "content": "<p>"} for n in (1, 2)]
    miniflux = {"event_type": "new_entries", "feed": {}, "entries": entries}
    feed = {"items": [{"id": "a", "url": "https://j.example/a", "content_text": "plain"}]}

    (post,) = read_entries(PRESETS["wordpress"], wordpress)
    (item,) = read_entries(PRESETS["json_feed"], feed)

    assert (post.item.guid, post.item.url) == ("7", "https://wp.example/t")
    assert [e.item.guid for e in read_entries(PRESETS["miniflux"], miniflux)] == ["1", "2"]
    assert (item.text, item.item.content_html) == ("plain", None)


def test_titles_are_text_and_times_have_zones() -> None:
    """WordPress sends titles as HTML, and times in GMT that do not say so; others send numbers."""
    post = {
        "id": 7, "link": "https://wp.example/t", "content": {"rendered": "<p>x</p>"},
        "title": {"rendered": "Tom &#038; Jerry&#8217;s <em>day</em> of 5 < 6"},
        "date_gmt": "2026-03-01T08:00:00", "modified": "2026-03-02T09:00:00",
    }  # fmt: skip

    (entry,) = read_entries(PRESETS["wordpress"], post)
    flat = {"url": "https://z.example/1", "title": "R&D <3", "published": 1772352000123}
    (plain,) = read_entries(PRESETS["automation"], flat)

    assert entry.item.title == "Tom & Jerry\u2019s day of 5 < 6"
    assert (entry.item.published, entry.item.updated) == (
        "2026-03-01T08:00:00Z", "2026-03-02T09:00:00",
    )  # fmt: skip
    assert (plain.item.title, plain.item.published) == ("R&D <3", "2026-03-01T08:00:00+00:00")


def test_automation_tools_send_one_or_many() -> None:
    """A flat object, a list of them and a deletion are all read."""
    one = {"link": "https://z.example/1", "author": "Ann"}

    (entry,) = read_entries(PRESETS["automation"], one)
    many = read_entries(PRESETS["automation"], [one, {"url": "https://z.example/2"}])
    (gone,) = read_entries(PRESETS["automation"], one | {"deleted": True})

    assert entry.item.authors == ["Ann"]
    assert [e.item.url for e in many] == ["https://z.example/1", "https://z.example/2"]
    assert gone.op == "delete"


@pytest.mark.parametrize("sent", ["Unpublished", "unpublished", "UNPUBLISHED"])
def test_conditions_do_not_depend_on_case(sent: str) -> None:
    """Neither of what is sent nor of what the mapping names."""
    mapping = ItemMapping(
        url=["/url"], deleted=[Condition(pointer="/status", values=["Unpublished"])]
    )

    [entry] = read_entries(mapping, {"url": "https://a.example/", "status": sent})

    assert entry.op == "delete"


def test_own_pointers_escape_and_index() -> None:
    """``~1``, ``~0``, list indices and ``#`` follow RFC 6901 and our one extension."""
    mapping = ItemMapping(
        items=["/data/*/posts/*"],
        url=["/a~1b/0"],
        language=["#/m~0"],
        ignored=[Condition(pointer="/kind", values=["ad"])],
    )
    document = {
        "m~": "fr",
        "data": [{"posts": [{"a/b": ["https://x.example/"]}, {"kind": "ad"}]}, {"posts": []}],
    }

    (entry,) = read_entries(mapping, document)

    assert (entry.item.url, entry.item.language) == ("https://x.example/", "fr")


@pytest.mark.parametrize(
    "document",
    [{}, [], None, 1, {"post": []}, {"url": "ftp://x"}, {"url": ""}, [{"url": "javascript:x"}]],
)
def test_a_message_without_items_is_refused(document: Any) -> None:
    """What holds neither an address nor content is a clear error."""
    with pytest.raises(InvalidRequest):
        read_entries(PRESETS["automation"], document)


def test_a_pointer_is_checked_when_it_is_given() -> None:
    """A pointer that does not begin with a slash is refused with the mapping."""
    with pytest.raises(msgspec.ValidationError, match="url"):
        msgspec.json.decode(b'{"url": ["entry/url"]}', type=ItemMapping)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["post", "current", "url", "entries", "items"]), inner)
    ),
    max_leaves=20,
)


@given(JSON, st.sampled_from(sorted(PRESETS)))
def test_no_message_breaks_a_mapping(document: Any, preset: str) -> None:
    """Any JSON gives entries or the one error."""
    try:
        entries = read_entries(PRESETS[preset], document)
    except InvalidRequest:
        return

    assert all(entry.item.url or entry.item.content_html or entry.text for entry in entries)
