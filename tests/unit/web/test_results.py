"""Results are kept within bounds, outlive a killed server, and a disk that refuses costs speed and never an answer."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from palanca.core.errors import OutputError
from palanca.web.results import NAME, ResultStore

WRITER = """
import sys
from pathlib import Path
from palanca.web.results import ResultStore
store = ResultStore(Path(sys.argv[1]))
for k in range(10**9):
    store.put(str(k), str(k).encode() * 200)
    if k == 20:
        print("going", flush=True)
"""


def test_what_is_put_is_got_by_another_server(tmp_path):
    ResultStore(tmp_path).put("a", b"made")
    assert ResultStore(tmp_path).get("a") == b"made"
    assert ResultStore(tmp_path).get("b") is None


def test_results_stay_within_their_bytes_and_those_not_used_for_longest_go(tmp_path):
    store = ResultStore(tmp_path, most=1000)
    for k in range(10):
        store.put(str(k), b"x" * 300)
        time.sleep(0.002)
        store.get("0")  # which is used again and again
    kept = [k for k in range(10) if store.get(str(k)) is not None]
    assert kept == [0, 8, 9]
    store.put("large", b"x" * 2000)
    assert store.get("large") is None


def test_a_file_that_is_no_database_is_made_anew(tmp_path):
    (tmp_path / NAME).write_bytes(b"this is no database" * 100)
    store = ResultStore(tmp_path)
    store.put("a", b"made")
    assert store.get("a") == b"made"


def test_a_folder_that_takes_no_files_is_refused_in_words(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError) as fault:
        ResultStore(tmp_path / "file" / "below")
    assert "--keep FOLDER" in str(fault.value)


def test_a_full_disk_loses_results_and_nothing_else(tmp_path):
    store = ResultStore(tmp_path)
    store.put("a", b"made")

    class Full:
        def __enter__(self):
            return self

        def __exit__(self, *_):
            return False

        def execute(self, *_):
            raise sqlite3.OperationalError("database or disk is full")

    store._base = Full()
    store.put("b", b"more")
    assert store.get("b") is None
    assert store.failures == 2
    with pytest.raises(OutputError) as fault:
        store.must(lambda base: base.execute("select 1"))
    assert fault.value.slug == "cannot-write"


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_results_survive_a_kill_in_the_middle_of_writing(tmp_path):
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3] / "src")}
    with subprocess.Popen([sys.executable, "-c", WRITER, tmp_path], stdout=subprocess.PIPE, env=environment) as writer:
        assert writer.stdout.readline() == b"going\n"
        writer.send_signal(signal.SIGKILL)
    store = ResultStore(tmp_path)
    assert all(store.get(str(k)) == str(k).encode() * 200 for k in range(20))
    assert store.attempt(lambda base: base.execute("pragma integrity_check").fetchone()[0], "") == "ok"
