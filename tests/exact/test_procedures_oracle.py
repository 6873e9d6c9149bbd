"""A second program, written from the equations alone, gives the same queues, admissions and arrivals."""

from __future__ import annotations

import corridors
import jax.numpy as jnp
import numpy as np
import offices
from corridors import twin

import numpy_corridor
import numpy_procedures

SAME = 1e-9
DRAWS = 4


def both(preference: float = 4.0):
    """The engine's world and the rival's, on one corridor with every lever in use."""
    inputs, values = corridors.eventful(), corridors.values(draws=DRAWS)
    shocks, _ = corridors.replayed(inputs, values)
    open_now, people = offices.rules(DRAWS), offices.behaviour(DRAWS)
    seen, legal = offices.world(inputs, shocks, values, open_now, people)
    plain = numpy_corridor.arrays_of
    given = plain(people) | {"preference": np.asarray(people.preference) * preference / 4.0}
    rival = numpy_procedures.Offices(plain(open_now), given, np.asarray(values["hope_set"]))
    solved = {name: np.asarray(getattr(shocks, name)) for name in ("factor", "pace", "effort")}
    theirs = numpy_corridor.project(
        numpy_corridor.Plain.of(inputs),
        plain(inputs.levers),
        solved,
        {k: np.asarray(v) for k, v in values.items()},
        rival,
    )
    return seen, legal, theirs, rival.record


def apart(ours: object, theirs: np.ndarray) -> float:
    mine = np.asarray(ours)
    assert mine.shape == theirs.shape
    with np.errstate(invalid="ignore"):
        gap = np.where(mine == theirs, 0.0, np.abs(mine - theirs) / np.maximum(np.abs(theirs), 1e-6))
    return float(gap.max())


def test_every_outcome_of_a_world_with_procedures_agrees() -> None:
    seen, legal, theirs, record = both()
    for name, values in theirs.items():
        if name != "imbalance":
            assert apart(getattr(seen, name), values) < SAME, name
    for name in ("joined", "decided", "admitted", "wait", "road"):
        assert apart(getattr(legal, name), np.stack([month[name] for month in record])) < SAME, name
    assert apart(legal.queues.onward, np.stack([month["onward"] for month in record])) < SAME
    assert float(np.asarray(legal.admitted).sum()) > 100.0


def test_the_comparison_notices_one_more_in_a_hundred_million_who_would_apply() -> None:
    seen, _, theirs, _ = both(preference=4.0 * (1.0 + 1e-8))
    assert apart(seen.encounters, theirs["encounters"]) > SAME


def test_without_anyone_covered_the_world_is_that_without_procedures() -> None:
    inputs, values = corridors.eventful(), corridors.values(draws=DRAWS)
    shocks, _ = corridors.replayed(inputs, values)
    shut = offices.changed(offices.rules(DRAWS), covered=0.0)
    seen, legal = offices.world(inputs, shocks, values, shut, offices.behaviour(DRAWS))
    plain = twin(inputs, inputs.levers, shocks, values)
    assert apart(seen.encounters, np.asarray(plain.encounters)) < 1e-12
    assert not np.any(np.asarray(legal.queues.applied))
    assert jnp.all(legal.imbalance == 0.0)
