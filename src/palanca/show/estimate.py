"""An estimate over draws: its middle, its interval, and how much of the interval was put in by judgement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from scipy.special import chdtri

from palanca.show import number

LEVEL = 0.9
ENDS = (0.05, 0.5, 0.95)
FEWEST = 20  # draws below which an interval of 90 % is not claimed
CANDIDATES = 4  # assumed inputs that one estimate may name
DEGREE = 3  # of the curve along which an outcome may follow an input
CHANCE = 0.01  # that any of so many inputs without effect is taken in
FEW = "Only {draws} draws: the brackets are their lowest and highest, not an interval. Take 20 or more with --draws."
MOSTLY, PARTLY = 0.5, 0.2  # shares of the width from which an estimate counts as assumed, or as in between


class Basis(StrEnum):
    """What a number rests on."""

    published = "published"
    learned = "learned"
    between = "in between"
    assumed = "assumed"
    sign_assumed = "sign assumed"


@dataclass(frozen=True, eq=False)
class Inputs:
    """Inputs of a run that no figure narrowed: judgements, with the spread that was declared for them.

    Args:
        names: What each is called.
        values: Their numbers, (input, draw).
    """

    names: tuple[str, ...]
    values: np.ndarray


@dataclass(frozen=True)
class Estimate:
    """A number over draws.

    Args:
        estimate: Median.
        low: Lower end of the interval; the lowest draw where there are too few for an interval.
        high: Upper end, likewise.
        unit: Unit of all three.
        level: Share of draws in the interval; nothing where there are too few draws to say.
        basis: What it rests on.
        assumed_share: Share of the interval's width that assumed inputs make [share]; nothing where not measured.
        assumed_by: Those inputs, the one that makes most first.
    """

    estimate: float
    low: float
    high: float
    unit: str = ""
    level: float | None = LEVEL
    basis: Basis = Basis.learned
    assumed_share: float | None = None
    assumed_by: tuple[str, ...] = ()

    @property
    def clear(self) -> bool:
        """Whether the interval excludes zero; too few draws tell nothing."""
        return self.level is not None and (self.low > 0.0 or self.high < 0.0)

    def __str__(self) -> str:
        """As a table cell: `27,100 [15,500, 45,500]`."""
        middle, ends = number.with_interval(self.estimate, self.low, self.high)
        return middle if self.low == self.high or np.isnan(self.estimate) else f"{middle} {ends}"


def of(
    draws: np.ndarray | Sequence[float], unit: str = "", *, basis: Basis = Basis.learned, level: float = LEVEL
) -> Estimate:
    """Summarise draws of one number; draws that hold no number are left out.

    Args:
        draws: (draw).
        unit: Their unit.
        basis: What they rest on, if `rests` is not asked.
        level: Share of draws in the interval.
    """
    known = np.asarray(draws, dtype=float)
    known = known[np.isfinite(known)]
    if not known.size:
        return Estimate(np.nan, np.nan, np.nan, unit, None, basis)
    if known.size < FEWEST:
        return Estimate(float(np.median(known)), float(known.min()), float(known.max()), unit, None, basis)
    ends = ENDS if level == LEVEL else ((1.0 - level) / 2.0, 0.5, (1.0 + level) / 2.0)
    low, middle, high = (float(value) for value in np.quantile(known, ends))
    return Estimate(middle, low, high, unit, level, basis)


def published(value: float, unit: str = "") -> Estimate:
    """A figure as its publisher gives it: no interval."""
    return Estimate(value, value, value, unit, None, Basis.published)


def tenths(draws: np.ndarray) -> list[float]:
    """Ten numbers that stand for a tenth of the draws each: their 5, 15, ... 95 % quantiles, the lowest first."""
    return [float(value) for value in np.quantile(draws, np.arange(0.05, 1.0, 0.1))]


def bands(values: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Lower end, median and upper end over the last axis, that of draws; its extremes where draws are few.

    Draws that hold no number are left out; where none does, all three are none.
    """
    ends = (0.0, 0.5, 1.0) if values.shape[-1] < FEWEST else ENDS
    if np.isfinite(values).all():
        low, middle, high = np.quantile(values, ends, axis=-1)
        return low, middle, high
    rows = np.where(np.isfinite(values), values, np.nan).reshape(-1, values.shape[-1])
    found = np.full((3, len(rows)), np.nan)
    some = np.isfinite(rows).any(axis=-1)
    found[:, some] = np.nanquantile(rows[some], ends, axis=-1)
    low, middle, high = found.reshape(3, *values.shape[:-1])
    return low, middle, high


def rests(
    draws: np.ndarray,
    inputs: Inputs,
    unit: str = "",
    *,
    sign_assumed: bool = False,
    least: Basis = Basis.learned,
    level: float = LEVEL,
) -> Estimate:
    """Summarise draws, and say how much of their interval assumed inputs make.

    Inputs are taken in one by one, each the one that explains most of what is left along a cubic, as long as it
    explains more than the best of as many inputs without any effect would. The share of the width is one less the
    width that is left when what they explain is taken out.

    Args:
        draws: (draw).
        inputs: Assumed inputs of the same draws.
        unit: Unit of the draws.
        sign_assumed: Whether a prior that keeps to one side of zero decides the sign.
        least: A weaker basis that holds whatever the share, where the question knows of one.
        level: Share of draws in the interval that is told; the share assumed is of that of 90 %.

    Returns:
        The estimate with its basis: assumed from half of the width on, in between from a fifth on.
    """
    values = np.asarray(draws, dtype=float)
    known = np.isfinite(values)  # draws that hold no number are left out
    plain = of(values, unit, level=level)
    share, names = assumed_width(values[known], Inputs(inputs.names, inputs.values[:, known]))
    if share is None:
        found = least
    else:
        by_share = Basis.assumed if share >= MOSTLY else Basis.between if share >= PARTLY else Basis.learned
        found = max(by_share, least, key=list(Basis).index)
    return replace(plain, basis=Basis.sign_assumed if sign_assumed else found, assumed_share=share, assumed_by=names)


def assumed_width(draws: np.ndarray, inputs: Inputs) -> tuple[float | None, tuple[str, ...]]:
    """Share of the width of an interval that assumed inputs make, and which; nothing where draws are too few."""
    count = draws.size
    if count < 2 * FEWEST or not np.isfinite(draws).all():
        return None, ()
    left = draws - draws.mean()
    if not len(inputs.names) or float(np.abs(left).max()) == 0.0:
        return 0.0, ()
    curves = _curves(inputs.values)
    chosen: list[int] = []
    needed = float(chdtri(DEGREE, CHANCE / len(inputs.names))) / count  # chi-squared, a degree a power
    while len(chosen) < CANDIDATES:
        explained = ((curves @ left) ** 2).sum(axis=1) / (left @ left)  # a curve is three terms at right angles
        best = int(np.argmax(explained))
        if best in chosen or explained[best] < needed:
            break
        chosen.append(best)
        table = np.concatenate([np.ones((1, count)), *(curves[place] for place in chosen)]).T
        left = draws - table @ np.linalg.lstsq(table, draws, rcond=None)[0]
    whole, kept = (float(np.ptp(np.quantile(part, (ENDS[0], ENDS[2])))) for part in (draws, left))
    share = max(0.0, 1.0 - kept / whole) if whole else 0.0
    return share, tuple(inputs.names[place] for place in chosen)


def _curves(values: np.ndarray) -> np.ndarray:
    """Powers of each input's standard score at right angles and of length one, (input, power, draw)."""
    spread = values.std(axis=1, keepdims=True)
    scores = (values - values.mean(axis=1, keepdims=True)) / np.where(spread > 0.0, spread, 1.0)
    made: list[np.ndarray] = []
    for power in range(1, DEGREE + 1):
        term = scores**power
        term = term - term.mean(axis=1, keepdims=True)
        for earlier in made:
            term = term - (term * earlier).sum(axis=1, keepdims=True) * earlier
        size = np.sqrt((term**2).sum(axis=1, keepdims=True))
        made.append(np.where(size > 1e-9, term / np.where(size > 1e-9, size, 1.0), 0.0))
    return np.stack(made, axis=1)
