"""The learned judge of a page's lines. ``benchmarks/extraction/train.py`` writes its model."""

from __future__ import annotations

from pathlib import Path

from service.extract.body.features import NAMES
from service.extract.trees import Judge

JUDGE = Judge(Path(__file__).with_name("model.json"), NAMES)
THRESHOLD = JUDGE.threshold
is_likely = JUDGE.is_likely
probability = JUDGE.probability
