"""Counts of red checks stand beside the fit that they are of, and of no other."""

from dataclasses import replace
from pathlib import Path

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


def test_the_shipped_fit_has_its_counts() -> None:
    case = load("us-mexico")
    found, _ = store.read(store.where(case), case)
    assert check_counts.read(store.where(case), found) is not None, "make them with `palanca evidence fit --ship`"
