"""Bytes as they are kept."""

from __future__ import annotations

import gzip

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as some

from service.packed import pack, pack_tight, unpack

STREAMED = zstandard.ZstdCompressor(write_content_size=False)


@given(some.binary(max_size=5_000))
def test_what_is_packed_comes_back(content: bytes):
    """Any bytes, and none, are the same after packing."""
    assert unpack(pack(content), len(content)) == content
    assert unpack(pack_tight(content), len(content)) == content


@pytest.mark.parametrize("sent", [gzip.compress, zstandard.compress, STREAMED.compress])
@pytest.mark.parametrize("content", [b"", b"x", b"<p>caf\xe9</p>" * 9_000])
def test_what_callers_packed_is_read_as_it_is(sent, content: bytes):
    """Gzip and zstd of others are read, also zstd that does not state its size."""
    assert unpack(sent(content), len(content)) == content
