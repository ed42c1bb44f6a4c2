"""Hundreds of hostile requests: each is answered, none is our fault, the next caller is served."""

from __future__ import annotations

import random
import re
import string
from collections.abc import Iterator
from urllib.parse import quote

import httpx
import msgspec
import pytest

from service.api.auth import SCOPES
from tests.api.conftest import Caller
from tests.api.test_openapi import CONTRACT

SEED = 20261123
DEEP = 200_000
PRINTABLE = string.punctuation + string.ascii_letters + string.digits
VALID = b'{"html":"<article><h1>A</h1><p>B</p></article>","metadata":{"a":[1,"x"]}}'

BROKEN_JSON = [
    b"", b" ", b"null", b"true", b"0", b'""', b"[]", b"{}", b"[[]]", b"{{", b"}", b'{"url"',
    b'{"url":', b'{"url":}', b'{"url":"x"', b'{"url":"x",}', b"{'url':'x'}", b'{url:"x"}',
    b'{"a":1}{"b":2}', b"NaN", b"Infinity", b"-Infinity", b"-", b"+1", b"01", b"1.", b".5", b"1e",
    b"0x10", b"1e999", b"1" * 5_000, b"-" + b"9" * 400, b'"\\u12"', b'"\\ud800"',
    b'"\\udfff\\ud800"', b'"\\x41"', b'"\\', b'"\x01"', b'"\xff\xfe"', b'{"text":"\xc3"}',
    b'{"text":"\xed\xa0\x80"}', b"\xef\xbb\xbf{}", '{"text":"x"}'.encode("utf-16"),
    '{"text":"x"}'.encode("utf-32"), b"\x00" * 100, b"\x1f\x8b\x08\x00", b"[" * DEEP,
    b'{"a":' * DEEP, b"[" * DEEP + b"]" * DEEP,
    b'{"metadata":' + b"[" * 5_000 + b"]" * 5_000 + b"}",
    b'{"metadata":{"a":' + b'{"a":' * 900 + b"1" + b"}" * 900 + b"},\"text\":\"x\"}",
    b'{"text":"x","text":7}', b'{"text":null}', b'{"text":["x"]}', b'{"text":{"$gt":""}}',
    b'{"text":"x","__proto__":{}}', b'{"text":"x","constructor":{"prototype":{}}}', b'{"":""}',
    b'{"text":"x","metadata":{"\\u0000":1}}', b'{"text":"x","metadata":{"n":1e400}}',
    b'{"text":"x","metadata":{"n":' + b"9" * 400 + b"}}", b'{"text":"x","client_ref":"\\u0000"}',
    b'{"url":"http://\\u0000/"}', b'{"url":"http://[::1"}', b'{"url":"http://a:99999/"}',
    b'{"url":"http://' + b"a" * 9_000 + b'/"}', b'{"url":"http://user:pw@a.example/"}',
    b'{"url":"//a"}', b'{"url":"http://127.0.0.1\\\\@a.example/"}', b'{"url":"\\ud83d\\ude00"}',
    b'{"url":"file:///etc/passwd"}', b'{"text":"' + b"x" * 2_000_000 + b'"}',
    b'{"html":"' + b"<div>" * 200_000 + b'"}', b'{"text":"x","priority":"now"}',
    b'{"text":"x","metadata":' + b'{"k":"v"}' + b',"metadata":[]}',
]  # fmt: skip

HEADERS = [
    {"Content-Type": value} for value in (
        "", "json", "application/json; charset=utf-7", "application/json;;;", "a" * 5_000,
        "text/html; charset=\"", "text/html; charset=no-such", "text/plain; charset=no-such",
        "text/plain; charset=utf-16", "multipart/form-data", "multipart/form-data; boundary=x",
        "application/x-www-form-urlencoded", "application/msgpack", "APPLICATION/JSON", "*/*",
    )
] + [
    {"Content-Type": "application/json", name: value} for name, values in {
        "Content-Encoding": (
            "gzip", "br", "zstd", "deflate", "gzip, gzip", "identity", "x" * 3_000,
        ),
        "Accept": (
            "", "*", "a/b/c", "application/json;q=x", "*/*;q=0", "," * 2_000, "text/html;q=1e999",
        ),
        "Accept-Encoding": (";q", "gzip;q=nan", "*;q=0", "br;q=2", ",,,", "gzip;" * 500),
        "Prefer": (
            "wait", "wait=", "wait=-1", "wait=1e9", "wait=99999999999", 'wait="0"',
            "wait=0;" * 99,
        ),
        "If-None-Match": ("*", '"', 'W/', '"a" "b"', "x" * 3_000),
        "If-Modified-Since": ("0", "never", "Mon, 99 Foo 2026 99:99:99 GMT", "1" * 3_000),
        "Idempotency-Key": ("a,b", '"', " ", "k" * 300, "\x7f"),
        "traceparent": ("-", "00-" + "g" * 32 + "-" + "0" * 16 + "-01", "x" * 3_000),
        "X-Request-Id": ("a b", "x" * 3_000, '"', "../.."),
        "Authorization": (
            "Bearer", "Bearer ", "Bearer bsk_" + "a" * 5_000, "Basic eA==", "bearer x y",
        ),
    }.items() for value in values
]  # fmt: skip

QUERIES = [
    "limit=0", "limit=201", "limit=-1", "limit=1e3", "limit=9" + "9" * 400, "limit=",
    "limit=1&limit=2", "limit=%31", "limit=１", "cursor=", "cursor=" + "A" * 5_000, "cursor=%00",
    "cursor=AQ", "cursor=....", "since=0", "since=9999-99-99", "since=2026-01-01",
    "since=2026-01-01T00:00:00", "since=%F0%9F%98%80", "since=9999-12-31T23:59:59.999999Z",
    "since=0001-01-01T00:00:00Z", "state=", "state=failed&state=x", "batch=1",
    "batch=00000000-0000-0000-0000-000000000000", "url=%ff%fe", "url=" + "u" * 9_000, "a[]=1",
    "a.b=1", "%", "%zz=1", "&&&", "=", "limit", ";limit=1", "x=" + "y" * 20_000, "\ud83d",
]  # fmt: skip

PATHS = [
    "/v1/articles/" + tail for tail in (
        "0", "-1", "null", "undefined", "%2e%2e", "..%2f..%2fetc%2fpasswd", "%00", "%ff",
        "a" * 5_000, "00000000-0000-0000-0000-00000000000g", "{article_id}",
        "019a0000-0000-7000-8000-000000000000'--",
        "019a0000-0000-7000-8000-000000000000/revisions/0",
        "019a0000-0000-7000-8000-000000000000/revisions/-1",
        "019a0000-0000-7000-8000-000000000000/revisions/99999999999999999999", "😀", "a/b/c/d",
        ";x=1", "019a0000-0000-7000-8000-000000000000/revisions/1.5",
        "019A0000-0000-7000-8000-000000000000", "urn:uuid:019a0000-0000-7000-8000-000000000000",
        "{019a0000-0000-7000-8000-000000000000}",
    )
]  # fmt: skip


def mutated(count: int) -> Iterator[bytes]:
    """``VALID`` with bytes changed, dropped, doubled and inserted; the same ones at each run."""
    chance = random.Random(SEED)
    for _ in range(count):
        body = bytearray(VALID)
        for _ in range(chance.randint(1, 4)):
            at = chance.randrange(len(body))
            act = chance.choice(("set", "drop", "double", "insert"))
            if act == "set":
                body[at] = chance.randrange(256)
            elif act == "drop":
                del body[at]
            elif act == "double":
                body[at:at] = body[at : at + 20]
            else:
                body[at:at] = chance.choice((b'"', b"{", b"[", b"\\u0000", b"\\", b"\x00", b"\xff"))
        yield bytes(body)


async def check(client: httpx.AsyncClient, answer: httpx.Response) -> None:
    """Not our fault, a problem where it is an error, and the service is well."""
    assert answer.status_code < 500, answer.text[:300]
    if answer.status_code >= 400:
        problem = answer.json()
        assert answer.headers["content-type"] == "application/problem+json"
        assert problem["code"] and problem["detail"]
        assert "Traceback" not in answer.text and "asyncpg" not in answer.text
    assert (await client.get("/livez")).status_code == 200


@pytest.mark.parametrize(
    "path", ["/v1/ingestions", "/v1/ingestions/batch", "/v1/articles/lookup", "/v1/clients"]
)
async def test_hostile_json(admin: httpx.AsyncClient, path: str) -> None:
    """Broken, deep, huge and mutated bodies to everything that takes JSON."""
    for body in (*BROKEN_JSON, *mutated(150)):
        answer = await admin.post(path, content=body, headers={"Content-Type": "application/json"})
        await check(admin, answer)


async def test_hostile_lines(admin: httpx.AsyncClient) -> None:
    """The same, many to a body, as NDJSON: an answer for each line."""
    lines = [body.replace(b"\n", b" ") for body in mutated(300)]

    answer = await admin.post(
        "/v1/ingestions/batch",
        content=b"\n".join(lines),
        headers={"Content-Type": "application/x-ndjson"},
    )

    await check(admin, answer)
    assert len(answer.json()["items"]) == len([line for line in lines if line.strip()])


async def test_hostile_headers(admin: httpx.AsyncClient) -> None:
    """Values that mean nothing, too much, or something else."""
    for headers in HEADERS:
        raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
        await check(admin, await admin.post("/v1/ingestions", content=VALID, headers=raw))
        await check(admin, await admin.get("/v1/articles", headers=raw))


async def test_hostile_queries_and_paths(admin: httpx.AsyncClient) -> None:
    """Parameters of every wrong shape; addresses that are none."""
    for query in QUERIES:
        target = "/v1/ingestions?" + quote(query.encode("utf-8", "surrogatepass"), PRINTABLE)
        await check(admin, await admin.get(target))
    for path in PATHS:
        await check(admin, await admin.get(path))


async def test_hostile_codings(admin: httpx.AsyncClient) -> None:
    """Bombs, rubbish and cut bodies in every coding end as 400 or 413."""
    import gzip

    import brotli
    import zstandard

    big = b'{"text":"' + b"x" * 60_000_000 + b'"}'
    packed = {
        "gzip": gzip.compress(big, 1),
        "br": brotli.compress(big, quality=1),
        "zstd": zstandard.ZstdCompressor().compress(big),
    }
    for coding, bomb in packed.items():
        headers = {"Content-Type": "application/json", "Content-Encoding": coding}
        for body, statuses in (
            (bomb, {413}),
            (bomb[: len(bomb) // 2], {400, 413}),
            (b"rubbish" * 9, {400}),
            (b"", {400}),
            (packed[coding][:1], {400}),
        ):
            answer = await admin.post("/v1/ingestions", content=body, headers=headers)
            assert answer.status_code in statuses, (coding, answer.text)
            await check(admin, answer)


async def test_every_operation_wants_its_scope(caller: Caller) -> None:
    """403 with every scope but the one that the contract names, before a body is looked at."""
    keys = {
        missing: await caller(*(scope for scope in SCOPES if scope != missing))
        for missing in SCOPES
    }
    for path, methods in CONTRACT["paths"].items():
        for method, operation in methods.items():
            if scope := operation.get("x-scope"):
                target = re.sub(r"{\w+_id}", "019a0000-0000-7000-8000-000000000000", path)
                target = re.sub(r"{\w+}", "1", target)
                answer = await keys[scope].request(method.upper(), target)
                assert answer.status_code == 403, (method, target, answer.text)
                assert f"'{scope}'" in answer.json()["detail"]


async def test_every_operation_without_a_key_is_401(call: httpx.AsyncClient) -> None:
    """No operation of v1 answers a stranger, whatever it sends."""
    for path, methods in CONTRACT["paths"].items():
        if not path.startswith("/v1/"):
            continue
        for method, operation in methods.items():
            if operation.get("security") == []:
                continue
            target = path.replace("{number}", "1")
            for name in ("article_id", "ingestion_id", "client_id", "key_id"):
                target = target.replace(f"{{{name}}}", "019a0000-0000-7000-8000-000000000000")
            answer = await call.request(method.upper(), target.replace("{", "x").replace("}", "x"))
            assert answer.status_code in (401, 404), (method, target)
            assert msgspec.json.decode(answer.content)["code"] in ("unauthorized", "not_found")
