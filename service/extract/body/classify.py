"""A small learned judge of lines: boosted trees as plain data, evaluated in plain Python.

``model.json`` is written by ``benchmarks/extraction/train.py``. It names its features, so a model
that does not fit this code is refused when the module is imported. A tree is a list of splits
``[feature, threshold, if_at_most, if_more]``; a number below zero, or zero, points to leaf ``-n``.
Its trees become Python expressions, built from the numbers as syntax trees (no source text): that
is four times as fast as walking lists. Most lines are decided before the last trees are asked.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from itertools import pairwise
from math import exp, log
from pathlib import Path
from typing import NamedTuple

import msgspec

from service.extract.body.features import NAMES

FIRST_TREES, NEXT_TREES = 24, 6
Split = tuple[int, float, int, int]


class Tree(msgspec.Struct, forbid_unknown_fields=True):
    """One tree: its splits, the first of which is the root, and the values of its leaves."""

    splits: list[Split]
    leaves: list[float]


class Model(msgspec.Struct, forbid_unknown_fields=True):
    """Trees over named features; a line is kept from probability ``threshold`` on."""

    features: list[str]
    threshold: float
    trees: list[Tree]


def _load() -> Model:
    path = Path(__file__).with_name("model.json")
    model = msgspec.json.decode(path.read_bytes(), type=Model)
    if unknown := set(model.features) - set(NAMES):
        raise ValueError(f"model.json knows other features, train it again: {sorted(unknown)}")
    return model


class _Part(NamedTuple):
    """Some of the trees: their sum for a line, and the bounds of what the trees after them add."""

    score: Callable[[list[float]], float]
    least: float
    most: float


def _parts(model: Model) -> list[_Part]:
    """The trees in groups; of 2,139 lines half are decided by the first, seven eighths before the
    last."""
    ends = [0, *range(FIRST_TREES, len(model.trees), NEXT_TREES), len(model.trees)]
    parts: list[_Part] = []
    for start, end in pairwise(ends):
        rest = model.trees[end:]
        least = sum(min(tree.leaves) for tree in rest)
        most = sum(max(tree.leaves) for tree in rest)
        parts.append(_Part(_expression(model, model.trees[start:end]), least, most))
    return parts


def _expression(model: Model, trees: list[Tree]) -> Callable[[list[float]], float]:
    """The sum of trees as one compiled expression over the features ``x``."""
    total: ast.expr = ast.Constant(0.0)
    for tree in trees:
        total = ast.BinOp(total, ast.Add(), _branch(model, tree, 0 if tree.splits else -0))
    arguments = ast.arguments(
        posonlyargs=[], args=[ast.arg("x")], kwonlyargs=[], kw_defaults=[], defaults=[]
    )
    tree_code = ast.fix_missing_locations(ast.Expression(ast.Lambda(arguments, total)))
    found: Callable[[list[float]], float] = eval(compile(tree_code, "model.json", "eval"))  # noqa: S307
    return found


def _branch(model: Model, tree: Tree, at: int, *, leaf: bool = False) -> ast.expr:
    if leaf or not tree.splits:
        return ast.Constant(tree.leaves[at])
    feature, threshold, low, high = tree.splits[at]
    value = ast.Subscript(
        ast.Name("x", ast.Load()),
        ast.Constant(NAMES.index(model.features[feature])),
        ast.Load(),
    )
    return ast.IfExp(
        ast.Compare(value, [ast.LtE()], [ast.Constant(threshold)]),
        _branch(model, tree, abs(low), leaf=low <= 0),
        _branch(model, tree, abs(high), leaf=high <= 0),
    )


MODEL = _load()
THRESHOLD = MODEL.threshold
_PARTS = _parts(MODEL)


def probability(features: list[float]) -> float:
    """How likely the line of these features belongs to the story, 0 to 1."""
    score = sum(part.score(features) for part in _PARTS)
    return 1.0 / (1.0 + exp(-max(-30.0, min(30.0, score))))


def is_likely(features: list[float], enough: float) -> bool:
    """Whether the line belongs to the story with a probability of ``enough``, between 0 and 1."""
    wanted, score = log(enough / (1.0 - enough)), 0.0
    for part in _PARTS:
        score += part.score(features)
        if score + part.least >= wanted:
            return True
        if score + part.most < wanted:
            return False
    return score >= wanted
