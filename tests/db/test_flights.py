"""Callers that wait are served by a run, whenever they come."""

from __future__ import annotations

import asyncio

from service.db.flights import Flights


class Desk:
    """Callers that wait, and how many each run took."""

    def __init__(self, most: int) -> None:
        self.waiting: list[asyncio.Future[None]] = []
        self.taken: list[int] = []
        self.open = asyncio.Event()
        self.flights = Flights(most, self.fly)

    def call(self) -> asyncio.Future[None]:
        """One more caller."""
        self.waiting.append(asyncio.get_running_loop().create_future())
        self.flights.call()
        return self.waiting[-1]

    async def fly(self) -> None:
        """Serves all who wait, until nobody does; a run ends in the turn that ``open`` is set."""
        while self.waiting:
            together, self.waiting = self.waiting, []
            self.taken.append(len(together))
            await self.open.wait()
            for one in together:
                one.set_result(None)


async def turns(count: int = 4) -> None:
    """The loop has gone round."""
    for _ in range(count):
        await asyncio.sleep(0)


async def test_who_comes_in_the_turn_of_the_last_run_is_served() -> None:
    """All runs have just ended, and none of their tasks has said so yet: the next caller begins a
    run, and does not wait for the one after."""
    desk = Desk(most=2)
    late: list[asyncio.Future[None]] = []

    async def come() -> None:
        await desk.open.wait()
        late.append(desk.call())

    first = desk.call()
    await turns()
    second = desk.call()
    await turns()
    coming = asyncio.create_task(come())
    await turns()
    desk.open.set()
    await asyncio.gather(first, second, coming)

    await asyncio.wait_for(late[0], 5)
    assert desk.taken == [1, 1, 1]


async def test_no_more_runs_than_stated_and_nobody_is_left() -> None:
    """Those of one turn go together, and a run takes all who came while it ran."""
    desk = Desk(most=2)

    early = [desk.call() for _ in range(5)]
    await turns()
    later = [desk.call()]
    await turns()
    later += [desk.call() for _ in range(7)]
    await turns()
    desk.open.set()
    await asyncio.gather(*early, *later)

    assert desk.taken == [5, 1, 7]
