"""Rules that span fields of a case, one small function each; all breaches are reported together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations

from palanca.core import units
from palanca.core.errors import UnitError
from palanca.spec import tables
from palanca.spec.days import Day
from palanca.spec.faults import Fault, Kind, Place, unknown
from palanca.spec.schema import Case, Coverage, Election, Entry

CAP_UNIT = "people / month"


def faults(case: Case, numbers: Mapping[str, Sequence[int]] | None = None) -> list[Fault]:
    """Every breach of every rule, in the order of the file's sections.

    Args:
        case: The case to check.
        numbers: Places in the file of the items of a list, when a case holds only some of them.
    """
    kept = numbers or {}
    record = list(zip(kept.get("record", range(len(case.record))), case.record, strict=True))
    votes = list(zip(kept.get("elections", range(len(case.elections))), case.elections, strict=True))
    found = [*_span(case), *_countries(case), *_origins(case), *_levers(case)]
    for i, entry in record:
        found += _entry(case, entry, ("record", i))
    found += _contradictions(case, record)
    found += _parameters(case)
    for i, vote in votes:
        found += _election(case, vote, ("elections", i))
    return [*found, *_off(case)]


def measure(amount: float, unit: str, mechanism: tables.Mechanism) -> float:
    """An amount in the unit of its mechanism.

    Raises:
        UnitError: The unit is unknown or measures something else.
    """
    return units.convert(amount, unit, mechanism.unit)


def overlap(case: Case, one: Entry, other: Entry) -> tuple[Day, Day] | None:
    """First and last day on which two entries cover the same people, or None."""
    end = Day.end(case.span.last)
    first, last = max(one.first, other.first), min(one.last or end, other.last or end)
    axes = (
        (one.origins, other.origins, case.origins),
        (one.groups, other.groups, case.groups),
        (one.sectors, other.sectors, case.sectors),
    )
    shared = all(set(a.among(tuple(names))) & set(b.among(tuple(names))) for a, b, names in axes)
    return (first, last) if shared and first <= last else None


def _span(case: Case) -> Iterator[Fault]:
    first, last = case.span.first, case.span.last
    if last < first:
        yield Fault(
            Kind.REVERSED_DATES, ("span", "last"), "the span ends before it starts",
            f"{first} to {last}", "the earlier month first",
        )  # fmt: skip


def _countries(case: Case) -> Iterator[Fault]:
    for role in ("destination", "transit"):
        number = sum(country.role == role for country in case.countries.values())
        if number != 1:
            yield Fault(Kind.WRONG_ROLES, ("countries",), f"the role {role!r}", f"{number} countries", "one")


def _origins(case: Case) -> Iterator[Fault]:
    for code, origin in case.origins.items():
        place: Place = ("origins", code)
        total = sum(origin.delay)
        if abs(total - 1) > 1e-6 or min(origin.delay) < 0:
            yield Fault(
                Kind.DELAY_SUM, (*place, "delay"), "shares of delay",
                f"a sum of {total:g}", "three shares from 0 to 1 that sum to 1",
            )  # fmt: skip
        if origin.data not in tables.data_codes():
            yield unknown(
                Kind.UNKNOWN_DATA_CODE, (*place, "data"), "no figures under this code", origin.data,
                tables.data_codes(),
            )  # fmt: skip


def _levers(case: Case) -> Iterator[Fault]:
    known = tables.mechanisms()
    for name, lever in case.levers.items():
        place: Place = ("levers", name)
        if lever.mechanism not in known:
            yield unknown(Kind.UNKNOWN_MECHANISM, (*place, "mechanism"), "unknown mechanism", lever.mechanism, known)
        if lever.holder not in case.countries:
            yield unknown(Kind.UNKNOWN_NAME, (*place, "holder"), "unknown country", lever.holder, case.countries)
        elif lever.mechanism in known:
            roles, role = known[lever.mechanism].holder_roles, case.countries[lever.holder].role
            if "any" not in roles and role not in roles:
                yield Fault(
                    Kind.WRONG_HOLDER, (*place, "holder"), f"this country cannot hold {lever.mechanism!r}",
                    f"{lever.holder} ({role})", f"a country whose role is {' or '.join(roles)}",
                )  # fmt: skip


def _entry(case: Case, entry: Entry, place: Place) -> Iterator[Fault]:
    yield from _dates(case, entry, place)
    yield from _covers(case, entry, place)
    for source in entry.source:
        if source not in case.sources:
            yield unknown(Kind.UNKNOWN_NAME, (*place, "source"), "unknown source", source, case.sources)
    if entry.lever not in case.levers:
        yield unknown(Kind.UNKNOWN_NAME, (*place, "lever"), "unknown lever", entry.lever, case.levers)
        return
    mechanism = tables.mechanisms().get(case.levers[entry.lever].mechanism)
    if mechanism is not None:
        yield from _quantity(entry, mechanism, place)
        yield from _cap(entry, mechanism, place)


def _dates(case: Case, entry: Entry, place: Place) -> Iterator[Fault]:
    if entry.last is not None and entry.last < entry.first:
        yield Fault(
            Kind.REVERSED_DATES, (*place, "to"), "the entry ends before it starts",
            f"{entry.first} to {entry.last}", "the earlier day first",
        )  # fmt: skip
    span = f"a day from {case.span.first} to {case.span.last}"
    for key, day in (("from", entry.first), ("to", entry.last)):
        if day is not None and day.month not in case.span.span:
            expected = span if key == "from" else f"{span}, or `open` for what stays in force"
            yield Fault(Kind.OUTSIDE_SPAN, (*place, key), "outside the span of the case", str(day), expected)


def _covers(case: Case, entry: Entry, place: Place) -> Iterator[Fault]:
    for axis, coverage, names in (
        ("origins", entry.origins, case.origins),
        ("groups", entry.groups, case.groups),
        ("sectors", entry.sectors, case.sectors),
    ):
        yield from uncovered(coverage, tuple(names), (*place, axis), axis)


def uncovered(coverage: Coverage, names: tuple[str, ...], place: Place, axis: str) -> Iterator[Fault]:
    """Faults of one coverage: names that the axis lacks, or nobody covered at all."""
    noun = axis.removesuffix("s")
    for key, given in (("only", coverage.only or ()), ("except", coverage.but)):
        for i, name in enumerate(given):
            if name not in names:
                spot = (*place, i) if key == "only" else (*place, key, i)
                yield unknown(Kind.UNKNOWN_NAME, spot, f"unknown {noun}", name, names)
    if not coverage.among(names) and all(name in names for name in (coverage.only or ())):
        yield Fault(Kind.OUT_OF_BOUNDS, place, f"no {noun} is covered", "nobody", f"at least one {noun}")


def _quantity(entry: Entry, mechanism: tables.Mechanism, place: Place) -> Iterator[Fault]:
    if entry.quantities != (mechanism.quantity,):
        wrong = [name for name in entry.quantities if name != mechanism.quantity]
        yield Fault(
            Kind.WRONG_QUANTITY, (*place, *wrong[:1]), f"{mechanism.name!r} takes one quantity",
            ", ".join(f"`{name}`" for name in entry.quantities) or "none", f"`{mechanism.quantity}`",
        )  # fmt: skip
        return
    try:
        amount = measure(entry.amount, entry.unit, mechanism)
    except UnitError as fault:
        yield _unit(fault, entry.unit, (*place, "unit"), mechanism.unit)
        return
    if not mechanism.low <= amount <= mechanism.high:
        yield Fault(
            Kind.OUT_OF_BOUNDS, (*place, mechanism.quantity), "the setting is out of bounds",
            f"{amount:g}", f"{mechanism.low:g} to {mechanism.high:g} {mechanism.unit}",
        )  # fmt: skip


def _cap(entry: Entry, mechanism: tables.Mechanism, place: Place) -> Iterator[Fault]:
    if entry.cap is None and entry.cap_unit is None:
        return
    if not mechanism.capped:
        key = "cap" if entry.cap is not None else "cap_unit"
        takers = ", ".join(name for name, row in tables.mechanisms().items() if row.capped)
        yield Fault(Kind.WRONG_CAP, (*place, key), f"{mechanism.name!r} takes no cap", "a cap", f"one on {takers}")
    elif entry.cap is None or entry.cap_unit is None:
        lacking = "cap" if entry.cap is None else "cap_unit"
        yield Fault(Kind.WRONG_CAP, place, f"`{lacking}` is missing", "", f"`cap` and `cap_unit: {CAP_UNIT}`")
    else:
        try:
            units.convert(entry.cap, entry.cap_unit, CAP_UNIT)
        except UnitError as fault:
            yield _unit(fault, entry.cap_unit, (*place, "cap_unit"), CAP_UNIT)


def _unit(fault: UnitError, unit: str, place: Place, fitting: str) -> Fault:
    if unit in units.UNITS:
        return Fault(Kind.UNIT_MISFIT, place, fault.what, fault.found, fault.expected)
    return unknown(Kind.UNKNOWN_UNIT, place, fault.what, unit, units.UNITS, expected=f"a unit such as {fitting!r}")


def _contradictions(case: Case, record: list[tuple[int, Entry]]) -> Iterator[Fault]:
    by_lever: dict[str, list[tuple[int, Entry]]] = {}
    for number, entry in record:
        by_lever.setdefault(entry.lever, []).append((number, entry))
    for lever, entries in by_lever.items():
        for (i, one), (j, other) in combinations(entries, 2):
            days = overlap(case, one, other)
            if days:
                yield Fault(
                    Kind.CONTRADICTION, ("record", j), f"{lever!r} is set twice for the same people",
                    f"record[{i}] and record[{j}] from {days[0]} to {days[1]}",
                    "one setting a day; end the earlier entry, or narrow whom one covers",
                )  # fmt: skip


def _parameters(case: Case) -> Iterator[Fault]:
    known = tables.parameters()
    for name, given in case.parameters.items():
        place: Place = ("parameters", name)
        for source in given.source:
            if source not in case.sources:
                yield unknown(Kind.UNKNOWN_NAME, (*place, "source"), "unknown source", source, case.sources)
        if name not in known:
            yield unknown(
                Kind.UNKNOWN_PARAMETER, place, "unknown parameter", name, known,
                expected="one of docs/reference/parameters.md",
            )  # fmt: skip
            continue
        row = known[name]
        try:
            scale = units.convert(1.0, given.unit, row.unit)
        except UnitError as fault:
            yield _unit(fault, given.unit, (*place, "unit"), row.unit)
            continue
        yield from _bounds(row, given.bounds, scale, place)
        if given.prior is not None and given.prior.family == "beta" and scale != 1:
            yield Fault(Kind.UNIT_MISFIT, (*place, "unit"), "a beta prior cannot be rescaled", given.unit, row.unit)
        if given.value is not None and not row.low <= given.value * scale <= row.high:
            yield Fault(
                Kind.OUT_OF_BOUNDS, (*place, "value"), "the value is out of bounds",
                f"{given.value * scale:g}", f"{row.low:g} to {row.high:g} {row.unit}",
            )  # fmt: skip


def _bounds(row: tables.ParameterRow, given: tuple[float, float] | None, scale: float, place: Place) -> Iterator[Fault]:
    if given is not None and not row.low <= given[0] * scale < given[1] * scale <= row.high:
        yield Fault(
            Kind.OUT_OF_BOUNDS, (*place, "bounds"), "bounds wider than the table's, or reversed",
            f"{given[0]:g} to {given[1]:g}", f"within {row.low:g} to {row.high:g} {row.unit}",
        )  # fmt: skip


def _election(case: Case, election: Election, place: Place) -> Iterator[Fault]:
    yield from _declared(election.country, case.countries, (*place, "country"), "country")
    for source in election.source:
        yield from _declared(source, case.sources, (*place, "source"), "source")
    if election.date.month < case.span.first:
        yield Fault(
            Kind.OUTSIDE_SPAN, (*place, "date"), "before the span of the case",
            str(election.date), f"a day from {case.span.first} on",
        )  # fmt: skip


def _declared(name: str, names: Iterable[str], place: Place, noun: str) -> Iterator[Fault]:
    known = list(names)
    if name not in known:
        yield unknown(Kind.UNKNOWN_NAME, place, f"unknown {noun}", name, known)


def _off(case: Case) -> Iterator[Fault]:
    for i, name in enumerate(case.off):
        if name not in tables.mechanisms():
            yield unknown(Kind.UNKNOWN_MECHANISM, ("off", i), "unknown mechanism", name, tables.mechanisms())
