r"""Formulas as TeX: what a page draws with many small elements, or as a picture, is one text.

KaTeX and MathJax print a formula up to three times: for the eye, for screen readers and as its
source. Read as elements it parts its sentence, doubles or is lost. Each becomes a ``code`` element
that holds its source as ``$…$``; MathML without one becomes a text on one line: ``t = 9/2``.
"""

from __future__ import annotations

import re
from typing import Any

from turbohtml import Element, Text

FORMULAS_MAX = 2_000
CHARS_MAX = 4_000
DEPTH_MAX = 40
_DRAWN = 'script[type^="math/tex"]'
_PICTURES = 'img.latex[alt], img.tex[alt], img[class^="mwe-math"][alt], img[alt^="\\\\"]'
_READS_AS_TEX = re.compile(r"[\\^_=+<>]|^\S{1,9}$")
"""Of pictures: a shop may call one of its gloves ``latex``."""
_WRAPPERS = ("katex", "mathjax", "mwe-math", "mjx", "temml")
"""How the classes of what is drawn around a formula begin."""
_STYLE = re.compile(r"\\(?:display|text)style\b\s*(.*)|\{\\(?:display|text)style\b\s*(.*)\}")

_BETWEEN = {
    "mfrac": "/", "msup": "^", "msub": "_", "munder": "_", "mover": "^", "mtr": ", ",
    "mtable": "; ",
}  # fmt: skip
"""What stands between the parts of a formula on one line, by the element around them."""


def write_formulas(tree: Any) -> None:
    """Replaces the formulas of a page, at most 2,000 of a kind, by their sources."""
    for script in tree.select(_DRAWN)[:FORMULAS_MAX]:
        while (drawn := _drawn_before(script)) is not None:
            drawn.extract()
        _replace(script, script.text)
    for image in tree.select(_PICTURES)[:FORMULAS_MAX]:
        if _READS_AS_TEX.search(alt := image.attr("alt") or ""):
            _replace(image, alt)
    seen: set[Element] = set()
    for formula in tree.select("math")[:FORMULAS_MAX]:
        if formula not in seen and formula.parent is not None:
            whole = _wrapper(formula)
            seen.update(whole.select("math"))
            if tex := _source(formula):
                _replace(whole, tex)
            else:
                _set(whole, "span", _printed(formula, 0))


def _drawn_before(script: Element) -> Element | None:
    """What MathJax has drawn of the script right after it."""
    before = script.previous_sibling
    while isinstance(before, Text) and not before.data.strip():
        before = before.previous_sibling
    return before if isinstance(before, Element) and _is_wrapper(before) else None


def _is_wrapper(element: Any) -> bool:
    words = f"{element.tag} {element.attr('class') or ''}".lower().split()
    return any(word.startswith(_WRAPPERS) for word in words)


def _wrapper(formula: Element) -> Element:
    """The outermost element that is drawn for ``formula`` alone."""
    while isinstance(formula.parent, Element) and _is_wrapper(formula.parent):
        formula = formula.parent
    return formula


def _replace(element: Element, tex: str) -> None:
    tex = " ".join(tex.split())
    if styled := _STYLE.fullmatch(tex):
        tex = styled[1] or styled[2] or ""
    if 0 < len(tex) <= CHARS_MAX:
        _set(element, "code", f"${tex}$")


def _set(element: Element, tag: str, text: str) -> None:
    new = Element(tag)
    new.set_text(text)
    element.replace_with(new)


def _source(formula: Element) -> str:
    """The TeX that MathML carries with it; empty where it carries none."""
    for note in formula.select("annotation"):
        if "tex" in (note.attr("encoding") or ""):
            return note.text
    return formula.attr("alttext") or ""


def _printed(element: Element, depth: int) -> str:
    """MathML without a source on one line: ``x = (− b ± √(b^2 − 4 a c))/(2 a)``."""
    tag = element.tag
    if tag.startswith("annotation") or depth > DEPTH_MAX:
        return ""
    parts = [
        " ".join(child.data.split()) if isinstance(child, Text) else _printed(child, depth + 1)
        for child in element.children
        if isinstance(child, (Text, Element))
    ]
    between = _BETWEEN.get(tag, " ")
    said = between.join(_grouped(part, between) for part in parts if part)
    return f"√({said})" if tag == "msqrt" else said


def _grouped(part: str, between: str) -> str:
    """A part in brackets, where it is more than one sign beside a mark that binds."""
    return f"({part})" if between in {"/", "^", "_"} and not part.isalnum() else part
