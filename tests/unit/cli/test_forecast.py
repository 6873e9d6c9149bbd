"""The command forecast: what it refuses before long work, what it writes, and that it repeats to the bit."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import outlooks
import pytest
import xarray as xr

import palanca
from palanca.infer import store
from palanca.spec.load import load

LATER = "- {set: levers.contention.effort, to: 0, from: 2024-01}\n"
CHANGES = "# Expulsions end.\n- {set: levers.title42.strength, to: 0, from: 2022-09}\n"


@pytest.mark.parametrize(
    ("words", "texts"),
    [
        (["us-mexcio"], ["no such case", "Did you mean 'us-mexico'?"]),
        (["--from", "2099-09"], ["--from", "outside the figures", "2014-01"]),
        (["--from", "2013-12"], ["--from", "2014-01 or later"]),
        (["--from", "June"], ["--from", "YYYY-MM"]),
        (["--from", "2024-01-15"], ["--from", "2024-01-15"]),
        (["--ahead", "0"], ["--ahead", "1 to 60"]),
        (["--ahead", "61"], ["--ahead", "1 to 60"]),
        (["--suppose", "perisst"], ["--suppose", "Did you mean 'persist'?"]),
        (["--suppose", "none.yaml"], ["--suppose", "no such supposition", "no-contention"]),
        (["--suppose", "no-contension"], ["Did you mean 'no-contention'?"]),
        (["--fit", "none.nc"], ["no fit", "palanca fit us-mexico"]),
        (["--out", "taken/here"], ["taken/here", "could not write"]),
    ],
)
def test_what_cannot_be_forecast_is_refused_with_a_way_out(words, texts, tmp_path: Path, here) -> None:
    (tmp_path / "taken").write_text("a file in the place of a folder")
    done = here("forecast", *words)
    assert done.returncode == 2, done.stderr
    for text in texts:
        assert text in done.stderr, done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_a_supposition_that_alters_nothing_ahead_is_refused(tmp_path: Path, here) -> None:
    (tmp_path / "later.yaml").write_text(LATER)
    done = here("forecast", "--from", "2022-06", "--ahead", "3", "--suppose", "later.yaml", "--allow-stale")
    assert done.returncode == 2
    assert "alters nothing" in done.stderr


def test_what_can_be_supposed_is_listed(here) -> None:
    done = here("forecast", "--list", "--format", "json")
    names = [row["name"] for row in json.loads(done.stdout)]
    assert {"react", "deals", "record", "contention-stops"} <= set(names)


@pytest.mark.slow
def test_a_forecast_writes_everything_and_comes_out_the_same_again(tmp_path: Path, here) -> None:
    case = load("us-mexico")
    store.write(tmp_path / "fit.nc", outlooks.posterior(case), case)
    (tmp_path / "changes.yaml").write_text(CHANGES)
    words = ["--from", "2022-06", "--ahead", "4", "--draws", "24", "--fit", "fit.nc", "--no-pictures"]
    done = here("forecast", *words, "--suppose", "changes.yaml", "--suppose", "react", "--format", "json", "--out", "o")
    assert done.returncode == 0, done.stderr
    assert {path.name for path in (tmp_path / "o").iterdir()} == {
        "answer.html", "answer.json", "data.csv", "data.nc", "manifest.json",
    }  # fmt: skip
    document = json.loads(done.stdout)
    assert document["tables"][0]["rows"][1]["world"] == "changes"
    with xr.open_dataset(tmp_path / "o" / "data.nc", engine="h5netcdf") as data:
        assert list(data.world.values) == ["persist", "changes", "react"]
        assert float(data["counted"].sel(month="2022-07").sum()) == pytest.approx(181_830, rel=1e-3)
        apart = (data["expelled"].sel(world="changes") - data["expelled"].sel(world="persist")).sum("origin")
        assert np.all(apart.sel(month="2022-08") == 0.0)
        assert np.all(apart.sel(month="2022-09") < 0.0)
    (tmp_path / "changes.yaml").unlink()
    again = palanca.reproduce(tmp_path / "o", fit=tmp_path / "fit.nc")
    assert again.same, again.verdict
