"""What relief on conditions says, from a game made by hand: people, answers, what was seen, and what is assumed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from palanca.bargain.snapback import ReliefPath
from palanca.questions.relief import answer, facts, findings, tables
from palanca.questions.relief.facts import DECLARED, Lesson, OneShot, SeenPart, Study
from palanca.questions.relief.play import ReliefSetting
from palanca.show.answer import Provenance
from palanca.show.estimate import Basis
from palanca.spec.relief import load_relief

SOUND = Path(__file__).parents[2] / "refused" / "relief" / "sound" / "relief.yaml"
DRAWS, MONTHS = 40, 8
ALL = (DRAWS, MONTHS)
HALF = np.arange(DRAWS) < DRAWS // 2


def course(flights: list[float], response: list[float]) -> ReliefPath:
    """A course that is the same in every draw: gold always in force, oil till month 6, the vote never kept."""
    empty = {name: np.zeros(ALL) for name in ReliefPath.__dataclass_fields__}
    force = np.ones((*ALL, 2))
    force[:, 6:, 1] = 0.0
    given = {
        "kept": np.stack([np.full(ALL, 0.75), np.zeros(ALL)], axis=-1),
        "in_force": force,
        "flights": np.broadcast_to(flights, ALL),
        "response": np.broadcast_to(response, (*ALL, 4)),
        "relief": np.full(ALL, 2.625),  # of 3.5 in all: a quarter is withheld
    }
    return ReliefPath(**(empty | given))


@pytest.fixture(scope="module")
def study() -> Study:
    relief = load_relief(SOUND)
    numbers = {name: np.full(DRAWS, belief.at(0.0)) for name, belief in relief.beliefs().items()}
    numbers["flights.people"] = np.full(DRAWS, 100.0)
    numbers["flights.rate"] = np.full(DRAWS, 4.0)
    setting = ReliefSetting(relief, MONTHS, numbers, 0.25)
    declared = course([1.0, 1.0, 0.5, 0.5, 0.0, 0.0, 0.0, 0.0], [0.5, 0.125, 0.25, 0.125])
    courses = dict.fromkeys(facts.variants(setting), declared)
    courses["unpriced"] = course([1.0] * MONTHS, [0.25, 0.125, 0.25, 0.375])
    steps = dict(zip(facts.STEPS, (np.full(DRAWS, value) for value in (0.8, 0.6, 0.4, 0.2)), strict=True))
    severity = {"migration": steps, "asked": steps}
    seen = facts.findings(setting, declared, severity)
    flat = [np.full(DRAWS, value) for value in (0.5, 0.1, 0.6, 0.3)]
    return Study(
        setting, courses, severity, seen, Lesson(*flat), OneShot({"seen": np.array([1.0, 0.5])}, {"seen": 0.25})
    )


@pytest.fixture(scope="module")
def told(study: Study):
    return answer.told(study, Provenance("relief", {}, "small", {}, 1, DRAWS))


def test_people_are_flights_times_people_and_come_among_the_first_three(told) -> None:
    people = told.findings[2]
    assert people.numbers["returned"].estimate == pytest.approx(400.0 * 3.0)
    assert people.numbers["fewer than with all flights"].estimate == pytest.approx(400.0 * 5.0)
    assert people.numbers["returned until flights stopped"].estimate == pytest.approx(400.0 * (4.0 - 5.0 / 30.0))
    assert "1,200 people in 8 months, 2,000 fewer" in people.text
    assert float(told.data["returned"].sum("months_after").isel(draw=3)) == pytest.approx(1200.0)


@pytest.mark.parametrize(
    ("holds", "says"),
    [
        (np.ones(DRAWS, bool), "produces what was seen"),
        (HALF, "leaves open"),
        (~np.ones(DRAWS, bool), "does not produce"),
    ],
)
def test_the_verdict_follows_the_share_of_draws(study: Study, holds: np.ndarray, says: str) -> None:
    text = findings._whole(SeenPart("partial", 34, "", holds), study).text
    assert says in text
    assert f"in {100.0 * holds.mean():.0f}\u00a0% of 40 draws" in text
    assert "on which 14\u00a0% of the relief hangs" in text  # half a unit of three and a half


def test_what_the_destination_does_is_the_mean_to_the_clock_and_free_relief_comes_back_more(told) -> None:
    found = next(one for one in told.findings if "forbears" in one.text)
    assert {name: one.estimate for name, one in found.numbers.items()} == pytest.approx(
        {"forbear": 0.5, "part": 0.125, "full": 0.25, "restore": 0.125, "restore if free": 0.375}
    )
    assert "does not protect what hangs on it" in found.text


def test_what_moves_severity_and_what_a_breach_teaches_are_told(told) -> None:
    severity = next(one for one in told.findings if "among encounters" in one.text)
    assert severity.numbers["migration none"].estimate == pytest.approx(0.8)
    assert severity.numbers["asked twice"].estimate == pytest.approx(0.2)
    assert severity.numbers["migration falls"].estimate == 1.0
    assert "were 25\u00a0% of encounters in the 3 months before" in severity.text
    lesson = told.findings[-1]
    assert [one.estimate for one in lesson.numbers.values()] == pytest.approx([50.0, 10.0, 60.0, 30.0])


def test_everything_is_assumed_and_deaths_are_named_in_the_first_caveat(told) -> None:
    assert {one.basis for one in told.findings} == {Basis.assumed}
    assert "beliefs are judgements" in told.caveats[0]
    assert "Deaths" in told.caveats[0]


def test_the_first_table_sets_chances_beside_what_happened(told) -> None:
    rows = told.tables[0].frame().set_index("what")
    assert rows.loc["kept: Flights taken", "chance, %"] == pytest.approx(75.0)
    assert rows.loc["in force: Oil", "chance, %"] == pytest.approx(75.0)
    assert rows.loc["flights go on", "chance, %"] == pytest.approx(37.5)
    assert rows["happened"].tolist() == [
        "to the end",
        "to the end",
        "until 2018-12-20",
        "to the end",
        "until 2019-02-13",
    ]
    assert len(told.tables[0].rows) <= 12


def test_months_variants_and_parts_are_the_numbers_of_the_game(told, study: Study) -> None:
    months = told.table("Chances by month")
    oil = months[months["what"] == "in force: Oil"]
    assert oil["mean"].tolist() == pytest.approx([100.0] * 6 + [0.0] * 2)
    vote = months[months["what"] == "kept: A free vote"]["happened"].tolist()
    assert vote == [True, True, False, False, False, False, False, False]  # put off in the third month
    sums = told.table("Other readings and rules: relief and flights").set_index("variant")
    assert sums.loc["As declared"].tolist() == pytest.approx([25.0, 37.5])
    assert float(told.data["withheld"].sel(variant=DECLARED).mean()) == pytest.approx(0.25)
    parts = told.table("Parts of what was seen")
    assert parts["%"].tolist() == pytest.approx([100.0 * one.chance for one in study.findings])
    bars = {name: y for one in told.charts[0].panels[0].series for name, y in zip(one.x, one.y, strict=True)}
    assert bars == pytest.approx({one.says: 100.0 * one.chance for one in study.findings})


def test_the_line_of_what_happened_falls_in_its_month_and_the_clock_is_marked(told) -> None:
    course = next(one for one in told.charts if one.name == "course")
    panels = {panel.title: panel for panel in course.panels}
    flights = next(one for one in panels["Flights go on"].series if one.label == "what happened")
    assert flights.y == (100.0,) * 3 + (0.0,) * 5
    assert panels["Oil"].marks == ((6.0, "licence ends"),)
    assert panels["Gold"].marks == ()


def test_due_dates_and_beliefs_are_worded() -> None:
    relief = load_relief("us-mexico")
    rows = {row["clause"]: row for row in tables._due(relief)}
    dear = rows["A candidate who could win may stand"]
    assert (dear["due"], dear["month"], dear["source"]) == ("2023-11-30", 2, "ROADMAP-2023")
    beliefs = relief.beliefs()
    assert tables.believed(beliefs["office.worth"]) == "40, times or divided by 5.2 (90 %)"
    assert tables.believed(beliefs["snap_cost.lapse"]) == "0.1 to 0.6"


def test_a_small_share_is_not_rounded_to_nothing() -> None:
    assert [findings.percent(chance) for chance in (0.0, 0.0025, 0.25)] == ["0\u00a0%", "0.2\u00a0%", "25\u00a0%"]
