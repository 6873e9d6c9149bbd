"""What a what-if says: sums, sentences, tables and data of worlds made by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from histories import case

from palanca.core.clock import Month, Span
from palanca.core.errors import UsageError
from palanca.questions import outcomes
from palanca.questions.changes import Changes
from palanca.questions.whatif import answer
from palanca.questions.whatif.run import ANSWERING, FROZEN, HISTORY, WITHOUT, Answered
from palanca.questions.whatif.told import WhatIf
from palanca.show.estimate import Basis, Inputs
from palanca.spec.edit import Change

MONTHS = tuple(Month.parse("2019-04") + i for i in range(5))
DRAWS = 64
NOTHING = Inputs((), np.empty((0, DRAWS)))


def answered() -> Answered:
    """History is flat at 100 an outcome; the other worlds add 10 and 8 from the second month on."""
    sizes = {"": (), "origin": (2,), "group": (3,), "sector": (2,), "place": (3,)}
    names = dict.fromkeys(outcomes.OUTCOMES, "") | {part: part.rpartition(" ")[2] for part in answer.PARTED}
    names |= {"stops by origin": "origin", "let_in by origin": "origin"}
    later = (np.arange(len(MONTHS)) > 0).astype(float)
    numbers = {}
    for world, more in (
        (HISTORY, 0.0),
        (FROZEN, 10.0),
        (ANSWERING, 8.0),
        (WITHOUT[HISTORY], 40.0),
        (WITHOUT[FROZEN], 30.0),
    ):
        for name, axis in names.items():
            shape = (len(MONTHS), *sizes[axis], DRAWS)
            numbers[f"{world}/{name}"] = 100.0 + more * later.reshape(-1, *(1,) * (len(shape) - 1)) * np.ones(shape)
    return Answered(case(), (), MONTHS, MONTHS[1], MONTHS[-1], MONTHS[1], numbers)


def whatif(first: int = 1, last: int = 3) -> WhatIf:
    return WhatIf(answered(), Span(MONTHS[first], MONTHS[last]), {}, {"HND": "Honduras"}, NOTHING)


def changes(*starts: str) -> Changes:
    parsed = tuple(Change("levers.contention.effort", 0.0, Month.parse(start)) for start in starts)
    return Changes((), parsed, "What if?")


def test_flows_are_summed_and_stocks_averaged_over_the_months_told() -> None:
    """Three months of 10 more a month are 30 more; ten more on hold in each are ten on average."""
    rows = answer.tables(whatif())[0].frame().set_index("outcome")
    assert rows.loc["deaths on the way", "change"] == pytest.approx(30.0)
    assert rows.loc["deaths on the way", "history"] == pytest.approx(300.0)
    assert rows.loc["on hold (mean)", "governments answer"] == pytest.approx(8.0)


def test_leverage_is_the_difference_of_two_withdrawals() -> None:
    found = answered()
    assert np.allclose(found.leverage(HISTORY), 40.0)
    assert np.allclose(found.leverage(FROZEN), 20.0)
    (last,) = [one for one in answer.findings(whatif()) if "leverage" in one.numbers]
    assert last.numbers["leverage"].estimate == pytest.approx(40.0)
    assert last.numbers["change of leverage"].estimate == pytest.approx(-20.0)


def test_a_whatif_begins_where_arrivals_differ_and_at_its_change_where_none_do() -> None:
    found = answered()
    flat = {**found.numbers, f"{FROZEN}/encounters": found.of(HISTORY, "encounters")}
    later = flat[f"{FROZEN}/encounters"].copy()
    later[3] += 1.0
    assert replace(found, numbers=flat).begins == found.first == MONTHS[1]
    assert replace(found, numbers={**flat, f"{FROZEN}/encounters": later}).begins == MONTHS[3]


def test_differences_of_the_last_digits_are_no_effect() -> None:
    found = answered()
    numbers = {**found.numbers, f"{FROZEN}/deaths": found.of(HISTORY, "deaths") * (1.0 + 1e-12)}
    assert not np.any(replace(found, numbers=numbers).effect(FROZEN, "deaths"))


def test_the_first_finding_gives_the_change_and_both_levels() -> None:
    """From May to July history has 300 and the changed world 330."""
    first = answer.findings(whatif())[0]
    assert "30.0 more encounters: 330 rather than 300 (10\u00a0% more)" in first.text
    assert first.numbers["encounters"].estimate == pytest.approx(30.0)


def test_harm_stands_in_the_second_finding() -> None:
    assert "30.0 more deaths on the way" in answer.findings(whatif())[1].text


def test_kidnapping_extortion_and_fees_stand_beside_it_and_rest_on_assumptions() -> None:
    beside = answer.findings(whatif())[-1]
    assert "30.0 more people kidnapped; 30.0 more people extorted" in beside.text
    assert beside.basis is Basis.assumed
    assert {one.basis for one in beside.numbers.values()} == {Basis.assumed}


def test_a_change_that_moves_nobody_by_itself_says_so_first() -> None:
    found = answered()
    still = {
        name: found.numbers[name.replace(FROZEN, HISTORY)] for name in found.numbers if name.startswith(f"{FROZEN}/")
    }
    first = answer.findings(replace(whatif(), found=replace(found, numbers={**found.numbers, **still})))[0]
    assert first.text == answer.NOBODY


def test_the_months_told_reach_half_a_year_past_the_change_that_begins_last() -> None:
    found = answered()
    months = tuple(Month.parse("2018-01") + i for i in range(40))
    effect = {name: np.resize(value, (40, *value.shape[1:])) for name, value in found.numbers.items()}
    longer = replace(found, months=months, first=months[1], numbers=effect)
    window = answer._window(longer, changes("2018-02", "2019-06"), None)
    assert str(window.last) == "2019-11"
    assert str(answer._window(longer, changes("2018-02"), None).last) == "2018-07"


def test_months_before_anything_differs_are_refused() -> None:
    with pytest.raises(UsageError, match="nothing differs yet"):
        answer._window(answered(), changes("2019-05"), (Month.parse("2019-01"), MONTHS[2]))


def test_changes_that_begin_after_the_months_told_are_named() -> None:
    texts = answer.caveats(whatif(1, 2), changes("2019-05", "2019-08"))
    assert any("levers.contention.effort from 2019-08" in text for text in texts)


def test_the_data_hold_every_world_on_named_axes_with_units() -> None:
    data = answer.dataset(whatif())
    assert data["encounters"].dims == ("world", "month", "origin", "draw")
    assert data["encounters"].attrs["units"] == "events / month"
    changed, history = (data["deaths"].sel(world=world) for world in ("changed", "history"))
    assert float((changed - history).sum("place").isel(month=2, draw=0)) == pytest.approx(30.0)  # ten a place
