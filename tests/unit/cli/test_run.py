"""The run command: what it writes, what it refuses, and what an interruption leaves behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest


@pytest.mark.parametrize(
    ("words", "texts"),
    [
        (["run", "us-mexcio"], ["no such case", "Did you mean 'us-mexico'?"]),
        (["run", "--out", "taken/here"], ["taken/here", "could not write", "Nothing was replaced"]),
        (["run", "--fit", "none.npz"], ["none.npz"]),
        (["run", "--draws", "1"], ["--draws"]),
        (["run", "--draws", "100000"], ["--draws", "20000"]),
    ],
)
def test_what_cannot_be_run_is_refused_with_a_way_out(words: list[str], texts: list[str], tmp_path: Path, here) -> None:
    (tmp_path / "taken").write_text("a file in the place of a folder")
    done = here(*words)
    assert done.returncode == 2, done.stderr
    for text in texts:
        assert text in done.stderr, done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_a_run_is_written_and_reproduced_to_the_bit(tmp_path: Path, here) -> None:
    done = here("run", "us-mexico", "--draws", "3", "--key", "5", "--no-pictures", "--out", "one")
    assert done.returncode == 0, done.stderr
    assert "encounters between ports of entry. (published)" in " ".join(done.stdout.split())
    again = here("reproduce", "one")
    assert again.returncode == 0, again.stdout + again.stderr
    assert {path.name for path in (tmp_path / "one").iterdir()} == {
        "answer.html", "answer.json", "data.csv", "data.nc", "manifest.json"
    }  # fmt: skip


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="sends a POSIX signal")
def test_an_interrupted_run_ends_cleanly_and_keeps_what_was_there(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "data.nc").write_text("an older result")
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
    _, printed = running.communicate(timeout=120)
    assert running.returncode == 130, printed
    assert "interrupted" in printed
    assert "Traceback" not in printed
    assert [path.name for path in out.iterdir()] == ["data.nc"]
    assert (out / "data.nc").read_text() == "an older result"
