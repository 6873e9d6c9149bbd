"""Claims judged: every word of comparison and every function by hand, two editions, ranks, months without figures."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest
import xarray as xr

from palanca.core.clock import Span
from palanca.core.errors import UsageError
from palanca.data import catalogue, table
from palanca.data.read import Edition, Figures
from palanca.questions.claims import check as checking
from palanca.questions.claims import handed, judge, tables
from palanca.questions.claims.answer import answer
from palanca.questions.claims.check import check
from palanca.questions.claims.measure import Gauge
from palanca.show import estimate
from palanca.show.answer import Answer, Finding, Provenance
from palanca.show.estimate import Basis
from palanca.show.table import of_rows
from palanca.spec.claim_expression import months_of
from palanca.spec.claim_reader import parse
from palanca.spec.claims import load_claims, loads_claims
from palanca.spec.claims_schema import Says

MADE = Provenance("claims", {}, "us-mexico", {}, 1, 1)
PERCENT, EVENTS = "percent", "events"

# Two years of counts: 2020 at 100 a month but for a peak, 2021 rising by ten a month from 110.
TOTAL = {f"2020-{month:02d}": 100.0 for month in range(1, 13)} | {"2020-03": 220.0}
TOTAL |= {f"2021-{month:02d}": 100.0 + 10.0 * month for month in range(1, 13)}
SHARE = 0.25  # of the total that is Mexican; Cubans are a tenth, the rest Venezuelan


def edition(
    folder: Path, series: str, cells: dict[tuple[str, ...], float | None], as_of: str, words: str = ""
) -> Edition:
    """An edition of a packaged series with other figures."""
    months = sorted({key[0] for key in cells})
    row = replace(catalogue.get(series), first=months[0], last=months[-1], as_of=as_of, gaps="unknown")
    row = replace(row, edition=words or f"as of {as_of}")
    path = folder / f"{series}-{as_of}.csv"
    path.write_text(table.render(row, cells), encoding="utf-8")
    return Edition(replace(row, checksum=table.checksum_of(path.read_text(encoding="utf-8"))), path)


def figures(*editions: Edition) -> Figures:
    """Figures that hold these editions alone, oldest first."""
    at_hand: dict[str, tuple[Edition, ...]] = dict.fromkeys(catalogue.entries(), ())
    for one in sorted(editions, key=lambda given: given.row.as_of):
        at_hand[one.row.id] = (*at_hand[one.row.id], one)
    return Figures(MappingProxyType(at_hand), MappingProxyType(at_hand))


@pytest.fixture
def invented(tmp_path):
    by_origin = {
        (month, label): part * size
        for month, size in TOTAL.items()
        for label, part in (("MEX", SHARE), ("CUB", 0.1), ("VEN", 0.65))
    }
    return figures(
        edition(tmp_path, "usbp_total", {(month,): size for month, size in TOTAL.items()}, "2022-02"),
        edition(tmp_path, "usbp_by_origin", by_origin, "2022-02"),
        edition(
            tmp_path, "darien_yearly", {("2018", "VEN"): 10.0, ("2019", "VEN"): 30.0, ("2019", "CUB"): 5.0}, "2022-02"
        ),
    )


@pytest.mark.parametrize(
    ("text", "months", "expected"),
    [
        ("usbp_total", "2021-02", 120.0),
        ("usbp_by_origin[MEX]", "2021-02", 30.0),
        ("usbp_by_origin[MEX, CUB]", "2021-02", 42.0),
        ("usbp_by_origin[MEX] / usbp_total", "2021-02", 0.25),
        ("percent(usbp_by_origin[CUB] / usbp_total)", "2021-02", 10.0),
        ("usbp_total - 2 * usbp_by_origin[MEX]", "2021-02", 60.0),
        ("sum(usbp_total)", "2021-01..2021-03", 110.0 + 120.0 + 130.0),
        ("mean(usbp_total)", "2021-01..2021-03", 120.0),
        ("highest(usbp_total)", "2020", 220.0),
        ("lowest(usbp_total)", "2020..2021", 100.0),
        ("at(usbp_total, 2020-03)", "2021-02", 220.0),
        ("change(usbp_total)", "2021-01..2021-12", 100.0 * (220.0 / 110.0 - 1.0)),
        ("change(usbp_total, 2020-01..2020-02, 2021-01..2021-03)", "2021", 100.0 * (120.0 / 100.0 - 1.0)),
        ("year_change(usbp_total)", "2021-02", 20.0),
        ("year_change(usbp_total)", "2021-02..2021-03", 100.0 * (250.0 / 320.0 - 1.0)),
        ("usual_change(usbp_total)", "2020-02..2021-03", 100.0 * ((220.0 / 100.0 - 1.0) + (130.0 / 120.0 - 1.0)) / 2.0),
        ("years_since_as_high(usbp_total)", "2021-12", 21.0 / 12.0),
        ("years_since_as_high(usbp_total)", "2020-03", 2.0 / 12.0),  # never before: as far as the figures reach
        ("months_until_above(usbp_total, 145)", "2021-01..2021-12", 4.0),
        ("usbp_total / days", "2021-02", 120.0 / 28.0),
        ("sum(darien_yearly[VEN])", "2018..2019", 40.0),
        ("darien_yearly[VEN]", "2019", 30.0),
    ],
)  # fmt: skip
def test_every_function_is_worked_out_as_by_hand(invented, text, months, expected):
    assert Gauge(invented).number(parse(text), months_of(months)) == pytest.approx(expected, rel=1e-12)


def test_a_number_never_passed_is_no_number(invented):
    assert math.isnan(Gauge(invented).number(parse("months_until_above(usbp_total, 9999)"), months_of("2021")))


@pytest.mark.parametrize(
    ("says", "found", "standing", "by"),
    [
        ({"about": 100}, 90.0, "supported", None),
        ({"about": 100}, 110.0, "supported", None),
        ({"about": 100}, 80.0, "overstated", 25.0),
        ({"about": 100}, 125.0, "understated", 20.0),
        ({"nearly": 100}, 95.0, "supported", None),
        ({"nearly": 100}, 101.0, "understated", 100.0 / 101.0),
        ({"nearly": 100}, 80.0, "overstated", 25.0),
        ({"over": 100}, 101.0, "supported", None),
        ({"over": 100}, 150.0, "supported", None),
        ({"over": 100}, 200.0, "understated", 50.0),
        ({"over": 100}, 80.0, "overstated", 25.0),
        ({"over": 100}, 100.0, "overstated", 0.0),
        ({"at_least": 100}, 100.0, "supported", None),
        ({"at_least": 100}, 900.0, "supported", None),
        ({"at_least": 100}, 80.0, "overstated", 25.0),
        ({"under": 2}, 1.9, "supported", None),
        ({"under": 2}, 2.0, "understated", 0.0),
        ({"under": 2}, 2.5, "understated", 20.0),
        ({"at_most": 2}, 2.0, "supported", None),
        ({"exactly": 7946}, 7946.4, "supported", None),
        ({"exactly": 7946}, 7947.0, "understated", 100.0 / 7947.0),
        ({"exactly": 65000}, 64716.0, "supported", None),  # given in thousands
        ({"exactly": 65000}, 64400.0, "overstated", 100.0 * 600.0 / 64400.0),
        ({"exactly": 1.8}, 1.84, "supported", None),
        ({"exactly": 0}, 0.0, "supported", None),
        ({"between": (10, 20)}, 15.0, "supported", None),
        ({"between": (10, 20)}, 25.0, "understated", 20.0),
        ({"between": (10, 20)}, 8.0, "overstated", 25.0),
        ({"magnitude": "thousands"}, 1999.0, "overstated", 100.0 / 1999.0),
        ({"magnitude": "thousands"}, 2000.0, "supported", None),
        ({"magnitude": "thousands"}, 20000.0, "understated", 0.0),
        ({"magnitude": "tens of thousands"}, 20000.0, "supported", None),
        ({"magnitude": "hundreds of thousands"}, 206668.0, "supported", None),
        ({"magnitude": "millions"}, 2e6, "supported", None),
        ({"about": -30}, -28.0, "supported", None),
        ({"about": -30}, -60.0, "understated", 50.0),
        ({"about": -30}, 12.0, "contradicted", None),
    ],
)
def test_every_word_of_comparison_has_its_rule(says, found, standing, by):
    judged = judge.value(Says(**says), found, EVENTS)
    assert judged.standing == standing
    assert judged.by == (None if by is None else pytest.approx(by))
    assert judged.unit == "percent"


def test_a_figure_in_percent_is_off_by_points():
    judged = judge.value(Says(exactly=49), 93.1, PERCENT)
    assert (judged.standing, judged.unit, judged.by) == ("understated", "points", pytest.approx(44.1))
    poll = judge.value(Says(over=50), 44.0, "percent of adults")
    assert (poll.standing, poll.off, poll.found) == ("overstated", "6.00 points", "44.0\xa0%")


@pytest.mark.parametrize(
    ("said", "change", "standing", "by"),
    [
        ("up", 0.5, "supported", None),
        ("up", -0.5, "contradicted", None),
        ("down", -80.0, "supported", None),
        ("down", 23.0, "contradicted", None),
        ("sharply down", -25.0, "supported", None),
        ("sharply down", -10.0, "overstated", 15.0),
        ("sharply up", -60.0, "contradicted", None),
        ("slightly down", -9.6, "supported", None),
        ("slightly down", -40.0, "understated", 30.0),
        ("unchanged", 4.9, "supported", None),
        ("unchanged", -6.0, "contradicted", None),
        ("up", 0.0, "contradicted", None),
    ],
)
def test_every_direction_has_its_rule(said, change, standing, by):
    judged = judge.direction(Says(direction=said), change)
    assert judged.standing == standing
    assert judged.by == (None if by is None else pytest.approx(by))


@pytest.mark.parametrize(
    ("said", "standing", "found"),
    [
        ("highest", "contradicted", "2nd highest of 4, after a 40.0"),
        (2, "supported", "2nd highest of 4, after a 40.0"),
        ("lowest", "contradicted", "3rd lowest of 4, after c 10.0, b 20.0"),
        (-3, "supported", "3rd lowest of 4, after c 10.0, b 20.0"),
    ],
)
def test_a_rank_counts_from_either_end_and_names_who_is_before(said, standing, found):
    judged = judge.rank(Says(rank=said), 30.0, {"a": 40.0, "b": 20.0, "c": 10.0})
    assert (judged.standing, judged.found) == (standing, found)


CLAIM = """
case: us-mexico
claims:
  - id: one
    claim: A claim.
    said_by: Somebody
    said: {said}
    source: S0
    figure: {figure}
    months: {months}
    says: {says}
    {more}
"""


def one(
    found: Figures, *, figure: str, months: str, says: str, said: str = "2022-03", more: str = ""
) -> checking.CheckedClaim:
    text = CLAIM.format(figure=f'"{figure}"', months=months, says=says, said=said, more=more)
    (checked,) = check(loads_claims(text).claims, found)
    return checked


def test_two_editions_of_one_series_give_two_verdicts(tmp_path):
    first = edition(tmp_path, "usbp_total", {("2021-03",): 7946.0}, "2021-04", "first release")
    later = edition(tmp_path, "usbp_total", {("2021-03",): 11384.0}, "2025-06", "revised")
    found = one(figures(first, later), figure="usbp_total", months="2021-03", says="{exactly: 7946}", said="2021-05")
    assert found.standing == "understated"
    assert found.then is not None
    assert found.then.main.standing == "supported"
    assert [row.edition for row in found.then.editions] == ["first release; what it does not tell from: revised"]
    assert found.turned
    told = answer(loads_claims(CLAIM.format(figure="usbp_total", months="2021-03", says="{exactly: 7946}",
                                            said="2021-05", more="")), figures(first, later), {}, MADE)  # fmt: skip
    assert str(told.data["verdict_then"].item()) == "supported"
    assert "1 stood otherwise then: one" in told.findings[2].text
    assert "7,946 (supported)" in told.table("Understated")["as known then"][0]


def test_an_edition_of_then_tells_its_months_and_the_rest_is_as_known_now(tmp_path):
    whole = {(f"2020-{month:02d}",): 100.0 + month for month in range(1, 13)}
    now = edition(tmp_path, "usbp_total", whole, "2025-06", "revised")
    then = edition(tmp_path, "usbp_total", {("2020-12",): 105.0}, "2021-01", "first release")
    asked = {"figure": "usbp_total", "says": "{rank: highest}", "more": "among_months: 2020", "said": "2021-02"}
    found = one(figures(then, now), months="2020-12", **asked)
    assert found.standing == "supported"
    assert found.then.main.found == "7th highest of 12, after 2020-11 111, 2020-10 110"
    assert found.then.editions[0].edition == "first release; what it does not tell from: revised"
    assert one(figures(then, now), months="2020-11", **asked).then is None


def test_an_edition_published_after_it_was_said_was_not_known_then(tmp_path):
    found = one(
        figures(edition(tmp_path, "usbp_total", {("2021-03",): 7946.0}, "2021-05")),
        figure="usbp_total", months="2021-03", says="{exactly: 7946}", said="2021-05",
    )  # fmt: skip
    assert found.then is None
    assert not found.turned


def test_months_that_are_not_covered_are_named_and_not_judged(invented):
    found = one(invented, figure="sum(usbp_total)", months="2019-11..2020-02", says="{over: 1}")
    assert found.standing == "not checkable"
    assert found.now.lacking == "usbp_total has no figure for 2019-11 to 2019-12; it covers 2020-01 to 2021-12"


def test_a_value_and_a_rank_are_both_judged_and_the_worse_counts(invented):
    asked = {"figure": "usbp_total", "months": "2021-12", "more": "among_months: 2020..2021"}
    assert one(invented, says="{about: 220, rank: highest}", **asked).standing == "supported"
    assert one(invented, says="{about: 400, rank: highest}", **asked).standing == "overstated"
    worst = one(invented, says="{about: 400, rank: 3}", **asked)
    assert worst.standing == "contradicted"
    assert len(worst.now.judgements) == 2


def test_a_year_is_ranked_among_years(invented):
    found = one(
        invented, figure="sum(usbp_total)", months="2021", says="{rank: highest}", more="among_months: 2020..2021"
    )
    assert found.now.main.found == "highest of 2"


def test_a_label_is_ranked_among_labels_and_those_left_out_do_not_count(invented):
    asked = {"figure": "sum(usbp_by_origin[MEX])", "months": "2021", "says": "{rank: highest}"}
    beside = one(invented, **asked, more="among_labels: {axis: origin, except: [OTH]}")
    assert beside.standing == "contradicted"
    assert (
        beside.now.main.found
        == f"2nd highest of 3, after VEN {0.65 * sum(TOTAL[f'2021-{m:02d}'] for m in range(1, 13)):,.0f}"
    )
    assert beside.now.notes == ("no figure for 10 of those it is ranked among",)
    assert one(invented, **asked, more="among_labels: {axis: origin, except: [VEN, OTH]}").standing == "supported"


def test_withheld_cells_are_read_as_none_and_said(tmp_path):
    row = edition(tmp_path, "usbp_total", {("2021-03",): 7.0, ("2021-04",): None}, "2022-02")
    kept = replace(row.row, gaps="censored")
    row.path.write_text(table.render(kept, {("2021-03",): 7.0, ("2021-04",): None}), encoding="utf-8")
    kept = replace(kept, checksum=table.checksum_of(row.path.read_text(encoding="utf-8")))
    found = one(
        figures(Edition(kept, row.path)), figure="sum(usbp_total)", months="2021-03..2021-04", says="{exactly: 7}"
    )
    assert found.standing == "supported"
    assert found.now.notes == ("1 cells of usbp_total withheld as 0 to 4 are read as 0",)


def test_windows_are_as_long_as_the_months_and_end_to_end():
    spans = checking.windows(Span.parse("2020-04", "2020-06"), Span.parse("2019-12", "2021-01"))
    assert [f"{span.first}..{span.last}" for span in spans] == [
        "2020-01..2020-03",
        "2020-07..2020-09",
        "2020-10..2020-12",
    ]


def test_what_is_handed_on_names_a_command_that_exists():
    commands = [
        handed.command(one.entry.handed_on, "us-mexico")
        for one in load_claims("us-mexico").claims
        if one.entry.handed_on is not None
    ]
    assert "palanca why 2023-12 2024-01 --case us-mexico" in commands
    assert (
        "palanca whatif us-mexico --set levers.guard_deployment.effort=0.55 --from 2021-04 --until 2021-04 "
        "--months 2021-04..2021-04" in commands
    )


def test_the_number_that_replies_is_the_one_wanted_of_a_finding_or_of_a_table():
    level, share = estimate.of(range(100)), estimate.of(range(100, 200))
    found = Answer(
        "Why?",
        xr.Dataset(),
        (
            Finding("It fell.", {"fall": estimate.published(5.0)}, Basis.published),
            Finding("Effort made it.", {"effort": level}, Basis.assumed),
            Finding("Effort again.", {"effort": share}),
        ),
        (of_rows("groups", [{"group": "season", "events": share}]),),
        (),
        (),
        MADE,
    )
    assert handed.reply(found, None).number is level  # the first with an interval
    assert handed.reply(found, "effort").finding.basis is Basis.assumed
    assert handed.reply(found, "fall").number.estimate == 5.0
    assert handed.reply(found, "season").number is share
    with pytest.raises(UsageError, match=r"found 'efort'.*\n.*Did you mean 'effort'"):
        handed.reply(found, "efort")


def test_a_gap_is_drawn_as_a_gap_and_has_no_bar(tmp_path):
    found = figures(
        edition(tmp_path, "usbp_total", {("2021-01",): 8.0, ("2021-02",): 4.0, ("2021-05",): 1.0}, "2022-02")
    )
    asked = one(found, figure="usbp_total", months="2021-02", says="{about: 4}")
    labels, values, unit = tables.months_around(asked, Gauge(found), 6)
    assert labels == ["2021-01", "2021-02", "2021-03", "2021-04", "2021-05"]
    assert [value for value in values if math.isfinite(value)] == [8.0, 4.0, 1.0]
    assert unit == "events / month"
    assert tables.line(values) == "█▅▂"
    assert tables.line(values[2:4]) == ""
