"""The game of a relief on conditions under draws: it is the core's own game, and its findings are what they say."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from palanca.bargain import clauses, snapback
from palanca.bargain.clauses import Office
from palanca.bargain.snapback import Conditional, Stakes
from palanca.core.errors import SeriesError, UsageError
from palanca.data.read import read
from palanca.questions.relief import facts
from palanca.questions.relief import play as playing
from palanca.questions.relief.play import ReliefTerms
from palanca.spec.relief import load_relief, loads_relief

SOUND = Path(__file__).parents[2] / "refused" / "relief" / "sound" / "relief.yaml"
MONTHS, DRAWS = 8, 50


@pytest.fixture(scope="module")
def setting():
    return playing.prepare(load_relief(SOUND), MONTHS, DRAWS, 3)


@pytest.fixture(scope="module")
def study(setting):
    return facts.study(setting)


def alone(setting, draw, cost):
    """One draw by the core's game, with the destination's precision put where it has one only."""
    n = {name: float(values[draw]) for name, values in setting.numbers.items()}
    ratio = n["parties.USA.precision"] / n["parties.HND.precision"]
    each = {
        name: np.array([n[f"clauses.{clause}.{name}"] for clause in setting.relief.clauses])
        for name in ("survival_cost", "slice.size", "seen_chance", "worth")
    }
    return snapback.play(
        Conditional(each["survival_cost"], each["slice.size"], each["seen_chance"], each["worth"] * ratio),
        Office(n["office.worth"], n["office.revenue"]),
        Stakes(
            n["stakes.relief_cost"] * ratio,
            n["stakes.resolve"] * ratio,
            n["stakes.flights"] * ratio,
            n["stakes.standing"],
            n["stakes.retort"],
        ),
        cost * ratio,
        patience_conditioned=n["parties.HND.patience"],
        patience_destination=n["parties.USA.patience"],
        precision=n["parties.HND.precision"],
    )


def test_where_all_slices_cost_alike_to_withdraw_it_is_the_game_of_the_core(setting):
    numbers = {**setting.numbers, "snap_cost.oil_price": np.zeros(DRAWS)}
    level = replace(setting, numbers=numbers)
    terms = ReliefTerms(clock=False)
    cost = playing.costs(level, terms)
    assert np.ptp(cost, axis=2).max() == 0.0
    course = playing.play(level, terms)
    for draw in (0, 7):
        one = alone(level, draw, cost[draw, :, 0])
        for name in ("kept", "unbroken", "in_force", "response", "flights", "relief", "value_conditioned"):
            assert np.asarray(getattr(course, name))[draw] == pytest.approx(np.asarray(getattr(one, name)), abs=1e-9)
        ratio = setting.numbers["parties.USA.precision"] / setting.numbers["parties.HND.precision"]
        assert float(course.value_destination[draw]) == pytest.approx(
            float(one.value_destination) / ratio[draw], rel=1e-9
        )


@pytest.fixture(scope="module")
def dated():
    """The same, its dear clause due in the second month, with a price on giving back and on one's word."""
    text = SOUND.read_text().replace(
        "name: A free vote", "name: A free vote\n    due: {date: 2018-11-30, source: OWN, note: To be set out by then.}"
    )
    priced = "\n  restore_cost: {value: 4, log_sd: 0.5, source: OWN}\n  word: {value: 2, log_sd: 0.5, source: OWN}\n"
    retort = "  retort: {exact: 0.2, source: OWN}\n"
    text = text.replace(retort, retort.rstrip("\n") + priced)
    return playing.prepare(loads_relief(text, "it.yaml", SOUND.parent), MONTHS, DRAWS, 3)


def test_without_its_dates_and_prices_it_is_the_game_that_declares_none(setting, dated):
    plain, without = playing.play(setting), playing.play(dated, ReliefTerms(dated=False, priced=False))
    for name, values in vars(plain).items():
        assert np.array_equal(np.asarray(values), np.asarray(getattr(without, name))), name
    with_both = playing.play(dated)
    assert np.asarray(with_both.kept)[:, 0, 1] == pytest.approx(1.0, abs=1e-12)
    assert np.asarray(plain.kept)[:, 0, 1].max() < 0.9
    back = facts.RESPONSES.index("restore")
    assert np.asarray(with_both.response)[..., back].mean() < 0.7 * np.asarray(plain.response)[..., back].mean()


def test_prices_are_those_declared_in_the_units_of_the_game(dated):
    n = dated.numbers
    ratio = n["parties.USA.precision"] / n["parties.HND.precision"]
    deal, _, stakes, *_ = playing._inputs(dated, ReliefTerms(distrust=True))
    trusted = 1.0 - n["office.distrust"]
    for name in ("restore_cost", "word"):
        assert getattr(stakes, name) == pytest.approx(n[f"stakes.{name}"] * ratio / trusted, rel=1e-12)
    assert np.array_equal(deal.due, np.tile([1.0, 2.0], (DRAWS, 1)))
    assert playing._inputs(dated, ReliefTerms(bundled=True))[0].due.tolist() == [[1.0]] * DRAWS


def test_a_clause_counts_as_kept_only_in_months_in_which_it_is_owed(dated):
    kept = np.zeros((1, MONTHS, 2))
    kept[0, :6] = np.array([[1.0, 1.0], [0.8, 0.2], [0.6, 0.4], [0.4, 0.0], [0.2, 0.1], [0.0, 0.3]])
    course = replace(synthetic(dated, 9, 9, 9), kept=kept)
    assert facts.kept_while_due(dated, course)[0] == pytest.approx([0.5, 0.2], abs=1e-12)
    assert facts.kept_while_due(dated, course, ReliefTerms(dated=False))[0] == pytest.approx([0.5, 2 / 6], abs=1e-12)
    beyond = replace(dated, months=1)
    assert np.isnan(facts.kept_while_due(beyond, course)[0]).tolist() == [False, True]


def test_what_is_withdrawn_costs_the_sum_of_its_slices():
    cost, size = np.array([[2.0, 5.0, 1.0]]), np.array([0.5, 3.0, 2.0])
    by_change = np.asarray(playing._by_change(cost, size))
    sets = clauses.subsets(3)
    for a, before in enumerate(sets):
        for b, left in enumerate(sets):
            gone = before & ~left
            assert by_change[0, a, b] * (gone @ size) == pytest.approx(gone @ (cost[0] * size), abs=1e-12)


def test_distrust_changes_only_what_the_government_under_conditions_sees(setting):
    plain, wary = playing._inputs(setting, ReliefTerms()), playing._inputs(setting, ReliefTerms(distrust=True))
    trusted = 1.0 - setting.numbers["office.distrust"]
    assert np.allclose(wary[0].relief, plain[0].relief * trusted[:, None])
    assert np.allclose(wary[2].resolve[:, None] * wary[0].relief, plain[2].resolve[:, None] * plain[0].relief)
    assert np.allclose(wary[2].relief_cost[:, None] * wary[0].relief, plain[2].relief_cost[:, None] * plain[0].relief)
    assert np.allclose(wary[2].retort[:, None] * wary[0].relief, plain[2].retort[:, None] * plain[0].relief)
    assert np.allclose(wary[3] * wary[0].relief[:, None, :], plain[3] * plain[0].relief[:, None, :])


def test_costs_are_those_of_the_clause_with_oil_and_clock_where_declared(setting):
    cost = playing.costs(setting, ReliefTerms())
    n = {name: values[0] for name, values in setting.numbers.items()}
    shared = n["snap_cost.migration"] * setting.share + n["snap_cost.advocacy"] * n["snap_cost.asked"]
    for month, clause, losses, lapse in (
        (1, 0, shared, 1.0), (1, 1, shared + n["snap_cost.oil_price"], 1.0), (6, 0, shared, 1.0),
        (6, 1, shared + n["snap_cost.oil_price"], n["snap_cost.lapse"]),
        (7, 1, shared + n["snap_cost.oil_price"], 1.0),
    ):  # fmt: skip
        away = setting.relief.months_to_election(month)
        whole = float(clauses.snap_cost(losses, away, n["snap_cost.lift"], n["snap_cost.spell"]))
        assert cost[0, month - 1, clause] == pytest.approx(whole * lapse, rel=1e-12)


def test_the_share_is_that_of_the_months_before_and_looks_no_month_ahead(setting):
    figures = read("usbp_by_origin").sel(month=slice("2018-07", "2018-09"))
    assert setting.share == pytest.approx(float(figures.sel(origin="HND").sum() / figures.sum()), rel=1e-12)


def test_draws_depend_on_key_and_place_alone_and_keep_to_what_is_believed():
    relief = load_relief("us-mexico")
    one, more = playing.prepare(relief, 6, 20, 1), playing.prepare(relief, 12, 400, 1)
    other = playing.prepare(relief, 6, 20, 2)
    for place, belief in relief.beliefs().items():
        assert np.array_equal(one.numbers[place], more.numbers[place][:20]), place
        low, high = {"uniform": (belief.p1, belief.p2), "fixed": (belief.p1, belief.p1)}.get(belief.family, (0, np.inf))
        assert (more.numbers[place] >= low).all(), place
        assert (more.numbers[place] <= high).all(), place
        if low < high:
            assert not np.array_equal(one.numbers[place], other.numbers[place])
        if belief.family == "lognormal":  # the median of 400 draws, within four of its standard errors
            gap = np.log(np.median(more.numbers[place]) / belief.p1) / belief.p2
            assert abs(gap) < 4 * 1.2533 / 20, place


def test_two_slices_that_change_places_leave_the_clauses_where_they_are(setting):
    plain, swapped = (
        playing._inputs(setting, ReliefTerms()),
        playing._inputs(setting, ReliefTerms(swapped=("flights", "vote"))),
    )
    assert np.array_equal(swapped[0].relief, plain[0].relief[:, ::-1])
    assert np.array_equal(swapped[3], plain[3][..., ::-1])
    assert np.array_equal(swapped[0].survival_cost, plain[0].survival_cost)


def test_a_bundle_is_one_clause_that_costs_and_carries_all(setting):
    plain, bundle = playing._inputs(setting, ReliefTerms()), playing._inputs(setting, ReliefTerms(bundled=True))
    assert bundle[0].relief.shape == (DRAWS, 1)
    assert np.allclose(bundle[0].relief[:, 0], plain[0].relief.sum(axis=1))
    assert np.allclose(bundle[3][:, :, 0] * bundle[0].relief, (plain[3] * plain[0].relief[:, None, :]).sum(axis=2))
    assert np.allclose(1 - bundle[0].seen_chance[:, 0], (1 - plain[0].seen_chance).prod(axis=1))


def test_chances_are_chances_and_an_answer_is_always_given(study):
    for course in study.courses.values():
        for name in ("kept", "unbroken", "in_force", "flights"):
            values = np.asarray(getattr(course, name))
            assert values.min() >= -1e-9
            assert values.max() <= 1.0 + 1e-9
        assert np.asarray(course.response).sum(axis=-1) == pytest.approx(1.0, abs=1e-9)


def test_a_dearer_snapback_means_less_of_it(study):
    """Without noise this holds draw by draw; with it, over draws."""
    for steps in study.severity.values():
        means = [steps[step].mean() for step in facts.STEPS]
        assert all(a > b for a, b in pairwise(means))


def test_relief_withheld_is_a_share_and_nothing_is_withheld_where_nothing_is_gained(setting):
    numbers = dict(setting.numbers)
    for name in ("stakes.resolve", "stakes.relief_cost"):
        numbers[name] = np.zeros(DRAWS)
    numbers["parties.USA.precision"] = np.full(DRAWS, 1e4)
    idle = replace(setting, numbers=numbers)
    assert facts.withheld(idle, playing.play(idle)) == pytest.approx(0.0, abs=1e-6)


def test_the_first_month_out_is_counted_from_one_and_never_is_infinite():
    chance = np.array([[0.9, 0.4, 0.6], [0.5, 0.5, 0.5], [0.1, 0.9, 0.2]])
    assert facts.first_out(chance).tolist() == [2.0, np.inf, 1.0]


def synthetic(setting, small, large, flights):
    """A course in which slices and flights go out at given months."""
    months = np.arange(1, MONTHS + 1)
    force = np.stack([(months < small) * 1.0, (months < large) * 1.0], axis=-1)[None]
    kept = np.broadcast_to([0.9, 0.1], force.shape)
    empty = np.zeros((1, MONTHS))
    return snapback.ReliefPath(
        kept, kept, force, np.zeros((1, MONTHS, 4)), (months < flights)[None] * 1.0, empty, empty[:, 0], empty[:, 0]
    )


@pytest.mark.parametrize(
    ("months", "holds"),
    [
        ((4, 6, 5), {"small_first", "large_late", "graduated", "flights_stop"}),
        ((4, 6, 6), {"small_first", "large_late", "graduated"}),
        ((6, 6, 6), {"large_late", "flights_stop"}),
        ((3, 5, 3), {"small_first", "flights_stop"}),
        ((99, 99, 3), {"never"}),
        ((99, 7, 2), {"large_late"}),
    ],
)
def test_snapback_is_late_and_by_degrees_only_if_the_small_slice_goes_first_and_the_large_at_the_clock(
    setting, months, holds
):
    course = synthetic(setting, *months)
    nothing = {what: dict.fromkeys(facts.STEPS, np.zeros(1)) for what in ("migration", "asked")}
    found = {one.id for one in facts.findings(setting, course, nothing) if one.fact == 35 and one.holds.all()}
    assert found == holds


def test_no_payment_buys_a_clause_dearer_than_its_bound(setting):
    course = playing.play(setting)
    nothing = {what: dict.fromkeys(facts.STEPS, np.zeros(DRAWS)) for what in ("migration", "asked")}
    found = next(one for one in facts.findings(setting, course, nothing) if one.id == "unbought")
    n = setting.numbers
    paid = n["office.most_payment"]
    all_ = n["office.worth"] + n["office.revenue"] + paid
    keeping = np.exp(-n["clauses.vote.survival_cost"]) * all_
    breaking = all_ - n["clauses.vote.seen_chance"] * paid
    assert np.array_equal(found.holds, keeping <= breaking)
    assert 0.0 < found.chance < 1.0


def test_a_breach_teaches_by_bayes_and_lowers_the_chance_of_renewal(study):
    one = study.lesson
    assert one.after == pytest.approx(0.5 * 0.1 / (0.5 * 0.1 + 0.5 * 0.8), abs=1e-12)
    assert (one.renewed_after < one.renewed_before).all()


def test_people_on_flights_are_their_number_times_the_chance_that_they_go(study):
    people = facts.people_returned(study.setting, study.courses[facts.DECLARED])
    assert people == pytest.approx(400.0 * np.asarray(study.courses[facts.DECLARED].flights), abs=1e-9)


def test_the_belief_that_decides_a_finding_is_found(setting):
    worth = setting.numbers["office.worth"]
    finding = facts.SeenPart("x", 34, "x", worth > np.median(worth))
    top = facts.drivers(setting, finding)[0]
    assert top.belief == "office.worth"
    assert top.gap == pytest.approx(1.0, abs=0.05)
    assert facts.drivers(setting, facts.SeenPart("x", 34, "x", np.ones(DRAWS, dtype=bool))) == []


def test_what_cannot_be_read_or_played_is_refused():
    text = SOUND.read_text()
    with pytest.raises(SeriesError):
        playing.share_before(
            loads_relief(text.replace("series: usbp_by_origin", "series: nothing"), folder=SOUND.parent)
        )
    with pytest.raises(UsageError, match="no share of encounters"):
        playing.share_before(loads_relief(text.replace("origin: HND", "origin: XXX"), folder=SOUND.parent))
    with pytest.raises(UsageError, match="1 to 36"):
        playing.prepare(load_relief(SOUND), 40, 20, 1)
