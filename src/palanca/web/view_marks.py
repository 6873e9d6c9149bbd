"""Records that all drawings share: what a number rests on, a label of an axis, a dot."""

from __future__ import annotations

from palanca.spec.schema import Strict


class BasisMark(Strict):
    """What a number rests on: shape of its mark, its word, and a sentence on the share that is assumed."""

    mark: str
    word: str
    note: str = ""


class Tick(Strict):
    """A label of an axis, and where."""

    at: float
    text: str
    zero: bool = False


class Circle(Strict):
    """A dot."""

    x: float
    y: float
    r: float
