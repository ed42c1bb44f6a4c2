"""What the extractor is given: one page in memory, and how it was had."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct, field


class Page(Struct, kw_only=True):
    """One page as fetched or as sent by a caller.

    ``url`` is the address after redirects, ``charset`` the one that HTTP declared. Header names
    are lower-case. ``fetched`` is false where a caller sent the content itself. ``rule`` is the
    text of the site's rule (see ``extract.rules``), ``rule_name`` what it is called.
    """

    content: bytes | str
    url: str | None = None
    requested_url: str | None = None
    kind: Literal["html", "text"] = "html"
    charset: str | None = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    fetched: bool = False
    rule: str = ""
    rule_name: str = ""
