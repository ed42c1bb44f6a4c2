"""The node of linked data that describes the page."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.extract.metadata.linked_data import LinkedData, article_node

URL = "https://www.example-post.com/politik/gipfel"


def chosen(*nodes: dict[str, Any]) -> Any:
    data = LinkedData([json.dumps(list(nodes))])
    return article_node(data, (URL,), ["Gipfel in Genf gescheitert - Example Post"])


def test_the_page_itself_is_chosen_and_not_a_related_one() -> None:
    """Address and headline decide between several articles."""
    other = {"@type": "NewsArticle", "headline": "Anderes", "url": "/anderes"}
    own = {"@type": "NewsArticle", "headline": "Gipfel in Genf gescheitert", "url": URL}

    assert chosen(other, own) == own


def test_a_list_of_articles_describes_other_pages() -> None:
    """Items of a list are not the page, and a site or an organisation never is."""
    item = {"@type": "NewsArticle", "headline": "Anderes", "url": "/anderes"}

    assert chosen({"@type": "ItemList", "itemListElement": [item]}) == {}
    assert chosen({"@type": "WebSite", "url": URL}, {"@type": "Organization", "name": "E"}) == {}


def test_the_article_inside_a_page_is_found() -> None:
    """mainEntity of a WebPage is the article."""
    article = {"@type": ["Article", "http://schema.org/BlogPosting"], "headline": "Gipfel in Genf"}

    assert chosen({"@type": "WebPage", "url": URL, "mainEntity": article}) == article


def test_depth_and_number_are_limited() -> None:
    """Nests and heaps of nodes end without being read whole."""
    deep: Any = {"@type": "NewsArticle", "headline": "tief"}
    for _ in range(200):
        deep = {"a": deep}
    many = [{"@type": "NewsArticle", "n": n} for n in range(10_000)]

    data = LinkedData([json.dumps(deep), json.dumps(many)])

    assert len(data.nodes) <= 1_500
    assert all(node.get("headline") != "tief" for node in data.nodes)


def test_a_giant_script_does_not_hide_the_others() -> None:
    """A script beyond the limit is left out; what stands after it is read."""
    giant = '{"@type": "NewsArticle", "headline": "' + "a" * 2_000_000 + '"}'
    own = {"@type": "NewsArticle", "headline": "Gipfel in Genf gescheitert"}

    assert LinkedData([giant, json.dumps(own)]).nodes == [own]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("<a href='/lee'>Ann <b>Lee</b></a>", ["Ann Lee"]),
        ("&lt;p&gt;Ann Lee", ["Ann Lee"]),
        ("The <br> element", ["The <br> element"]),
        ({"@list": [{"name": "Ann Lee"}, "Max Roth"]}, ["Ann Lee", "Max Roth"]),
        ({"name": {"@value": "Ann Lee"}}, ["Ann Lee"]),
        ({"name": [{"@value": "Ann Lee", "@language": "en"}]}, ["Ann Lee"]),
    ],
)
def test_a_value_of_any_shape_is_plain_text(value: Any, expected: list[str]) -> None:
    """Lists and values as JSON-LD writes them out, and tags that a system left in a text."""
    assert LinkedData([]).texts({"author": value}, "author") == expected


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["@type", "@id", "name", "headline", "author", "url", "mainEntityOfPage"]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=25,
)


@given(st.lists(VALUES, max_size=3))
def test_no_values_make_it_raise(values: list[Any]) -> None:
    """Any JSON in any place gives a node or none."""
    data = LinkedData([json.dumps(values)])
    node = article_node(data, (URL, None), ["Titel"])

    assert isinstance(node, dict)
    assert all(isinstance(text, str) for text in data.texts(node, "author"))
