"""JSON -> typed values, strictly; on failure every fault with its JSON Pointer, not the first.

The good path is one typed msgspec decode. Only when that fails is the body decoded again into
plain values and compared with the type field by field.
"""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, TypeVar

import msgspec

from service.errors import FieldError, InvalidRequest, named

ERRORS_MAX = 100
RAW_FIELDS = frozenset({"html", "text"})
"""Members of a page that are stored as bytes: a NUL in them is the parser's business."""
SEARCHED_BYTES_MAX = 4_096
"""A longer body is mostly such a member: to search it for an escaped NUL costs more than to decode
it (100 KB: 52 us and 37), so its other strings are asked instead."""

T = TypeVar("T")


@lru_cache(maxsize=256)
def _decoder(kind: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(kind)


def decode_json(body: bytes, kind: type[T]) -> T:
    """``body`` as ``kind``; raises ``InvalidRequest`` with all faults. NUL is refused here."""
    value = _decoded(body, kind)
    if len(body) > SEARCHED_BYTES_MAX or b"\\u0000" in body:
        refuse_nul(msgspec.to_builtins(value))
    return value


def split_json(body: bytes) -> list[msgspec.Raw]:
    """The members of the array that ``body`` is, each to be decoded on its own."""
    return _decoded(body, list[msgspec.Raw])


def _decoded(body: bytes, kind: type[T]) -> T:
    try:
        value: T = _decoder(typing.cast(Any, kind)).decode(body)
    except msgspec.ValidationError as error:
        raise _invalid(list(faults(_plain(body), kind, "")) or [_fault("", str(error))]) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _malformed(body, error) from error
    return value


def _plain(body: bytes) -> Any:
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _malformed(body, error) from error


def refuse_nul(value: Any) -> None:
    """Nothing, when no string or key of ``value`` holds U+0000, which Postgres cannot store."""
    found = [
        FieldError(pointer, "characters", "U+0000 is not allowed")
        for pointer, text in _strings(value)
        if "\0" in text
    ]
    refuse(found)


def refuse(found: list[FieldError]) -> None:
    """Nothing, when nothing is found; else raises ``InvalidRequest`` with all of it."""
    if found:
        raise _invalid(found)


def faults(value: Any, kind: Any, pointer: str) -> Iterator[FieldError]:
    """Everything in ``value`` that does not fit ``kind``: faults inside it, else its own."""
    found = list(_inner_faults(value, _bare(kind, value), pointer))
    yield from found or _own_fault(value, kind, pointer)


def _inner_faults(value: Any, kind: Any, pointer: str) -> Iterator[FieldError]:
    origin = typing.get_origin(kind)
    inner = typing.get_args(kind)
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct) and isinstance(value, dict):
        yield from _struct_faults(value, kind, pointer)
    elif origin in (list, tuple, set, frozenset) and isinstance(value, list) and inner:
        for index, item in enumerate(value):
            yield from faults(item, inner[0], f"{pointer}/{index}")
    elif origin is dict and isinstance(value, dict):
        for key, item in value.items():
            yield from faults(item, inner[1], f"{pointer}/{_escaped(key)}")


def _struct_faults(
    value: dict[str, Any], kind: type[msgspec.Struct], at: str
) -> Iterator[FieldError]:
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    if kind.__struct_config__.forbid_unknown_fields:
        tag = kind.__struct_config__.tag_field
        known = [tag, *fields] if tag else [*fields]
        for key in value:
            if key not in known:
                why = f"there is no such field; known are {', '.join(known)}"
                yield FieldError(f"{at}/{_escaped(key)}", "unknown", why)
    for name, field in fields.items():
        if name in value:
            yield from faults(value[name], field.type, f"{at}/{name}")
        elif field.required:
            yield FieldError(f"{at}/{name}", "missing", "this field is required")


def _own_fault(value: Any, kind: Any, pointer: str) -> Iterator[FieldError]:
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        yield _fault(pointer, str(error), choices(kind))


def choices(kind: Any) -> tuple[str, ...]:
    """The words that a value of ``kind`` may be: of its literals, or the tags of its Structs."""
    if typing.get_origin(kind) is typing.Literal:
        return tuple(map(str, typing.get_args(kind)))
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        tag = kind.__struct_config__.tag
        return (str(tag),) if tag else ()
    return tuple(choice for part in typing.get_args(kind) for choice in choices(part))


def _bare(kind: Any, value: Any) -> Any:
    """``kind`` without its bounds, and without ``None`` and ``UNSET`` where others are meant."""
    if typing.get_origin(kind) is typing.Annotated:
        return _bare(typing.get_args(kind)[0], value)
    if typing.get_origin(kind) not in (types.UnionType, typing.Union) or value is None:
        return kind
    rest = [k for k in typing.get_args(kind) if k not in (types.NoneType, msgspec.UnsetType)]
    if len(rest) == 1:
        return _bare(rest[0], value)
    return next((k for k in rest if isinstance(value, dict) and _is_meant(k, value)), kind)


def _is_meant(kind: Any, value: dict[str, Any]) -> bool:
    """Whether ``kind`` is the Struct of a union that the object ``value`` means to be, which its
    tag says; one without a tag is the only one of its union."""
    if not (isinstance(kind, type) and issubclass(kind, msgspec.Struct)):
        return False
    config = kind.__struct_config__
    return config.tag_field is None or value.get(config.tag_field) == config.tag


def _strings(value: Any) -> Iterator[tuple[str, str]]:
    """Keys and strings in ``value`` with their pointers, however deep; not the raw fields."""
    left = [("", value)]
    while left:
        pointer, value = left.pop()
        if isinstance(value, str):
            yield pointer, value
        elif isinstance(value, list):
            left += ((f"{pointer}/{index}", item) for index, item in enumerate(value))
        elif isinstance(value, dict):
            for key, item in value.items():
                yield pointer, key
                if pointer or key not in RAW_FIELDS:
                    left.append((f"{pointer}/{_escaped(key)}", item))


def _escaped(key: str) -> str:
    """RFC 6901, 3: ``~`` is ``~0`` and ``/`` is ``~1``."""
    return key.replace("~", "~0").replace("/", "~1")


_STEPS = re.compile(r"\.(\w+)|\[(\d+)\]")
_MISSING = re.compile(r"missing required field `(\w+)`")
_CODES = (
    ("missing required", "missing"), ("unknown field", "unknown"), ("of length", "length"),
    ("matching regex", "pattern"), ("Invalid enum value", "enum"), ("Invalid value", "enum"),
    (" >= ", "range"), (" <= ", "range"), (" > ", "range"), (" < ", "range"), ("Expected", "type"),
)  # fmt: skip


def _fault(pointer: str, message: str, choices: tuple[str, ...] = ()) -> FieldError:
    text, _, path = message.partition(" - at `$")
    code = next((code for sign, code in _CODES if sign in text), "invalid")
    steps = [name or index for name, index in _STEPS.findall(path)]
    if missing := _MISSING.search(text):
        steps, text = [*steps, missing[1]], "this field is required"
    elif code == "enum" and choices:
        text = f"one of {', '.join(choices)}"
    return FieldError("/".join((pointer, *steps)), code, text)


def _invalid(found: list[FieldError]) -> InvalidRequest:
    shown = tuple(found[:ERRORS_MAX])
    return InvalidRequest(f"the request does not fit the schema: {named(shown)}", errors=shown)


def _malformed(body: bytes, error: Exception) -> InvalidRequest:
    if isinstance(error, RecursionError):
        why = "the JSON is nested too deeply"
    elif isinstance(error, UnicodeDecodeError):
        why = "the JSON is not UTF-8"
    elif not body:
        why = "the body is empty"
    else:
        why = str(error)
    return InvalidRequest(f"{why}: send one JSON document", errors=(FieldError("", "json", why),))
