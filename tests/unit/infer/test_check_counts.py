"""Counts of red checks stand beside the fit that they are of, and of no other."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import posteriors
import pytest

from palanca.core.errors import FitError
from palanca.infer import check_counts, full, store
from palanca.infer.check_counts import CheckCounts
from palanca.spec.load import load

QUICK = full.of_fit(posteriors.laplace(), draws=8)


def test_what_is_not_made_counts_as_a_check_but_not_as_red() -> None:
    counts = check_counts.count(QUICK, ["red", "green", "not checked", "red"])
    assert (counts.red, counts.checks) == (2, 4)


def test_counts_come_back_and_say_how_many_are_red(tmp_path: Path) -> None:
    path = tmp_path / "fit.nc"
    counts = check_counts.count(QUICK, ["red", "green"])
    assert check_counts.write(path, counts) == tmp_path / "fit.checks.json"
    assert check_counts.read(path, QUICK) == counts
    assert check_counts.note(path, QUICK) == "1 of 2 checks of the fit are red; see palanca evidence fit."


def test_a_fit_whose_checks_are_green_needs_no_note(tmp_path: Path) -> None:
    check_counts.write(tmp_path / "fit.nc", check_counts.count(QUICK, ["green", "not checked"]))
    assert check_counts.note(tmp_path / "fit.nc", QUICK) == ""


def test_counts_of_another_fit_do_not_count(tmp_path: Path) -> None:
    path = tmp_path / "fit.nc"
    check_counts.write(path, CheckCounts(0, 2, "of another"))
    assert check_counts.note(path, QUICK) == check_counts.UNKNOWN
    check_counts.write(path, check_counts.count(replace(QUICK, free=QUICK.free + 1.0), ["green"]))
    assert check_counts.note(path, QUICK) == check_counts.UNKNOWN


def test_counts_that_cannot_be_read_are_refused(tmp_path: Path) -> None:
    (tmp_path / "fit.checks.json").write_text('{"red": 3')
    with pytest.raises(FitError, match="cannot read the counts"):
        check_counts.read(tmp_path / "fit.nc", QUICK)


def test_a_fit_whose_chains_do_not_agree_is_labelled_and_a_quick_one_has_no_chains() -> None:
    found = posteriors.sampled()
    fitted = found.layout.fitted()
    assert found.diagnostics is not None
    good = replace(
        found.diagnostics,
        r_hat=np.where(fitted, 1.01, np.nan),
        ess_bulk=np.where(fitted, 400.0, np.nan),
        ess_tail=np.where(fitted, 400.0, np.nan),
    )
    place = np.flatnonzero(fitted)[:2]

    def says(**worse: float) -> str:
        moved = {name: getattr(good, name).copy() for name in worse}
        for name, value in worse.items():
            moved[name][place] = value
        return check_counts.convergence(replace(found, diagnostics=replace(good, **moved)))

    assert says() == ""
    assert check_counts.convergence(QUICK) == ""
    assert "R-hat is above 1.01 for 2 numbers; see" in says(r_hat=1.02)
    assert "2 numbers have fewer than 400 independent draws" in says(ess_bulk=399.0)
    assert "2 numbers have fewer than 400 independent draws" in says(ess_tail=399.0)
    assert " and " in says(r_hat=1.02, ess_tail=5.0)


def test_the_shipped_fit_has_its_counts() -> None:
    case = load("us-mexico")
    found, _ = store.read(store.where(case), case)
    assert check_counts.read(store.where(case), found) is not None, "make them with `palanca evidence fit --ship`"
