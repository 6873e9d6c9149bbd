"""The shape of a case file: what each section holds; unknown keys are refused, records never change."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PrivateAttr, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from palanca.core.clock import Month, Span
from palanca.core.errors import MonthError
from palanca.spec.days import Day
from palanca.spec.faults import FaultKind
from palanca.spec.series_names import SeriesNames
from palanca.spec.tables import FAMILIES

Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
QUANTITIES = ("effort", "strength", "slots")
LATEST = "latest"


class Strict(BaseModel):
    """A record that never changes, takes no unknown key and converts nothing behind the writer's back."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False, validate_by_name=True)


def _bad_date(fault: MonthError) -> PydanticCustomError:
    what = "cannot read the date" if fault.what == "cannot read the month" else fault.what
    return PydanticCustomError(FaultKind.BAD_DATE.value, what, {"found": fault.found, "expected": fault.expected})


def _month(value: object) -> object:
    if isinstance(value, Month):
        return value
    try:
        return Month.parse(str(value))
    except MonthError as fault:
        raise _bad_date(fault) from fault


def _first_day(value: object) -> object:
    if isinstance(value, Day):
        return value
    try:
        return Day.first_of(str(value))
    except MonthError as fault:
        raise _bad_date(fault) from fault


def _last_day(value: object) -> object:
    if value is None or isinstance(value, Day):
        return value
    if value == "open":
        return None
    try:
        return Day.last_of(str(value))
    except MonthError as fault:
        raise _bad_date(fault) from fault


def _last_month(value: object) -> object:
    return None if value == LATEST else _month(value)


def _coverage(value: object) -> object:
    """Let `all`, a list of names and `{except: [names]}` mean the same kind of thing."""
    if value == "all":
        return {}
    if isinstance(value, str | tuple):
        return {"only": (value,) if isinstance(value, str) else value}
    if isinstance(value, dict) and "only" in value:
        context = {"found": "`only`", "expected": "the list itself, `all` or `{except: [names]}`"}
        raise PydanticCustomError(FaultKind.WRONG_TYPE.value, "coverage", context)
    return value


def _written(value: object) -> object:
    """A year alone is a number to YAML and a date to its writer."""
    return str(value) if type(value) is int else value


def _several(value: object) -> object:
    return (value,) if isinstance(value, str) else value


AMonth = Annotated[Month, BeforeValidator(_month)]
LastMonth = Annotated[Month | None, BeforeValidator(_last_month)]
FirstDay = Annotated[Day, BeforeValidator(_first_day)]
LastDay = Annotated[Day | None, BeforeValidator(_last_day)]
Names = Annotated[tuple[Text, ...], BeforeValidator(_several), Field(min_length=1)]


class Coverage(Strict):
    """Whom an entry covers: everyone, only some names, or all except some."""

    only: tuple[Text, ...] | None = None
    but: tuple[Text, ...] = Field(default=(), alias="except")

    def among(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """The names covered, in the order of the case."""
        wanted = names if self.only is None else self.only
        return tuple(name for name in names if name in wanted and name not in self.but)


Covered = Annotated[Coverage, BeforeValidator(_coverage)]


class Months(Strict):
    """First and last month of a stretch, both included."""

    first: AMonth
    last: AMonth

    @property
    def span(self) -> Span:
        """The same months as an axis."""
        return Span(self.first, self.last)


class CaseMonths(Strict):
    """The months a case speaks about, both ends included.

    Args:
        first: First month.
        end: Last month, or `latest`: the last in which every series under `core` is known in the figures in force.
    """

    first: AMonth
    end: LastMonth = Field(alias="last")
    _latest: Month | None = PrivateAttr(default=None)

    @property
    def last(self) -> Month:
        """Last month; what is written as `latest` is set when the case is read, and is the first month until then."""
        return self.end or self._latest or self.first

    @property
    def settled(self) -> bool:
        """Whether the last month is written, or figures have said which it is."""
        return self.end is not None or self._latest is not None

    @property
    def span(self) -> Span:
        """The same months as an axis."""
        return Span(self.first, self.last)

    def reaching(self, latest: Month) -> CaseMonths:
        """The same with what `latest` means."""
        found = self.model_copy()
        found._latest = latest
        return found


class Country(Strict):
    """A country and its part in the corridor; a third one lies on the route or takes people in."""

    name: Text
    role: Literal["destination", "transit", "origin", "third"]


class Origin(Strict):
    """A nationality that moves: its season, how long it travels, and by which way.

    Args:
        name: How it is written.
        kind: Season it follows: circular labour, asylum and family, or a mix.
        delay: Shares that reach the transit country 0, 1 and 2 months after setting out [share].
        darien: Share that walks the Darien when the air route is closed [share].
        air: Share that flies into the transit country when no visa is needed [share].
        data: Code under which the figures list it.
        oil: Series of its oil output, if it lives by oil.
    """

    name: Text
    kind: Literal["circular", "asylum", "mixed"]
    delay: tuple[float, float, float]
    darien: float = Field(default=0.0, ge=0, le=1)
    air: float = Field(default=0.0, ge=0, le=1)
    data: Text
    oil: Text | None = None


class Group(Strict):
    """A group of people that rules treat alike.

    Args:
        name: How it is written.
        labour_season: How far it follows the season of labour, among origins whose kind is `circular` and `mixed`.
        hides: How far it hides from being seen, 1 for those who hide.
        kept: How far those of it who are detained count as kept from being let in.
        alone: Children on their own: only ever sent home, and those of other countries than the transit one hardly.
    """

    name: Text
    labour_season: tuple[float, float] = (1.0, 0.5)
    hides: float = Field(default=1.0, ge=0, le=1)
    kept: float = Field(default=1.0, ge=0, le=1)
    alone: bool = False


class Place(Strict):
    """Where people can be on their way."""

    name: Text
    what: Text


class Sector(Strict):
    """A stretch of the border with its own figures."""

    name: Text
    state: Text


class Lag(Strict):
    """How long after a lever is set it is felt; its mechanism says if it has a lag.

    Args:
        value: The time, less than the span.
        unit: `months` or `years`.
    """

    value: float = Field(ge=0)
    unit: Text


class Lever(Strict):
    """Something a government can set: who holds it, what it acts on and, where that takes time, how long it takes."""

    holder: Text
    mechanism: Text
    what: Text
    system: tuple[Text, ...] = ()
    lag: Lag | None = None


class Entry(Strict):
    """One dated setting of one lever for those it covers.

    Args:
        lever: Lever that is set.
        first: First day in force (`from` in the file).
        last: Last day in force (`to`); None while it stays open.
        effort: Setting, where the mechanism takes effort.
        strength: Setting, where it takes a strength.
        slots: Setting, where it takes slots.
        unit: Unit of the setting.
        cap: Most people it can act on.
        cap_unit: Unit of the cap.
        origins: Origins covered.
        groups: Groups covered.
        sectors: Border sectors covered.
        basis: Whether the setting was declared, is tacit, or is inferred from its effects.
        date_basis: Whether the dates stand in an article, in a primary document, or are to be verified.
        source: Keys of `sources`.
        note: What a reader should know.
    """

    lever: Text
    first: FirstDay = Field(alias="from")
    last: LastDay = Field(alias="to")
    effort: float | None = None
    strength: float | None = None
    slots: float | None = None
    unit: Text
    cap: float | None = Field(default=None, ge=0)
    cap_unit: Text | None = None
    origins: Covered
    groups: Covered
    sectors: Covered = Coverage()
    basis: Literal["declared", "tacit", "inferred"]
    date_basis: Literal["text", "primary", "to-verify"]
    source: Names
    note: Text | None = None

    @property
    def quantities(self) -> tuple[str, ...]:
        """Names of the quantities that the entry sets; one in a valid case."""
        return tuple(name for name in QUANTITIES if getattr(self, name) is not None)

    @property
    def amount(self) -> float:
        """The setting, in the entry's own unit."""
        return float(getattr(self, self.quantities[0]))


class Prior(Strict):
    """What is believed of a parameter before the figures speak; its family says which numbers it takes."""

    family: Literal["normal", "lognormal", "beta", "halfnormal"]
    mean: float | None = None
    sd: float | None = Field(default=None, gt=0)
    median: float | None = Field(default=None, gt=0)
    log_sd: float | None = Field(default=None, gt=0)
    a: float | None = Field(default=None, gt=0)
    b: float | None = Field(default=None, gt=0)

    @property
    def numbers(self) -> tuple[float, float | None]:
        """The one or two numbers of the family, in the order of the table of parameters."""
        one, two = FAMILIES[self.family]
        return float(getattr(self, one)), float(getattr(self, two)) if two else None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        wanted = {name for name in FAMILIES[self.family] if name}
        given = {name for name in ("mean", "sd", "median", "log_sd", "a", "b") if getattr(self, name) is not None}
        if wanted != given:
            context = {
                "found": ", ".join(sorted(given)) or "no numbers",
                "expected": ", ".join(sorted(wanted)),
            }
            raise PydanticCustomError(FaultKind.WRONG_PRIOR.value, "the prior has the wrong numbers", context)
        return self


class Parameter(Strict):
    """An override of one parameter's default: a value or a prior, with unit, period and source."""

    value: float | None = None
    prior: Prior | None = None
    unit: Text
    period: Text
    bounds: tuple[float, float] | None = None
    source: Names
    note: Text | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.value is None) == (self.prior is None):
            found = "neither" if self.value is None else "both"
            context = {"found": found, "expected": "either `value` or `prior`"}
            raise PydanticCustomError(FaultKind.WRONG_PRIOR.value, "value or prior", context)
        return self


class Election(Strict):
    """A vote that can move what a government is willing to pay."""

    country: Text
    date: FirstDay
    kind: Literal["presidential", "midterm", "legislative"]
    source: Names


class Source(Strict):
    """A document that an entry rests on."""

    title: Text
    publisher: Text
    date: Annotated[Text, BeforeValidator(_written)]


class Case(Strict):
    """A declared situation: who, where, when, which levers were set to what, on whose word."""

    case: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$")]
    title: Text
    span: CaseMonths
    core: tuple[Text, ...] = ()
    series: SeriesNames | None = None
    countries: dict[Text, Country] = Field(min_length=2)
    origins: dict[Text, Origin] = Field(min_length=1)
    groups: dict[Text, Group] = Field(min_length=1)
    places: dict[Text, Place] = Field(min_length=1)
    sectors: dict[Text, Sector] = Field(min_length=1)
    levers: dict[Text, Lever] = Field(min_length=1)
    record: tuple[Entry, ...]
    parameters: dict[Text, Parameter] = {}
    elections: tuple[Election, ...] = ()
    sources: dict[Text, Source] = Field(min_length=1)
    off: tuple[Text, ...] = ()
