"""What pages print around their articles: labels and stock phrases, as data, one file a language.

``labels`` of a language file are whole lines (``"Share"``), line openings (``"Share on*"``), line
endings (``"*in your inbox"``), openings with a given rest (``"Sign up*for our*"``) or words that a
colon may follow (``"Related:"`` is also ``"Related"``). A ``*`` that stands alone is a number.
``phrases`` are the stock sentences of pages that are no articles, found anywhere in a text.
All languages are searched at once, because pages mix them.
"""

from __future__ import annotations

from service.extract.vocabulary.lexicon import KINDS, LINE_CHARS_MAX, kind_of, phrases, phrases_in
from service.extract.vocabulary.words import normal, words

__all__ = ["KINDS", "LINE_CHARS_MAX", "kind_of", "normal", "phrases", "phrases_in", "words"]
