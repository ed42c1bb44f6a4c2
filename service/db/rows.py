"""Rows of one column, which many statements return."""

from __future__ import annotations

from uuid import UUID

from msgspec import Struct


class RowId(Struct, frozen=True):
    """The id of a row that a statement found, made or changed."""

    id: UUID


class Count(Struct, frozen=True):
    """A number of rows."""

    count: int


class IsOurs(Struct, frozen=True):
    """Whether a lock was taken."""

    is_ours: bool
