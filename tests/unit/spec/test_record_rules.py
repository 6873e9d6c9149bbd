"""The record from September 2024 on: strengths are sums that anyone can do again, and nothing of it reaches back."""

import ast
import operator
import re
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from palanca.core.clock import Month
from palanca.model import build
from palanca.spec import card, schedule, tables
from palanca.spec.days import Day
from palanca.spec.declared import ATLAS
from palanca.spec.load import load
from palanca.spec.schema import Coverage, Entry

CASE = load("us-mexico")
FROM = Month.parse("2024-09")
LATER = [entry for entry in CASE.record if entry.first.month >= FROM]
ADDED = [entry for entry in CASE.record if (entry.note or "").startswith("Rule ")]
SOURCES = (ATLAS / "us-mexico" / "SOURCES.md").read_text(encoding="utf-8")
SUM = r"[-+*/(). 0-9]*[0-9)]"
DO = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}


def value(text):
    """A sum of plain numbers."""

    def of(node):
        if isinstance(node, ast.BinOp):
            return DO[type(node.op)](of(node.left), of(node.right))
        if isinstance(node, ast.UnaryOp):
            assert isinstance(node.op, ast.USub)
            return -of(node.operand)
        assert isinstance(node, ast.Constant)
        return float(node.value)

    return of(ast.parse(text, mode="eval").body)


def rule(entry):
    found = re.match(rf"Rule (\w+): ({SUM})\.", entry.note or "")
    assert found, f"{entry.lever} from {entry.first}: {entry.note!r}"
    return found[1], value(found[2])


def named(entry):
    return f"{entry.lever} from {entry.first}"


def test_at_least_thirty_entries_start_after_august_2024_and_each_follows_a_written_rule():
    assert len(LATER) >= 30
    assert {named(entry) for entry in LATER} <= {named(entry) for entry in ADDED}
    written = set(re.findall(r"^\| `(\w+)` \|", SOURCES, re.MULTILINE))
    assert {rule(entry)[0] for entry in ADDED} <= written
    assert all(entry.source for entry in ADDED)


@pytest.mark.parametrize("entry", ADDED, ids=named)
def test_a_strength_is_the_sum_in_its_note(entry):
    """To the digits written: half a unit of the third of them."""
    assert entry.amount == pytest.approx(rule(entry)[1], rel=3e-3, abs=4e-5)
    if entry.cap is not None:
        assert entry.cap == pytest.approx(value(re.search(rf"Cap ({SUM})\.", entry.note)[1]), rel=3e-3)


def test_guards_of_five_states_add_up_to_ten_thousand():
    parts = [entry for entry in CASE.record if entry.lever == "guards_north"]
    assert sum(entry.amount for entry in parts) == pytest.approx(2 * 10_000 / 26_916, rel=1e-3)
    told = [sector for entry in parts for sector in entry.sectors.among(tuple(CASE.sectors))]
    assert sorted(told) == sorted(CASE.sectors)


@pytest.mark.parametrize(
    "lever",
    ["cbp_one", "chnv_parole", "chnv_returns", "lawful_pathways_rule", "june_proclamation", "u4u", "safe_mobility"],
)
def test_what_ends_with_the_orders_of_20_january_2025_ends_on_that_day(lever):
    ends = [entry.last for entry in CASE.record if entry.lever == lever]
    assert None not in ends
    assert max(ends) == Day.first_of("2025-01-20")


@pytest.mark.parametrize(
    "lever", ["suspension_of_entry", "border_release", "port_closure", "refugee_stop", "deeds_2025", "news_tone_2025"]
)
def test_what_begins_with_them_begins_on_that_day(lever):
    assert Day.first_of("2025-01-20") in [entry.first for entry in CASE.record if entry.lever == lever]


def test_what_courts_held_up_is_not_in_force_while_they_did():
    status = [(str(entry.first), entry.amount) for entry in CASE.record if entry.lever in ("chnv_status", "tps_haiti")]
    assert status == [("2025-09-02", 0.0), ("2025-05-30", 1.0)]
    (interior,) = [entry for entry in CASE.record if entry.lever == "expedited_removal_interior"]
    assert str(interior.last) == "2025-08-29"
    bar = [(str(entry.first), entry.amount) for entry in CASE.record if entry.lever == "suspension_of_entry"]
    assert bar == [("2025-01-20", 1.0), ("2025-08-01", 0.8)]


def test_release_falls_to_nothing_and_prosecution_rises():
    release, charged = (
        [entry.amount for entry in CASE.record if entry.lever == lever]
        for lever in ("border_release", "border_prosecution")
    )
    assert 0.9 < release[0] < 1.0
    assert release[-1] == 0.0
    assert release == sorted(release, reverse=True)
    assert charged == sorted(charged)


def test_levers_to_a_month_do_not_depend_on_later_entries():
    cut = CASE.model_copy(update={"record": tuple(entry for entry in CASE.record if entry not in LATER)})
    for month in (Month.parse("2023-12"), Month.parse("2024-08")):
        one, other = (build.levers(schedule.until(case, month)) for case in (CASE, cut))
        for field in fields(one):
            assert np.array_equal(getattr(one, field.name), getattr(other, field.name)), field.name
    short = schedule.until(CASE, Month.parse("2024-08"))
    assert len(schedule.settings(short)) < len(CASE.record) - 60


def test_entries_after_the_months_wanted_are_no_settings_of_them():
    late = {entry.lever for entry in LATER} - {entry.lever for entry in CASE.record if entry not in LATER}
    now = {setting.lever for setting in schedule.settings(schedule.until(CASE, Month.parse("2024-08")))}
    then = {setting.lever for setting in schedule.settings(schedule.until(CASE, Month.parse("2025-09")))}
    assert not late & now
    assert late <= then


@pytest.mark.parametrize("name", list(tables.mechanisms()))
def test_a_mechanism_moves_the_corridor_exactly_if_it_has_an_equation(name):
    mechanism = tables.mechanisms()[name]
    lever = CASE.levers["contention"].model_copy(update={"mechanism": name})
    entry = Entry.model_construct(
        lever="contention", first=Day.first_of("2020-01"), last=Day.last_of("2020-12"), unit=mechanism.unit,
        origins=Coverage(), groups=Coverage(), sectors=Coverage(), cap=None, cap_unit=None,
        **{"effort": None, "strength": None, "slots": None, mechanism.quantity: mechanism.high / 2},
    )  # fmt: skip
    blank = CASE.model_copy(update={"record": (), "levers": CASE.levers | {"contention": lever}})
    one, other = build.levers(blank), build.levers(blank.model_copy(update={"record": (entry,)}))
    moved = any(not np.array_equal(getattr(one, field.name), getattr(other, field.name)) for field in fields(one))
    assert moved == mechanism.acts


def test_levers_and_record_say_what_has_no_equation_yet():
    levers = {row["lever"]: row["acts"] for row in card.rows(CASE, "levers")}
    assert (
        levers["border_prosecution"] == levers["detention_space"] == tables.NO_EQUATION == "recorded, no equation yet"
    )
    assert {levers[name] for name in ("guards_north", "border_release", "deeds_2025", "news_tone_2025")} == {"yes"}
    assert {row["acts"] for row in card.rows(CASE, "record")} == {"yes", tables.NO_EQUATION}
    page = Path(__file__).parents[3] / "docs" / "reference" / "levers.md"
    assert page.read_text(encoding="utf-8").count(f"| {tables.NO_EQUATION} |") == sum(
        not mechanism.acts for mechanism in tables.mechanisms().values()
    )


def test_a_third_country_holds_the_closing_of_the_darien():
    assert CASE.countries["PAN"].role == CASE.countries["CRI"].role == "third"
    assert CASE.levers["darien_closure"].holder == "PAN"
    assert any(row["holder"] == "PAN" and row["acts"] != "yes" for row in card.rows(CASE, "levers"))
