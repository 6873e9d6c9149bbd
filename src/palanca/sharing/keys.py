"""Distribution keys: what share of the people in need each country takes, by weighted, capped measures of ability.

A key adds up shares of population, income and the like. A measure that counts against a country, such as
unemployment, enters by its inverse, and may be capped; what the caps leave over is spread again, so that shares
always sum to 1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
from jaxtyping import Bool, Float

from palanca.core.errors import SharingError
from palanca.core.wording import listed, nearest

MEASURES: Mapping[str, str] = MappingProxyType(
    {
        "population": "inhabitants",
        "gdp": "gross domestic product",
        "unemployment": "rate of unemployment",
        "applications": "asylum applications per million inhabitants, yearly mean of five years",
        "hosted": "people in need of protection hosted per million inhabitants",
        "offer": "what the country itself offers to take",
    }
)
INVERSE = ("unemployment", "applications", "hosted")  # more of it, and the share is smaller
TOLERANCE = 1e-9  # shares that differ by less are the same


@dataclass(frozen=True)
class Component:
    """One measure of a key.

    Attributes:
        measure: Name in `MEASURES`.
        weight: Its weight [share of the key], 0 or more.
        cap: Most that its share may be, as a multiple of the sum of the country's shares of the measures that are not
            inverse; none if nothing.
    """

    measure: str
    weight: float
    cap: float | None = None

    @property
    def inverse(self) -> bool:
        """Whether more of it means a smaller share."""
        return self.measure in INVERSE


@dataclass(frozen=True)
class Key:
    """A distribution key.

    Attributes:
        name: How it is asked for.
        label: How it is shown.
        components: Its measures; their weights are taken relative to their sum.
        corrects: Whether inverse measures correct the share of size up or down, in place of being added as shares.
        source: Where it is laid down; empty for a key of one's own.
    """

    name: str
    label: str
    components: tuple[Component, ...]
    corrects: bool = False
    source: str = ""

    def check(self) -> None:
        """Refuse a key by which nothing can be divided.

        Raises:
            SharingError: Names the measure and the weight.
        """
        where = f"key {self.name}"
        for one in self.components:
            if one.measure not in MEASURES:
                hint = nearest(one.measure, MEASURES)
                raise SharingError(
                    "unknown measure",
                    where=where,
                    found=repr(one.measure),
                    expected=f"one of {listed(MEASURES, 10)}",
                    way_out=f"Did you mean {hint!r}?" if hint else "",
                )
            if not (np.isfinite(one.weight) and one.weight >= 0.0):
                raise SharingError(
                    "a negative weight",
                    where=where,
                    found=f"{one.measure} {one.weight:g}",
                    expected="0 or more",
                    way_out="A measure that counts against a country enters by its inverse, with a weight above 0.",
                )
            if one.cap is not None and not (np.isfinite(one.cap) and one.cap >= 0.0):
                raise SharingError(
                    "a cap below 0", where=where, found=f"{one.measure} {one.cap:g}", expected="0 or more"
                )
        if len({one.measure for one in self.components}) < len(self.components):
            raise SharingError("a measure stands twice", where=where, found=listed(self.measures, 10))
        self._check_weights(where)

    def _check_weights(self, where: str) -> None:
        if not sum(one.weight for one in self.components) > 0.0:
            raise SharingError(
                "the weights sum to 0",
                where=where,
                found=listed(f"{one.measure} 0" for one in self.components) or "none",
                expected="one weight above 0 at least",
            )
        size = sum(one.weight for one in self.components if not one.inverse)
        if not size > 0.0 and (self.corrects or any(one.cap is not None for one in self.components)):
            raise SharingError(
                "nothing says how large a country is",
                where=where,
                found=listed(self.measures),
                expected=f"a weight on one of {listed(name for name in MEASURES if name not in INVERSE)}",
                way_out="Caps and corrections are in proportion to a country's size.",
            )

    @property
    def measures(self) -> tuple[str, ...]:
        """Names of its measures, in order."""
        return tuple(one.measure for one in self.components)


@dataclass(frozen=True)
class KeyShares:
    """What a key gives.

    Attributes:
        share: Share of each country [share]; they sum to 1.
        part: What each measure adds to it before anything is spread again [share].
        capped: Where a cap (or, in a key that corrects, the floor at 0) holds a country's share of a measure.
        remainder: What the caps left over, spread again by size [share]; below 0 where the floor of a key that
            corrects made shares sum above 1, so that they were scaled down.
    """

    share: Float[np.ndarray, " country"]
    part: Float[np.ndarray, "country measure"]
    capped: Bool[np.ndarray, "country measure"]
    remainder: float


_EU = (Component("population", 0.4), Component("gdp", 0.4))
KEYS: Mapping[str, Key] = MappingProxyType(
    {
        key.name: key
        for key in (
            Key(
                "eu2015",
                "EU 2015",
                (*_EU, Component("applications", 0.1, 0.3), Component("unemployment", 0.1, 0.3)),
                source="European Commission, COM(2015) 450, annex: distribution key",
            ),
            Key(
                "repaired",
                "EU 2015 repaired",
                (*_EU, Component("applications", 0.1), Component("unemployment", 0.1)),
                corrects=True,
                source="after Grech 2017, European Union Politics 18(2)",
            ),
            Key(
                "ammr2024",
                "EU 2024",
                (Component("population", 0.5), Component("gdp", 0.5)),
                source="Regulation (EU) 2024/1351, article 66: reference key",
            ),
            Key("population", "population alone", (Component("population", 1.0),)),
            Key("gdp", "income alone", (Component("gdp", 1.0),)),
        )
    }
)


def custom(weights: Mapping[str, float], caps: Mapping[str, float] | None = None) -> Key:
    """A key of one's own.

    Args:
        weights: Weight by measure [any; only their proportions matter].
        caps: Caps by measure, as of `Component`.

    Raises:
        SharingError: A measure is unknown, a weight negative, or all are 0.
    """
    limits = dict(caps or {})
    stray = [name for name in limits if name not in weights]
    if stray:
        raise SharingError("a cap without a weight", where="key own", found=listed(stray), expected=listed(weights, 10))
    key = Key("own", "own weights", tuple(Component(name, value, limits.get(name)) for name, value in weights.items()))
    key.check()
    return key


def named(name: str) -> Key:
    """A shipped key by its name.

    Raises:
        SharingError: There is none; names the nearest.
    """
    if name in KEYS:
        return KEYS[name]
    hint = nearest(name, KEYS)
    raise SharingError(
        "no such key",
        found=repr(name),
        expected=f"one of {listed(KEYS, 10)}",
        way_out=f"Did you mean {hint!r}?" if hint else "",
    )


def key_shares(key: Key, figures: Float[np.ndarray, "country measure"], countries: Sequence[str]) -> KeyShares:
    """What share each country takes.

    Args:
        key: The key.
        figures: Figures of each country in the order of the key's measures [each in its own unit], above 0.
        countries: Their names, for messages.

    Raises:
        SharingError: The key is faulty; or a country has no figure, or none above 0, for a measure.

    Reference:
        COM(2015) 450, annex: share = sum_k w_k min(f_k, cap_k (f_1 + f_2)), where f are shares of the measure or of
        its inverse; what is left goes by size. A key that corrects: share = size (1 + sum_k v_k (1 - x_k / mean x_k)),
        v the weight of a measure to that of size, means weighted by size, so that it sums to 1 by itself; equation
        S1 of docs/model.md.
    """
    key.check()
    _check_figures(key, figures, countries)
    weighted = np.array([one.weight > 0.0 for one in key.components])
    told = np.where(weighted, figures, 1.0)  # what has no weight need not be known
    return _corrected(key, told) if key.corrects else _added(key, told)


def size(key: Key, figures: Float[np.ndarray, "country measure"]) -> Float[np.ndarray, " country"]:
    """Share of each country by the measures that are not inverse alone, at their weights [share]."""
    kept = [k for k, one in enumerate(key.components) if not one.inverse]
    weight = np.array([key.components[k].weight for k in kept])
    values = figures[:, kept]
    found: Float[np.ndarray, " country"] = (values / values.sum(axis=0)) @ (weight / weight.sum())
    return found


def uncapped(key: Key) -> Key:
    """The same key without its caps."""
    return replace(key, components=tuple(replace(one, cap=None) for one in key.components))


def _added(key: Key, figures: Float[np.ndarray, "country measure"]) -> KeyShares:
    """Shares of each measure, added up."""
    weight = np.array([one.weight for one in key.components])
    inverse = np.array([one.inverse for one in key.components])
    amounts = np.where(inverse, 1.0 / np.where(inverse, figures, 1.0), figures)
    each = amounts / amounts.sum(axis=0)
    direct = each[:, ~inverse & (weight > 0.0)].sum(axis=1)
    limit = np.array([np.inf if one.cap is None else one.cap for one in key.components])
    ceiling = np.where(np.isfinite(limit), np.where(np.isfinite(limit), limit, 0.0) * direct[:, None], np.inf)
    part = weight / weight.sum() * np.minimum(each, ceiling)
    left = 1.0 - float(part.sum())
    spread = size(key, figures) if left > TOLERANCE else np.zeros(len(figures))
    share = part.sum(axis=1) + left * spread
    return KeyShares(share / share.sum(), part, each > ceiling, left if left > TOLERANCE else 0.0)


def _corrected(key: Key, figures: Float[np.ndarray, "country measure"]) -> KeyShares:
    """Share of size, corrected up where a measure is below its mean and down where it is above."""
    base = size(key, figures)
    inverse = np.array([one.inverse for one in key.components])
    weight = np.array([one.weight for one in key.components])
    weight = weight / weight[~inverse].sum()  # to that of size, so that no measure's effect hangs on another's weight
    mean = base @ figures
    part = base[:, None] * weight * np.where(inverse, 1.0 - figures / np.where(mean > 0.0, mean, 1.0), 1.0)
    whole = part.sum(axis=1)
    share = np.maximum(whole, 0.0)
    held = (whole < 0.0)[:, None] & inverse & (part < 0.0)
    return KeyShares(share / share.sum(), part, held, 1.0 - float(share.sum()) if held.any() else 0.0)


def _check_figures(key: Key, figures: Float[np.ndarray, "country measure"], countries: Sequence[str]) -> None:
    if np.shape(figures) != (len(countries), len(key.components)):
        raise SharingError(
            "figures do not fit the key",
            where=f"key {key.name}",
            found=str(np.shape(figures)),
            expected=f"{len(countries)} countries by {len(key.components)} measures",
        )
    used = np.array([one.weight > 0.0 for one in key.components])
    without = ~np.isfinite(figures) & used
    if without.any():
        faults = [f"{countries[c]} ({key.measures[k]})" for c, k in zip(*np.nonzero(without), strict=True)]
        raise SharingError(
            "no figure",
            where=f"key {key.name}",
            found=listed(faults, 20),
            expected="a figure for every measure",
            way_out="Leave these countries out, or take a key without the measure; nothing is filled in.",
        )
    inverse = np.array([one.inverse for one in key.components])
    bad = used & np.where(inverse, figures <= 0.0, figures < 0.0)
    if bad.any():
        faults = [f"{countries[c]} ({key.measures[k]})" for c, k in zip(*np.nonzero(bad), strict=True)]
        raise SharingError(
            "a figure that cannot be shared by",
            where=f"key {key.name}",
            found=listed(faults, 20),
            expected="above 0 where more means a smaller share, 0 or more elsewhere",
        )
    empty = [key.measures[k] for k in np.nonzero(used & (np.where(used, figures, 1.0).sum(axis=0) <= 0.0))[0]]
    if empty:
        raise SharingError("every country has 0", where=f"key {key.name}", found=listed(empty), expected="one above 0")
