"""Articles over HTTP: every form, validator and coding of the stored document."""

from __future__ import annotations

import base64
import gzip
import hashlib
from collections.abc import AsyncIterator
from uuid import uuid4

import brotli
import httpx
import msgspec
import pytest
import zstandard

from service.runtime import Runtime
from tests.api.conftest import Caller
from tests.api.test_edge import assert_problem
from tests.working import page, working

FORMS = {
    "json": "application/json",
    "html": "text/html",
    "markdown": "text/markdown",
    "text": "text/plain",
}


@pytest.fixture(scope="module", autouse=True)
async def worker(runtime: Runtime) -> AsyncIterator[None]:
    """A worker, for all tests of this module."""
    async with working(runtime):
        yield


async def an_article(admin: httpx.AsyncClient, headline: str = "Bridge stays open") -> str:
    """The path of a new article."""
    unique = uuid4().hex
    given = {"html": page(headline, note=unique), "url": f"https://news.example/{unique}"}
    answer = await admin.post("/v1/ingestions", json=given, headers={"Prefer": "wait=15"})
    assert answer.json()["outcome"] == "created", answer.text
    return f"/v1/articles/{answer.json()['article_id']}"


@pytest.mark.parametrize(("form", "media_type"), FORMS.items())
async def test_an_article_has_four_forms(
    admin: httpx.AsyncClient, form: str, media_type: str
) -> None:
    """By ?format= and by Accept, the same bytes and tag, each with its own tag."""
    path = await an_article(admin, f"Form {form}")

    by_name = await admin.get(f"{path}?format={form}")
    by_accept = await admin.get(path, headers={"Accept": f"{media_type}, */*;q=0.1"})

    assert by_name.headers["content-type"].split(";")[0] == media_type
    assert by_accept.content == by_name.content
    assert by_accept.headers["etag"] == by_name.headers["etag"]
    assert "Accept" in by_name.headers["vary"]
    assert "three hours of debate" in by_name.text


async def test_a_page_is_served_so_that_nothing_runs(admin: httpx.AsyncClient) -> None:
    """HTML comes under a policy that allows no script."""
    answer = await admin.get(f"{await an_article(admin)}?format=html")

    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "allow-scripts" not in policy


async def test_what_nobody_offers_is_406(admin: httpx.AsyncClient) -> None:
    """An Accept that excludes every form is told what there is."""
    path = await an_article(admin)

    refused = await admin.get(path, headers={"Accept": "image/png, application/json;q=0"})

    assert_problem(refused, 406, "not_acceptable")
    assert "text/markdown" in refused.json()["detail"]


@pytest.mark.parametrize(
    ("accept_encoding", "coding"),
    [
        ("gzip", "gzip"),
        ("br, gzip", "gzip"),
        ("gzip;q=0", None),
        ("br;q=0, identity", None),
        ("br", "br"),
        ("zstd, br;q=0.9", "zstd"),
        ("zbra", None),
        ("", None),
        ("*", "gzip"),
        ("*;q=0, identity;q=1", None),
    ],
)
async def test_the_stored_form_goes_out_as_it_is(
    admin: httpx.AsyncClient, accept_encoding: str, coding: str | None
) -> None:
    """Stored gzip is sent to whoever takes gzip; others get what they take; one tag per coding."""
    path = await an_article(admin, "Coded")
    plain = await admin.get(path, headers={"Accept-Encoding": "identity"})

    async with admin.stream("GET", path, headers={"Accept-Encoding": accept_encoding}) as answer:
        raw = b"".join([chunk async for chunk in answer.aiter_raw()])

    undo = {
        "gzip": gzip.decompress,
        "br": brotli.decompress,
        "zstd": lambda body: zstandard.ZstdDecompressor().decompressobj().decompress(body),
        None: lambda body: body,
    }
    assert answer.headers.get("content-encoding") == coding
    assert undo[coding](raw) == plain.content
    assert int(answer.headers["content-length"]) == len(raw)
    assert "Accept-Encoding" in answer.headers["vary"]
    base = plain.headers["etag"].strip('"')
    assert answer.headers["etag"] == (f'"{base}-{coding}"' if coding else f'"{base}"')


async def test_validators_save_the_body(admin: httpx.AsyncClient) -> None:
    """304 to a copy that is current, by list, star, weak comparison, date; never to an old one."""
    path = await an_article(admin)
    first = await admin.get(path, headers={"Accept-Encoding": "gzip"})
    etag, at = first.headers["etag"], first.headers["last-modified"]

    async def status(**headers: str) -> int:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = await admin.get(path, headers={"Accept-Encoding": "gzip"} | named)
        if answer.status_code == 304:
            assert answer.content == b""
            assert {"etag", "vary", "cache-control"} <= answer.headers.keys()
            assert "content-length" not in answer.headers
        return answer.status_code

    assert await status(If_None_Match=etag) == 304
    assert await status(If_None_Match=f'"x", W/{etag}') == 304
    assert await status(If_None_Match="*") == 304
    assert await status(If_None_Match='"x"') == 200
    assert await status(If_None_Match=etag.strip('"')) == 200
    assert await status(If_Modified_Since=at) == 304
    assert await status(If_Modified_Since="Thu, 01 Jan 2015 00:00:00 GMT") == 200
    assert await status(If_Modified_Since="yesterday") == 200
    assert await status(If_None_Match='"x"', If_Modified_Since=at) == 200
    assert await status(If_None_Match=etag, Accept="text/plain") == 200


async def test_a_copy_in_a_coding_the_caller_no_longer_takes_is_not_current(
    admin: httpx.AsyncClient,
) -> None:
    """A 304 never names a representation that this caller could not read."""
    path = await an_article(admin)
    packed = await admin.get(path, headers={"Accept-Encoding": "gzip"})

    answer = await admin.get(
        path,
        headers={"If-None-Match": packed.headers["etag"], "Accept-Encoding": "identity"},
    )

    assert answer.status_code == 200


async def test_tags_and_metadata_are_the_callers(admin: httpx.AsyncClient) -> None:
    """PATCH replaces tags and merges metadata; the tag changes, the revision does not."""
    path = await an_article(admin)
    before = await admin.get(path)

    first = await admin.patch(path, json={"tags": ["a", "b", "a"], "metadata": {"x": {"y": 1}}})
    second = await admin.patch(path, json={"metadata": {"x": {"z": 2}, "gone": None}})
    after = await admin.get(path)

    assert first.json()["tags"] == ["a", "b"]
    assert second.json()["metadata"] == {"x": {"y": 1, "z": 2}}
    assert (after.json()["tags"], after.json()["metadata"]) == (["a", "b"], {"x": {"y": 1, "z": 2}})
    assert after.json()["revision"] == before.json()["revision"]
    assert after.headers["etag"] == second.headers["etag"] != before.headers["etag"]
    assert after.json()["body"] == before.json()["body"]


async def test_a_merge_patch_removes_what_is_null(admin: httpx.AsyncClient) -> None:
    """RFC 7396: null in place of tags or metadata removes them; in plain JSON it says nothing."""
    path = await an_article(admin)
    merge = {"Content-Type": "application/merge-patch+json; charset=utf-8"}

    said = await admin.patch(
        path, content=b'{"tags": ["a"], "metadata": {"x": {"y": 1}, "z": 2}}', headers=merge
    )
    merged = await admin.patch(path, content=b'{"metadata": {"x": {"y": null}}}', headers=merge)
    plain = await admin.patch(path, json={"tags": None, "metadata": None})
    removed = await admin.patch(path, content=b'{"tags": null, "metadata": null}', headers=merge)
    other = await admin.patch(
        path, content=b"[]", headers={"Content-Type": "application/json-patch+json"}
    )

    assert (said.status_code, said.json()["tags"]) == (200, ["a"])
    assert merged.json()["metadata"] == {"x": {}, "z": 2}
    assert plain.json()["tags"] == ["a"]
    assert plain.json()["metadata"] == {"x": {}, "z": 2}
    assert removed.json()["tags"] == []
    assert removed.json()["metadata"] == {}
    assert_problem(other, 415, "unsupported_type")
    assert other.headers["accept"] == "application/json, application/merge-patch+json"


async def test_if_match_guards_a_write(admin: httpx.AsyncClient) -> None:
    """412 to whoever read an older state; any representation's tag stands for its state."""
    path = await an_article(admin)
    read = await admin.get(f"{path}?format=markdown", headers={"Accept-Encoding": "br"})
    etag = read.headers["etag"]

    fresh = await admin.patch(path, json={"tags": ["x"]}, headers={"If-Match": etag})
    stale = await admin.patch(path, json={"tags": ["y"]}, headers={"If-Match": etag})
    weak = await admin.delete(path, headers={"If-Match": f"W/{fresh.headers['etag']}"})
    odd = await admin.delete(path, headers={"If-Match": "unquoted"})
    star = await admin.delete(path, headers={"If-Match": "*"})

    assert fresh.status_code == 200
    assert_problem(stale, 412, "precondition_failed")
    assert_problem(weak, 412, "precondition_failed")
    assert_problem(odd, 400, "invalid_request")
    assert star.status_code == 204


async def test_a_deleted_article_is_gone(admin: httpx.AsyncClient) -> None:
    """410 after DELETE, for every way to it; 404 for what never was."""
    path = await an_article(admin)

    assert (await admin.delete(path)).status_code == 204

    for answer in (
        await admin.get(path),
        await admin.delete(path),
        await admin.patch(path, json={}),
    ):
        assert_problem(answer, 410, "gone")
    assert_problem(await admin.get(f"{path}/revisions"), 410, "gone")
    assert_problem(await admin.get(f"/v1/articles/{uuid4()}"), 404, "not_found")
    assert_problem(await admin.get(f"/v1/articles/{uuid4()}/revisions"), 404, "not_found")
    assert_problem(await admin.get("/v1/articles/not-an-id"), 404, "not_found")


@pytest.mark.parametrize("below", ["/related", "/source", "/revisions/1", "/diff?from=1&to=2"])
async def test_so_is_all_that_was_below_it(admin: httpx.AsyncClient, below: str) -> None:
    """410 for what a deleted article had, 404 below what never was."""
    path = await an_article(admin)
    await admin.delete(path)

    assert_problem(await admin.get(path + below), 410, "gone")
    assert_problem(await admin.get(f"/v1/articles/{uuid4()}{below}"), 404, "not_found")


async def test_the_original_bytes_are_an_attachment(
    admin: httpx.AsyncClient, caller: Caller
) -> None:
    """Just what was sent, under a sandbox, with its digest; for the scope ``source`` alone."""
    html = page("Original bytes").encode()
    made = await admin.post(
        "/v1/ingestions",
        content=html,
        headers={"Content-Type": "text/html", "Prefer": "wait=15"},
    )
    path = f"/v1/articles/{made.json()['article_id']}/source"

    answer = await admin.get(path, headers={"Accept-Encoding": "gzip, br, zstd"})
    described = await admin.get(f"{path}?format=json")
    refused = await (await caller("read", "ingest")).get(path)

    assert answer.content == html
    assert "content-encoding" not in answer.headers
    assert answer.headers["content-disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["content-security-policy"]
    digest = base64.b64encode(hashlib.sha256(html).digest()).decode()
    assert answer.headers["repr-digest"] == f"sha-256=:{digest}:"
    assert described.json()["content_bytes"] == len(html)
    assert_problem(refused, 403, "forbidden")


async def test_revisions_never_change(admin: httpx.AsyncClient) -> None:
    """A new content is a new revision; the old one stays as it was."""
    url = f"https://news.example/{uuid4().hex}"
    ids = []
    for headline in ("First words", "Second words"):
        answer = await admin.post(
            "/v1/ingestions",
            json={"html": page(headline, note=headline), "url": url},
            headers={"Prefer": "wait=15"},
        )
        ids.append(answer.json()["article_id"])
    path = f"/v1/articles/{ids[0]}"

    listed = (await admin.get(f"{path}/revisions")).json()["items"]
    first = await admin.get(f"{path}/revisions/1")
    missing = await admin.get(f"{path}/revisions/{2**40}")

    assert ids[0] == ids[1]
    assert [item["number"] for item in listed] == [2, 1]
    assert first.json()["headline"] == "First words"
    assert "immutable" in first.headers["cache-control"]
    assert (await admin.get(path)).json()["headline"] == "Second words"
    assert_problem(missing, 404, "not_found")


async def test_a_list_shows_cards_newest_first(admin: httpx.AsyncClient) -> None:
    """Each article once over all pages; filters hold; a list has a tag too."""
    made = [(await an_article(admin, f"Listed {n}")).rsplit("/", 1)[1] for n in range(4)]

    seen, cursor = [], ""
    while True:
        answer = await admin.get(f"/v1/articles?limit=2{cursor}")
        seen += [item["id"] for item in answer.json()["items"]]
        if answer.json()["next_cursor"] is None:
            break
        cursor = f"&cursor={answer.json()['next_cursor']}"
    elsewhere = await admin.get("/v1/articles?site=other.example")
    again = await admin.get(
        "/v1/articles?site=other.example", headers={"If-None-Match": elsewhere.headers["etag"]}
    )

    assert [article_id for article_id in seen if article_id in made] == made[::-1]
    assert len(seen) == len(set(seen))
    assert elsewhere.json() == {"items": [], "next_cursor": None}
    assert again.status_code == 304


async def test_look_up_knows_variants_of_an_address(admin: httpx.AsyncClient) -> None:
    """Tracking parameters, www and a trailing slash do not matter; the unknown is null."""
    path = await an_article(admin)
    article = (await admin.get(path)).json()
    url = article["requested_url"]

    answer = await admin.post(
        "/v1/articles/lookup",
        json={
            "urls": [
                url,
                url.replace("://", "://www.") + "/?utm_source=x",
                "https://never.example/",
            ],
            "ids": [article["id"], str(uuid4())],
        },
    )

    assert answer.json() == {
        "urls": [article["id"], article["id"], None],
        "ids": [article["id"], None],
    }


async def test_look_up_names_what_is_no_address(admin: httpx.AsyncClient) -> None:
    """Which of the addresses, since there may be five hundred."""
    urls = ["https://news.example/a", "news.example/b", "ftp://news.example/c"]

    answer = await admin.post("/v1/articles/lookup", json={"urls": urls})

    assert_problem(answer, 400, "invalid_request")
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/urls/1", "/urls/2"]


async def test_many_articles_come_by_lines(admin: httpx.AsyncClient) -> None:
    """In the order asked, whole documents, unknown ids left out, compressed as it streams."""
    paths = [await an_article(admin, f"Line {n}") for n in range(3)]
    ids = [path.rsplit("/", 1)[1] for path in paths]

    answer = await admin.post(
        "/v1/articles/batch-get",
        json={"ids": [ids[2], str(uuid4()), ids[0]]},
        headers={"Accept-Encoding": "zstd"},
    )
    lines = [msgspec.json.decode(line) for line in answer.content.splitlines()]

    assert answer.headers["content-type"] == "application/x-ndjson"
    assert answer.headers["content-encoding"] == "zstd"
    assert [line["id"] for line in lines] == [ids[2], ids[0]]
    assert lines[0] == (await admin.get(paths[2])).json()


async def test_extract_stores_nothing(admin: httpx.AsyncClient) -> None:
    """The article at once, without an id; with debug=1, why."""
    given = {"html": page("Only extracted"), "url": f"https://once.example/{uuid4().hex}"}

    plain = await admin.post("/v1/extract", json=given)
    debug = await admin.post("/v1/extract?debug=1", json=given)
    known = await admin.post("/v1/articles/lookup", json={"urls": [given["url"]]})

    assert plain.json()["article"]["headline"] == "Only extracted"
    assert plain.json()["article"]["id"] is None
    assert "debug" not in plain.json()
    assert debug.json()["debug"].keys() >= {"page_kind", "provenance", "quality", "extractor"}
    assert known.json()["urls"] == [None]
