"""Rows and their columns: what many statements return, and the columns of a row Struct."""

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


def columns_of(row: type[Struct], table: str = "") -> str:
    """The fields of ``row`` as columns: ``columns_of(Count, "x.")`` is ``x.count``."""
    return ", ".join(table + name for name in row.__struct_fields__)
