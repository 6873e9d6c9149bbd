"""A sharing scheme told: quotas, who takes on whom, costs, transfers, leverage, on worlds made by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from palanca.core.clock import Month
from palanca.core.errors import SharingError
from palanca.data.read import packaged_figures
from palanca.questions import outcomes
from palanca.questions.share import answer, burden, division, setup
from palanca.questions.share.findings import findings
from palanca.questions.share.run import DEFECTS, RECORD, SCHEME, Shared, stopped
from palanca.questions.share.setup import Setting, Terms
from palanca.questions.share.tables import tables
from palanca.questions.share.told import ToldScheme
from palanca.show.estimate import Basis
from palanca.spec.load import load
from palanca.spec.sharing import SharingScheme, given

TEXT = (Path(__file__).parents[2] / "refused" / "share" / "sound" / "scheme.yaml").read_text("utf-8")
DRAWS, MONTHS = 40, 24
NAMES = ("let_in", "evaded", "admitted", "appointments", "settled", "encounters", "deaths", "held", "stops", "returns")


def scheme(text: str = TEXT) -> SharingScheme:
    return given(text, load("us-mexico", packaged_figures().months()))[0]


def setting(text: str = TEXT) -> Setting:
    found = scheme(text)
    return Setting(found, division.divide(found.file).quotas, setup.drawn(found, DRAWS, 1))


def block(one: Setting, scale: float, placed: float, queues: int = 1) -> dict[str, np.ndarray]:
    """Every outcome is `scale` a month but for parole and appointments; `placed` people of each origin are placed."""
    flat = np.full((MONTHS, DRAWS), scale) * np.linspace(0.99, 1.01, DRAWS)
    origins = len(one.scheme.case.origins)
    found = dict.fromkeys((*outcomes.OUTCOMES, *NAMES), flat)
    found |= {"admitted": 0.0 * flat + 30.0, "appointments": 0.0 * flat + 10.0}
    each = np.ones((MONTHS, queues, origins, DRAWS))
    found |= dict.fromkeys(("applied", "decided", "queue"), 2.0 * placed * each)
    found |= {"placed": placed * each, "cleared": 0.0 * each, "wait": 6.0 * each[:, :, 0]}
    found |= {"encounters by origin": np.ones((MONTHS, origins, DRAWS)) * scale, "deaths by place": each[:, 0, :3]}
    return found


def told(text: str = TEXT) -> ToldScheme:
    one = setting(text)
    start = one.scheme.file.start
    months, probes = tuple(start + at for at in range(MONTHS)), (start + 12,)
    terms = {SCHEME: Terms(), DEFECTS: Terms(absent=("USA",))}
    numbers = {RECORD: block(one, 1000.0, 0.0), SCHEME: block(one, 800.0, 7.0), DEFECTS: block(one, 900.0, 3.0)}
    for world, more in ((RECORD, 300.0), (SCHEME, 200.0)):
        numbers[stopped(world, probes[0])] = numbers[world] | {"encounters": numbers[world]["encounters"] + more}
    lines = {name: setup.lines(one, terms.get(name, Terms())) for name in numbers}
    shared = Shared(one, months, probes, lines, numbers)
    elsewhere = burden.published(packaged_figures(), shared, "MEX")
    divided = division.divide(one.scheme.file)
    if one.scheme.file.trade == "market":
        divided = division.traded(divided, one.number("costs.first"), one.number("costs.rise"))
    return ToldScheme(shared, divided, terms, elsewhere, one.inputs)


# --- Who takes how many ---


def test_quotas_sum_to_the_places_exactly_and_follow_the_key() -> None:
    found = division.divide(scheme().file)
    assert found.quotas.sum() == 60_000
    np.testing.assert_allclose(found.quotas, found.key.share * 60_000, atol=1.0)


def test_what_is_above_a_ceiling_goes_to_the_others_and_what_nobody_has_room_for_is_counted() -> None:
    some = division.divide(scheme(TEXT.replace("key:", "ceilings: {USA: 5000}\nkey:")).file)
    assert some.quotas[0] == 5000
    assert (some.quotas.sum(), some.unplaced, some.full) == (60_000, 0, ("USA",))
    none = division.divide(scheme(TEXT.replace("key:", "ceilings: {USA: 5000, MEX: 4000, CAN: 3000}\nkey:")).file)
    assert (none.quotas.sum(), none.unplaced) == (12_000, 48_000)


def test_pledges_stand_in_place_of_the_key() -> None:
    text = TEXT.replace("places: {per_year: 60000, source: OWN}", "pledges: {CAN: {per_year: 4000, source: OWN}}")
    np.testing.assert_array_equal(division.divide(scheme(text).file).quotas, [0, 0, 4000])


def test_a_member_without_figures_is_named_and_nothing_is_filled_in() -> None:
    with pytest.raises(SharingError, match=r"(?s)no figure.*VEN|Venezuela"):
        division.divide(scheme(TEXT.replace("MEX, CAN]", "MEX, CAN, VEN]").replace("ammr2024", "eu2015")).file)


def test_trade_moves_at_most_half_of_a_quota_and_payments_sum_to_zero() -> None:
    one = setting()
    first, rise = one.number("costs.first"), one.number("costs.rise")
    found = division.traded(division.divide(one.scheme.file), first, rise)
    assert found.traded.sum() == found.quotas.sum()
    assert (np.abs(found.traded - found.quotas) <= 0.5 * found.quotas + 1.0).all()
    paid = division.paid(found, first, rise)
    np.testing.assert_allclose(paid.sum(axis=0), 0.0, atol=1e-3)
    assert (paid[found.traded < found.quotas] > 0.0).all()  # who hosts fewer than its quota pays


# --- What is open ---


def test_rules_hold_what_the_file_says_in_every_month_to_the_end() -> None:
    one = setting(TEXT.replace("members:", "end: 2024-12\nmembers:"))
    found = setup.rules(one, Terms())
    capacity = one.numbers["procedures.offices.capacity"]
    np.testing.assert_allclose(found.capacity[0, 0], capacity)
    np.testing.assert_allclose(found.places[0, 0], 5000.0)
    np.testing.assert_array_equal(found.capacity[24:], 0.0)
    np.testing.assert_array_equal(found.covered[24:], 0.0)
    origins = list(one.scheme.case.origins)
    assert float(found.accepted[0, 0, origins.index("VEN"), 0]) == 0.6
    assert float(found.accepted[0, 0, origins.index("HND"), 0]) == 0.3
    assert float(found.covered[0, 0, origins.index("BRA")].sum()) == 0.0


def test_speed_multiplies_decisions_and_divides_the_wait_and_places_multiply() -> None:
    one = setting()
    usual, fast = setup.rules(one, Terms()), setup.rules(one, Terms(speed=2.0, places=0.5))
    np.testing.assert_allclose(fast.capacity, 2.0 * np.asarray(usual.capacity))
    np.testing.assert_allclose(fast.least_wait, np.maximum(np.asarray(usual.least_wait) / 2.0, 1.0))
    np.testing.assert_allclose(fast.places, 0.5 * np.asarray(usual.places))


def test_where_each_decides_alone_capacity_follows_places_and_the_rule_is_its_own() -> None:
    one = setting()
    found, lines = setup.rules(one, Terms(congruent=False)), setup.lines(one, Terms(congruent=False))
    assert [line.member for line in lines] == ["USA", "MEX", "CAN"]
    np.testing.assert_allclose(
        np.asarray(found.capacity).sum(axis=1), np.asarray(setup.rules(one, Terms()).capacity)[:, 0]
    )
    np.testing.assert_allclose(found.places[0, :, 0], one.quotas / 12.0)
    venezuela = list(one.scheme.case.origins).index("VEN")
    np.testing.assert_allclose(found.accepted[0, :, venezuela, 0], [0.6, 0.9, 0.6])


def test_an_absent_member_keeps_no_place_and_hosts_of_work_take_their_decisions_along() -> None:
    one = setting()
    assert one.keeping(Terms(absent=("USA",)))[0] == 0.0
    text = TEXT.replace(
        "    appeal: {exact: 0.3", "    placed: false\n    hosts: {USA: 3, MEX: 1}\n    appeal: {exact: 0.3"
    )
    work = setting(text)
    np.testing.assert_allclose(work.hosts("offices", Terms()), [0.75, 0.25, 0.0])
    np.testing.assert_allclose(work.hosts("offices", Terms(absent=("USA",))), [0.0, 1.0, 0.0])
    less = setup.rules(work, Terms(absent=("USA",))).capacity
    np.testing.assert_allclose(less, 0.25 * np.asarray(setup.rules(work, Terms()).capacity))


def test_draws_of_a_belief_depend_on_the_key_and_its_place_alone() -> None:
    few, more = (setup.drawn(scheme(), count, 3)["costs.first"] for count in (5, 9))
    np.testing.assert_array_equal(few, more[:5])
    assert ((few >= 3000.0) & (few <= 9000.0)).all()


# --- What members take on ---


def test_people_taken_on_are_those_let_in_unseen_paroled_claiming_published_and_placed() -> None:
    one = told()
    record, origins = one.hosted[RECORD], len(one.shared.setting.scheme.case.origins)
    np.testing.assert_allclose(record.irregular[:, 0] / 0.99, [24_000.0, 12_000.0, 0.0])
    np.testing.assert_allclose(record.lawful[:, 0], [240.0, 0.0, 0.0])  # 30 admitted less 10 with an appointment
    assert record.elsewhere[0] == record.elsewhere[1] == 0.0
    assert record.elsewhere[2] > 10_000.0
    placed = 7.0 * 12.0 * origins * one.division.key.share
    np.testing.assert_allclose((one.hosted[SCHEME].lawful - record.lawful)[:, 0], placed, rtol=1e-3)


def test_everyone_placed_is_with_some_member() -> None:
    one = told()
    found = burden.placed(one.shared, SCHEME, Terms())
    np.testing.assert_allclose(found.sum(), one.shared.numbers[SCHEME]["placed"].sum() / 2.0)
    absent = burden.placed(one.shared, DEFECTS, Terms(absent=("USA",)))
    assert absent[:, 0].sum() == 0.0


def test_gains_are_costs_saved_and_what_protection_is_worth() -> None:
    one = told()
    stakes, numbers, at = one.stakes, one.shared.setting.numbers, 0
    first, share = numbers["costs.first"][at], one.division.income / one.division.income.max()
    start = first * share
    slope = start * 0.5 / (0.01 * one.division.people)
    costs = []
    for world in (RECORD, SCHEME):
        host = one.hosted[world]
        load = host.lawful[:, at] + 1.5 * host.irregular[:, at] + host.elsewhere
        costs.append(start * load + slope * load**2 / 2.0)
    more = 7.0 * 12.0 * len(one.shared.setting.scheme.case.origins)
    np.testing.assert_allclose(stakes.gain[:, at], costs[0] - costs[1] + 0.05 * first * more, rtol=1e-9)


def test_who_pays_for_quotas_gains_that_much_less_and_wins_it_by_leaving() -> None:
    plain, traded = (told(text).stakes for text in (TEXT, TEXT.replace("criteria:", "trade: market\ncriteria:")))
    assert np.abs(traded.paid).max() > 1e5
    np.testing.assert_allclose(traded.gain, plain.gain - traded.paid, rtol=1e-9)
    np.testing.assert_allclose((traded.leaving - plain.leaving)[1:], traded.paid[1:], rtol=1e-6)


def test_leaving_saves_the_cost_of_those_placed_and_loses_what_their_protection_is_worth() -> None:
    one, at = told(), 0
    first, scale = one.shared.setting.numbers["costs.first"][at], one.division.income / one.division.income.max()
    start, host = first * scale, one.hosted[SCHEME]
    slope, places = (
        start * 0.5 / (0.01 * one.division.people),
        burden.placed(one.shared, SCHEME, Terms()).sum(axis=0)[:, at],
    )
    load = host.lawful[:, at] + 1.5 * host.irregular[:, at] + host.elsewhere
    saved = start * places + slope * (load**2 - (load - places) ** 2) / 2.0 - 0.05 * first * places
    np.testing.assert_allclose(one.stakes.leaving[1:, at], saved[1:], rtol=1e-9)


def test_transfers_leave_nobody_worse_off_and_sum_to_zero_where_they_can() -> None:
    stakes = told().stakes
    held = stakes.no_loss
    can = held.holds > 0.5
    assert can.any()
    np.testing.assert_allclose(held.paid[:, can].sum(axis=0), 0.0, atol=1.0)
    assert (stakes.gain - held.paid)[:, can].min() > -1.0
    np.testing.assert_allclose(held.bill[can], np.maximum(-stakes.gain, 0.0).sum(axis=0)[can], rtol=1e-9)


def test_leverage_is_what_more_would_come_in_the_months_without_the_partner() -> None:
    one = told()
    np.testing.assert_allclose(one.leverage[RECORD], 300.0)
    np.testing.assert_allclose(one.leverage[SCHEME], 200.0)


# --- What is said ---


def test_the_findings_say_fewer_and_more_the_right_way_round_and_that_it_is_assumed() -> None:
    texts = [one.text for one in findings(told())]
    assert "fewer arrivals between ports" in texts[0]
    assert "20 % fewer" in texts[0].replace("\u00a0", " ")
    assert "fewer deaths on the way" in texts[1]
    assert any("Leverage of the transit country falls" in text for text in texts)
    assert all(one.basis in (Basis.assumed, Basis.sign_assumed, Basis.published) for one in findings(told()))


def test_the_first_table_holds_what_a_delegate_asks_for() -> None:
    first = tables(told())[0].frame().set_index("outcome")
    assert first.loc["deaths on the way", "change"] == pytest.approx(-4800.0)
    assert first.loc["transit leverage a month", "change"] == pytest.approx(-100.0)
    then, now = (told().uneven(world)[0] for world in (RECORD, SCHEME))
    assert first.loc["Gini against the key", "change"] == pytest.approx(np.median(now - then))


def test_data_stand_on_named_axes_with_units() -> None:
    found = answer.dataset(told())
    assert {"world", "month", "origin", "country", "draw"} <= set(found.dims)
    assert all("units" in one.attrs for one in found.data_vars.values())
    np.testing.assert_allclose(found["matched"].sum("country").sum(), found["placed"].sum() / 2.0)


def test_a_scheme_with_levers_is_also_run_without_them_and_without_procedures() -> None:
    text = TEXT.replace("sources:", "levers:\n  - {set: levers.contention.effort, to: 0, from: 2023-01}\nsources:")
    names = answer.terms(scheme(text), variants=False)
    assert names["record's control kept"] == Terms(levers=False)
    assert names["control alone"] == Terms(open=False)
    assert set(answer.terms(scheme(), variants=True)) > {"half the places", "each by its own rule"}


def test_months_are_those_from_the_start_of_the_scheme() -> None:
    one = replace(setting())
    assert one.scheme.file.start == Month.parse("2023-01")
    assert one.months == one.scheme.case.span.last - Month.parse("2023-01") + 1
