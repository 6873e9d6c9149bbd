"""The shape of a file of facts: what each is given, what is done, what must then hold, on whose word."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from palanca.core.clock import Span
from palanca.core.errors import MonthError
from palanca.spec.edit import EVERYONE, Change
from palanca.spec.faults import FaultKind
from palanca.spec.schema import AMonth, Covered, Names, Strict, Text

EVIDENCE = {
    "twin": "two worlds with the same surprises, apart by the lever alone",
    "replay": "replayed history, on what replay does not solve for unless said otherwise",
    "forecast": "months drawn from before, the outcome unknown",
    "figures": "published figures or the ledger, not the model",
    "bargaining": "deals and games over draws of what is believed",
}
DEAL = {
    "agreed": "1 where a deal is struck",
    "paid": "what the transit country is given, mean share of what could be given",
    "price": "what that is worth to the transit country for a unit of effort bought",
    "arrivals": "people arriving under the deal",
}
BOUNDS = ("between", "at_least", "at_most", "above", "below")


def _months(value: object) -> object:
    """`2024-01` or `2024-01..2024-03` as a span."""
    if isinstance(value, Span):
        return value
    first, dots, last = str(value).partition("..")
    try:
        return Span.parse(first, last if dots else first)
    except MonthError as fault:
        kind = FaultKind.REVERSED_DATES if "before it starts" in fault.what else FaultKind.BAD_DATE
        context = {"found": repr(value), "expected": "YYYY-MM, or YYYY-MM..YYYY-MM with the earlier first"}
        raise PydanticCustomError(kind.value, "cannot read the months", context) from fault


SomeMonths = Annotated[Span, BeforeValidator(_months)]


class Wanted(Strict):
    """One named change, worded as in a file of changes."""

    set: Text
    to: float | Literal["off", "none"]
    first: AMonth | None = Field(default=None, alias="from")
    last: AMonth | None = Field(default=None, alias="until")
    origins: Covered = EVERYONE
    groups: Covered = EVERYONE
    sectors: Covered = EVERYONE

    def change(self, where: str) -> Change:
        """The change, with the place that messages name."""
        return Change(self.set, self.to, self.first, self.last, self.origins, self.groups, self.sectors, where)


class Measure(Strict):
    """One quantity read off the worlds.

    `of` over `over`, the mean of `months`; against the mean of `against` where given; as recorded, in the twin, or as
    recorded against the twin, by division or by difference.
    """

    of: Names
    over: Names | None = None
    months: SomeMonths
    against: SomeMonths | None = None
    world: Literal["record", "twin", "record_to_twin", "twin_to_record", "record_less_twin"] = "record"
    give: Literal["level", "ratio", "change", "fall", "log"] = "level"
    what: Text

    @property
    def twin(self) -> bool:
        """Whether it needs the twin."""
        return self.world != "record"


class Seat(Strict):
    """How the twin of a deal differs from the deal of its month.

    `without` takes issues off the table, `caps` bounds amounts, `attention` multiplies the weight of an arrival,
    `stuck` sets people stuck in the transit country to a multiple of the threshold up to which nobody minds.
    """

    without: Names = ()
    caps: dict[Text, float] = Field(default_factory=dict)
    attention: float | None = Field(default=None, gt=0)
    stuck: float | None = Field(default=None, ge=0)


class DealMeasure(Strict):
    """One quantity read off deals: an issue beyond what holds without a deal, or one of `DEAL`."""

    of: Text
    world: Literal["record", "twin", "twin_less_record", "record_less_twin"] = "record"
    what: Text

    @property
    def twin(self) -> bool:
        """Whether it needs the twin."""
        return self.world != "record"


class Step(Strict):
    """One probe and what it is given."""

    probe: Text
    changes: tuple[Wanted, ...] | None = None
    measure: dict[Text, Measure] | None = None
    month: AMonth | None = None
    months: SomeMonths | None = None
    start: AMonth | None = None
    levers: Literal["persist", "record"] | None = None
    before: SomeMonths | None = None
    after: SomeMonths | None = None
    old_mix: tuple[int, int] | None = None
    new_mix: tuple[int, int] | None = None
    at: tuple[AMonth, ...] | None = None
    within: int | None = Field(default=None, ge=1, le=12)
    years: int | None = Field(default=None, ge=1, le=50)
    kind: Literal["ask", "deal", "favour", "refusal", "renewal", "snapback", "threat"] | None = None
    following: Literal["ask", "deal", "favour", "refusal", "renewal", "snapback", "threat"] | None = None
    scheme: Text | None = None
    table: Text | None = None
    seat: Seat | None = None
    deal: dict[Text, DealMeasure] | None = None


class Given(Strict):
    """What holds in every world of the fact."""

    world: Text
    changes: tuple[Wanted, ...] = ()


class Assertion(Strict):
    """What must hold of one quantity; `times` multiplies its bounds by another quantity, draw by draw.

    One that is `published` is told by figures, not by the model: where it fails, figures contradict the claim.
    """

    quantity: Text
    between: tuple[float, float] | None = None
    at_least: float | None = None
    at_most: float | None = None
    above: float | None = None
    below: float | None = None
    times: Text | None = None
    in_share_of_draws: float | None = Field(default=None, gt=0, lt=1)
    published: bool = False

    @property
    def bound(self) -> str:
        """Which kind of bound it has."""
        return next(name for name in BOUNDS if getattr(self, name) is not None)

    @model_validator(mode="after")
    def _one_bound(self) -> Self:
        given = [name for name in BOUNDS if getattr(self, name) is not None]
        if len(given) != 1:
            context = {"found": ", ".join(given) or "none", "expected": "exactly one of " + ", ".join(BOUNDS)}
            raise PydanticCustomError(FaultKind.WRONG_QUANTITY.value, "one bound is meant", context)
        if self.between is not None and self.between[0] >= self.between[1]:
            context = {"found": f"{self.between[0]:g} to {self.between[1]:g}", "expected": "the lower bound first"}
            raise PydanticCustomError(FaultKind.OUT_OF_BOUNDS.value, "bounds reversed", context)
        return self


class Tolerance(Strict):
    """How far a bound may be missed, and where the bounds come from."""

    slack: float = Field(default=0.0, ge=0, le=1)
    why: Text


class Fact(Strict):
    """One fact."""

    id: int = Field(ge=1)
    title: Text
    marks: tuple[Literal["D", "O"], ...] = ()
    claim: Text
    source: Names
    rival: Text | None = None
    part: Text | None = None
    caveat: Text | None = None
    not_expressible: Text | None = None
    evidence: Literal["twin", "replay", "forecast", "figures", "bargaining"] | None = None
    given: Given | None = None
    when: tuple[Step, ...] = ()
    needs: tuple[Assertion, ...] = ()
    then: tuple[Assertion, ...] = ()
    tolerance: Tolerance | None = None


class FactsFile(Strict):
    """A file of facts."""

    case: Text
    facts: tuple[Fact, ...]
