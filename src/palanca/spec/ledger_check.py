"""Rules that span rows, issues and parties of a deal ledger; all breaches are reported together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from palanca.core import units
from palanca.spec import rules
from palanca.spec.days import Day
from palanca.spec.declared import Draft
from palanca.spec.faults import Fault, FaultKind, Place, unknown
from palanca.spec.ledger_schema import COUNTS, Item, LedgerFile, LedgerIssue, LedgerRow
from palanca.spec.schema import Case

Roles = dict[str, str]


def faults(draft: Draft[LedgerFile], case: Case) -> list[Fault]:
    """Every breach of every rule among what can be read, in the order of the file's sections."""
    roles: Roles = {code: country.role for code, country in case.countries.items()}
    span = draft.file.span
    found: list[Fault] = []
    if draft.whole("span"):
        found += rules.months_in_order(span, ("span", "last"))
        found += rules.inside(span, case, "outside the span of the case", ("span",))
    found += [*_issues(draft.file.issues), *rules.sources(draft, case.sources, "the case")]
    ids = draft.listed("rows", "id")
    if not ids:
        found.append(Fault(FaultKind.MISSING_FIELD, ("rows",), "there are no rows", "an empty list", "one row or more"))
    found += [*rules.once(ids, "rows", "id", "id"), *_order(draft)]
    for place, row in draft.items("rows"):
        found += [*_dates(row, draft, place), *_parties(row, roles, place)]
        found += _reference(row, [name for name in ids[: int(place[1])] if name], place)
        found += [*_sides(row, draft, roles, place), *_silence(row, place)]
    return found


def _issues(issues: Mapping[str, LedgerIssue]) -> Iterator[Fault]:
    for name, issue in issues.items():
        if not issue.owners:
            yield Fault(
                FaultKind.MISSING_FIELD, ("issues", name, "owners"), "nobody can deliver this issue", "an empty list",
                "roles of countries, or `any`",
            )  # fmt: skip
        if issue.unit is not None and issue.unit not in (*units.UNITS, *COUNTS):
            yield unknown(
                FaultKind.UNKNOWN_UNIT, ("issues", name, "unit"), "unknown unit", issue.unit, (*units.UNITS, *COUNTS),
                expected=f"a unit of docs/reference/units.md, or one of {', '.join(COUNTS)}",
            )  # fmt: skip


def _order(draft: Draft[LedgerFile]) -> Iterator[Fault]:
    latest: Day | None = None
    for place, row in draft.items("rows"):
        if latest is not None and row.date.first < latest:
            yield Fault(
                FaultKind.REVERSED_DATES, (*place, "date"), "the row is out of order",
                str(row.date), f"{latest} or later; rows stand in order of date, a month alone before its days",
            )  # fmt: skip
        else:
            latest = row.date.first


def _dates(row: LedgerRow, draft: Draft[LedgerFile], place: Place) -> Iterator[Fault]:
    span = draft.file.span
    if row.until is not None and row.until < row.date.first:
        found, what = f"{row.date} to {row.until}", "the row ends before it starts"
        yield Fault(FaultKind.REVERSED_DATES, (*place, "until"), what, found, "the earlier date first")
    if not draft.whole("span") or span.last < span.first:
        return
    if row.date.first.month < span.first:
        expected = f"a date from {span.first} on"
        what = "before the span of the ledger"
        yield Fault(FaultKind.OUTSIDE_SPAN, (*place, "date"), what, str(row.date.first), expected)


def _parties(row: LedgerRow, roles: Roles, place: Place) -> Iterator[Fault]:
    for key, names in (("giver", row.giver), ("taker", row.taker)):
        for name in names:
            yield from rules.known(name, roles, "party", (*place, key))
    both = [name for name in row.giver if name in row.taker]
    if both:
        yield Fault(
            FaultKind.WRONG_HOLDER, (*place, "taker"), "one country stands on both sides", ", ".join(both),
            "givers and takers that differ",
        )  # fmt: skip


def _reference(row: LedgerRow, earlier: list[str], place: Place) -> Iterator[Fault]:
    if row.of is None:
        if row.kind in ("renewal", "snapback"):
            yield Fault(
                FaultKind.MISSING_FIELD, place, "`of` is missing", f"a {row.kind} of nothing",
                "the id of the earlier row",
            )  # fmt: skip
    elif row.of not in earlier:
        yield unknown(
            FaultKind.UNKNOWN_NAME, (*place, "of"), "no earlier row of this id", row.of, earlier,
            expected="the id of a row above this one",
        )  # fmt: skip


def _sides(row: LedgerRow, draft: Draft[LedgerFile], roles: Roles, place: Place) -> Iterator[Fault]:
    yield from _fullness(row, draft.file.issues, place)
    for key, items, parties in (("given", row.given, row.giver), ("got", row.got, row.taker)):
        for number, item in enumerate(items):
            yield from _item(item, {name: roles.get(name, "") for name in parties}, draft, (*place, key, number))


def _fullness(row: LedgerRow, issues: Mapping[str, LedgerIssue], place: Place) -> Iterator[Fault]:
    """Whether a row of this kind has what it needs on each side."""
    if not row.given and not row.got:
        yield Fault(
            FaultKind.MISSING_FIELD, place, "nothing is given and nothing is got", f"an empty {row.kind}",
            "an issue under `given` or `got`",
        )  # fmt: skip
        return
    if not row.given:
        yield Fault(
            FaultKind.MISSING_FIELD, place, "`given` is missing", f"a {row.kind} that gives nothing", "an issue"
        )
    if row.kind in ("deal", "renewal") and not row.got:
        yield Fault(
            FaultKind.MISSING_FIELD, place, "`got` is missing", f"a {row.kind} that gets nothing",
            "an issue; what is given for nothing is a `favour`",
        )  # fmt: skip
    if row.kind == "favour":
        if row.got:
            yield Fault(
                FaultKind.WRONG_QUANTITY, (*place, "got"), "something is got", "a favour that is paid for",
                "no `got`; an exchange is a `deal`",
            )  # fmt: skip
        for number, item in enumerate(row.given):
            if item.issue in issues and not issues[item.issue].favour:
                yield Fault(
                    FaultKind.WRONG_QUANTITY, (*place, "given", number), "this is not given for nothing",
                    repr(item.issue), "an issue declared with `favour: true`",
                )  # fmt: skip


def _item(item: Item, parties: Roles, draft: Draft[LedgerFile], place: Place) -> Iterator[Fault]:
    yield from rules.known(item.issue, draft.names("issues"), "issue", place)
    issue = draft.file.issues.get(item.issue)
    if issue is None:
        return
    for name, role in parties.items():
        if role and role not in issue.roles:
            yield Fault(
                FaultKind.WRONG_HOLDER, place, f"this country cannot deliver {item.issue!r}",
                f"{name} ({role})", f"a country whose role is {' or '.join(issue.roles)}",
            )  # fmt: skip
    yield from _size(item, issue, place)


def _size(item: Item, issue: LedgerIssue, place: Place) -> Iterator[Fault]:
    if item.size is None and item.unit is None:
        return
    if item.size is None or item.unit is None:
        lacking = "size" if item.size is None else "unit"
        yield Fault(
            FaultKind.MISSING_FIELD, place, f"`{lacking}` is missing", "", "`size` and `unit` together, or neither"
        )
    elif issue.unit is None:
        yield Fault(FaultKind.UNIT_MISFIT, (*place, "unit"), f"{item.issue!r} has no size", repr(item.unit), "no size")
    elif item.unit not in (*units.UNITS, *COUNTS):
        yield unknown(
            FaultKind.UNKNOWN_UNIT, (*place, "unit"), "unknown unit", item.unit, (*units.UNITS, *COUNTS),
            expected=f"a unit such as {issue.unit!r}",
        )  # fmt: skip
    elif not fits(item.unit, issue.unit):
        yield Fault(
            FaultKind.UNIT_MISFIT, (*place, "unit"), f"this does not measure {item.issue!r}", repr(item.unit),
            f"a unit such as {issue.unit!r}",
        )  # fmt: skip


def fits(unit: str, other: str) -> bool:
    """Whether two units measure the same thing."""
    known = units.UNITS
    return unit == other or (unit in known and other in known and known[unit].dimension == known[other].dimension)


def _silence(row: LedgerRow, place: Place) -> Iterator[Fault]:
    if row.kind == "silence" and row.statements is None:
        yield Fault(
            FaultKind.MISSING_FIELD, place, "`statements` is missing", "a silence that was not coded",
            "`statements: {expected: NUMBER, actual: NUMBER}`",
        )  # fmt: skip
    elif row.kind != "silence" and row.statements is not None:
        yield Fault(
            FaultKind.WRONG_QUANTITY, (*place, "statements"), "only a silence has statements expected", repr(row.kind),
            "`kind: silence`, or no `statements`",
        )  # fmt: skip
    elif row.statements is not None and row.statements.actual >= row.statements.expected:
        yield Fault(
            FaultKind.OUT_OF_BOUNDS, (*place, "statements", "actual"), "no statement was held back",
            str(row.statements.actual), f"fewer than the {row.statements.expected} expected",
        )  # fmt: skip
