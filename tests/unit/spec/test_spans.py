"""A span ends in a month or follows the figures; what a case asks of them is refused by name where they lack it."""

import re

import pytest

from palanca.core.clock import Month, Span
from palanca.core.errors import CaseErrors, SeriesError
from palanca.spec import figures, schedule
from palanca.spec.load import load, loads
from palanca.spec.starter import text

WHOLE = text("whole", "us-mexico")
LATEST = re.sub(r"(?m)^span: .*$", "span: {first: 2013-10, last: latest}", WHOLE)
WRITTEN = LATEST.replace("last: latest", "last: 2024-08")
TOLD = dict(figures.packaged())


def told(**ends: str) -> dict[str, Span]:
    """Months of every series, some with another end."""
    return TOLD | {name: Span(TOLD[name].first, Month.parse(end)) for name, end in ends.items()}


def test_latest_is_the_last_month_in_which_every_core_series_is_known(tmp_path):
    path = tmp_path / "case.yaml"
    path.write_text(LATEST, encoding="utf-8")
    case = load(path, told(usbp_by_origin="2025-09", usbp_by_group="2025-06", darien_by_origin="2020-01"))
    assert (str(case.span.first), str(case.span.last)) == ("2013-10", "2025-06")
    assert case.span.end is None
    again = figures.settled(case, told(usbp_by_origin="2024-11", usbp_by_group="2024-12"))
    assert str(again.span.last) == "2024-11"


def test_a_written_month_stays_whatever_the_figures_tell():
    case = loads(WRITTEN)
    assert figures.settled(case, told(usbp_by_origin="2025-09", usbp_by_group="2025-09")).span == case.span


def test_latest_without_a_series_to_follow_is_refused():
    with pytest.raises(CaseErrors, match=r"span\.last: `latest` follows no series: found no `core`"):
        loads(re.sub(r"(?m)^core: .*\n", "", LATEST))


def test_a_core_series_that_is_not_there_is_named_with_the_nearest():
    with pytest.raises(CaseErrors, match="no such series by month") as raised:
        loads(LATEST.replace("core: [usbp_by_origin,", "core: [usbp_by_orgin,"))
    assert "usbp_by_origin" in str(raised.value)


def test_latest_of_a_series_that_was_not_known_then_is_refused():
    known = {name: span for name, span in TOLD.items() if name != "usbp_by_group"}
    with pytest.raises(SeriesError, match="no edition of usbp_by_group was known then"):
        figures.settled(loads(LATEST), known)


def test_a_case_whose_core_series_ends_before_it_is_named_with_the_series_and_its_months():
    (gap,) = figures.gaps(loads(WRITTEN), told(usbp_by_group="2024-05"))
    assert gap.problem == "the case has months that usbp_by_group does not tell"
    assert gap.found.endswith("to 2024-05")
    assert "2013-10 to 2024-08" in gap.expected


def test_any_first_month_will_do_from_the_first_of_the_core_series_on():
    later = loads(
        re.sub(r"(?m)^span: .*$", "span: {first: 2013-11, last: 2020-03}", WHOLE).replace("2013-10", "2013-11")
    )
    assert figures.gaps(later) == []
    first = max(TOLD[name].first for name in later.core)
    early = schedule.until(later, later.span.last).model_copy(
        update={"span": later.span.model_copy(update={"first": first + -1})}
    )
    assert [gap.what for gap in figures.gaps(early)] == ["months"] * sum(TOLD[n].first == first for n in later.core)
