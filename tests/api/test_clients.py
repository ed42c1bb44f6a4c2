"""Clients and keys, from their making to their revocation."""

from __future__ import annotations

import asyncpg
import httpx

from service.api.auth import is_well_formed, new_key


def test_a_key_has_a_checksum_and_256_random_bits() -> None:
    """A key whose any character is changed is refused without a query."""
    made = new_key("pepper")

    broken = [
        made.key[:i] + ("a" if made.key[i] != "a" else "b") + made.key[i + 1 :]
        for i in range(4, 53)
    ]

    assert is_well_formed(made.key)
    assert not any(is_well_formed(key) for key in broken)
    assert new_key("pepper").hash != made.hash


async def test_a_new_client_calls_with_its_key(
    admin: httpx.AsyncClient, call: httpx.AsyncClient
) -> None:
    """The key of the answer works at once, in both headers, and is listed without itself."""
    made = (await admin.post("/v1/clients", json={"name": "app", "scopes": ["admin"]})).json()
    key = made["key"]["key"]

    bearer = await call.get("/v1/clients", headers={"Authorization": f"Bearer {key}"})
    plain = await call.get(f"/v1/clients/{made['id']}", headers={"X-Api-Key": key})

    assert (bearer.status_code, plain.status_code) == (200, 200)
    assert key not in bearer.text + plain.text
    assert plain.json()["keys"][0]["prefix"] == key[:12]


async def test_the_end_of_a_key_has_a_time_zone(admin: httpx.AsyncClient) -> None:
    """Or it would end at some hour or other."""
    asked = {"name": "app", "scopes": ["read"]}

    bare = await admin.post("/v1/clients", json=asked | {"expires_at": "2099-01-01T00:00:00"})
    told = await admin.post("/v1/clients", json=asked | {"expires_at": "2099-01-01T00:00:00Z"})

    assert bare.status_code == 400
    assert [error["pointer"] for error in bare.json()["errors"]] == ["/expires_at"]
    assert told.json()["key"]["expires_at"] == "2099-01-01T00:00:00Z"


async def test_clients_are_listed_with_their_keys_however_many_there_are(
    admin: httpx.AsyncClient, database: asyncpg.Connection
) -> None:
    """A client that has ten thousand keys of others before its own is shown with it."""
    crowd = await database.fetchval("insert into client (name) values ('crowd') returning id")
    await database.execute(
        "insert into client_key (client_id, prefix, hash, scopes)"
        " select $1, 'bsk_x', sha256(n::text::bytea), '{read}' from generate_series(1, 10001) n",
        crowd,
    )
    made = (await admin.post("/v1/clients", json={"name": "late", "scopes": ["read"]})).json()

    listed = (await admin.get("/v1/clients?limit=200")).json()["items"]
    shown = (await admin.get(f"/v1/clients/{made['id']}")).json()

    late = next(one for one in listed if one["id"] == made["id"])
    assert len(late["keys"]) == len(shown["keys"]) == 1
