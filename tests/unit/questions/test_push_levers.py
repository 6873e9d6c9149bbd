"""What drives people from their country reaches setting out when it should: lags of levers, democracy and oil."""

from dataclasses import fields
from types import SimpleNamespace

import numpy as np
import pytest

from palanca.core.clock import Month
from palanca.core.errors import ChangeError
from palanca.data.read import packaged_figures
from palanca.model import build
from palanca.policy.levers import LeverLevels
from palanca.questions.whatif import run
from palanca.questions.why import causes
from palanca.spec import edit
from palanca.spec.edit import Change
from palanca.spec.load import load
from palanca.spec.schema import Case, Entry

CASE = load("us-mexico")
ORIGINS = list(CASE.origins)
VEN, CUB, HND = (ORIGINS.index(code) for code in ("VEN", "CUB", "HND"))


def month(text: str) -> int:
    return Month.parse(text) - CASE.span.first


def with_aid(first: str, strength: float) -> Case:
    entry = Entry.model_validate(
        {
            "lever": "root_cause_aid", "from": first, "to": "open", "strength": strength, "unit": "setting",
            "origins": "HND", "groups": "all", "basis": "inferred", "date_basis": "to-verify", "source": "S3",
        }
    )  # fmt: skip
    kept = tuple(one for one in CASE.record if one.lever != "root_cause_aid")
    return CASE.model_copy(update={"record": (*kept, entry)})


def test_sanctions_are_felt_a_year_after_they_are_set() -> None:
    felt = np.asarray(build.levers(CASE).sanctions)[:, VEN, 0]
    assert np.all(felt[: month("2018-08")] == 0.0)
    assert felt[month("2018-08")] == pytest.approx(0.3 * 7 / 31)  # set on 25 August 2017
    assert felt[month("2019-12")] == pytest.approx(0.3)
    assert felt[month("2020-02")] == pytest.approx(1.0)


def test_a_licence_lifts_sanctions_a_year_after_it_is_given() -> None:
    felt = np.asarray(build.levers(CASE).oil_licence)[:, VEN, 0]
    np.testing.assert_allclose(
        [felt[month(text)] for text in ("2023-12", "2024-01", "2024-12", "2025-06")], [0.25, 0.25, 1.0, 0.25]
    )


def test_aid_moves_nothing_for_two_years_and_no_other_lever_ever() -> None:
    before, after = build.levers(CASE), build.levers(with_aid("2016-03-01", 1.5))
    moved = {f.name for f in fields(LeverLevels) if np.any(getattr(before, f.name) != getattr(after, f.name))}
    assert moved == {"aid"}
    felt = np.asarray(after.aid)
    assert np.all(felt[: month("2018-03")] == 0.0)
    np.testing.assert_allclose(felt[month("2018-03") :, HND], 1.5)
    assert felt.sum() == felt[:, HND].sum()


def test_aid_set_in_the_first_month_is_taken_to_have_been_given_before() -> None:
    felt = np.asarray(build.levers(with_aid("2013-10-01", 1.5)).aid)[:, HND]
    np.testing.assert_allclose(felt, 1.5)


def test_democracy_is_that_of_the_year_before() -> None:
    found = np.asarray(build.outside(CASE, packaged_figures()).democracy)[:, VEN]
    index = packaged_figures().read("democracy").sel(origin="VEN").to_series()
    for text, year in (("2013-10", 2012), ("2018-01", 2017), ("2018-12", 2017)):
        assert found[month(text)] == pytest.approx(index[year] - index[2012])


def test_oil_revenue_is_that_of_the_year_before_and_moves_those_alone_who_live_by_it() -> None:
    found = np.asarray(build.outside(CASE, packaged_figures()).oil)
    assert np.all(np.delete(found, VEN, axis=1) == 0.0)
    output = packaged_figures().read("ven_oil_output").to_series()
    revenue = output * packaged_figures().read("crude_price").sel(grade="brent").to_series()
    years = [float(revenue[f"{first}-10-01" : f"{first + 1}-09-01"].sum()) for first in (2012, 2019)]
    assert found[0, VEN] == 0.0
    assert found[month("2020-10"), VEN] == pytest.approx(np.log(years[1] / years[0]))


def test_cubans_alone_have_the_air_route_that_nicaragua_opened() -> None:
    opened = np.asarray(build.levers(CASE).air_route)
    assert opened.sum() == opened[:, CUB].sum()
    assert opened[month("2021-10"), CUB, 0] == 0.0
    assert opened[month("2021-11"), CUB, 0] == pytest.approx(9 / 30)


def test_sanctions_are_counted_with_what_comes_from_outside_and_closures_with_third_countries() -> None:
    assert [causes.cause_of(CASE, name) for name in ("sanctions_venezuela", "root_cause_aid")] == ["outside"] * 2
    assert [causes.cause_of(CASE, name) for name in ("darien_closure", "nicaragua_cubans")] == ["others"] * 2


def months_of(change: Change) -> tuple[Month, Month]:
    corridor = SimpleNamespace(case=CASE, inputs=SimpleNamespace(levers=build.levers(CASE)))
    return run._months(corridor, build.levers(edit.apply(CASE, [change])), [change])


def test_a_change_that_is_felt_after_the_last_month_is_refused_with_its_lag() -> None:
    late = edit.parse_set("levers.root_cause_aid.strength=2", CASE.span.last + -23)
    with pytest.raises(ChangeError) as raised:
        months_of(late)
    assert raised.value.way_out == "Change it earlier: root_cause_aid is felt 24 months after it is set."
    in_time = edit.parse_set("levers.root_cause_aid.strength=2", CASE.span.last + -24)
    first, last = months_of(in_time)
    assert first == last == CASE.span.last
