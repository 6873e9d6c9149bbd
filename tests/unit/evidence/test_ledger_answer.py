"""What the answer on the ledger says: first findings first, rows with and without draws, and no hollow word."""

from __future__ import annotations

import numpy as np
import pytest

from palanca.core.errors import UsageError
from palanca.evidence.backtest.bootstrap import BootstrapEstimate as Bootstrapped
from palanca.evidence.claims.rows import ClaimRow
from palanca.evidence.claims.run import Claim
from palanca.evidence.ledger import answer, parts
from palanca.evidence.ledger.after_highs import AfterHighs
from palanca.evidence.ledger.forecasts import DealForecasts
from palanca.evidence.ledger.skill import Against, DealSkill, ForecastScore, Quarter, SkillVerdict, Weight
from palanca.show import estimate
from palanca.show.answer import Finding
from palanca.spec.ledger import load_ledger

GAP = Bootstrapped(-0.2, -0.4, 0.1)
SCORES = tuple(ForecastScore(name, score, 0.2) for name, score in (("palanca", 0.4), ("base rate", 0.6)))
AGAINST = tuple(Against(name, GAP, GAP) for name in ("base rate", "encounters only"))
FORESEEN = DealForecasts(
    DealSkill(
        quarters=2, deals=1, folds=3, onset=SCORES, onset_against=AGAINST, onset_verdict=SkillVerdict.unclear,
        package=SCORES, package_against=AGAINST[:1], package_verdict=SkillVerdict.worse, fields=4, off_table=0,
        weights=(Weight("need_of_help", 1.5, 0.4, "learned"), Weight("power", 0.1, 0.99, "assumed")),
        by_quarter=(
            Quarter("2014-01", 0, False, (), {"palanca": 0.2, "base rate": 0.5, "encounters only": 0.4}),
            Quarter("2014-04", 1, True, ("a-deal",), {"palanca": 0.7, "base rate": 0.5, "encounters only": 0.6}),
        ),
    ),
    AfterHighs(2, 20, 100, 9, 0.25, 0.1, Bootstrapped(2.5, 0.8, 6.0), None),
)  # fmt: skip
CLAIM = Claim(
    "fading",
    (
        ClaimRow("half-life", "months", estimate.of(np.arange(64.0), "months"), "not identified", np.arange(64.0)),
        ClaimRow("share", "share", estimate.of([0.5], "share"), "", np.full(4000, 0.5)),
        ClaimRow("power", "", None, "not identified"),
    ),
    (Finding("First of the claim."), Finding("Second of the claim.")),
)


def test_every_part_has_its_first_finding_before_any_second() -> None:
    texts = [one.text for one in answer.findings(FORESEEN, [CLAIM])]
    assert texts[0].startswith("Deals came in 1 of 2 quarters.")
    assert texts[1] == "First of the claim."
    assert texts[-1] == "Second of the claim."


def test_scores_are_told_against_each_rival_with_their_interval() -> None:
    rows = answer.tables(load_ledger("us-mexico"), FORESEEN, [])[0].frame().set_index("forecast")
    assert rows.loc["base rate", "palanca less this"] == -0.2
    assert rows.loc["base rate", "palanca less this high"] == 0.1
    first = answer.findings(FORESEEN, [])[0]
    assert not first.numbers["less the base rate"].clear  # the interval holds zero


def test_learned_and_assumed_unknowns_are_counted() -> None:
    assert "1 are learned, 0 in between and 1 assumed" in answer.findings(FORESEEN, [])[3].text


def test_the_data_hold_chances_by_quarter_and_draws_of_the_fit_alone() -> None:
    data = answer.dataset(FORESEEN, [CLAIM], 64)
    assert float(data["chance"].sel(month="2014-04", forecast="palanca")) == 0.7
    assert list(data["dealt"].values) == [0.0, 1.0]
    assert list(data["quantity"].values) == ["fading: half-life", "fading: share"]  # what has no number is in the table
    assert list(data["drawn_quantity"].values) == ["fading: half-life"]
    assert data["drawn"].dims == ("drawn_quantity", "draw")


def test_what_has_no_number_has_a_row_and_no_nan() -> None:
    texts = answer.tables(load_ledger("us-mexico"), None, [CLAIM])[0].texts()
    assert texts[2] == ["power", "–", "–", "not identified"]
    assert not any("nan" in cell for row in texts for cell in row)


def test_deals_that_came_are_marked_beside_the_chances() -> None:
    (chart,) = answer.charts(FORESEEN, [])
    marks = next(one for one in chart.panels[0].series if one.style == "dots")
    assert marks.y == (None, 1.0)


@pytest.mark.parametrize(
    ("text", "found"),
    [(None, ("forecasts",)), ("fading, price,fading", ("fading", "price")), ("all", parts.PARTS)],
)
def test_parts_are_read_once_each_and_in_their_order(text: str | None, found: tuple[str, ...]) -> None:
    assert parts.parsed(text) == found


def test_forecasts_take_few_draws_and_claims_do_not() -> None:
    parts.checked(2, ("forecasts",))
    parts.checked(20, ("fading",))
    with pytest.raises(UsageError, match="too few draws to judge a claim"):
        parts.checked(19, ("forecasts", "fading"))
