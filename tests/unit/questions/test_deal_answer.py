"""What a deal says: sentences, tables and data of a deal made by hand at the table of the Aegean."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from palanca.core.clock import Month
from palanca.core.errors import UsageError
from palanca.questions import contents
from palanca.questions.bargaining import months
from palanca.questions.bargaining.deal import MEAN, Deal, Pick, ThreatEffect
from palanca.questions.bargaining.enforcement import Enforcement
from palanca.questions.bargaining.prepared import prepare
from palanca.questions.bargaining.silos import Silos
from palanca.questions.deal.answer import caveats
from palanca.questions.deal.charts import charts
from palanca.questions.deal.data import dataset
from palanca.questions.deal.findings import findings
from palanca.questions.deal.struck import Struck, assumed
from palanca.questions.deal.tables import tables
from palanca.show.estimate import Basis
from palanca.spec.bargain_spec import load_bargain
from palanca.spec.protocol import Protocol

MONTH = Month.parse("2017-01")
CONCEPTS = ("nash", "kalai-smorodinsky", "egalitarian", "utilitarian", MEAN)
DRAWS = 40
AGREED = np.arange(DRAWS) < 30  # three draws of four have a deal
VISA = 3  # given or not


def a_pick(issues: int, scale: float) -> Pick:
    """Every issue at 0.2 to 0.6; visas are given in the first 15 draws; ten and five gained; 8,000 people arrive."""
    package = np.where(AGREED[:, None], scale * np.linspace(0.2, 0.6, DRAWS)[:, None] * np.ones(issues), np.nan)
    package[:, VISA] = np.where(AGREED, (np.arange(DRAWS) < 15).astype(float), np.nan)
    gains = np.ones((DRAWS, 2)) * np.array([10.0, 5.0])
    return Pick(package, gains, gains - 20.0 * scale, AGREED, np.full(DRAWS, 8.0), np.full(DRAWS, 3.0))


@pytest.fixture(scope="module")
def struck() -> Struck:
    found = prepare(load_bargain("eu-turkey"), [], corridor=None, draws=DRAWS)
    table = replace(found, contexts=(replace(found.contexts[0], month=MONTH),))
    issues, nothing = table.base.issues, np.zeros(DRAWS)
    picks = {name: a_pick(len(issues), 1.0) for name in CONCEPTS}
    promises = tuple(
        Enforcement(code, one, 2.0 * one, one, np.where(AGREED, 0.5, np.nan), patience, first)
        for code, patience, first in zip(
            table.base.parties,
            (np.full(DRAWS, 0.9), np.where(np.arange(DRAWS) < 15, 0.6, 0.4)),
            (np.zeros(DRAWS, bool), np.ones(DRAWS, bool)),
            strict=True,
        )
        for one in [np.ones(DRAWS)]
    )
    gates = ThreatEffect(
        "open_the_gates", "TUR", "EU", np.arange(DRAWS) < 10, np.ones(DRAWS), nothing, nothing, nothing, nothing
    )
    deal = Deal(
        month=MONTH, issues=issues, parties=table.base.parties, on_table=np.arange(len(issues)) < len(issues) - 1,
        quo=np.zeros((DRAWS, len(issues))), without=np.full(DRAWS, 20.0), picks=picks, clashes={"EU": 0.25},
        enforcement=promises, calm=a_pick(len(issues), 0.5), unchecked=None, threats=(gates,), unsettled=0,
        menus=tuple((0.0, 1.0) if k == VISA else () for k in range(len(issues))), deaths_without=np.full(DRAWS, 5.0),
        self_enforcing=a_pick(len(issues), 0.8), how=Protocol("nash"),
    )  # fmt: skip
    kept = np.arange(0, DRAWS, 2)
    few = kept.size
    silos = Silos(
        before=tuple((name,) for name in issues), after=(issues,),
        change=np.stack([np.full(few, -2.0), np.full(few, 3.0)], axis=1), better=np.full(few, np.log(2.0)),
        packages=np.stack([np.zeros((few, len(issues))), np.full((few, len(issues)), 0.5)]),
        arrivals=np.stack([np.full(few, 20.0), np.full(few, 15.0)]), deals=np.array([[0] * few, [1] * few]),
        left_out=0, tolerated=np.full((few, 2), 0.1), loses=np.array([[True, False]] * few),
        interest=np.full((few, 2, len(issues)), 1.0 / len(issues)), kept=kept,
    )  # fmt: skip
    return Struck(table, deal, silos, assumed(table, None, 1))


def said(struck: Struck, word: str) -> str:
    return next(one.text for one in findings(struck) if word in one.text)


def test_the_first_finding_says_how_often_there_is_a_deal_and_who_gains(struck: Struck) -> None:
    first = findings(struck)[0]
    assert "exists in 75\u00a0% of the draws" in first.text
    assert "the European Union 10.0, Turkey 5.00" in first.text
    assert first.basis is Basis.assumed


def test_people_and_deaths_come_second_as_a_difference_and_one_level(struck: Struck) -> None:
    """20,000 arrive without the deal and 8,000 under it; five die without and three with: each a difference once."""
    text = findings(struck)[1].text
    assert "12,000 fewer people a month would arrive than the 20,000 without it" in text
    assert "2.00 fewer deaths on the way a month, with 5.00 without it" in text
    assert "8,000" not in text


def test_whether_it_lasts_is_counted_over_draws_with_a_deal(struck: Struck) -> None:
    text = said(struck, "Without a judge")
    assert "the European Union in 100\u00a0%" in text
    assert "Turkey in 50\u00a0%" in text
    assert "Turkey has the least patience to spare in 100\u00a0%" in text


def test_what_is_given_or_not_is_a_share_of_draws_and_never_a_median_between(struck: Struck) -> None:
    rows = tables(struck)[0].frame().set_index("issue")
    assert rows.loc["visa freedom", "deal"] == "yes in 50\u00a0%"
    assert "resettlement" not in rows.index  # off the table
    assert rows.loc["money", "by"] == "EU"
    by_concept = next(one for one in tables(struck) if one.name == "Packages by concept").frame().set_index("issue")
    assert by_concept.loc["visa freedom", "utilitarian"] == "yes in 50\u00a0%"


def test_a_threat_changes_the_level_of_the_threatened(struck: Struck) -> None:
    """Payoffs are ten less twenty with threats and ten less ten without."""
    assert "change the payoff of the European Union in the deal by −10.0" in said(struck, "Threats in force")
    assert "open the gates in 25\u00a0% of draws" in said(struck, "worth its cost")


def test_silos_say_who_loses_by_the_change_in_the_draws_compared(struck: Struck) -> None:
    text = said(struck, "threats left out")
    assert "the European Union's payoff changes by −2.00, a loss in 100\u00a0% of draws" in text
    assert "Turkey's payoff changes by +3.00, a loss in 0\u00a0% of draws" in text
    assert "5,000 fewer people a month arrive" in said(struck, "they too are people")
    data = dataset(struck)
    assert float(data["silo_change"].sel(country="TUR", draw=2)) == 3.0
    assert np.isnan(data["silo_change"].sel(country="TUR", draw=1))
    assert data["silo_interest"].sel(country="EU", draw=0).sum() == pytest.approx(1.0)


def test_the_data_hold_every_concept_on_named_axes_with_units(struck: Struck) -> None:
    data = dataset(struck)
    assert data["package"].dims == ("concept", "issue", "draw")
    assert data["held_back"].attrs["units"] == "people / month"
    assert float(data["held_back"].sel(concept="nash", draw=0)) == 12_000.0
    assert np.isnan(data["held_back"].sel(concept="nash", draw=DRAWS - 1))
    assert float(data["payoff"].sel(concept="nash, nothing threatened", country="EU", draw=0)) == 0.0
    assert data["agreed"].sel(concept="nash").mean() == 0.75
    assert data["issue_unit"].sel(issue="money") == "1 000 million euros in all"


def test_all_that_payoffs_decide_is_assumed(struck: Struck) -> None:
    assert struck.rests(struck.made.gains[:, 0]).basis is Basis.assumed
    assert "parties.TUR.patience" in struck.inputs.names
    assert struck.inputs.values.shape == (len(struck.inputs.names), DRAWS)
    texts = " ".join(caveats(struck))
    assert "10 of 10 payoffs are assumed" in texts
    assert "are people" in texts


def test_every_chart_has_a_dot_for_each_issue_on_the_table(struck: Struck) -> None:
    packages, gains, threats, silos = charts(struck)
    assert len(packages.panels[0].series) == len(CONCEPTS) + 1
    assert packages.panels[0].series[0].x == ("shore control", "readmission", "money", "visa freedom", "chapters")
    assert gains.panels[0].series[0].y == (10.0, 5.0)
    assert [one.label for one in threats.panels[1].series] == ["threatened", "not threatened"]
    assert silos.panels[1].series[0].y == (-2.0, 3.0)


def test_a_month_is_needed_where_arrivals_come_from_a_corridor_and_refused_elsewhere() -> None:
    with pytest.raises(UsageError, match="needs a month"):
        months.check(load_bargain("us-mexico"), None, None)
    with pytest.raises(UsageError, match="takes no month"):
        months.check(load_bargain("eu-turkey"), None, MONTH)


def test_contents_are_kept_in_place_of_paths(tmp_path) -> None:
    own = tmp_path / "silos.yaml"
    own.write_text("before:\n- [shore_control, readmission, resettlement]\n- [money, visa_freedom, chapters]\n")
    spec, text = contents.table(None, "eu-turkey")
    assert text is None
    division, kept = contents.silos(own, spec, "eu-turkey")
    assert kept == own.read_text()
    assert contents.silos(kept, spec, "eu-turkey")[0] == division
    assert contents.needs_no_corridor("eu-turkey")
    assert not contents.needs_no_corridor("us-mexico")
