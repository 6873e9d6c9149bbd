"""A stored fit comes back as it was, says when it is stale, and is refused when broken."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from palanca.case.load import load
from palanca.case.schema import Case
from palanca.core.errors import FitError
from palanca.infer import store
from palanca.infer.fit import Fit
from palanca.simulate.parameters import layout


@pytest.fixture(scope="module")
def case() -> Case:
    return load("us-mexico")


@pytest.fixture(scope="module")
def fit(case: Case) -> Fit:
    given = layout(case)
    rng = np.random.default_rng(5)
    root = np.tril(rng.normal(size=(given.length, given.length))) * 0.01
    return Fit(given, rng.normal(size=given.length), root, np.sqrt((root**2).sum(axis=1)), -1.5, 7, 0.01)


def test_a_fit_comes_back_as_it_was(case: Case, fit: Fit, tmp_path: Path) -> None:
    path = store.write(tmp_path / "fit.npz", fit, store.marks(case))
    back, stale = store.read(path, case)
    assert stale == []
    assert np.array_equal(back.mode, fit.mode)
    assert np.allclose(back.factor, fit.factor, rtol=1e-6, atol=1e-9)  # kept in single precision
    assert (back.value, back.steps, back.gradient) == (fit.value, fit.steps, fit.gradient)


def test_what_changed_since_is_named(case: Case, fit: Fit, tmp_path: Path) -> None:
    old = replace(store.marks(case), data="0" * 16, code="1" * 16)
    path = store.write(tmp_path / "fit.npz", fit, old)
    assert store.read(path, case)[1] == ["figures", "code"]


def test_a_missing_fit_says_how_to_make_one(case: Case, tmp_path: Path) -> None:
    with pytest.raises(FitError, match="no fit for this case") as told:
        store.read(tmp_path / "none.npz", case)
    assert "palanca fit us-mexico" in str(told.value)


@pytest.mark.parametrize("keep", [0.0, 0.3, 0.9])
def test_a_truncated_fit_is_refused(case: Case, fit: Fit, tmp_path: Path, keep: float) -> None:
    path = store.write(tmp_path / "fit.npz", fit, store.marks(case))
    whole = path.read_bytes()
    path.write_bytes(whole[: int(keep * len(whole))])
    with pytest.raises(FitError, match="cannot read the fit"):
        store.read(path, case)


def test_a_fit_of_other_parameters_is_refused(case: Case, fit: Fit, tmp_path: Path) -> None:
    fewer = replace(fit.layout, entries=fit.layout.entries[:-1])
    path = store.write(tmp_path / "fit.npz", replace(fit, layout=fewer), store.marks(case))
    with pytest.raises(FitError, match="of other parameters"):
        store.read(path, case)


def test_draws_depend_on_the_key_and_their_own_number_alone(fit: Fit) -> None:
    many = fit.draws(11, range(6))
    assert np.array_equal(many[:, 4:5], fit.draws(11, range(4, 5)))
    assert not np.array_equal(many, fit.draws(12, range(6)))


def test_draws_have_the_covariance_of_the_fit(fit: Fit) -> None:
    drawn = fit.draws(1, range(4000)) - fit.mode[:, None]
    ratio = drawn.std(axis=1) / fit.spread
    assert 0.97 < np.median(ratio) < 1.03
    assert ratio.min() > 0.9
    assert ratio.max() < 1.1


def test_the_shipped_fit_is_of_this_case_these_figures_and_this_code(case: Case) -> None:
    _, stale = store.read(store.where(case), case)
    assert stale == [], "rebuild it with `make fit`"
