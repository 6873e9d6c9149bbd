"""Harm in limits where the answer is known: deaths, kidnapping and extortion, and what the way costs."""

from __future__ import annotations

from dataclasses import replace

import corridors
import jax.numpy as jnp
import numpy as np
from corridors import twin
from settled import DRAWS, forward, people, steady, still

ROUNDING = 1e-12


def test_deaths_double_with_people_and_thin_out_with_the_crowd_of_the_record_alone() -> None:
    """With N on the way in the record a chance of dying is 1/(1 + crowding N), whatever another world's numbers."""
    values = corridors.values(DRAWS, crowding_detained=0.0, death_crowding=1e7)
    doubled = {**values, "base": values["base"] + jnp.log(2.0)}
    inputs = corridors.with_levers(steady(), removal=1e9)
    once, twice = (people(forward(inputs, v), "deaths")[-1, :2] for v in (values, doubled))
    assert np.all(once > 0.0)
    np.testing.assert_allclose(twice, 2.0 * once, rtol=1e-9)
    crowded = replace(inputs.figures, crowding=inputs.figures.crowding + np.log(2.0))
    np.testing.assert_allclose(
        people(forward(replace(inputs, figures=crowded), values), "deaths")[-1, :2], 0.5 * once, rtol=1e-4
    )


def test_deaths_in_crossings_follow_hiding_season_and_the_recorded_crowd_by_hand() -> None:
    """Deaths over crossings, from the accounts: crossings are those seen, those unseen, and the dead."""
    flat, values = corridors.with_levers(corridors.eventful(), news=0.0), corridors.values(DRAWS, crowding_detained=0.0)
    seen = forward(flat, values)
    v = {name: np.asarray(value) for name, value in values.items()}
    gates = {
        name: 1.0 / (1.0 + np.exp(-np.asarray(gate)[..., None])) for name, gate in vars(flat.figures.gates).items()
    }
    lever = {name: np.asarray(value)[..., None] for name, value in vars(flat.levers).items()}
    passing = (1.0 - gates["expelled"] * (lever["order"] > 0)) * (1.0 - gates["abroad"] * (lever["wait_abroad"] > 0))
    passing = passing * (1.0 - gates["home"])
    let_in = passing * (1.0 - gates["detained"] * np.asarray(flat.corridor.kept)[:, None]) * lever["release"]
    counted = people(seen, "encounters")
    crowd = 30_000.0 * np.exp(np.asarray(flat.figures.crowding))[:, None]
    heat = np.asarray(flat.corridor.heat)[np.asarray(flat.outside.calendar_month).astype(int)]
    chance = v["death_border"] * (heat[:, None] / (1.0 + v["death_crowding"] * crowd / 30_000.0))[:, None, None]
    chance = chance * (1.0 - let_in)
    unseen = np.asarray(flat.corridor.hides)[:, None] * v["evade"]
    deaths = (counted / (1.0 - unseen) * chance / (1.0 - chance)).sum(axis=(1, 2))
    np.testing.assert_allclose(people(seen, "deaths")[:, 0], deaths, rtol=1e-9)


def test_where_everyone_is_let_in_nobody_dies_in_a_crossing() -> None:
    inputs = steady()
    open_gates = replace(inputs.figures.gates, **{n: g - 800.0 for n, g in vars(inputs.figures.gates).items()})
    seen = forward(replace(inputs, figures=replace(inputs.figures, gates=open_gates)), still())
    assert np.all(people(seen, "deaths")[:, 0] == 0.0)
    assert people(forward(inputs, still()), "deaths")[-1, 0].min() > 0.0


def test_twice_the_months_on_hold_are_twice_the_kidnappings_there() -> None:
    """Nobody harmed on the road: what is left is linear in the people on hold at the start of the month."""
    inputs = corridors.eventful()
    values = corridors.values(DRAWS, kidnap_road=0.0, extort_road=0.0, crowding_detained=0.0)
    twofold = {n: 2.0 * getattr(inputs.start, n) for n in ("south", "waiting", "again", "abroad")}
    more = replace(inputs, start=replace(inputs.start, **twofold))
    once, twice = forward(inputs, values), forward(more, values)
    for name in ("kidnapped", "extorted"):
        assert people(once, name)[0].sum() > 0.0
        np.testing.assert_allclose(people(twice, name)[0], 2.0 * people(once, name)[0], rtol=ROUNDING)
    held = people(once, "stocks")[:-1].sum(axis=1)  # of all origins: those at home are exposed to none of it
    share = people(once, "kidnapped")[1:].sum(axis=1) / held
    assert np.all(share <= np.asarray(values["kidnap_hold"]) * (1.0 + ROUNDING))
    assert np.all(people(once, "kidnapped")[:, corridors.HOME] == 0.0)


def test_harm_is_the_chance_times_the_people_and_months_exposed_to_it() -> None:
    """By hand: on hold at the end of last month, on the road this month with one try where nobody is stopped."""
    inputs = corridors.with_levers(corridors.eventful(), effort=0.0, slots=0.0)
    values = corridors.values(DRAWS)
    v = {name: np.asarray(value) for name, value in values.items()}
    shocks = corridors.plain_shocks(inputs, DRAWS)
    seen = twin(inputs, inputs.levers, shocks, values)
    south = np.asarray(inputs.start.south).sum(axis=1)[1:]
    hold = sum(np.asarray(getattr(inputs.start, n)).sum(axis=1)[1:] for n in ("south", "waiting", "again", "abroad"))
    lost = people(seen, "darien")[0, 1:] * v["death_darien"]
    new = people(seen, "set_out")[0, 1:] - lost
    road = new + south * np.asarray(shocks.pace)[0, 1:]
    for verb, name in (("kidnap", "kidnapped"), ("extort", "extorted")):
        by_hand = v[f"{verb}_road"] * road + v[f"{verb}_hold"] * hold
        np.testing.assert_allclose(people(seen, name)[0, 1:], by_hand, rtol=1e-9)
    np.testing.assert_allclose(people(seen, "fees")[0, 1:], v["fee"] * new, rtol=1e-9)


def test_chances_of_zero_harm_nobody_and_harm_is_never_negative() -> None:
    inputs = corridors.eventful()
    none = dict.fromkeys(("kidnap_road", "kidnap_hold", "extort_road", "extort_hold", "fee"), 0.0)
    for name in ("kidnapped", "extorted", "fees"):
        assert np.all(people(forward(inputs, corridors.values(DRAWS, **none)), name) == 0.0), name
        assert np.all(people(forward(inputs, corridors.values(DRAWS)), name) >= 0.0), name


def test_control_raises_the_fee_and_the_harm_done_to_each_traveller() -> None:
    """In one month: with more stops each pays more and is harmed more; those at home are not."""
    inputs, values = corridors.eventful(), corridors.values(DRAWS)
    calm, strict = (forward(corridors.with_levers(inputs, effort=e), values) for e in (1.0, 2.0))
    foreign = slice(corridors.HOME + 1, None)
    for name in ("kidnapped", "extorted", "fees"):
        assert np.all(people(strict, name)[0, foreign] > people(calm, name)[0, foreign]), name
    assert np.all(people(strict, "fees")[0, corridors.HOME] == people(calm, "fees")[0, corridors.HOME])
