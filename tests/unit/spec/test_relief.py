"""Relief on conditions: broken files earn their faults word for word; the shipped one tells Venezuela 2023-24."""

from __future__ import annotations

import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from palanca.bargain.snapback import MOST_CLAUSES as GAME
from palanca.core.errors import CaseErrors, CaseFileError
from palanca.spec import relief as reliefs
from palanca.spec.days import Day
from palanca.spec.ledger import load_ledger
from palanca.spec.relief import load_relief, loads_relief

BROKEN = Path(__file__).parents[2] / "refused" / "relief"
FILES = sorted(BROKEN.glob("*.yaml"))
SOUND = BROKEN / "sound" / "relief.yaml"


@pytest.fixture(scope="module")
def shipped():
    return load_relief("us-mexico")


# --- What is refused ---


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_broken_file_earns_its_faults_in_these_words(path):
    lines = path.read_text().splitlines()
    assert lines[0] == "# Expected, word for word:"
    with pytest.raises(CaseErrors) as raised:
        load_relief(path)
    assert raised.value.faults == [line[2:] for line in lines[1:] if line.startswith(f"# {path.name}:")]
    assert raised.value.faults


def test_the_faults_that_must_be_refused_each_have_a_broken_file():
    must = {
        "patience-of-one", "unknown-clause", "licence-reversed", "no-clauses", "negative-cost", "missing-source",
        "due-before-start", "broken-before-due", "due-without-source",
    }  # fmt: skip
    assert {path.stem for path in FILES} >= must


def test_faults_of_rule_are_told_together_in_the_order_of_the_file():
    text = SOUND.read_text().replace("dear: vote", "dear: vot").replace("last: 2019-04-18", "last: 2018-04-18")
    with pytest.raises(CaseErrors) as raised:
        loads_relief(text.replace("exact: 0.6, source: OWN", "exact: 0.6, source: OWM"), "it.yaml", SOUND.parent)
    assert [fault.split(": ")[1] for fault in raised.value.faults] == [
        "clauses.vote.slice.licence.last", "snap_cost.lift.source", "reading.dear",
    ]  # fmt: skip


def test_a_missing_file_is_told_with_the_nearest_name():
    with pytest.raises(CaseFileError, match="Did you mean 'us-mexico'"):
        load_relief("us-mexcio")


# --- What it can be asked ---


def test_months_of_the_game_begin_on_the_day_relief_begins():
    sound = load_relief(SOUND)
    day = Day.first_of
    assert [sound.month_of(day(text)) for text in ("2018-10-18", "2018-11-17", "2018-11-18", "2019-04-17")] == [
        1, 1, 2, 6,
    ]  # fmt: skip
    assert [sound.end_of(month) for month in (0, 1, 6)] == ["2018-10-18", "2018-11-18", "2019-04-18"]
    assert sound.clocks() == {"vote": 6}
    assert sound.first("broken", "vote") == day("2018-12-20")
    assert sound.first("stopped") == day("2019-02-13")
    assert sound.first("resumed") is None


def test_a_clause_is_due_in_the_month_of_its_date_and_from_the_outset_without_one():
    text = SOUND.read_text().replace(
        "name: A free vote", "name: A free vote\n    due: {date: 2018-11-30, source: OWN, note: To be set out by then.}"
    )
    assert load_relief(SOUND).due() == {"flights": 1, "vote": 1}
    assert loads_relief(text, "it.yaml", SOUND.parent).due() == {"flights": 1, "vote": 2}


def test_months_to_the_election_fall_by_one_a_month_and_stop_at_nothing():
    sound = load_relief(SOUND)
    away = [sound.months_to_election(month) for month in range(1, 20)]
    assert away[0] == pytest.approx(12 - 13 / 30, abs=1e-12)
    assert all(a - b == pytest.approx(1.0, abs=1e-12) for a, b in pairwise(away[:11]))
    assert away[-1] == 0.0


def test_as_many_clauses_are_taken_as_the_game_can_play():
    assert reliefs.MOST_CLAUSES == GAME


def test_reading_it_loads_nothing_heavy():
    asked = (
        "import sys; from palanca.spec.relief import load_relief; load_relief('us-mexico'); "
        "print(*sorted({'jax', 'numpy', 'xarray', 'pandas'} & set(sys.modules)))"
    )
    shown = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert shown.stdout.split() == []


# --- What the shipped one holds ---


def test_dates_agree_with_the_deal_ledger(shipped):
    rows = {row.id: row for row in load_ledger("us-mexico").rows}
    told = [one for one in shipped.file.seen if one.row is not None and one.row != "venezuela-flights"]
    assert len(told) >= 5
    for one in told:
        assert str(one.date) == str(rows[one.row].date), one.row
    assert "18 October" in rows["venezuela-flights"].note


def test_it_tells_gold_taken_in_the_fourth_month_oil_lapsed_at_the_clock_and_flights_stopped_in_between(shipped):
    gold, stop, oil = (
        shipped.first(*what) for what in (("withdrawn", "campaign"), ("stopped", None), ("lapsed", "candidate"))
    )
    assert (str(gold), str(stop), str(oil)) == ("2024-01-29", "2024-02-13", "2024-04-17")
    assert gold < stop < oil
    assert [shipped.month_of(day) for day in (gold, stop, oil)] == [4, 4, 6]
    assert shipped.clocks() == {"candidate": 6}


def test_the_dear_clause_falls_due_at_the_end_of_november_in_month_two_and_the_rest_in_month_one(shipped):
    assert shipped.due() == {"returns": 1, "prisoners": 1, "campaign": 1, "candidate": 2}
    for name, clause in shipped.clauses.items():
        broken = shipped.first("broken", name)
        assert broken is None or clause.due.date <= broken


def test_every_judgement_says_why_and_every_source_is_cited(shipped):
    beliefs = shipped.beliefs()
    assert all(belief.note for belief in beliefs.values())
    assert all(belief.basis == "assumed" for belief in beliefs.values() if "JUDGEMENT" in belief.source)
    cited = {name for belief in beliefs.values() for name in belief.source}
    cited |= {name for one in shipped.file.seen for name in one.source}
    cited |= {name for clause in shipped.clauses.values() for name in clause.due.source}
    assert set(shipped.file.sources) <= cited


def test_the_dear_clause_costs_more_than_all_the_cheap_ones_and_carries_the_largest_slice(shipped):
    beliefs = shipped.beliefs()
    cost = {name: beliefs[f"clauses.{name}.survival_cost"].middle for name in shipped.clauses}
    size = {name: beliefs[f"clauses.{name}.slice.size"].middle for name in shipped.clauses}
    reading = shipped.file.reading
    assert cost[reading.dear] > sum(cost[name] for name in reading.cheap)
    assert max(size, key=size.get) == reading.large
    assert size[reading.small] < size[reading.large]
