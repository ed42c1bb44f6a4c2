"""Marks times in JSON schemas as ``date-time``, by which generated clients know them.

msgspec leaves the format out where a type would also take a time without a zone; ours never write
one, and refuse those that they are given.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import inspect

Json = dict[str, Any]


def mark_components(types: list[Any], components: Json) -> None:
    """Every property of ``components`` that is a time in the Structs within ``types`` says so."""
    for struct in _structs(types):
        properties = components.get(struct.cls.__name__, {}).get("properties", {})
        for field in struct.fields:
            if field.encode_name in properties:
                mark(properties[field.encode_name], field.type)


def mark(schema: Json, kind: inspect.Type) -> None:
    """``schema`` says that it is a time, if ``kind`` is one, or may be."""
    if any(isinstance(part, inspect.DateTimeType) for part in (kind, *_inner(kind))):
        for choice in schema.get("anyOf", [schema]):
            if choice.get("type") == "string":
                choice.setdefault("format", "date-time")


def _structs(types: list[Any]) -> Iterator[inspect.StructType]:
    """Each Struct that ``types`` lead to, once."""
    waiting, seen = list(inspect.multi_type_info(types)), set[type]()
    while waiting:
        kind = waiting.pop()
        if not isinstance(kind, inspect.StructType):
            waiting += _inner(kind)
        elif kind.cls not in seen:
            seen.add(kind.cls)
            waiting += [field.type for field in kind.fields]
            yield kind


def _inner(kind: inspect.Type) -> tuple[inspect.Type, ...]:
    """The types that ``kind`` is made of."""
    match kind:
        case inspect.UnionType(types=types) | inspect.TupleType(item_types=types):
            return tuple(types)
        case inspect.Metadata(type=inner):
            return (inner,)
        case inspect.DictType(value_type=inner):
            return (inner,)
        case inspect.CollectionType(item_type=inner) | inspect.VarTupleType(item_type=inner):
            return (inner,)
        case _:
            return ()
