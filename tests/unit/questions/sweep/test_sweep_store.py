"""A sweep kept on disk: broken off anywhere and taken up again, damaged, full, in use, or of another sweep."""

from __future__ import annotations

import errno
import os
import re
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import toys
import zarr

from palanca.core.errors import OutputError, StoreError
from palanca.questions.sweep import lock
from palanca.questions.sweep.run import run

DRIVER = """
import sys
from pathlib import Path
import toys
from palanca.questions.sweep.run import run
run(toys.plan(jobs=30, pause=0.05), store=Path(sys.argv[1]), progress=lambda done, _: print(done, flush=True))
"""
WRITES = ("replace", "touch", "mkdir")  # what a store changes a folder with


class Killed(BaseException):
    """The process ends here: nothing catches it and nothing is tidied up."""


def made(store: Path) -> list[int]:
    """Jobs made, and not read, when the sweep is run again on a store; its results are checked to the bit."""
    asked: list[int] = []

    class Counted(toys.Toy):
        def __call__(self, job: int) -> dict[str, np.ndarray]:
            asked.append(job)
            return super().__call__(job)

    found = run(replace(toys.plan(), work=Counted()), store=store)
    for name in ("a", "n"):
        np.testing.assert_array_equal(found.read(name), toys.whole(name), strict=True)
    return sorted(asked)


def breaking(monkeypatch: pytest.MonkeyPatch, at: int, fault: BaseException) -> list[str]:
    """Let the write of this number fail, and all that follow; lists the writes."""
    seen: list[str] = []
    for name in WRITES:

        def write(self: Path, *given: object, _name=name, _real=getattr(Path, name), **named: object) -> object:
            seen.append(_name)
            if len(seen) >= at:
                raise fault
            return _real(self, *given, **named)

        monkeypatch.setattr(Path, name, write)
    return seen


def test_what_is_done_is_read_and_not_made_again(tmp_path):
    assert made(tmp_path) == [0, 1, 2, 3, 4, 5, 6]
    assert made(tmp_path) == []


def test_a_sweep_killed_at_any_write_is_taken_up_with_the_same_bits(tmp_path):
    redone = []
    for at in range(1, 1000):
        store = tmp_path / str(at)
        with pytest.MonkeyPatch.context() as patched:
            seen = breaking(patched, at, Killed())
            try:
                run(toys.plan(), store=store)
                break
            except Killed:
                pass
        redone.append(len(made(store)))
    assert len(seen) == len(redone) >= 7 * 3  # two chunks and a mark a job, besides what is laid out first
    assert redone[0] == 7
    assert redone[-1] == 1
    assert sorted(redone, reverse=True) == redone


def test_a_disk_that_fills_up_keeps_what_is_done(tmp_path, monkeypatch):
    with monkeypatch.context() as patched:
        breaking(patched, 28, OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))
        with pytest.raises(OutputError, match="No space left on device") as fault:
            run(toys.plan(), store=tmp_path)
    assert "What is done stays done" in str(fault.value)
    assert 0 < len(made(tmp_path)) < 7


def test_a_driver_killed_in_mid_run_lets_go_of_its_lock_and_is_taken_up_with_the_same_bits(tmp_path):
    way = os.pathsep.join([str(Path(toys.__file__).parent), *filter(None, sys.path)])
    driver = subprocess.Popen(
        [sys.executable, "-c", DRIVER, str(tmp_path)],
        stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": way},
    )  # fmt: skip
    with driver:
        assert next(line for line in driver.stdout if line == "5\n")
        with pytest.raises(StoreError, match=f"found process {driver.pid} "):
            run(toys.plan(jobs=30), store=tmp_path)
        driver.send_signal(signal.SIGKILL)
    told = []
    found = run(toys.plan(jobs=30), store=tmp_path, progress=lambda done, _: told.append(done))
    assert 5 <= told[0] < 30
    for name in ("a", "n"):
        np.testing.assert_array_equal(found.read(name), toys.whole(name, 30), strict=True)


@pytest.mark.parametrize("left", [0, 3, 100])
def test_a_truncated_chunk_is_refused_when_read_and_made_again_by_the_next_run(tmp_path, left):
    found = run(toys.plan(), store=tmp_path)
    chunk = tmp_path / "blocks.zarr" / "a" / "c" / "0" / "0" / "4"
    chunk.write_bytes(chunk.read_bytes()[:left])
    with pytest.raises(StoreError, match="a, job 4: a chunk is damaged"):
        found.read("a")
    np.testing.assert_array_equal(found.read("n"), toys.whole("n"))
    assert made(tmp_path) == [4]


def test_a_flipped_bit_and_a_lost_chunk_are_noticed_too(tmp_path):
    run(toys.plan(), store=tmp_path)
    chunks = tmp_path / "blocks.zarr" / "a" / "c" / "0" / "0"
    content = bytearray((chunks / "2").read_bytes())
    content[17] ^= 1
    (chunks / "2").write_bytes(content)
    (chunks / "5").unlink()
    assert made(tmp_path) == [2, 5]


@pytest.mark.parametrize(
    ("mark", "words"),
    [
        ("case", "another version of the case"),
        ("data", "another edition of the figures"),
        ("code", "other code of the model"),
        ("fit", "another fit"),
        ("question", "another question"),
    ],
)
def test_a_store_of_other_marks_is_refused_and_the_mark_named(tmp_path, mark, words):
    run(toys.plan(), store=tmp_path)
    other = replace(toys.plan(), marks={**toys.MARKS, mark: "other"})
    with pytest.raises(StoreError, match=rf"written from {words}: found {mark} \w1; expected {mark} other") as fault:
        run(other, store=tmp_path)
    assert "another folder" in str(fault.value)
    assert made(tmp_path) == []


def test_a_store_of_another_size_or_another_sweep_is_refused(tmp_path):
    run(toys.plan(), store=tmp_path)
    with pytest.raises(StoreError, match="another number of draws"):
        run(toys.plan(last=2), store=tmp_path)
    with pytest.raises(StoreError, match="another sweep: found toy; expected other"):
        run(replace(toys.plan(), name="other"), store=tmp_path)


def test_a_folder_of_other_things_is_refused_and_left_alone(tmp_path):
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(StoreError, match=r"other things than a sweep: found letter\.txt"):
        run(toys.plan(), store=tmp_path)
    assert {path.name for path in tmp_path.iterdir()} - {lock.NAME} == {"letter.txt"}


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="File exists"):
        run(toys.plan(), store=tmp_path / "file")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("sweep.json", "{"),
        ("sweep.json", "[]"),
        ("form.json", "{"),
        ("form.json", '{"a": 1}'),
        ("blocks.zarr/zarr.json", "{"),
        ("blocks.zarr/a/zarr.json", "{}"),
    ],
)
def test_a_store_whose_papers_are_damaged_is_refused_with_a_way_out(tmp_path, name, content):
    run(toys.plan(), store=tmp_path)
    (tmp_path / name).write_text(content)
    with pytest.raises(StoreError, match="cannot read the store") as fault:
        run(toys.plan(), store=tmp_path)
    assert "another folder" in str(fault.value)


def test_two_sweeps_at_once_on_a_store_are_refused_and_the_holder_named(tmp_path):
    with lock.held(tmp_path), pytest.raises(StoreError, match=re.escape(f"found process {os.getpid()} on ")):
        run(toys.plan(), store=tmp_path)
    assert len(made(tmp_path)) == 7


def test_other_programs_read_the_blocks_as_plain_zarr(tmp_path):
    run(toys.plan(), store=tmp_path)
    group = zarr.open_group(tmp_path / "blocks.zarr", mode="r")
    np.testing.assert_array_equal(group["a"][...], toys.whole("a"), strict=True)
    assert group.metadata.zarr_format == 3
    assert group.attrs["marks"]["fit"] == "f1"


def test_ctrl_c_leaves_a_store_that_is_taken_up(tmp_path):
    def stop(done: int, _jobs: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(toys.plan(), store=tmp_path, progress=stop)
    assert made(tmp_path) == [3, 4, 5, 6]
