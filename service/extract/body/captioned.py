"""Captions that pages print as a paragraph of the story, right below a picture."""

from __future__ import annotations

from service.article import Figure, LeadImage
from service.extract.body.lines import Line
from service.extract.media import Media
from service.extract.media.captions import Split, split_caption

CAPTION_CHARS_MAX = 300
CAPTION = "caption"


def take_captions(lines: list[Line], reasons: list[str], media: Media) -> None:
    """Gives pictures without words the kept paragraph right below that says who took them.

    Of 5 such paragraphs the gold had one in the story, a caption all the same (corpus of autumn
    2026). Without a name or an agency a short paragraph is as likely a sentence of the story.
    """
    for at in range(1, len(lines)):
        shown = media.blocks.get(lines[at - 1].index) if lines[at - 1].kind == "media" else None
        if not isinstance(shown, Figure) or reasons[at] or reasons[at - 1] or shown.caption:
            continue
        if split := _caption_of(lines[at]):
            _complete(shown, split)
            lead = media.lead_image
            if lead and shown.image and lead.src == shown.image.src and not lead.caption:
                _complete(lead, split)
            reasons[at] = CAPTION


def _caption_of(line: Line) -> Split | None:
    if line.kind != "text" or line.chars > CAPTION_CHARS_MAX or line.quote or line.item:
        return None
    split = split_caption(line.text)
    credit = split.credit
    is_made_by = credit and (credit.photographer or credit.agency)
    return split if split.caption and is_made_by else None


def _complete(shown: Figure | LeadImage, split: Split) -> None:
    shown.caption = split.caption
    shown.credit = split.credit or shown.credit
    shown.copyright_notice = split.copyright_notice or shown.copyright_notice
