"""/v1/endpoints and /v1/deliveries: where events are sent, and the log of deliveries."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response, delete, get, patch, post
from litestar.params import FromPath, QueryParameter
from msgspec import UNSET
from msgspec.structs import asdict, replace

from service.api.idempotency import answered_once, created
from service.api.lists import Cursor, Limit, Page
from service.api.request import ApiRequest
from service.api.v1.owned import failure_of, json_text, page_by_id, present
from service.api.v1.schema import State
from service.api.v1.schema_push import (
    ROTATION,
    DeliveryAttemptOut,
    DeliveryOut,
    EndpointIn,
    EndpointOut,
    EndpointPatch,
    EventOut,
    Filter,
    NewEndpointOut,
    ReplayOut,
    RotateIn,
    SecretOut,
)
from service.api.v1.targets import check_target
from service.db import Transaction, delivery_log, endpoints
from service.db.delivery_log import Delivery
from service.db.endpoints import Endpoint
from service.db.idempotency import Answer
from service.errors import Conflict, InvalidRequest
from service.notify.record import record_only
from service.queue import Job
from service.signing import new_secret

ONE = "/endpoints/{endpoint_id:uuid}"
REPLAYED_MAX = 10_000
EXAMPLE = {"url": "https://app.example/hooks/broadsheet", "event_types": ["article.created"]}
Since = Annotated[datetime, QueryParameter(description="Events from this time on.")]


@post(
    "/endpoints", scope="hooks", operation_id="create_endpoint", tags=["endpoints"], once=True,
    headers=("Location", "Idempotency-Replayed"), examples={"application/json": EXAMPLE},
    problems=(422,),
)  # fmt: skip
async def create_endpoint(request: ApiRequest, data: EndpointIn) -> Response[NewEndpointOut]:
    """Create an endpoint. Its secret signs what it is sent (Standard Webhooks 1.0)."""
    await check_target(request, data.url)

    async def write(transaction: Transaction) -> Answer:
        secret = new_secret()
        made = await endpoints.create(
            transaction,
            request.caller.client_id,
            url=data.url,
            description=data.description,
            event_types=sorted(set(data.event_types)),
            filter=_filter(data.filter),
            payload=data.payload,
            secret=request.runtime.seal.close(secret),
        )
        shown = NewEndpointOut(**asdict(_out(made)), secret=secret)
        return created(shown, f"/v1/endpoints/{made.id}")

    return await answered_once(request, write)


@get(
    "/endpoints", scope="hooks", operation_id="list_endpoints", tags=["endpoints"],
    headers=("Link",),
)  # fmt: skip
async def list_endpoints(
    request: ApiRequest, cursor: Cursor = None, limit: Limit = 50
) -> Response[Page[EndpointOut]]:
    """List the caller's endpoints, oldest first, those of callback URLs included."""
    read = partial(endpoints.list_endpoints, request.runtime.db, request.caller.client_id)
    return await page_by_id(request, "endpoints", cursor, limit, read=read, show=_out)


@get(ONE, scope="hooks", operation_id="get_endpoint", tags=["endpoints"])
async def get_endpoint(request: ApiRequest, endpoint_id: FromPath[UUID]) -> EndpointOut:
    """Get one endpoint, and since when it has been failing, if it has."""
    return _out(await _find(request, endpoint_id))


@patch(
    ONE, scope="hooks", operation_id="change_endpoint", tags=["endpoints"], problems=(422,),
    examples={"application/json": {"enabled": True}},
)  # fmt: skip
async def change_endpoint(
    request: ApiRequest, endpoint_id: FromPath[UUID], data: EndpointPatch
) -> EndpointOut:
    """The given fields are changed."""
    endpoint = await _find(request, endpoint_id)
    if data.url is not UNSET:
        await check_target(request, data.url)
    given = {
        name: value
        for name in ("url", "description", "event_types", "payload")
        if (value := getattr(data, name)) is not UNSET
    }
    if data.filter is not UNSET:
        given["filter"] = _filter(data.filter)
    db = request.runtime.db
    changed: Endpoint | None = await endpoints.update(db, replace(endpoint, **given))
    if data.enabled is True:
        changed = await endpoints.enable(db, endpoint.client_id, endpoint.id)
    elif data.enabled is False:
        changed = await endpoints.disable(db, endpoint.id, "by its owner") or changed
    return _out(present(changed, "endpoint"))


@delete(ONE, scope="hooks", operation_id="delete_endpoint", tags=["endpoints"])
async def delete_endpoint(request: ApiRequest, endpoint_id: FromPath[UUID]) -> None:
    """Delete the endpoint. Queued deliveries are cancelled."""
    gone = await endpoints.delete(request.runtime.db, request.caller.client_id, endpoint_id)
    present(gone or None, "endpoint")


@get(ONE + "/secret", scope="hooks", operation_id="get_endpoint_secret", tags=["endpoints"])
async def get_secret(request: ApiRequest, endpoint_id: FromPath[UUID]) -> SecretOut:
    """Get the newest secret, for example of a callback URL, whose endpoint nobody created."""
    endpoint = await _find(request, endpoint_id)
    seal = request.runtime.seal
    sealed = await endpoints.arm(request.runtime.db, endpoint.id, seal.close(new_secret()))
    return SecretOut(secret=seal.open(sealed[0]))


@post(
    ONE + "/rotate", scope="hooks", operation_id="rotate_endpoint_secret", tags=["endpoints"],
    status_code=200, examples={"application/json": {"overlap_s": 86_400}},
)  # fmt: skip
async def rotate_secret(
    request: ApiRequest, endpoint_id: FromPath[UUID], data: RotateIn = ROTATION
) -> SecretOut:
    """Replace the secret. The old one signs as well for `overlap_s`."""
    secret, runtime = data.secret or new_secret(), request.runtime
    rotated = await endpoints.rotate(
        runtime.db, request.caller.client_id, endpoint_id, runtime.seal.close(secret),
        data.overlap_s,
    )  # fmt: skip
    present(rotated, "endpoint")
    return SecretOut(secret=secret)


@post(
    ONE + "/test", scope="hooks", operation_id="test_endpoint", tags=["endpoints"],
    status_code=202, problems=(409,),
)  # fmt: skip
async def send_test(request: ApiRequest, endpoint_id: FromPath[UUID]) -> EventOut:
    """Send a `webhook.test` event to this endpoint, whatever its event types."""
    endpoint = await _find(request, endpoint_id)
    if endpoint.state == "disabled":
        raise Conflict(f"the endpoint is disabled ({endpoint.disabled_reason}): enable it first")
    async with request.runtime.db.transaction() as transaction:
        event_id = await record_only(
            transaction, "webhook.test", {"endpoint_id": endpoint.id}, endpoint.client_id
        )
        delivery_id = await delivery_log.add(transaction, endpoint.id, event_id)
    delivery_id = present(delivery_id, "endpoint")
    request.runtime.streams.send([Job("delivery", delivery_id)])
    return EventOut(delivery_id=delivery_id, event_id=event_id)


@get(
    ONE + "/deliveries", scope="hooks", operation_id="list_deliveries", tags=["endpoints"],
    headers=("Link",),
)  # fmt: skip
async def list_deliveries(
    request: ApiRequest,
    endpoint_id: FromPath[UUID],
    in_state: Annotated[State | None, QueryParameter(name="state")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response[Page[DeliveryOut]]:
    """List the endpoint's deliveries, newest first; kept for thirty days."""
    await _find(request, endpoint_id)
    db, client_id = request.runtime.db, request.caller.client_id
    read = partial(delivery_log.list_deliveries, db, client_id, endpoint_id, state=in_state)
    binding = ("deliveries", endpoint_id, in_state)
    return await page_by_id(request, binding, cursor, limit, read=read, show=_delivery_out)


@get(
    "/deliveries/{delivery_id:uuid}", scope="hooks", operation_id="get_delivery",
    tags=["endpoints"],
)  # fmt: skip
async def get_delivery(request: ApiRequest, delivery_id: FromPath[UUID]) -> DeliveryOut:
    """Get one delivery with all of its attempts."""
    found = await delivery_log.find(request.runtime.db, request.caller.client_id, delivery_id)
    shown = _delivery_out(present(found, "delivery"))
    shown.attempts = [
        DeliveryAttemptOut(
            number=one.number,
            started_at=one.started_at,
            duration_ms=one.duration_ms,
            http_status=one.http_status,
            response=one.response,
            error=failure_of(one.error_code, one.error_detail),
        )
        for one in await delivery_log.attempts(request.runtime.db, delivery_id)
    ]
    return shown


@post(
    "/deliveries/{delivery_id:uuid}/redeliver", scope="hooks", operation_id="redeliver",
    tags=["endpoints"], status_code=202,
)  # fmt: skip
async def redeliver(request: ApiRequest, delivery_id: FromPath[UUID]) -> EventOut:
    """Send the same event to the same endpoint again, with the same id and bytes."""
    db, client_id = request.runtime.db, request.caller.client_id
    found = present(await delivery_log.find(db, client_id, delivery_id), "delivery")
    added = present(await delivery_log.redeliver(db, client_id, delivery_id), "delivery")
    request.runtime.streams.send([Job("delivery", added)])
    return EventOut(delivery_id=added, event_id=found.event_id)


@post(
    ONE + "/replay", scope="hooks", operation_id="replay_events", tags=["endpoints"],
    status_code=202,
)  # fmt: skip
async def replay(request: ApiRequest, endpoint_id: FromPath[UUID], since: Since) -> ReplayOut:
    """Send the events since a time to the endpoint again, oldest first; its filters apply."""
    endpoint = await _find(request, endpoint_id)
    if since.tzinfo is None:
        raise InvalidRequest("since needs a time zone, as in 2026-01-31T08:00:00Z")
    queued = await delivery_log.replay(
        request.runtime.db, endpoint.client_id, endpoint.id, since, REPLAYED_MAX
    )
    return ReplayOut(queued=queued)


async def _find(request: ApiRequest, endpoint_id: UUID) -> Endpoint:
    found = await endpoints.find(request.runtime.db, request.caller.client_id, endpoint_id)
    return present(found, "endpoint")


def _filter(given: Filter | None) -> str | None:
    return json_text(given) if given else None


def _out(endpoint: Endpoint) -> EndpointOut:
    names = [name for name in EndpointOut.__struct_fields__ if name != "filter"]
    given = {name: getattr(endpoint, name) for name in names}
    filter = msgspec.json.decode(endpoint.filter, type=Filter) if endpoint.filter else None
    return EndpointOut(**given, filter=filter)


def _delivery_out(delivery: Delivery) -> DeliveryOut:
    names = [n for n in DeliveryOut.__struct_fields__ if n not in ("error", "attempts")]
    given = {name: getattr(delivery, name) for name in names}
    return DeliveryOut(**given, error=failure_of(delivery.error_code, delivery.error_detail))
