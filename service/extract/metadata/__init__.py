"""What a page says about itself: one field, one file, each an ordered row of readers."""

from __future__ import annotations

from service.extract.metadata.model import LanguageClaim, Metadata
from service.extract.metadata.reading import read_metadata

__all__ = ["LanguageClaim", "Metadata", "read_metadata"]
