"""The transaction that stores an article and ends its ingestion, or does neither.

Everything that another ingestion of the same page could touch happens under a lock on the page's
keys, and the claim's fence is checked in the same transaction: two workers with one ingestion, or
one page in two ingestions, leave one article and each effect once.
"""

from __future__ import annotations

from uuid import UUID

from msgspec.structs import replace

from service import document
from service.article import Article
from service.db import claims, facets, identity, search, snapshots, stores
from service.db import likeness as similar
from service.db.claims import Claim, Ending
from service.db.identity import Known, Moment, Seen
from service.db.session import Transaction
from service.errors import Conflict, LeaseLost, PageRejected
from service.ingest.acquire import Acquired, snapshot_of
from service.ingest.draft import Draft, Place, draft, placed, sort_at, stored
from service.ingest.repeat import repeated
from service.likeness import SAME_STORY, likeness
from service.notify.record import article_event, ingestion_event
from service.queue import Job
from service.runtime import Runtime


async def store(
    runtime: Runtime, claim: Claim, ending: Ending, acquired: Acquired, article: Article
) -> Ending:
    """The article is stored and the ingestion has succeeded; how. Raises ``LeaseLost``."""
    drafted = await draft(runtime, claim, acquired, article)
    async with runtime.db.transaction(identity.locks(drafted.names)) as transaction:
        moment, known = await identity.find(
            transaction, drafted.keys, drafted.site_id, drafted.known_text
        )
        ended = replace(ending, **await _place(transaction, drafted, moment, known))
        deliveries = await end(transaction, claim, ended, article)
    runtime.streams.send(Job("delivery", id) for id in deliveries)
    return ended


async def confirm(runtime: Runtime, claim: Claim, ending: Ending) -> Ending:
    """The origin answered 304: the article stays. Raises ``LeaseLost``."""
    keys = [claim.identity_key or ""]
    async with runtime.db.transaction(identity.locks(keys)) as transaction:
        moment, known = await identity.find(transaction, keys, None, None)
        if known is None:
            raise Conflict("the article was deleted meanwhile; the page is fetched anew")
        await identity.touch(transaction, known.id, moment.at)
        ended = replace(ending, **_outcome("unchanged", known.id, known.revision))
        deliveries = await end(transaction, claim, ended)
    runtime.streams.send(Job("delivery", id) for id in deliveries)
    return ended


async def end(
    transaction: Transaction, claim: Claim, ending: Ending, article: Article | None = None
) -> list[UUID]:
    """The ingestion has ended and the events are recorded; raises ``LeaseLost``.

    Its own event goes to its client; that ``article`` was created or updated, to all; that its feed
    has a known article too, to those who follow that feed.
    """
    own = await ingestion_event(transaction, claim, ending)
    if article is not None and ending.outcome in {"created", "updated"}:
        type = f"article.{ending.outcome}"
        news = [article_event(type, ending.article_id, ending.revision, article), own]
    else:
        news = [*await repeated(transaction, ending.article_id, claim.feed_id), own]
    state = "succeeded" if ending.error_code is None else "failed"
    deliveries = await claims.finish(transaction, claim, state, ending, news)
    if deliveries is None:
        raise LeaseLost("another worker has this ingestion")
    return deliveries


async def _place(
    transaction: Transaction, drafted: Draft, moment: Moment, known: Known | None
) -> dict[str, object]:
    """The outcome of storing ``drafted`` where ``known`` is, or as a new article."""
    if known is None:
        place = Place(
            id=moment.id,
            revision=1,
            created_at=moment.at,
            updated_at=moment.at,
            feed_ids=drafted.feed_ids,
        )
        return await _write(transaction, drafted, place, "created")
    if not _is_news(drafted, known):
        return await _keep(transaction, drafted, moment, known)
    if known.word_count and not drafted.article.word_count:
        raise PageRejected("empty", "the page lost all its text; the last good revision stays")
    place = Place(
        id=known.id,
        revision=known.revision + 1,
        created_at=known.created_at,
        updated_at=moment.at,
        tags=known.tags,
        metadata=known.metadata,
        cluster_id=known.cluster_id,
        feed_ids=list(dict.fromkeys(known.feed_ids + drafted.feed_ids)),
    )
    return await _write(transaction, drafted, place, "updated")


def _is_news(drafted: Draft, known: Known) -> bool:
    """Whether the content of the page is new to the known article, and not older than it."""
    if not known.by_key or drafted.content_hash == known.content_hash:
        return False
    at = drafted.acquired.fetched_at
    is_older = at is not None and at < known.fetched_at
    return not is_older or drafted.acquired.snapshot_id == known.snapshot_id


async def _write(
    transaction: Transaction, drafted: Draft, place: Place, outcome: str
) -> dict[str, object]:
    snapshot_id, fetched = drafted.acquired.snapshot_id, drafted.acquired.fetched
    if fetched is not None:
        kept = await snapshots.insert(transaction, snapshot_of(drafted.claim, fetched))
        snapshot_id = kept.id
    if place.tags or place.feed_ids != drafted.feed_ids:
        named = document.facets(placed(drafted, place)) + facets.of_feeds(place.feed_ids)
        drafted = replace(drafted, facet_ids=await facets.numbers(transaction, named))
    if place.cluster_id is None:
        place = replace(place, cluster_id=await _cluster(transaction, drafted, place))
    rows = stored(drafted, place, snapshot_id, outcome)
    await stores.store(transaction, rows)
    await search.index(
        transaction, place.id, rows.sort_at, site_id=drafted.site_id, facet_ids=rows.facet_ids,
        texts=drafted.texts,
    )  # fmt: skip
    return _outcome(outcome, place.id, place.revision) | {"snapshot_id": snapshot_id}


async def _cluster(transaction: Transaction, drafted: Draft, place: Place) -> UUID:
    """The cluster of the stored article that is most alike; else the article is a new one."""
    if drafted.signature is None:
        return place.id
    at = sort_at(drafted.article.published_at, place.created_at)
    near = await similar.candidates(transaction, drafted.bands, at, place.id)
    alike = [(likeness(drafted.signature, one.signature), one) for one in near]
    best = max(alike, key=lambda pair: pair[0], default=None)
    return best[1].cluster_id if best and best[0] >= SAME_STORY else place.id


async def _keep(
    transaction: Transaction, drafted: Draft, moment: Moment, known: Known
) -> dict[str, object]:
    """The article stays as it is, and is known under the page's addresses too."""
    await identity.add_keys(transaction, drafted.keys, known.id)
    if known.by_key and drafted.content_hash == known.content_hash:
        at = drafted.acquired.fetched_at or moment.at
        await identity.seen(transaction, Seen(known.id, at, drafted.version, *drafted.validators))
        if drafted.acquired.snapshot_id == known.snapshot_id:
            await _index_again(transaction, drafted, known)
    return _outcome("unchanged" if known.by_key else "duplicate", known.id, known.revision)


async def _index_again(transaction: Transaction, drafted: Draft, known: Known) -> None:
    """A kept page was read again: its article is found as this version finds articles."""
    article = drafted.article
    article.tags = list(known.tags)
    named = document.facets(article) + facets.of_feeds(known.feed_ids)
    await search.index(
        transaction, known.id, sort_at(article.published_at, known.created_at),
        site_id=drafted.site_id,
        facet_ids=await facets.numbers(transaction, named),
        texts=drafted.texts,
    )  # fmt: skip


def _outcome(outcome: str, article_id: UUID, revision: int) -> dict[str, object]:
    return {"outcome": outcome, "article_id": article_id, "revision": revision}
