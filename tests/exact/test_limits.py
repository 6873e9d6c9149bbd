"""Limits in which the answer is known without running anything: closed forms and things that cannot happen."""

from __future__ import annotations

from dataclasses import replace

import corridors
import jax.numpy as jnp
import numpy as np
import pytest
from corridors import twin
from settled import DRAWS, forward, people, steady, still

from palanca.model.run import CorridorInputs

ROUNDING = 1e-12


def surely_expelled() -> CorridorInputs:
    """Everyone encountered is expelled: the gate's log odds are so high that the chance is 1 in double precision."""
    inputs = steady(order=1.0)
    gates = replace(inputs.figures.gates, expelled=inputs.figures.gates.expelled + 100.0)
    return replace(inputs, figures=replace(inputs.figures, gates=gates))


def test_without_effort_nobody_is_stopped() -> None:
    nobody_sent = corridors.with_levers(corridors.eventful(), effort=0.0, acceptance=0.0, returns=0.0)
    seen = forward(nobody_sent, corridors.values(DRAWS))
    assert people(seen, "encounters").sum() > 0
    for name in ("stops", "returns", "settled"):
        assert np.all(people(seen, name) == 0.0), name


def test_without_an_order_nobody_is_expelled() -> None:
    seen = forward(corridors.with_levers(corridors.eventful(), order=0.0), corridors.values(DRAWS))
    assert np.all(people(seen, "expelled") == 0.0)
    assert np.all(people(seen, "follow")[:, 0] == 0.0)
    assert people(forward(corridors.eventful(), corridors.values(DRAWS)), "expelled").sum() > 0


def test_without_waiting_abroad_nobody_waits_abroad() -> None:
    inputs = corridors.with_levers(corridors.eventful(), wait_abroad=0.0)
    empty = replace(inputs, start=replace(inputs.start, abroad=jnp.zeros_like(inputs.start.abroad)))
    seen = forward(empty, corridors.values(DRAWS))
    assert np.all(people(seen, "stocks")[:, 3] == 0.0)


def test_nobody_is_let_in_over_a_full_cap_on_returns_while_nobody_is_released() -> None:
    inputs = corridors.with_levers(corridors.eventful(), returns=0.6, returns_cap=5.0, release=0.0, port_intake=-9.0)
    inputs = corridors.with_levers(inputs, slots=0.0, wait_abroad=0.0)
    closed = replace(
        inputs,
        outside=replace(inputs.outside, port_let_in=jnp.zeros_like(inputs.outside.port_let_in)),
        start=replace(inputs.start, abroad=jnp.zeros_like(inputs.start.abroad)),
    )
    seen = forward(closed, corridors.values(DRAWS, retry_soon=0.7))
    np.testing.assert_allclose(people(seen, "let_in"), 0.0, atol=1e-9)
    released = forward(corridors.with_levers(closed, release=1.0), corridors.values(DRAWS, retry_soon=0.7))
    assert people(released, "let_in").sum() > 100.0


def test_what_the_transit_country_does_not_take_in_is_not_left_there() -> None:
    shut = corridors.with_levers(corridors.eventful(), acceptance=0.0, returns=0.0)
    seen = forward(shut, corridors.values(DRAWS))
    assert np.all(people(seen, "stocks")[:, 4] == 0.0)
    assert people(forward(corridors.eventful(), corridors.values(DRAWS)), "stocks")[:, 4].max() > 1.0


@pytest.mark.parametrize("soon", [0.0, 0.4])
def test_with_no_retry_events_equal_people(soon: float) -> None:
    """Nobody is encountered twice: everyone encountered is let in, removed or has gone home that very month."""
    inputs = steady(months=40, order=0.5)
    seen = forward(inputs, still(retry=0.0, retry_home=0.0, retry_soon=soon))
    assert np.all(people(seen, "repeats") == 0.0)
    assert np.all(people(seen, "stocks")[:, 2] == 0.0)


@pytest.mark.parametrize("pace", [0.5, 1.0])
@pytest.mark.parametrize("soon", [0.0, 0.6, 1.0])
@pytest.mark.parametrize("retry", [0.0, 0.35, 0.8])
def test_with_everyone_expelled_events_per_person_are_one_over_one_less_retry(
    retry: float, soon: float, pace: float
) -> None:
    """In the steady state each month's first crossers give rise to 1 / (1 - retry) events, at once or later."""
    free = {"evade": 0.0, "death_border": 0.0, "retry": retry, "retry_soon": soon, "retry_home": 0.0, "hope_line": 0.0}
    seen = forward(surely_expelled(), still(**free), pace=pace)
    events = people(seen, "encounters")[-1].sum(axis=(0, 1))
    first = events - people(seen, "repeats")[-1]
    np.testing.assert_allclose(events / first, 1.0 / (1.0 - retry), rtol=1e-9)


def test_constant_inputs_settle_at_the_closed_form_of_every_stock() -> None:
    pace, effort = 0.5, 0.3
    inputs = steady(order=0.7, wait_abroad=0.5, acceptance=0.3, returns=0.2)
    values = still(hope_set=0.0)  # belief cannot move who sets out, but who crosses
    seen = forward(inputs, values, pace=pace, effort=effort)
    expected = closed_form(inputs, values, pace, effort)
    for name, place in (("south", 0), ("waiting", 1), ("again", 2), ("abroad", 3), ("returned", 4)):
        np.testing.assert_allclose(people(seen, "stocks")[-1, place], expected[name].sum(axis=(0, 1)), rtol=1e-9)
    np.testing.assert_allclose(people(seen, "encounters")[-1], expected["encounters"], rtol=1e-9)


def closed_form(inputs: CorridorInputs, values: dict, pace: float, effort: float) -> dict[str, np.ndarray]:
    """Stocks that stay as they are, by hand: what comes in equals what goes out.

    Removals depend on the total through the share of those wanted that the ceiling lets through; it is found by
    repeating the month's balance, which is a contraction.
    """
    v = {name: np.asarray(value) for name, value in values.items()}
    foreign = np.asarray(inputs.corridor.foreign)[:, None, None]
    by_land = 1.0 - np.asarray(inputs.corridor.air)[:, None]
    met = by_land + (1.0 - by_land) * v["air_exposure"]
    weight = foreign * (v["stop_exposure"] * met)[:, None] * v["stop_group"]
    caught = 1.0 - np.exp(-effort * weight)
    living = 1.0 - foreign * v["death_transit"]
    entries = np.exp(v["base"][:, None] + v["mix"])
    expelled, abroad, home, detained = (np.asarray(chance) for chance in first_gates(inputs, v))
    kept_inside = np.asarray(inputs.corridor.kept)[:, None]
    let_in = 1.0 - expelled - abroad - home - detained * kept_inside
    dare = np.exp(v["hope_line"] * (1.0 - np.asarray(inputs.corridor.circular)[..., None]) * (let_in - 1.0))
    walk = v["walk_up"]
    to_cross = (1.0 - walk) * v["cross_new"] * dare
    to_wait = 1.0 - walk - to_cross
    hides = np.asarray(inputs.corridor.hides)[:, None]
    seen_share = (1.0 - v["death_border"] * (1.0 - let_in)) * (1.0 - hides * v["evade"])
    back = expelled * v["retry"] + home * v["retry_home"][:, None]
    from_detention = detained * v["detained_removed"] * v["retry_home"][:, None]
    ceiling = v["removal_routine"]
    kept = np.ones_like(ceiling)
    for _ in range(500):
        removed = v["removal_share"][:, None] * kept
        returning = removed * v["removed_return"] + (1.0 - removed) * (1.0 - v["settle_share"][:, None]) * (
            1.0 - v["transit_quit"]
        )
        # south = (1 - pace) south + travellers * living * caught * returning, travellers = entries + pace * south
        south = entries * living * caught * returning / (pace * (1.0 - living * caught * returning))
        travellers = (entries + pace * south) * living
        wanted = (travellers * caught * v["removal_share"][:, None]).sum(axis=(0, 1))
        kept = np.minimum(1.0, ceiling / wanted)
    passed = travellers * (1.0 - caught)
    crossing = v["cross_waiting"] * dare * pace
    stay = (1.0 - crossing) * (1.0 - v["waiting_quit"])
    leave = 1.0 - (1.0 - v["abroad_heard"]) * (1.0 - v["abroad_quit"]) * (1.0 - v["abroad_cross"] * dare * pace)
    court = (1.0 - v["abroad_heard"]) * (1.0 - v["abroad_quit"]) * v["abroad_cross"] * dare * pace / leave
    # of those waiting, a share `ever` crosses in the end; of those sent back, some try again at once, the others, and
    # those removed from detention, dare next month or join those waiting; of those before a court `court` cross in the
    # end
    ever, soon = crossing / (1.0 - stay), v["retry_soon"] * dare
    next_month = back * (1.0 - soon) + from_detention
    ever_again = seen_share * (back * soon + next_month * (dare + (1.0 - dare) * ever) + abroad * court)
    encounters = passed * (to_cross + to_wait * ever) / (1.0 - ever_again) * seen_share
    later = encounters * next_month
    for_good = 0.3 * expelled * (1.0 - v["retry"]) + 0.2 * home * (1.0 - v["retry_home"][:, None])
    gone = 1.0 - (1.0 - v["returned_removed"]) * (1.0 - v["returned_settle"]) * (1.0 - v["returned_quit"])
    return {
        "south": south,
        "waiting": (passed * to_wait + later * (1.0 - dare)) / (1.0 - stay),
        "again": later / pace,
        "abroad": encounters * abroad / leave,
        "returned": foreign * encounters * for_good / gone,
        "encounters": encounters,
    }


def first_gates(inputs: CorridorInputs, v: dict[str, np.ndarray]) -> tuple[np.ndarray, ...]:
    """Chances of being expelled, made to wait abroad, sent home, detained: with unchanged levers, those of figures."""
    names = ("expelled", "abroad", "home", "detained")
    gate = [1.0 / (1.0 + np.exp(-np.asarray(getattr(inputs.figures.gates, name))[0][..., None])) for name in names]
    left, found = 1.0, []
    for one in gate:
        found.append(left * one)
        left = left * (1.0 - one)
    return tuple(found)


def merged(inputs: CorridorInputs) -> CorridorInputs:
    """All origins as one, which must be alike."""
    one = slice(1, 2)
    start = replace(
        inputs.start,
        **{
            name: getattr(inputs.start, name).sum(axis=0, keepdims=True)
            for name in ("set_out_1", "set_out_2", "south", "waiting", "again", "abroad", "returned")
        },
        **{name: getattr(inputs.start, name)[one] for name in ("belief", "news", "warned", "dread", "usual")},
    )
    by_cell = {
        name: getattr(inputs.levers, name)[:, one]
        for name, value in vars(inputs.levers).items()
        if value.ndim == 3 or name == "visa"
    }
    gates = replace(inputs.figures.gates, **{name: gate[:, one] for name, gate in vars(inputs.figures.gates).items()})
    return CorridorInputs(
        corridor=replace(
            inputs.corridor,
            circular=inputs.corridor.circular[one],
            foreign=inputs.corridor.foreign[one],
            delay=inputs.corridor.delay[:, one],
            air=inputs.corridor.air[one],
            walks=inputs.corridor.walks[one],
        ),
        outside=replace(
            inputs.outside, **{name: getattr(inputs.outside, name)[:, one] for name in ("democracy", "income", "oil")}
        ),
        figures=replace(inputs.figures, encounters=inputs.figures.encounters.sum(axis=1, keepdims=True), gates=gates),
        levers=replace(inputs.levers, **by_cell),
        start=start,
    )


def alike(inputs: CorridorInputs) -> CorridorInputs:
    """Every origin made like the second: same geography, levers, gates and figures."""

    def copied(array: jnp.ndarray, axis: int) -> jnp.ndarray:
        one = jnp.take(array, jnp.array([1]), axis=axis)
        return jnp.repeat(one, corridors.ORIGINS, axis=axis)

    corridor, levers, figures, start = inputs.corridor, inputs.levers, inputs.figures, inputs.start
    return CorridorInputs(
        corridor=replace(
            corridor,
            delay=copied(corridor.delay, 1),
            **{name: copied(getattr(corridor, name), 0) for name in ("circular", "foreign", "air", "walks")},
        ),
        outside=replace(
            inputs.outside,
            **{name: copied(getattr(inputs.outside, name), 1) for name in ("democracy", "income", "oil")},
        ),
        figures=replace(
            figures,
            encounters=copied(figures.encounters, 1),
            gates=replace(figures.gates, **{n: copied(g, 1) for n, g in vars(figures.gates).items()}),
        ),
        levers=replace(
            levers,
            **{n: copied(value, 1) for n, value in vars(levers).items() if value.ndim == 3 or n == "visa"},
        ),
        start=replace(
            start,
            **{n: copied(value, 0) for n, value in vars(start).items() if value.ndim > 1},
        ),
    )


def test_origins_that_are_alike_can_be_merged() -> None:
    """Three equal origins, or one three times as large: the same totals, with ceilings and slots binding."""
    apart = alike(corridors.eventful())
    together = merged(apart)
    drawn = corridors.values(DRAWS)
    dims = {entry.name: entry.dims for entry in corridors.layout().entries}
    equal, single = {}, {}
    for name, value in drawn.items():
        has_origin = dims[name][:1] == ("origin",)
        single[name] = value[1:2] if has_origin else value
        equal[name] = jnp.repeat(single[name], corridors.ORIGINS, axis=0) if has_origin else value
    single["base"] = single["base"] + jnp.log(float(corridors.ORIGINS))
    (shocks, three), (_, one) = corridors.replayed(apart, equal), corridors.replayed(together, single)
    np.testing.assert_allclose(shocks.factor[:, :1], shocks.factor[:, 1:2], rtol=ROUNDING)
    for name in ("encounters", "stops", "returns", "darien", "set_out", "let_in", "expelled", "removed", "held"):
        ours, theirs = people(three, name).sum(axis=1), people(one, name).sum(axis=1)
        np.testing.assert_allclose(ours, theirs, rtol=1e-9, err_msg=name)


def test_a_group_without_a_lever_is_untouched_to_the_bit_when_nothing_is_shared() -> None:
    """Crowding, ceilings and slots are the only ways from one group to another; without them there is none."""
    inputs = corridors.with_levers(
        corridors.eventful(), slots=0.0, slots_open=0.0, returns_cap=corridors.NO_CAP, returns=0.0, removal=1e6
    )
    apart = replace(inputs, figures=replace(inputs.figures, returns_known=0.0 * inputs.figures.returns_known))
    values = corridors.values(DRAWS, crowding_detained=0.0, death_crowding=0.0)
    shocks, _ = corridors.replayed(apart, values)
    first_group = np.array([1.0, 0.0, 0.0])
    now = replace(
        apart.levers,
        effort=apart.levers.effort * jnp.array([0.3, 1.0, 1.0]),
        order=jnp.maximum(apart.levers.order, 0.9 * first_group),
        news=apart.levers.news - 0.5 * first_group,
        asylum_limit=jnp.maximum(apart.levers.asylum_limit, first_group),
    )
    before, after = twin(apart, apart.levers, shocks, values), twin(apart, now, shocks, values)
    for name in ("encounters",):
        old, new = people(before, name), people(after, name)
        assert np.all(old[:, :, 1:] == new[:, :, 1:])
        assert np.any(old[:, :, 0] != new[:, :, 0])
    assert np.all(people(before, "stops_group")[:, 1:] == people(after, "stops_group")[:, 1:])


def test_with_crowding_on_a_lever_on_one_group_reaches_the_others() -> None:
    """The limit above can fail: shared room carries the change over."""
    inputs, values = corridors.eventful(), corridors.values(DRAWS)
    shocks, _ = corridors.replayed(inputs, values)
    now = corridors.changed(inputs.levers, effort=inputs.levers.effort * jnp.array([0.1, 1.0, 1.0]))
    before, after = twin(inputs, inputs.levers, shocks, values), twin(inputs, now, shocks, values)
    assert np.any(people(before, "encounters")[:, :, 1:] != people(after, "encounters")[:, :, 1:])


def test_doubling_all_bases_doubles_every_flow_where_no_ceiling_binds() -> None:
    inputs = corridors.with_levers(corridors.quiet(), order=0.5, removal=1e9, effort=1.3)
    values = corridors.values(DRAWS, crowding_detained=0.0, death_crowding=0.0)
    doubled = {**values, "base": values["base"] + jnp.log(2.0)}
    once, twice = forward(inputs, values), forward(inputs, doubled)
    for name, value in vars(once).items():
        if name != "imbalance":
            np.testing.assert_allclose(2.0 * np.asarray(value), people(twice, name), rtol=ROUNDING, err_msg=name)


def test_doubling_all_bases_does_not_double_removals_at_a_ceiling() -> None:
    """The limit above can fail: removals stay at what the transit country can do."""
    values = corridors.values(DRAWS, crowding_detained=0.0, death_crowding=0.0, removal_routine=5.0)
    doubled = {**values, "base": values["base"] + jnp.log(2.0)}
    seen = forward(corridors.quiet(), doubled)
    np.testing.assert_allclose(people(seen, "returns").sum(axis=1)[-1], 5.0, rtol=ROUNDING)


def test_effort_never_applies_to_the_transit_country_s_own_nationals() -> None:
    inputs, values = corridors.eventful(), corridors.values(DRAWS)
    strict = corridors.with_levers(inputs, effort=50.0)
    seen = forward(strict, values)
    home = corridors.HOME
    for name in ("stops", "returns", "settled"):
        assert np.all(people(seen, name)[:, home] == 0.0), name
        assert np.all(people(seen, name)[1:, home + 1 :].sum(axis=1) > 0.0), name
    assert np.all(people(seen, "encounters")[:, home].sum(axis=1) > 0.0)


def test_with_certain_death_nobody_reaches_anything() -> None:
    """Deaths come first: a lethal way leaves no stop, no crossing and no encounter of foreigners."""
    inputs = corridors.quiet()
    seen = forward(inputs, corridors.values(DRAWS, death_transit=1.0, death_crowding=0.0))
    assert np.all(people(seen, "encounters")[:, 1:] == 0.0)
    np.testing.assert_allclose(
        people(seen, "deaths")[:, 1], people(seen, "set_out")[:, 1:].sum(axis=1), rtol=2e-3
    )  # set out also counts those who died in the Darien, at most death_darien of them
