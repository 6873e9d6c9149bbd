"""A process that answers one long question: reads it from standard input, tells how far it is, leaves files."""

from __future__ import annotations

import contextlib
import json
import os
import sys
import threading
import time
from pathlib import Path

from palanca.core.errors import PalancaError
from palanca.questions.options import RunOptions
from palanca.web import make, problem
from palanca.web.answers import packed
from palanca.web.asked import QUESTIONS
from palanca.web.shelf import Shelf

NICE = 10
WATCHED_S = 2.0


def main() -> None:
    """Answer the question on standard input; lines of JSON on standard output tell progress, or the problem."""
    given = json.loads(sys.stdin.readline())
    threading.Thread(target=_watch, args=(os.getppid(),), daemon=True).start()
    with contextlib.suppress(OSError):
        os.nice(NICE)
    folder = Path(given["folder"])
    work = folder / "work"
    work.mkdir()
    os.chdir(work)
    case = Shelf().find(given["case"])
    asked = QUESTIONS[given["question"]].read(given["fields"])
    try:
        answer = asked.ask(case.model(), RunOptions(progress=_tell))
        for name in (make.PARTS, *make.named(given["question"])):
            (folder / name).write_bytes(packed(make.PLAIN[name](answer)))
    except PalancaError as fault:
        _say({"problem": problem.of(fault).document()})


def _tell(done: int, total: int) -> None:
    _say({"done": done, "total": total})


def _say(record: object) -> None:
    sys.stdout.write(json.dumps(record) + "\n")
    sys.stdout.flush()


def _watch(parent: int) -> None:
    """End with the server, however that ends."""
    while os.getppid() == parent:
        time.sleep(WATCHED_S)
    os._exit(1)


if __name__ == "__main__":
    main()
