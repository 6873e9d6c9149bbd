"""A sharing scheme as it is told: its worlds, its division, and what each number rests on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Float

from palanca.questions.share import burden
from palanca.questions.share.burden import Hosted, MemberStakes
from palanca.questions.share.division import SchemeDivision
from palanca.questions.share.run import DEFECTS, RECORD, SCHEME, Shared
from palanca.questions.share.setup import Terms
from palanca.show import estimate, number
from palanca.show.estimate import Basis, Estimate, Inputs
from palanca.spec.sharing_countries import NAMES

IRREGULAR = ("encounters", "evaded")
DIGITS = 1e-9  # a change smaller than this share of a number is how its sums were taken, not an effect


@dataclass(frozen=True, eq=False)
class ToldScheme:
    """A scheme that was run.

    Attributes:
        shared: The worlds.
        division: Quotas.
        variants: Terms of every world of the scheme.
        elsewhere: Asylum applications in members off the corridor, as published [people / year].
        inputs: Everything assumed, of the fit and of the scheme, in the same draws.
    """

    shared: Shared
    division: SchemeDivision
    variants: dict[str, Terms]
    elsewhere: Float[np.ndarray, " member"]
    inputs: Inputs

    @property
    def span(self) -> str:
        """The months run, in words."""
        return number.span_name(str(self.shared.months[0]), str(self.shared.months[-1]))

    @cached_property
    def hosted(self) -> dict[str, Hosted]:
        """People that members take on, in every world of full cooperation."""
        names = (RECORD, *self.variants)
        return {
            name: burden.hosted(self.shared, name, self.variants.get(name, Terms()), self.elsewhere) for name in names
        }

    @cached_property
    def stakes(self) -> MemberStakes:
        """What the scheme is worth to each member."""
        return burden.stakes(
            self.shared, {name: self.hosted[name] for name in (RECORD, SCHEME, DEFECTS)}, self.division
        )

    @cached_property
    def leverage(self) -> dict[str, Float[np.ndarray, "probe draw"]]:
        """Leverage of the transit country in the record and under the scheme."""
        return {name: burden.leverage(self.shared, name) for name in (RECORD, SCHEME)}

    def uneven(self, world: str) -> tuple[np.ndarray, np.ndarray]:
        """Gini coefficient and Theil index, (draw)."""
        return burden.uneven(self.hosted[world], self.division)

    def total(self, world: str, outcome: str) -> Float[np.ndarray, " draw"]:
        """An outcome of a world over the months run, all of it; `irregular` is everyone who came between ports."""
        if outcome == "irregular":
            return np.asarray(sum(self.total(world, one) for one in IRREGULAR))
        if outcome == "lawful":
            return self.total(world, "admitted") + self.total(world, "placed")
        values = self.shared.total(world, outcome)
        return np.asarray(values.reshape(-1, values.shape[-1]).sum(axis=0))

    def taken(self, world: str) -> Float[np.ndarray, "member draw"]:
        """Which part of all whom procedures place each member takes in a world of full cooperation [percent]."""
        people = burden.placed(self.shared, world, self.variants[world]).sum(axis=0)
        return np.asarray(100.0 * people / np.maximum(people.sum(axis=0), 1.0))

    def change(self, world: str, outcome: str) -> Float[np.ndarray, " draw"]:
        """A world less the record; differences in the last digits are none."""
        now, then = self.total(world, outcome), self.total(RECORD, outcome)
        return np.where(np.abs(now - then) <= DIGITS * np.abs(then), 0.0, now - then)

    def rests(self, values: np.ndarray, unit: str = "", *, sign: bool = False) -> Estimate:
        """An estimate that rests on how people answer to procedures, which is assumed.

        Args:
            values: (draw).
            unit: Their unit.
            sign: Whether the equations leave only one sign: whoever applies is not on the road.
        """
        return estimate.rests(values, self.inputs, unit, least=Basis.assumed, sign_assumed=sign)

    def country(self, code: str) -> str:
        """A country's name."""
        countries = self.shared.setting.scheme.case.countries
        return countries[code].name if code in countries else NAMES[code]

    def named(self, code: str) -> str:
        """A country's name within a sentence."""
        name = self.country(code)
        return f"the {name}" if name.startswith(("United", "Dominican")) else name
