"""/v1/clients: calling services and their keys. A key is shown once, and refused within five
seconds of its revocation."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Response, delete, get, post
from litestar.params import FromPath

from service.api.auth import NewKey, new_key
from service.api.idempotency import answered_once, created
from service.api.lists import Cursor, Limit, Page, page_of
from service.api.request import ApiRequest
from service.api.v1.owned import present
from service.api.v1.schema import ClientIn, ClientOut, KeyIn, KeyOut, NewClientOut, NewKeyOut
from service.db import Transaction, clients
from service.db.clients import Client, ClientKey
from service.db.idempotency import Answer


@post(
    "/clients", scope="admin", operation_id="create_client", tags=["clients"], once=True,
    headers=("Location", "Idempotency-Replayed"),
    examples={"application/json": {"name": "mobile app", "scopes": ["read"]}},
)  # fmt: skip
async def create_client(request: ApiRequest, data: ClientIn) -> Response[NewClientOut]:
    """Create a client with its first key. The key is shown in this answer only."""

    async def write(transaction: Transaction) -> Answer:
        made = new_key(request.runtime.settings.secret)
        client = await clients.create(transaction, data.name)
        key = await _create_key(transaction, client.id, data, made)
        shown = NewClientOut(id=client.id, name=client.name, created_at=client.created_at, key=key)
        return created(shown, f"/v1/clients/{client.id}")

    return await answered_once(request, write)


@get("/clients", scope="admin", operation_id="list_clients", tags=["clients"], headers=("Link",))
async def list_clients(
    request: ApiRequest, cursor: Cursor = None, limit: Limit = 50
) -> Response[Page[ClientOut]]:
    """List clients, oldest first, each with its keys."""
    binding = "clients"
    (after,) = request.cursors.read(cursor, binding, tuple[UUID]) or (None,)
    found = await clients.list_clients(request.runtime.db, after, limit + 1)
    keys = await clients.list_keys(request.runtime.db, [client.id for client in found])
    shown = [_client_out(client, keys) for client in found]
    return page_of(request, shown, limit, binding, lambda client: (client.id,))


@get("/clients/{client_id:uuid}", scope="admin", operation_id="get_client", tags=["clients"])
async def get_client(request: ApiRequest, client_id: FromPath[UUID]) -> ClientOut:
    """Get one client and its keys, revoked ones included."""
    client = present(await clients.find(request.runtime.db, client_id), "client")
    return _client_out(client, await clients.list_keys(request.runtime.db, [client_id]))


@delete("/clients/{client_id:uuid}", scope="admin", operation_id="delete_client", tags=["clients"])
async def delete_client(request: ApiRequest, client_id: FromPath[UUID]) -> None:
    """Delete the client and all its keys. What it made stays."""
    present(await clients.delete(request.runtime.db, client_id) or None, "client")


@post(
    "/clients/{client_id:uuid}/keys", scope="admin", operation_id="create_key", tags=["clients"],
    once=True, headers=("Location", "Idempotency-Replayed"),
    examples={"application/json": {"scopes": ["ingest", "read"]}},
)  # fmt: skip
async def create_key(
    request: ApiRequest, client_id: FromPath[UUID], data: KeyIn
) -> Response[NewKeyOut]:
    """Create another key of the client, so that it can change keys without an interruption."""

    async def write(transaction: Transaction) -> Answer:
        made = new_key(request.runtime.settings.secret)
        key = await _create_key(transaction, client_id, data, made)
        return created(key, f"/v1/clients/{client_id}")

    return await answered_once(request, write)


@delete(
    "/clients/{client_id:uuid}/keys/{key_id:uuid}",
    scope="admin", operation_id="revoke_key", tags=["clients"],
)  # fmt: skip
async def revoke_key(
    request: ApiRequest, client_id: FromPath[UUID], key_id: FromPath[UUID]
) -> None:
    """Revoke the key. It is refused everywhere within five seconds."""
    keys = await clients.list_keys(request.runtime.db, [client_id])
    present(next((key for key in keys if key.id == key_id), None), "key")
    await clients.revoke_key(request.runtime.db, key_id)


async def _create_key(
    transaction: Transaction, client_id: UUID, given: ClientIn | KeyIn, made: NewKey
) -> NewKeyOut:
    key = await clients.create_key(
        transaction,
        client_id,
        prefix=made.prefix,
        hash=made.hash,
        scopes=sorted(set(given.scopes)),
        expires_at=given.expires_at,
    )
    return NewKeyOut(**_shown(present(key, "client")), key=made.key)


def _client_out(client: Client, keys: list[ClientKey]) -> ClientOut:
    own = [KeyOut(**_shown(key)) for key in keys if key.client_id == client.id]
    return ClientOut(id=client.id, name=client.name, created_at=client.created_at, keys=own)


def _shown(key: ClientKey) -> dict[str, Any]:
    return {name: getattr(key, name) for name in KeyOut.__struct_fields__}
