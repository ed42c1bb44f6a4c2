"""Golden pages: a folder per page with ``source.html`` and the ``expected.json`` agreed on.

    python -m tests.pages.make --file page.html --url https://... --slug what-it-shows    a new one
    python -m tests.pages.make --again SLUG      (or --again all)    write what is found now

Read the difference before you commit it: it is what changes for users.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import msgspec

from service.extract import Page, extract

PAGES = Path(__file__).parent
FIELDS = (
    "kicker", "headline", "standfirst", "byline", "authors", "published", "section", "lead_image",
    "body", "related", "page_kind", "direction",
)  # fmt: skip


def folders() -> list[Path]:
    """The folders of pages that are HTML, in order of their names."""
    return sorted(path.parent for path in PAGES.glob("*/source.html"))


def outline(folder: Path) -> dict[str, Any]:
    """What the page's article says, without ids and without what is empty."""
    address = folder / "url.txt"
    url = address.read_text().strip() if address.exists() else None
    article = extract(Page(content=(folder / "source.html").read_bytes(), url=url))
    built = msgspec.to_builtins(article)
    return {name: value for name in FIELDS if (value := _bare(built[name]))}


def _bare(value: Any) -> Any:
    if isinstance(value, dict):
        bare = {key: _bare(inner) for key, inner in value.items() if key != "id"}
        return {key: inner for key, inner in bare.items() if inner not in (None, [], {}, "")}
    return [_bare(inner) for inner in value] if isinstance(value, list | tuple) else value


def write(folder: Path) -> None:
    """Writes ``expected.json`` anew."""
    text = json.dumps(outline(folder), ensure_ascii=False, indent=1)
    (folder / "expected.json").write_text(text + "\n")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--file", type=Path)
    options.add_argument("--url", default="")
    options.add_argument("--slug")
    options.add_argument("--again", help="a slug, or all")
    given = options.parse_args()
    if given.slug and given.file:
        folder = PAGES / given.slug
        folder.mkdir()
        (folder / "source.html").write_bytes(given.file.read_bytes())
        (folder / "url.txt").write_text(given.url + "\n")
        write(folder)
    for folder in folders():
        if given.again in {"all", folder.name}:
            write(folder)


if __name__ == "__main__":
    main()
