"""Skill is what arithmetic says it is, on the starts that both forecasts score, and never learns from the future."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import numpy as np
import pytest
import skills

from palanca.core import seal
from palanca.core.clock import Month
from palanca.core.errors import FitError, UsageError
from palanca.evidence.backtest import combine, regimes, rivals, skill, starts
from palanca.evidence.backtest import store as skill_store
from palanca.evidence.backtest.record import HALF, MODEL, NOTHING, PERSISTENCE, POOLED, WEIGHED
from palanca.evidence.backtest.rivals import FLOOR, Past
from palanca.evidence.backtest.run import DRAWS, HORIZONS
from palanca.spec.load import load

CHANGED = 60  # starts up to this one must not notice what came later


@pytest.fixture(scope="module")
def halved():
    """A model whose errors and spread are half of persistence's."""
    return skill.rows(*skills.backtest(closer=0.5))


def rows_of(rows, **wanted):
    return [row for row in rows if all(getattr(row, name) == value for name, value in wanted.items())]


def test_errors_and_spread_of_half_the_size_halve_the_score_everywhere(halved) -> None:
    """The score is homogeneous of degree one in errors and spread, so that the ratio has no doubt."""
    found = rows_of(halved, forecast=MODEL, against=PERSISTENCE)
    assert len(found) > 50
    for row in found:
        assert row.ratio == pytest.approx(0.5, rel=1e-6)
        if row.low is not None:
            assert (row.low, row.high) == pytest.approx((0.5, 0.5), rel=1e-6)
            assert row.better
            assert not row.worse


def test_a_model_that_is_persistence_has_ratio_one_and_is_neither_better_nor_worse() -> None:
    for row in rows_of(skill.rows(*skills.backtest()), against=PERSISTENCE, forecast=MODEL):
        assert row.ratio == pytest.approx(1.0, abs=1e-12)
        assert not row.better
        assert not row.worse


def test_a_model_twice_as_far_off_is_called_worse() -> None:
    found = rows_of(skill.rows(*skills.backtest(closer=2.0)), of="total", forecast=MODEL, window="all")
    assert len(found) == len(HORIZONS)
    assert all(row.worse for row in found)


def test_honest_intervals_hold_what_they_say(halved) -> None:
    """110 independent outcomes: two standard errors of a share of 80 % are 8 points, of 50 % 10."""
    first = rows_of(halved, of="total", forecast=PERSISTENCE, window="all", horizon=1)[0]
    for held, level, room in ((first.held_50, 0.5, 0.1), (first.held_80, 0.8, 0.08), (first.held_90, 0.9, 0.06)):
        assert abs(held - level) < room


def test_only_starts_with_an_outcome_are_scored(halved) -> None:
    for row in rows_of(halved, of="total", forecast=MODEL, window="all", given=NOTHING):
        assert row.starts == skills.STARTS - row.horizon + 1


def test_a_start_that_one_of_two_forecasts_lacks_is_left_out_of_both() -> None:
    found, compared = skills.backtest()
    broken = compared.total["auto_ets"].copy()
    broken[:7] = np.nan
    rows = skill.rows(found, replace(compared, total=compared.total | {"auto_ets": broken}))
    row = rows_of(rows, forecast="auto_ets", window="all", horizon=1)[0]
    assert row.starts == skills.STARTS - 7
    assert row.ratio == pytest.approx(1.0, abs=1e-12)


def test_the_pooled_ratio_is_a_sum_of_scores_times_volume_over_another() -> None:
    found, compared = skills.backtest(closer=0.7)
    worse = found.samples["sectors"].copy()
    worse[:, :, 1] = found.seen["sectors"][:, :, 1, None] * 3.0 + FLOOR
    rows = skill.rows(replace(found, samples=found.samples | {"sectors": worse}), compared)
    volume = np.nanmean(found.seen["sectors"].reshape(-1, 2), axis=0)
    for ahead in HORIZONS:
        one, other = (rows_of(rows, of="sectors", label=name, horizon=ahead)[0] for name in skills.LABELS["sectors"])
        pooled = rows_of(rows, of="sectors", label=POOLED, forecast=MODEL, horizon=ahead, window="all")[0]
        top = volume[0] * one.log_crps + volume[1] * other.log_crps
        bottom = volume[0] * one.log_crps / one.ratio + volume[1] * other.log_crps / other.ratio
        assert pooled.ratio == pytest.approx(top / bottom, rel=1e-9)
        assert pooled.crps == pytest.approx(one.crps + other.crps, rel=1e-9)


def test_regimes_hold_every_start_once_and_say_why() -> None:
    for case, first in (("us-mexico", "2014-01"), ("aegean", "2016-01")):
        begin, own = Month.parse(first), regimes.of(case).regimes
        starts = [begin + i for i in range(Month.parse("2025-06") - begin)]
        assert (sum(regime.holds(starts).astype(int) for regime in own) == 1).all()
        assert all(len(regime.why) > 20 for regime in own)


def test_a_case_without_regimes_is_scored_over_every_start() -> None:
    found = regimes.of("somewhere-else")
    assert found.plain == (regimes.ALL,)
    assert [one.name for one in found.conditional] == ["every start"]


def test_too_few_starts_have_no_interval() -> None:
    found = rows_of(skill.rows(*skills.backtest(closer=0.5)), window="expulsions", of="total", forecast=MODEL)
    assert {row.horizon: row.low is None for row in found} == {1: False, 3: False, 6: False, 12: True}


def test_sparse_starts_have_blocks_of_as_many_months() -> None:
    found = rows_of(skill.rows(*skills.backtest(closer=0.5, every=3)), of="total", forecast=MODEL, window="all")
    assert all(row.low is not None for row in found)
    assert {row.starts for row in found} == {37, 36, 35, 33}


def test_conditional_forecasts_are_compared_with_persistence_and_with_the_model_that_knows_no_levers() -> None:
    found, compared = skills.backtest(closer=0.5)
    plain = skills.backtest(closer=0.8)[0]
    mixed = replace(found, samples=found.samples | {"total": plain.samples["total"]})
    rows = rows_of(skill.rows(mixed, compared), of="total", forecast=MODEL, given="levers", window="2020 on")
    for row in rows:
        expected = 0.5 if row.against == PERSISTENCE else 0.5 / 0.8
        assert row.ratio == pytest.approx(expected, rel=1e-6)
    assert {row.against for row in rows} == {PERSISTENCE, f"{MODEL}, given {NOTHING}"}


@pytest.mark.parametrize("steps", [(0, 1, 3), (0, 0), (1, 0)])
def test_starts_that_are_not_evenly_spaced_are_refused(steps) -> None:
    with pytest.raises(UsageError, match="evenly spaced"):
        skill.spacing(tuple(skills.FIRST + step for step in steps))


def test_averaging_normals_averages_their_means_and_spreads() -> None:
    """Quantiles of normals are linear, so their average is normal with the average mean and standard deviation."""
    noise = np.random.default_rng(5).standard_normal(4000)
    one, other = np.exp(9.0 + 0.2 * noise) - FLOOR, np.exp(8.0 + 0.6 * noise) - FLOOR
    logs = np.log(combine.averaged(one, other, 0.25) + FLOOR)
    np.testing.assert_allclose(logs, 8.25 + 0.5 * np.sort(noise), atol=1e-9)
    for weight, alone in ((1.0, one), (0.0, other)):
        np.testing.assert_allclose(combine.averaged(one, other, weight), np.sort(alone), rtol=1e-9)


def test_widening_keeps_the_median_and_stretches_logs_about_it() -> None:
    noise = np.random.default_rng(6).standard_normal(401)
    sample = np.exp(9.0 + 0.2 * noise) - FLOOR
    middle = np.median(noise)
    logs = np.log(combine.widened(sample, 1.5) + FLOOR)
    np.testing.assert_allclose(logs, 9.0 + 0.2 * middle + 0.3 * (noise - middle), atol=1e-9)


def test_what_is_learned_waits_for_outcomes_and_then_takes_the_best_so_far() -> None:
    """Option 1 is the better one up to start 60 and option 0 by far after it."""
    starts = [skills.FIRST + i for i in range(120)]
    cost = np.ones((120, 2, 2))
    cost[:61, :, 1] = 0.5
    cost[61:, :, 0] = -9.0
    found = combine.best_so_far(cost, starts, (1, 12), default=0)
    for j, ahead in enumerate((1, 12)):
        wait = combine.LEAST_OUTCOMES - 1 + ahead
        assert (found[:wait, j] == 0).all()
        assert (found[wait : 61 + ahead, j] == 1).all()
        turned = 61 + ahead + 3  # ten points better make up for sixty-one halves after four outcomes
        assert (found[turned:, j] == 0).all()


def test_the_best_factor_is_recovered_where_a_forecast_is_too_sure() -> None:
    found, _ = skills.backtest()
    narrow = combine.widened(found.samples["total"][:, :, 0], 0.5)
    seen = found.seen["total"][:, :, 0]
    _, factors = combine.learned_spread(narrow, seen, found.starts, HORIZONS)
    assert (np.abs(np.log(factors[-12:] / 2.0)) < 0.45).all()  # neighbours of 2.0 on the list, at 100 outcomes
    assert (factors[: combine.LEAST_OUTCOMES] == 1.0).all()


def changed(found):
    """The same forecasts with every outcome after a start altered."""
    seen = found.seen["total"].copy()
    for j, ahead in enumerate(HORIZONS):
        seen[max(CHANGED - ahead + 1, 0) :, j] *= 5.0
    return seen[:, :, 0]


def test_blends_and_spreads_of_a_start_do_not_change_with_what_came_after_it() -> None:
    found, compared = skills.backtest(closer=0.8)
    model, last = found.samples["total"][:, :, 0], compared.total[PERSISTENCE] * 1.1
    before, after = found.seen["total"][:, :, 0], changed(found)
    for made in (
        lambda seen: combine.learned_average(model, last, seen, found.starts, HORIZONS),
        lambda seen: combine.learned_spread(0.7 * model, seen, found.starts, HORIZONS),
    ):
        for one, other in zip(made(before), made(after), strict=True):
            np.testing.assert_array_equal(one[: CHANGED + 1], other[: CHANGED + 1])
            assert (one[CHANGED + 1 :] != other[CHANGED + 1 :]).any()


def test_persistence_of_parts_does_not_change_with_what_came_after_its_start() -> None:
    rng = np.random.default_rng(8)
    counts = rng.uniform(50.0, 500.0, (90, 3))
    later = counts.copy()
    later[61:] = rng.uniform(5e3, 5e4, (29, 3))
    start = skills.FIRST + 60
    one, other = (
        rivals.persistence(Past(skills.FIRST, table).until(start), "groups/x", 1) for table in (counts, later)
    )
    np.testing.assert_array_equal(one, other)
    assert (rivals.persistence(Past(skills.FIRST, later).until(start + 1), "groups/x", 1) != one).any()


def test_persistence_of_a_part_stays_at_the_last_count_and_widens_with_the_root_of_time() -> None:
    steps = np.random.default_rng(9).choice([-0.1, 0.1], 60)
    counts = (np.exp(8.0 + np.cumsum(steps)) - FLOOR)[:, None]
    logs = np.log(rivals.persistence(counts, "x", 1)[:, 0] + FLOOR)
    np.testing.assert_allclose(np.median(logs, axis=1), np.log(counts[-1, 0] + FLOOR), atol=0.06)
    np.testing.assert_allclose(logs.std(axis=1), 0.1 * np.sqrt(HORIZONS), rtol=0.12)  # 400 draws know it to 7 %


def test_a_series_younger_than_a_year_or_with_a_gap_in_it_is_not_scored() -> None:
    counts = np.full((30, 3), 100.0) + np.arange(30)[:, None]
    counts[:19, 0] = np.nan
    counts[:18, 1] = np.nan
    counts[25, 2] = np.nan
    found = rivals.persistence(counts, "x", 1)
    assert np.isnan(found[:, 0]).all()
    assert np.isfinite(found[:, 1]).all()
    assert np.isnan(found[:, 2]).all()
    assert found.shape == (len(HORIZONS), 3, DRAWS)


@pytest.mark.slow
def test_baselines_are_kept_resumed_and_blind_to_what_came_after_their_start(tmp_path, monkeypatch) -> None:
    rng = np.random.default_rng(10)
    counts = np.exp(9.0 + np.cumsum(rng.normal(0.0, 0.2, 80)))[:, None]
    later = counts.copy()
    later[51:] *= 7.0
    start = skills.FIRST + 50
    one, other = (
        rivals.run({"total": Past(skills.FIRST, table)}, [start], tmp_path / name)
        for name, table in (("one", counts), ("other", later))
    )
    for name, sample in one.total.items():
        np.testing.assert_array_equal(sample, other.total[name])

    def refuse(*_: object) -> None:
        raise AssertionError("made again")

    monkeypatch.setattr(rivals.baselines, "forecasts", refuse)
    told = []
    again = rivals.run(
        {"total": Past(skills.FIRST, counts)}, [start], tmp_path / "one", progress=lambda *now: told.append(now)
    )
    np.testing.assert_array_equal(again.total["auto_arima"], one.total["auto_arima"])
    assert told == [(1, 1)]


def test_a_corrupt_file_of_baselines_is_refused_with_a_way_out(tmp_path) -> None:
    past = Past(Month.parse("1999-10"), np.ones((200, 1)))
    folder = tmp_path / f"baselines-{skill_store.baselines_fingerprint(past.counts)}"
    folder.mkdir()
    (folder / f"{skills.FIRST}-1.npz").write_bytes(b"half a fi")
    with pytest.raises(FitError, match="cannot read") as fault:
        rivals.run({"total": past}, [skills.FIRST], tmp_path)
    assert "Remove the file" in fault.value.way_out


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    found = skills.skill()
    return found, skill_store.write(tmp_path_factory.mktemp("skill") / "skill.json", found)


def test_skill_comes_back_from_disk_to_five_digits(stored) -> None:
    found, path = stored
    again = skill_store.read_skill(skills.case(), path)
    assert len(again.rows) == len(found.rows)
    for one, other in zip(found.rows, again.rows, strict=True):
        assert other.log_crps == pytest.approx(one.log_crps, rel=1e-4)
        assert (one.of, one.label, one.forecast, one.horizon) == (other.of, other.label, other.forecast, other.horizon)
        assert (one.low is None) == (other.low is None)
    assert [band.seen is None for band in again.fan] == [band.seen is None for band in found.fan]
    assert again.settings["candidates looked at"] == {"structures": 300, "scored rows": 445}
    assert skill_store.stale(again, skills.case()) == []


def test_what_has_changed_since_is_named(stored) -> None:
    other = skills.case().model_copy(update={"title": "Another title"})
    assert skill_store.stale(stored[0], other) in ([], ["case"])  # a title may be no part of the fingerprint
    aged = replace(stored[0], made={**stored[0].made, "figures": "0" * 16})
    assert skill_store.stale(aged, skills.case()) == ["figures"]


@pytest.mark.parametrize("damage", ["cut", "no rows", "words for numbers", "every number halved"])
def test_a_damaged_file_of_skill_is_refused_with_the_command_that_makes_it(stored, damage, tmp_path) -> None:
    text = stored[1].read_text(encoding="utf-8")
    held = seal.unsealed_json(text.encode())
    without = seal.sealed_json(json.dumps({name: part for name, part in held.items() if name != "rows"}))
    held["rows"][0]["log_crps"] = "much"
    worded = seal.sealed_json(json.dumps(held))
    halved = re.sub(r"(?<=: )\d+\.\d+", lambda found: str(float(found[0]) / 2), text)
    bad = tmp_path / "bad.json"
    contents = {"cut": text[:-40], "no rows": without, "words for numbers": worded, "every number halved": halved}
    bad.write_text(contents[damage])
    with pytest.raises(FitError, match="cannot read") as fault:
        skill_store.read_skill(skills.case(), bad)
    assert "palanca evidence backtest us-mexico --again --ship" in fault.value.way_out


def test_missing_skill_and_skill_of_another_case_are_refused(stored, tmp_path) -> None:
    with pytest.raises(FitError, match="no backtest"):
        skill_store.read_skill(skills.case(), tmp_path / "none.json")
    other = skills.case().model_copy(update={"case": "another"})
    with pytest.raises(FitError, match="another case"):
        skill_store.read_skill(other, stored[1])


def test_blends_are_among_the_rows_and_half_of_equal_forecasts_is_the_forecast(halved) -> None:
    same = skill.rows(*skills.backtest())
    for name in (HALF, WEIGHED):
        found = rows_of(same, forecast=name, window="all")
        assert len(found) == len(HORIZONS) * (1 + len(skills.LABELS))
        assert all(row.ratio == pytest.approx(1.0, abs=1e-9) for row in found)
    learned = rows_of(halved, of="total", forecast=WEIGHED, window="all", horizon=1)[0]
    assert 0.5 < learned.ratio < 0.62  # weight one half for 24 starts, then all on the better


def test_starts_begin_with_the_regimes_of_the_case_and_no_earlier_than_a_fit_could() -> None:
    case = load("aegean")
    assert str(starts.starts(case)[0]) == "2016-01"
    assert str(starts.earliest(case)) == "2015-01"
    assert str(starts.starts(load("us-mexico"))[0]) == str(starts.earliest(load("us-mexico"))) == "2014-01"
    with pytest.raises(UsageError, match="2015-01 to"):
        starts.starts(case, first=Month.parse("2014-06"))
