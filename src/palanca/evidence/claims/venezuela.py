"""Whether the origin that bargains could really stop or let go: discretion apart from capability.

Three things are kept apart: how many people its flights carried, what the news of them did in the corridor, and whether
figures moved when it stopped. Whether it can open or close the way out to its people is a fourth, and no figure tells
it. In the corridor flights themselves act only while an expulsion order is in force, and then none was: what they do
there, they do by the news of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from palanca.core.clock import Month
from palanca.data.read import Figures
from palanca.evidence.claims.found import Word, word
from palanca.evidence.claims.twins import twins
from palanca.infer.history import PreparedCase
from palanca.infer.posterior import AbstractDraws
from palanca.model import cells
from palanca.questions.relief import play as relief
from palanca.spec.edit import Change
from palanca.spec.ledger import load_ledger
from palanca.spec.relief import load_relief

STARTED, STOPPED = Month.parse("2023-10"), Month.parse("2024-02")
BESIDE = ("COL", "ECU", "PER", "BRA")  # other origins that come by the same way
AROUND = 3  # months before and after a stop that are compared
NULL_FROM = Month.parse("2021-01")
LEVERS = ("venezuela_flights.strength", "news_venezuela_flights.strength")
FLIGHTS, NATIONALS = "deportation_flights", "VEN"


@dataclass(frozen=True, eq=False)
class FlightDiscretion:
    """What is found of the origin's discretion.

    Args:
        carried: People whom flights brought back (draw) [people / month].
        encountered: Encounters of its nationals while flights went [events / month].
        stopped: Whether the ledger has it stop the flights.
        capable: Further encounters of its nationals without flights and the news of them (draw) [events / month].
        moved: Log change of its nationals' encounters from before the stop to after, less that of others on the same
            way [log points].
        null: The same change around every other month since 2021 (month) [log points].
        keeping: What taking flights costs it (draw) [100 million dollars / month].
        at_stake: Relief that hung on the flights (draw) [100 million dollars / month].
    """

    carried: Float[np.ndarray, " draw"]
    encountered: float
    stopped: bool
    capable: Float[np.ndarray, " draw"]
    moved: float
    null: Float[np.ndarray, " month"]
    keeping: Float[np.ndarray, " draw"]
    at_stake: Float[np.ndarray, " draw"]

    @property
    def carried_share(self) -> Float[np.ndarray, " draw"]:
        """People carried over encounters (draw) [share]."""
        return self.carried / self.encountered

    @property
    def chance_of_more(self) -> float:
        """Share of other months around which its nationals gained at least as much on the others."""
        return float(np.mean(self.null >= self.moved))

    @property
    def stop_seen(self) -> Word:
        """Whether encounters rose when flights stopped, beyond what other months show."""
        return word(1.0 - self.chance_of_more)

    @property
    def free_while_relief(self) -> Word:
        """Whether stopping would pay it while the relief that hangs on flights still stands."""
        return word(float(np.mean(self.keeping > self.at_stake)))

    @property
    def departures(self) -> Word:
        """Whether it can open or close the way out for its own people: no figure of a border of its own exists."""
        return Word.open


def discretion(setting: PreparedCase, posterior: AbstractDraws, *, draws: int = 64, key: int = 1) -> FlightDiscretion:
    """Work out what the origin could do and what it would cost it.

    Args:
        setting: From `history.prepare`.
        posterior: Fitted parameters.
        draws: How many draws.
        key: Same key, same draws.

    Raises:
        ChangeError: The case has no flights to take away.
        CaseFileError: The case declares no relief.
    """
    declared = load_relief(setting.case.case)
    beliefs = relief.prepare(declared, draws=draws, key=key).numbers
    off = [Change(f"levers.{name}", 0.0, STARTED) for name in LEVERS]
    plain, none = twins(setting, posterior, [off], draws=draws, key=key)
    span, at = setting.case.span.span, cells.codes(setting.case).index(NATIONALS)
    while_on = slice(span.position(STARTED), span.position(STOPPED))
    met = [world["encounters"][while_on, at].sum(axis=1).mean(axis=0) for world in (plain, none)]
    figures = np.asarray(setting.inputs.figures.encounters)[while_on, at].mean()
    moved, null = contrasts(setting.figures)
    acts = load_ledger(setting.case.case).of_kind("snapback", "withdrawal")
    return FlightDiscretion(
        carried=beliefs["flights.people"] * beliefs["flights.rate"],
        encountered=float(figures),
        stopped=any(NATIONALS in row.giver and any(item.issue == FLIGHTS for item in row.given) for row in acts),
        capable=met[1] - met[0],
        moved=moved,
        null=null,
        keeping=beliefs["clauses.returns.survival_cost"] * beliefs["office.worth"],
        at_stake=beliefs["clauses.returns.slice.size"],
    )


def contrasts(figures: Figures) -> tuple[float, Float[np.ndarray, " month"]]:
    """Log change of Venezuelans less that of others on the same way, around the stop and around other months.

    Months whose windows touch the stop's own are left out of the others.

    Args:
        figures: The figures in force, to the last month of the case.
    """
    series = figures.read("usbp_by_origin")
    labels = [Month.parse(str(month)[:7]) for month in series["month"].values]
    own = series.sel(origin=NATIONALS).values.astype(float)
    beside = series.sel(origin=list(BESIDE)).sum("origin").values.astype(float)
    gap = np.log(np.maximum(own, 1.0)) - np.log(np.maximum(beside, 1.0))
    found: dict[Month, float] = {}
    for place, month in enumerate(labels):
        if month >= NULL_FROM and place >= AROUND and place + AROUND <= len(labels):
            found[month] = float(gap[place : place + AROUND].mean() - gap[place - AROUND : place].mean())
    others = [value for month, value in found.items() if abs(month - STOPPED) >= 2 * AROUND]
    return found[STOPPED], np.array(others)
