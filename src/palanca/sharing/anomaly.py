"""What a key does against its own intention: caps that raise others, and measures that work the wrong way round."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Bool, Float, Int

from palanca.sharing.keys import TOLERANCE, Key, key_shares, size, uncapped


@dataclass(frozen=True)
class Anomaly:
    """Where a key contradicts itself.

    Attributes:
        uncapped: Shares of the same key without caps [share].
        raised: Whether the caps, which only ever lower a share, left a country with more than it had without them.
        reversals: Pairs of countries, by measure, in which the one that the measure should spare takes more of it for
            its size than the other.
        backwards: Whether taking an inverse measure into account moves a country's share the wrong way: up although
            the measure is above its mean, or down although it is below.
    """

    uncapped: Float[np.ndarray, " country"]
    raised: Bool[np.ndarray, " country"]
    reversals: Int[np.ndarray, " measure"]
    backwards: Bool[np.ndarray, "country measure"]


def anomaly(key: Key, figures: Float[np.ndarray, "country measure"], countries: Sequence[str]) -> Anomaly:
    """Look for what a key does against its own intention.

    Args:
        key: The key.
        figures: As for `key_shares`.
        countries: Names, for messages.

    Raises:
        SharingError: As `key_shares` does.

    Reference:
        Grech 2017, European Union Politics 18(2): states with low unemployment may have a lower quota when it is taken
        into account. The mean is the one weighted by size.
    """
    found = key_shares(key, figures, countries)
    free = key_shares(uncapped(key), figures, countries).share
    inverse = [k for k, one in enumerate(key.components) if one.inverse and one.weight > 0.0]
    reversals = np.zeros(len(key.components), dtype=int)
    backwards = np.zeros(figures.shape, dtype=bool)
    raised = found.share > free + TOLERANCE
    if not any(one.weight > 0.0 and not one.inverse for one in key.components):
        return Anomaly(free, raised, reversals, backwards)  # a key without a measure of size says nothing for a size
    base = size(key, figures)
    for k in inverse:
        for_size = found.part[:, k] / np.where(base > 0.0, base, 1.0)
        spared = figures[:, k][:, None] > figures[:, k][None, :]
        reversals[k] = int((spared & (for_size[:, None] > for_size[None, :] + TOLERANCE)).sum())
        without = _without(key, k, figures, countries)
        above = figures[:, k] > base @ figures[:, k]
        moved = found.share - without
        backwards[:, k] = np.where(above, moved > TOLERANCE, moved < -TOLERANCE)
    return Anomaly(free, raised, reversals, backwards)


def _without(
    key: Key, place: int, figures: Float[np.ndarray, "country measure"], countries: Sequence[str]
) -> Float[np.ndarray, " country"]:
    """Shares of a key in which one measure counts for nothing."""
    kept = tuple(replace(one, weight=0.0) if k == place else one for k, one in enumerate(key.components))
    return key_shares(replace(key, components=kept), figures, countries).share
