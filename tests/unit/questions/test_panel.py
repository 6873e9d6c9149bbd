"""The panel of origins follows its equations, finds what made a history, and never sees a later month."""

import dataclasses

import numpy as np
import pytest

from palanca.core.clock import Month, Span
from palanca.core.errors import UsageError
from palanca.evidence.backtest import scores
from palanca.kernel.keys import stream
from palanca.model.cells import by_origin
from palanca.questions.forecast import panel
from palanca.questions.forecast.panel_past import learn, log_days, past_mean
from palanca.questions.forecast.panel_rules import RULES, PanelRules
from palanca.spec.load import load

FIRST = Month.parse("2001-10")
CIRCULAR = (True, *[False] * 5)
WAVE = 0.15 * np.sin(np.arange(12) * np.pi / 6)
SHARED, OWN = 0.12, 0.15
STILL = dataclasses.replace(  # a random walk: no season, no momentum, no pull
    RULES,
    returns=(1.0,),
    season_sd_circular=1e-9,
    season_sd_rest=1e-9,
    momentum_sd=1e-9,
    momentum_own_sd=1e-9,
)


def made(
    months: int,
    momentum: float | np.ndarray = 0.3,
    key: int = 1,
    origins: int = 6,
    pull: float = 0.015,
    noise: float = 1.0,
) -> np.ndarray:
    """Counts of a corridor that obeys P1 and P2 to the letter, large enough for the floor not to matter."""
    rng = stream(key, "made")
    log, step = np.full((months, origins), 16.0), np.zeros(origins)
    for month in range(1, months):
        shocks = SHARED * rng.standard_normal() + OWN * rng.standard_normal(origins)
        gap = log[month - 1] - past_mean(log[:month], RULES.level_memory)[-1]
        step = momentum * step - pull * gap + noise * shocks
        log[month] = log[month - 1] + step
    season = WAVE[(FIRST.index + np.arange(months)) % 12, None] * np.where(np.arange(origins) == 0, -0.3, 1.0)
    return np.exp(log + season + log_days(FIRST, months)[:, None]) - RULES.floor


def drawn(counts: np.ndarray, rules: PanelRules = RULES, horizon: int = 3, draws: int = 8, key: int = 5) -> np.ndarray:
    return panel.paths(
        counts, FIRST, CIRCULAR[: counts.shape[1]], horizon=horizon, draws=draws, key=key, rules=rules
    ).counts


def test_what_comes_later_changes_nothing_to_the_bit() -> None:
    series = made(120)
    other = np.vstack([series[:80], 3.0 * made(40, key=2)])
    assert np.array_equal(drawn(series[:80]), drawn(other[:80]))
    assert not np.array_equal(drawn(series[:81]), drawn(other[:81]))
    kept = series.copy()
    drawn(series)
    assert np.array_equal(series, kept)


def test_a_path_depends_neither_on_other_paths_nor_on_how_far_they_go() -> None:
    series = made(60)
    whole = drawn(series, horizon=12, draws=41)
    assert np.array_equal(whole, drawn(series, horizon=12, draws=41))
    assert np.array_equal(whole[:, :, :7], drawn(series, horizon=12, draws=7))
    assert np.array_equal(whole[:4], drawn(series, horizon=4, draws=41))
    assert not np.array_equal(whole, drawn(series, horizon=12, draws=41, key=6))


def test_the_noise_belongs_to_the_last_month_and_not_to_where_the_history_starts() -> None:
    """Under a random walk with equal spreads, what is left of a path is its noise."""
    series = np.tile(made(1, origins=1), (60, 1)) * np.exp(0.1 * (np.arange(60) % 2))[:, None]

    def noise(counts: np.ndarray, first: Month) -> np.ndarray:
        got = panel.paths(counts, first, [False], horizon=1, draws=6, key=1, rules=STILL)
        days = log_days(got.learned.last + 1, 1)
        return (np.log(got.counts + RULES.floor) - got.learned.now[0] - days)[0, 0] / got.learned.own_sd

    assert noise(series, FIRST) == pytest.approx(noise(series[20:], FIRST + 20), rel=1e-6)
    assert np.abs(noise(series, FIRST) - noise(series[:58], FIRST)).max() > 0.1


def test_paths_in_a_row_mirror_each_other_about_the_expected_change() -> None:
    """Eight paths are two of each speed of return, mirrored: their mean change is the sum of the parts exactly."""
    series = made(90)
    parts = panel.expected(series, FIRST, CIRCULAR)
    free = dataclasses.replace(RULES, momentum_range=(-9.0, 9.0))  # at a bound, one of a pair is held back
    assert (np.abs(panel.expected(series, FIRST, CIRCULAR, free).total - parts.total) < 1e-12).all()
    change = np.log(drawn(series, free, horizon=1)[0] + RULES.floor) - np.log(series[-1] + RULES.floor)[:, None]
    assert change.mean(axis=1) == pytest.approx(parts.season + parts.momentum + parts.level, abs=1e-12)
    assert parts.total == pytest.approx(change.mean(axis=1), abs=1e-12)
    assert min(np.abs(part).max() for part in (parts.season, parts.momentum, parts.level)) > 1e-3


def test_each_part_is_what_its_name_says() -> None:
    """Handing in a history without one of the three takes that part away and leaves a fixed sum."""
    series = made(90)
    learned = learn(series, FIRST, CIRCULAR)
    parts = panel.expected(series, FIRST, CIRCULAR)
    now, then = learned.last.number - 1, learned.last.number % 12
    days = np.log((learned.last + 1).days / learned.last.days)
    assert parts.season - days == pytest.approx(learned.season[:, then] - learned.season[:, now], abs=1e-12)
    assert parts.level == pytest.approx(-0.015 * (learned.now - learned.level), abs=1e-12)
    still = panel.expected(series, FIRST, CIRCULAR, STILL)
    assert np.abs(still.momentum).max() < 1e-9
    assert np.abs(still.level).max() == 0.0
    assert still.season == pytest.approx(np.full(6, days), abs=1e-9)


def test_the_level_is_a_mean_of_the_past_that_halves_by_age() -> None:
    values = np.array([[0.0], [1.0], [3.0]])
    assert past_mean(values, 1.0).ravel() == pytest.approx([0.0, 2 / 3, (3 + 0.5) / 1.75], rel=1e-12)
    assert past_mean(values, 1e9).ravel() == pytest.approx([0.0, 0.5, 4 / 3], rel=1e-6)


def test_without_season_momentum_and_pull_it_is_a_random_walk() -> None:
    series = made(150, momentum=0.0, pull=0.0)
    got = panel.paths(series, FIRST, CIRCULAR, horizon=12, draws=6000, key=3, rules=STILL)
    logs = np.log(got.counts + RULES.floor) - log_days(got.learned.last + 1, 12)[:, None, None]
    now = np.log(series[-1] + RULES.floor) - log_days(got.learned.last, 1)
    assert logs.mean(axis=2) == pytest.approx(np.tile(now, (12, 1)), abs=1e-9)
    step = np.sqrt(got.learned.shared_sd**2 + got.learned.own_sd**2)
    grown = logs.std(axis=2) / (step * np.sqrt(np.arange(1, 13))[:, None])
    assert grown == pytest.approx(np.ones((12, 6)), rel=0.06)  # four standard errors of 3,000 pairs: 0.052
    together = np.corrcoef(logs[-1])[np.triu_indices(6, 1)].mean()
    assert together == pytest.approx(np.mean(got.learned.shared_sd**2 / step**2), abs=0.06)


def test_a_history_made_by_the_equations_gives_its_parameters_back() -> None:
    """Means over 25 histories of 25 years; two-sided, at about four standard errors beside what priors take away."""
    true = np.array([0.1, 0.2, 0.3, 0.3, 0.4, 0.5])
    found = [learn(made(300, momentum=true, key=key), FIRST, CIRCULAR) for key in range(25)]
    momentum = np.array([learned.momentum for learned in found])
    assert momentum.mean(axis=0) == pytest.approx(true, abs=0.07)
    assert momentum.std(axis=0).mean() == pytest.approx(np.mean([x.momentum_sd for x in found]), rel=0.35)
    assert np.mean([x.shared_sd for x in found]) == pytest.approx(SHARED, abs=0.015)
    assert np.mean([x.own_sd for x in found], axis=0) == pytest.approx(np.full(6, OWN), abs=0.015)
    rest = np.mean([x.season[1] for x in found], axis=0)
    assert rest - rest.mean() == pytest.approx(WAVE, abs=0.05)
    assert all(np.array_equal(x.season[1], x.season[5]) for x in found)
    assert all(np.abs(x.season[0]).max() < 0.06 for x in found)  # one noisy origin is held to its prior


def test_in_a_quiet_corridor_both_kinds_show_their_season() -> None:
    found = [learn(made(300, key=key, noise=0.1), FIRST, CIRCULAR).season for key in range(25)]
    lone, rest = np.mean(found, axis=0)[:2]
    assert rest - rest.mean() == pytest.approx(WAVE, abs=0.01)
    assert lone - lone.mean() == pytest.approx(-0.3 * WAVE, abs=0.015)


def test_the_shared_variance_is_none_where_origins_move_alone() -> None:
    rng = stream(9, "alone")
    series = np.exp(10 + np.cumsum(0.2 * rng.standard_normal((300, 6)), axis=0))
    learned = learn(series, FIRST, CIRCULAR, STILL)
    assert learned.shared_sd < 0.06
    assert learned.own_sd.mean() == pytest.approx(0.2, rel=0.15)


def test_intervals_hold_as_often_as_they_say_when_the_equations_are_true() -> None:
    """Each of 150 histories gives one independent total; 80 % is known to 3.3 points, and parameters are guessed."""
    held = np.zeros((150, 4))
    for key in range(len(held)):
        series = made(132, key=100 + key)
        ahead = drawn(series[:120], horizon=12, draws=199, key=key).sum(axis=1)[[0, 2, 5, 11]]
        held[key] = scores.covered(ahead, series[120:].sum(axis=1)[[0, 2, 5, 11]], 0.8)
    assert (np.abs(held.mean(axis=0) - 0.8) < 0.1).all(), held.mean(axis=0)


def test_a_thousand_times_the_people_is_a_thousand_times_the_paths() -> None:
    series = made(90)
    assert 1000.0 * drawn(series, horizon=12) == pytest.approx(drawn(1000.0 * series, horizon=12), rel=2e-3)


def test_the_order_of_origins_of_one_kind_does_not_matter_to_what_is_learned() -> None:
    series = made(90)
    turned = [0, 5, 4, 3, 2, 1]
    one, other = learn(series, FIRST, CIRCULAR), learn(series[:, turned], FIRST, CIRCULAR)
    for name in ("now", "step", "level", "season", "momentum", "momentum_sd", "own_sd"):
        assert getattr(one, name)[turned] == pytest.approx(getattr(other, name), rel=1e-9, abs=1e-12)
    assert one.shared_sd == pytest.approx(other.shared_sd, rel=1e-9)


def test_one_origin_has_shocks_of_its_own_alone_and_jumps_do_not_spread_without_end() -> None:
    series = made(90, origins=1)
    learned = learn(series, FIRST, [True])
    assert learned.shared_sd == 0.0
    assert learned.own_sd[0] > 0.1
    wild = series * np.exp(2.0 * (np.arange(90) % 3 == 0))[:, None]
    assert learn(wild, FIRST, [True]).own_sd[0] == RULES.own_sd_most


def test_months_with_nobody_are_welcome_and_stay_nobody_or_more() -> None:
    series = made(60)
    series[:, 3] = 0.0
    series[:30] = 0.0
    ahead = drawn(series, horizon=24, draws=50)
    assert np.isfinite(ahead).all()
    assert ahead.min() >= 0.0
    assert drawn(np.zeros((24, 6)), horizon=24).max() < RULES.floor  # days of the month alone move nobody's log


def test_two_years_will_do_and_less_is_refused() -> None:
    series = made(24)
    assert np.isfinite(drawn(series, horizon=12)).all()
    with pytest.raises(UsageError, match="too little history") as fault:
        drawn(series[1:])
    assert "23 months" in str(fault.value)
    assert "24 or more" in str(fault.value)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -1.0])
def test_a_missing_or_impossible_count_is_named_by_its_place(bad) -> None:
    series = made(40)
    series[33, 2] = bad
    with pytest.raises(UsageError, match="missing or not a count") as fault:
        drawn(series)
    assert "counts[33, 2]" in str(fault.value)
    with pytest.raises(UsageError, match="missing or not a count"):
        panel.expected(series, FIRST, CIRCULAR)


def test_what_cannot_be_asked_is_refused_with_a_way_out() -> None:
    series = made(40)
    for circular in (CIRCULAR[:5], (1, 0, 0, 0, 0, 0), ()):
        with pytest.raises(UsageError, match="kind of every origin"):
            panel.paths(series, FIRST, circular, horizon=1, draws=2, key=1)
    for horizon, draws in ((0, 2), (1, 0)):
        with pytest.raises(UsageError, match="one month ahead or further"):
            drawn(series, horizon=horizon, draws=draws)
    for change in ({"spread_memory": 0.0}, {"momentum_sd": np.nan}):
        with pytest.raises(UsageError, match="above zero") as fault:
            dataclasses.replace(RULES, **change)
        assert next(iter(change)) in str(fault.value)
    for returns in ((), (1.1,), (0.0, 0.5)):
        with pytest.raises(UsageError, match="share of itself"):
            dataclasses.replace(RULES, returns=returns)


def test_every_speed_of_return_serves_as_many_paths() -> None:
    """Far above its level and without noise, a path falls by its own speed: four of them, in equal numbers."""
    series = np.vstack([np.full((150, 1), 1e5), np.full((60, 1), 1e6)])
    quiet = dataclasses.replace(
        STILL, returns=RULES.returns, own_sd_most=1e-12, season_sd_rest=1e-9, momentum_own_sd=1e-9
    )
    got = panel.paths(series, FIRST, [False], horizon=1, draws=16, key=1, rules=quiet)
    fall = np.log(got.counts[0, 0] + RULES.floor) - log_days(got.learned.last + 1, 1) - got.learned.now
    speeds, times = np.unique(np.round(-fall / got.learned.gap, 6), return_counts=True)
    assert speeds == pytest.approx([0.0, 0.01, 0.02, 0.03], abs=1e-6)
    assert times.tolist() == [4, 4, 4, 4]


def test_the_official_figures_make_a_panel_from_2001_and_winter_falls_short_of_spring() -> None:
    span = Span.parse("2001-10", "2023-12")
    case = load("us-mexico")
    origins, counts = tuple(case.origins), by_origin(span, case)
    parts = panel.expected(counts, span.first, [code == "MEX" for code in origins])
    rest = np.array([code != "MEX" for code in origins])
    assert (parts.season[rest] < -0.1).all()  # January lies below December, where both have 31 days
    learned = learn(counts, span.first, ~rest)
    assert learned.season[1, 0] < learned.season[1, 4] - 0.1
    assert (learned.momentum[:4] > 0.1).all()  # the four large origins go on as they moved
