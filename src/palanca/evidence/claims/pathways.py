"""Returns accepted against lawful places opened, one for one: four worlds of 2023-24, and what the record shows.

The deal of January 2023: Mexico takes back up to 30,000 people a month of four nationalities, and the United States
opens up to 30,000 places a month to them. Each half is left out in turn, and both.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from palanca.core.clock import Month
from palanca.data.read import read
from palanca.evidence.claims.found import Word, word
from palanca.evidence.claims.linked_tone import correlation
from palanca.evidence.claims.twins import World, twins
from palanca.infer.history import PreparedCase
from palanca.infer.posterior import AbstractDraws
from palanca.model import cells
from palanca.questions.bargaining import batched
from palanca.questions.bargaining.prepared import PreparedBargain
from palanca.spec.edit import Change

FIRST = Month.parse("2023-01")
COVERED = ("CUB", "HTI", "NIC", "VEN")
QUOTA = 30_000.0  # people a month, of each half
RETURNS = ("acceptance_venezuela.strength", "acceptance_chn.strength", "chnv_returns.strength")
PLACES = ("chnv_parole.slots",)
WORLDS = ("both", "returns only", "places only", "neither")
OUTCOMES = ("encounters", "held", "deaths", "admitted")
ONE, LEAST = 1.0, 1e-3  # a person; a share of returns: what a search leaves undecided is smaller


@dataclass(frozen=True, eq=False)
class Core:
    """The two halves in the packages that the bargaining core picks.

    Args:
        months: Months of the deals.
        returns: Share of those sent back whom the transit country takes (month, draw) [share].
        places: Places opened (month, draw) [people / month].
        apart: Returns with no places on the table (month, draw) [share].
    """

    months: tuple[Month, ...]
    returns: Float[np.ndarray, "month draw"]
    places: Float[np.ndarray, "month draw"]
    apart: Float[np.ndarray, "month draw"]

    @property
    def over_draws(self) -> float:
        """Correlation of the two over draws, mean over months in which both vary; no number where there is none."""
        found = [_together(r, p) for r, p in zip(self.returns, self.places, strict=True)]
        known = [one for one in found if np.isfinite(one)]
        return float(np.mean(known)) if known else float("nan")

    @property
    def at_most(self) -> float:
        """Share of deals in which all places are opened that there can be [share]."""
        known = self.places[np.isfinite(self.places)]
        return float(np.mean(known >= QUOTA - ONE)) if known.size else float("nan")

    @property
    def together(self) -> Float[np.ndarray, " draw"]:
        """Returns that places on the table add to the deal, mean over months (draw) [share]."""
        return np.asarray(np.nanmean(self.returns - self.apart, axis=0))

    @property
    def word(self) -> Word:
        """Whether places on the table add returns to the deal, a thousandth of those sent back at least."""
        return word(float(np.mean(self.together > LEAST)))


@dataclass(frozen=True, eq=False)
class PathwayRecord:
    """What figures say of the two halves.

    Args:
        months: Months.
        places_used: People who came by parole (month) [people / month].
        encountered: Encounters of the four nationalities (month) [events / month].
        expelled: Expulsions of the four nationalities while the order was in force, no figure after (month).
    """

    months: tuple[Month, ...]
    places_used: Float[np.ndarray, " month"]
    encountered: Float[np.ndarray, " month"]
    expelled: Float[np.ndarray, " month"]

    @property
    def ratio(self) -> float:
        """Expulsions over places used, in the months that tell both; one would be one for one."""
        both = np.isfinite(self.expelled)
        return float(self.expelled[both].sum() / self.places_used[both].sum()) if both.any() else float("nan")

    @property
    def binding(self) -> tuple[Month, ...]:
        """Months in which more were encountered than the quota of returns."""
        return tuple(month for month, count in zip(self.months, self.encountered, strict=True) if count > QUOTA)


@dataclass(frozen=True, eq=False)
class Pathways:
    """What is found of the one-to-one clause.

    Args:
        months: Months of the worlds.
        worlds: Means over months by world of `WORLDS` and outcome of `OUTCOMES`, (world, outcome, draw): encounters of
            the four nationalities [events / month], people on hold [people], deaths on the way [deaths / month] and
            people who came by a place, as figures count
            them, or by appointment [people / month], these of all nationalities.
        core: What the bargaining core picks; nothing without a table.
        record: What figures show.
    """

    months: tuple[Month, ...]
    worlds: Float[np.ndarray, "world outcome draw"]
    core: Core | None
    record: PathwayRecord

    def effect(self, world: str, outcome: str) -> Float[np.ndarray, " draw"]:
        """An outcome in a world less that with neither half (draw)."""
        at = OUTCOMES.index(outcome)
        return np.asarray(self.worlds[WORLDS.index(world), at] - self.worlds[WORLDS.index("neither"), at])

    def interaction(self, outcome: str) -> Float[np.ndarray, " draw"]:
        """Effect of both halves less the sum of the effects of each alone (draw)."""
        return interaction(*(self.worlds[k, OUTCOMES.index(outcome)] for k in range(len(WORLDS))))


def interaction(both: np.ndarray, one: np.ndarray, other: np.ndarray, neither: np.ndarray) -> np.ndarray:
    """What two measures do together beyond the sum of what each does alone; zero where effects add."""
    return np.asarray((both - neither) - (one - neither) - (other - neither))


def pathways(
    setting: PreparedCase,
    posterior: AbstractDraws,
    table: PreparedBargain | None = None,
    *,
    draws: int = 64,
    key: int = 1,
) -> Pathways:
    """Run the four worlds, and look at the deals of the core and at the record.

    Args:
        setting: From `history.prepare`.
        posterior: Fitted parameters.
        table: The bargaining table made ready for months from January 2023 on; without one the core is left out.
        draws: How many draws of the worlds.
        key: Same key, same draws.

    Raises:
        ChangeError: The case has no such levers.
    """
    off = {name: [Change(f"levers.{lever}", 0.0, FIRST) for lever in levers] for name, levers in _halves().items()}
    found = twins(
        setting, posterior, [off["places"], off["returns"], off["returns"] + off["places"]], draws=draws, key=key
    )
    span = setting.case.span.span
    begin = span.position(FIRST)
    told = np.isfinite(record(tuple(span.first + i for i in range(begin, len(span)))).places_used)
    known = len(told) if told.all() else int(np.argmin(told))  # months until the first of which nobody says who came
    late = slice(begin, begin + known)
    codes = cells.codes(setting.case)
    covered = [codes.index(code) for code in COVERED]
    months = tuple(FIRST + i for i in range(known))
    used = record(months)
    places = [used.places_used, np.zeros(len(months)), used.places_used, np.zeros(len(months))]
    worlds = np.stack([_means(world, late, covered, some) for world, some in zip(found, places, strict=True)])
    return Pathways(months, worlds, None if table is None else core(table), used)


def core(table: PreparedBargain) -> Core:
    """Returns and places in the Nash packages of the table's months from 2023 on, and returns without places."""
    months = tuple(one.month for one in table.contexts if one.month is not None and one.month >= FIRST)
    names = list(table.declared.issues)
    levers = [issue.lever for issue in table.declared.issues.values()]
    returns, places = levers.index("returns"), levers.index("parole")
    rows = []
    for month in months:
        talks, free = table.at(month), table.free(month)
        whole = np.asarray(batched.each(talks, free).package)
        shut = free & (np.arange(len(names)) != places)
        rows.append(
            (whole[:, returns], whole[:, places] * QUOTA, np.asarray(batched.each(talks, shut).package)[:, returns])
        )
    got = np.array(rows).transpose(1, 0, 2)
    return Core(months, *got)


def record(months: tuple[Month, ...]) -> PathwayRecord:
    """Places used, encounters and expulsions of the four nationalities in the packaged figures."""
    labels = [str(month) for month in months]
    paroles = read("chnv_paroles_by_origin").sum("origin").to_series()
    met = read("usbp_by_origin").sel(origin=list(COVERED)).sum("origin").to_series()
    followed = read("follow_by_origin")
    expelled = followed.sel(origin11=["CUB", "CHN", "VEN"], outcome="t42_expulsions").sum("origin11", min_count=1)
    sent = expelled.to_series()
    return PathwayRecord(
        months,
        *(np.array([_at(one, label) for label in labels]) for one in (paroles, met, sent)),
    )


def _at(series: object, label: str) -> float:
    found = [float(v) for m, v in series.items() if str(m)[:7] == label]  # type: ignore[attr-defined]
    return found[0] if found else float("nan")


def _halves() -> dict[str, tuple[str, ...]]:
    return {"returns": RETURNS, "places": PLACES}


def _means(world: World, late: slice, covered: list[int], places: np.ndarray) -> np.ndarray:
    met = world["encounters"][late][:, covered].sum(axis=(1, 2))
    admitted = world["appointments"][late].sum(axis=1) + places[:, None]
    parts = (met, world["held"][late].sum(axis=1), world["deaths"][late].sum(axis=1), admitted)
    return np.stack([part.mean(axis=0) for part in parts])


def _together(returns: np.ndarray, places: np.ndarray) -> float:
    """Correlation over draws; no number where either hardly varies."""
    good = np.isfinite(returns) & np.isfinite(places)
    if not good.any() or np.ptp(returns[good]) < LEAST or np.ptp(places[good]) < ONE:
        return float("nan")
    return float(correlation(returns[good], places[good]))
