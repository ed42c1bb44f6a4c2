"""Statements that the tables of a client's own things share: endpoint, feed, source.

Each has ``id``, ``client_id`` and ``deleted_at``; what is another client's is as good as missing.
Those with ``secrets`` (sealed, newest first) rotate them in the same way.
"""

from __future__ import annotations

from typing import TypeVar

from service.db.session import Command, Query

Row = TypeVar("Row")


def finding(row: type[Row], table: str, columns: str) -> Query[Row]:
    """The row with id $1, when it is of the client $2."""
    return Query(
        row,
        f"select {columns} from {table} where id = $1 and client_id = $2 and deleted_at is null",
    )


def listing(row: type[Row], table: str, columns: str, condition: str = "true") -> Query[Row]:
    """The rows of the client $1 after the id $2, $3 at most, in the order of their making."""
    return Query(
        row,
        f"""
        select {columns} from {table}
        where client_id = $1 and deleted_at is null and ($2::uuid is null or id > $2)
          and {condition}
        order by id limit $3
        """,
    )


def rotation(row: type[Row], table: str, columns: str, secrets_max: int) -> Query[Row]:
    """$3 is the newest secret of the row $1 of the client $2; older ones end in $4 seconds."""
    return Query(
        row,
        f"""
        update {table} set secrets = ($3::bytea || secrets)[1:{secrets_max}],
          secret_expires_at = now() + make_interval(secs => $4), updated_at = now()
        where id = $1 and client_id = $2 and deleted_at is null
        returning {columns}
        """,
    )


def retirement(table: str) -> Command:
    """Secrets whose overlap has ended are gone."""
    return Command(
        f"""
        update {table} set secrets = secrets[1:1], secret_expires_at = null
        where secret_expires_at < now()
        """
    )
