"""The shipped tables: they rest on the case and its ledger, say what they assume, and make deals with no more code."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
import pytest
from bargains import agree, assemble

from palanca.bargain import plain
from palanca.bargain.solve import Concept, one
from palanca.core.clock import Month
from palanca.spec.bargain_spec import load_bargain
from palanca.spec.ledger import load_ledger
from palanca.spec.load import load, shipped

JANUARY = Month.parse("2024-01")
# Arrivals of January 2024 in thousands: effort from 1 to 4 avoids 29 of 250, the middle of what the corridor gives.
FALL, RATE = 60.0, 0.22


@pytest.fixture(scope="module")
def mexico():
    return load_bargain("us-mexico")


@pytest.fixture(scope="module")
def turkey():
    return load_bargain("eu-turkey")


def test_the_issues_stand_in_the_order_agreed_with_their_owners_and_bounds(mexico):
    assert [(name, one.owner, one.high, one.status_quo) for name, one in mexico.issues.items()] == [
        ("enforcement", "MEX", 5, 1), ("returns_accepted", "MEX", 1, 0), ("visas", "USA", 1, 0), ("aid", "USA", 1, 0),
        ("vaccines", "USA", 1, 0), ("tariff_relief", "USA", 1, 0), ("forbearance", "USA", 1, 0),
        ("silence", "USA", 1, 0), ("parole_places", "USA", 1, 0), ("own_effort", "USA", 1, 0),
    ]  # fmt: skip
    assert [name for name, one in mexico.issues.items() if not one.traded] == ["own_effort"]
    levers = {one.lever: name for name, one in mexico.issues.items() if one.lever != "none"}
    assert levers == {
        "effort": "enforcement", "returns": "returns_accepted", "parole": "parole_places", "own": "own_effort",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("month", "off"),
    [
        ("2016-06", {"vaccines", "tariff_relief", "forbearance", "parole_places"}),
        ("2018-07", {"vaccines", "parole_places"}),
        ("2019-06", {"vaccines", "parole_places"}),
        ("2019-07", {"vaccines", "tariff_relief", "parole_places"}),
        ("2021-03", {"tariff_relief", "parole_places"}),
        ("2022-11", {"vaccines", "tariff_relief"}),
        ("2024-01", {"vaccines", "tariff_relief"}),
    ],
)
def test_what_was_off_the_table_in_a_month(mexico, month, off):
    assert {name for name, cap in mexico.caps(Month.parse(month)).items() if cap == 0.0} == off


def test_own_limits_are_capped_by_the_law_of_their_time_and_never_off_the_table(mexico):
    caps = [mexico.caps(month)["own_effort"] for month in load("us-mexico").span.span]
    assert list(dict.fromkeys(caps)) == [0.35, 1.0, 0.6, 0.8]
    assert mexico.caps(Month.parse("2020-02"))["own_effort"] == 0.35


def test_elections_are_those_of_the_case_within_its_span(mexico):
    case = load("us-mexico")
    for code, party in mexico.parties.items():
        declared = [day for day in party.elections if day.month in case.span.span]
        assert declared == [
            vote.date for vote in case.elections if vote.country == code and vote.date.month in case.span.span
        ]
    assert mexico.months_to_election("USA", JANUARY) == 10
    assert mexico.months_to_election("MEX", JANUARY) == 5


def test_the_tariff_threat_stands_from_may_to_june_2019_and_its_chance_in_court_is_open(mexico):
    months = [str(m) for m in load("us-mexico").span.span if any(t.name == "tariff_2019" for t in mexico.threats_at(m))]
    assert months == ["2019-05", "2019-06"]
    survival = mexico.beliefs()["threats.tariff_2019.survival"]
    assert 0.25 < survival.at(-1.7) < 0.35 < survival.at(1.7) < 0.85


def test_every_traded_issue_stands_for_issues_of_the_ledger_and_those_of_the_2022_and_2023_deals_are_there(mexico):
    ledger = load_ledger("us-mexico")
    standing = {name for one in mexico.issues.values() for name in one.ledger}
    assert all(one.ledger for one in mexico.issues.values() if one.traded)
    rows = {row.id: row for row in ledger.rows}
    for deal in ("venezuela-deal", "chnv", "vaccines-2021"):
        assert {item.issue for item in (*rows[deal].given, *rows[deal].got)} <= standing


@pytest.mark.parametrize("name", ["us-mexico", "eu-turkey"])
def test_every_payoff_says_that_it_is_assumed_why_and_is_uncertain(name):
    talks = load_bargain(name)
    for payoff in talks.file.payoffs:
        assert (payoff.basis == "assumed") == ("ASSUMED" in payoff.source), payoff.name
        assert any(one.startswith(f"payoffs.{payoff.name}.") for one in talks.beliefs()), payoff.name
        assert len(payoff.note) > 20


@pytest.mark.parametrize("name", ["us-mexico", "eu-turkey"])
def test_every_own_source_is_cited_and_every_party_has_something_to_gain(name):
    talks = load_bargain(name)
    file = talks.file
    windows = [w for issue in file.issues.values() for w in issue.on_table or ()]
    entries = [
        *file.parties.values(),
        *file.issues.values(),
        *windows,
        *file.payoffs,
        *file.threats,
        file.arrivals,
        file.flow,
    ]
    assert set(file.sources) <= {key for entry in entries for key in entry.source}
    assert {payoff.voice for payoff in file.payoffs} == set(file.parties)
    assert {payoff.issue for payoff in file.payoffs} == set(file.issues)


def test_mexico_left_alone_keeps_routine_control_and_pays_ten_to_fifteen_for_effort_of_four(mexico):
    declared = plain.declared(mexico.declaration())
    slope, curve = next(t for t in declared.terms if t.issue == "enforcement").coefficients
    assert slope / curve == pytest.approx(1.0, abs=1e-12)
    assert 10.0 <= (slope * 1 - curve / 2) - (slope * 4 - curve * 8) <= 15.0


def test_full_amounts_are_worth_three_to_six_to_mexico_and_cost_the_united_states_one_to_five(mexico):
    declared = plain.declared(mexico.declaration())
    given = [name for name, issue in mexico.issues.items() if issue.owner == "USA" and issue.traded]
    for name in given:
        worth, cost = (next(t for t in declared.terms if (t.issue, t.voice) == (name, who)) for who in ("MEX", "USA"))
        scale, rate = worth.coefficients
        assert 3.0 <= scale * np.log1p(rate) <= 6.0, name
        slope, curve = cost.coefficients
        assert 1.0 <= curve / 2 - slope <= 5.0, name


@pytest.mark.slow
def test_a_middling_deal_of_january_2024_is_interior_in_what_it_trades(mexico):
    """In closed form, with the fall per unit of effort that the fitted corridor gives."""
    data, caps = mexico.declaration(), mexico.caps(JANUARY)
    names = list(caps)
    free = np.array([caps[name] > 0.0 for name in names])
    for issue in data["issues"]:
        issue["high"] = caps[issue["name"]] or issue["high"]
        if issue["name"] == "own_effort":  # what the United States does alone anyway, whether or not there is a deal
            issue["status_quo"] = issue["high"]
    data["flow"] = [
        {"size": 190.0, "held_back_by": {"returns_accepted": 0.02, "parole_places": 0.02}},
        {"size": FALL * float(np.exp(RATE)), "held_back_by": {"enforcement": RATE}},
    ]
    flow = plain.flow(data, names)
    at = np.eye(len(names))[0]
    assert 25.0 <= float(flow.arrivals(jnp.array(at)) - flow.arrivals(jnp.array(4 * at))) <= 45.0
    talks = assemble(plain.declared(data), flow)
    free[names.index("own_effort")] = False
    found = one(talks, jnp.array(free), talks.status_quo, jnp.array(Concept.NASH.number))
    assert bool(found.agreed)
    assert bool(found.settled)
    deal = dict(zip(names, np.asarray(found.package), strict=True))
    assert 2.0 < deal["enforcement"] < 4.5
    for name in ("returns_accepted", "visas", "aid", "forbearance", "silence", "parole_places"):
        assert 0.1 < deal[name] < 0.9, name
    assert deal["vaccines"] == deal["tariff_relief"] == 0.0


@pytest.mark.long
def test_turkey_needs_no_code_and_its_crossings_fall_to_a_twentieth_if_all_is_delivered(turkey):
    assert "eu-turkey" not in shipped()
    data, names = turkey.declaration(), list(turkey.issues)
    flow = plain.flow(data, names)
    nothing, everything = (float(flow.arrivals(jnp.array([x, x, 0, 0, 0, 0]))) for x in (0.0, 1.0))
    assert nothing == pytest.approx(1.740 * 30, rel=0.05)
    assert everything == pytest.approx(0.090 * 30, rel=0.15)
    declared = plain.declared(data)
    deal = agree(assemble(declared, flow))
    assert bool(deal.agreed)
    assert np.all(np.asarray(deal.gains) > 0.0)
    assert float(deal.package[names.index("visa_freedom")]) in (0.0, 1.0)
    assert float(flow.arrivals(deal.package)) < nothing / 2


def test_the_form_of_each_kind_is_used_by_one_of_the_two_tables(mexico, turkey):
    used = {payoff.form for talks in (mexico, turkey) for payoff in talks.file.payoffs}
    assert used == {"linear", "quadratic", "log", "power", "saturating", "steep_cost", "threshold_cost"}
