"""What leverage says: differences, shares kept, sentences, tables and data of worlds made by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from histories import case

from palanca.core.clock import Month
from palanca.core.errors import UsageError
from palanca.infer import history
from palanca.questions import plausible
from palanca.questions.leverage import answer, charts, findings, scope, tables, withdrawal
from palanca.questions.leverage.held import LeverageResults, Worth
from palanca.questions.leverage.month import Payoffs, Sharing
from palanca.questions.leverage.run import ANSWERED, LIMITED, RECORDED, ROUTINE, STOPPED, UNENFORCED, Withdrawals
from palanca.questions.leverage.scope import Scope
from palanca.show.estimate import Basis, Inputs
from palanca.spec.load import load

MONTHS = (Month.parse("2019-04"), Month.parse("2019-05"))
LENGTHS = (1, 3, 6)
DRAWS = 40
WORLDS = (RECORDED, STOPPED, ANSWERED, ROUTINE, UNENFORCED, LIMITED)
# Further encounters of each origin by world, in the first month; twice as many in the second.
ADDED = {RECORDED: 0.0, STOPPED: 20.0, ANSWERED: 15.0, ROUTINE: 5.0, UNENFORCED: 18.0, LIMITED: 10.0}
NOTHING = Inputs((), np.empty((0, DRAWS)))


def withdrawals(months: tuple[Month, ...] = MONTHS, added: float = 1.0) -> Withdrawals:
    """Two origins of 100 encounters each; who stops adds deaths and takes people from hold."""
    size = np.array([ADDED[world] for world in WORLDS]) * added
    later = np.arange(1.0, len(months) + 1.0)
    more = later[:, None, None] * size[None, :, None] * np.ones((1, 1, len(LENGTHS)))
    ones = np.ones((1, 1, 1, DRAWS))
    encounters = (100.0 + more)[:, :, :, None, None] * np.ones((1, 1, 1, 2, DRAWS))
    deaths, held = (8.0 + 0.1 * more)[..., None] * ones, (1000.0 - 2.0 * more)[..., None] * ones
    return Withdrawals("MEX", months, LENGTHS, WORLDS, encounters, held, deaths)


def payoffs() -> Payoffs:
    """The first draw has no deal; of the others, one party gains from political issues in three quarters of draws."""
    draw = np.linspace(-1.0, 1.0, DRAWS)
    conversion = np.stack([2.0 + draw, np.where(np.arange(DRAWS) % 4 == 1, -1.0, 1.0)], axis=1)
    realised = 7.0 + draw
    conversion[0], realised[0] = np.nan, np.nan
    stopping = np.where(np.arange(DRAWS) < 10, -1.0, 4.0)
    return Payoffs(
        60.0 + draw, 50.0 + draw, 55.0 + draw, 10.0 + draw, realised, conversion, stopping, np.full(DRAWS, 0.7)
    )


def worth(months: int = 1) -> Worth:
    rows = 60.0 + np.zeros((months, DRAWS))
    shares = np.full((DRAWS, 2, 2), np.nan)
    shares[:16] = np.array([[3.0, 5.0], [1.0, 2.0]])
    none = np.where(np.arange(DRAWS) < 16, 1.0, np.nan)
    shared = Sharing(("enforcement", "parole_places"), shares, none, 0.05 * none, 0)
    whole = payoffs() if months == 1 else None
    parties = ("United States", "Mexico")
    unit = "thousand encounters avoided"
    return Worth(unit, "A table", parties, 1, 0, rows, rows - 5.0, rows / 60.0, np.full(months, 2.0), whole,
                 shared if months == 1 else None, NOTHING)  # fmt: skip


def held(months: tuple[Month, ...] = MONTHS[:1], added: float = 1.0, priced: bool = True) -> LeverageResults:
    names = {"MEX": "Mexico", "HND": "Honduras"}
    found = withdrawals(months, added)
    return LeverageResults(
        Scope("MEX", months, LENGTHS), found, "Mexico", names, (("Contention", "May 2019 on"),), NOTHING,
        worth(len(months)) if priced else None,
    )  # fmt: skip


def texts(given: LeverageResults) -> list[str]:
    return [one.text for one in findings.of(given)]


def test_the_first_finding_is_the_world_that_stopped_less_what_was_recorded() -> None:
    """Two origins of 20 more each on 200 recorded."""
    first = findings.of(held())[0]
    assert "Had Mexico stopped for 3 months from April\u00a02019" in first.text
    assert "40.0 more encounters a month: 20\u00a0% of the 200 recorded" in first.text
    assert first.numbers["further encounters"].estimate == pytest.approx(40.0)


def test_deaths_are_assumed_where_no_series_of_the_case_tells_of_them() -> None:
    untold = replace(held(), least={"deaths": Basis.assumed})
    numbers = findings.of(untold)[1].numbers
    assert (numbers["deaths"].basis, numbers["people on hold"].basis) == (Basis.assumed, Basis.learned)


def test_harm_stands_second_with_deaths_first() -> None:
    second = findings.of(held())[1]
    assert second.text == (
        "For people on the move: 2.00 more deaths on the way a month; 40.0 fewer people on hold at the end."
    )


def test_what_is_left_is_told_of_governments_that_respond_and_of_own_limits() -> None:
    """15 of 20 and 10 of 20."""
    third = findings.of(held())[2]
    assert third.numbers["left once governments respond"].estimate == pytest.approx(75.0)
    assert third.numbers["left under own limits"].estimate == pytest.approx(50.0)


def test_of_several_months_the_one_from_which_most_would_come_is_told() -> None:
    given = held(MONTHS)
    assert given.at == 1
    assert "from May\u00a02019" in texts(given)[0]
    assert "80.0 more encounters" in texts(given)[0]
    rows = tables.of(given)[0].frame().set_index("from")
    assert rows.loc["2019-05", "more if it stops"] == pytest.approx(80.0)
    assert rows.loc["2019-04", "deaths"] == pytest.approx(2.0)


def test_a_government_whose_levers_move_nobody_has_no_measured_leverage_and_no_ratio() -> None:
    given = held(added=0.0, priced=False)
    first, second, third = findings.of(given)
    assert "measures no leverage of Mexico" in first.text
    assert "Contention (May 2019 on)" in second.text
    assert "the model cannot tell" in second.text
    assert "do not change" in third.text
    assert charts.of(given) == []
    assert np.isnan(given.kept(ANSWERED, 6)).all()


def test_stopping_that_would_hurt_is_counted_over_draws_and_its_sign_is_assumed() -> None:
    """A quarter of the draws lies below zero."""
    (use,) = [one for one in findings.of(held()) if "stopping" in one.numbers]
    assert "hurt itself in 25\u00a0% of draws" in use.text
    assert use.basis is Basis.sign_assumed


def test_political_issues_help_all_only_where_they_help_each() -> None:
    """Ten of 39 draws with a deal leave the second party worse off."""
    (said,) = [text for text in texts(held()) if text.startswith("Political issues")]
    assert f"in {round(100 * 29 / 39)}\u00a0% of draws" in said
    assert "United States 100\u00a0%" in said


def test_shares_of_draws_that_were_not_shared_out_are_left_out() -> None:
    (said,) = [text for text in texts(held()) if text.startswith("Shared out")]
    assert "Mexico gains most from enforcement, 5.00" in said
    (rows,) = [one.frame() for one in tables.of(held()) if one.name == "shares by issue"]
    assert rows["United States"].tolist() == [3.0, 1.0]


def test_draws_without_a_deal_are_counted_among_the_caveats() -> None:
    setting = history.prepare(load("us-mexico"))
    found = answer.caveats(held(), type("Corridor", (), {"inputs": setting.inputs})())
    assert any("In 1 of 40 draws" in text for text in found)


def test_results_beyond_any_figure_are_flagged_with_how_far() -> None:
    """A case whose largest month has 1,000 encounters and 50 stops; derived stops do not count as figures."""
    figures = type("Figures", (), {
        "encounters": np.array([[400.0, 600.0], [100.0, 100.0]]),
        "stops": np.array([50.0, 900.0]), "stops_source": np.array([1.0, 2.0]),
    })()  # fmt: skip
    assert plausible.ranges(figures) == {"encounters": (200.0, 1000.0), "stops": (50.0, 50.0)}
    found = plausible.caveats(figures, {"encounters": np.full((2, 5), 1200.0), "stops": np.full((2, 5), 5.1e6)})
    assert "5.10\u00a0million a month, 102,000 times the largest figure on record (50.0)" in found[0]
    assert "above the largest figure on record (1,000)" in found[1]
    assert plausible.caveats(figures, {"encounters": np.full((2, 5), 900.0)}) == []
    (low,) = plausible.caveats(figures, {"encounters": np.full((2, 5), 150.0)})
    assert "below the smallest figure" in low


def test_a_partner_that_stops_makes_no_effort_and_takes_nobody_back_but_its_own() -> None:
    case_ = load("us-mexico")
    inputs = history.prepare(case_).inputs
    stopped = withdrawal.levers(case_, inputs, "MEX")
    foreign = np.asarray(inputs.levers.effort).max(axis=(0, 2)) > 0.0
    assert np.asarray(inputs.levers.effort).max() > 1.0
    assert not np.asarray(stopped.effort).any()
    assert not np.asarray(stopped.returns)[:, foreign].any()
    ordered = np.asarray(inputs.levers.order) > 0.0
    taken = np.where(ordered, np.asarray(stopped.acceptance), 0.0)
    assert not taken[:, foreign].any()
    assert np.array_equal(
        np.asarray(stopped.acceptance)[:, ~foreign], np.asarray(inputs.levers.acceptance)[:, ~foreign]
    )
    routine = np.asarray(withdrawal.enforcing(inputs, 1.0).effort)
    assert np.isclose(routine.max(axis=(1, 2)), 1.0).all()


def test_between_two_months_alone_are_without_cooperation() -> None:
    inputs = history.prepare(load("us-mexico")).inputs
    stopped = withdrawal.levers(load("us-mexico"), inputs, "MEX")
    mixed = np.asarray(withdrawal.between(inputs.levers, stopped, 100, 2).effort)
    usual = np.asarray(inputs.levers.effort)
    assert not mixed[100:102].any()
    assert np.array_equal(np.delete(mixed, [100, 101], axis=0), np.delete(usual, [100, 101], axis=0))


def test_by_default_the_transit_country_stops_in_the_last_month_that_holds_every_length() -> None:
    whole = load("us-mexico")
    found, last = scope.read(whole, None, None, None), whole.span.last
    assert (found.country, found.months[0], found.lengths, found.lead) == ("MEX", last + -5, (1, 3, 6), 3)
    assert scope.read(whole, "USA", str(last + -2), None).lengths == (1, 3)
    assert len(scope.read(case(), "MEX", "2019-01..2019-04", [2]).months) == 4


def test_shares_of_several_months_are_refused() -> None:
    with pytest.raises(UsageError, match="shared out for one month"):
        scope.check_shares(Scope("MEX", MONTHS, (3,)), shares=True)


def test_the_data_hold_every_world_on_named_axes_with_units() -> None:
    data = answer.dataset(held(), case())
    assert data["encounters"].dims == ("month", "world", "length", "origin", "draw")
    assert data["encounters"].attrs["units"] == "events / month"
    gap = data["deaths"].sel(world=STOPPED) - data["deaths"].sel(world=RECORDED)
    assert float(gap.isel(month=0, length=0, draw=0)) == pytest.approx(2.0)
    assert float(data["shares"].sel(issue="enforcement", country="Mexico").isel(draw=0)) == 5.0
    assert data["sensitivity"].dims == ("month", "draw")


def test_every_table_and_chart_can_be_told_of_one_month_and_of_several() -> None:
    for given in (held(), held(MONTHS), replace(held(), worth=None)):
        assert all(one.rows for one in tables.of(given))
        assert all(one.panels and one.caption.endswith(".") for one in charts.of(given))
