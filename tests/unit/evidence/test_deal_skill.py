"""Deals are read from a ledger as they stand in it, held out whole, and a forecast of noise is not called skill."""

from __future__ import annotations

import json
from dataclasses import asdict, replace

import jax.numpy as jnp
import numpy as np
import pytest
from deals_synthetic import blank, invented, played

from palanca.core.clock import Month
from palanca.core.errors import UsageError
from palanca.evidence.ledger import rivals as deal_rivals
from palanca.evidence.ledger.after_highs import asks_after_highs
from palanca.evidence.ledger.folds import folds
from palanca.evidence.ledger.skill import MODEL, PRIOR, SkillVerdict, deal_skill
from palanca.infer.deals import Learner, chances
from palanca.questions.ledger.contexts import against_usual
from palanca.questions.ledger.quarters import Coding, Quarters, deal_quarters
from palanca.spec.ledger import Ledger, load_ledger

COVERS = {
    "enforcement": ("enforcement", "deportation_flights", "border_closing"),
    "returns_accepted": ("returns_accepted", "wait_abroad", "asylum_agreement"),
    "visas": ("visas", "legal_pathways"),
    "vaccines": ("vaccines",),
    "tariff_relief": ("tariff_relief",),
    "silence": ("silence_on_democracy", "public_restraint"),
}
OWNERS = dict(zip(COVERS, ("MEX", "MEX", "USA", "USA", "USA", "USA"), strict=True))
CODING = Coding(("USA", "MEX"), COVERS, OWNERS)
LENGTH = 120


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    return load_ledger("us-mexico")


def at(seen: Quarters, first: str) -> int:
    return seen.quarters.index(Month.parse(first))


def test_the_declaration_of_june_2019_is_read_as_it_stands(ledger) -> None:
    seen = deal_quarters(ledger, CODING)
    place = at(seen, "2019-04")
    held = {name for name, flag in zip(seen.issues, seen.flag[place], strict=True) if flag}
    assert held == {"enforcement", "returns_accepted", "tariff_relief"}
    assert seen.dealt[place]
    assert seen.shown[place].all()
    assert seen.confidence[place] == 0.95
    assert seen.quarters[0] == Month.parse("2014-01")
    assert seen.quarters[-1] == Month.parse("2024-07")


def test_what_no_issue_covers_leaves_its_givers_other_fields_unseen(ledger) -> None:
    """December 2018: waiting abroad, which is covered, for development money, which this coding leaves out."""
    seen = deal_quarters(ledger, CODING)
    place = at(seen, "2018-10")
    assert seen.shown[place].tolist() == [True, True, False, False, False, False]


def test_a_favour_counts_only_if_asked_for_and_leaves_the_other_side_unseen(ledger) -> None:
    assert not deal_quarters(ledger, CODING).dealt[at(deal_quarters(ledger, CODING), "2014-07")]
    seen = deal_quarters(ledger, replace(CODING, favours=True))
    place = at(seen, "2014-07")
    assert seen.dealt[place]
    assert seen.flag[place, 0]
    assert seen.shown[place].tolist() == [True, True, False, False, False, False]


def test_rows_only_inferred_can_be_left_out_and_confidence_sets_the_error(ledger) -> None:
    every, sure = deal_quarters(ledger, CODING), deal_quarters(ledger, replace(CODING, inferred=False))
    assert "bicentennial" in {row for rows in every.rows for row in rows}
    assert not {"bicentennial", "visas-2023"} & {row for rows in sure.rows for row in rows}
    wrong = every.recorded().invented[at(every, "2018-10")]
    assert (1.0 - wrong) ** len(COVERS) == pytest.approx(0.5)  # the row's confidence, shared among its fields


def test_a_deal_is_held_out_with_all_of_its_thread_and_base_rates_stay_alike(ledger) -> None:
    seen = deal_quarters(ledger, CODING)
    fold = folds(seen)
    assert fold.min() == 0
    for one in range(fold.max() + 1):
        inside = set().union(*(seen.threads[i] for i in np.flatnonzero(fold == one)))
        outside = set().union(*(seen.threads[i] for i in np.flatnonzero(fold != one)))
        assert not inside & outside
        assert seen.dealt[fold != one].mean() == pytest.approx(seen.dealt.mean(), abs=0.03)
    assert len({fold[at(seen, first)] for first in ("2022-10", "2023-01", "2023-07", "2023-10")}) == 1


def test_rivals_are_those_of_pencil_and_paper() -> None:
    dealt = np.array([False, True, True, False, True, True, False, False])
    train = np.ones(8, dtype=bool)
    assert deal_rivals.base_rate(dealt, train) == pytest.approx(4.5 / 9.0)
    after = deal_rivals.persistence(dealt, train)
    assert after[0] == pytest.approx(4.5 / 9.0)
    assert after[2] == pytest.approx(2.5 / 5.0)  # of four quarters after a deal, two have one
    assert after[1] == pytest.approx(2.5 / 4.0)  # of three after none, two


def test_the_encounters_rule_finds_the_slope_it_was_drawn_from() -> None:
    """Of 4,000 quarters the slope 1.2 and level -0.5 are known to about 0.04; the prior hardly counts."""
    rng = np.random.default_rng(4)
    size = rng.standard_normal(4000)
    dealt = rng.uniform(size=4000) < 1.0 / (1.0 + np.exp(0.5 - 1.2 * size))
    chance = deal_rivals.encounters_only(dealt, np.ones(4000, dtype=bool), size)
    slope, level = np.polyfit(size, np.log(chance / (1.0 - chance)), 1)
    assert slope == pytest.approx(1.2, abs=0.15)
    assert level == pytest.approx(-0.5, abs=0.15)
    few = deal_rivals.encounters_only(np.array([False, True]), np.ones(2, dtype=bool), np.array([-1.0, 1.0]))
    assert few[1] < 0.98  # perfect separation is not taken for certainty


def quarters(learner: Learner) -> Quarters:
    """A drawn ledger whose deals belong to six threads, one after another."""
    dealt = learner.recorded.dealt > 0.0
    named = tuple(frozenset({str(i // 20)} if dealt[i] else ()) for i in range(LENGTH))
    return Quarters(
        quarters=tuple(Month.parse("2000-01") + 3 * i for i in range(LENGTH)),
        issues=tuple(str(i) for i in range(6)),
        dealt=dealt,
        flag=learner.recorded.flag > 0.0,
        shown=np.ones((LENGTH, 6), dtype=bool),
        confidence=np.ones(LENGTH),
        threads=named,
        rows=tuple(tuple(one) for one in named),
    )


@pytest.fixture(scope="module")
def drawn() -> Learner:
    """Deals drawn from the model with a close eye on gains, so that contexts tell much."""
    like = Learner(invented(LENGTH, 7), blank(LENGTH, 6))
    truth = np.zeros(len(like.names))
    truth[-3] = 2.0
    # a closer eye moves every score; reluctance is set so that about half of the quarters have a deal
    package, nothing = (np.asarray(x) for x in chances(jnp.asarray(truth), like.grounds))
    odds = np.log(np.exp(package).sum(axis=1)) - nothing
    truth[-1] = np.median(odds) / float(like.grounds.spread[-1])
    return replace(like, recorded=played(like, truth, 3))


def test_deals_that_follow_the_model_are_foreseen_and_coin_flips_are_not(drawn) -> None:
    rng = np.random.default_rng(8)
    table, noise = np.ones((LENGTH, 6), dtype=bool), rng.standard_normal(LENGTH)
    found = deal_skill(drawn.stakes, quarters(drawn), table, noise)
    assert found.onset_verdict is SkillVerdict.better
    assert found.package_verdict is SkillVerdict.better
    flips = (rng.uniform(size=LENGTH) < 0.5).astype(float)
    flags = (rng.uniform(size=(LENGTH, 6)) < 0.5) * flips[:, None]
    coin = replace(drawn, recorded=replace(drawn.recorded, dealt=flips, flag=flags))
    lost = deal_skill(drawn.stakes, quarters(coin), table, noise)
    assert lost.onset_verdict is not SkillVerdict.better
    assert lost.package_verdict is not SkillVerdict.better
    assert {one.forecast for one in found.onset} >= {MODEL, PRIOR, deal_rivals.PERSISTENCE}
    assert json.loads(json.dumps(asdict(found)))["quarters"] == LENGTH
    shown = {quarter.first: quarter.chance[MODEL] for quarter in found.by_quarter}
    score = -np.mean([np.log(shown[q.first] if q.dealt else 1.0 - shown[q.first]) for q in found.by_quarter])
    assert score == pytest.approx(found.onset[0].log_score)


def test_encounters_against_usual_take_nothing_from_the_quarter_they_forecast() -> None:
    months = {Month.parse("2000-01") + i: 50_000.0 for i in range(200)}
    first = Month.parse("2010-01")
    assert against_usual((first,), months) == pytest.approx(0.0)
    assert against_usual((first,), months | {first + i: 9e5 for i in range(30)}) == pytest.approx(0.0)
    with pytest.raises(UsageError, match="2009-11"):
        against_usual((first,), {month: x for month, x in months.items() if str(month) != "2009-11"})


def test_asks_that_follow_every_high_and_nothing_else_are_seen_to(ledger) -> None:
    """Encounters made so that a year's high comes in the month before each ask, and never else."""
    starts = {row.date.first.month for row in ledger.of_kind("ask") if "USA" in row.taker}
    span = [ledger.span.first + i for i in range(-12, ledger.span.last - ledger.span.first + 1)]
    falling = {month: 1000.0 - i for i, month in enumerate(span)}
    surge = falling | {month: 2000.0 + i for i, month in enumerate(span) if month + 1 in starts}
    found = asks_after_highs(ledger, surge, within=1)
    assert (found.after_high, found.after_other) == (1.0, 0.0)
    assert found.triples is True
    assert found.ratio.low <= found.ratio.value <= found.ratio.high
    with pytest.raises(UsageError, match="0 highs"):
        asks_after_highs(ledger, falling)


def test_names_that_are_not_there_are_refused_with_the_nearest(ledger) -> None:
    with pytest.raises(UsageError, match="vaccines"):
        deal_quarters(ledger, replace(CODING, covers=COVERS | {"vaccines": ("vacines",)}))
    with pytest.raises(UsageError, match="not at the table"):
        deal_quarters(ledger, replace(CODING, owners=OWNERS | {"visas": "GTM"}))
    with pytest.raises(UsageError, match="too few deals"):
        folds(replace(deal_quarters(ledger, CODING), dealt=np.zeros(43, dtype=bool)))
