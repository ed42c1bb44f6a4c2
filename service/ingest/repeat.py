"""A feed that has an article which is known already lists it too."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from msgspec.structs import replace

from service import document
from service.db import articles, facets, stores
from service.db.events import NewEvent
from service.db.session import Transaction
from service.notify.record import article_event


async def repeated(
    transaction: Transaction, article_id: UUID | None, feed_id: UUID | None
) -> Sequence[NewEvent]:
    """The feed lists the article; whoever follows it, and no feed that had the article before, is
    to be told that it was created. Nothing without either, or if the feed lists it already.
    """
    if article_id is None or feed_id is None:
        return ()
    if not await stores.join_feed(transaction, article_id, feed_id):
        return ()
    [number] = await facets.numbers(transaction, facets.of_feeds([feed_id]))
    await stores.add_facet(transaction, article_id, number)
    [doc] = await articles.docs(transaction, [article_id])
    article = document.unpack(doc.body)
    event = article_event("article.created", article_id, article.revision, article)
    return [replace(event, feed_id=feed_id)]
