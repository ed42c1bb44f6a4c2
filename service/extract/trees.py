"""Boosted trees as plain data, evaluated in plain Python: the small learned judges of lines.

Models are written by ``benchmarks/extraction``. A model names its features, so one that does not
fit the code is refused when its module is imported. A tree is a list of splits ``[feature,
threshold, if_at_most, if_more]``; a number below zero, or zero, points to leaf ``-n``. Its trees
become Python expressions, built from the numbers as syntax trees (no source text): that is four
times as fast as walking lists. Most lines are decided before the last trees are asked.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from itertools import pairwise
from math import exp, log
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

FIRST_TREES, NEXT_TREES = 24, 6
_LOAD = ast.Load()
_PLACE: dict[str, Any] = {"lineno": 1, "col_offset": 0}
"""Where in a source the parts of a tree would stand: to have ``ast`` fill it in takes longer than
to compile them."""
Split = tuple[int, float, int, int]


class Tree(msgspec.Struct, forbid_unknown_fields=True):
    """One tree: its splits, the first of which is the root, and the values of its leaves."""

    splits: list[Split]
    leaves: list[float]


class Model(msgspec.Struct, forbid_unknown_fields=True):
    """Trees over named features; a line is taken from probability ``threshold`` on."""

    features: list[str]
    threshold: float
    trees: list[Tree]


class _Part(NamedTuple):
    """Some of the trees: their sum for a line, and the bounds of what the trees after them add."""

    score: Callable[[list[float]], float]
    least: float
    most: float


class Judge:
    """A model that can be asked; ``names`` gives the order of the features it is asked with."""

    def __init__(self, path: Path, names: Sequence[str]) -> None:
        self._names = names
        self.take(msgspec.json.decode(path.read_bytes(), type=Model))

    def take(self, model: Model) -> None:
        """From now on ``model`` judges. Raises ``ValueError`` where it knows other features."""
        if unknown := set(model.features) - set(self._names):
            raise ValueError(f"a model knows other features, train it again: {sorted(unknown)}")
        self.threshold = model.threshold
        self._parts = _parts(model, [self._names.index(name) for name in model.features])

    def probability(self, features: list[float]) -> float:
        """How likely the line of these features is what the model was taught, 0 to 1."""
        score = sum(part.score(features) for part in self._parts)
        return 1.0 / (1.0 + exp(-max(-30.0, min(30.0, score))))

    def is_likely(self, features: list[float], enough: float) -> bool:
        """Whether it is, with a probability of ``enough``, between 0 and 1."""
        wanted, score = log(enough / (1.0 - enough)), 0.0
        for part in self._parts:
            score += part.score(features)
            if score + part.least >= wanted:
                return True
            if score + part.most < wanted:
                return False
        return score >= wanted


def _parts(model: Model, places: list[int]) -> list[_Part]:
    """The trees in groups; of 2,139 lines half are decided by the first, seven eighths before the
    last."""
    ends = [0, *range(FIRST_TREES, len(model.trees), NEXT_TREES), len(model.trees)]
    parts: list[_Part] = []
    for start, end in pairwise(ends):
        rest = model.trees[end:]
        least = sum(min(tree.leaves) for tree in rest)
        most = sum(max(tree.leaves) for tree in rest)
        parts.append(_Part(_expression(model.trees[start:end], places), least, most))
    return parts


def _expression(trees: list[Tree], places: list[int]) -> Callable[[list[float]], float]:
    """The sum of trees as one compiled expression over the features ``x``."""
    total: ast.expr = ast.Constant(0.0, **_PLACE)
    for tree in trees:
        total = ast.BinOp(total, ast.Add(), _branch(tree, places, 0), **_PLACE)
    arguments = ast.arguments(
        posonlyargs=[], args=[ast.arg("x", **_PLACE)], kwonlyargs=[], kw_defaults=[], defaults=[]
    )
    code = compile(ast.Expression(ast.Lambda(arguments, total, **_PLACE)), "a model", "eval")
    found: Callable[[list[float]], float] = eval(code)  # noqa: S307
    return found


def _branch(tree: Tree, places: list[int], at: int, *, leaf: bool = False) -> ast.expr:
    if leaf or not tree.splits:
        return ast.Constant(tree.leaves[at], **_PLACE)
    feature, threshold, low, high = tree.splits[at]
    place = ast.Constant(places[feature], **_PLACE)
    value = ast.Subscript(ast.Name("x", _LOAD, **_PLACE), place, _LOAD, **_PLACE)
    return ast.IfExp(
        ast.Compare(value, [ast.LtE()], [ast.Constant(threshold, **_PLACE)], **_PLACE),
        _branch(tree, places, abs(low), leaf=low <= 0),
        _branch(tree, places, abs(high), leaf=high <= 0),
        **_PLACE,
    )
