"""Whether commits of this server survive a crash, as every 202 promises."""

from __future__ import annotations

from msgspec import Struct

from service.db.session import Query, Session


class Guarantees(Struct, frozen=True):
    """The settings that a commit's durability depends on."""

    fsync: str
    full_page_writes: str
    synchronous_commit: str


SHOW = Query(
    Guarantees,
    """
    select current_setting('fsync') as fsync,
      current_setting('full_page_writes') as full_page_writes,
      current_setting('synchronous_commit') as synchronous_commit
    """,
)


async def weaknesses(session: Session) -> list[str]:
    """Settings under which an accepted ingestion may be lost: ``["fsync=off"]``; [] is right."""
    shown = await session.only(SHOW)
    return [
        f"{name}={getattr(shown, name)}"
        for name in shown.__struct_fields__
        if getattr(shown, name) == "off"
    ]
