"""The byline of a printed line: its names and labels without dates, counts and buttons."""

from __future__ import annotations

import re
from itertools import accumulate

from service.extract.metadata.dates import plain, spans
from service.extract.metadata.people.bylines import FIELD
from service.extract.metadata.people.words import BUTTONS
from service.extract.metadata.titles import key

TEXT_CHARS_MAX = 400
_EDGES = " \t|•·⋅∙●;,–—―-/:<>…"
_COUNT = re.compile(
    r"[~≈]?\b\d{1,3}\s?[-–]?\s?(?:min(?:ut\w*|s)?\.?)(?:[\s-](?:of )?(?:read(?:ing)?(?: time)?"
    r"|de lect\w+|lesezeit|lesedauer|leestijd|di lettura|de leitura))?(?!\w)"
    r"|\b\d[\d.,]{0,8}\s(?:comments?|kommentare?|commentaires?|coment[aá]rios?|reacties|views"
    r"|shares?|комментари\w+)\b|\[[a-z_]{3,30}\]"
    r"|(?<![\d:.])[012]?\d[:h.][0-5]\d(?![\d:.])(?:\s?uhr|\s?[ap]\.?m\b\.?)?",
    re.IGNORECASE,
)
_BUTTON = re.compile(
    r"(?<!\w)(?:" + "|".join(map(re.escape, sorted(BUTTONS, key=len, reverse=True))) + r")(?!\w)",
    re.IGNORECASE,
)
_AGE = re.compile(
    r"(?<!\w)(?:published |updated )?\d{1,3}\+? ?"
    r"(?:sec(?:ond)?s?|min(?:ute)?s?|h(?:ou)?rs?|days?|weeks?|months?|years?) ago(?!\w)"
    r"|(?<!\w)(?:vor|il y a|hace|há|för) \d{1,3} [^\W\d_]{1,8}(?: sedan)?(?!\w)"
    r"|(?<!\w)\d{1,3} [^\W\d_]{1,8} "
    r"(?:fa|geleden|siden|sitten|temu|назад|тому|önce|prije|zpět)(?!\w)"
    r"|\d{1,3} ?(?:秒|分|時間|小时|小時|日|天|분|시간|일) ?(?:前|전)",
    re.IGNORECASE,
)
"""How long ago a page was published when it was served."""
_CONTACT = re.compile(
    r"\S+@\S+\.\w+|(?<!\w)@\w{2,30}|(?:\+\d[\d ]{1,3})?\(\d{2,4}\) ?\d{3}[ -]\d{4}"
)
_SPACED = re.compile(r"\s+(?=[,;:.!?)\]、，])")


def byline_text(text: str, names: list[str], language: str) -> str:
    """The parts of ``text`` that name the authors, verbatim; all of it if it prints nothing else.

    ``"Par Alice Roux Publié le 12/03/2026 - 7:45 UTC+1"`` gives ``"Par Alice Roux"``.
    """
    text = _SPACED.sub("", " ".join(text[:TEXT_CHARS_MAX].split()))
    bare = plain(text)
    text = text if len(bare) == len(text) else bare
    cuts = [*spans(text, language), *(m.span() for m in _COUNT.finditer(text))]
    cuts += [m.span() for pattern in (_AGE, _CONTACT) for m in pattern.finditer(text)]
    cuts += _buttons(text, names)
    if ":" in text and (field := FIELD.search(text)):
        cuts.append((field.start(), len(text)))
    if not cuts:
        return text
    ends = [0, *accumulate((end for _, end in sorted(cuts)), max)]
    starts = [*(start for start, _ in sorted(cuts)), len(text)]
    parts = [text[a:b].strip(_EDGES) for a, b in zip(ends, starts, strict=True) if b > a]
    wanted = [key(name) for name in names]
    kept = [part for part in parts if any(name in key(part) for name in wanted)]
    return " ".join(kept) or text


def _buttons(text: str, names: list[str]) -> list[tuple[int, int]]:
    """The spans of the words of buttons; not where a person is called so."""
    named = {word for name in names for word in key(name).split()}
    return [m.span() for m in _BUTTON.finditer(text) if key(m.group()) not in named]
