"""Deals of a declared table keep their laws draw by draw, with a threat in force and without."""

from __future__ import annotations

from dataclasses import replace

import bargains
import jax.numpy as jnp
import numpy as np
import pytest

from palanca.core.clock import Month
from palanca.questions.bargaining import batched, silos
from palanca.questions.bargaining import deal as dealing
from palanca.questions.bargaining.prepared import prepare
from palanca.spec.bargain_spec import load_bargain

pytestmark = pytest.mark.long  # one bargain, compiled for every concept
MONTH = Month.parse("2017-01")  # the threat to open the gates stands
OFF = 4  # chapters are taken off the table


@pytest.fixture(scope="module")
def table():
    """The table of the Aegean, sat down at in a month with a threat and without one issue; it belongs to no case."""
    found = prepare(load_bargain("eu-turkey"), [], corridor=None, draws=8)
    context = found.contexts[0]
    on = np.arange(len(context.on_table)) != OFF
    return replace(found, contexts=(replace(context, month=MONTH, on_table=on),))


@pytest.fixture(scope="module")
def deal(table):
    return dealing.strike(table, MONTH)


def test_every_agreed_deal_gains_for_both_and_lies_within_bounds_and_caps(table, deal) -> None:
    talks = table.at(MONTH)
    low, high = np.asarray(talks.low), np.asarray(talks.high)
    for name in ("nash", "kalai-smorodinsky", "egalitarian"):
        pick = deal.picks[name]
        assert pick.agreed.any()
        assert (pick.gains[pick.agreed] > 0.0).all()
        assert (pick.package >= low - 1e-7)[pick.agreed].all()
        assert (pick.package <= high + 1e-7)[pick.agreed].all()
        assert np.isnan(pick.package[~pick.agreed]).all()


def test_issues_off_the_table_stay_at_the_status_quo(deal) -> None:
    assert not deal.on_table[OFF]
    for pick in deal.picks.values():
        assert pick.package[pick.agreed, OFF] == pytest.approx(deal.quo[pick.agreed, OFF], abs=1e-9)


def test_egalitarian_gains_are_equal_by_weight_and_utilitarian_ones_sum_to_most(table, deal) -> None:
    weight = np.asarray(table.base.weight)
    sums = {name: (pick.gains * weight).sum(axis=1) for name, pick in deal.picks.items()}
    for name in ("nash", "kalai-smorodinsky", "egalitarian"):
        assert (sums["utilitarian"] >= sums[name] - 1e-5).all()
    product = {name: (weight * np.log(deal.picks[name].gains)).sum(axis=1) for name in ("nash", "egalitarian")}
    assert (product["nash"] >= product["egalitarian"] - 1e-6).all()


def test_the_batch_is_the_bargain_of_each_draw(table, deal) -> None:
    assert table.context(MONTH).hosting == pytest.approx(np.ones(8))
    assert table.context(MONTH).salience == pytest.approx(np.ones(8))
    talks = table.at(MONTH)
    for draw in (0, 5):
        alone = bargains.agree(batched.one_of(talks, draw), free=jnp.asarray(table.free(MONTH)))
        assert deal.picks["nash"].package[draw] == pytest.approx(np.asarray(alone.package), abs=1e-6)
        assert deal.picks["nash"].gains[draw] == pytest.approx(np.asarray(alone.gains), abs=1e-6)


def test_a_threat_that_is_believed_lowers_the_level_of_the_threatened_in_the_median(table) -> None:
    deal = dealing.strike(table, MONTH, bluffs=True)  # in none of these draws is it worth its cost
    target = deal.parties.index("EU")
    assert table.declared.threats_at(MONTH)[0].target == "EU"
    assert deal.calm is not None
    assert np.nanmedian(deal.picks["nash"].payoffs[:, target] - deal.calm.payoffs[:, target]) < 0.0
    assert deal.threats[0].no_deal_target == pytest.approx(-table.harm(MONTH, bluffs=True)[:, target])
    assert not deal.threats[0].credible.any()
    assert deal.unchecked is None  # no court bears on it


def test_linking_all_issues_never_lowers_the_product_of_gains(table) -> None:
    kinds = {issue.kind: [] for issue in table.declared.issues.values()}
    for name, issue in table.declared.issues.items():
        kinds[issue.kind].append(name)
    apart, together = tuple(tuple(names) for names in kinds.values()), (table.base.issues,)
    found = silos.divide(table, apart, together, MONTH)
    assert found.change.shape[0] + found.left_out == 8
    known = found.better[np.isfinite(found.better)]
    assert known.size
    assert (known >= -1e-6).all()
    assert found.tolerated.shape == found.change.shape
    gains_nothing = found.change <= 0.0
    assert (found.tolerated[gains_nothing] == 0.0).all()
    assert (found.tolerated > 0.0).any()


def test_keeping_needs_the_patience_of_the_closed_form(table, deal) -> None:
    for one in deal.enforcement:
        known = np.isfinite(one.needed)
        assert known.any()
        assert (one.needed[known] >= one.saves[known] / (one.saves[known] + one.loses[known]) - 1e-9).all()
        assert one.kept_chance == pytest.approx(np.mean(one.patience[known] >= one.needed[known]))


def test_yes_or_no_comes_out_as_yes_or_no_in_every_draw_by_every_concept_and_the_mean(table, deal) -> None:
    place = deal.issues.index("visa_freedom")
    for name, pick in deal.picks.items():
        assert np.isin(pick.package[pick.agreed, place], (0.0, 1.0)).all(), name
        shares = deal.lump_shares(name)["visa_freedom"]
        assert sum(shares.values()) == pytest.approx(1.0)
        assert shares[1.0] == pytest.approx(pick.package[pick.agreed, place].mean())


def test_a_breach_that_is_never_seen_is_never_punished(table) -> None:
    """With detection 0 nobody is patient enough, and there is no deal that needs no judge."""
    blind = {f"issues.{name}.observed": np.zeros(8) for name in table.base.issues}
    unseen = dealing.strike(replace(table, values=table.values | blind), MONTH)
    for one in unseen.enforcement:
        assert (one.detection == 0.0).all()
        assert (one.needed == 1.0).all()
        assert one.kept_chance == 0.0
    assert not unseen.self_enforcing.agreed.any()


def test_the_deal_without_a_judge_is_honoured_by_all_and_is_the_nash_deal_where_that_is(table, deal) -> None:
    held = deal.self_enforcing
    assert held.agreed.any()
    honours = np.all([one.patience >= one.needed for one in deal.enforcement], axis=0)
    both = held.agreed & honours
    assert held.package[both] == pytest.approx(deal.picks["nash"].package[both], abs=1e-4)
    problem = table.at(MONTH)
    quo = np.asarray(problem.status_quo)
    for i, one in enumerate(deal.enforcement):
        mine = np.array(problem.owner) == i
        broken = np.where(mine, quo, held.package)
        saved = np.asarray(batched.payoffs(problem, jnp.asarray(broken)))[:, i] - held.payoffs[:, i]
        lost = one.patience / (1.0 - one.patience) * one.detection * held.gains[:, i]
        assert (lost - saved > -1e-6)[held.agreed].all()
