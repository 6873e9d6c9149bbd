"""A made-up change in words, tables and charts: what is said of each cause follows its numbers."""

from __future__ import annotations

from dataclasses import replace

import histories
import numpy as np
import pytest

from palanca.core.clock import Month
from palanca.questions.outcomes import OUTCOMES, Asked
from palanca.questions.why.causes import GROUPS, UNDER_WAY
from palanca.questions.why.episodes import Change, Claim, Told, robust
from palanca.questions.why.shares import PARTS, Why
from palanca.report import why as report
from palanca.view import why as charts
from palanca.view import why_prose as prose
from palanca.view import why_tables as tables

SPREAD = np.linspace(-1.0, 1.0, 21)
CLAIM = Claim("Enforcement made arrivals plummet.", "nearly all of it", "transit", "lowered", "S")


def made(sizes: dict[str, tuple[float, float]], *, before: float = 100_000.0, spread: float = 0.0) -> Why:
    """A change whose causes have these means and half-widths; shared shocks take the slack so that all sum to it."""
    people = {name: np.zeros_like(SPREAD) for name in PARTS}
    for name, (mean, wide) in sizes.items():
        people[name] = mean + wide * SPREAD
    start = np.full_like(SPREAD, before)
    after = start + sum(mean for mean, _ in sizes.values()) + spread * SPREAD
    people["shared"] = people["shared"] + (after - start) - np.sum(list(people.values()), axis=0)
    return Why(
        case=histories.case(),
        asked=Asked(OUTCOMES["encounters"]),
        months=(Month.parse("2019-05"), Month.parse("2019-06")),
        before=start,
        after=after,
        people=people,
        logs=None,
        alone=people,
        last=people,
        grouped={name: np.zeros_like(SPREAD) for name in GROUPS},
        moved=tuple(name for name in PARTS if name != UNDER_WAY and people[name].any()),
        figures=(float(start[0]), float(after[0])) if not spread else None,
        single={"MEX": 0.0 * SPREAD, "HND": -5_000.0 + 100.0 * SPREAD},
        singled=("HND",),
        harm={"deaths": np.array([100.0 + SPREAD, 60.0 + SPREAD]), "held": np.array([9e4 + SPREAD, 8e4 + SPREAD])},
        slip=0.0,
        doubts={},
    )


@pytest.fixture
def fall() -> Why:
    return made(
        {
            "declared": (-20_000.0, 1_600.0),
            "season": (-8_000.0, 12_000.0),
            "own": (-6_000.0, 1_000.0),
            UNDER_WAY: (4_000.0, 500.0),
            "shared": (-10_000.0, 0.0),
        }
    )


def test_the_sentence_says_how_much_it_fell_and_what_made_it_up(fall: Why) -> None:
    first, *rest = prose.headline(fall)
    assert first == (
        "Encounters between ports of entry fell by 40,000 between May 2019 and June 2019, from 100,000 to 60,000, "
        "a change of \u221240\u00a0%."
    )
    said = " ".join(rest)
    assert "Mexico's levers and enforcement 46 to 54\u00a0%" in said
    assert "Against it worked what was already under way (9 to 11\u00a0%)" in said
    assert "cannot tell whether the season" in said
    assert "Honduras" in said
    assert "more than the model learned" in said


def test_a_cause_whose_interval_spans_zero_is_said_to_be_untold(fall: Why) -> None:
    readings = {row["cause"]: row["reading"] for row in tables.causes(fall)}
    assert readings["Mexico: enforcement as declared"] == "lowered it"
    assert readings["Season: the month of the year in which people set out"] == "cannot be told"
    assert readings["Already under way: people on the way or on hold, hopes"] == "raised it"


def test_rows_of_the_table_sum_to_the_change(fall: Why) -> None:
    *parts, whole = tables.causes(fall)
    assert sum(row["events"] for row in parts) == pytest.approx(whole["events"]) == pytest.approx(-40_000.0)
    assert sum(row["% of change"] for row in parts) == pytest.approx(100.0)
    *every, total = tables.numbers(fall)
    assert len(every) == len(PARTS)
    assert sum(row["mean"] for row in every) == pytest.approx(total["mean"])


def test_a_change_that_is_not_well_known_is_not_divided_by(fall: Why) -> None:
    loose = made({"declared": (-20_000.0, 2_000.0), "shared": (15_000.0, 0.0)}, spread=9_000.0)
    assert not prose.clear(loose)
    assert all(np.isnan(row["% of change"]) for row in tables.causes(loose))
    said = prose.headline(loose)
    assert "cannot tell whether it rose or fell" in said[0]
    assert any(line.startswith("Lowered it: Mexico's levers and enforcement by 18,000 to 22,000") for line in said)
    assert prose.clear(fall)


def test_a_claim_stands_beside_the_share_of_what_it_names(fall: Why) -> None:
    (said,) = prose.claimed(fall, [CLAIM])
    assert said.startswith("S: Enforcement made arrivals plummet (nearly all of it). Here: Mexico's levers")
    assert said.endswith("(46 to 54\u00a0% of the fall), the way it says.")
    (other,) = prose.claimed(fall, [replace(CLAIM, way="raised")])
    assert other.endswith("not the way it says.")
    (none,) = prose.claimed(fall, [replace(CLAIM, group="news")])
    assert none.endswith("words newly spoken did not move.")


def test_harm_stands_beside_the_change(fall: Why) -> None:
    assert "deaths on the way went from 100" in prose.harm(fall)
    assert "on hold" in prose.harm(fall)


def test_another_way_of_counting_that_moves_the_largest_part_is_told(fall: Why) -> None:
    assert robust(replace(fall, grouped={name: fall.group(name) for name in GROUPS})).holds
    other = {name: -1.0 * (name == "season") + fall.group(name) * 0.0 for name in GROUPS}
    shaken = robust(replace(fall, grouped=other))
    assert not shaken.holds
    assert shaken.others[2] == "season"


def test_the_steps_of_the_chart_lead_from_the_first_month_to_the_second(fall: Why) -> None:
    (panel,) = charts.waterfall(fall).panels
    bars = panel.figure.data
    assert [bar.x[0] for bar in bars[:2]] == [100_000.0, 60_000.0]  # the months, then the steps
    ends = [bar.base[0] + bar.x[0] for bar in bars[2:]]
    assert [bar.base[0] for bar in bars[2:]] == pytest.approx([100_000.0, *ends[:-1]])
    assert ends[-1] == pytest.approx(60_000.0)


def test_both_pages_hold_their_sentences_and_claims(fall: Why) -> None:
    page = report.html(fall, [CLAIM], None, {"Case": "small"})
    assert "Enforcement made arrivals plummet" in page
    assert "deaths on the way went from" in page
    told = [Told(Change("one", *fall.months, "encounters", (CLAIM,)), fall)]
    every = report.episodes_html("A small corridor", told, {"Case": "small"})
    assert "In 1 change " in every
    assert 'id="one"' in every
    (row,) = tables.episodes(told)
    assert row["Mexico's levers"].startswith("50 [46, 54]")
    assert {one["sources"] for one in tables.episode_numbers(told)} == {"", "S"}
