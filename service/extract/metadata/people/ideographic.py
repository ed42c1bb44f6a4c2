"""Bylines in Chinese, Japanese and Korean, which set labels and names beside each other without the
marks of other scripts: ``本报记者 李明 编辑 王红``."""

from __future__ import annotations

import re

from service.extract.metadata.people.words import BUTTONS, BY_LABELS, OTHERS

_FIRST = "\u2e80"
_IDEOGRAPHS = "\u4e00-\u9fff"
_LABELS = "|".join(
    re.escape(label)
    for label in sorted(BY_LABELS | OTHERS, key=len, reverse=True)
    if label and label[0] >= _FIRST and label[-1].isalpha()
)
_LABEL_INSIDE = re.compile(
    rf"(?<=[^\s|])[\s　]+(?=(?:{_LABELS})[\s　]*[：:／/|丨・＝]|(?:{_LABELS})[\s　])"
)
_BUTTON = re.compile(
    rf"[\s　]+(?:{'|'.join(re.escape(word) for word in BUTTONS if word[-1] >= _FIRST)})$"
)
_REPORTER = re.compile(
    rf"(?:^|(?<=[\s|（(]))[{_IDEOGRAPHS}]{{0,6}}(记者|記者|特派员|特派員|通讯员|通訊員)[\s　]*"
    rf"(?=[{_IDEOGRAPHS}]{{2,4}}(?:[\s　、，,|／/（(]|$))"
)
"""A reporter of somewhere, the name right behind or after a blank: ``新华社记者才扬``."""
_REPORTS = re.compile(
    r"[\s　／/]*(?:[^\s　／/|]{0,6}(?:報導|报导|报道|報道))(?=[\s　|)）]|$)"
    r"|[\s　]+(?:整理|整合|综合|采写|撰文|摄影报道)$"
)
"""``／台北報導``: from where it is told."""
_NAME = re.compile(f"[{_IDEOGRAPHS}]{{2,4}}")
_BETWEEN = re.compile(r"[\s　]+|[和及与與]")
_TITLED = (
    re.compile(
        rf"(?:\S{{1,8}}[部社局班網网報报][\s　]+)?([{_IDEOGRAPHS}ぁ-ヿ]{{2,6}})"
        r"(記者|特派員|論説委員|編集委員)"
    ),
    re.compile(r"([\uac00-\ud7a3]{2,4})\s+(\S{0,6}(?:기자|특파원|논설위원))"),
    re.compile(
        rf"([{_IDEOGRAPHS}]{{2,4}}(?<![部社局班網网報报聞]))[\s　]+([{_IDEOGRAPHS}]{{5,30}})"
    ),
)
"""A name and what follows it: ``経済部 山田太郎記者``, ``홍길동 기자``, ``王文 某某大学教授``."""


def parted(text: str) -> str:
    """``text`` with a bar before each label, and a mark behind that of a reporter."""
    if not text or max(text) < _FIRST:
        return text
    text = _LABEL_INSIDE.sub(" | ", _REPORTS.sub(" ", _BUTTON.sub("", text)))
    return _REPORTER.sub(r"| \1：", text).strip(" |")


def titled(piece: str) -> tuple[str, str] | None:
    """A name and the post or place of work behind it."""
    if not piece or max(piece) < _FIRST:
        return None
    found = next(filter(None, (pattern.fullmatch(piece) for pattern in _TITLED)), None)
    return (found[1], found[2]) if found else None


def parted_names(piece: str) -> list[str]:
    """The names that blanks or *and* part behind a Chinese label: ``李明 王红``, ``李明和王红``."""
    names = _BETWEEN.split(piece)
    return names if all(map(_NAME.fullmatch, names)) else [piece]
