"""A fit to an earlier month serves a case that goes on: parameters kept by name and label, new years from priors."""

import re
from pathlib import Path

import numpy as np
import posteriors
import pytest

from palanca.core.clock import Month
from palanca.core.errors import FitError
from palanca.infer import carried, full, history, store
from palanca.infer.posterior import ASSUMED
from palanca.model.parameters import layout
from palanca.spec import schedule
from palanca.spec.load import load
from palanca.spec.schema import Case

FITTED_TO = Month.parse("2024-08")


@pytest.fixture(scope="module")
def case() -> Case:
    return schedule.until(load("us-mexico"), FITTED_TO)


@pytest.fixture(scope="module")
def path(case: Case, tmp_path_factory: pytest.TempPathFactory) -> Path:
    small = full.of_fit(posteriors.laplace(form=layout(case)), draws=8)
    return store.write(tmp_path_factory.mktemp("carried") / "fit.nc", small, case)


def longer(case: Case, last: str) -> Case:
    return schedule.until(case, Month.parse(last))


def test_every_parameter_is_kept_by_name_and_label_and_only_a_new_year_is_drawn(case: Case, path: Path) -> None:
    then, now = store.read(path, case)[0], store.read(path, longer(case, "2026-02"))[0]
    assert now.layout == layout(longer(case, "2026-02"))
    old, new = then.layout.names(), now.layout.names()
    sectors, knots = len(case.sectors), then.layout.sizes["knot"]
    groups = len(case.groups)
    drifting = [f"drift[{knot},{sector}]" for knot in (knots, knots + 1) for sector in range(sectors)]
    drifting += [f"mix_drift[{knot},{group}]" for knot in (knots, knots + 1) for group in range(groups)]
    fresh = set(drifting) & set(new)
    assert {name for name, drawn in zip(new, now.fresh, strict=True) if drawn} == fresh == set(new) - set(old)
    for name in old:
        assert np.array_equal(now.free[new.index(name)], then.free[old.index(name)]), name
        assert now.mean[new.index(name)] == then.mean[old.index(name)]


def test_a_new_year_is_as_its_prior_and_counts_as_assumed(case: Case, path: Path) -> None:
    now = store.read(path, longer(case, "2027-02"))[0]
    drawn = (now.free[now.fresh] - now.layout.centre()[now.fresh, None]) / now.layout.spread()[now.fresh, None]
    assert abs(drawn.mean()) < 4.0 / np.sqrt(drawn.size)
    assert drawn.std() == pytest.approx(1.0, abs=0.2)
    assert (now.contraction[now.fresh] > ASSUMED).all()


def test_a_draw_depends_on_the_key_and_its_number_alone(case: Case, path: Path) -> None:
    now = store.read(path, longer(case, "2026-02"))[0]
    whole = now.draws(5, range(12))
    assert np.array_equal(whole[:, 7:12], now.draws(5, range(7, 12)))
    assert not np.array_equal(whole, now.draws(6, range(12)))


def test_the_same_year_needs_nothing_new_but_a_note(case: Case, path: Path) -> None:
    later = longer(case, "2024-12")
    found, note = store.choose(later, path)
    assert found.fresh is None
    assert note == (
        "Parameters are those fitted to August 2024; the 4 months since are carried forward without a new fit."
    )
    assert store.choose(longer(case, "2024-09"), path)[1].startswith(
        "Parameters are those fitted to August 2024; the 1 month since is carried forward"
    )
    assert store.choose(case, path)[1] == ""


def test_a_case_that_ends_before_its_fit_says_that_the_fit_has_seen_more(case: Case, path: Path) -> None:
    found, note = store.choose(longer(case, "2020-06"), path)
    assert "they have seen 50 months after the last of the case" in note
    assert found.layout == layout(longer(case, "2020-06"))


def test_the_counts_of_checks_know_a_fit_that_is_carried(case: Case, path: Path) -> None:
    then, now = store.read(path, case)[0], store.read(path, longer(case, "2026-02"))[0]
    assert store.content(now) == store.content(then)


def test_a_fit_that_lacks_more_than_later_years_is_of_other_parameters(case: Case, path: Path) -> None:
    fewer = case.model_copy(update={"sectors": dict(list(case.sectors.items())[1:])})
    with pytest.raises(FitError, match="of other parameters"):
        store.read(path, longer(fewer, "2026-02"))
    renamed = {("big" if name == "big_bend" else name): sector for name, sector in case.sectors.items()}
    with pytest.raises(FitError, match="of other parameters"):
        store.read(path, case.model_copy(update={"sectors": renamed}))


def test_numbers_are_matched_whatever_their_order() -> None:
    theirs = [("a",), ("drift", ("knot", 2020), ("sector", "x")), ("drift", ("knot", 2021), ("sector", "x"))]
    ours = [("drift", ("knot", 2022), ("sector", "x")), ("drift", ("knot", 2021), ("sector", "x")), ("a",)]
    assert carried.places(theirs, ours).tolist() == [-1, 2, 0]
    assert carried.places(theirs[1:], ours) is None
    assert carried.places(theirs, [*ours, ("drift", ("knot", 2020), ("sector", "y"))]) is None


def test_history_up_to_the_fit_is_close_and_it_goes_on_with_the_figures(case: Case, path: Path) -> None:
    later = longer(case, "2025-09")
    then = history.run(history.prepare(case), store.choose(case, path)[0], draws=4, key=3)
    now = history.run(history.prepare(later, fitted_to=FITTED_TO), store.choose(later, path)[0], draws=4, key=3)
    months = len(case.span.span)
    assert now.result.sizes["month"] == months + 13
    crossings = now.result["encounters"]
    one, two = (of.values[: months - 12] for of in (crossings, then.result["encounters"]))
    np.testing.assert_allclose(one.sum(axis=2), two.sum(axis=2), rtol=1e-9)  # by origin replay meets the figures
    np.testing.assert_allclose(one, two, rtol=5e-3)  # thin cells lean on the mean of a longer span: 0.23 % at most
    seen = now.observed.values[months:]
    told = crossings.sum([dim for dim in crossings.dims if dim not in ("month", "origin", "draw")]).values[months:]
    large = seen > 200
    assert np.abs(np.log(told.mean(axis=-1)[large] / seen[large])).max() < 0.1
    assert re.fullmatch(r"\d{4}-\d{2}", str(now.result.month.values[-1])[:7])


def test_job_openings_keep_the_scale_of_the_months_that_were_fitted(case: Case) -> None:
    later = longer(case, "2025-09")
    then, now = (history.prepare(one, fitted_to=FITTED_TO).inputs.outside.jobs for one in (case, later))
    np.testing.assert_allclose(now[: len(then)], then, atol=1e-9)
    assert not np.allclose(history.prepare(later).inputs.outside.jobs[: len(then)], then, atol=1e-3)
