"""Inputs and outputs of v1 for sources, endpoints and feeds."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

from service.api.v1.schema import Failure, Input, Url
from service.feeds.mapping import ItemMapping
from service.signing import Verifier
from service.subscribe.items import Mode

EventType = Literal[
    "article.created", "article.updated", "article.deleted",
    "ingestion.succeeded", "ingestion.failed", "batch.completed",
    "feed.failing", "feed.recovered", "endpoint.disabled", "webhook.test",
]  # fmt: skip
Name = Annotated[str, Meta(min_length=1, max_length=200)]
Secret = Annotated[str, Meta(min_length=8, max_length=500, description="Is not shown again.")]
Preset = Literal["ghost", "wordpress", "miniflux", "automation", "json_feed"]
Payload = Literal["thin", "full"]
SubscriptionState = Literal["pending", "active", "denied", "expired"]
OVERLAP_S_MAX = 7 * 86_400


class Filter(Struct, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Which articles' events are sent: an article must match one value of each list given.

    An article has every feed that had it. One that another feed brought is sent as
    `article.created` when the first of `feed_ids` has it too.
    """

    sites: list[str] | None = None
    languages: list[str] | None = None
    feed_ids: list[UUID] | None = None


class EndpointIn(Input, kw_only=True):
    """Where to send events; no `event_types` means all of them."""

    url: Url
    description: Annotated[str, Meta(max_length=1_000)] | None = None
    event_types: list[EventType] = []
    filter: Filter | None = None
    payload: Payload = "thin"


class EndpointPatch(Input, kw_only=True):
    """Fields that are given are changed; `enabled: true` also clears past failures."""

    url: Url | UnsetType = UNSET
    description: Annotated[str, Meta(max_length=1000)] | UnsetType | None = UNSET
    event_types: list[EventType] | UnsetType = UNSET
    filter: Filter | UnsetType | None = UNSET
    payload: Payload | UnsetType = UNSET
    enabled: bool | UnsetType = UNSET


class EndpointOut(Struct, kw_only=True):
    """An endpoint and its health; `kind` callback is the `callback_url` of ingestions."""

    id: UUID
    kind: Literal["endpoint", "callback"]
    url: str
    description: str | None
    event_types: list[str]
    filter: Filter | None
    payload: Payload
    state: Literal["enabled", "disabled"]
    disabled_reason: str | None
    failing_since: datetime | None
    failures: int
    created_at: datetime
    updated_at: datetime


class NewEndpointOut(EndpointOut, kw_only=True):
    """An endpoint with the secret that signs its messages."""

    secret: str


class SecretOut(Struct, kw_only=True):
    """The secret that signs, for the receiver's library (`whsec_…`)."""

    secret: str


class RotateIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The old secret is valid for `overlap_s` more. Sources may bring their own `secret`."""

    overlap_s: Annotated[int, Meta(ge=0, le=OVERLAP_S_MAX)] = 86_400
    secret: Secret | None = None


ROTATION = RotateIn()
"""The default, without a body."""


class EventOut(Struct, kw_only=True):
    """An event that is being sent."""

    delivery_id: UUID
    event_id: UUID


class DeliveryAttemptOut(Struct, kw_only=True):
    """One HTTP attempt; `response` is the beginning of the answer."""

    number: int
    started_at: datetime
    duration_ms: int
    http_status: int | None
    response: str | None
    error: Failure | None


class DeliveryOut(Struct, kw_only=True):
    """One event for one endpoint; `attempts` only in the answer for one delivery."""

    id: UUID
    event_id: UUID
    event_type: str
    endpoint_id: UUID
    url: str
    state: Literal["queued", "running", "succeeded", "failed", "cancelled"]
    attempt: int
    due_at: datetime
    http_status: int | None
    error: Failure | None
    created_at: datetime
    finished_at: datetime | None
    attempts: list[DeliveryAttemptOut] | None = None


class ReplayOut(Struct, kw_only=True):
    """How many deliveries were queued; if it is 10,000, repeat with a later `since`."""

    queued: int


class SourceIn(Input, kw_only=True):
    """A sender of webhooks: how its messages are verified, and where their fields are.

    `mapping` is a preset's name or JSON Pointers of your own. Without a `secret` one is generated.
    `mode` auto takes the content of a message, and fetches the page where it has none.
    """

    name: Name
    verifier: Verifier
    mapping: Preset | ItemMapping = "automation"
    secret: Secret | None = None
    mode: Mode = "auto"
    callback_url: Url | None = None


class SourcePatch(Input, kw_only=True):
    """Fields that are given are changed."""

    name: Name | UnsetType = UNSET
    verifier: Verifier | UnsetType = UNSET
    mapping: Preset | ItemMapping | UnsetType = UNSET
    mode: Mode | UnsetType = UNSET
    callback_url: Url | UnsetType | None = UNSET


class SourceOut(Struct, kw_only=True):
    """A source; messages go to its `inbox_url`."""

    id: UUID
    name: str
    inbox_url: str
    verifier: Verifier
    mapping: ItemMapping
    mode: Mode
    callback_url: str | None
    created_at: datetime
    updated_at: datetime


class NewSourceOut(SourceOut, kw_only=True):
    """A source with the secret that signs its messages, which is shown only here."""

    secret: str


class ReceivedOut(Struct, kw_only=True):
    """What a message caused: ingestions, and deleted articles."""

    message_id: str
    ingestions: list[UUID]
    deleted: list[UUID]


class MessageOut(Struct, kw_only=True):
    """A message of a source, and its answer."""

    message_id: str
    status: int
    ingestions: list[UUID]
    error: Failure | None
    replays: int
    received_at: datetime | None


class FeedIn(Input, kw_only=True):
    """A feed to poll. `mode` auto fetches each page, and takes the feed's text where that fails."""

    url: Url
    title: Name | None = None
    mode: Mode = "auto"
    items_max: Annotated[int, Meta(ge=1, le=5_000)] = 100
    callback_url: Url | None = None


class FeedPatch(Input, kw_only=True):
    """Fields that are given are changed."""

    title: Name | UnsetType = UNSET
    mode: Mode | UnsetType = UNSET
    items_max: Annotated[int, Meta(ge=1, le=5_000)] | UnsetType = UNSET
    callback_url: Url | UnsetType | None = UNSET
    paused: bool | UnsetType = UNSET


class FeedOut(Struct, kw_only=True):
    """A feed and its health."""

    id: UUID
    url: str
    kind: str | None
    title: str | None
    site_url: str | None
    language: str | None
    mode: Mode
    items_max: int
    callback_url: str | None
    state: Literal["active", "failing", "gone", "paused"]
    interval_s: int
    failures: int
    error: Failure | None
    items_seen: int
    hub_url: str | None
    websub: SubscriptionState | None
    due_at: datetime
    polled_at: datetime | None
    changed_at: datetime | None
    pushed_at: datetime | None
    created_at: datetime
    updated_at: datetime


class DiscoverIn(Input, kw_only=True):
    """The URL of a site or page."""

    url: Url


class CandidateOut(Struct, kw_only=True):
    """A feed of a site."""

    url: str
    title: str | None
    media_type: str | None


class DiscoverOut(Struct, kw_only=True):
    """Feeds of a site, best first."""

    candidates: list[CandidateOut]


class OpmlItem(Struct, kw_only=True):
    """One subscription of an OPML list: its feed, or why there is none."""

    url: str
    feed_id: UUID | None
    created: bool
    error: Failure | None = None


class OpmlOut(Struct, kw_only=True):
    """An answer per subscription, in the list's order."""

    items: list[OpmlItem]
