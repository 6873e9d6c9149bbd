"""What the figures in force ask of a case that is to be run or fitted, and the last month that they tell of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from palanca.core.clock import Span
from palanca.core.errors import SeriesError
from palanca.core.wording import listed
from palanca.data import catalogue
from palanca.spec.schema import Case
from palanca.spec.tables import data_codes

# States of the border under which encounters are published; one sector spans two.
STATES = ("California", "Arizona", "New Mexico", "Texas", "Texas and New Mexico")
WAY_OUT = "Copy one that does, `palanca case new NAME --from us-mexico`, and change that."

MONTHS_WAY_OUT = (
    "Let the span end with `last: latest`, which follows the figures, or within them; `palanca data update FILE` takes"
    " in a newer release."
)


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
    return {row.id: catalogue.months_of([row]) for row in catalogue.entries().values() if not row.yearly}


def settled(case: Case, months: Mapping[str, Span] | None = None) -> Case:
    """The case with `latest` as its last month set to the last in which every one of its core series is known.

    Args:
        case: The case; one that writes its last month stays as it is, as does one whose core series are not declared.
        months: The months of each series in force; those packaged if nothing.

    Raises:
        SeriesError: A core series has no edition in force, as none was known by a date.
    """
    known = packaged() if months is None else months
    if case.span.end is not None or not case.core or not set(case.core) <= set(packaged()):
        return case
    if unknown := [name for name in case.core if name not in known]:
        raise SeriesError(
            f"no edition of {listed(unknown)} was known then",
            where="--as-known",
            expected="a later month",
            way_out="An older release is taken into a store with `palanca data update FILE`.",
        )
    return case.model_copy(update={"span": case.span.reaching(min(known[name].last for name in case.core))})


def gaps(case: Case, months: Mapping[str, Span] | None = None) -> list[FiguresMismatch]:
    """Everything in which a case differs from what the figures count together; nothing if it can be run and fitted.

    Args:
        case: The case.
        months: The months of each series in force; those packaged if nothing.
    """
    wanted = {
        "origins": ("usbp_by_origin", set(data_codes()), {origin.data for origin in case.origins.values()}),
        "groups": ("usbp_by_group", set(catalogue.get("usbp_by_group").labels["group"]), set(case.groups)),
        "sectors": ("usbp_by_sector", set(catalogue.get("usbp_by_sector").labels["sector"]), set(case.sectors)),
    }
    found = []
    for what, (series, needed, given) in wanted.items():
        missing, beyond = sorted(needed - given), sorted(given - needed)
        if missing or beyond:
            gap = f"without {listed(missing, 4)}" if missing else f"with {listed(beyond, 4)} besides"
            problem = f"the case covers only a part of what {series} and its sums count"
            found.append(FiguresMismatch(what, problem, gap, f"all {len(needed)} {what}", WAY_OUT))
    return [*found, *_outside(case, packaged() if months is None else months)]


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
