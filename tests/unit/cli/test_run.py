"""The run command: what it writes, what it refuses, and what an interruption leaves behind."""

import csv
import io
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

PALANCA = [sys.executable, "-m", "palanca"]


def palanca(*words: str, cwd: Path, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "JAX_PLATFORMS": "cpu", **more}
    return subprocess.run(
        [*PALANCA, *words], cwd=cwd, env=environment, capture_output=True, text=True, timeout=300, check=False
    )


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["run", "us-mexcio"], ["no such case", "Did you mean 'us-mexico'?"]),
        (["run", "--out", "taken/here"], ["taken/here", "could not write", "Nothing was replaced"]),
        (["run", "--from", "2024-01"], ["months without a change", "--set"]),
        (["run", "--set", "levers.contentoin.effort=0"], ["Did you mean", "contention"]),
        (["run", "--set", "levers.contention.effort=2", "--from", "2024-01", "--until", "2024-01"], ["alters nothing"]),
        (["run", "--set", "levers.contention.effort=0", "--from", "2012-01"], ["2012-01", "2013-10 to 2024-08"]),
        (["run", "--changes", "no-contension"], ["no such changes", "no-contention"]),
        (["run", "--fit", "none.npz"], ["no fit", "palanca fit us-mexico"]),
        (["run", "--draws", "1"], ["--draws"]),
        (["run", "--draws", "100000"], ["--draws", "5000"]),
    ],
)
def test_what_cannot_be_run_is_refused_with_a_way_out(words: list[str], says: list[str], tmp_path: Path, here) -> None:
    (tmp_path / "taken").write_text("a file in the place of a folder")
    done = here(*words)
    assert done.returncode == 2, done.stderr
    for text in says:
        assert text in done.stderr, done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_a_run_writes_everything_and_the_same_key_gives_the_same(tmp_path: Path) -> None:
    words = ["run", "us-mexico", "--draws", "3", "--key", "5", "--format", "csv"]
    first, again = (palanca(*words, "--out", out, cwd=tmp_path) for out in ("one", "two"))
    assert first.returncode == 0, first.stderr
    assert again.returncode == 0, again.stderr
    assert first.stdout == again.stdout
    names = {path.name for path in (tmp_path / "one").iterdir()}
    assert names == {"report.html", "history.nc", "years.csv", "origins.csv"}
    one, two = (
        xr.load_dataset(io.BytesIO((tmp_path / out / "history.nc").read_bytes()), engine="h5netcdf")
        for out in ("one", "two")
    )
    for name in one.data_vars:
        assert np.array_equal(one[name], two[name]), name
    assert one.attrs["key"] == "5"
    assert one.attrs["command"].startswith("palanca run us-mexico")
    with (tmp_path / "one" / "years.csv").open() as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) >= 12
    page = (tmp_path / "one" / "report.html").read_text()
    assert 'src="http' not in page
    assert '<link rel="stylesheet"' not in page
    assert "@import" not in page


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="sends a POSIX signal")
def test_an_interrupted_run_ends_cleanly_and_keeps_what_was_there(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "history.nc").write_text("an older result")
    environment = {**os.environ, "JAX_PLATFORMS": "cpu"}
    # a shell that runs the tests in the background lets its children ignore the signal: listen to it again
    listening = "import runpy, signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    running = subprocess.Popen(
        [
            *(sys.executable, "-c", listening + "runpy.run_module('palanca', run_name='__main__')"),
            *("run", "us-mexico", "--draws", "4000", "--out", str(out)),
        ],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    time.sleep(8.0)
    assert running.poll() is None, "it ended before it could be interrupted"
    running.send_signal(signal.SIGINT)
    _, told = running.communicate(timeout=120)
    assert running.returncode == 130, told
    assert "interrupted" in told
    assert "Traceback" not in told
    assert [path.name for path in out.iterdir()] == ["history.nc"]
    assert (out / "history.nc").read_text() == "an older result"
