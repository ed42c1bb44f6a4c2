from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.pages.make import folders, outline


@pytest.mark.parametrize("folder", folders(), ids=lambda path: path.name)
def test_page_gives_what_was_agreed(folder: Path) -> None:
    """A page gives exactly the article that its folder holds; the folder's name says why."""
    expected = json.loads((folder / "expected.json").read_text())

    found = outline(folder)

    assert found == expected


def test_there_are_pages_to_test() -> None:
    """A wrong path must not make the golden pages vanish unseen."""
    assert len(folders()) >= 20
