"""Criticism against need, and tone against tone: equal rates give one, independent tones give nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from palanca.core.clock import Month
from palanca.evidence.claims import linked_tone, rows
from palanca.evidence.claims.criticism import reading
from palanca.evidence.claims.found import Word
from palanca.evidence.claims.linked_tone import Linked, correlation, resampled, tone, touches
from palanca.evidence.claims.provoked import Provocation, during, provocations
from palanca.kernel.keys import stream
from palanca.spec.ledger import load_ledger

DRAWS = 200
MONTHS = tuple(Month.parse("2014-01") + i for i in range(90))
NEED = np.arange(90.0)[:, None] * np.ones(DRAWS)  # thirds of thirty months each


def acts(made: tuple[int, int, int], each: int = 30) -> tuple[Provocation, ...]:
    """One provocation a month; so many of each third are answered."""
    rows = []
    for third, count in enumerate(made):
        for i in range(each):
            month = MONTHS[30 * third + i % 30]
            rows.append(Provocation(f"{third}-{i}", (month, month), "MEX", 1, int(i < count), False))
    return tuple(rows)


def test_equal_rates_have_a_ratio_about_one_and_speak_for_respect() -> None:
    found = reading("equal", acts((150, 150, 150), 300), MONTHS, NEED, 1)
    assert np.median(found.ratio) == pytest.approx(1.0, abs=0.05)
    assert found.word is Word.no
    assert found.rivals == "respect for sovereignty explains it better"
    assert found.expected == (300.0, 300.0, 300.0)


def test_criticism_muted_by_need_is_told_from_respect() -> None:
    found = reading("muted", acts((27, 15, 3)), MONTHS, NEED, 1)
    assert np.median(found.ratio) == pytest.approx(4.0 / 28.0, abs=0.05)
    assert found.word is Word.yes
    assert found.rivals == "need explains it better"
    assert found.log_score[0] > found.log_score[1]


def test_criticism_that_grows_with_need_does_not_speak_for_it() -> None:
    found = reading("louder", acts((3, 15, 27)), MONTHS, NEED, 1)
    assert found.word is Word.no
    assert found.factor < 1.0


def test_without_provocations_nothing_is_told() -> None:
    found = reading("none", (), MONTHS, NEED, 1)
    assert found.word is Word.open
    assert found.factor == pytest.approx(1.0, abs=0.1)
    assert found.rivals == "neither explains it clearly better"


def test_the_ledger_holds_silences_and_criticisms_of_the_transit_country() -> None:
    rows = {one.row: one for one in provocations(load_ledger("us-mexico"), "USA", about="MEX")}
    assert (rows["merida-2015"].expected, rows["merida-2015"].made) == (1, 1)
    assert (rows["plan-b"].expected, rows["plan-b"].made) == (1, 0)
    assert "cartels-2023" not in rows  # words on cartels, none on democracy


def test_a_provocation_is_read_at_its_months_or_at_the_nearest() -> None:
    values = np.array([[1.0], [3.0], [7.0]])
    at = tuple(Month.parse(month) for month in ("2019-01", "2019-04", "2019-07"))
    assert during((at[0], at[1]), at, values) == pytest.approx([2.0])
    assert during((Month.parse("2019-12"),) * 2, at, values) == pytest.approx([7.0])


def test_independent_tones_have_no_correlation_and_equal_ones_have_it_whole() -> None:
    rng = stream(2, "tones")
    one, other = rng.normal(size=(2, 400))
    found = resampled(one, other, 1, "x")
    assert np.quantile(found, 0.005) < 0.0 < np.quantile(found, 0.995)
    assert np.abs(np.median(found)) < 0.12
    assert resampled(one, one, 1, "x") == pytest.approx(np.ones(found.size))
    assert correlation(np.ones(5), one[:5]) == 0.0


def linked(before: float, after: float, counted: tuple[int, int, int] = (20, 20, 20)) -> Linked:
    found = linked_tone.linked_tone(load_ledger("us-mexico"))
    parts = {name: np.full(100, x) for name, x in (("before", before), ("after", after), ("later", after))}
    return replace(found, **parts, counted=counted)


def test_a_doubled_correlation_is_borne_out_and_few_quarters_leave_it_open() -> None:
    assert linked(0.2, 0.5).word is Word.yes
    assert linked(0.2, 0.3).word is Word.no
    assert linked(0.2, 0.5, (5, 20, 20)).word is Word.open
    assert linked(0.75, 0.97).word is Word.yes  # twice by Fisher's z is .96; twice the number is no correlation
    assert linked(0.75, 0.95).word is Word.no
    assert linked(-0.2, 0.05).word is Word.yes


def test_tone_is_goodwill_or_ill_will_and_lifting_a_threat_is_goodwill() -> None:
    ledger = load_ledger("us-mexico")
    rows = {row.id: row for row in ledger.rows}
    signs = {"tariff-threat": -1.0, "tariff-threat-lifted": 1.0, "corn-panel": -1.0, "visas-ask-2022": 0.0}
    assert {name: tone(ledger, rows[name]) for name in signs} == signs
    assert touches(rows["tariff-threat"]) == (True, True)
    assert touches(rows["corn-panel"]) == (False, True)
    assert touches(rows["frontera-sur"]) == (True, False)


def test_acts_on_both_matters_can_be_left_out() -> None:
    ledger = load_ledger("us-mexico")
    apart = linked_tone.by_quarter(ledger, ("USA", "MEX"), apart=True)
    assert not apart.both.any()
    assert apart.acts.sum() < linked_tone.by_quarter(ledger, ("USA", "MEX")).acts.sum()


def test_twice_a_correlation_is_twice_its_fisher_z_and_never_above_one() -> None:
    before = np.array([-0.5, 0.0, 0.3, 0.75, 1.0])
    found = linked_tone.twice(before)
    # tanh(2 atanh r) = 2 r / (1 + r squared)
    assert found == pytest.approx([0.0, 0.0, 0.6 / 1.09, 1.5 / 1.5625, 1.0])


def test_a_ratio_leaves_out_resamples_whose_correlation_before_is_not_above_zero() -> None:
    half = linked(0.2, 0.5)
    mixed = replace(half, before=np.where(np.arange(100) < 70, 0.2, -0.2))  # 70 of 100 have a ratio: 2.5
    (row,) = [one for one in rows.linked_tone(mixed, mixed) if one.what == "all acts: after over before"]
    assert row.found is not None
    assert row.found.estimate == row.found.low == pytest.approx(2.5)
