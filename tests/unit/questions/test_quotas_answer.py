"""Who takes how many, end to end: numbers worked out by hand, what is named, what rests on what."""

from __future__ import annotations

import numpy as np
import pytest

import palanca
from palanca.core.errors import SharingError
from palanca.data.read import read
from palanca.questions.quotas import assumed
from palanca.questions.quotas.assumed import RANGES, Hosts
from palanca.questions.quotas.figures import AMERICAS, country_figures
from palanca.questions.quotas.talks import talk
from palanca.sharing.core_of_game import scheme_worth
from palanca.sharing.market import costs
from palanca.sharing.participation import Stake
from palanca.show.estimate import Basis
from palanca.spec.sharing_countries import NAMES

FOUR = ["USA", "MEX", "CAN", "COL"]
SET = {"first_cost": 0.5, "doubling": 4.0, "worth": 1.0, "by_size": 0.0}


@pytest.fixture(scope="module")
def answer():
    return palanca.quotas("ammr2024", 10_001, 2022, FOUR, draws=20, assume=SET, limits=(0.0, 1000.0))


def figures(series: str) -> np.ndarray:
    return read(series).sel(year=2022, country=FOUR).values


def test_quotas_are_the_key_on_the_packaged_figures(answer):
    population, gdp = figures("population"), figures("gdp")
    share = (population / population.sum() + gdp / gdp.sum()) / 2
    np.testing.assert_allclose(answer.data["share"], share)
    assert int(answer.data["quota"].sum()) == 10_001
    assert (np.abs(answer.data["quota"].values - share * 10_001) < 1.0).all()


def test_trade_follows_from_what_is_assumed_by_hand(answer):
    """Hosting starts at half of output per head and has doubled at 4 in a thousand inhabitants."""
    population, gdp, quota = figures("population"), figures("gdp"), answer.data["quota"].values
    start = 0.5 * gdp * 1e6 / population
    slope = start / (0.004 * population)
    hosted = answer.data["hosted"].isel(draw=0).values
    price = float(answer.data["price"][0])
    for place in range(4):
        marginal = start[place] + slope[place] * hosted[place]
        assert marginal == pytest.approx(price) or (hosted[place] == 0.0 and marginal >= price)
    assert hosted.sum() == pytest.approx(10_001)
    np.testing.assert_allclose(answer.data["paid"].isel(draw=0), price * (quota - hosted), rtol=1e-9)
    saved = start * quota + slope * quota**2 / 2 - start * hosted - slope * hosted**2 / 2 - price * (quota - hosted)
    np.testing.assert_allclose(answer.data["saved"].isel(draw=0), saved, rtol=1e-6)


def test_gains_are_worth_less_cost_less_payment_by_hand(answer):
    """With nothing by size, a country's part of the worth is its share by the key."""
    population, gdp, quota = figures("population"), figures("gdp"), answer.data["quota"].values
    start = 0.5 * gdp * 1e6 / population
    slope = start / (0.004 * population)
    share = answer.data["share"].values
    worth = share * float(share @ (start + slope * quota))
    plain = worth * 10_001 - (start * quota + slope * quota**2 / 2)
    np.testing.assert_allclose(answer.data["gain_untraded"].isel(draw=0), plain, rtol=1e-9)
    hosted, paid = (answer.data[name].isel(draw=0).values for name in ("hosted", "paid"))
    gain = worth * 10_001 - (start * hosted + slope * hosted**2 / 2) - paid
    np.testing.assert_allclose(answer.data["gain"].isel(draw=0), gain, rtol=1e-9)
    win = worth * (10_001 - quota) - gain  # outside, the others keep their quotas
    np.testing.assert_allclose(answer.data["win_by_leaving"].isel(draw=0), win, rtol=1e-6)


def test_quotas_rest_on_published_figures_and_money_on_what_is_assumed():
    free = palanca.quotas("eu2015", 5_000, 2022, FOUR, draws=40)
    by_start = {one.text[:12]: one.basis for one in free.findings}
    assert free.findings[0].basis is Basis.published
    assert by_start["Would it hol"] is Basis.sign_assumed
    assert by_start["If quotas ar"] is Basis.assumed
    assert "assumed" in free.caveats[0]


def test_a_country_without_figures_is_named_and_left_out():
    found = country_figures(("population", "gdp"), 2022)
    assert dict(found.missing) == {"CUB": ("gdp",), "VEN": ("gdp",)}
    assert found.without() == "Cuba (gdp), Venezuela (gdp)"
    assert not {"CUB", "VEN"} & set(found.countries)
    answer = palanca.quotas("eu2015", 1_000, 2022, draws=20)
    assert "Cuba (gdp, applications)" in answer.findings[0].text


def test_past_applications_are_the_mean_of_the_years_published():
    found = country_figures(("applications",), 2022, countries=["BOL", "MEX"])
    table, people = read("asylum_applications"), read("population")
    for place, country in enumerate(found.countries):
        years = table.sel(country=country, year=slice(2018, 2022)).values
        known = years[np.isfinite(years)]
        assert len(known) >= 3
        million = float(people.sel(country=country, year=2022)) / 1e6
        assert found.values[place, 0] == pytest.approx(known.mean() / million)


def test_people_without_a_place_are_counted_and_said_of_whom():
    found = palanca.quotas("population", 10_000, 2022, FOUR, capacity=dict.fromkeys(FOUR, 1_000.0), draws=20)
    assert found.data["quota"].values.tolist() == [1_000.0] * 4
    text = found.findings[1].text
    assert "6,000 of 10,000 people have no place" in text
    assert "United States" in text


def test_offers_are_met_without_money_by_the_uniform_rule():
    offers = {"USA": 6_000.0, "MEX": 1_000.0, "CAN": 4_000.0}
    found = palanca.quotas("gdp", 9_000, 2022, FOUR, offers=offers, draws=20)
    np.testing.assert_allclose(found.data["uniform"], [4_000.0, 1_000.0, 4_000.0, 0.0])
    own = palanca.quotas(total=11_000, countries=FOUR[:3], weights={"offer": 1.0}, offers=offers, draws=20)
    np.testing.assert_allclose(own.data["quota"], [6_000.0, 1_000.0, 4_000.0])


def test_the_key_by_capacity_is_the_mean_over_all_orders():
    room = {"USA": 5_000.0, "MEX": 1_000.0}
    found = palanca.quotas("shapley", 4_000, 2022, ["USA", "MEX"], capacity=room, draws=20)
    np.testing.assert_allclose(found.data["share"] * 4_000, [(4_000 + 3_000) / 2, (0 + 1_000) / 2])


def test_what_others_make_of_hosting_elsewhere_is_lost_to_the_market():
    care = {"MEX:USA": 20_000.0}
    found = palanca.quotas("ammr2024", 10_000, 2022, FOUR, spill=care, assume=SET, limits=(0.0, 1000.0), draws=20)
    assert (found.data["lost"] > 0.0).all()
    assert any("Clearing is not efficient" in one.text for one in found.findings)


def test_what_is_agreed_to_be_paid_besides_moves_gains_from_payer_to_receiver(answer):
    paid = {"USA:MEX": 3e6, "USA:COL": 1e6}
    found = palanca.quotas(
        "ammr2024", 10_001, 2022, FOUR, draws=20, assume=SET, limits=(0.0, 1000.0), transfers=paid
    )  # fmt: skip
    moved = (found.data["gain"] - answer.data["gain"]).isel(draw=0).values
    np.testing.assert_allclose(moved, [-4e6, 3e6, 0.0, 1e6], atol=1e-3)
    np.testing.assert_allclose(found.data["paid"], answer.data["paid"])


def test_the_same_key_gives_the_same_bits_and_more_draws_keep_the_first(answer):
    again = palanca.quotas("ammr2024", 10_001, 2022, FOUR, draws=20, assume=SET, limits=(0.0, 1000.0))
    assert again.data.identical(answer.data)
    few, many = (assumed.drawn(3, draws, {}).values for draws in (5, 9))
    np.testing.assert_array_equal(few, many[:, :5])
    for row, one in zip(many, RANGES.values(), strict=True):
        assert (row >= one.least).all()
        assert (row <= one.most).all()


def test_bargaining_over_places_and_payments_gives_everybody_the_same_gain():
    """Where money moves freely: the hosting of greatest worth to all, divided evenly."""
    names = ("A", "B", "C")
    curves = costs(np.array([2e3, 8e3, 2e4]), np.array([0.2, 0.4, 0.1]), names)
    stake = Stake(curves, np.array([4e3, 3e3, 9e3]), np.zeros(3))
    found = talk(stake, 30_000.0, names, 5e9)
    assert found.agreed
    whole = float(scheme_worth(curves, stake.benefit, 30_000.0)[-1])
    np.testing.assert_allclose(found.gain, whole / 3, rtol=1e-4)
    assert found.hosted.sum() <= 30_000.0 * (1 + 1e-6)
    fallback = Stake(curves, stake.benefit, np.array([0.0, 0.0, 2.0 * whole]))
    nothing = talk(fallback, 30_000.0, names, 5e9)
    assert not nothing.agreed
    assert nothing.clashes
    assert sum(one.weight for one in nothing.clashes) == pytest.approx(1.0, abs=0.02)


def test_costs_are_in_proportion_to_output_and_doubled_where_it_is_said():
    place = Hosts(np.array([1e6, 2e6]), np.array([1e4, 2e4]), np.full(2, 0.5), np.full(2, 100.0), np.full(2, np.inf))
    stake = assumed.stake(place, SET)
    np.testing.assert_allclose(stake.costs.start, [5e3, 1e4])
    np.testing.assert_allclose(stake.costs.marginal(0.004 * place.population), 2 * stake.costs.start)


def test_a_key_without_a_measure_of_size_divides_by_it_alone():
    found = palanca.quotas(total=1_000, countries=FOUR, weights={"unemployment": 1.0}, draws=20)
    inverse = 1.0 / figures("unemployment")
    np.testing.assert_allclose(found.data["share"], inverse / inverse.sum())


def test_a_country_without_room_can_still_sit_at_the_table():
    found = palanca.quotas(total=1_000, countries=FOUR, capacity={"USA": 0.0}, bargain=True, draws=20)
    assert float(found.data["quota"].sel(country="USA")) == 0.0
    assert any("Bargain" in one.text for one in found.findings)


def test_every_country_has_a_name():
    assert set(NAMES) == set(AMERICAS)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"by": "eu2016"}, "no such key.*eu2015"),
        ({"countries": ["USA", "XYZ"]}, "unknown country"),
        ({"countries": ["USA", "USA"]}, "stands twice"),
        ({"countries": ["CUB", "VEN"]}, r"no two countries.*CUB lacks gdp.*VEN lacks gdp"),
        ({"year": 1999}, "year without figures"),
        ({"total": -5}, "total that cannot be divided"),
        ({"total": 0}, "total that cannot be divided"),
        ({"total": 10**12, "countries": FOUR}, "total that cannot be divided.*the inhabitants of these countries"),
        ({"capacity": {"USA": float("nan")}}, "not a number for capacity.*USA nan"),
        ({"offers": {"USA": -5.0}}, "not a number for offer.*USA -5"),
        ({"weights": {"population": 0.0}}, "sum to 0"),
        ({"weights": {"population": -1.0}}, "negative weight"),
        ({"weights": {"offer": 1.0}}, "takes offers, and there are none"),
        ({"weights": {"population": [1.0, 2.0, 3.0]}}, "not a weight"),
        ({"capacity": {"VEN": 10.0}}, "takes no part"),
        ({"capacity": {"USA": -10.0}}, "not a number for capacity"),
        ({"capacity": dict.fromkeys(FOUR, 0.0), "by": "shapley", "countries": FOUR}, "nobody has room"),
        ({"spill": {"USA": 3.0}}, "not a number by two countries"),
        ({"spill": {"USA:USA": 3.0}}, "not a number by two countries"),
        ({"limits": (1.5, 2.0)}, "not a share of a quota"),
        ({"limits": (0.5, 0.5)}, "not a multiple"),
        ({"price": -1.0}, "not a price"),
        ({"transfers": {"USA:MEX": 1.0, "MEX:COL": 1.0, "COL:USA": 1.0}}, "circle.*COL pays USA pays MEX pays COL"),
        ({"transfers": {"USA:MEX": -1.0}}, "not a payment"),
        ({"transfers": {"USA:VEN": 1.0}}, "not a number by two countries"),
        ({"assume": {"wort": 1.0}}, "Did you mean 'worth'"),
        ({"assume": {"doubling": 0.0}}, "above 0"),
        ({"assume": {"worth": 0.0}}, "no country would join.*round 1"),
    ],
)
def test_what_cannot_be_divided_is_refused(given, words):
    with pytest.raises(SharingError, match=f"(?s){words}"):
        palanca.quotas(**({"draws": 20} | given))


def test_the_fund_goes_to_who_hosts_and_transfers_help_where_gains_sum_above_nothing():
    found = palanca.quotas("ammr2024", 50_000, 2022, FOUR, price=9_000.0, draws=40).data
    hosted, into = found["pledged"], found["into_fund"].sum("country")
    np.testing.assert_allclose(found["out_of_fund"], hosted / hosted.sum("country") * into, atol=1e-3)
    helped = found["holds"].sel(way="transfers, against no scheme")
    np.testing.assert_array_equal(helped, (found["gain"].sum("country") >= 0.0).astype(float))
