"""A deal with the table it was struck at: names of parties, bounds of issues, and what its numbers rest on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from palanca.questions.bargaining import procedure
from palanca.questions.bargaining.deal import MEAN, Deal, Pick
from palanca.questions.bargaining.prepared import PreparedBargain
from palanca.questions.bargaining.silos import Silos
from palanca.questions.corridor import Corridor
from palanca.show import estimate
from palanca.show.estimate import Basis, Estimate, Inputs

THOUSAND = 1000.0
PEOPLE, DEATHS, SHARE, PAYOFF = "people / month", "deaths / month", "share of draws", "payoff"
KNOWN = ("figures", "literature")  # bases of a payoff that is no judgement
ARTICLE = ("United", "European")  # beginnings of names that take an article in a sentence
NOTHING = 1e-6  # amounts below it are where a search stopped


@dataclass(frozen=True, eq=False)
class Struck:
    """What the talks of a month end in.

    Args:
        table: The prepared bargain.
        deal: What it ends in.
        silos: Two ways to divide the issues, if asked for.
        inputs: Assumed inputs of the same draws: those of the table and of the corridor.
    """

    table: PreparedBargain
    deal: Deal
    silos: Silos | None
    inputs: Inputs

    @property
    def by(self) -> str:
        """How the deal comes about, as tables name it."""
        return self.deal.how.label

    @property
    def made(self) -> Pick:
        """What is agreed as the deal comes about: by the Nash concept, unless the month or the question says other."""
        return self.deal.made

    @property
    def backed(self) -> float:
        """Share of draws in which an ultimatum binds: those in which its threat is worth carrying out."""
        return float(procedure.binding(self.table, self.deal.month, self.deal.how).mean())

    def party(self, code: str) -> str:
        """A party as it is written in a sentence: `the United States`."""
        name = self.table.declared.parties[code].name
        return f"the {name}" if name.startswith(ARTICLE) else name

    def unit(self, issue: str) -> str:
        """Unit of an issue's amounts."""
        return self.table.declared.issues[issue].unit

    def on_table(self) -> list[int]:
        """Places of the issues on the table."""
        return [int(k) for k in np.flatnonzero(self.deal.on_table)]

    def bounds(self) -> tuple[np.ndarray, np.ndarray]:
        """Least and greatest amount of each issue under the month's caps, (issue) [unit of issue]."""
        issues = [self.table.declared.issues[name] for name in self.deal.issues]
        high = np.minimum([issue.high for issue in issues], self.table.context(self.deal.month).cap)
        return np.array([issue.low for issue in issues]), high

    def range(self) -> np.ndarray:
        """From least to greatest amount under the month's caps, (issue) [unit of issue]."""
        low, high = self.bounds()
        return np.where(high > low, high - low, 1.0)

    def fewer(self) -> np.ndarray:
        """People a month who arrive without a deal and not under it, (draw) [people / month]."""
        return THOUSAND * (self.deal.without - made(self.by, self.made, self.made.arrivals))

    def rests(self, values: np.ndarray, unit: str = PAYOFF, least: Basis = Basis.assumed) -> Estimate:
        """Summarise draws that hold a number; by default at least assumed, as everything is that payoffs decide."""
        known = np.isfinite(values)
        inputs = Inputs(self.inputs.names, self.inputs.values[:, known])
        return estimate.rests(np.where(np.abs(values) < NOTHING, 0.0, values)[known], inputs, unit, least=least)


def made(name: str, pick: Pick, values: np.ndarray) -> np.ndarray:
    """Values of draws with a deal, no number elsewhere; of every draw for the mean, which is no bargain."""
    if name == MEAN:
        return values
    held = pick.agreed.reshape(pick.agreed.shape + (1,) * (values.ndim - 1))
    return np.where(held, values, np.nan)


def share(value: float) -> Estimate:
    """A share of draws of what is believed; it has no interval of its own."""
    return Estimate(value, value, value, SHARE, None, Basis.assumed)


def plain(name: str) -> str:
    """The name of an issue or a threat as text."""
    return name.replace("_", " ")


def assumed(table: PreparedBargain, corridor: Corridor | None, key: int) -> Inputs:
    """Beliefs of a table that no figure and no study gives, and what is assumed of the corridor, by draw.

    Args:
        table: The prepared bargain.
        corridor: The fitted corridor, for a table that needs one.
        key: Key of the draws.
    """
    payoffs = {one.name: one.basis for one in table.declared.file.payoffs}
    names = [
        name
        for name in table.values
        if not (name.startswith("payoffs.") and payoffs[name.split(".")[1]] in KNOWN)
    ]  # fmt: skip
    values = np.array([table.values[name] for name in names]).reshape(len(names), table.draws)
    if corridor is None:
        return Inputs(tuple(names), values)
    further = corridor.assumed(table.draws, key)
    return Inputs((*names, *further.names), np.concatenate([values, further.values]))
