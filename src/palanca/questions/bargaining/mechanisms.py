"""What can be left out where governments bargain, and over which months: checked before anything is compiled."""

from __future__ import annotations

from collections.abc import Sequence

from palanca.core.clock import Month
from palanca.core.errors import UsageError
from palanca.core.wording import listed, nearest
from palanca.spec.bargain_spec import BargainSpec
from palanca.spec.schema import Case

FIRST, FIRST_OTHERWISE = "2018-01", "2023-01"
ASKS = {
    "asks": "the destination had asked in every quarter, surge or none",
    "fade": "what nobody renews had not faded",
    "attention": "attention had not followed arrivals",
    "clock": "elections had not made arrivals weigh more",
    "hosting": "people stuck had not made delivery dearer",
    "own limits": "the destination had had no limits of its own to use",
    "linkage": "issues had been kept apart",
    "need": "the transit country's effort had not moved arrivals",
    "threats": "threats had not counted",
}


def check(talks: BargainSpec, off: Sequence[str], without: Sequence[str]) -> None:
    """Refuse a mechanism or an issue that is not there, or nothing at all.

    Raises:
        UsageError: Names the nearest.
    """
    if not off and not without:
        raise UsageError("nothing to leave out", where="--off, --without", expected="one mechanism or issue at least")
    pairs = (("--off", off, list(ASKS), "mechanism"), ("--without", without, list(talks.issues), "issue"))
    for where, given, known, noun in pairs:
        for name in given:
            if name not in known:
                hint = nearest(name, known)
                raise UsageError(
                    f"no such {noun} of bargaining",
                    where=where,
                    found=repr(name),
                    expected=f"one of {listed(known, 20)}",
                    way_out=f"Did you mean {hint!r}?" if hint else "",
                )


def span(
    case: Case,
    months: tuple[str | None, str | None],
    spec: BargainSpec,
    given: tuple[Sequence[str], Sequence[str]],
    *,
    each: bool = False,
) -> tuple[Month, Month]:
    """First and last month played; faults of what is left out are told first.

    Args:
        case: The case.
        months: First month as text, by default January 2018, or 2023 where something is left out; and the last, by
            default that of the case.
        spec: The bargaining table.
        given: Mechanisms and issues that are left out.
        each: Whether each mechanism is left out in turn.

    Raises:
        UsageError: A mechanism or issue is not there, a month cannot be read, or each is left out beside some.
    """
    if any(given):
        check(spec, *given)
        if each:
            raise UsageError(
                "each mechanism in turn, or some of them together", where="--each-off", found="beside --off"
            )
    first, last = months
    start = Month.parse(first or (FIRST_OTHERWISE if any(given) else FIRST), where="--from")
    return start, Month.parse(last, where="--until") if last else case.span.span.last
