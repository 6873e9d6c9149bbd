"""What the packaged figures ask of a case that is to be run or fitted; read from the catalogue, without a compiler."""

from __future__ import annotations

from dataclasses import dataclass

from palanca.core.clock import Span
from palanca.core.wording import listed
from palanca.data import catalogue
from palanca.spec.schema import Case
from palanca.spec.tables import data_codes

WHOLE = Span.parse("2013-10", "2024-08")  # the months in which every series that a run needs is packaged
# States of the border under which encounters are published; one sector spans two.
STATES = ("California", "Arizona", "New Mexico", "Texas", "Texas and New Mexico")
WAY_OUT = "Copy one that does, `palanca case new NAME --from us-mexico`, and change that."


@dataclass(frozen=True)
class FiguresMismatch:
    """One thing in which a case and the figures differ, so that neither a run nor a fit can begin.

    Args:
        what: What they differ in.
        found: What the case leaves out, or has besides.
        expected: What the figures count together.
    """

    what: str
    found: str
    expected: str


def gaps(case: Case) -> list[FiguresMismatch]:
    """Everything in which a case differs from what the figures count together; nothing if it can be run and fitted."""
    wanted = {
        "origins": (set(data_codes()), {origin.data for origin in case.origins.values()}),
        "groups": (set(catalogue.get("usbp_by_group").labels["group"]), set(case.groups)),
        "sectors": (set(catalogue.get("usbp_by_sector").labels["sector"]), set(case.sectors)),
        "months": (set(WHOLE.labels()), set(case.span.span.labels())),
    }
    found = []
    for what, (needed, given) in wanted.items():
        missing, beyond = sorted(needed - given), sorted(given - needed)
        if missing or beyond:
            gap = f"without {listed(missing, 4)}" if missing else f"with {listed(beyond, 4)} besides"
            found.append(FiguresMismatch(what, gap, f"all {len(needed)} {what}"))
    return found
