"""The forecast command: what it writes, and what it refuses before the long work starts."""

import csv
import io
import json
from pathlib import Path

import numpy as np
import outlooks
import pytest
import typer
import xarray as xr
from typer.testing import CliRunner, Result

from palanca.cli import fail, forecast
from palanca.infer import store
from palanca.spec.load import load

CHANGES = "- {set: levers.title42.strength, to: 0, from: 2022-09}\n"
LATER = "- {set: levers.contention.effort, to: 0, from: 2024-01}\n"


def run(*words: str) -> Result:
    """The command by itself, with errors turned into messages as the whole command line does."""
    app = typer.Typer(pretty_exceptions_enable=False)
    forecast.register(app)
    told: list[int] = []

    def whole() -> None:
        told.append(fail.guarded(lambda: app(list(words), prog_name="palanca forecast")))

    outer = typer.Typer()
    outer.command()(whole)
    done = CliRunner().invoke(outer, [])
    done.exit_code = told[0] if told else done.exit_code
    return done


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["us-mexcio"], ["no such case", "Did you mean 'us-mexico'?"]),
        (["--from", "2024-09"], ["--from", "outside the figures", "2024-08"]),
        (["--from", "2013-12"], ["--from", "2014-01 or later"]),
        (["--from", "June"], ["--from", "YYYY-MM"]),
        (["--months", "0"], ["--months", "1 to 60"]),
        (["--months", "61"], ["--months", "1 to 60"]),
        (["--levers", "perisst"], ["--levers", "persist, record, react", "Did you mean 'persist'?"]),
        (["--levers", "none.yaml"], ["--levers", "neither a word nor a file", "no-contention"]),
        (["--changes", "no-contension"], ["no such changes", "no-contention"]),
        (["--draws", "5"], ["--draws", "20"]),
        (["--from", "2022-06", "--levers", "later.yaml"], ["alter"]),
        (["--fit", "none.nc"], ["no fit", "palanca fit us-mexico"]),
        (["--out", "taken/here"], ["taken/here", "could not write"]),
    ],
)
def test_what_cannot_be_forecast_is_refused_with_a_way_out(
    words: list[str], says: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("taken").write_text("a file in the place of a folder")
    Path("later.yaml").write_text(LATER)
    done = run(*words)
    assert done.exit_code == 2, done.output
    for text in says:
        assert text in done.output, done.output
    assert "Traceback" not in done.output


@pytest.mark.parametrize("stale", [False, True])
def test_a_fit_of_other_code_is_refused_unless_accepted(
    stale: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    case = load("us-mexico")
    made = store.Marks(store.marks(case).case, store.marks(case).data, "1" * 16)
    store.write(Path("old.nc"), outlooks.posterior(case), case, made_from=made)
    words = ["--fit", "old.nc", *(["--stale", "--months", "0"] if stale else [])]
    done = run(*words)
    assert done.exit_code == 2
    assert ("other code" in done.output) != stale, done.output


@pytest.mark.slow
def test_a_forecast_writes_everything_and_the_same_key_gives_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    case = load("us-mexico")
    store.write(Path("fit.nc"), outlooks.posterior(case), case)
    Path("changes.yaml").write_text(CHANGES)
    words = ["--from", "2022-06", "--months", "4", "--draws", "20", "--fit", "fit.nc", "--levers", "changes.yaml"]
    kept = []
    for out in ("one", "two"):
        done = run(*words, "--format", "json", "--out", out)
        assert done.exit_code == 0, done.output
        names = {path.name for path in Path(out).iterdir()}
        assert names == {"forecast.html", "forecast.nc", "forecast.csv"}
        kept.append(xr.load_dataset(io.BytesIO(Path(out, "forecast.nc").read_bytes()), engine="h5netcdf"))
    for name in kept[0].data_vars:
        assert np.array_equal(kept[0][name], kept[1][name], equal_nan=True), name
    with Path("one", "forecast.csv").open() as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 35 * 4
    assert float(rows[0]["figures"]) == pytest.approx(181_830, rel=1e-3)
    assert json.loads(done.stdout)[0]["what"] == "encounters"
    assert kept[0].attrs["changes"] == "levers.title42.strength=0.0 from 2022-09"
