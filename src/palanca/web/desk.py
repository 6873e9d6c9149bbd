"""Does the work of requests in few threads: the same work once for all who wait, and none for those who have left."""

from __future__ import annotations

import asyncio
import threading
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from palanca.web.problem import HttpError

WAITING = 64  # pieces of work that may wait; a request beyond them is told to come again
LOOK_S = 0.05  # how often it is seen whether a visitor has left


class Left(Exception):  # no error: a visitor has left
    """Nobody waits for this any longer."""


@dataclass(frozen=True)
class Caller:
    """Who waits for a piece of work.

    Args:
        gone: Whether the visitor has left.
        host: From which address of the network.
    """

    gone: Callable[[], Awaitable[bool]]
    host: str = ""


@dataclass(eq=False)
class Piece:
    """One piece of work and who waits for it.

    Args:
        key: What it makes; two of the same key are one.
        host: Who asked first.
        work: Does it, in a thread; is handed a function that raises `Left` once nobody waits.
        made: Becomes what it made.
        waiting: How many wait.
    """

    key: str
    host: str
    work: Callable[[Callable[[int, int], None]], bytes]
    made: asyncio.Future[bytes]
    waiting: int = 0
    left: threading.Event = field(default_factory=threading.Event)

    def tell(self, _done: int, _total: int) -> None:
        """Raise when nobody waits any longer; the model calls it between chunks of draws."""
        if self.left.is_set():
            raise Left


class Desk:
    """Threads that do the work of requests: each address of the network in turn, and of one first come first served.

    Args:
        threads: How many pieces are done at a time.
    """

    def __init__(self, threads: int = 2) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="palanca-web")
        self._queues: OrderedDict[str, deque[Piece]] = OrderedDict()  # whose turn is next comes first
        self._pieces: dict[str, Piece] = {}
        self._free = threads
        self.dropped = 0

    @property
    def waiting(self) -> int:
        """Pieces that are not begun."""
        return sum(map(len, self._queues.values()))

    def close(self) -> None:
        """Begin nothing more."""
        for piece in self._pieces.values():
            piece.left.set()
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def made(
        self,
        key: str,
        work: Callable[[Callable[[int, int], None]], bytes],
        caller: Caller,
    ) -> bytes:
        """What a piece of work makes; an error of it is raised here.

        Args:
            key: What it makes; who asks for the same meanwhile waits for the same.
            work: Does it.
            caller: Who asks.

        Raises:
            Left: The visitor has left; if nobody else waits the work is dropped, or stopped between two chunks.
            HttpError: Too much waits already, and most of it for the same address.
        """
        piece = self._pieces.get(key)
        if piece is None or piece.left.is_set():
            self._make_room(caller.host)
            piece = Piece(key, caller.host, work, asyncio.get_running_loop().create_future())
            self._pieces[key] = piece
            self._queues.setdefault(caller.host, deque()).append(piece)
            self._begin()
        piece.waiting += 1
        try:
            while True:
                await asyncio.wait((piece.made,), timeout=LOOK_S)
                if piece.made.done():
                    return piece.made.result()
                if await caller.gone():
                    raise Left
        finally:
            piece.waiting -= 1
            if not piece.waiting and not piece.made.done():
                piece.left.set()

    def _make_room(self, host: str) -> None:
        """Let whoever waits for most give way: the newest of theirs is refused, or this caller if it is theirs."""
        if self.waiting < WAITING:
            return
        longest = max(self._queues, key=lambda name: len(self._queues[name]))
        full = HttpError(503, way_out="Try again in some seconds.")
        if len(self._queues.get(host, ())) + 1 >= len(self._queues[longest]):
            raise full
        self._fail(self._queues[longest].pop(), full)

    def _next(self) -> Piece:
        """The oldest piece of the address whose turn it is, which then waits for all others to have theirs."""
        host, queue = self._queues.popitem(last=False)
        piece = queue.popleft()
        if queue:
            self._queues[host] = queue
        return piece

    def _fail(self, piece: Piece, fault: BaseException) -> None:
        self._forget(piece)
        if not piece.made.done():
            piece.made.set_exception(fault)
            piece.made.exception()  # which nobody may be waiting for

    def _begin(self) -> None:
        """Hand the next pieces to free threads; those that nobody waits for are dropped unbegun."""
        while self._free and self._queues:
            piece = self._next()
            if piece.left.is_set():
                self.dropped += 1
                self._forget(piece)
                continue
            self._free -= 1
            done = asyncio.get_running_loop().run_in_executor(self._pool, piece.work, piece.tell)
            done.add_done_callback(lambda made, piece=piece: self._ended(piece, made))  # type: ignore[misc]

    def _ended(self, piece: Piece, made: asyncio.Future[bytes]) -> None:
        self._free += 1
        fault = made.exception() if not made.cancelled() else Left()
        if isinstance(fault, Left):
            self.dropped += 1
        if fault is not None:
            self._fail(piece, fault)
        else:
            self._forget(piece)
            if not piece.made.done():
                piece.made.set_result(made.result())
        self._begin()

    def _forget(self, piece: Piece) -> None:
        if self._pieces.get(piece.key) is piece:
            del self._pieces[piece.key]
