"""The shape of a deal ledger: what a row, an issue and an item hold; unknown keys are refused, records never change."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from palanca.core.errors import MonthError
from palanca.spec.days import Day
from palanca.spec.faults import FaultKind
from palanca.spec.schema import Months, Names, Source, Strict, Text

# What each kind of row says of its givers, its takers and the two lists between them. One rule holds for all: what
# stands under `given` is for the giver to deliver or withhold, what stands under `got` for the taker.
KINDS = {
    "deal": "the giver gives `given` and gets `got`",
    "renewal": "an earlier deal, named by `of`, goes on or is widened, on these terms",
    "favour": "the giver gives `given` and nothing is seen to come back",
    "ask": "the taker asks the giver for `given`, offering `got` if anything",
    "refusal": "the giver will not give `given`, or does not keep it after promising it",
    "threat": "the giver says that it will withhold `given` unless it gets `got`",
    "withdrawal": "the giver stops giving `given`; or, where `of` names a threat, lifts that threat",
    "snapback": "the giver takes back `given`, the relief of the deal named by `of`, for want of `got`",
    "criticism": "the giver speaks out against the taker: `given` is the restraint that it drops",
    "silence": "the giver holds back words that were to be expected: `given` is that restraint",
}
RowKind = Literal[
    "deal", "renewal", "favour", "ask", "refusal", "threat", "withdrawal", "snapback", "criticism", "silence"
]
ROLES = ("destination", "transit", "origin", "third")
# Counts that no equation of the model converts, beside the closed list of core.units.
COUNTS = ("doses", "flights / week", "usd")


def _refused(fault: MonthError) -> PydanticCustomError:
    context = {"found": fault.found, "expected": "YYYY-MM-DD or YYYY-MM"}
    return PydanticCustomError(FaultKind.BAD_DATE.value, "cannot read the date", context)


def _dated(value: object) -> object:
    """A day, or all the days of a month, from text."""
    if isinstance(value, When):
        return value
    try:
        return When(first=Day.first_of(str(value)), last=Day.last_of(str(value)))
    except MonthError as fault:
        raise _refused(fault) from fault


def _until(value: object) -> object:
    if value is None or isinstance(value, Day):
        return value
    try:
        return Day.last_of(str(value))
    except MonthError as fault:
        raise _refused(fault) from fault


def _item(value: object) -> object:
    """Let the name of an issue stand for an item without a size."""
    return {"issue": value} if isinstance(value, str) else value


def _items(value: object) -> object:
    """Let one item stand for a list of one."""
    return (value,) if isinstance(value, str | dict) else value


class When(Strict):
    """The day on which something happened, or the month if no day is known.

    Args:
        first: The day, or the first day of the month.
        last: The same day, or the last day of the month.
    """

    first: Day
    last: Day

    def __str__(self) -> str:
        return str(self.first) if self.first == self.last else str(self.first.month)


class LedgerIssue(Strict):
    """Something that can be given in a deal, and on whose side it lies.

    Args:
        name: How it is written.
        owners: Roles of the countries that can deliver it, or `any`.
        favour: Whether giving it for nothing makes sense; relief from a threat does not.
        unit: Unit of its sizes, or none if it has no size.
        what: What giving it means.
    """

    name: Text
    owners: tuple[Literal["destination", "transit", "origin", "third", "any"], ...]
    favour: bool
    unit: Text | None = None
    what: Text

    @property
    def roles(self) -> tuple[str, ...]:
        """Roles that can deliver it."""
        return ROLES if "any" in self.owners else self.owners


class Item(Strict):
    """One issue of a row, with its size where a source gives one.

    Args:
        issue: Key of `issues`.
        size: How much [`unit`].
        unit: Unit of the size: one that fits the unit of the issue.
    """

    issue: Text
    size: float | None = Field(default=None, gt=0)
    unit: Text | None = None


class Statements(Strict):
    """How a silence was coded: critical public statements expected by the file's stated rule, and those made.

    Args:
        expected: Statements expected of the giver [statements].
        actual: Statements the giver made [statements].
    """

    expected: int = Field(ge=1)
    actual: int = Field(ge=0)


Listed = Annotated[tuple[Annotated[Item, BeforeValidator(_item)], ...], BeforeValidator(_items)]


class LedgerRow(Strict):
    """One dated act between governments, or an act that was to be expected and did not come.

    Args:
        id: Its own name, which later rows can refer to.
        date: Day or month of the act, or of its start.
        until: Last day, for what lasted.
        date_basis: Whether the date stands in an article, in an official document, is inferred, or is to be verified.
        kind: What sort of act it was; the table of kinds says how `given` and `got` are read.
        giver: Countries that `given` is for to deliver or withhold.
        taker: Countries on the other side.
        given: Items on the giver's side.
        got: Items on the taker's side.
        link: How the bond between the two sides, or of a one-sided act with migration, is known: `declared` by a
            government, `tacit` (done together and reported by a source), or `inferred` from timing.
        confidence: The coder's confidence in kind, items and link together [chance].
        of: An earlier row that this one answers, renews, withdraws or takes back.
        statements: For a silence, how it was coded.
        source: Keys of `sources`, of the ledger or of its case.
        note: What happened, in neutral words.
    """

    id: Text
    date: Annotated[When, BeforeValidator(_dated)]
    until: Annotated[Day | None, BeforeValidator(_until)] = None
    date_basis: Literal["text", "primary", "inferred", "to-verify"]
    kind: RowKind
    giver: Names
    taker: Names
    given: Listed = ()
    got: Listed = ()
    link: Literal["declared", "tacit", "inferred"]
    confidence: float = Field(ge=0, le=1)
    of: Text | None = None
    statements: Statements | None = None
    source: Names
    note: Text

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Every giver with every taker."""
        return tuple((one, other) for one in self.giver for other in self.taker)

    @property
    def last(self) -> Day:
        """Last day on which the act can have happened or was in force."""
        return self.until or self.date.last


class LedgerFile(Strict):
    """A deal ledger as it stands in its file.

    Args:
        case: The case whose countries and sources it uses: a shipped name, or a path seen from the ledger.
        title: What the ledger covers.
        span: First and last month that are counted; rows after it lie ahead of it.
        issues: The closed list of what can be given.
        rows: The rows, in order of date.
        sources: Documents that the case does not already name.
    """

    case: Text
    title: Text
    span: Months
    issues: dict[Text, LedgerIssue] = Field(min_length=1)
    rows: tuple[LedgerRow, ...]
    sources: dict[Text, Source] = Field(default_factory=dict)
