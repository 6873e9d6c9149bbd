"""Long questions: nobody sees another's, nobody takes more than a share, and a server that was killed goes on."""

from __future__ import annotations

import asyncio
import json
import sys
from types import SimpleNamespace

import pytest

from palanca.core.errors import UsageError
from palanca.web.answers import packed
from palanca.web.asked import QUESTIONS
from palanca.web.jobs import Jobs, Visitor
from palanca.web.problem import HttpError
from palanca.web.results import ResultStore

MINE, YOURS = Visitor("m" * 32, "10.0.0.1"), Visitor("y" * 32, "10.0.0.1")
ANSWERS = """
import gzip, json, pathlib, sys, time
given = json.loads(sys.stdin.readline())
folder = pathlib.Path(given["folder"])
for k in range(3):
    print(json.dumps({"done": k, "total": 3}), flush=True)
(folder / "parts").write_bytes(gzip.compress(b"made", 5, mtime=0))
"""
HANGS = "import sys, time; sys.stdin.readline(); time.sleep(600)"
REFUSES = 'import sys, json; sys.stdin.readline(); print(json.dumps({"problem": {"title": "no"}}), flush=True)'
DIES = "import sys; sys.exit(3)"


class Kept:
    """Stands for the answers: results by a key of question and fields."""

    def __init__(self, store):
        self.store = store

    def key(self, _case, asked, what):
        return json.dumps([asked.question.name, asked.values, what])

    def kept(self, case, asked, what):
        return self.store.get(self.key(case, asked, what))


CASE = SimpleNamespace(name="us-mexico")
SHELF = SimpleNamespace(find=lambda _name: CASE)


def queue(folder, script, minutes=1.0):
    store = ResultStore(folder)
    return Jobs(store, Kept(store), SHELF, minutes, (sys.executable, "-c", script))


def search(key=1):
    return QUESTIONS["search"].read({"key": key})


def run(work):
    asyncio.run(asyncio.wait_for(work(), 30.0))


async def ended(jobs, job, visitor=MINE):
    return [one async for one in jobs.follow(jobs.find(job.id, visitor))][-1]


def test_a_job_is_answered_and_the_same_asked_again_is_there_at_once(tmp_path):
    async def work():
        jobs = queue(tmp_path, ANSWERS)
        jobs.start()
        job = jobs.add(CASE, search(), MINE)
        last = await ended(jobs, job)
        assert (last.status, last.total) == ("done", 3)
        assert jobs.answers.kept(CASE, search(), "parts") == packed(b"made")
        assert jobs.add(CASE, search(), YOURS).status == "done"
        await jobs.stop()

    run(work)


def test_a_job_of_another_is_not_there(tmp_path):
    async def work():
        jobs = queue(tmp_path, HANGS)
        job = jobs.add(CASE, search(), MINE)
        assert jobs.find(job.id, MINE) == job
        for other in (YOURS, Visitor("", "10.0.0.9")):
            with pytest.raises(HttpError) as fault:
                jobs.find(job.id, other)
            assert fault.value.status == 404
        with pytest.raises(HttpError):
            jobs.find("1", MINE)

    run(work)


def test_ids_cannot_be_guessed(tmp_path):
    async def work():
        jobs = queue(tmp_path, HANGS)
        ids = {jobs.add(CASE, search(key), Visitor("", f"10.0.1.{key}")).id for key in range(10)}
        assert len(ids) == 10
        assert min(map(len, ids)) >= 32

    run(work)


def test_one_address_has_one_running_and_three_waiting_at_most_and_others_still_may(tmp_path):
    async def work():
        jobs = queue(tmp_path, HANGS)
        for key in range(4):
            jobs.add(CASE, search(key), MINE)
        with pytest.raises(HttpError) as fault:
            jobs.add(CASE, search(9), YOURS)  # of the same address
        assert fault.value.status == 429
        assert jobs.add(CASE, search(9), Visitor("", "10.0.0.2")).status == "queued"

    run(work)


def test_a_job_that_is_cancelled_ends_its_process_and_the_next_begins(tmp_path):
    async def work():
        jobs = queue(tmp_path, HANGS)
        jobs.start()
        first, second = jobs.add(CASE, search(1), MINE), jobs.add(CASE, search(2), MINE)
        while jobs.find(first.id, MINE).status != "running" or jobs._process is None:
            await asyncio.sleep(0.02)
        process = jobs._process
        assert (await jobs.cancel(jobs.find(first.id, MINE))).status == "cancelled"
        assert process.returncode is not None
        while jobs.find(second.id, MINE).status != "running":
            await asyncio.sleep(0.02)
        await jobs.stop()
        assert jobs.find(first.id, MINE).status == "cancelled"

    run(work)


@pytest.mark.parametrize(("script", "says"), [(REFUSES, "no"), (DIES, "the process that answered it ended early")])
def test_a_job_that_fails_says_why(tmp_path, script, says):
    async def work():
        jobs = queue(tmp_path, script)
        jobs.start()
        last = await ended(jobs, jobs.add(CASE, search(), MINE))
        assert last.status == "failed"
        assert last.document("")["problem"]["title"] == says
        await jobs.stop()

    run(work)


def test_a_job_that_takes_too_long_is_ended(tmp_path):
    async def work():
        jobs = queue(tmp_path, HANGS, minutes=0.02)
        jobs.start()
        last = await ended(jobs, jobs.add(CASE, search(), MINE))
        assert last.status == "failed"
        assert "too long" in last.document("")["problem"]["title"]
        await jobs.stop()

    run(work)


def test_a_job_that_ran_when_the_server_was_killed_is_taken_up_again(tmp_path):
    async def killed():
        jobs = queue(tmp_path, HANGS)
        job = jobs.add(CASE, search(), MINE)
        jobs._set(job.id, "running")
        jobs.store.close()
        return job

    async def work():
        job = await killed()
        jobs = queue(tmp_path, ANSWERS)
        jobs.start()
        assert (await ended(jobs, job)).status == "done"
        await jobs.stop()

    run(work)


def test_a_question_answered_at_once_is_no_job(tmp_path):
    async def work():
        with pytest.raises(UsageError):
            queue(tmp_path, HANGS).add(CASE, QUESTIONS["why"].read({}), MINE)

    run(work)
