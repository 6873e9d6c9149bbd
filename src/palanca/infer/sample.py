"""Draws from a density by the no-U-turn sampler: chains side by side, in blocks that can be stopped and resumed."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from numpyro.infer.hmc import HMCState, hmc

from palanca.core import digest, save
from palanca.core.errors import FitError
from palanca.kernel.keys import stream

SIDE_BY_SIDE = 2  # chains compiled together, and how many such pairs run at the same time
FIRST_STEP = 0.1
MOST_DOUBLINGS = 8
START_SPREAD = 1.0  # chains start this many standard deviations of the quick fit away from its maximum
RECORDED = ("position", "log_density", "energy", "diverging", "accepted", "steps")

Potential = Callable[[Array], Array]
Progress = Callable[[int, int, int], None]


@dataclass(frozen=True)
class SamplingPlan:
    """How to sample.

    Args:
        chains: How many chains, an even number.
        warmup: Iterations of each chain that tune it and are not kept.
        kept: Iterations of each chain that are kept.
        key: Same key, same bits.
        block: Iterations between two checkpoints.
        target: Share of proposals to be accepted; nearer 1 takes smaller steps.
    """

    chains: int = 4
    warmup: int = 300
    kept: int = 250
    key: int = 1
    block: int = 10
    target: float = 0.8

    @property
    def total(self) -> int:
        """Iterations of a chain."""
        return self.warmup + self.kept

    def check(self) -> None:
        """Refuse a plan that cannot be carried out.

        Raises:
            FitError: Says which number.
        """
        for name, wrong, expected in (
            ("chains", self.chains < SIDE_BY_SIDE or self.chains % SIDE_BY_SIDE, "an even number, 2 or more"),
            ("warmup", self.warmup % self.block or self.warmup < self.block, f"a multiple of {self.block}"),
            ("kept", self.kept % self.block or self.kept < self.block, f"a multiple of {self.block}"),
        ):
            if wrong:
                raise FitError("cannot sample so", where=name, found=str(getattr(self, name)), expected=expected)


@dataclass(frozen=True)
class Sampled:
    """What the chains recorded after tuning, chain first and iteration second.

    Args:
        position: Where the chain was, (chain, draw, length).
        log_density: Log density there.
        energy: Energy of the trajectory that led there, minus log density plus what its momentum held.
        diverging: Whether the trajectory broke down.
        accepted: Mean chance of acceptance along the trajectory.
        steps: Slopes that the trajectory took.
        planned: Iterations that were to be kept of each chain; fewer are there if time ran out.
    """

    position: np.ndarray
    log_density: np.ndarray
    energy: np.ndarray
    diverging: np.ndarray
    accepted: np.ndarray
    steps: np.ndarray
    planned: int


def sample(
    potential: Potential,
    length: int,
    plan: SamplingPlan,
    *,
    checkpoint: Path | None = None,
    mark: str = "",
    seconds: float = float("inf"),
    progress: Progress | None = None,
) -> Sampled:
    """Sample a density whose scale is about 1 in every direction.

    Guarantees:
        The same key gives the same bits, whether or not the run was stopped and resumed on the way, and wherever
        it was stopped: what a block had not finished is done again.

    Args:
        potential: Minus the log density of a position, (length).
        length: Length of a position.
        plan: How many chains and iterations.
        checkpoint: File to keep after every block; if it is there, the run goes on from it.
        mark: What the density was made from; a checkpoint with another mark is refused.
        seconds: No block begins after this time; what was kept until then is returned.
        progress: Called as `progress(iterations done, iterations planned, divergences after tuning)`.

    Raises:
        FitError: The checkpoint is corrupt or of another run, or time ran out before anything was kept.
    """
    plan.check()
    begun = time.monotonic()
    kernel = _Kernel(potential, length, plan)
    done, states, records = _resumed(checkpoint, kernel, mark) if checkpoint is not None else kernel.fresh()
    with ThreadPoolExecutor(max_workers=2) as pool:
        while done < plan.total and time.monotonic() - begun < seconds:
            results = list(pool.map(kernel.advance, states))
            states = [state for state, _ in results]
            done += plan.block
            if done > plan.warmup:
                records.append({name: np.concatenate([np.asarray(r[name]) for _, r in results]) for name in RECORDED})
            if checkpoint is not None:
                _keep(checkpoint, mark, plan, done, states, records)
            if progress is not None:
                progress(done, plan.total, int(sum(block["diverging"].sum() for block in records)))
    if not records:
        raise FitError(
            "time ran out while the chains were being tuned",
            found=f"{done} of {plan.warmup} iterations",
            way_out="Give more minutes; a run with a checkpoint goes on from where it stopped.",
        )
    joined = {name: np.concatenate([block[name] for block in records], axis=1) for name in RECORDED}
    return Sampled(**joined, planned=plan.kept)


class _Kernel:
    """The sampler compiled for one density; chains advance in pairs."""

    def __init__(self, potential: Potential, length: int, plan: SamplingPlan) -> None:
        start, step = hmc(potential_fn=potential, algo="NUTS")
        seeds = stream(plan.key, "chains").integers(0, 2**31, plan.chains)
        noise = stream(plan.key, "chain starts").standard_normal((plan.chains, length)) * START_SPREAD
        self._keys = np.stack([np.asarray(jax.random.PRNGKey(int(seed))) for seed in seeds])
        self._starts = noise

        def begin(at: Array, key: Array) -> HMCState:
            return start(
                at, plan.warmup, step_size=FIRST_STEP, target_accept_prob=plan.target, max_tree_depth=MOST_DOUBLINGS,
                rng_key=key,
            )  # fmt: skip

        def one(state: HMCState, _: None) -> tuple[HMCState, dict[str, Array]]:
            state = step(state)
            return state, {
                "position": state.z,
                "log_density": -state.potential_energy,
                "energy": state.energy,
                "diverging": state.diverging,
                "accepted": state.accept_prob,
                "steps": state.num_steps,
            }

        self._begin = jax.vmap(begin)
        self._advance = jax.jit(jax.vmap(lambda state: jax.lax.scan(one, state, None, length=plan.block)))
        self.plan = plan

    def fresh(self) -> tuple[int, list[HMCState], list[dict[str, np.ndarray]]]:
        """Chains at their starts, nothing done."""
        pairs = [slice(i, i + SIDE_BY_SIDE) for i in range(0, self.plan.chains, SIDE_BY_SIDE)]
        states = [self._begin(jnp.asarray(self._starts[pair]), jnp.asarray(self._keys[pair])) for pair in pairs]
        return 0, states, []

    def advance(self, state: HMCState) -> tuple[HMCState, dict[str, Array]]:
        """One block of a pair of chains, waited for in this thread."""
        done: tuple[HMCState, dict[str, Array]] = jax.block_until_ready(self._advance(state))
        return done


def _mark(mark: str, plan: SamplingPlan) -> str:
    return digest.of_record({"mark": mark, "plan": repr(plan)})


def _keep(
    path: Path, mark: str, plan: SamplingPlan, done: int, states: list[HMCState], records: list[dict[str, np.ndarray]]
) -> None:
    leaves: dict[str, Any] = {
        f"state {i} {k}": np.asarray(x) for i, s in enumerate(states) for k, x in enumerate(jax.tree.leaves(s))
    }
    kept: dict[str, Any] = {
        f"record {name}": np.concatenate([r[name] for r in records], axis=1) for name in RECORDED if records
    }
    stream_out = io.BytesIO()
    np.savez(stream_out, mark=np.array(_mark(mark, plan)), done=np.array(done), **leaves, **kept)
    save.content(path, stream_out.getvalue())


def _resumed(path: Path, kernel: _Kernel, mark: str) -> tuple[int, list[HMCState], list[dict[str, np.ndarray]]]:
    done, states, records = kernel.fresh()
    if not path.exists():
        return done, states, records
    way_out = f"Remove {path} to start again."
    try:
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as parts:
            held = {name: np.array(parts[name]) for name in parts.files}
        made, done = str(held["mark"]), int(held["done"])
        loaded = [
            jax.tree.unflatten(
                jax.tree.structure(state),
                [jnp.asarray(held[f"state {i} {k}"]) for k in range(len(jax.tree.leaves(state)))],
            )
            for i, state in enumerate(states)
        ]
    except (KeyError, ValueError, OSError, EOFError, zipfile.BadZipFile) as fault:
        raise FitError("cannot read the checkpoint", where=str(path), found=str(fault), way_out=way_out) from fault
    if made != _mark(mark, kernel.plan):
        raise FitError(
            "the checkpoint is of another run",
            where=str(path),
            expected="the same case, figures, code and plan of sampling",
            way_out=way_out,
        )
    if "record position" in held:
        records = [{name: held[f"record {name}"] for name in RECORDED}]
    return done, loaded, records
