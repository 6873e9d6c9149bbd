"""Settings by month: days count by their share, coverage is resolved, fingerprints follow content."""

import pytest
from small_cases import text

from palanca.core.clock import Month, Span
from palanca.core.errors import MonthError
from palanca.spec import schedule
from palanca.spec.days import Day, share
from palanca.spec.load import loads


def small(entries: str) -> str:
    base = text("small")
    head, _, rest = base.partition("record:")
    return f"{head}record:\n{entries}\n\nelections:{rest.partition('elections:')[2]}"


def entry(first: str, last: str, effort: float = 1.0, groups: str = "all") -> str:
    return (
        f"  - {{lever: routine_control, from: {first}, to: {last}, effort: {effort}, unit: effort,\n"
        f"     origins: all, groups: {groups}, basis: declared, date_basis: text, source: MY-SOURCE}}"
    )


@pytest.mark.parametrize(
    ("first", "last", "wanted"),
    [
        ("2020-03-20", "2020-12-31", 12 / 31),
        ("2020-03", "2020-03", 1.0),
        ("2020-03-10", "2020-03-10", 1 / 31),
        ("2020-01", "2020-03-11", 11 / 31),
        ("2020-04-01", "2020-04-30", 0.0),
        ("2019-01-01", "2020-02-29", 0.0),
    ],
)
def test_a_month_counts_by_its_share_of_days_in_force(first, last, wanted):
    assert share(Month.parse("2020-03"), Day.first_of(first), Day.last_of(last)) == pytest.approx(wanted)


def test_february_has_29_days_only_in_a_leap_year():
    assert str(Day.last_of("2020-02")) == "2020-02-29"
    assert str(Day.last_of("2019-02")) == "2019-02-28"
    with pytest.raises(MonthError, match="no such day"):
        Day.first_of("2019-02-29")


def test_the_day_before_the_day_after_is_the_same_day():
    for written in ("2019-12-31", "2020-02-28", "2020-02-29", "2020-01-01"):
        day = Day.first_of(written)
        assert day.after().before() == day == day.before().after()
        assert day.before() < day < day.after()


def test_two_settings_that_meet_in_a_month_are_weighted_by_their_days():
    case = loads(small(entry("2018-01", "2018-04-10", 1.0) + "\n" + entry("2018-04-11", "open", 4.0)))
    summed = [sum(values) for values in zip(*(s.values for s in schedule.settings(case)), strict=True)]
    assert summed[2:5] == pytest.approx([1.0, (10 * 1.0 + 20 * 4.0) / 30, 4.0])


def test_what_is_open_stays_in_force_beyond_the_span_when_more_months_are_asked():
    case = loads(small(entry("2018-01", "open", 2.0)))
    (setting,) = schedule.settings(case, Span.parse("2019-11", "2020-03"))
    assert setting.values == (2.0,) * 5


def test_a_lever_that_is_off_leaves_no_setting():
    case = loads(small(entry("2018-01", "open")) + "\noff: [effort]\n")
    assert schedule.settings(case) == []


def test_slots_and_caps_are_told_per_month_whatever_their_unit():
    written = small(entry("2018-01", "open")).replace(
        "levers:", "levers:\n  ways: {holder: USA, mechanism: parole, what: Parole}\n"
        "  back: {holder: USA, mechanism: returns, what: Returns}", 1,
    )  # fmt: skip
    extra = (
        "record:\n"
        "  - {lever: ways, from: 2018-01, to: open, slots: 1200, unit: people / year, origins: all,\n"
        "     groups: all, basis: declared, date_basis: text, source: MY-SOURCE}\n"
        "  - {lever: back, from: 2018-01-16, to: open, strength: 1, unit: setting, cap: 1200,\n"
        "     cap_unit: people / year, origins: all, groups: [child], sectors: [el_paso],\n"
        "     basis: declared, date_basis: text, source: MY-SOURCE}\n"
    )
    case = loads(written.replace("record:\n", extra, 1))
    ways, back, _ = schedule.settings(case)
    assert ways.values[0] == pytest.approx(100.0)
    assert back.cap == pytest.approx(100.0)
    assert back.in_force[0] == pytest.approx(16 / 31)
    assert (back.groups, back.sectors, back.holder) == (("child",), ("el_paso",), "USA")


def test_the_fingerprint_follows_content_and_not_layout():
    one = loads(small(entry("2018-01", "open")))
    reworded = loads("# a comment\n" + small(entry("2018-01", "open")), "elsewhere")
    other = loads(small(entry("2018-01", "open", 2.0)))
    assert schedule.fingerprint(one) == schedule.fingerprint(reworded)
    assert schedule.fingerprint(one) != schedule.fingerprint(other)
