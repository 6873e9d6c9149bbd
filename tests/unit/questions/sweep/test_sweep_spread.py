"""A sweep spread over processes: the same bits when workers die, and clear words when there is no cluster."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import corridor_sweeps
import corridors
import numpy as np
import pytest
import toys

from palanca.core.errors import ClusterError, UsageError
from palanca.model import ensemble
from palanca.questions.sweep import connect, ship
from palanca.questions.sweep.plan import SweepPlan
from palanca.questions.sweep.run import run

SOON = 1.0
DRIVER = """
import sys
from pathlib import Path
import toys
from palanca.questions.sweep.run import run
if __name__ == "__main__":
    run(toys.plan(jobs=60, pause=0.1), store=Path(sys.argv[1]), workers=2, progress=lambda n, _: print(n, flush=True))
"""


def same(found, jobs: int) -> None:
    for name in ("a", "n"):
        np.testing.assert_array_equal(found.read(name), toys.whole(name, jobs), strict=True)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A cluster of one worker that is already running."""
    with connect.local(1) as client:
        yield client.scheduler.address


@pytest.fixture
def soon(monkeypatch):
    monkeypatch.setattr(connect, "PATIENCE", SOON)


def test_workers_give_the_same_bits_as_threads_also_when_one_is_killed_in_mid_run(tmp_path):
    once = tmp_path / "killed"
    told = []
    plan = toys.plan(jobs=9, fatal=4, once=once)
    found = run(plan, store=tmp_path / "store", workers=2, progress=lambda done, _: told.append(done))
    assert once.exists()
    assert told == list(range(10))
    same(found, 9)
    same(run(toys.plan(jobs=9)), 9)


def test_a_running_cluster_gives_the_same_bits_and_stays_up(address):
    same(run(toys.plan(jobs=5), cluster=address), 5)
    same(run(toys.plan(jobs=3), cluster=address), 3)


def test_a_running_cluster_completes_what_threads_began(address, tmp_path):
    def stop(done: int, _jobs: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(toys.plan(), store=tmp_path, progress=stop)
    told = []
    same(run(toys.plan(), store=tmp_path, cluster=address, progress=lambda done, _: told.append(done)), 7)
    assert told == [2, 3, 4, 5, 6, 7]


def test_a_worker_of_other_code_is_refused(address, monkeypatch):
    monkeypatch.setattr(ship, "code", lambda: "other")
    with pytest.raises(ClusterError, match=r"would not give the same results: found code \w+; expected code other"):
        run(toys.plan(), cluster=address)


def test_a_fault_of_a_job_passes_from_the_worker_with_its_words(address):
    with pytest.raises(UsageError, match="job 2 has a fault") as fault:
        run(toys.faulty(), cluster=address)
    assert fault.value.way_out == "Mend it."


def test_a_heavy_work_is_sent_without_a_warning(address):
    work = toys.plan(jobs=2, weight=np.zeros(3 << 20))
    np.testing.assert_array_equal(run(work, cluster=address).read("n"), toys.whole("n", 2))


def test_a_worker_opens_the_work_once_and_not_with_every_job(address, tmp_path):
    run(SweepPlan("opened", 12, toys.MARKS, toys.Opened(tmp_path)), cluster=address)
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize(
    "wrong", ["nonsense", "tcp://", "http://here:8786", "tcp://127.0.0.1:port", "", "tcp://127.0.0.1"]
)
def test_a_malformed_address_is_refused_at_once(wrong, soon):
    with pytest.raises(ClusterError, match="no cluster answers"):
        run(toys.plan(), cluster=wrong)


def test_an_address_at_which_nobody_listens_is_refused_in_time(soon):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        wrong = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    start = time.monotonic()
    with pytest.raises(ClusterError, match="no answer within"):
        run(toys.plan(), cluster=wrong)
    assert time.monotonic() - start < 4 * SOON


def test_an_address_that_takes_calls_and_never_answers_is_refused_in_time(soon):
    with socket.create_server(("127.0.0.1", 0)) as mute:
        start = time.monotonic()
        with pytest.raises(ClusterError, match="no answer within"):
            run(toys.plan(), cluster=f"tcp://127.0.0.1:{mute.getsockname()[1]}")
        assert time.monotonic() - start < 4 * SOON


def test_a_web_server_is_told_from_a_scheduler(soon):
    def answer() -> None:
        call, _ = web.accept()
        with call:
            call.recv(100)
            call.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n" * 5)

    with socket.create_server(("127.0.0.1", 0)) as web:
        threading.Thread(target=answer, daemon=True).start()
        with pytest.raises(ClusterError, match="no cluster answers"):
            run(toys.plan(), cluster=f"tcp://127.0.0.1:{web.getsockname()[1]}")


def test_a_cluster_without_workers_is_refused_in_time(soon):
    with connect.local(0) as empty, pytest.raises(ClusterError, match="the cluster has no workers"):
        run(toys.plan(), cluster=empty.scheduler.address)


def test_patience_with_a_cluster_ends_within_twenty_seconds():
    assert 2 * connect.PATIENCE <= 20


@pytest.mark.long
def test_compiled_histories_on_workers_have_the_bits_of_threads_and_of_the_ensemble(tmp_path):
    plan = corridor_sweeps.plan(3 * ensemble.CHUNK - 5)
    spread = run(plan, workers=2, store=tmp_path)
    here = run(plan)
    whole = ensemble.run(plan.work.inputs, plan.work.free, corridors.layout(), keep=corridor_sweeps.KEEP)[1]
    for name in corridor_sweeps.KEEP:
        assert here.read(name).dtype == np.float64
        np.testing.assert_array_equal(spread.read(name), here.read(name), strict=True)
        np.testing.assert_array_equal(here.read(name), whole[name], strict=True)


@pytest.mark.long
def test_a_job_that_kills_every_worker_is_named():
    with pytest.raises(ClusterError, match="job 4 ended its worker each time"):
        run(toys.plan(jobs=9, fatal=4), workers=2)


@pytest.mark.long
@pytest.mark.parametrize("blow", [signal.SIGKILL, signal.SIGINT])
def test_a_driver_struck_in_mid_run_leaves_no_process_and_its_store_is_taken_up_with_the_same_bits(tmp_path, blow):
    script = tmp_path / "driver.py"
    script.write_text(DRIVER)
    way = os.pathsep.join([str(Path(toys.__file__).parent), *filter(None, sys.path)])
    driver = subprocess.Popen(
        [sys.executable, str(script), str(tmp_path / "store")], start_new_session=True, stderr=subprocess.DEVNULL,
        stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": way},
    )  # fmt: skip
    with driver:
        assert next(line for line in driver.stdout if line == "7\n")
        os.killpg(driver.pid, blow) if blow == signal.SIGINT else driver.kill()
    end = time.monotonic() + 20
    while alive(driver.pid) and time.monotonic() < end:
        time.sleep(0.1)
    assert not alive(driver.pid)
    told = []
    found = run(toys.plan(jobs=60), store=tmp_path / "store", progress=lambda done, _: told.append(done))
    assert 7 <= told[0] < 60
    same(found, 60)


def alive(session: int) -> bool:
    """Whether a process of a session is still there."""
    try:
        os.killpg(session, 0)
    except ProcessLookupError:
        return False
    return True
