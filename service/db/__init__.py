"""The only SQL: one module per table or noun, upper-case statements above what runs them."""

from asyncpg.pgproto import pgproto

from service.db.session import Command, Db, Query, Session, Transaction, open_db

__all__ = ["Command", "Db", "Id", "Query", "Session", "Transaction", "open_db"]

Id = pgproto.UUID
"""The driver's own UUID, a subclass of Python's: parsed in an eighth of its time."""
