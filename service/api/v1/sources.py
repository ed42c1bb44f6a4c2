"""/v1/sources: registered senders of signed webhooks, their inbox and what arrived in it."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

import msgspec
from litestar import Response, delete, get, patch, post
from litestar.params import FromPath, FromQuery
from msgspec import UNSET
from msgspec.structs import asdict, replace

from service.api.idempotency import answered_once, created
from service.api.lists import Cursor, Limit, Page, page_of
from service.api.request import ApiRequest
from service.api.v1.owned import failure_of, json_text, page_by_id, present
from service.api.v1.schema_push import (
    ROTATION,
    MessageOut,
    NewSourceOut,
    ReceivedOut,
    RotateIn,
    SecretOut,
    SourceIn,
    SourceOut,
    SourcePatch,
)
from service.api.v1.targets import check_target
from service.db import Transaction, messages, sources
from service.db.idempotency import Answer
from service.db.messages import Message
from service.db.sources import Source
from service.errors import FieldError, InvalidRequest
from service.feeds.mapping import PRESETS, ItemMapping
from service.signing import StandardWebhooks, Verifier, new_secret, secret_key
from service.subscribe import inbox
from service.subscribe.items import Options, options_of

ONE = "/sources/{source_id:uuid}"
EXAMPLE = {"name": "our CMS", "verifier": {"type": "standard_webhooks"}, "mapping": "ghost"}
MESSAGE_TYPES = ("application/json", "application/cloudevents+json", "application/feed+json")
_verifiers: msgspec.json.Decoder[Verifier] = msgspec.json.Decoder(Verifier)
_mappings = msgspec.json.Decoder(ItemMapping)


@post(
    "/sources", scope="source", operation_id="create_source", tags=["sources"], once=True,
    headers=("Location", "Idempotency-Replayed"), examples={"application/json": EXAMPLE},
    problems=(422,),
)  # fmt: skip
async def create_source(request: ApiRequest, data: SourceIn) -> Response[NewSourceOut]:
    """Create a source. The answer has its inbox URL, and its secret, which is not shown again."""
    secret = data.secret or new_secret()
    _check_secret(secret, data.verifier)
    await check_target(request, data.callback_url, "/callback_url")

    async def write(transaction: Transaction) -> Answer:
        made = await sources.create(
            transaction,
            request.caller.client_id,
            name=data.name,
            verifier=json_text(data.verifier),
            mapping=json_text(_mapping(data.mapping)),
            secret=request.runtime.seal.close(secret),
            options=json_text(Options(mode=data.mode, callback_url=data.callback_url)),
        )
        shown = NewSourceOut(**asdict(_out(request, made)), secret=secret)
        return created(shown, f"/v1/sources/{made.id}")

    return await answered_once(request, write)


@get("/sources", scope="source", operation_id="list_sources", tags=["sources"], headers=("Link",))
async def list_sources(
    request: ApiRequest, cursor: Cursor = None, limit: Limit = 50
) -> Response[Page[SourceOut]]:
    """List the caller's sources, oldest first."""
    read = partial(sources.list_sources, request.runtime.db, request.caller.client_id)
    show = partial(_out, request)
    return await page_by_id(request, "sources", cursor, limit, read=read, show=show)


@get(ONE, scope="source", operation_id="get_source", tags=["sources"])
async def get_source(request: ApiRequest, source_id: FromPath[UUID]) -> SourceOut:
    """Get one source, without its secret."""
    return _out(request, await _find(request, source_id))


@patch(
    ONE, scope="source", operation_id="change_source", tags=["sources"], problems=(422,),
    examples={"application/json": {"name": "our new CMS"}},
)  # fmt: skip
async def change_source(
    request: ApiRequest, source_id: FromPath[UUID], data: SourcePatch
) -> SourceOut:
    """The given fields are changed."""
    source = await _find(request, source_id)
    options = options_of(source.options)
    if data.callback_url is not UNSET:
        await check_target(request, data.callback_url, "/callback_url")
        options = replace(options, callback_url=data.callback_url)
    if data.mode is not UNSET:
        options = replace(options, mode=data.mode)
    source = replace(source, options=json_text(options))
    if data.name is not UNSET:
        source = replace(source, name=data.name)
    if data.verifier is not UNSET:
        source = replace(source, verifier=json_text(data.verifier))
    if data.mapping is not UNSET:
        source = replace(source, mapping=json_text(_mapping(data.mapping)))
    changed = await sources.update(request.runtime.db, source)
    return _out(request, present(changed, "source"))


@delete(ONE, scope="source", operation_id="delete_source", tags=["sources"])
async def delete_source(request: ApiRequest, source_id: FromPath[UUID]) -> None:
    """Delete the source. Its messages are refused from now on; its articles stay."""
    gone = await sources.delete(request.runtime.db, request.caller.client_id, source_id)
    present(gone or None, "source")


@post(
    ONE + "/rotate", scope="source", operation_id="rotate_source_secret", tags=["sources"],
    status_code=200, examples={"application/json": {"overlap_s": 86_400}},
)  # fmt: skip
async def rotate_secret(
    request: ApiRequest, source_id: FromPath[UUID], data: RotateIn = ROTATION
) -> SecretOut:
    """Replace the secret. The old one is accepted for `overlap_s` more."""
    secret, runtime = data.secret or new_secret(), request.runtime
    source = await _find(request, source_id)
    _check_secret(secret, _verifiers.decode(source.verifier))
    rotated = await sources.rotate(
        runtime.db, request.caller.client_id, source_id, runtime.seal.close(secret), data.overlap_s
    )
    present(rotated, "source")
    return SecretOut(secret=secret)


@post(
    ONE + "/inbox", public=True, any_query=True, operation_id="receive_message", tags=["sources"],
    status_code=202, accepts=MESSAGE_TYPES,
    body={"application/json": Any}, problems=(401, 404),
    headers=("Idempotency-Replayed",),
)  # fmt: skip
async def receive_message(request: ApiRequest, source_id: FromPath[UUID]) -> Response[ReceivedOut]:
    """Receive a signed message. A message that was sent before gets the first answer again."""
    headers = {name.lower(): value for name, value in request.headers.items()}
    received = await inbox.receive(
        request.runtime, source_id, headers, await request.body(),
        request.exchange.header(b"content-type"),
    )  # fmt: skip
    repeat = {"Idempotency-Replayed": "true"} if received.is_replay else {}
    return Response(_received(received), status_code=202, headers=repeat)


@get(
    ONE + "/messages", scope="source", operation_id="list_messages", tags=["sources"],
    headers=("Link",),
)  # fmt: skip
async def list_messages(
    request: ApiRequest,
    source_id: FromPath[UUID],
    failed: FromQuery[bool] = False,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response[Page[MessageOut]]:
    """List received messages, newest first, with the reasons of refusals; kept for thirty days."""
    await _find(request, source_id)
    binding = ("messages", source_id, failed)
    before = request.cursors.read(cursor, binding, tuple[datetime, str])
    found = await messages.list_messages(
        request.runtime.db, source_id, before=before, failed=failed, limit=limit + 1
    )
    shown = [_message_out(one) for one in found]
    return page_of(request, shown, limit, binding, lambda one: (one.received_at, one.message_id))


@post(
    ONE + "/messages/{message_id:str}/rerun", scope="source", operation_id="rerun_message",
    tags=["sources"], status_code=202, problems=(400,),
)  # fmt: skip
async def rerun_message(
    request: ApiRequest, source_id: FromPath[UUID], message_id: FromPath[str]
) -> ReceivedOut:
    """Process a stored message again, with the present mapping."""
    source = await _find(request, source_id)
    return _received(await inbox.rerun(request.runtime, source, message_id))


async def _find(request: ApiRequest, source_id: UUID) -> Source:
    found = await sources.find(request.runtime.db, request.caller.client_id, source_id)
    return present(found, "source")


def _check_secret(secret: str, verifier: Verifier) -> None:
    """Other styles take any secret as it is written, also one of Stripe's, with ``whsec_``."""
    if not isinstance(verifier, StandardWebhooks):
        return
    try:
        secret_key(secret)
    except ValueError as error:
        raise InvalidRequest(str(error), errors=(FieldError("/secret", "invalid"),)) from error


def _mapping(given: str | ItemMapping) -> ItemMapping:
    return PRESETS[given] if isinstance(given, str) else given


def _received(received: inbox.Received) -> ReceivedOut:
    return ReceivedOut(
        message_id=received.message_id, ingestions=received.ingestions, deleted=received.deleted
    )


def _out(request: ApiRequest, source: Source) -> SourceOut:
    options = options_of(source.options)
    base = request.runtime.settings.public_url.rstrip("/") or str(request.base_url).rstrip("/")
    return SourceOut(
        id=source.id,
        name=source.name,
        inbox_url=f"{base}/v1/sources/{source.id}/inbox",
        verifier=_verifiers.decode(source.verifier),
        mapping=_mappings.decode(source.mapping),
        mode=options.mode,
        callback_url=options.callback_url,
        created_at=source.created_at,
        updated_at=source.updated_at,
    )


def _message_out(one: Message) -> MessageOut:
    return MessageOut(
        message_id=one.message_id,
        status=one.status,
        ingestions=one.ingestions,
        error=failure_of(one.error_code, one.error_detail),
        replays=one.replays,
        received_at=one.received_at,
    )
