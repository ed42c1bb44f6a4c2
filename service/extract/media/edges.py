"""What stands at the ends of a caption and is no part of it."""

from __future__ import annotations

import re

from service.extract.media.credits import is_label
from service.extract.media.rights import CLOSING

_CALLED = re.compile(
    r"(?:media playback is (?:un|not )supported on (?:your|this) device\s*)?"
    r"(?:image|photo|picture|media) caption(?:[:,]\s*|\s+|(?-i:(?=[A-Z])))"
    r"|\+? ?clicca per ingrandire\s*|\[\+\] ?enlarge\s*|enlarge (?:this )?image\s*"
    r"|press enter or click to view image in full size\s*"
    r"|(?:click|tap) (?:on (?:the )?image )?to (?:enlarge|zoom)\s*",
    re.IGNORECASE,
)
"""What a caption is called to those who hear the page, and what enlarges its picture."""
_FILE_NAME = re.compile(r"(?:^|\s)(?=\S*\d)(?!\S*://)(?=\S{16})[^\s/_]+(?:[_/][^\s/_]+){2,}$")
EDGES = " \t\n|–—•·,;/-、＝"


def tidy(text: str) -> str:
    """A caption without its name, a file's name, and the marks and labels left at its ends."""
    text = _FILE_NAME.sub("", _without_name(" ".join(text.split()).strip(EDGES))).rstrip(EDGES)
    while text[-1:] in CLOSING and text:
        text = text[:-1].rstrip(EDGES)
    words = text.rsplit(" ", 1)
    return text[: -len(words[-1])].rstrip(EDGES) if _is_dangling(words[-1]) else text


def _without_name(text: str) -> str:
    called = _CALLED.match(text)
    return text[called.end() :] if called else text


def _is_dangling(word: str) -> bool:
    is_open = word.endswith((":", "：", "=", "…", "..."))
    return (is_open and is_label(word.rstrip(":：=…."))) or word == "fot."
