"""A closed form through the corridor's answer to levers, so that governments can bargain over it.

The corridor is run at a grid of settings; through what it gives is drawn the convex, falling form of the bargaining
core, one for every window and draw. How far the form misses the corridor is kept and told.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np

from palanca.questions.bargaining.response import AXES, Response

EFFORTS = (0.0, 1.0, 2.0, 3.0, 4.0, 5.0)
ENDS = (0.0, 1.0)
RATES = np.concatenate([[0.0], np.geomspace(0.01, 3.0, 80)])  # per unit of effort, tried in turn
THOUSAND = 1_000.0


@dataclass(frozen=True, eq=False)
class Emulator:
    """A(e, r, p, o) = size [(1 - w) exp(-theta e) + w] exp(-rho r - pi p - omega o), by window and draw.

    Args:
        size: Arrivals with no lever set [thousand people / month], (window, draw).
        bypass_share: Share w that effort does not reach [share], (window, draw).
        rate: theta, rho, pi and omega by axis [1 / unit of setting], (axis, window, draw).
        miss: Root mean square of the misses over the mean of the grid [share], (window, draw).
    """

    size: np.ndarray
    bypass_share: np.ndarray
    rate: np.ndarray
    miss: np.ndarray

    def arrivals(
        self, effort: float | np.ndarray, returns: float = 0.0, parole: float = 0.0, own: float = 0.0
    ) -> np.ndarray:
        """Arrivals under a setting [thousand people / month], (window, draw)."""
        through = (1.0 - self.bypass_share) * np.exp(-self.rate[0] * effort) + self.bypass_share
        rest = self.rate[1] * returns + self.rate[2] * parole + self.rate[3] * own
        return self.size * through * np.exp(-rest)


def grid() -> list[dict[str, float]]:
    """Settings at which the corridor is run: every effort with the other axes off and on."""
    return [dict(zip(AXES, point, strict=True)) for point in product(EFFORTS, ENDS, ENDS, ENDS)]


def through(found: Response) -> Emulator:
    """Draw the closed form through the corridor's answers at `grid`.

    The rates of returns, parole and own limits are mean falls of the logarithm from off to on, at least 0; size,
    bypass and the rate of effort are least squares over the efforts, the rate by search over a fine list.

    Args:
        found: What `respond` gave at the points of `grid`.

    Reference:
        The flow block of the bargaining core, equation B1 of docs/model.md.
    """
    total = found.encounters.sum(axis=2) / THOUSAND
    windows, _, draws = total.shape
    cube = total.reshape(windows, len(EFFORTS), 2, 2, 2, draws)
    logs = np.log(np.maximum(cube, 1e-9))
    falls = [np.maximum((logs.take(0, axis) - logs.take(1, axis)).mean(axis=(1, 2, 3)), 0.0) for axis in (2, 3, 4)]
    on = np.stack(np.meshgrid(ENDS, ENDS, ENDS, indexing="ij"))
    eased = np.exp(
        sum(
            fall[:, None, None, None, None, :] * mark[None, None, ..., None]
            for fall, mark in zip(falls, on, strict=True)
        )
    )
    curve = (cube * eased).mean(axis=(2, 3, 4))
    size, bypass, rate = _through(curve)
    emulated = Emulator(size, bypass, np.stack([rate, *falls]), np.zeros_like(size))
    given = [emulated.arrivals(**point) for point in grid()]
    misses = np.stack(given, axis=1) - total
    return Emulator(size, bypass, emulated.rate, np.sqrt((misses**2).mean(axis=1)) / total.mean(axis=1))


def between(found: np.ndarray, setting: dict[str, np.ndarray]) -> np.ndarray:
    """What the corridor gave at the points about a setting, in proportion to how near each is, (draw).

    Args:
        found: A quantity at the points of `grid`, (point, draw).
        setting: Levers by axis, (draw); effort beyond the grid counts as its end, an axis left out as off.
    """
    draws = found.shape[-1]
    cube = found[: len(grid())].reshape(len(EFFORTS), 2, 2, 2, draws)
    effort = np.clip(setting.get(AXES[0], np.zeros(draws)), EFFORTS[0], EFFORTS[-1])
    left = np.clip(np.searchsorted(EFFORTS, effort, side="right") - 1, 0, len(EFFORTS) - 2)
    steps = np.array(EFFORTS)
    share = [(effort - steps[left]) / (steps[left + 1] - steps[left])]
    share += [setting.get(axis, np.zeros(draws)) for axis in AXES[1:]]
    total = np.zeros(draws)
    for corner in product((0, 1), repeat=len(AXES)):
        weight = np.prod([part if end else 1.0 - part for part, end in zip(share, corner, strict=True)], axis=0)
        total += weight * cube[left + corner[0], corner[1], corner[2], corner[3], np.arange(draws)]
    return total


def _through(curve: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Size, bypass share and rate of effort: a + b exp(-rate e) with neither below 0, best over the listed rates.

    Args:
        curve: Arrivals by effort [thousand people / month], (window, effort, draw).
    """
    effort = np.array(EFFORTS)
    best = np.full((curve.shape[0], curve.shape[2]), np.inf)
    held, fixed, rate = (np.zeros_like(best) for _ in range(3))
    mean = curve.mean(axis=1)
    for tried in RATES:
        shape = np.exp(-tried * effort)
        spread = shape - shape.mean()
        size_of = float(spread @ spread)
        b = np.einsum("e,wed->wd", spread, curve) / size_of if size_of > 0.0 else np.zeros_like(mean)
        b = np.maximum(b, 0.0)
        a = mean - b * shape.mean()
        b = np.where(a < 0.0, np.einsum("e,wed->wd", shape, curve) / float(shape @ shape), b)
        a = np.maximum(a, 0.0)
        miss = ((a[:, None] + b[:, None] * shape[None, :, None] - curve) ** 2).sum(axis=1)
        better = miss < best
        best = np.where(better, miss, best)
        held, fixed = np.where(better, b, held), np.where(better, a, fixed)
        rate = np.where(better, tried, rate)
    size = held + fixed
    return size, np.where(size > 0.0, fixed / np.where(size > 0.0, size, 1.0), 0.0), rate
