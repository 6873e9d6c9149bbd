"""Sentences carry the numbers of the run, their intervals, and say when the sign is open."""

from __future__ import annotations

from dataclasses import replace

import histories
import numpy as np
import pytest
import xarray as xr

from palanca.core.clock import Month
from palanca.spec.edit import Change
from palanca.spec.schema import Coverage
from palanca.view import prose, series, theme


@pytest.fixture(scope="module")
def run():
    return histories.history()


def draws(*values: float) -> xr.DataArray:
    return xr.DataArray(np.array(values), dims=("draw",))


def test_a_gap_below_zero_is_worded_as_fewer_with_its_band_the_right_way_round():
    found = prose.gap(draws(-300.0, -200.0, -100.0))
    assert found.more == "fewer"
    assert found.sure
    assert found.size == "200 [110 to 290]"


def test_a_gap_whose_band_holds_zero_is_not_sure():
    assert not prose.gap(draws(-100.0, 50.0, 200.0)).sure


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (Change("levers.contention.effort", 0.0, Month.parse("2019-05")), "no contention from May 2019"),
        (Change("levers.routine_control.effort", 1.5), "routine control at 1.5 effort"),
        (Change("levers.contention.cap", "none"), "contention without a cap"),
        (Change("parameters.death_border", 0.001), "parameter death border at 0.001"),
        (Change("mechanisms.effort", "off"), "mechanism effort off"),
        (Change("basis.inferred", "off"), "entries of inferred basis left out"),
        (
            Change("levers.contention.effort", 0.0, origins=Coverage(only=("HND",))),
            "no contention for Honduras",
        ),
    ],
)
def test_a_change_is_worded_as_a_reader_would_say_it(change, words):
    assert prose.worded(histories.case(), change) == words


def test_the_headline_gives_the_difference_of_the_first_month_changed(run):
    said = " ".join(prose.headline(run))
    gap = (series.total(run, "encounters", twin=True) - series.total(run, "encounters"))[histories.CHANGED]
    assert f"{theme.rounded(series.middle(gap))} [" in said
    assert "more encounters in May 2019, +50\u00a0%" in said
    assert "no contention from May 2019" in said
    assert "doubt about the model itself is not in them" in said


def test_harm_stands_beside_the_headline_with_the_twin(run):
    said = " ".join(prose.harm(run))
    assert "on hold" in said
    assert "more people die on the way" in said


def test_a_change_without_effect_is_said_to_have_none(run):
    same = {f"twin_{n}": run.result[n].values for n in run.result.data_vars if f"twin_{n}" in run.result.data_vars}
    said = prose.headline(histories.with_values(run, **same))
    assert said[-1].endswith("It makes no difference in any month.")


def test_a_run_without_changes_speaks_of_no_twin():
    alone = histories.history(twin=False)
    assert "twin" not in " ".join([*prose.headline(alone), *prose.harm(alone)])
    assert prose.cannot_tell(alone) == []


def test_weak_settings_of_a_changed_lever_are_counted(run):
    assert any("in 1 of 1 dated entry" in text for text in prose.cannot_tell(run))
    declared = replace(run, changes=(Change("levers.routine_control.effort", 2.0),))
    assert not any("dated entr" in text for text in prose.cannot_tell(declared))


def test_figures_out_of_reach_are_owned_up_to(run):
    missed = np.ones((histories.MONTHS, 2, histories.DRAWS))
    said = prose.proves_nothing(histories.with_values(run, at_bound=missed))
    assert any("outside what the model can reach" in text for text in said)
    assert not any("outside what the model can reach" in text for text in prose.proves_nothing(run))
