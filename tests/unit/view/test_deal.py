"""What is drawn, listed and said of a deal are its numbers, with words for those who cannot see."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from palanca.core.clock import Month
from palanca.questions.bargaining.deal import MEAN, Deal, Pick, ThreatEffect
from palanca.questions.bargaining.enforcement import Enforcement
from palanca.questions.bargaining.prepared import prepare
from palanca.questions.bargaining.silos import Silos
from palanca.report import deal as page
from palanca.spec.bargain_spec import load_bargain
from palanca.view import deal as charts
from palanca.view import deal_prose, deal_tables, theme

MONTH = Month.parse("2017-01")
CONCEPTS = ("nash", "kalai-smorodinsky", "egalitarian", "utilitarian", MEAN)


def a_pick(issues: int, scale: float, agreed: np.ndarray) -> Pick:
    """Packages that rise by draw; the last draw has no deal."""
    ramp = np.linspace(0.2, 0.6, agreed.size)
    package = np.where(agreed[:, None], scale * ramp[:, None] * np.ones(issues), np.nan)
    gains = np.stack([ramp * 10.0, ramp * 5.0], axis=1)
    return Pick(package, gains, gains - 20.0, agreed, 20.0 - 10.0 * scale * ramp, None)


@pytest.fixture(scope="module")
def table():
    found = prepare(load_bargain("eu-turkey"), [], corridor=None, draws=8)
    return replace(found, contexts=(replace(found.contexts[0], month=MONTH),))


@pytest.fixture(scope="module")
def deal(table):
    """A deal made by hand: seven draws of eight agree, the last issue is off the table."""
    issues, agreed = table.base.issues, np.arange(8) < 7
    picks = {name: a_pick(len(issues), 1.0, agreed) for name in CONCEPTS}
    keeps = tuple(
        Enforcement(
            code, np.ones(8), np.ones(8), np.ones(8), np.where(agreed, 0.5, np.nan), np.linspace(0.4, 0.9, 8), agreed
        )
        for code in table.base.parties
    )
    nothing = np.zeros(8)
    gates = ThreatEffect(
        "open_the_gates", "TUR", "EU", np.arange(8) < 2, np.ones(8), nothing, nothing, nothing, nothing
    )
    return Deal(
        month=MONTH, issues=issues, parties=table.base.parties, on_table=np.arange(len(issues)) < len(issues) - 1,
        quo=np.zeros((8, len(issues))), without=np.full(8, 20.0), picks=picks, clashes={"EU": 0.125}, enforcement=keeps,
        calm=a_pick(len(issues), 0.5, agreed), unchecked=None, threats=(gates,), unsettled=0, menus=((),) * len(issues),
        deaths_without=None, self_enforcing=a_pick(len(issues), 0.8, agreed),
    )  # fmt: skip


@pytest.fixture(scope="module")
def silos(table, deal):
    issues = deal.issues
    packages = np.stack([np.zeros((8, len(issues))), np.full((8, len(issues)), 0.5)])
    change = np.stack([np.arange(8) - 3.0, np.ones(8)], axis=1)
    return Silos(
        before=tuple((name,) for name in issues), after=(issues,), change=change,
        better=np.where(np.arange(8) < 4, np.log(2.0), np.nan), packages=packages,
        arrivals=np.stack([np.full(8, 20.0), np.full(8, 15.0)]), deals=np.array([[1] * 8, [1] * 8]), left_out=0,
        tolerated=np.full((8, 2), 0.1),
    )  # fmt: skip


def test_every_chart_says_what_it_shows_in_words_and_in_colours_of_the_palette(table, deal, silos) -> None:
    known = set(theme.darkened()) | {"rgba(0,0,0,0)"}
    drawn = charts.of_deal(table, deal, silos)
    assert [one.id for one in drawn] == ["deal-packages", "deal-gains", "deal-threats", "deal-silos"]
    for one in drawn:
        assert one.caption.endswith(".")
        assert one.key
        for panel in one.panels:
            assert panel.alt.endswith(".")
            used = set(re.findall(r'"(#[0-9a-fA-F]+|rgba?\([^)]*\))"', panel.figure.to_json()))
            assert used <= known


def test_dots_are_medians_as_shares_of_the_bound_and_bars_hold_90_in_a_hundred(table, deal) -> None:
    figure = charts.packages(table, deal).panels[0].figure
    nash = next(trace for trace in figure.data if trace.name == "nash")
    money = deal.issues.index("money")
    low, mid, high = np.nanquantile(deal.picks["nash"].package[:, money], (0.05, 0.5, 0.95)) / 6.0 * 100.0
    assert len(nash.x) == len(deal.issues) - 1
    assert nash.x[money] == pytest.approx(mid, abs=1e-3)
    assert nash.error_x["array"][money] == pytest.approx(high - mid, abs=2e-3)
    assert nash.error_x["arrayminus"][money] == pytest.approx(mid - low, abs=2e-3)


def test_gains_count_only_draws_with_a_deal(deal) -> None:
    row = next(row for row in deal_tables.concepts(deal) if row["concept"] == "nash")
    assert row["chance of a deal, %"] == pytest.approx(87.5)
    assert row["EU gains"] == deal_tables.interval(deal.picks["nash"].gains[:7, 0])


def test_people_held_back_are_those_who_arrive_without_a_deal_and_not_under_it(deal) -> None:
    held = deal_tables.held_back(deal)
    assert held[:7] == pytest.approx(10.0 * np.linspace(0.2, 0.6, 8)[:7])
    assert np.isnan(held[7])
    assert "3,700 fewer people a month" in deal_prose.people_say(deal)[0]
    assert "are people" in deal_prose.caution(deal)


def test_the_long_table_holds_every_package_once_and_empty_draws_are_no_numbers(table, deal, silos) -> None:
    rows = deal_tables.numbers(table, deal, silos)
    packages = [row for row in rows if row["what"] == "package"]
    assert len(packages) == (len(CONCEPTS) + 2) * len(deal.issues)
    assert len({(row["what"], row["concept"], row["of"]) for row in rows}) == len(rows)
    assert deal_tables.interval(np.full(4, np.nan)) == theme.NONE


def test_concepts_that_differ_are_said_not_to_be_identified(table, deal) -> None:
    assert "agree on" in deal_prose.concepts_say(table, deal)[0]
    still = replace(deal.picks["egalitarian"], package=np.zeros((8, len(deal.issues))))
    apart = replace(deal, picks={**deal.picks, "egalitarian": still})
    assert any("not identified" in sentence for sentence in deal_prose.concepts_say(table, apart))


def test_the_claim_on_threats_is_judged_by_the_numbers(table, deal) -> None:
    target = table.declared.threats_at(MONTH)[0].target
    mine = np.array([table.declared.issues[name].owner == target for name in deal.issues])
    calm, nash = deal.calm, deal.picks["nash"]
    high = np.array([table.declared.issues[name].high for name in deal.issues])

    def told(work: float, paid: float) -> str:
        pick = replace(nash, package=np.where(mine, work, paid) * high * np.ones((8, 1)))
        other = replace(calm, package=np.where(mine, 0.4, 0.4) * high * np.ones((8, 1)))
        return deal_prose.threats_say(table, replace(deal, picks={**deal.picks, "nash": pick}, calm=other))[-1]

    assert "bear out that a threat lets effort rise" in told(0.6, 0.02)
    assert "but not at next to no payment" in told(0.6, 0.3)
    assert "stands in for part of the payment" in told(0.4, 0.2)
    assert "moves neither by much" in told(0.4, 0.4)


def test_silos_say_who_gains_and_who_loses_over_draws(table, deal, silos) -> None:
    rows = {row["party"]: row for row in deal_tables.silos(silos, deal.parties)}
    assert rows["EU"]["gains, % of draws"] == pytest.approx(50.0)
    assert rows["EU"]["loses, % of draws"] == pytest.approx(37.5)
    said = " ".join(deal_prose.silos_say(table, deal, silos))
    assert "multiplied by 2.00" in said
    assert "5,000 [5,000 to 5,000]" in said


def test_a_month_without_any_deal_still_has_its_page(table, deal) -> None:
    agreed = np.zeros(8, bool)
    none = {name: a_pick(len(deal.issues), 1.0, agreed) for name in CONCEPTS}
    keeps = tuple(replace(one, needed=np.full(8, np.nan)) for one in deal.enforcement)
    bare = replace(deal, picks=none, enforcement=keeps, calm=None, threats=(), clashes={"EU": 1.0})
    html = page.html(table, bare, None, {"draws": "8"})
    assert "There is no deal in 100" in html
    assert "nan" not in re.sub(r"<script.*?</script>|<style.*?</style>", "", html, flags=re.DOTALL)


def test_the_page_holds_every_part_and_fetches_nothing(table, deal, silos) -> None:
    html = page.html(table, deal, silos, {"draws": "8"})
    for anchor in ("package", "concepts", "keeping", "threats", "silos", "beliefs"):
        assert f'id="{anchor}"' in html
    page_itself = re.sub(r"<script.*?</script>", "", html, flags=re.DOTALL)
    assert not re.search(r'src=|href="https?://', page_itself)
