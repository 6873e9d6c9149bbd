"""Rules that span fields of a case, one small function each; all breaches are reported together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations

from palanca.core import units
from palanca.core.errors import UnitError
from palanca.data import catalogue
from palanca.data.catalogue import SeriesEntry
from palanca.spec import figures, rules, tables
from palanca.spec.days import Day
from palanca.spec.declared import Draft
from palanca.spec.faults import Fault, FaultKind, Place, path, unknown
from palanca.spec.schema import Case, Entry, Lag
from palanca.spec.series_names import named

CAP_UNIT = "people / month"
WARNED = 12  # months before deeds begin in which what they carry out is to have been announced
LAG_UNIT = "months"


def faults(draft: Draft[Case], rows: Mapping[str, SeriesEntry] | None = None) -> list[Fault]:
    """Every breach of every rule among what can be read, in the order of the file's sections.

    Args:
        draft: The case.
        rows: The row of each series that it may name; those packaged if nothing.
    """
    case, span = draft.file, draft.whole("span")
    known = catalogue.entries() if rows is None else rows
    found = [*_core(draft, known), *(rules.months_in_order(case.span, ("span", "last")) if span else ())]
    found += [*_countries(draft), *_origins(case, known), *_levers(draft)]
    found += [*_series(case, known), *_sectors(draft, known)]
    for place, entry in draft.items("record"):
        found += _entry(draft, entry, place)
    found += [*_contradictions(draft), *_deeds(draft), *_parameters(case)]
    for place, vote in draft.items("elections"):
        found += rules.known(vote.country, draft.names("countries"), "country", (*place, "country"))
        if span and vote.date.month < case.span.first:
            expected = f"a day from {case.span.first} on"
            what = "before the span of the case"
            found.append(Fault(FaultKind.OUTSIDE_SPAN, (*place, "date"), what, str(vote.date), expected))
    return [*found, *_off(case), *rules.sources(draft)]


def measure(amount: float, unit: str, mechanism: tables.Mechanism) -> float:
    """An amount in the unit of its mechanism.

    Raises:
        UnitError: The unit is unknown or measures something else.
    """
    return units.convert(amount, unit, mechanism.unit)


def _overlap(draft: Draft[Case], one: Entry, other: Entry) -> tuple[Day, Day] | None:
    """First and last day on which two entries cover the same people, or None."""
    end = Day.end(max(draft.file.span.last, one.first.month, other.first.month))
    first, last = max(one.first, other.first), min(one.last or end, other.last or end)
    shared = all(
        set(getattr(one, axis).among(draft.names(axis))) & set(getattr(other, axis).among(draft.names(axis)))
        for axis in rules.AXES
    )
    return (first, last) if shared and first <= last else None


def _core(draft: Draft[Case], rows: Mapping[str, SeriesEntry]) -> Iterator[Fault]:
    """Core series are in the catalogue and told by month, and there are some where the span follows them."""
    monthly = figures.monthly(rows)
    for at, name in enumerate(draft.file.core if draft.whole("core") else ()):
        if name not in monthly:
            yield unknown(FaultKind.UNKNOWN_NAME, ("core", at), "no such series by month", name, monthly)
    if draft.whole("span", "core") and not draft.file.span.settled and not draft.file.core:
        expected = "a month, or the series that `latest` follows under `core`"
        yield Fault(FaultKind.MISSING_FIELD, ("span", "last"), "`latest` follows no series", "no `core`", expected)


def _series(case: Case, known: Mapping[str, SeriesEntry]) -> Iterator[Fault]:
    """Series are in the catalogue, and what the figures call each origin is a label of theirs."""
    if case.series is None:
        return
    wrong = [name for name in named(case.series) if name not in known]
    for name in wrong:
        yield unknown(FaultKind.UNKNOWN_NAME, ("series",), "no such series", name, known)


def _sectors(draft: Draft[Case], known: Mapping[str, SeriesEntry]) -> Iterator[Fault]:
    """A sector is one for which encounters are counted, where any are."""
    names = draft.file.series
    for series in (names.sectors, names.origins_by_sector) if names is not None else ():
        labels = known[series].labels.get("sector", ()) if series is not None and series in known else ()
        for place, _ in draft.items("sectors") if labels else ():
            sector = str(place[-1])
            if sector not in labels:
                yield unknown(FaultKind.UNKNOWN_NAME, place, f"no figures for this sector in {series}", sector, labels)


def _countries(draft: Draft[Case]) -> Iterator[Fault]:
    for role in ("destination", "transit") if draft.whole("countries") else ():
        number = sum(country.role == role for country in draft.file.countries.values())
        if number != 1:
            yield Fault(FaultKind.WRONG_ROLES, ("countries",), f"the role {role!r}", f"{number} countries", "one")


def _origins(case: Case, rows: Mapping[str, SeriesEntry]) -> Iterator[Fault]:
    for code, origin in case.origins.items():
        place: Place = ("origins", code)
        total = sum(origin.delay)
        if abs(total - 1) > 1e-6 or min(origin.delay) < 0:
            yield Fault(
                FaultKind.DELAY_SUM, (*place, "delay"), "shares of delay",
                f"a sum of {total:g}", "three shares from 0 to 1 that sum to 1",
            )  # fmt: skip
        codes = figures.data_codes(case, rows)
        if origin.data not in codes:
            what = "no figures under this code"
            yield unknown(FaultKind.UNKNOWN_DATA_CODE, (*place, "data"), what, origin.data, codes)


def _levers(draft: Draft[Case]) -> Iterator[Fault]:
    mechanisms, countries = tables.mechanisms(), draft.file.countries
    for place, lever in draft.items("levers"):
        if lever.mechanism not in mechanisms:
            what = "unknown mechanism"
            yield unknown(FaultKind.UNKNOWN_MECHANISM, (*place, "mechanism"), what, lever.mechanism, mechanisms)
        yield from rules.known(lever.holder, draft.names("countries"), "country", (*place, "holder"))
        if lever.mechanism in mechanisms:
            yield from _lag(draft, lever.lag, mechanisms[lever.mechanism], place)
        if lever.holder in countries and lever.mechanism in mechanisms:
            roles, role = mechanisms[lever.mechanism].holder_roles, countries[lever.holder].role
            if "any" not in roles and role not in roles:
                yield Fault(
                    FaultKind.WRONG_HOLDER, (*place, "holder"), f"this country cannot hold {lever.mechanism!r}",
                    f"{lever.holder} ({role})", f"a country whose role is {' or '.join(roles)}",
                )  # fmt: skip


def _lag(draft: Draft[Case], given: Lag | None, mechanism: tables.Mechanism, place: Place) -> Iterator[Fault]:
    """A lag belongs to a mechanism that is felt late, and is over within the span."""
    if not mechanism.lag:
        if given is not None:
            takers = ", ".join(name for name, row in tables.mechanisms().items() if row.lag)
            what = f"{mechanism.name!r} acts at once"
            yield Fault(FaultKind.WRONG_LAG, (*place, "lag"), what, "a lag", f"one on {takers}")
        return
    try:
        months = mechanism.lag if given is None else units.convert(given.value, given.unit, LAG_UNIT)
    except UnitError as fault:
        yield _unit(fault, given.unit if given else "", (*place, "lag", "unit"), LAG_UNIT)
        return
    if draft.whole("span") and months >= len(draft.file.span.span):
        yield Fault(
            FaultKind.WRONG_LAG, (*place, *(("lag", "value") if given else ())),
            f"{mechanism.name!r} would not be felt within the span",
            f"a lag of {months:g} months", f"a `lag` of fewer than the {len(draft.file.span.span)} months of the span",
        )  # fmt: skip


def _entry(draft: Draft[Case], entry: Entry, place: Place) -> Iterator[Fault]:
    if draft.whole("span"):
        yield from _dates(draft.file, entry, place)
    for axis in rules.AXES:
        yield from rules.uncovered(getattr(entry, axis), draft.names(axis), (*place, axis), axis)
    yield from rules.known(entry.lever, draft.names("levers"), "lever", (*place, "lever"))
    lever = draft.file.levers.get(entry.lever)
    mechanism = tables.mechanisms().get(lever.mechanism) if lever is not None else None
    if mechanism is not None:
        yield from _quantity(entry, mechanism, place)
        yield from _cap(entry, mechanism, place)


def _dates(case: Case, entry: Entry, place: Place) -> Iterator[Fault]:
    """What starts or ends after the span lies ahead of it; nothing may lie before."""
    yield from rules.in_order(entry.first, entry.last, (*place, "to"), "the entry ends before it starts")
    span = f"a day from {case.span.first} on"
    for key, day in (("from", entry.first), ("to", entry.last)):
        if day is not None and day.month < case.span.first:
            expected = span if key == "from" else f"{span}, or `open` for what stays in force"
            yield Fault(FaultKind.OUTSIDE_SPAN, (*place, key), "before the span of the case", str(day), expected)


def _quantity(entry: Entry, mechanism: tables.Mechanism, place: Place) -> Iterator[Fault]:
    if entry.quantities != (mechanism.quantity,):
        wrong = [name for name in entry.quantities if name != mechanism.quantity]
        yield Fault(
            FaultKind.WRONG_QUANTITY, (*place, *wrong[:1]), f"{mechanism.name!r} takes one quantity",
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
            FaultKind.OUT_OF_BOUNDS, (*place, mechanism.quantity), "the setting is out of bounds",
            f"{amount:g}", f"{mechanism.low:g} to {mechanism.high:g} {mechanism.unit}",
        )  # fmt: skip


def _cap(entry: Entry, mechanism: tables.Mechanism, place: Place) -> Iterator[Fault]:
    if entry.cap is None and entry.cap_unit is None:
        return
    if not mechanism.capped:
        key = "cap" if entry.cap is not None else "cap_unit"
        takers = ", ".join(name for name, row in tables.mechanisms().items() if row.capped)
        yield Fault(FaultKind.WRONG_CAP, (*place, key), f"{mechanism.name!r} takes no cap", "a cap", f"one on {takers}")
    elif entry.cap is None or entry.cap_unit is None:
        lacking = "cap" if entry.cap is None else "cap_unit"
        yield Fault(FaultKind.WRONG_CAP, place, f"`{lacking}` is missing", "", f"`cap` and `cap_unit: {CAP_UNIT}`")
    else:
        try:
            units.convert(entry.cap, entry.cap_unit, CAP_UNIT)
        except UnitError as fault:
            yield _unit(fault, entry.cap_unit, (*place, "cap_unit"), CAP_UNIT)


def _unit(fault: UnitError, unit: str, place: Place, fitting: str) -> Fault:
    if unit in units.UNITS:
        return Fault(FaultKind.UNIT_MISFIT, place, fault.what, fault.found, fault.expected)
    return unknown(FaultKind.UNKNOWN_UNIT, place, fault.what, unit, units.UNITS, expected=f"a unit such as {fitting!r}")


def _contradictions(draft: Draft[Case]) -> Iterator[Fault]:
    by_lever: dict[str, list[tuple[Place, Entry]]] = {}
    for place, entry in draft.items("record") if draft.whole("span") else ():
        by_lever.setdefault(entry.lever, []).append((place, entry))
    for lever, entries in by_lever.items():
        for (first, one), (second, other) in combinations(entries, 2):
            days = _overlap(draft, one, other)
            if days:
                yield Fault(
                    FaultKind.CONTRADICTION, second, f"{lever!r} is set twice for the same people",
                    f"{path(first)} and {path(second)} from {days[0]} to {days[1]}",
                    "one setting a day; end the earlier entry, or narrow whom one covers",
                )  # fmt: skip


def _deeds(draft: Draft[Case]) -> Iterator[Fault]:
    """Deeds carry out what a warning has announced: one begins by then, no more than a year before."""
    acting = {name: lever.mechanism for name, lever in draft.file.levers.items()}
    entries = [(place, one) for place, one in draft.items("record") if one.quantities and one.amount]
    spoken = [one.first for _, one in entries if acting.get(one.lever) == "warning"]
    for place, one in entries:
        earliest = one.first.month + -WARNED
        if acting.get(one.lever) == "deeds" and not any(earliest <= day.month <= one.first.month for day in spoken):
            yield Fault(
                FaultKind.UNSPOKEN_DEEDS, place, f"{one.lever!r} carries out what was never announced",
                "no warning", f"an entry of a lever of `warning` that begins from {earliest} to {one.first.month}",
            )  # fmt: skip


def _parameters(case: Case) -> Iterator[Fault]:
    known = tables.parameters()
    for name, given in case.parameters.items():
        place: Place = ("parameters", name)
        if name not in known:
            yield unknown(
                FaultKind.UNKNOWN_PARAMETER, place, "unknown parameter", name, known,
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
            yield Fault(
                FaultKind.UNIT_MISFIT, (*place, "unit"), "a beta prior cannot be rescaled", given.unit, row.unit
            )
        if given.value is not None and not row.low <= given.value * scale <= row.high:
            yield Fault(
                FaultKind.OUT_OF_BOUNDS, (*place, "value"), "the value is out of bounds",
                f"{given.value * scale:g}", f"{row.low:g} to {row.high:g} {row.unit}",
            )  # fmt: skip


def _bounds(row: tables.ParameterRow, given: tuple[float, float] | None, scale: float, place: Place) -> Iterator[Fault]:
    if given is not None and not row.low <= given[0] * scale < given[1] * scale <= row.high:
        yield Fault(
            FaultKind.OUT_OF_BOUNDS, (*place, "bounds"), "bounds wider than the table's, or reversed",
            f"{given[0]:g} to {given[1]:g}", f"within {row.low:g} to {row.high:g} {row.unit}",
        )  # fmt: skip


def _off(case: Case) -> Iterator[Fault]:
    for i, name in enumerate(case.off):
        if name not in tables.mechanisms():
            yield unknown(FaultKind.UNKNOWN_MECHANISM, ("off", i), "unknown mechanism", name, tables.mechanisms())
