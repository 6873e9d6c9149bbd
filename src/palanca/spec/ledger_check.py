"""Rules that span rows, issues and parties of a deal ledger; all breaches are reported together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from palanca.core import units
from palanca.spec.days import Day
from palanca.spec.faults import Fault, Kind, Place, unknown
from palanca.spec.ledger_schema import COUNTS, Issue, Item, Row
from palanca.spec.schema import Months


@dataclass(frozen=True)
class Frame:
    """What rows are checked against.

    Args:
        roles: Role of every country of the case.
        span: Months of the ledger; None while they cannot be read.
        case_span: Months of the case.
        issues: Issues that can be read.
        issue_names: Every issue declared, readable or not.
        own_sources: Sources that the ledger declares.
        case_sources: Sources that its case declares.
        ids: The id of every row, by its place in the list, readable or not; empty where it has none.
    """

    roles: Mapping[str, str]
    span: Months | None
    case_span: Months
    issues: Mapping[str, Issue]
    issue_names: tuple[str, ...]
    own_sources: tuple[str, ...]
    case_sources: tuple[str, ...]
    ids: tuple[str, ...]

    @property
    def sources(self) -> tuple[str, ...]:
        """Every source that a row may name."""
        return (*self.own_sources, *self.case_sources)


def faults(rows: Mapping[int, Row], frame: Frame) -> list[Fault]:
    """Every breach of every rule, in the order of the file's sections.

    Args:
        rows: Rows that can be read, by their place in the list.
        frame: What they are checked against.
    """
    found = [*_span(frame), *_issues(frame), *_sources(frame), *_duplicates(frame), *_order(rows)]
    for number, row in rows.items():
        place: Place = ("rows", number)
        found += [*_dates(row, frame, place), *_parties(row, frame, place), *_reference(row, frame, number)]
        found += [*_sides(row, frame, place), *_silence(row, place)]
        found += [
            unknown(Kind.UNKNOWN_NAME, (*place, "source"), "unknown source", name, frame.sources)
            for name in row.source
            if name not in frame.sources
        ]
    return found


def _span(frame: Frame) -> Iterator[Fault]:
    if frame.span is None:
        return
    first, last = frame.span.first, frame.span.last
    if last < first:
        yield Fault(
            Kind.REVERSED_DATES, ("span", "last"), "the span ends before it starts",
            f"{first} to {last}", "the earlier month first",
        )  # fmt: skip
    elif first < frame.case_span.first or frame.case_span.last < last:
        yield Fault(
            Kind.OUTSIDE_SPAN, ("span",), "outside the span of the case",
            f"{first} to {last}", f"months from {frame.case_span.first} to {frame.case_span.last}",
        )  # fmt: skip


def _issues(frame: Frame) -> Iterator[Fault]:
    for name, issue in frame.issues.items():
        if not issue.owners:
            yield Fault(
                Kind.MISSING_FIELD, ("issues", name, "owners"), "nobody can deliver this issue", "an empty list",
                "roles of countries, or `any`",
            )  # fmt: skip
        if issue.unit is not None and issue.unit not in (*units.UNITS, *COUNTS):
            yield unknown(
                Kind.UNKNOWN_UNIT, ("issues", name, "unit"), "unknown unit", issue.unit, (*units.UNITS, *COUNTS),
                expected=f"a unit of docs/reference/units.md, or one of {', '.join(COUNTS)}",
            )  # fmt: skip


def _sources(frame: Frame) -> Iterator[Fault]:
    for name in frame.own_sources:
        if name in frame.case_sources:
            yield Fault(
                Kind.DUPLICATE_KEY, ("sources", name), "the case already names this source", repr(name),
                "a key of its own, or the case's entry alone",
            )  # fmt: skip


def _duplicates(frame: Frame) -> Iterator[Fault]:
    if not frame.ids:
        yield Fault(Kind.MISSING_FIELD, ("rows",), "there are no rows", "an empty list", "one row or more")
    for number, name in enumerate(frame.ids):
        first = frame.ids.index(name)
        if name and first < number:
            yield Fault(
                Kind.DUPLICATE_KEY, ("rows", number, "id"), "the id stands twice", repr(name),
                f"one row of this id; first at rows[{first}]",
            )  # fmt: skip


def _order(rows: Mapping[int, Row]) -> Iterator[Fault]:
    latest: Day | None = None
    for number, row in rows.items():
        if latest is not None and row.date.first < latest:
            yield Fault(
                Kind.REVERSED_DATES, ("rows", number, "date"), "the row is out of order",
                str(row.date), f"{latest} or later; rows stand in order of date, a month alone before its days",
            )  # fmt: skip
        else:
            latest = row.date.first


def _dates(row: Row, frame: Frame, place: Place) -> Iterator[Fault]:
    if row.until is not None and row.until < row.date.first:
        yield Fault(
            Kind.REVERSED_DATES, (*place, "until"), "the row ends before it starts",
            f"{row.date} to {row.until}", "the earlier date first",
        )  # fmt: skip
    if frame.span is None or frame.span.last < frame.span.first:
        return
    expected = f"a date from {frame.span.first} to {frame.span.last}"
    for key, day in (("date", row.date.first), ("until", row.until)):
        if day is not None and day.month not in frame.span.span:
            yield Fault(Kind.OUTSIDE_SPAN, (*place, key), "outside the span of the ledger", str(day), expected)


def _parties(row: Row, frame: Frame, place: Place) -> Iterator[Fault]:
    for key, names in (("giver", row.giver), ("taker", row.taker)):
        for name in names:
            if name not in frame.roles:
                yield unknown(Kind.UNKNOWN_NAME, (*place, key), "unknown party", name, frame.roles)
    both = [name for name in row.giver if name in row.taker]
    if both:
        yield Fault(
            Kind.WRONG_HOLDER, (*place, "taker"), "one country stands on both sides", ", ".join(both),
            "givers and takers that differ",
        )  # fmt: skip


def _reference(row: Row, frame: Frame, number: int) -> Iterator[Fault]:
    earlier = [name for name in frame.ids[:number] if name]
    if row.of is None:
        if row.kind in ("renewal", "snapback"):
            yield Fault(
                Kind.MISSING_FIELD, ("rows", number), "`of` is missing", f"a {row.kind} of nothing",
                "the id of the earlier row",
            )  # fmt: skip
    elif row.of not in earlier:
        yield unknown(
            Kind.UNKNOWN_NAME, ("rows", number, "of"), "no earlier row of this id", row.of, earlier,
            expected="the id of a row above this one",
        )  # fmt: skip


def _sides(row: Row, frame: Frame, place: Place) -> Iterator[Fault]:
    yield from _fullness(row, frame, place)
    for key, items, parties in (("given", row.given, row.giver), ("got", row.got, row.taker)):
        for number, item in enumerate(items):
            yield from _item(item, parties, frame, (*place, key, number))


def _fullness(row: Row, frame: Frame, place: Place) -> Iterator[Fault]:
    """Whether a row of this kind has what it needs on each side."""
    if not row.given and not row.got:
        yield Fault(
            Kind.MISSING_FIELD, place, "nothing is given and nothing is got", f"an empty {row.kind}",
            "an issue under `given` or `got`",
        )  # fmt: skip
        return
    if not row.given:
        yield Fault(Kind.MISSING_FIELD, place, "`given` is missing", f"a {row.kind} that gives nothing", "an issue")
    if row.kind in ("deal", "renewal") and not row.got:
        yield Fault(
            Kind.MISSING_FIELD, place, "`got` is missing", f"a {row.kind} that gets nothing",
            "an issue; what is given for nothing is a `favour`",
        )  # fmt: skip
    if row.kind == "favour":
        if row.got:
            yield Fault(
                Kind.WRONG_QUANTITY, (*place, "got"), "something is got", "a favour that is paid for",
                "no `got`; an exchange is a `deal`",
            )  # fmt: skip
        for number, item in enumerate(row.given):
            if item.issue in frame.issues and not frame.issues[item.issue].favour:
                yield Fault(
                    Kind.WRONG_QUANTITY, (*place, "given", number), "this is not given for nothing", repr(item.issue),
                    "an issue declared with `favour: true`",
                )  # fmt: skip


def _item(item: Item, parties: tuple[str, ...], frame: Frame, place: Place) -> Iterator[Fault]:
    if item.issue not in frame.issue_names:
        yield unknown(Kind.UNKNOWN_NAME, place, "unknown issue", item.issue, frame.issue_names)
        return
    issue = frame.issues.get(item.issue)
    if issue is None:
        return
    for name in parties:
        if name in frame.roles and frame.roles[name] not in issue.roles:
            yield Fault(
                Kind.WRONG_HOLDER, place, f"this country cannot deliver {item.issue!r}",
                f"{name} ({frame.roles[name]})", f"a country whose role is {' or '.join(issue.roles)}",
            )  # fmt: skip
    yield from _size(item, issue, place)


def _size(item: Item, issue: Issue, place: Place) -> Iterator[Fault]:
    if item.size is None and item.unit is None:
        return
    if item.size is None or item.unit is None:
        lacking = "size" if item.size is None else "unit"
        yield Fault(Kind.MISSING_FIELD, place, f"`{lacking}` is missing", "", "`size` and `unit` together, or neither")
    elif issue.unit is None:
        yield Fault(Kind.UNIT_MISFIT, (*place, "unit"), f"{item.issue!r} has no size", repr(item.unit), "no size")
    elif item.unit not in (*units.UNITS, *COUNTS):
        yield unknown(
            Kind.UNKNOWN_UNIT, (*place, "unit"), "unknown unit", item.unit, (*units.UNITS, *COUNTS),
            expected=f"a unit such as {issue.unit!r}",
        )  # fmt: skip
    elif not fits(item.unit, issue.unit):
        yield Fault(
            Kind.UNIT_MISFIT, (*place, "unit"), f"this does not measure {item.issue!r}", repr(item.unit),
            f"a unit such as {issue.unit!r}",
        )  # fmt: skip


def fits(unit: str, other: str) -> bool:
    """Whether two units measure the same thing."""
    known = units.UNITS
    return unit == other or (unit in known and other in known and known[unit].dimension == known[other].dimension)


def _silence(row: Row, place: Place) -> Iterator[Fault]:
    if row.kind == "silence" and row.statements is None:
        yield Fault(
            Kind.MISSING_FIELD, place, "`statements` is missing", "a silence that was not coded",
            "`statements: {expected: NUMBER, actual: NUMBER}`",
        )  # fmt: skip
    elif row.kind != "silence" and row.statements is not None:
        yield Fault(
            Kind.WRONG_QUANTITY, (*place, "statements"), "only a silence has statements expected", repr(row.kind),
            "`kind: silence`, or no `statements`",
        )  # fmt: skip
    elif row.statements is not None and row.statements.actual >= row.statements.expected:
        yield Fault(
            Kind.OUT_OF_BOUNDS, (*place, "statements", "actual"), "no statement was held back",
            str(row.statements.actual), f"fewer than the {row.statements.expected} expected",
        )  # fmt: skip
