"""Gets answers: made once, kept by content, the same for page, interface and download."""

from __future__ import annotations

import gzip
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING

from palanca.api.later import Later
from palanca.core import digest
from palanca.questions.options import RunOptions
from palanca.show.answer import Answer
from palanca.web.address import Address
from palanca.web.asked import QUESTIONS, AskedQuestion
from palanca.web.desk import Caller, Desk
from palanca.web.metrics import Metrics
from palanca.web.results import ResultStore
from palanca.web.shelf import ServedCase

if TYPE_CHECKING:
    from palanca.web import view as views
    from palanca.web.view_parts import WorldView
else:  # which loads the compiler
    views = Later("palanca.web.view")

RECENT_BYTES = 400_000_000  # of answers with all their draws, kept in memory; one takes 10 to 100 million
HELD = 256  # results as they are sent, kept in memory
LEVEL = 5  # of compression
Tell = Callable[[int, int], None]
Made = Callable[[Answer], bytes]


class Answers:
    """Answers of every case.

    Args:
        store: Where results are kept.
        desk: Who does the work.
        metrics: Where hits and misses are counted.
        most_draws: Most draws of one question.
    """

    def __init__(self, store: ResultStore, desk: Desk, metrics: Metrics, most_draws: int) -> None:
        self.store, self.desk, self.metrics, self.most_draws = store, desk, metrics, most_draws
        self._recent: OrderedDict[str, Answer] = OrderedDict()
        self._held: OrderedDict[str, bytes] = OrderedDict()
        self._making: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()

    async def made(self, case: ServedCase, asked: AskedQuestion, what: str, make: Made, caller: Caller) -> bytes:
        """Something made of an answer, compressed.

        Args:
            case: Of which it is asked.
            asked: What is asked.
            what: What is made, which tells it from others of the same answer.
            make: Makes it, in a thread.
            caller: Who asks.
        """
        key = self.key(case, asked, what)
        found = self._kept(key)
        if found is not None:
            return found

        def work(tell: Tell) -> bytes:
            return self._keep(key, make(self.answer(case, asked, tell)))

        return await self.desk.made(key, work, caller)

    async def view(self, case: ServedCase, address: Address, caller: Caller) -> bytes:
        """What a page of what-if shows, as JSON, compressed."""
        key = digest.of_record([case.mark, "view", address.path(), address.lang])
        found = self._kept(key)
        if found is not None:
            return found

        def work(tell: Tell) -> bytes:
            return self._keep(key, self._viewed(case, address, tell).model_dump_json().encode())

        return await self.desk.made(key, work, caller)

    def kept(self, case: ServedCase, asked: AskedQuestion, what: str) -> bytes | None:
        """What was made before, if it was."""
        return self._kept(self.key(case, asked, what))

    def key(self, case: ServedCase, asked: AskedQuestion, what: str) -> str:
        """Stands for the content of a result."""
        return digest.of_record([case.mark, asked.question.name, asked.values, what])

    def answer(self, case: ServedCase, asked: AskedQuestion, tell: Tell) -> Answer:
        """The answer itself; in a thread."""
        key = self.key(case, asked, "answer")
        with self._lock:
            found = self._recalled(key)
            if found is not None:
                return found
            own = self._making.setdefault(key, threading.Lock())
        with own:  # another thread may be at it for another page
            try:
                with self._lock:
                    found = self._recalled(key)
                if found is None:
                    found = asked.ask(case.model(), RunOptions(progress=tell))
                    with self._lock:
                        self._recent[key] = found
                        self._forget_oldest()
            finally:
                with self._lock:
                    self._making.pop(key, None)
        return found

    def _recalled(self, key: str) -> Answer | None:
        if key in self._recent:
            self._recent.move_to_end(key)
        return self._recent.get(key)

    def _forget_oldest(self) -> None:
        while len(self._recent) > 1 and sum(one.data.nbytes for one in self._recent.values()) > RECENT_BYTES:
            self._recent.popitem(last=False)

    def warm(self, case: ServedCase, asked: list[AskedQuestion]) -> None:
        """Load a case and answer some questions of it before anybody asks; in a thread."""
        views.history(case.model())
        for one in asked:
            self.answer(case, one, _nobody)

    def _viewed(self, case: ServedCase, address: Address, tell: Tell) -> WorldView:
        model = case.model()
        answer, *others = (self.answer(case, asked, tell) for asked in worlds(case, address, self.most_draws))
        return views.world_view(answer, model, address, address.lang, tuple(others))

    def _kept(self, key: str) -> bytes | None:
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
                self.metrics.results["memory"] += 1
                return self._held[key]
        found = self.store.get(key)
        if found is not None:
            self.metrics.results["file"] += 1
            self._hold(key, found)
        return found

    def _keep(self, key: str, content: bytes) -> bytes:
        self.metrics.results["model"] += 1
        made = packed(content)
        self.store.put(key, made)
        self._hold(key, made)
        return made

    def _hold(self, key: str, made: bytes) -> None:
        if len(made) > 1_000_000:
            return
        with self._lock:
            self._held[key] = made
            while len(self._held) > HELD:
                self._held.popitem(last=False)


def worlds(case: ServedCase, address: Address, most_draws: int) -> list[AskedQuestion]:
    """The questions behind an address: its world, then those beside it; a world without a change is history."""
    found = []
    for world in (address.world, *address.compare):
        common: dict[str, object] = {"draws": min(address.draws, most_draws), "key": address.key}
        if world:
            given = common | {"changes": world.rows(case.case), "months": address.told()}
            found.append(QUESTIONS["whatif"].read(given))
        else:
            found.append(QUESTIONS["run"].read(common))
    return found


def _nobody(_done: int, _total: int) -> None:
    """Tell nobody."""


def packed(content: bytes) -> bytes:
    """Content as it is sent; the same content gives the same bytes."""
    return gzip.compress(content, LEVEL, mtime=0)
