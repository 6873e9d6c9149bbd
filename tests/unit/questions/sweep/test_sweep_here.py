"""A sweep in this process: what it gives, what it refuses, what it leaves on disk and in memory."""

from __future__ import annotations

import os
import tracemalloc
from dataclasses import replace

import numpy as np
import pytest
import toys

from palanca.core.errors import UsageError
from palanca.questions.sweep import plan as plans
from palanca.questions.sweep.plan import SweepPlan
from palanca.questions.sweep.run import run

MEGA = 1 << 20


def test_blocks_are_joined_in_the_order_of_their_jobs_and_padding_is_left_out():
    found = run(toys.plan(jobs=5, last=1))
    assert found.names == ("a", "n")
    for name in found.names:
        np.testing.assert_array_equal(found.read(name), toys.whole(name, 5, 1), strict=True)
        np.testing.assert_array_equal(np.concatenate(list(found.each(name)), axis=-1), found.read(name))
    assert found.read("n").shape == (4 * toys.WIDTH + 1,)


def test_all_of_the_last_job_counts_when_no_width_is_given():
    np.testing.assert_array_equal(run(toys.plan(jobs=2, last=None)).read("a"), toys.whole("a", 2, None))


def test_progress_tells_of_every_job_once():
    told = []
    run(toys.plan(jobs=4), progress=lambda done, jobs: told.append((done, jobs)))
    assert told == [(done, 4) for done in range(5)]


def test_nothing_is_written_without_a_store(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(os, "replace", lambda *_: pytest.fail("moved a file"))
    run(toys.plan())
    assert not list(tmp_path.iterdir())


def test_with_a_store_memory_does_not_grow_with_the_draws(tmp_path):
    def peak(jobs: int) -> int:
        tracemalloc.start()
        found = run(toys.heavy(jobs), store=tmp_path / str(jobs))
        assert sum(float(block[0, 0]) for block in found.each("mega/byte")) == sum(range(jobs))
        high = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return high

    peak(2)  # what is loaded and kept the first time is not of the sweep
    few, many = peak(8), peak(40)
    assert many < 12 * MEGA < 40 * MEGA
    assert many < few + 2 * MEGA


def test_a_name_that_was_not_kept_is_refused_with_the_nearest():
    with pytest.raises(UsageError, match="Did you mean 'mega/byte'"):
        run(toys.heavy(1)).read("megabite")


@pytest.mark.parametrize(
    ("means", "words"),
    [({"workers": -1}, "fewer workers"), ({"workers": 2, "cluster": "tcp://127.0.0.1:1"}, "at once")],
)
def test_means_that_make_no_sense_are_refused(means, words):
    with pytest.raises(UsageError, match=words):
        run(toys.plan(), **means)


def test_a_sweep_of_no_jobs_is_refused():
    with pytest.raises(UsageError, match="nothing to run"):
        run(replace(toys.plan(), jobs=0))


@pytest.mark.parametrize("odd", [{"a": np.zeros((2, 3))}, {"b": np.zeros((2, 4))}, {"a": np.zeros((2, 4), dtype=int)}])
def test_a_job_whose_blocks_differ_from_the_others_is_named(odd):
    with pytest.raises(UsageError, match="job 1"):
        run(SweepPlan("odd", 2, {}, lambda job: odd if job else {"a": np.zeros((2, 4))}))


@pytest.mark.parametrize("block", [np.zeros(()), np.zeros((3, 2))])
def test_blocks_too_narrow_for_what_is_to_be_kept_are_refused(block):
    with pytest.raises(UsageError, match="cannot be joined"):
        run(SweepPlan("narrow", 2, {}, lambda _: {"a": block}, last=3))


def test_a_fault_of_a_job_passes_through_with_no_thread_left_behind():
    def work(job: int) -> dict[str, np.ndarray]:
        if job == 2:
            raise ZeroDivisionError("the job's own")
        return {"a": np.zeros(3)}

    with pytest.raises(ZeroDivisionError, match="the job's own"):
        run(SweepPlan("faulty", 9, {}, work))


def test_the_fingerprint_of_the_code_is_of_what_can_change_a_result(monkeypatch, tmp_path):
    for name in ("flows/a.py", "show/chart.py", "data/tables/x.csv", "evidence/shipped/y.json"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("1")
    monkeypatch.setattr(plans.palanca, "__file__", str(tmp_path / "__init__.py"))

    def mark() -> str:
        return plans.code.__wrapped__()

    before = mark()
    for name, matters in {"show/chart.py": False, "data/tables/x.csv": False, "flows/a.py": True}.items():
        (tmp_path / name).write_text("2")
        assert (mark() != before) is matters, name
