"""The fit command: what it refuses, that it can be stopped and resumed, and that it counts its red checks."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import posteriors
import pytest

from palanca.infer import full, politics, politics_fit, store
from palanca.spec.load import load

PALANCA = [sys.executable, "-m", "palanca"]
TINY = ["--chains", "2", "--warmup", "20", "--kept", "20"]


def palanca(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "JAX_PLATFORMS": "cpu"}
    return subprocess.run(
        [*PALANCA, *words], cwd=cwd, env=environment, capture_output=True, text=True, timeout=1500, check=False
    )


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["fit", "us-mexcio"], ["no such case", "Did you mean 'us-mexico'?"]),
        (["fit", "--file", "taken/fit.nc"], ["taken", "could not write"]),
        (["fit", "--file", "folder"], ["folder", "a file to write"]),
        (["fit", "--ship", "--file", "fit.nc"], ["--ship and --file"]),
        (["fit", "eu-turkey", "--politics"], ["eu-turkey"]),
        (["fit", "--politics", "--ship", "--file", "fit.json"], ["--ship and --file"]),
        (["fit", "--politics", "--file", "folder"], ["folder", "a file to write"]),
        (["fit", "--chains", "3"], ["chains", "an even number"]),
        (["fit", "--kept", "25"], ["kept", "a multiple of 10"]),
        (["evidence", "fit", "--fit", "none.nc"], ["no fit", "palanca fit us-mexico"]),
        (["evidence", "fit", "us-mexcio"], ["no such case"]),
        (["evidence", "fit", "--ship", "--draws", "8"], ["too few histories"]),
    ],
)
def test_what_cannot_be_fitted_is_refused_with_a_way_out(
    words: list[str], says: list[str], tmp_path: Path, here
) -> None:
    (tmp_path / "taken").write_text("a file in the place of a folder")
    (tmp_path / "folder").mkdir()
    done = here(*words)
    assert done.returncode == 2, done.stderr
    for text in says:
        assert text in done.stderr, done.stderr
    assert "Traceback" not in done.stderr


def test_fitted_politics_are_stored_and_their_constants_shown(tmp_path: Path, here, monkeypatch) -> None:
    shipped = politics.fitted("us-mexico")
    keys = []
    monkeypatch.setattr(politics_fit, "fit", lambda case, key: keys.append((case.case, key)) or shipped)
    done = here("fit", "--politics", "--key", "7", "--format", "json")
    assert done.returncode == 0, done.stderr
    assert keys == [("us-mexico", 7)]
    assert politics.fitted("us-mexico", tmp_path / "politics-us-mexico.json") == shipped
    rows = {row["name"]: row for row in json.loads(done.stdout)}
    assert rows["rise"]["mean"] == shipped.constant("rise").mean
    assert len(rows) == len(shipped.constants)


@pytest.mark.slow
def test_red_checks_end_with_exit_code_1_beside_a_whole_answer_and_are_counted_beside_the_fit(
    tmp_path: Path, here
) -> None:
    store.write(tmp_path / "quick.nc", full.of_fit(posteriors.laplace()), load("us-mexico"))
    words = ("evidence", "fit", "--fit", "quick.nc", "--draws", "200", "--ship", "--out", "one", "--no-pictures")
    done = here(*words, "--format", "json")
    assert done.returncode == 1, done.stderr
    found = json.loads(done.stdout)
    first = found["findings"][0]
    red = sum(state == "red" for state in found["data"]["state"]["estimate"])
    assert red > 0
    assert first["text"].startswith(f"{red} of {len(found['data']['state']['estimate'])} checks of the fit are red")
    held = json.loads((tmp_path / "quick.checks.json").read_text())
    assert held["red"] == red
    whatif = here("whatif", "--changes", "no-contention", "--fit", "quick.nc", "--draws", "2")
    assert f"Note: {red} of {held['checks']} checks of the fit are red" in whatif.stdout
    again = here("reproduce", "one", "--fit", "quick.nc")
    assert "the same to the bit" in again.stdout, again.stdout + again.stderr


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="sends a POSIX signal")
@pytest.mark.long
def test_a_fit_stopped_while_sampling_says_how_to_go_on_and_then_gives_the_same_bits(tmp_path: Path) -> None:
    """Minutes long: the density is compiled in three processes, once for the search and once for the chains."""
    case = load("us-mexico")
    whole = palanca("fit", *TINY, "--file", "whole.nc", cwd=tmp_path)
    assert whole.returncode == 1, whole.stderr  # twenty iterations converge to nothing
    assert "have not converged" in whole.stderr
    listening = "import runpy, signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    running = subprocess.Popen(
        [sys.executable, "-c", listening + "runpy.run_module('palanca', run_name='__main__')", "fit", *TINY, "--file",
         "stopped.nc"],
        cwd=tmp_path, env={**os.environ, "JAX_PLATFORMS": "cpu"}, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True,
    )  # fmt: skip
    kept = tmp_path / ".stopped.nc.chains.npz"
    for _ in range(12_000):
        if kept.exists() or running.poll() is not None:
            break
        time.sleep(0.1)
    running.send_signal(signal.SIGINT)
    _, told = running.communicate(timeout=300)
    assert running.returncode == 130, told
    assert "To go on from there: palanca fit" in told
    assert kept.exists()
    assert not (tmp_path / "stopped.nc").exists()
    again = palanca("fit", *TINY, "--file", "stopped.nc", cwd=tmp_path)
    assert again.returncode == 1, again.stderr
    one, other = (store.read(tmp_path / name, case)[0] for name in ("whole.nc", "stopped.nc"))
    assert (one.free == other.free).all()
    assert (one.mean == other.mean).all()
    assert not kept.exists()
