"""Means of the procedures against people who apply, wait, are decided on and appeal one by one."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
import people

from palanca.flows import procedures
from palanca.flows.procedures import Behaviour, ProcedureRules, Procedures

MONTHS, REPLICATIONS = 24, 400
FAR = 4.7  # among 300 standard normals one lies beyond it once in 1,300 times; one seed, fixed
COMING, BELIEF, CIRCULAR, HOPE = np.array([40.0, 15.0]), np.array([0.3, 0.7]), np.array([0.0, 0.4]), 1.3
WAIT, ACCEPTED, APPEAL, WON, REACH = 4.0, np.array([0.5, 0.2]), 0.4, 0.3, 0.7
USUAL = {
    "preference": 5.0, "patience": 9.0, "dissimilarity": 0.4, "queue_quit": 0.06, "quit_road": 0.3,
    "refused_road": 0.35, "appeal_heard": 0.2,
}  # fmt: skip


def engine(refused_road: float = USUAL["refused_road"]) -> dict[str, np.ndarray]:
    """The mechanism month by month, (month, cell)."""
    one = lambda value: jnp.full((1, 1), value)  # noqa: E731
    rules = ProcedureRules(
        covered=jnp.ones((1, 2, 1)), reach=one(REACH), labour=jnp.zeros(1), capacity=one(1e9), least_wait=one(WAIT),
        accepted=jnp.asarray(ACCEPTED)[None, :, None], appeal=one(APPEAL), appeal_won=one(WON), pools=jnp.zeros((1, 1)),
        places=one(0.0),
    )  # fmt: skip
    acts = Behaviour(**{name: jnp.array([value]) for name, value in (USUAL | {"refused_road": refused_road}).items()})
    cell = lambda values: jnp.asarray(values)[:, None, None]  # noqa: E731
    queues, rows = procedures.nobody(1, (2, 1), 1), []
    for _ in range(MONTHS):
        month = procedures.live(
            cell(COMING), cell(BELIEF), cell(CIRCULAR), jnp.array([HOPE]), Procedures(rules, acts, queues)
        )
        queues = month.queues
        found = (month.road, month.joined[0], month.admitted[0], month.stayed, queues.applied[0], queues.appealed[0])
        rows.append([np.asarray(values)[:, 0, 0] for values in found])
    return dict(
        zip(
            ("road", "applied", "admitted", "stayed", "queue", "appeals"),
            np.moveaxis(np.array(rows), 1, 0),
            strict=True,
        )
    )


def tables() -> list[dict[str, np.ndarray]]:
    """The chance of every event, worked out by hand."""
    chance = ACCEPTED + (1 - ACCEPTED) * APPEAL * WON
    odds = (1 - CIRCULAR) * REACH * USUAL["preference"] * chance * np.exp(-WAIT / USUAL["patience"] - HOPE * BELIEF)
    month = {
        "coming": COMING * (1 + odds) ** USUAL["dissimilarity"], "apply": odds / (1 + odds), "decided": 1 / WAIT,
        "quit": USUAL["queue_quit"], "accepted": ACCEPTED, "appeal": APPEAL, "heard": USUAL["appeal_heard"], "won": WON,
        "refused_road": USUAL["refused_road"], "quit_road": USUAL["quit_road"],
    }  # fmt: skip
    return [{name: np.broadcast_to(value, 2).astype(float) for name, value in month.items()}] * MONTHS


def worst(engine_has: dict[str, np.ndarray]) -> tuple[float, float]:
    """Farthest mean in standard errors, and the mean square of all."""
    counts, far = people.apply_and_wait(tables(), REPLICATIONS, seed=21), []
    for name, count in counts.items():
        happens = engine_has[name] > 0.5
        error = np.maximum(count.std(axis=-1, ddof=1) / np.sqrt(REPLICATIONS), 1e-12)
        far.append(((count.mean(axis=-1) - engine_has[name]) / error)[happens])
    scores = np.concatenate(far)
    assert scores.size > 200
    return float(np.abs(scores).max()), float(np.mean(scores**2))


def test_means_agree_with_people_who_apply_one_by_one() -> None:
    farthest, square = worst(engine())
    assert farthest < FAR
    assert 0.5 < square < 1.7


def test_a_wrong_share_that_takes_the_road_is_found_out() -> None:
    farthest, _ = worst(engine(refused_road=USUAL["refused_road"] + 0.1))
    assert farthest > FAR
