"""One lever at a time: which are in force, that taking one away is the what-if of its zero, and what is told of it."""

from __future__ import annotations

import re

import histories
import numpy as np
import posteriors
import pytest

from palanca.core.clock import Month
from palanca.core.errors import MonthError, UsageError
from palanca.evidence.levers import answer, run, scope
from palanca.evidence.levers.run import KEPT, LeverEffects
from palanca.evidence.levers.scope import LeverScope
from palanca.infer import history
from palanca.questions.changes import gather
from palanca.questions.corridor import Corridor
from palanca.questions.options import RunOptions
from palanca.questions.whatif import run as whatif
from palanca.show import page, terminal
from palanca.show.answer import Answer, Provenance
from palanca.show.estimate import Basis, Inputs
from palanca.spec.load import load

MONTH = Month.parse("2019-06")


def effects(**moved: float) -> LeverEffects:
    """A hundred encounters as recorded, and so many more of everything without each lever."""
    noise = np.linspace(-1.0, 1.0, 101)
    recorded = dict.fromkeys(KEPT, 100.0 + noise)
    without = {lever: {name: recorded[name] + change for name in KEPT} for lever, change in moved.items()}
    return LeverEffects(LeverScope(MONTH, 3, tuple(moved), ()), recorded, without, ())


def held(**moved: float) -> answer.OneLever:
    return answer.OneLever(histories.case(), effects(**moved), Inputs((), np.empty((0, 101))))


def test_levers_in_force_are_those_set_in_the_month_and_the_silent_are_told_apart() -> None:
    found = scope.read(load("us-mexico"), "2025-06", 3)
    assert {"suspension_of_entry", "deeds_2025", "guards_north", "contention"} <= set(found.levers)
    assert not {"title42", "cbp_one", "june_proclamation"} & {*found.levers, *found.silent}
    assert "duty_to_register" in found.silent
    assert scope.read(load("us-mexico"), "2022-06", 1).levers.count("title42") == 1


def test_without_a_month_the_last_is_taken_from_which_the_case_holds_all() -> None:
    case = load("us-mexico")
    assert scope.read(case, None, 3).last == case.span.last
    assert scope.read(case, None, 1).month == case.span.last


@pytest.mark.parametrize(
    ("month", "months", "error", "says"),
    [
        ("2025-08", 3, UsageError, "a first month from 2013-10 to 2025-07"),
        ("2013-09", 1, UsageError, "2013-10"),
        ("2020-01", 0, UsageError, "--for"),
        ("last spring", 3, MonthError, "YYYY-MM"),
    ],
)
def test_months_outside_the_case_are_refused(month, months, error, says) -> None:
    with pytest.raises(error, match=re.escape(says)):
        scope.read(load("us-mexico"), month, months)


def test_a_change_is_the_world_without_less_the_recorded_one() -> None:
    found = effects(contention=40.0, routine_control=-7.0)
    assert found.change("contention", "encounters") == pytest.approx(40.0)
    assert found.change("routine_control", "deaths") == pytest.approx(-7.0)
    assert np.all(effects(contention=1e-9).change("contention", "held") == 0.0)


def test_the_largest_comes_first_and_more_are_told_as_more() -> None:
    one = held(routine_control=-7.0, contention=40.0)
    assert one.levers == ["contention", "routine_control"]
    text = answer.findings(one)[0].text
    assert text.index("contention, 40.0 more encounters") < text.index("routine control, 7.00 fewer encounters")
    rows = answer.tables(one)[0].frame()
    assert rows["without"].tolist() == ["MEX: contention", "MEX: routine control"]
    assert rows["encounters"].tolist() == pytest.approx([40.0, -7.0])


def test_a_lever_whose_record_was_judged_is_never_called_learned() -> None:
    """Control is declared in the small case and contention inferred."""
    one = held(routine_control=-7.0, contention=40.0, MEX=60.0)
    assert one.record("routine_control") == ["declared"]
    assert one.change("routine_control", "encounters").basis is Basis.learned
    assert one.record("contention") == ["inferred"]
    assert one.change("contention", "encounters").basis is Basis.between
    assert set(one.record("MEX")) == {"declared", "inferred"}
    assert one.change("MEX", "deaths").basis is Basis.between


def test_levers_of_one_government_are_also_taken_away_together() -> None:
    case = histories.case()
    assert run.together(case, ["contention"]) == {}
    assert run.together(case, ["contention", "routine_control"]) == {"MEX": ["contention", "routine_control"]}


def test_every_screen_has_its_numbers() -> None:
    one = held(routine_control=-7.0, contention=40.0, MEX=60.0)
    shown = Answer(
        "?", answer.dataset(one), tuple(answer.findings(one)), tuple(answer.tables(one)), (answer._chart(one),),
        tuple(answer.caveats(one)), Provenance("evidence.levers", {}, "small", {}, 1, 101),
    )  # fmt: skip
    assert "All 2 of Mexico taken away together: 60.0 more encounters" in shown.findings[-1].text
    for text in (terminal.first_screen(shown, 80), terminal.full(shown, 80), page.html(shown)):
        assert not re.search(r"\bnan\b|\binf\b", re.sub(r"<script.*?</script>", "", text, flags=re.S))
    assert shown.data["encounters_change"].dims == ("without", "draw")
    assert all(part.attrs["units"] and part.attrs["long_name"] for part in shown.data.data_vars.values())


@pytest.mark.slow
def test_a_lever_taken_away_is_the_what_if_of_its_zero_with_governments_as_recorded() -> None:
    case = load("us-mexico")
    corridor = Corridor(history.prepare(case), posteriors.laplace())
    options = RunOptions(draws=4)
    found = run.run(corridor, LeverScope(Month.parse("2024-01"), 3, ("contention", "cbp_one"), ()), options)
    for lever, quantity in (("contention", "effort"), ("cbp_one", "slots")):
        changes = gather(case, {f"levers.{lever}.{quantity}": 0.0}, start="2024-01", end="2024-03")
        twin = whatif.run(corridor, changes.parsed, options)
        rows = twin.rows(Month.parse("2024-01"), Month.parse("2024-03"))
        for outcome in KEPT:
            expected = twin.effect(whatif.FROZEN, outcome)[rows].mean(axis=0)
            np.testing.assert_allclose(found.change(lever, outcome), expected, rtol=1e-9, atol=1e-6, err_msg=outcome)
        assert np.any(found.change(lever, "encounters") != 0.0)
