"""Whose leverage, from which months, for how long: read and checked before anything heavy is loaded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from palanca.core.clock import Month, Span
from palanca.core.errors import UsageError
from palanca.core.wording import listed, nearest
from palanca.spec import bargain_spec, tables
from palanca.spec.bargain_spec import BargainSpec
from palanca.spec.schema import Case

TRANSIT = "transit"
LENGTHS = (1, 3, 6)  # months without cooperation, unless others are asked for


@dataclass(frozen=True)
class Scope:
    """Whose leverage is asked for, and when.

    Args:
        country: Code of the government that stops.
        months: First months without its cooperation, one after the other.
        lengths: For how many months each, shortest first.
    """

    country: str
    months: tuple[Month, ...]
    lengths: tuple[int, ...]

    @property
    def lead(self) -> int:
        """The length that sentences tell: the middle one."""
        return self.lengths[len(self.lengths) // 2]


def read(case: Case, government: str | None, month: str | None, lengths: Sequence[int] | None) -> Scope:
    """Read what is asked for.

    Args:
        case: The case.
        government: Code of the government that stops; by default the one in transit.
        month: First month without its cooperation, `YYYY-MM`, or several as `FROM..TO`; by default the last from which
            the case holds every length.
        lengths: For how many months; by default 1, 3 and 6, as far as the case goes on after the months.

    Raises:
        UsageError: The government holds no lever, a month cannot be read, or a window goes beyond the case.
        MonthError: A month is none.
    """
    if lengths is not None and (not lengths or min(lengths) < 1):
        raise UsageError("cannot read the lengths", where="--for", found=repr(list(lengths)), expected="months from 1")
    span = case.span.span
    country = _transit(case) if government is None else government
    _check_lever(case, country)
    longest = max(lengths or LENGTHS)
    if month is None:
        months = [span.last + (1 - longest)]
    else:
        first, dots, last = month.partition("..")
        told = Span.parse(first, last if dots else first, where="MONTH")
        months = [told.first + place for place in range(told.last - told.first + 1)]
    chosen = tuple(sorted(set(lengths or [n for n in LENGTHS if months[-1] + (n - 1) in span] or LENGTHS)))
    _check_windows(span, months, max(chosen))
    return Scope(country, tuple(months), chosen)


def check_shares(asked: Scope, *, shares: bool) -> None:
    """Refuse to share out the gains of several months.

    Raises:
        UsageError: Shares are asked for, and several months.
    """
    if shares and len(asked.months) > 1:
        raise UsageError(
            "gains are shared out for one month",
            where="--shares",
            found=f"{asked.months[0]}..{asked.months[-1]}",
            expected="one month",
            way_out="Leave --shares out, or take one month.",
        )


def governments(case: Case) -> dict[str, str]:
    """Countries that hold a lever of the case that acts, code and name."""
    held = {lever.holder for name, lever in case.levers.items() if acts(case, name)}
    return {code: country.name for code, country in case.countries.items() if code in held}


def acts(case: Case, lever: str) -> bool:
    """Whether an equation computes what a lever does."""
    return tables.mechanisms()[case.levers[lever].mechanism].acts


def table_of(case: Case, given: str | None) -> BargainSpec | None:
    """The bargaining table that prices leverage: the one given, by path, name or content, else the case's own.

    Raises:
        CaseFileError: There is no such table.
        CaseErrors: It has faults.
        UsageError: Its flow of people is not the corridor's.
    """
    if given is None:
        return bargain_spec.load_bargain(case.case) if case.case in bargain_spec.FORMAT.shipped() else None
    found = bargain_spec.loads_bargain(given) if "\n" in given else bargain_spec.load_bargain(given)
    if not found.file.flow.corridor:
        raise UsageError(
            "this bargaining table declares its flow by itself",
            where="--table",
            found=repr(found.file.title),
            expected="a table whose flow is the corridor's: `flow: {corridor: true}`",
        )
    return found


def table_text(given: str | None) -> str | None:
    """What a manifest keeps of a table that a user hands over: a file's content, or the name of a shipped one."""
    if given is None or "\n" in given or given in bargain_spec.FORMAT.shipped():
        return given
    return bargain_spec.FORMAT.find(given).read_text(encoding="utf-8")


def _transit(case: Case) -> str:
    held = governments(case)
    found = next((code for code in held if case.countries[code].role == TRANSIT), None)
    if found is None:
        raise UsageError(
            "no country in transit holds a lever", where="GOVERNMENT", expected=f"one of {listed(list(held))}"
        )
    return found


def _check_lever(case: Case, country: str) -> None:
    known = governments(case)
    if country not in known:
        hint = nearest(country, known)
        raise UsageError(
            "this country holds no lever that acts",
            where="GOVERNMENT",
            found=repr(country),
            expected=f"one of {listed(list(known))}",
            way_out=f"Did you mean {hint!r}?" if hint else "",
        )


def _check_windows(span: Span, months: Sequence[Month], longest: int) -> None:
    last = span.last + (1 - longest)
    for month in (months[0], months[-1]):
        if not span.first <= month <= last:
            raise UsageError(
                "a window goes beyond the case",
                where="MONTH",
                found=f"{longest} months from {month}" if longest > 1 else f"a month from {month}",
                expected=f"a first month from {span.first} to {last}",
                way_out="Take other months, or shorter windows with --for.",
            )
