"""The only SQL: one module per table or noun, upper-case statements above what runs them."""

from service.db.session import Command, Db, Query, Session, Transaction, open_db

__all__ = ["Command", "Db", "Query", "Session", "Transaction", "open_db"]
