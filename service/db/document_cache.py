"""Documents that are kept in memory, up to a bound: as good as the tag that Postgres states now."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct, field

from service.db.articles import Current

AROUND_BYTES = 6_000
"""What a document takes beside its bytes: objects, and what is made of it for callers."""


class CachedDocument(Struct, frozen=True):
    """A document as it was stated last: ``body`` is gzip of the JSON, ``etag`` of the JSON.

    ``forms`` holds what callers make of it, to be made once: at most the inflated JSON and small
    things, for which there is room in the bound.
    """

    id: UUID
    etag: str
    body: bytes
    updated_at: datetime
    forms: dict[Any, Any] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Bytes in memory at most: as gzip, as JSON (gzip ends with that length) and around."""
        return len(self.body) + int.from_bytes(self.body[-4:], "little") + AROUND_BYTES


class DocumentCache:
    """Documents by id, up to ``bytes_max``; those that were not asked for longest go first."""

    def __init__(self, bytes_max: int) -> None:
        self._left = bytes_max
        self._docs: dict[UUID, CachedDocument] = {}

    def among(self, ids: Iterable[UUID]) -> dict[str, CachedDocument]:
        """Those of ``ids`` that are kept, by their tags."""
        found = (self._docs.get(id) for id in ids)
        return {doc.etag: doc for doc in found if doc is not None}

    def renew(self, row: Current, known: CachedDocument | None) -> CachedDocument:
        """The document that ``row`` states, from now on the last to go; ``known`` has its tag."""
        doc = known
        if doc is None or doc.id != row.id or doc.updated_at != row.updated_at:
            body = known.body if known is not None else row.body
            assert body is not None  # noqa: S101  # it is left out only where the tag is known
            doc = CachedDocument(row.id, row.etag, body, row.updated_at)
        self._keep(doc)
        return doc

    def _keep(self, doc: CachedDocument) -> None:
        before = self._docs.pop(doc.id, None)
        self._docs[doc.id] = doc
        if before is doc:
            return
        self._left += (before.size if before else 0) - doc.size
        while self._left < 0:
            oldest = next(iter(self._docs))
            self._left += self._docs.pop(oldest).size
