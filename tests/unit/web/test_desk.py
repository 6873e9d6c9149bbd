"""Work is done once for all who wait, and not at all for those who have left."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest

from palanca.core.errors import UsageError
from palanca.web import desk as desks
from palanca.web.desk import Caller, Desk, Left
from palanca.web.problem import HttpError


async def stays() -> bool:
    return False


here = Caller(stays)


def run(work) -> None:
    async def whole():
        desk = Desk(1)
        try:
            await asyncio.wait_for(work(desk), 10.0)
        finally:
            desk.close()

    asyncio.run(whole())


def test_two_who_ask_for_the_same_wait_for_one_piece_of_work():
    calls = []

    def work(_tell):
        calls.append(1)
        time.sleep(0.05)
        return b"made"

    async def both(desk):
        assert await asyncio.gather(*(desk.made("a", work, here) for _ in range(5))) == [b"made"] * 5

    run(both)
    assert len(calls) == 1


def test_work_that_nobody_waits_for_any_longer_is_never_begun():
    begun, hold = [], threading.Event()

    def slow(_tell):
        hold.wait(5.0)
        return b"first"

    def never(_tell):
        begun.append(1)
        return b"second"

    async def leave(desk):
        first = asyncio.create_task(desk.made("first", slow, here))
        await asyncio.sleep(0.05)
        left = []

        async def gone():
            return bool(left)

        second = asyncio.create_task(desk.made("second", never, Caller(gone)))
        await asyncio.sleep(0.05)
        left.append(1)
        with pytest.raises(Left):
            await second
        hold.set()
        assert await first == b"first"
        await asyncio.sleep(0.05)
        assert desk.dropped == 1

    run(leave)
    assert not begun


def test_work_under_way_stops_at_the_next_chunk_once_its_visitor_has_left():
    chunks, stopped = [], threading.Event()

    def work(tell):
        try:
            for k in range(200):
                chunks.append(k)
                time.sleep(0.01)
                tell(k, 200)
        except Left:
            stopped.set()
            raise
        return b""

    async def leave(desk):
        async def gone():
            return len(chunks) > 3

        with pytest.raises(Left):
            await desk.made("a", work, Caller(gone))
        assert await asyncio.to_thread(stopped.wait, 5.0)

    run(leave)
    assert len(chunks) < 100


def test_an_error_of_the_work_reaches_everybody_who_waits_and_is_not_kept():
    turn = []

    def work(_tell):
        turn.append(1)
        if len(turn) == 1:
            raise UsageError("no")
        return b"yes"

    async def ask(desk):
        found = await asyncio.gather(*(desk.made("a", work, here) for _ in range(3)), return_exceptions=True)
        assert all(isinstance(one, UsageError) for one in found)
        assert await desk.made("a", work, here) == b"yes"

    run(ask)


def test_a_full_queue_refuses_instead_of_growing(monkeypatch):
    monkeypatch.setattr(desks, "WAITING", 2)
    hold = threading.Event()

    def slow(_tell):
        hold.wait(5.0)
        return b""

    async def flood(desk):
        kept = [asyncio.create_task(desk.made(str(k), slow, here)) for k in range(3)]
        await asyncio.sleep(0.05)
        with pytest.raises(HttpError) as fault:
            await desk.made("one more", slow, here)
        assert fault.value.status == 503
        hold.set()
        await asyncio.gather(*kept)

    run(flood)


def test_one_address_that_floods_neither_goes_first_nor_keeps_another_out(monkeypatch):
    monkeypatch.setattr(desks, "WAITING", 4)
    hold, order = threading.Event(), []

    def slow(_tell):
        hold.wait(5.0)
        return b""

    def noted(name):
        def work(_tell):
            order.append(name)
            return b""

        return work

    async def flood(desk):
        first = asyncio.create_task(desk.made("first", slow, here))
        await asyncio.sleep(0.05)
        many = [asyncio.create_task(desk.made(f"many {k}", noted(f"many {k}"), Caller(stays, "a"))) for k in range(4)]
        await asyncio.sleep(0.05)
        other = asyncio.create_task(desk.made("other", noted("other"), Caller(stays, "b")))
        await asyncio.sleep(0.05)
        hold.set()
        found = await asyncio.gather(*many, return_exceptions=True)
        assert [isinstance(one, HttpError) for one in found] == [False, False, False, True]  # the newest gave way
        await asyncio.gather(first, other)

    run(flood)
    assert order.index("other") == 1  # after one of the many, not after all of them
