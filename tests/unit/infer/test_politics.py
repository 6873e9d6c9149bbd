"""Attention is recovered where it was put, and the shipped politics rest on the packaged figures."""

from __future__ import annotations

import re
from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import pytest
import scoringrules

from palanca.core.clock import Month
from palanca.core.errors import FitError, MonthError
from palanca.infer import politics_attention as attention
from palanca.infer import politics_democracy as democracy
from palanca.infer import politics_support as support
from palanca.infer.politics import checksums, fitted, where, write
from palanca.infer.politics_fit import SERIES, fit
from palanca.infer.politics_heldout import scores
from palanca.infer.politics_sample import SamplingLength, label, lasting_errors, near_nothing
from palanca.politics.democracy import Slow, step
from palanca.spec.load import load

FIRST, LAST = Month.parse("2014-01"), Month.parse("2024-08")
QUICK = SamplingLength(chains=1, warmup=80, kept=80)
TRUTH = {
    "rise": 0.4, "fade_months": 3.0, "used_months": 18.0, "k": 0.5, "tau": 5.0, "level": 9.0, "pandemic": 1.0,
    "lasting": 0.7, "scatter": 0.1,
}  # fmt: skip


@pytest.fixture(scope="module")
def shipped():
    return fitted("us-mexico")


def synthetic(truth: dict[str, float]) -> attention.Polls:
    """Polls of every other month of ten years under a known truth, with arrivals that come in surges."""
    source = np.random.default_rng(3)
    walk = np.convolve(source.normal(0.0, 0.35, 160), 0.9 ** np.arange(40))[:160]
    asked = np.arange(40, 160, 2)
    blank = attention.Polls(Month.parse("2008-01"), np.exp(11.0 + walk), asked, np.zeros(60), np.full(60, 0.004))
    mean = np.asarray(attention.expected(blank, {name: jnp.asarray(value) for name, value in truth.items()}))[asked]
    spread = np.asarray(lasting_errors(asked, truth["lasting"], truth["scatter"], blank.variance))
    return replace(blank, log_percent=source.multivariate_normal(mean, spread))


@pytest.mark.long
@pytest.mark.slow
def test_a_known_attention_is_recovered() -> None:
    found = attention.fitted_to(synthetic(TRUTH), 1, QUICK)
    for name in ("rise", "fade_months", "used_months", "k", "level", "pandemic", "scatter"):
        draws = np.log(found[name].ravel())
        assert abs(draws.mean() - np.log(TRUTH[name])) < 3.0 * draws.std(), name
    assert np.quantile(found["rise"], 0.05) > 0.2
    assert found["rise"].std() < 0.15


def test_figures_of_all_adults_are_the_published_ones_and_else_the_mean_of_parties() -> None:
    found = attention.polls(last="2024-08")
    shown = {str(found.first + int(month)): value for month, value in zip(found.asked, found.log_percent, strict=True)}
    assert len(shown) == 104
    assert shown["2024-02"] == pytest.approx(np.log(28.0), abs=0.01)
    assert shown["2020-05"] == pytest.approx(np.log(2.0 / 3.0), abs=0.15)
    assert "2022-12" not in shown


def test_a_percent_of_nothing_has_a_log_and_a_wide_one() -> None:
    log, variance = attention.measured(np.array([0.0, 20.0]), 220.0)
    assert np.isfinite(log).all()
    assert variance[0] > 1.0 > 0.05 > variance[1]
    assert variance[1] == pytest.approx(0.8 / (0.2 * 220.0) + 1.0 / 12.0 / 400.0, rel=0.05)


def test_shipped_politics_rest_on_the_packaged_figures_and_are_small(shipped) -> None:
    assert shipped.made == checksums(SERIES, shipped.last)
    assert shipped.made != checksums(SERIES, "2025-09")
    assert where("us-mexico").stat().st_size < 300_000
    assert {len(values) for values in shipped.draws.values()} == {200}
    assert set(shipped.draws) == {one.name for one in shipped.constants}
    assert shipped.quality["r_hat"] < 1.02
    assert shipped.quality["effective_draws"] > 200


def test_labels_follow_from_the_numbers(shipped) -> None:
    assert [label(x) for x in (0.5, 0.8, 0.95, 0.96)] == ["learned", "in between", "in between", "assumed"]
    for one in shipped.constants:
        assert one.label == label(one.ratio)
        stored = np.array(shipped.draws[one.name])
        assert stored.mean() == pytest.approx(one.mean, abs=4.0 * one.sd / np.sqrt(200) + 1e-9), one.name
    assert shipped.constant("rise").label == "learned"
    assert shipped.constant("harm").label == "assumed"


def test_salience_is_attention_times_clock_draw_by_draw(shipped) -> None:
    heard, clock = shipped.attention(FIRST, LAST, 50, 7), shipped.clock(FIRST, LAST, 50, 7)
    assert heard.shape == (128, 50)
    np.testing.assert_allclose(shipped.salience(FIRST, LAST, 50, 7), heard * clock, rtol=1e-14)
    np.testing.assert_array_equal(shipped.attention(LAST, LAST, 50, 7), heard[-1:])
    assert shipped.salience(LAST, LAST, 450, 7).shape == (1, 450)
    assert not np.array_equal(heard, shipped.attention(FIRST, LAST, 50, 8))


def test_the_clock_peaks_in_every_november_of_an_election(shipped) -> None:
    clock = np.median(shipped.clock(FIRST, LAST, 200, 1), axis=1)
    peaks = [str(FIRST + i) for i in range(1, 127) if clock[i] > max(clock[i - 1], clock[i + 1])]
    assert peaks == ["2014-11", "2016-11", "2018-11", "2020-11", "2022-11"]
    assert clock[-1] == pytest.approx(np.median(shipped.clock(Month.parse("2022-08"), Month.parse("2022-08"), 200, 1)))


def test_attention_was_higher_after_the_surge_of_2021_than_before_it(shipped) -> None:
    heard = np.median(shipped.attention(FIRST, LAST, 200, 1), axis=1)
    at = {str(FIRST + i): heard[i] for i in range(128)}
    assert at["2021-07"] > 1.5 > 1.0 > at["2017-06"]
    assert at["2024-08"] < at["2021-07"]


def test_months_without_arrivals_have_no_attention(shipped) -> None:
    for first, last in (("2004-09", "2014-01"), ("2014-01", "2025-11"), ("2020-02", "2020-01")):
        with pytest.raises(MonthError, match="no attention in these months"):
            shipped.attention(Month.parse(first), Month.parse(last), 5, 1)


@pytest.mark.long
def test_scores_held_out_are_of_eight_polls_and_recomputed_from_the_same_draws(shipped) -> None:
    assert {(one.forecast, one.polls) for one in shipped.held_out} == {
        ("attention", 8), ("last poll", 8), ("constant", 8)
    }  # fmt: skip
    given = attention.polls(last=shipped.last)
    draws = {name: np.array(shipped.draws[name][:5]) for name in attention.CONSTANTS}
    again = {(one.forecast, one.how): one for one in scores(given, draws, 1)}
    for one in shipped.held_out:
        if one.forecast != "attention":
            assert again[one.forecast, one.how].crps == pytest.approx(one.crps, rel=1e-9)
    truth = given.log_percent[-8:]
    mean, spread = given.log_percent[:-20].mean(), given.log_percent[:-20].std(ddof=1)
    constant = next(one for one in shipped.held_out if one.forecast == "constant")
    assert constant.rmse == pytest.approx(float(np.sqrt(np.mean((mean - truth) ** 2))), rel=1e-9)
    assert constant.crps == pytest.approx(float(scoringrules.crps_normal(truth, mean, spread).mean()), rel=0.05)


def test_a_forecast_leans_on_the_last_poll_as_far_as_errors_last() -> None:
    """Two polls a month apart, no arrivals heeded: the second is the level plus lasting times the first's gap."""
    given = attention.Polls(
        Month.parse("2001-01"), np.full(30, 100.0), np.array([20, 21]), np.log([20.0, 10.0]), np.zeros(2)
    )
    truth = {name: np.array([value]) for name, value in (TRUTH | {"rise": 0.0, "k": 0.0, "level": 10.0}).items()}
    mean, spread = attention.ahead(given, np.array([0]), np.array([1]), truth)
    assert mean.item() == pytest.approx(np.log(10.0) + 0.7 * np.log(2.0), abs=1e-12)
    assert spread.item() == pytest.approx(0.1 * np.sqrt(1.0 - 0.49), abs=1e-12)


@pytest.mark.long
def test_rates_of_democracy_and_the_answer_of_approval_are_recovered() -> None:
    source = np.random.default_rng(5)
    drift, index = np.array([0.0, 0.05, 0.12]), [np.array([0.3, 0.5, 0.4])]
    slow = Slow(democracy.BEST, 0.03, drift, 0.0, 0.0)
    for _ in range(60):
        index.append(np.asarray(step(index[-1], 0.0, 0.0, 0.0, slow, years=1.0)) * np.exp(source.normal(0, 0.01, 3)))
    rates = democracy.fitted_to(np.array(index), 1, QUICK)
    assert rates["repair"].mean() == pytest.approx(0.03, abs=0.01)
    np.testing.assert_allclose(rates["drift"].mean(axis=(0, 1)), drift, atol=0.02)
    heard = np.sin(np.arange(80) / 5.0)
    answered = support.Approval(
        np.arange(80), np.repeat([0, 1], 40), 0.2 - 0.3 * heard + source.normal(0, 0.05, 80), heard
    )
    assert support.fitted_to(answered, 1, QUICK)["loss"].mean() == pytest.approx(0.3, abs=0.05)


def test_what_cannot_be_read_is_refused_with_a_way_out(shipped, tmp_path) -> None:
    path = write(tmp_path / "politics.json", shipped)
    assert fitted("us-mexico", path) == shipped
    text = path.read_text()
    halved = re.sub(r"(?<=: )\d+\.\d+", lambda found: str(float(found[0]) / 2), text)
    demo = write(tmp_path / "demo.json", replace(shipped, case="demo")).read_text()
    for content, what in (("{", "cannot read"), (halved, "altered after it was written"), (demo, "another case")):
        broken = tmp_path / "broken.json"
        broken.write_text(content)
        with pytest.raises(FitError, match=what) as caught:
            fitted("us-mexico", broken)
        assert "palanca fit us-mexico --politics --ship" in str(caught.value)
    old = write(tmp_path / "old.json", replace(shipped, made={**shipped.made, "us_approval": "0"}))
    with pytest.raises(FitError, match="changed since: us_approval"):
        fitted("us-mexico", old)
    with pytest.raises(FitError, match="no fitted politics for this case"):
        fitted("nowhere")
    with pytest.raises(FitError, match="no figures of politics"):
        fit(load("us-mexico").model_copy(update={"case": "nowhere"}))
    with pytest.raises(FitError, match="no such constant"):
        shipped.constant("charm")


def test_the_weight_of_nothing_by_hand() -> None:
    before = np.linspace(-1.0, 1.0, 2001)
    assert near_nothing(before, before) == pytest.approx(1.0, abs=0.02)
    assert near_nothing(before / 10.0, before) == pytest.approx(10.0, abs=0.2)
    assert near_nothing(before + 2.0, before) == 0.0
