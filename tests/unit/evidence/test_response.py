"""Forecasts told the levers are scored as by pencil, kept and read back whole, and told with what they hang on."""

from __future__ import annotations

import re
from dataclasses import replace
from types import SimpleNamespace

import histories
import jax
import jax.numpy as jnp
import numpy as np
import posteriors
import pytest

from palanca.core.clock import Month
from palanca.core.errors import FitError, MonthError, UsageError
from palanca.evidence.backtest.given import DECLARED, GIVEN, LEVERS
from palanca.evidence.backtest.rivals import FLOOR
from palanca.evidence.response import answer, asked, run, store
from palanca.evidence.response.record import (
    ARIMA,
    HOLDOUT,
    NOTHING,
    PERSISTENCE,
    POOLED,
    WHOLE,
    YEARS,
    ConditionalSkill,
)
from palanca.infer.search import Compiled
from palanca.show import page, terminal
from palanca.spec.load import load

LABELS = {"total": ("all",), "origins": ("MEX", "HND"), "groups": ("single_adult",)}
LEVEL = {"MEX": 8000.0, "HND": 2000.0}
MONTHS = 10


def forecasts(errors: dict[str, float], start: str = "2018-11", gap: bool = False) -> run.StartForecasts:
    """Forecasts without spread that miss the logs of what came by so much.

    Args:
        errors: By what was told or whose it is [log points].
        start: Last known month.
        gap: Whether the second origin lacks its first month.
    """
    samples, seen, volume = {}, {}, {}
    for of, names in LABELS.items():
        level = np.array([LEVEL.get(name, 5000.0) for name in names])
        seen[of], volume[of] = np.tile(level, (MONTHS, 1)), level
        for told, error in errors.items():
            logs = np.log(seen[of] + FLOOR) + error
            samples[of, told] = np.repeat(np.exp(logs)[..., None] - FLOOR, 20, axis=-1)
    if gap:
        seen["origins"] = seen["origins"].copy()
        seen["origins"][0, 1] = np.nan
    return run.StartForecasts(Month.parse(start), samples, seen, volume)


def skill(levers: float = 0.2, declared: float = 0.5) -> ConditionalSkill:
    """An hold-out and two Januaries of such forecasts; the last count is off by one log point."""
    errors = {LEVERS: levers, DECLARED: declared, NOTHING: 0.9, PERSISTENCE: 1.0, ARIMA: 0.8}
    holdout, years = forecasts(errors), [forecasts(errors, "2018-12"), forecasts(errors, "2019-01")]
    made = [(HOLDOUT, holdout), *((YEARS, one) for one in years)]
    scores = [row for name, one in made for row in run.scored(name, str(one.start), [one], LABELS)]
    scores += run.scored(YEARS, WHOLE, years, LABELS)
    bands = [band for name, one in made for band in run.bands(LABELS, name, one)]
    return ConditionalSkill(
        "small", "2018-11", ("MEX",), tuple(scores), tuple(bands), run.settings(1), store.fingerprints(histories.case())
    )


def test_a_forecast_without_spread_scores_its_error_over_that_of_the_last_count() -> None:
    one = forecasts({LEVERS: 0.2, PERSISTENCE: -1.0})
    rows = {(row.of, row.label): row for row in run.scored(HOLDOUT, "x", [one], LABELS) if row.forecast == LEVERS}
    assert set(rows) == {("total", "all"), ("origins", "MEX"), ("origins", "HND"), ("origins", POOLED),
                         ("groups", "single_adult")}  # fmt: skip
    for row in rows.values():
        assert row.log_crps == pytest.approx(0.2)
        assert row.ratio == pytest.approx(0.2)
        assert (row.months, row.held_80) == (MONTHS, 0.0)


def test_a_band_that_holds_what_came_counts_its_month_and_one_that_misses_does_not() -> None:
    one = forecasts({LEVERS: 0.0, PERSISTENCE: 1.0})
    spread = np.exp(np.linspace(-1.0, 1.0, 20))
    sample = one.samples["total", LEVERS] * spread
    sample[:3] *= 100.0
    row = next(
        row
        for row in run.scored(HOLDOUT, "x", [replace(one, samples=one.samples | {("total", LEVERS): sample})], LABELS)
        if (row.of, row.forecast) == ("total", LEVERS)
    )
    assert (row.months, row.held_80) == (MONTHS, MONTHS - 3)


def test_labels_together_weigh_by_volume_and_a_month_that_one_lacks_is_left_out_of_both() -> None:
    """The larger origin is off by .1 and the smaller by .6: with four times the volume the mean is .2."""
    one = forecasts({LEVERS: 0.0, PERSISTENCE: 1.0}, gap=True)
    sample = np.exp(np.log(one.samples["origins", LEVERS] + FLOOR) + np.array([0.1, 0.6])[None, :, None]) - FLOOR
    made = replace(one, samples=one.samples | {("origins", LEVERS): sample})
    rows = {
        row.label: row
        for row in run.scored(HOLDOUT, "x", [made], LABELS)
        if (row.of, row.forecast) == ("origins", LEVERS)
    }
    assert rows[POOLED].ratio == pytest.approx(0.8 * 0.1 + 0.2 * 0.6)
    assert rows[POOLED].months == rows["HND"].months == MONTHS - 1
    assert rows["MEX"].months == MONTHS


def test_starts_together_are_scored_over_all_of_their_months() -> None:
    near, far = forecasts({LEVERS: 0.1, PERSISTENCE: 1.0}), forecasts({LEVERS: 0.5, PERSISTENCE: 2.0})
    far = replace(
        far, volume={of: 9.0 * volume for of, volume in far.volume.items()}
    )  # a month counts once all the same
    row = next(
        row for row in run.scored(YEARS, WHOLE, [near, far], LABELS) if (row.of, row.forecast) == ("total", LEVERS)
    )
    assert row.months == 2 * MONTHS
    assert row.ratio == pytest.approx((0.1 + 0.5) / (1.0 + 2.0))


def test_what_it_hangs_on_is_told_by_its_numbers() -> None:
    hangs, little = answer.findings(skill(0.2, 0.9))[1].text, answer.findings(skill(0.2, 0.25))[1].text
    assert "hangs on judgements in the record, made in hindsight" in hangs
    assert "make little of the difference" in little
    years = answer.findings(skill(0.2, 0.5))[2].text
    assert "scored 0.50 of the last count" in years
    assert "better than nothing in 2 of 2 years" in years
    assert "better than nothing in 0 of 2 years" in answer.findings(skill(0.2, 0.95))[2].text


def test_every_screen_has_its_numbers_and_none_that_is_none() -> None:
    found = answer.answer(histories.case(), skill(), {"again": False}, 1)
    assert len(found.tables) == 3
    assert len(found.charts) == 2
    assert "people who knew the outcome" in found.caveats[0]
    for text in (terminal.first_screen(found, 80), terminal.full(found, 80), page.html(found)):
        assert not re.search(r"\bnan\b|\binf\b", re.sub(r"<script.*?</script>", "", text, flags=re.S))
    place = {"start": "holdout 2018-11", "part": "total:all", "told": LEVERS}
    assert float(found.data["ratio"].sel(place)) == pytest.approx(0.2)
    assert all(part.attrs["units"] and part.attrs["long_name"] for part in found.data.data_vars.values())


def test_what_is_kept_reads_back_whole_and_a_changed_or_foreign_file_is_refused(tmp_path) -> None:
    found, case = skill(), histories.case()
    path = store.write(tmp_path / "one.json", found)
    back = store.read(case, path)
    assert [row.ratio for row in back.scores] == pytest.approx([row.ratio for row in found.scores], rel=1e-4)
    assert back.bands[0].month == found.bands[0].month
    assert store.stale(back, case) == []
    assert store.stale(replace(back, made={**back.made, "scores": "other"}), case) == ["scores"]
    with pytest.raises(FitError, match="of another case"):
        store.read(load("us-mexico"), path)
    with pytest.raises(FitError, match="palanca evidence response small --again --ship"):
        store.read(case, tmp_path / "none.json")
    path.write_text(path.read_text(encoding="utf-8").replace('"holdout"', '"holdouts"'), encoding="utf-8")
    with pytest.raises(FitError, match="cannot read forecasts told the levers"):
        store.read(case, path)


def test_the_holdout_scatters_by_the_curvature_at_its_maximum() -> None:
    """A density that falls twice as fast as the prior in every direction leaves half of its width."""
    layout = posteriors.given()
    mode, fitted = layout.centre() + 0.3, layout.fitted()

    def density(free: jax.Array, scored: jax.Array) -> tuple[jax.Array, jax.Array]:
        away = (free - mode) / layout.spread() ** 2 * 4.0
        return -0.5 * jnp.sum(away * (free - mode)), -away

    evidence = SimpleNamespace(layout=layout)
    ready = Compiled(evidence, density, jnp.zeros_like)  # type: ignore[arg-type]  # all that a curvature asks of it
    bend = run._bend(lambda: (ready, np.ones(3)), mode)
    np.testing.assert_allclose(bend["spread"][fitted], 0.5 * layout.spread()[fitted], rtol=1e-5)
    np.testing.assert_allclose(bend["spread"][~fitted], layout.spread()[~fitted], rtol=1e-5)


def test_what_is_shipped_rests_on_what_is_here_now() -> None:
    case = load("us-mexico")
    if not store.where(case).exists():
        pytest.skip("forecasts told the levers are not shipped yet: `palanca evidence response --again --ship`")
    found = store.read(case)
    assert store.stale(found, case) == []
    assert {one.exercise for one in found.scores} == {HOLDOUT, YEARS}


def test_januaries_begin_with_a_year_of_figures_before_and_end_with_a_month_after() -> None:
    months = asked.januaries(load("us-mexico"))
    assert [str(month) for month in months] == [f"{year}-01" for year in range(2015, 2026)]
    assert asked.januaries(histories.case()) == []


@pytest.mark.parametrize(
    ("fitted_to", "only", "error", "says"),
    [
        ("2025-09", None, UsageError, "a month from 2015-10 to 2025-08"),
        ("2014-01", None, UsageError, "a month from 2015-10 to 2025-08"),
        ("last spring", None, MonthError, "YYYY-MM"),
        (None, "holdouts", UsageError, "Did you mean 'holdout'?"),
    ],
)
def test_what_cannot_be_scored_is_refused(fitted_to, only, error, says) -> None:
    with pytest.raises(error, match=re.escape(says)):
        asked.read(load("us-mexico"), fitted_to, only)


def test_every_forecast_kept_is_one_that_a_table_can_name() -> None:
    assert {*GIVEN, NOTHING, PERSISTENCE, ARIMA} == set(answer.TOLD)
