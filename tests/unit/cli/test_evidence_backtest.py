"""The command evidence backtest: what it refuses before long work, and what an interruption leaves behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from palanca.spec.load import load

LAST = load("us-mexico").span.last

# a shell that runs the tests in the background lets its children ignore the signal: listen to it again
LISTEN = (
    "import runpy, signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    "runpy.run_module('palanca', run_name='__main__')"
)
ENVIRONMENT = {**os.environ, "JAX_PLATFORMS": "cpu"}


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--from", "2099-01"], ["--from", "2099-01", f"2014-01 to {LAST + -1}"]),
        (["--from", str(LAST)], ["--from", str(LAST), f"2014-01 to {LAST + -1}"]),
        (["--until", "2013-12"], ["--until", "2013-12", f"2014-01 to {LAST + -1}"]),
        (["--from", "2020-02", "--until", "2020-01"], ["no month to start from", "2020-02 to 2020-01"]),
        (["--from", "last spring"], ["--from", "'last spring'", "YYYY-MM"]),
        (["--every", "0"], ["--every"]),
        (["--again", "--keep", "taken/here"], ["taken/here", "could not write"]),
        (["--ship"], ["nothing is made without --again"]),
        (["--every", "12"], ["nothing is made without --again"]),
        (["--out", "taken"], ["taken", "could not write"]),
        (["us-mexcio"], ["no such case", "Did you mean 'us-mexico'?"]),
    ],
)
def test_what_cannot_be_scored_is_refused_at_once_with_a_way_out(words, says, tmp_path: Path, here) -> None:
    (tmp_path / "taken").write_text("a file in the place of a folder")
    done = here("evidence", "backtest", *words)
    assert done.returncode == 2, done.stderr
    for text in says:
        assert text in done.stderr, done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="sends a POSIX signal")
def test_an_interrupted_backtest_says_how_to_go_on(tmp_path: Path) -> None:
    running = subprocess.Popen(
        [sys.executable, "-c", LISTEN, "evidence", "backtest", "--again", "--every", "60", "--keep", "kept"],
        cwd=tmp_path, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    until = time.monotonic() + 120.0
    while not (tmp_path / "kept").exists() and time.monotonic() < until:
        time.sleep(0.1)
    time.sleep(2.0)
    assert running.poll() is None, "it ended before it could be interrupted"
    while running.poll() is None:  # a signal that arrives inside a callback of the compiler is lost: press again
        running.send_signal(signal.SIGINT)
        time.sleep(3.0)
    _, told = running.communicate(timeout=120)
    assert running.returncode == 130, told
    assert "kept in kept; the same command goes on" in told
    assert "Traceback" not in told
