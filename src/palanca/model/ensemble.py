"""Runs many draws of one corridor in equal chunks, two at a time, with memory bounded by what is kept."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import fields
from functools import partial
from typing import TypeVar

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from palanca.core.errors import UsageError
from palanca.model.outcomes import MonthlyOutcomes
from palanca.model.parameters import Layout, ParameterEntry
from palanca.model.run import CorridorInputs, project, replay
from palanca.model.world import Shocks
from palanca.policy.levers import LeverLevels

CHUNK = 64  # draws compiled for at once; every chunk has this size, so a draw's arithmetic never differs
IN_FLIGHT = 2  # chunks that run at the same time; the compiled code lets go of the interpreter
WAITING = 1  # chunks that wait behind them, so that nobody idles while a result is put away
SURPRISES = "surprises"
EVERYTHING = tuple(field.name for field in fields(MonthlyOutcomes))

Values = dict[str, Array]
Kept = dict[str, np.ndarray]
Progress = Callable[[int, int], None]
Result = TypeVar("Result")


def run(
    inputs: CorridorInputs,
    free_draws: np.ndarray,
    layout: Layout,
    *,
    now: LeverLevels | None = None,
    held: Mapping[str, float] | None = None,
    keep: tuple[str, ...] | None = None,
    progress: Progress | None = None,
) -> tuple[Shocks | None, Kept, Kept | None]:
    """Replay and project every draw, and its twin under changed levers if there are any.

    Guarantees:
        A draw's numbers depend on the draw alone, to the bit: not on how many others there are, nor on their
        order, nor on which chunks run side by side. The twin shares the draw's surprises; with unchanged levers
        it equals the base to the bit, and up to the first month with a change it always does. Memory is what is
        kept plus three chunks. An interruption passes through once the chunks in flight have ended (a fraction of a
        second); nothing is left running.

    Args:
        inputs: The corridor, with the levers as recorded.
        free_draws: Free numbers of every draw, (length, draw).
        layout: Where each parameter lies in `free_draws`.
        now: The levers of the twin world; without them no twin is run.
        held: Parameters of the twin world that are held at a number of their own, in the table's units.
        keep: Fields of `MonthlyOutcomes` to keep, and `surprises` for what replay solved; all of these if not given.
        progress: Called as `progress(done, total)` with numbers of draws, in the calling thread.

    Returns:
        The surprises if kept, the base and the twin; fields by name, month first and draw last.

    Raises:
        UsageError: `keep` names something that a month does not record, or there is no draw.
    """
    fields_kept, with_surprises = _wanted(keep)
    total = free_draws.shape[-1]
    if total == 0:
        raise UsageError("no draws to run", way_out="Ask for one draw or more.")
    values_of = (layout.entries, fields_kept)
    solved: Kept = {}
    base: Kept = {}
    twin: Kept = {}

    def job(first: int) -> tuple[Shocks, Values, Values]:
        return _chunk(inputs, (now, held or {}), padded(free_draws, first), *values_of)

    with closing(in_order(job, range(0, total, CHUNK))) as chunks:
        for first, (shocks, seen, other) in chunks:
            last = min(first + CHUNK, total)
            _store(base, seen, first, last, total)
            _store(twin, other, first, last, total)
            if with_surprises:
                _store(solved, {f.name: getattr(shocks, f.name) for f in fields(Shocks)}, first, last, total)
            if progress is not None:
                progress(last, total)
    surprises = Shocks(**{name: jnp.asarray(block) for name, block in solved.items()}) if solved else None
    return surprises, base, (twin if now is not None else None)


def _wanted(keep: tuple[str, ...] | None) -> tuple[tuple[str, ...], bool]:
    """Fields of `MonthlyOutcomes` to keep, in their own order so that one set compiles once; and whether surprises."""
    if keep is None:
        return EVERYTHING, True
    unknown = sorted(set(keep) - {*EVERYTHING, SURPRISES})
    if unknown:
        raise UsageError(
            "a month records no such field",
            found=", ".join(unknown),
            expected=", ".join((*EVERYTHING, SURPRISES)),
        )
    return tuple(name for name in EVERYTHING if name in keep), SURPRISES in keep


def _chunk(
    inputs: CorridorInputs,
    twin_world: tuple[LeverLevels | None, Mapping[str, float]],
    free: np.ndarray,
    entries: tuple[ParameterEntry, ...],
    keep: tuple[str, ...],
) -> tuple[Shocks, Values, Values]:
    """One chunk: the surprises, the base and the twin, waited for in this thread."""
    values = constrained_chunk(jnp.asarray(free), entries)
    shocks = solved_chunk(inputs, values)
    base = projected_chunk(inputs, inputs.levers, shocks, values, keep)
    now, held = twin_world
    other = values | {name: jnp.full_like(values[name], number) for name, number in held.items()}
    twin = {} if now is None else projected_chunk(inputs, now, shocks, other, keep)
    done: tuple[Shocks, Values, Values] = jax.block_until_ready((shocks, base, twin))
    return done


@partial(jax.jit, static_argnames="entries")
def constrained_chunk(free: Array, entries: tuple[ParameterEntry, ...]) -> Values:
    """Free numbers of one chunk to parameters by name."""
    return Layout(entries, {}).constrain(free)


@jax.jit
def solved_chunk(inputs: CorridorInputs, values: Values) -> Shocks:
    """What replay solves for one chunk; what it would record besides is never computed."""
    return replay(inputs, values)[0]


@partial(jax.jit, static_argnames="keep")
def projected_chunk(
    inputs: CorridorInputs, now: LeverLevels, shocks: Shocks, values: Values, keep: tuple[str, ...]
) -> Values:
    """Base and twin go through this one compiled function, so that equal levers give equal bits.

    What is not kept is never computed: the compiler removes its work.
    """
    seen = project(inputs, now, shocks, values)
    return {name: getattr(seen, name) for name in keep}


def in_order(job: Callable[[int], Result], starts: range) -> Generator[tuple[int, Result], None, None]:
    """Results of the jobs in order, with at most a few under way; ends them all before passing an exception."""
    pending: deque[tuple[int, Future[Result]]] = deque()
    pool = ThreadPoolExecutor(IN_FLIGHT)
    try:
        for first in starts:
            pending.append((first, pool.submit(job, first)))
            if len(pending) >= IN_FLIGHT + WAITING:
                at, future = pending.popleft()
                yield at, future.result()
        while pending:
            at, future = pending.popleft()
            yield at, future.result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def padded(free: np.ndarray, first: int) -> np.ndarray:
    """The chunk's draws; the last chunk is filled up with copies of its last draw, which nobody sees."""
    part = free[:, first : first + CHUNK]
    return np.pad(part, ((0, 0), (0, CHUNK - part.shape[1])), mode="edge")


def _store(kept: Kept, seen: Values, first: int, last: int, total: int) -> None:
    for name, block in seen.items():
        whole = kept.setdefault(name, np.empty((*block.shape[:-1], total)))
        whole[..., first:last] = np.asarray(block)[..., : last - first]
