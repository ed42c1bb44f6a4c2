"""Ingestions over HTTP: accepted in every shape, followed to their end, seen by their owner."""

from __future__ import annotations

import asyncio
import base64
import gzip
import hashlib
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import asyncpg
import brotli
import httpx
import msgspec
import pytest
import zstandard

from service.runtime import Runtime
from tests.api.conftest import Caller
from tests.api.test_edge import assert_problem
from tests.working import page, working

WAIT = {"Prefer": "wait=15"}


@pytest.fixture(scope="module", autouse=True)
async def worker(runtime: Runtime) -> AsyncIterator[None]:
    """A worker, for all tests of this module."""
    async with working(runtime):
        yield


async def test_json_html_becomes_an_article(admin: httpx.AsyncClient) -> None:
    """With Prefer: wait the answer is the finished ingestion and its article."""
    given = {
        "html": page("Bridge to stay open"),
        "url": "https://news.example/bridge",
        "client_ref": "cms-1",
        "metadata": {"desk": "city"},
    }

    answer = await admin.post("/v1/ingestions", json=given, headers=WAIT)

    assert answer.status_code == 200, answer.text
    assert answer.headers["preference-applied"] == "wait=15"
    ingestion = answer.json()
    assert (ingestion["state"], ingestion["outcome"]) == ("succeeded", "created")
    assert (ingestion["client_ref"], ingestion["metadata"]) == ("cms-1", {"desk": "city"})
    assert ingestion["page_kind"] == ingestion["article"]["page_kind"] == "article"
    assert ingestion["article"]["headline"] == "Bridge to stay open"
    assert ingestion["article"]["id"] == ingestion["article_id"]


async def test_without_waiting_is_202_with_where_to_look(admin: httpx.AsyncClient) -> None:
    """The address of the answer leads to the ingestion, with its attempts once it has ended."""
    accepted = await admin.post("/v1/ingestions", json={"html": page("Tram line extended")})

    assert accepted.status_code == 202
    assert accepted.headers["retry-after"] == "1"
    followed = await admin.get(accepted.headers["location"])
    assert followed.json()["id"] == accepted.json()["id"]
    assert isinstance(followed.json()["attempts"], list)


@pytest.mark.parametrize(
    ("media_type", "body"),
    [
        ("text/html", page("Raw page").encode()),
        ("text/html; charset=iso-8859-1", page("Café page").encode("latin-1")),
        ("application/xhtml+xml", page("XHTML page").encode()),
        (
            "text/plain",
            b"Market day\n\nThe market opened at nine on Saturday. It was full.",
        ),
        (
            "text/plain; charset=utf-16",
            ("Jour de marché\n\n" + "Le marché. " * 20).encode("utf-16"),
        ),
    ],
)
async def test_raw_bodies_are_pages_too(
    admin: httpx.AsyncClient, media_type: str, body: bytes
) -> None:
    """The type says what it is, ?url= where it is from."""
    url = f"https://raw.example/{uuid4().hex}"

    answer = await admin.post(
        f"/v1/ingestions?url={url}", content=body, headers=WAIT | {"Content-Type": media_type}
    )

    assert answer.status_code == 200, answer.text
    assert answer.json()["state"] == "succeeded", answer.text
    assert answer.json()["article"]["requested_url"] == url


@pytest.mark.parametrize(
    ("coding", "pack"),
    [
        ("gzip", gzip.compress),
        ("br", brotli.compress),
        ("zstd", zstandard.ZstdCompressor().compress),
    ],
)
async def test_bodies_may_be_compressed(admin: httpx.AsyncClient, coding: str, pack) -> None:
    """gzip, br and zstd are undone before anybody looks."""
    body = pack(msgspec.json.encode({"html": page(f"Packed by {coding}")}))

    answer = await admin.post(
        "/v1/ingestions",
        content=body,
        headers=WAIT | {"Content-Type": "application/json", "Content-Encoding": coding},
    )

    assert answer.json()["article"]["headline"] == f"Packed by {coding}", answer.text


@pytest.mark.parametrize(
    ("coding", "pack"), [("gzip", gzip.compress), ("zstd", zstandard.ZstdCompressor().compress)]
)
async def test_a_packed_page_is_kept_as_it_came(
    admin: httpx.AsyncClient, database: asyncpg.Connection, coding: str, pack
) -> None:
    """The caller's own compression is kept, and its bytes come back bare with their digest."""
    sent = page(f"Kept as {coding}").encode()
    packed = pack(sent)
    headers = WAIT | {"Content-Type": "text/html; charset=utf-8", "Content-Encoding": coding}

    answer = await admin.post("/v1/ingestions", content=packed, headers=headers)

    article_id = answer.json()["article_id"]
    kept = await database.fetchrow(
        "select content, content_bytes from snapshot s join article a on a.snapshot_id = s.id "
        "where a.id = $1",
        UUID(article_id),
    )
    assert kept
    assert (kept["content"], kept["content_bytes"]) == (packed, len(sent))
    source = await admin.get(f"/v1/articles/{article_id}/source")
    digest = base64.b64encode(hashlib.sha256(sent).digest()).decode()
    assert (source.content, source.headers["repr-digest"]) == (sent, f"sha-256=:{digest}:")


@pytest.mark.parametrize(
    ("given", "pointers"),
    [
        ({}, {""}),
        ({"html": "<p>x", "text": "x"}, {"/text"}),
        ({"url": "ftp://news.example/a"}, {"/url"}),
        ({"url": "news.example/a"}, {"/url"}),
        ({"url": "https://news.example/a", "callback_url": "x", "nope": 1}, {"/nope"}),
        ({"url": "javascript:alert(1)", "callback_url": "file:///etc"}, {"/url", "/callback_url"}),
        ({"text": "x", "callback_url": "http://10.0.0.1/"}, {"/callback_url"}),
        ({"text": "x", "callback_url": "http://metadata.google.internal/"}, {"/callback_url"}),
        ({"html": ""}, {"/html"}),
        ({"text": "x", "client_ref": "r" * 256, "priority": "now"}, {"/client_ref", "/priority"}),
        ({"text": "x", "metadata": {"a": "b" * 20_000}}, {"/metadata"}),
        ({"text": "x", "metadata": [1]}, {"/metadata"}),
        ({"text": "x", "metadata": {"a": {"b": "c\0"}}}, {"/metadata/a/b"}),
    ],
)
async def test_what_is_not_a_page_is_refused(
    admin: httpx.AsyncClient, given: dict[str, object], pointers: set[str]
) -> None:
    """400 points at every fault."""
    answer = await admin.post("/v1/ingestions", json=given)

    assert_problem(answer, 400, "invalid_request")
    assert {error["pointer"] for error in answer.json()["errors"]} == pointers


async def test_a_page_may_hold_nul(admin: httpx.AsyncClient) -> None:
    """NUL in HTML is the parser's business: the article is stored without it."""
    answer = await admin.post(
        "/v1/ingestions", json={"html": page("Null\0 and void")}, headers=WAIT
    )

    assert answer.json()["state"] == "succeeded", answer.text
    assert "\0" not in answer.json()["article"]["headline"]


@pytest.mark.parametrize("pad", ["", "x" * 5_000])
async def test_nul_is_refused_beside_a_page(admin: httpx.AsyncClient, pad: str) -> None:
    """Postgres has no NUL, whether the body is short or long; each place is pointed at."""
    given = {"html": page("Null\0") + pad, "client_ref": "a\0", "metadata": {"k\0": [{"n": "\0"}]}}

    answer = await admin.post("/v1/ingestions", json=given)

    assert_problem(answer, 400, "invalid_request")
    assert {error["pointer"] for error in answer.json()["errors"]} == {
        "/client_ref", "/metadata", "/metadata/k\0/0/n",
    }  # fmt: skip


async def test_nul_in_an_item_is_that_items_own(admin: httpx.AsyncClient) -> None:
    """In HTML it is taken, elsewhere the item alone is refused: as array and by lines."""
    items = [{"html": page("Null\0")}, {"text": "A story.", "client_ref": "\0"}]
    lines = b"\n".join(msgspec.json.encode(item) for item in items)

    as_array = await admin.post("/v1/ingestions/batch", json=items)
    as_lines = await admin.post(
        "/v1/ingestions/batch", content=lines, headers={"Content-Type": "application/x-ndjson"}
    )

    assert [item["status"] for item in as_array.json()["items"]] == [202, 400]
    assert [item["status"] for item in as_lines.json()["items"]] == [202, 400]


async def test_a_batch_answers_for_each_item(admin: httpx.AsyncClient) -> None:
    """As a JSON array or by lines, the invalid ones included, in order."""
    items = [
        {"text": "One story.\n\nIt has text."},
        {"url": "nope"},
        7,
        {"url": "https://a.example/1"},
    ]
    lines = b"\n".join(msgspec.json.encode(item) for item in items) + b"\n\n{broken"

    as_array = await admin.post("/v1/ingestions/batch", json=items)
    as_lines = await admin.post(
        "/v1/ingestions/batch", content=lines, headers={"Content-Type": "application/x-ndjson"}
    )

    assert [item["status"] for item in as_array.json()["items"]] == [202, 400, 400, 202]
    assert [item["status"] for item in as_lines.json()["items"]] == [202, 400, 400, 202, 400]
    assert (as_array.json()["accepted"], as_array.json()["refused"]) == (2, 2)
    listed = await admin.get(as_array.headers["location"])
    assert len(listed.json()["items"]) == 2
    assert {item["batch_id"] for item in listed.json()["items"]} == {as_array.json()["batch_id"]}


@pytest.mark.parametrize("body", [b"[]", b"{}", b"[" + b"{}," * 1000 + b"{}]"])
async def test_a_batch_has_1_to_1000_items(admin: httpx.AsyncClient, body: bytes) -> None:
    """Anything else is refused as a whole."""
    answer = await admin.post(
        "/v1/ingestions/batch", content=body, headers={"Content-Type": "application/json"}
    )

    assert_problem(answer, 400, "invalid_request")


async def test_a_list_pages_through_all_once(caller: Caller) -> None:
    """Newest first, by cursor and by Link, each ingestion once."""
    mine = await caller("ingest")
    made = [
        (await mine.post("/v1/ingestions", json={"text": f"Story {n}.\n\nText."})).json()["id"]
        for n in range(5)
    ]

    first = await mine.get("/v1/ingestions?limit=2")
    second = await mine.get(first.headers["link"].split(">")[0][1:])
    third = await mine.get(f"/v1/ingestions?limit=2&cursor={second.json()['next_cursor']}")

    seen = [item["id"] for answer in (first, second, third) for item in answer.json()["items"]]
    assert seen == made[::-1]
    assert third.json()["next_cursor"] is None
    assert "link" not in third.headers


async def test_a_cursor_belongs_to_its_list(caller: Caller) -> None:
    """Another filter, another client or a changed character is a 400 that says so."""
    mine, other = await caller("ingest"), await caller("ingest")
    for number in range(2):
        await mine.post("/v1/ingestions", json={"text": f"Number {number}.\n\nText."})
    cursor = (await mine.get("/v1/ingestions?limit=1")).json()["next_cursor"]
    broken = cursor[:-1] + ("A" if cursor[-1] != "A" else "B")

    answers = [
        await mine.get(f"/v1/ingestions?limit=1&state=failed&cursor={cursor}"),
        await other.get(f"/v1/ingestions?limit=1&cursor={cursor}"),
        await mine.get(f"/v1/ingestions?limit=1&cursor={broken}"),
        await mine.get("/v1/ingestions?cursor="),
        await mine.get("/v1/ingestions?cursor=" + "A" * 3000),
    ]

    codes = [answer.json()["errors"][0]["code"] for answer in answers]
    assert [answer.status_code for answer in answers] == [400] * 5
    assert codes == ["other_list", "other_list", "invalid", "invalid", "invalid"]


async def test_a_foreign_ingestion_is_a_missing_one(caller: Caller) -> None:
    """Same status, same words; lists never mix."""
    mine, other = await caller("ingest"), await caller("ingest")
    made = (await mine.post("/v1/ingestions", json={"text": "Mine.\n\nText."})).json()["id"]

    for method, suffix in (("GET", ""), ("POST", "/retry"), ("POST", "/cancel")):
        foreign = await other.request(method, f"/v1/ingestions/{made}{suffix}")
        missing = await other.request(method, f"/v1/ingestions/{uuid4()}{suffix}")
        assert_problem(foreign, 404, "not_found")
        assert foreign.json()["detail"] == missing.json()["detail"]
    assert (await other.get("/v1/ingestions")).json()["items"] == []


async def test_states_change_only_where_they_can(admin: httpx.AsyncClient) -> None:
    """What has succeeded is neither cancelled nor tried again: 409."""
    done = await admin.post("/v1/ingestions", json={"html": page("Done deal")}, headers=WAIT)
    path = f"/v1/ingestions/{done.json()['id']}"

    assert_problem(await admin.post(path + "/cancel"), 409, "conflict")
    assert_problem(await admin.post(path + "/retry"), 409, "conflict")


async def test_25_posts_with_one_key_make_one_ingestion(caller: Caller) -> None:
    """Only 202 and 409 are answered, one id is given, and it is the only one."""
    mine = await caller("ingest")
    headers = {"Idempotency-Key": f'"{uuid4()}"'}

    answers = await asyncio.gather(
        *(
            mine.post("/v1/ingestions", json={"text": "Once.\n\nText."}, headers=headers)
            for _ in range(25)
        )
    )

    assert {answer.status_code for answer in answers} <= {202, 409}
    assert len({answer.json()["id"] for answer in answers if answer.status_code == 202}) == 1
    assert len((await mine.get("/v1/ingestions")).json()["items"]) == 1


async def test_a_repeat_gets_the_first_answer(caller: Caller) -> None:
    """Byte for byte with its status and headers, marked; another body is 422; quotes do not
    matter; the key is the client's own."""
    mine, other = await caller("ingest"), await caller("ingest")
    given = {"text": "Again.\n\nText."}
    key = str(uuid4())

    first = await mine.post("/v1/ingestions", json=given, headers={"Idempotency-Key": key})
    again = await mine.post("/v1/ingestions", json=given, headers={"Idempotency-Key": f'"{key}"'})
    changed = await mine.post(
        "/v1/ingestions", json={"text": "B"}, headers={"Idempotency-Key": key}
    )
    foreign = await other.post("/v1/ingestions", json=given, headers={"Idempotency-Key": key})

    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again.headers["location"] == first.headers["location"]
    assert again.headers["idempotency-replayed"] == "true"
    assert "idempotency-replayed" not in first.headers
    assert_problem(changed, 422, "idempotency_mismatch")
    assert foreign.json()["id"] != first.json()["id"]


async def test_a_repeat_that_waits_gets_the_article(caller: Caller) -> None:
    """Acceptance is replayed, waiting is not: a repeat with Prefer waits for the same one."""
    mine = await caller("ingest")
    headers = WAIT | {"Idempotency-Key": str(uuid4())}
    given = {"html": page("Waited for twice")}

    first = await mine.post("/v1/ingestions", json=given, headers=headers)
    again = await mine.post("/v1/ingestions", json=given, headers=headers)

    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json()


@pytest.mark.parametrize("key", ["", '""', "k" * 256, "tab\there", "caf\xe9"])
async def test_a_key_is_short_and_printable(admin: httpx.AsyncClient, key: str) -> None:
    """1 to 255 printable ASCII characters."""
    answer = await admin.post(
        "/v1/ingestions",
        json={"text": "x"},
        headers=[(b"Idempotency-Key", key.encode("latin-1"))],
    )

    assert_problem(answer, 400, "invalid_request")
