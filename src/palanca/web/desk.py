"""Does the work of requests in few threads: the same work once for all who wait, and none for those who have left."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from palanca.web.problem import HttpError

WAITING = 64  # pieces of work that may wait; a request beyond them is told to come again
LOOK_S = 0.05  # how often it is seen whether a visitor has left


class Left(Exception):  # no error: a visitor has left
    """Nobody waits for this any longer."""


@dataclass(eq=False)
class Piece:
    """One piece of work and who waits for it.

    Args:
        key: What it makes; two of the same key are one.
        work: Does it, in a thread; is handed a function that raises `Left` once nobody waits.
        made: Becomes what it made.
        waiting: How many wait.
    """

    key: str
    work: Callable[[Callable[[int, int], None]], bytes]
    made: asyncio.Future[bytes]
    waiting: int = 0
    left: threading.Event = field(default_factory=threading.Event)

    def tell(self, _done: int, _total: int) -> None:
        """Raise when nobody waits any longer; the model calls it between chunks of draws."""
        if self.left.is_set():
            raise Left


class Desk:
    """Threads that do the work of requests, first come first served.

    Args:
        threads: How many pieces are done at a time.
    """

    def __init__(self, threads: int = 2) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="palanca-web")
        self._queue: deque[Piece] = deque()
        self._pieces: dict[str, Piece] = {}
        self._free = threads
        self.dropped = 0

    @property
    def waiting(self) -> int:
        """Pieces that are not begun."""
        return len(self._queue)

    def close(self) -> None:
        """Begin nothing more."""
        for piece in self._pieces.values():
            piece.left.set()
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def made(
        self,
        key: str,
        work: Callable[[Callable[[int, int], None]], bytes],
        gone: Callable[[], Awaitable[bool]],
    ) -> bytes:
        """What a piece of work makes; an error of it is raised here.

        Args:
            key: What it makes; who asks for the same meanwhile waits for the same.
            work: Does it.
            gone: Whether the visitor has left.

        Raises:
            Left: The visitor has left; if nobody else waits the work is dropped, or stopped between two chunks.
            HttpError: Too much waits already.
        """
        piece = self._pieces.get(key)
        if piece is None or piece.left.is_set():
            if len(self._queue) >= WAITING:
                raise HttpError(503, way_out="Try again in some seconds.")
            piece = Piece(key, work, asyncio.get_running_loop().create_future())
            self._pieces[key] = piece
            self._queue.append(piece)
            self._begin()
        piece.waiting += 1
        try:
            while True:
                await asyncio.wait((piece.made,), timeout=LOOK_S)
                if piece.made.done():
                    return piece.made.result()
                if await gone():
                    raise Left
        finally:
            piece.waiting -= 1
            if not piece.waiting and not piece.made.done():
                piece.left.set()

    def _begin(self) -> None:
        """Hand the next pieces to free threads; those that nobody waits for are dropped unbegun."""
        while self._free and self._queue:
            piece = self._queue.popleft()
            if piece.left.is_set():
                self.dropped += 1
                self._forget(piece)
                continue
            self._free -= 1
            done = asyncio.get_running_loop().run_in_executor(self._pool, piece.work, piece.tell)
            done.add_done_callback(lambda made, piece=piece: self._ended(piece, made))  # type: ignore[misc]

    def _ended(self, piece: Piece, made: asyncio.Future[bytes]) -> None:
        self._free += 1
        self._forget(piece)
        fault = made.exception() if not made.cancelled() else Left()
        if isinstance(fault, Left):
            self.dropped += 1
        if not piece.made.done():
            if fault is None:
                piece.made.set_result(made.result())
            else:
                piece.made.set_exception(fault)
                piece.made.exception()  # which nobody may be waiting for
        self._begin()

    def _forget(self, piece: Piece) -> None:
        if self._pieces.get(piece.key) is piece:
            del self._pieces[piece.key]
