"""What the figures in force ask of a case that is to be run or fitted, and the last month that they tell of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from palanca.core.clock import Month, Span
from palanca.core.errors import SeriesError
from palanca.core.wording import listed
from palanca.data import catalogue
from palanca.data.catalogue import SeriesEntry
from palanca.spec import marks, tables
from palanca.spec.declared import ATLAS
from palanca.spec.schema import Case
from palanca.spec.series_names import SeriesNames

if TYPE_CHECKING:  # reading figures loads xarray, and checking a case starts fast
    from palanca.data.read import Figures

WAY_OUT = "Copy one that does, `palanca case new NAME --from {like}`, and change that."

MONTHS_WAY_OUT = (
    "Let the span end with `last: latest`, which follows the figures, or within them; `palanca data update FILE` takes"
    " in a newer release."
)

FIRST_WAY_OUT = "Add that month to the table, or let the span begin a month later."
SUMS_WAY_OUT = "Correct the table, or enter what is missing as one more origin or group."
UNLIKE = 0.5  # counts that differ by more than this are not the same count


@dataclass(frozen=True)
class FiguresMismatch:
    """One thing in which a case and the figures differ, so that neither a run nor a fit can begin.

    Args:
        what: What they differ in: origins, groups, sectors or months.
        problem: The same as a sentence.
        found: What the case leaves out or has besides, or which months a series tells.
        expected: What the figures count together, or the months of the case.
        way_out: What to do.
    """

    what: str
    problem: str
    found: str
    expected: str
    way_out: str


@cache
def packaged() -> Mapping[str, Span]:
    """The months of every packaged series that is told by month."""
    return monthly(catalogue.entries())


def monthly(rows: Mapping[str, SeriesEntry]) -> dict[str, Span]:
    """The months of each of some series that is told by month."""
    return {row.id: catalogue.months_of([row]) for row in rows.values() if not row.yearly}


def settled(case: Case, months: Mapping[str, Span] | None = None) -> Case:
    """The case with `latest` as its last month set to the last in which every one of its core series is known.

    Args:
        case: The case; one that writes its last month stays as it is, as does one whose core series are not declared.
        months: The months of each series in force; those packaged if nothing.

    Raises:
        SeriesError: A core series has no edition in force, as none was known by a date.
    """
    known = packaged() if months is None else months
    if case.span.end is not None or not case.core or not set(case.core) <= {*packaged(), *known}:
        return case
    if unknown := [name for name in case.core if name not in known]:
        raise SeriesError(
            f"no edition of {listed(unknown)} was known then",
            where="--as-known",
            expected="a later month",
            way_out="An older release is taken into a store with `palanca data update FILE`.",
        )
    return case.model_copy(update={"span": case.span.reaching(min(known[name].last for name in case.core))})


def gaps(
    case: Case, months: Mapping[str, Span] | None = None, rows: Mapping[str, SeriesEntry] | None = None
) -> list[FiguresMismatch]:
    """Everything in which a case differs from what the figures count together; nothing if it can be run and fitted.

    Args:
        case: The case.
        months: The months of each series in force; those packaged if nothing.
        rows: The row of each series there is; those packaged if nothing.
    """
    found = []
    for what, series, needed, given in _whole(case, catalogue.entries() if rows is None else rows):
        missing, beyond = sorted(needed - given), sorted(given - needed)
        if missing or beyond:
            gap = f"without {listed(missing, 4)}" if missing else f"with {listed(beyond, 4)} besides"
            problem = f"the case covers only a part of what {series} and its sums count"
            way_out = WAY_OUT.format(like=like(case) or "CASE")
            found.append(FiguresMismatch(what, problem, gap, f"all {len(needed)} {what}", way_out))
    return [*found, *_outside(case, packaged() if months is None else months)]


def series_of(case: Case) -> SeriesNames:
    """The series of a case.

    Raises:
        SeriesError: It names none.
    """
    if case.series is None:
        raise SeriesError(
            "the case does not say which series tell of it",
            where=case.case,
            expected="a section `series`, or the `core` of a shipped case",
            way_out="`palanca case show NAME --what series` shows those of a shipped case.",
        )
    return case.series


def with_series(case: Case) -> Case:
    """The case with the series of the shipped case that has the same core, if it names none of its own."""
    if case.series is not None or not case.core:
        return case
    found = next((names for core, names in shipped_series().values() if core == case.core), None)
    return case if found is None else case.model_copy(update={"series": found})


def like(case: Case) -> str:
    """The shipped case whose series a case has; empty if none."""
    return next((name for name, (_, names) in shipped_series().items() if names == case.series), "")


@cache
def shipped_series() -> Mapping[str, tuple[tuple[str, ...], SeriesNames]]:
    """The core and the series of every shipped case, by its name."""
    found = {}
    for path in sorted(ATLAS.glob("*/case.yaml")):
        content = marks.read(path).content
        assert isinstance(content, dict)  # shipped cases are sound
        found[path.parent.name] = (tuple(content["core"]), SeriesNames.model_validate(content["series"]))
    return found


def data_codes(case: Case, rows: Mapping[str, SeriesEntry] | None = None) -> tuple[str, ...]:
    """Codes under which the figures of a case list origins; all that any figures use, if it names no series."""
    known = catalogue.entries() if rows is None else rows
    if case.series is None or case.series.encounters not in known:
        return tuple(tables.data_codes())
    return _labels(known[case.series.encounters])


def _whole(case: Case, rows: Mapping[str, SeriesEntry]) -> Iterator[tuple[str, str, set[str], set[str]]]:
    """What the figures count together: what it is, the series, its labels, and what the case has of them."""
    if case.series is None:
        return
    names = case.series
    yield "origins", names.encounters, set(data_codes(case, rows)), {origin.data for origin in case.origins.values()}
    if names.groups:
        yield "groups", names.groups, set(_labels(rows[names.groups])), set(case.groups)
    if names.sectors:
        yield "sectors", names.sectors, set(_labels(rows[names.sectors])), set(case.sectors)


def _labels(row: SeriesEntry) -> tuple[str, ...]:
    """The labels of the axis that divides a series; none where nothing divides it."""
    return row.labels[row.dims[1]] if len(row.dims) > 1 else ()


def _outside(case: Case, months: Mapping[str, Span]) -> list[FiguresMismatch]:
    """The core series that do not tell every month of a case."""
    asked, found = f"{case.span.first} to {case.span.last}", []
    for name in case.core:
        known = months.get(name)  # nothing if none was known by a date; reading it says so
        if known is not None and (case.span.first < known.first or known.last < case.span.last):
            told = f"{known.first} to {known.last}"
            problem = f"the case has months that {name} does not tell"
            found.append(FiguresMismatch("months", problem, told, f"figures from {asked}", MONTHS_WAY_OUT))
    return found


def sums(case: Case, observed: Figures) -> list[FiguresMismatch]:
    """Where series of the case's own that divide the same encounters do not add up, or begin too late.

    Packaged series are held together by `palanca data verify`; those of a case only here.

    Args:
        case: The case.
        observed: The figures in force.
    """
    if case.series is None or case.series.encounters not in observed.own:
        return []
    names, found = case.series, []
    months = observed.months()
    before = case.span.first + -1
    if names.total in months and not months[names.total].first <= before <= months[names.total].last:
        told = f"{months[names.total].first} to {months[names.total].last}"
        problem = f"{names.total} must tell the month before the first, from which the case begins"
        found.append(FiguresMismatch("months", problem, told, f"figures of {before}", FIRST_WAY_OUT))
    whole = _monthly_sum(observed, names.encounters)
    for series in filter(None, (names.total, names.groups, names.sectors)):
        part = _monthly_sum(observed, series)
        for month in sorted(set(whole) & set(part)):
            if case.span.first <= Month.parse(month) <= case.span.last and abs(part[month] - whole[month]) > UNLIKE:
                problem = f"{series} and {names.encounters} count the same encounters"
                gap = f"{part[month]:g} and {whole[month]:g} in {month}"
                found.append(FiguresMismatch("sums", problem, gap, "one sum in every month", SUMS_WAY_OUT))
                break
    return found


def _monthly_sum(observed: Figures, series: str) -> dict[str, float]:
    """All cells of a monthly series added up by month; months with a withheld cell are left out."""
    _, cells = observed.cells(series)
    hidden = {key[0] for key, value in cells.items() if value is None}
    found: dict[str, float] = {}
    for key, value in cells.items():
        if value is not None and key[0] not in hidden:
            found[key[0]] = found.get(key[0], 0.0) + value
    return found
