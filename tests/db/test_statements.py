"""Every statement of service.db against the migrated schema."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

import asyncpg
import pytest

import service.db
from service.db import Command, Query


def statements() -> Iterator[tuple[str, Query | Command]]:
    """Each Query and Command of the package, by the name of the module and its own."""
    for module in pkgutil.iter_modules(service.db.__path__, "service.db."):
        for name, value in vars(importlib.import_module(module.name)).items():
            if isinstance(value, Query | Command):
                yield f"{module.name}.{name}", value


STATEMENTS = dict(statements())


def test_there_are_statements():
    """The walk finds the package's statements."""
    assert len(STATEMENTS) > 20


@pytest.mark.parametrize("name", STATEMENTS)
async def test_columns_are_the_fields_of_the_row(database: asyncpg.Connection, name: str):
    """Each statement is valid, and returns just what its row Struct has fields for, in order."""
    statement = STATEMENTS[name]

    prepared = await database.prepare(statement.sql)

    columns = [attribute.name for attribute in prepared.get_attributes()]
    if isinstance(statement, Command):
        assert columns == []
    else:
        assert columns == list(statement.row.__struct_fields__)
