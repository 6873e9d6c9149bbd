"""Long questions: a bounded queue that outlives the server, one process at a time, and nobody sees another's."""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
import sqlite3
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from palanca.core.errors import UsageError
from palanca.web import make
from palanca.web.answers import Answers
from palanca.web.asked import QUESTIONS, AskedQuestion
from palanca.web.problem import HttpError
from palanca.web.results import ResultStore
from palanca.web.shelf import ServedCase, Shelf

QUEUED, RUNNING, DONE, FAILED, CANCELLED = "queued", "running", "done", "failed", "cancelled"
OPEN = (QUEUED, RUNNING)
WAITING_EACH, WAITING_ALL = 3, 20
KEPT_S = 7 * 86400.0
MOST_KEPT = 1000
LOOK_S = 0.3
WORKER = (sys.executable, "-m", "palanca.web.worker")
COLUMNS = "id, owner, host, question, case_name, fields, key, status, done, total, problem, made"


@dataclass(frozen=True)
class Visitor:
    """Who asks.

    Args:
        token: What an earlier answer gave the browser to keep; empty if none.
        host: Address of the network.
    """

    token: str
    host: str


@dataclass(frozen=True)
class Job:
    """One long question.

    Args:
        id: Cannot be guessed.
        owner: Token of who asked.
        host: Address from which it was asked.
        question: Name of the question.
        case: Name of the case.
        fields: What is asked, as JSON.
        key: Stands for the answer's content.
        status: `queued`, `running`, `done`, `failed` or `cancelled`.
        done: Steps done.
        total: Steps in all; 0 while that is not known.
        problem: Why it failed, as JSON.
        made: When it was asked.
    """

    id: str
    owner: str
    host: str
    question: str
    case: str
    fields: str
    key: str
    status: str
    done: int
    total: int
    problem: str
    made: float

    def asked(self) -> AskedQuestion:
        """What is asked."""
        return QUESTIONS[self.question].read(json.loads(self.fields))

    def path(self) -> str:
        """Address of the answer."""
        query = self.asked().query
        return f"/{self.case}/{self.question}{'?' + query if query else ''}"

    def document(self, base: str) -> dict[str, object]:
        """As the interface tells it."""
        return {
            "id": self.id,
            "status": self.status,
            "done": self.done,
            "total": self.total,
            "case": self.case,
            "question": self.question,
            "address": base + self.path(),
            "result": f"{base}/api/v1/jobs/{self.id}/result" if self.status == DONE else None,
            "problem": json.loads(self.problem) if self.problem else None,
        }


class Jobs:
    """The queue.

    Args:
        store: Where jobs are kept.
        answers: Where results go.
        shelf: The cases.
        minutes: How long one may run.
        command: What answers one.
    """

    def __init__(
        self,
        store: ResultStore,
        answers: Answers,
        shelf: Shelf,
        minutes: float,
        command: Sequence[str] = WORKER,
    ) -> None:
        self.store, self.answers, self.shelf, self.minutes = store, answers, shelf, minutes
        self._command = tuple(command)
        self._wake = asyncio.Event()
        self._process: asyncio.subprocess.Process | None = None
        self._running = ""
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Take up work, that of a server that was killed first."""
        self.store.attempt(
            lambda base: base.execute(f"update jobs set status = '{QUEUED}' where status = '{RUNNING}'"), None
        )
        self._wake.set()
        self._task = asyncio.get_running_loop().create_task(self._work())

    async def stop(self) -> None:
        """End the process at work; its job is taken up again at the next start."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        await self._kill()

    def count(self, status: str) -> int:
        """How many are in a status."""
        return self.store.attempt(
            lambda base: int(base.execute("select count(*) from jobs where status = ?", (status,)).fetchone()[0]), 0
        )

    def add(self, case: ServedCase, asked: AskedQuestion, visitor: Visitor) -> Job:
        """Put a long question into the queue.

        Raises:
            HttpError: The visitor has as many as one may have, or the queue is full.
            OutputError: The disk refuses.
            UsageError: The question is none that runs as a job.
        """
        if not asked.question.long:
            long = ", ".join(one.name for one in QUESTIONS.values() if one.long)
            raise UsageError(
                "this question is answered at once",
                where=asked.question.name,
                expected=f"one of {long}",
                way_out="Ask it without /jobs.",
            )
        fields = json.dumps(asked.values)
        key = self.answers.key(case, asked, make.PARTS)
        owner = visitor.token or secrets.token_urlsafe(24)
        ready = self.answers.kept(case, asked, make.PARTS) is not None

        def write(base: sqlite3.Connection) -> Job:
            base.execute("delete from jobs where made < ?", (time.time() - KEPT_S,))
            base.execute(
                "delete from jobs where id in (select id from jobs where status not in ('queued', 'running') "
                "order by made desc limit -1 offset ?)",
                (MOST_KEPT,),
            )
            waiting = [tuple(row) for row in base.execute("select host from jobs where status = 'queued'")]
            own = base.execute(
                "select count(*) from jobs where host = ? and status in ('queued', 'running')", (visitor.host,)
            ).fetchone()[0]
            if not ready and (own > WAITING_EACH or len(waiting) >= WAITING_ALL):
                raise HttpError(429, expected=f"one running and {WAITING_EACH} waiting", way_out="Wait, or cancel one.")
            job = Job(
                secrets.token_urlsafe(24),
                owner,
                visitor.host,
                asked.question.name,
                case.name,
                fields,
                key,
                DONE if ready else QUEUED,
                int(ready),
                int(ready),
                "",
                time.time(),
            )
            base.execute(f"insert into jobs ({COLUMNS}) values ({', '.join('?' * 12)})", tuple(vars(job).values()))
            return job

        made = self.store.must(write)
        self._wake.set()
        return made

    def find(self, name: str, visitor: Visitor) -> Job:
        """A job of the visitor's own.

        Raises:
            HttpError: There is none of the name, or it is another's.
        """
        job = self._read(name)
        mine = job is not None and (visitor.token == job.owner if visitor.token else visitor.host == job.host)
        if job is None or not mine:
            raise HttpError(404, expected="a job of your own")
        return job

    async def cancel(self, job: Job) -> Job:
        """Take a job out of the queue, or end its process."""
        if job.status in OPEN:
            self._set(job.id, CANCELLED)
            if self._running == job.id:
                await self._kill()
        return self._read(job.id) or job

    async def follow(self, job: Job) -> AsyncIterator[Job]:
        """A job each time it has moved, until it is closed."""
        last: Job | None = None
        while True:
            now = self._read(job.id)
            if now is None:
                return
            if now != last:
                yield now
                last = now
            if now.status not in OPEN:
                return
            await asyncio.sleep(LOOK_S)

    async def _work(self) -> None:
        while True:
            job = self._next()
            if job is None:
                self._wake.clear()
                await self._wake.wait()
                continue
            self._running = job.id
            try:
                await asyncio.wait_for(self._run(job), self.minutes * 60.0)
            except TimeoutError:
                await self._kill()
                self._fail(job.id, {"title": "it took too long", "expected": f"at most {self.minutes:g} minutes"})
            finally:
                self._running = ""

    async def _run(self, job: Job) -> None:
        """Let a process answer, and keep what it leaves."""
        self._set(job.id, RUNNING)
        now = self._read(job.id)
        if now is None or now.status != RUNNING:  # the disk refuses, or it was cancelled meanwhile
            await asyncio.sleep(LOOK_S)
            return
        with tempfile.TemporaryDirectory(prefix="palanca-job-") as folder:
            given = {"case": job.case, "question": job.question, "fields": json.loads(job.fields), "folder": folder}
            process = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
            )
            self._process = process
            assert process.stdin is not None
            process.stdin.write(json.dumps(given).encode() + b"\n")
            await process.stdin.drain()
            await self._listen(job, process)
            code = await process.wait()
            self._process = None
            left = Path(folder) / make.PARTS
            if code == 0 and left.is_file():
                self._store(job, Path(folder))
            else:
                self._fail(job.id, {"title": "the process that answered it ended early"})

    async def _listen(self, job: Job, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        async for line in process.stdout:
            with contextlib.suppress(json.JSONDecodeError):
                record = json.loads(line)
                if "problem" in record:
                    self._fail(job.id, record["problem"])
                elif "total" in record:
                    self._move(job.id, int(record["done"]), int(record["total"]))

    def _store(self, job: Job, folder: Path) -> None:
        case, asked = self.shelf.find(job.case), job.asked()
        for path in folder.iterdir():
            if path.is_file():
                self.store.put(self.answers.key(case, asked, path.name), path.read_bytes())
        self._set(job.id, DONE)

    async def _kill(self) -> None:
        process, self._process = self._process, None
        if process is not None and process.returncode is None:
            process.kill()
            await process.wait()

    def _next(self) -> Job | None:
        row = self.store.attempt(
            lambda base: base.execute(
                f"select {COLUMNS} from jobs where status = 'queued' order by made limit 1"
            ).fetchone(),
            None,
        )
        return Job(*row) if row else None

    def _read(self, name: str) -> Job | None:
        row = self.store.attempt(
            lambda base: base.execute(f"select {COLUMNS} from jobs where id = ?", (name,)).fetchone(), None
        )
        return Job(*row) if row else None

    def _set(self, name: str, status: str) -> None:
        """Put a job into a status, unless it is closed."""
        self.store.attempt(
            lambda base: base.execute(
                "update jobs set status = ? where id = ? and status in ('queued', 'running')", (status, name)
            ),
            None,
        )

    def _move(self, name: str, done: int, total: int) -> None:
        self.store.attempt(
            lambda base: base.execute("update jobs set done = ?, total = ? where id = ?", (done, total, name)), None
        )

    def _fail(self, name: str, problem: object) -> None:
        self.store.attempt(
            lambda base: base.execute(
                "update jobs set status = 'failed', problem = ? where id = ? and status in ('queued', 'running')",
                (json.dumps(problem), name),
            ),
            None,
        )
