"""The contract: served, committed and true."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from openapi_spec_validator import validate

from service.api.app import Api
from service.api.openapi import document
from tests.web import Web

CALLING = {"/v1/endpoints", "/v1/feeds", "/v1/feeds/discover"}
"""Operations that look up the address they are given."""
COMMITTED = Path(__file__).parents[2] / "openapi" / "v1.json"
CONTRACT = msgspec.json.decode(document())


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every operation: path, method, description."""
    for path, methods in CONTRACT["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def test_the_committed_contract_is_that_of_the_routes() -> None:
    """``python -m service openapi > openapi/v1.json`` after a change of the API."""
    assert COMMITTED.read_bytes().splitlines() == document().splitlines()


async def test_the_served_contract_is_the_committed_one(call: httpx.AsyncClient) -> None:
    """Byte for byte, without a key."""
    answer = await call.get("/openapi.json")

    assert answer.content == COMMITTED.read_bytes()


def test_the_contract_is_valid() -> None:
    """OpenAPI 3.1, by an independent validator."""
    validate(CONTRACT)


def test_every_operation_is_fully_described() -> None:
    """A stable id of its own, a summary, problems for what may go wrong, closed inputs."""
    ids = [operation["operationId"] for _, _, operation in operations()]
    schemas = CONTRACT["components"]["schemas"]

    assert len(ids) == len(set(ids))
    for path, method, operation in operations():
        assert operation["summary"], (path, method)
        assert {"400", "500", "503"} <= operation["responses"].keys(), (path, method)
    for name, schema in schemas.items():
        if name.endswith(("In", "Patch")):
            assert schema["additionalProperties"] is False, name


def test_times_are_told_from_texts() -> None:
    """A generated client has a time where the service writes one, in fields and parameters."""
    schemas = CONTRACT["components"]["schemas"]
    fields = [
        (name, key, schema)
        for name, component in schemas.items()
        for key, schema in component.get("properties", {}).items()
        if key.endswith("_at")
    ]
    parameters = [
        parameter["schema"]
        for _, _, operation in operations()
        for parameter in operation["parameters"]
        if parameter.get("name", "").endswith(("_after", "_before", "since"))
    ]

    assert len(fields) > 40
    for name, key, schema in fields:
        assert "date-time" in {one.get("format") for one in schema.get("anyOf", [schema])}, (
            name, key,
        )  # fmt: skip
    assert [schema.get("format") for schema in parameters] == ["date-time"] * 8


def test_blocks_have_a_discriminator() -> None:
    """A client generator can tell a paragraph from a figure."""
    items = CONTRACT["components"]["schemas"]["Article"]["properties"]["body"]["items"]

    assert items["discriminator"]["propertyName"] == "type"
    assert "paragraph" in items["discriminator"]["mapping"]


@pytest.mark.parametrize(
    ("path", "media_type", "example"),
    [
        (path, media_type, content["example"])
        for path, _, operation in operations()
        for media_type, content in operation.get("requestBody", {}).get("content", {}).items()
        if "example" in content and "{" not in path
    ],
)
async def test_every_example_works(
    admin: httpx.AsyncClient, origin: Web, path: str, media_type: str, example: Any
) -> None:
    """An example of the description succeeds as described, the web being a server of ours."""
    origin.page("/", "<!doctype html><html><link rel=alternate type=application/rss+xml href=/f>")
    body = example.encode() if isinstance(example, str) else msgspec.json.encode(example)
    if path in CALLING:
        body = re.sub(rb"https://[a-z]+[.]example", origin.url.encode(), body)

    answer = await admin.post(path, content=body, headers={"Content-Type": media_type})

    assert answer.status_code in (200, 201, 202), answer.text
    assert str(answer.status_code) in CONTRACT["paths"][path]["post"]["responses"]


def test_every_route_states_its_rules(api: Api) -> None:
    """No handler without a scope but those that are public on purpose."""
    public = {
        handler.fn.__name__
        for route in api.litestar.routes
        for handler in getattr(route, "route_handlers", ())
        if handler.opt.get("public") and not route.path.startswith("/console")
    }

    assert public == {
        "live", "ready", "show_metrics", "redirect_to_docs", "show_docs", "show_script",
        "show_openapi", "receive_message", "receive_push", "verify_subscription",
    }  # fmt: skip
