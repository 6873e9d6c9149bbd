"""The shape of a file of claims: who said what figure, when, of which months, and in which words."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from palanca.core.clock import Span
from palanca.core.errors import MonthError
from palanca.spec.claim_expression import months_of
from palanca.spec.faults import FaultKind
from palanca.spec.schema import AMonth, Names, Source, Strict, Text

VALUES = ("about", "nearly", "over", "at_least", "under", "at_most", "exactly", "between", "magnitude")
MAGNITUDES = {
    "hundreds": 1e2,
    "thousands": 1e3,
    "tens of thousands": 1e4,
    "hundreds of thousands": 1e5,
    "millions": 1e6,
    "tens of millions": 1e7,
    "billions": 1e9,
}
HIGHEST, LOWEST = 1, -1  # ranks; from the lowest end they count down from -1
_RANKS = {"highest": HIGHEST, "lowest": LOWEST}


def _months(value: object) -> object:
    """Months or whole years as a span."""
    if isinstance(value, Span):
        return value
    try:
        return months_of(str(value))
    except MonthError as fault:
        kind = FaultKind.REVERSED_DATES if "before it starts" in fault.what else FaultKind.BAD_DATE
        context = {
            "found": repr(value),
            "expected": "YYYY-MM, YYYY, or A..B with the earlier first, of a century at most",
        }
        raise PydanticCustomError(kind.value, "cannot read the months", context) from fault


def _rank(value: object) -> object:
    return _RANKS.get(value, value) if isinstance(value, str) else value


Magnitude = Literal[
    "hundreds", "thousands", "tens of thousands", "hundreds of thousands", "millions", "tens of millions", "billions"
]  # fmt: skip
Direction = Literal["up", "down", "sharply up", "sharply down", "slightly up", "slightly down", "unchanged"]
ClaimMonths = Annotated[Span, BeforeValidator(_months)]
Rank = Annotated[int, BeforeValidator(_rank)]


class Says(Strict):
    """What is said of the figure: a value in one word of comparison, a direction, a rank, or a value and a rank."""

    about: float | None = None
    nearly: float | None = None
    over: float | None = None
    at_least: float | None = None
    under: float | None = None
    at_most: float | None = None
    exactly: float | None = None
    between: tuple[float, float] | None = None
    magnitude: Magnitude | None = None
    direction: Direction | None = None
    rank: Rank | None = None

    @property
    def value(self) -> str:
        """Which word of comparison a value is given in; empty without a value."""
        return next((name for name in VALUES if getattr(self, name) is not None), "")

    @model_validator(mode="after")
    def _one_value(self) -> Self:
        given = [name for name in (*VALUES, "direction") if getattr(self, name) is not None]
        if len(given) > 1 or not (given or self.rank is not None):
            context = {
                "found": ", ".join(given) or "none",
                "expected": f"one of {', '.join((*VALUES, 'direction'))}, a rank, or both",
            }
            raise PydanticCustomError(FaultKind.WRONG_QUANTITY.value, "one thing is said of a figure", context)
        if self.between is not None and self.between[0] >= self.between[1]:
            context = {"found": f"{self.between[0]:g} to {self.between[1]:g}", "expected": "the lower bound first"}
            raise PydanticCustomError(FaultKind.OUT_OF_BOUNDS.value, "bounds reversed", context)
        if self.rank == 0:
            context = {"found": "0", "expected": "1 and up from the highest, or -1 and down from the lowest"}
            raise PydanticCustomError(FaultKind.OUT_OF_BOUNDS.value, "there is no such rank", context)
        return self


class RankedLabels(Strict):
    """Labels among which a figure is ranked: those of an axis, some left out."""

    axis: Text
    but: tuple[Text, ...] = Field(default=(), alias="except")


class HandedOn(Strict):
    """A question on causes or on what would have been, for the model: exactly one of `why` and `whatif`.

    Args:
        asks: The question in words.
        why: First and last month of the change that is to be explained.
        outcome: What changed, as `palanca why --outcome` takes it.
        whatif: Changes as `palanca whatif` takes them: `TARGET=VALUE`, or the name of shipped ones.
        first: First month in which values by target hold.
        last: Last month of the same.
        months: Months that the what-if tells.
        number: Which number of the answer replies: one that a finding names, or the first cell of a row of a table.
    """

    asks: Text
    why: ClaimMonths | None = None
    outcome: Text = "encounters"
    whatif: Names | None = None
    first: AMonth | None = Field(default=None, alias="from")
    last: AMonth | None = Field(default=None, alias="until")
    months: ClaimMonths | None = None
    number: Text | None = None

    @model_validator(mode="after")
    def _one_question(self) -> Self:
        given = [name for name in ("why", "whatif") if getattr(self, name) is not None]
        if len(given) != 1:
            context = {"found": " and ".join(given) or "neither", "expected": "one of `why` and `whatif`"}
            raise PydanticCustomError(FaultKind.WRONG_QUANTITY.value, "one question is meant", context)
        return self


class NotCheckable(Strict):
    """Why no figure can settle a claim: the series that would be needed, and what palanca has in its place."""

    needs: Text
    instead: Text | None = None


class ClaimEntry(Strict):
    """One claim."""

    id: Text
    claim: Text
    said_by: Text
    said: AMonth
    source: Names
    figure: Text | None = None
    months: ClaimMonths | None = None
    says: Says | None = None
    among_months: ClaimMonths | None = None
    among_labels: RankedLabels | None = None
    note: Text | None = None
    handed_on: HandedOn | None = None
    not_checkable: NotCheckable | None = None


class ClaimsFile(Strict):
    """A file of claims."""

    case: Text
    sources: dict[Text, Source] = Field(default_factory=dict)
    claims: tuple[ClaimEntry, ...]
