"""What was found about a government's leverage, and the numbers that sentences, tables and charts share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from palanca.questions.leverage.month import Payoffs, Sharing
from palanca.questions.leverage.run import RECORDED, STOPPED, Withdrawals
from palanca.questions.leverage.scope import Scope
from palanca.show import estimate, number
from palanca.show.estimate import Basis, Estimate, Inputs

EVENTS = "events / month"
DIGITS = 1e-9  # a difference smaller than this share of a number is treated as zero


@dataclass(frozen=True, eq=False)
class Worth:
    """Leverage at the bargaining table, by month and draw, in its unit of payoff.

    Args:
        unit: Unit of payoffs.
        title: Title of the table.
        parties: Names of parties, in the order of the table.
        holder: Place of the party whose leverage it is.
        depends: Place of the party that dislikes arrivals.
        sensitivity: What the other side would lose at once, (month, draw).
        vulnerability: The same after it has used its own means within the law, (month, draw).
        salience: Weight of an arrival in politics, (month, draw) [1 at the usual].
        effort: Declared enforcement, (month) [multiples of routine control].
        payoffs: All of it for one month; nothing for several.
        sharing: Of which issues gains are made, if asked for.
        inputs: Assumed inputs of the same draws, beliefs of the table among them.
    """

    unit: str
    title: str
    parties: tuple[str, ...]
    holder: int
    depends: int
    sensitivity: np.ndarray
    vulnerability: np.ndarray
    salience: np.ndarray
    effort: np.ndarray
    payoffs: Payoffs | None
    sharing: Sharing | None
    inputs: Inputs


@dataclass(frozen=True, eq=False)
class LeverageResults:
    """All that an answer on leverage is told from.

    Args:
        scope: Whose leverage, from which months, for how long.
        found: Who would have come in each world.
        country: Name of the government that stops.
        names: Names of origins by code.
        levers: Its levers by what they are, with the months in which the record sets them.
        inputs: Assumed inputs of the same draws.
        worth: Leverage in payoffs, where the case has a bargaining table at which this government holds people back.
        source: Publishers of what was counted.
        least: The weakest basis of each outcome in the case: assumed where no series tells of it.
    """

    scope: Scope
    found: Withdrawals
    country: str
    names: dict[str, str]
    levers: tuple[tuple[str, str], ...]
    inputs: Inputs
    worth: Worth | None
    source: str = ""
    least: Mapping[str, Basis] = field(default_factory=dict)

    @property
    def draws(self) -> int:
        """How many draws."""
        return int(self.found.held.shape[-1])

    @property
    def moves(self) -> bool:
        """Whether anybody's encounters differ in any draw once the government stops."""
        at = self.found.worlds.index(STOPPED)
        then = self.found.encounters[:, 0]
        return bool(np.any(np.abs(self.found.encounters[:, at] - then) > DIGITS * np.abs(then)))

    @property
    def at(self) -> int:
        """Place of the month that sentences tell: the one from which most would come."""
        return int(np.argmax(np.median(self.found.more("encounters", STOPPED, self.scope.lead), axis=-1)))

    @property
    def window(self) -> str:
        """The months of the window that sentences tell, in words."""
        first = self.found.months[self.at]
        return number.span_name(str(first), str(first + (self.scope.lead - 1)))

    def recorded(self, outcome: str, length: int) -> np.ndarray:
        """An outcome as recorded, (month, draw)."""
        values = getattr(self.found, outcome)
        whole = values.sum(axis=3) if outcome == "encounters" else values
        return np.asarray(whole[:, self.found.worlds.index(RECORDED), self.found.lengths.index(length)])

    def more(self, outcome: str, world: str, length: int, at: int | None = None) -> Estimate:
        """What a world adds to an outcome in one window, with its basis; by default in the window told."""
        units = {"encounters": EVENTS, "deaths": "deaths / month", "held": "people"}
        place = self.at if at is None else at
        least, more = self.least.get(outcome, Basis.learned), self.found.more(outcome, world, length)
        return estimate.rests(more[place], self.inputs, units[outcome], least=least)

    def kept(self, world: str, length: int) -> np.ndarray:
        """Share of what stopping brings that comes in another world too, (draw) [share]; none where it brings none."""
        whole, part = (self.found.more("encounters", one, length)[self.at] for one in (STOPPED, world))
        return np.where(whole > 0.0, part / np.where(whole > 0.0, whole, 1.0), np.nan)


def chance(true: np.ndarray, values: np.ndarray) -> float:
    """Share of the draws that hold a number for which something is true."""
    known = np.isfinite(values)
    return float(true[known].mean()) if known.any() else float("nan")


def better(payoffs: Payoffs) -> tuple[float, list[float]]:
    """Chance that political issues leave every party better off, and each, over draws that hold a number."""
    known = payoffs.conversion[np.isfinite(payoffs.conversion).all(axis=1)]
    if not known.size:
        return float("nan"), [float("nan")] * payoffs.conversion.shape[1]
    gains = known > 0.0
    return float(gains.all(axis=1).mean()), [float(share) for share in gains.mean(axis=0)]


def months(length: int) -> str:
    """A length in words: `1 month`, `3 months`."""
    return f"{length} month{'s' if length > 1 else ''}"


def the(party: str) -> str:
    """A country's name within a sentence."""
    return f"the {party}" if party.startswith(("United ", "European ")) else party
