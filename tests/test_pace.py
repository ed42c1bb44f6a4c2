"""Long work in the loop."""

from __future__ import annotations

import asyncio
import threading

import pytest

from service import pace


async def _turns_of_others(items: int) -> list[str]:
    """What happened, in order, while ``items`` were worked on and somebody else wanted turns."""
    seen: list[str] = []

    async def other() -> None:
        while True:
            seen.append("other")
            await asyncio.sleep(0)

    task = asyncio.create_task(other())
    await asyncio.sleep(0)
    seen.clear()
    async for item in pace.paced(range(items)):
        seen.append(str(item))
    task.cancel()
    return seen


async def test_others_have_turns_when_work_took_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """After each item that used up the time, in the order of the items."""
    monkeypatch.setattr(pace, "STRETCH_S", -1.0)

    assert await _turns_of_others(3) == ["0", "other", "1", "other", "2", "other"]


async def test_short_work_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody else is asked while the time lasts."""
    monkeypatch.setattr(pace, "STRETCH_S", 60.0)

    assert await _turns_of_others(3) == ["0", "1", "2"]


@pytest.mark.parametrize(("size", "is_here"), [(pace.LARGE_BYTES, True), (10**6, False)])
async def test_large_work_is_done_in_a_thread(size: int, is_here: bool) -> None:
    """Only large work, since a thread costs more than small work."""
    where = await pace.offloaded(size, threading.get_ident)

    assert (where == threading.get_ident()) == is_here
