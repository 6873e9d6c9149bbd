"""The engine's means, and the scatter about them, against people simulated one by one."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import corridors
import jax.numpy as jnp
import numpy as np
import people
from corridors import twin

from palanca.model.run import CorridorInputs
from palanca.model.world import Shocks

REPLICATIONS = 400
MONTHS = corridors.MONTHS
FAR = 4.7  # among 300 standard normals one lies beyond it once in 1,300 times; each test has one seed, fixed
RETRY = 0.45
STEADY = ("cross_new", "cross_waiting", "waiting_quit", "abroad_heard", "abroad_quit", "abroad_cross", "retry_soon")
RETURNED = ("returned_removed", "returned_settle", "returned_quit")


def inputs() -> CorridorInputs:
    """Changing levers, but nothing that couples people: no crowding, no ceiling that binds, no slots, no cap."""
    rng = np.random.default_rng(11)
    cell = (MONTHS, corridors.ORIGINS, corridors.GROUPS)
    month = np.arange(MONTHS)[:, None, None]
    quiet = corridors.quiet()
    gates = replace(
        quiet.figures.gates,
        **{name: jnp.array(rng.normal(-0.4, 0.6, cell)) for name in ("expelled", "abroad", "home", "detained")},
    )
    changing = corridors.with_levers(
        quiet,
        effort=1.0 + 1.5 * (month >= 10),
        order=1.0 * ((month >= 6) & (month < 20)) * np.ones(cell),
        wait_abroad=0.6 * ((month >= 3) & (month < 14)) * np.ones(cell),
        acceptance=0.8 * ((month >= 6) & (month < 20)) * np.ones(cell),
        returns=0.5 * (month >= 20) * np.ones(cell),
        returns_cap=1e9,
        port_intake=-0.7 * (month >= 15) * np.ones(cell),
        removal=1e9,
        release=1.0 - 0.6 * (month >= 17) * np.ones(cell),
        news=(0.5 * (month == 4) - 0.8 * (month == 12)) * np.ones(cell),
        warning=0.9 * (month == 9) * np.ones(cell),
        deeds=1.0 * (month >= 18) * np.ones(cell),
        sanctions=0.8 * (month >= 8) * np.ones(cell),
        oil_licence=0.5 * (month >= 16) * np.ones(cell),
        aid=1.2 * (month >= 11) * np.ones(cell),
        air_route=1.0 * ((month >= 13) & (month < 22)) * np.ones(cell),
        closure=0.9 * (month >= 14) * np.ones(cell),
    )
    return replace(changing, figures=replace(changing.figures, gates=gates))


def values(soon: float, retry: float = RETRY) -> dict:
    return corridors.values(
        1, seed=2, base=3.2, mix=np.linspace(-0.5, 0.5, 9).reshape(3, 3), crowding_detained=0.0, death_crowding=0.0,
        dread=0.8, closure_effect=0.6, hope_set=1.1, hope_line=0.6, retry_soon=soon, retry=retry,
        retry_home=0.2, death_transit=0.01, death_border=0.02, walk_up=0.1,
    )  # fmt: skip


def surprises() -> Shocks:
    rng = np.random.default_rng(12)
    plain = corridors.plain_shocks(inputs(), 1)
    return replace(
        plain,
        factor=jnp.array(rng.uniform(0.6, 1.6, plain.factor.shape)),
        pace=jnp.array(rng.uniform(0.3, 0.8, plain.pace.shape)),
        effort=jnp.array(rng.uniform(0.2, 0.5, plain.effort.shape)),
    )


# long: one month written out by hand, event by event, so that it can be read beside docs/model.md
def tables(now: CorridorInputs, given: dict, shocks: Shocks) -> list[dict[str, np.ndarray]]:
    """The chance of every event, month by month and cell by cell, worked out from docs/model.md by hand."""
    v = {name: np.asarray(value)[..., 0] for name, value in given.items()}
    cells = [(n, g) for n in range(corridors.ORIGINS) for g in range(corridors.GROUPS)]
    gates = {name: np.asarray(gate) for name, gate in vars(now.figures.gates).items()}
    lever = {name: np.asarray(value) for name, value in vars(now.levers).items()}
    fixed = {name: np.asarray(value) for name, value in vars(now.corridor).items()}
    belief, dread = np.zeros(len(cells)), np.zeros(len(cells))
    news = warned = 0.0
    before = [np.zeros(len(cells)), np.zeros(len(cells))]
    out = []
    for t in range(MONTHS):
        calendar = t % 12
        row: dict[str, list[float]] = {}
        going = np.zeros(len(cells))
        keep, kept_warning = 0.5 ** (1 / v["news_half_life"]), 0.5 ** (1 / v["warning_half_life"])
        news = min(max(news * keep + lever["news"][t, 0, 0], -1), 1)
        warned = min(max(warned * kept_warning + lever["warning"][t, 0, 0], 0), 1)
        deeds = lever["deeds"][t, 0, 0]
        at_once = 1 - (1 - v["now_words"] * warned) * (1 - v["now_deeds"] * deeds)
        in_time = 1 - (1 - (1 - v["now_words"]) * warned) * (1 - (1 - v["now_deeds"]) * deeds)
        for k, (n, g) in enumerate(cells):
            gate = {name: people.logistic(gates[name][t, n, g]) for name in ("expelled", "abroad", "home", "detained")}
            gate["expelled"] *= lever["order"][t, n, g] > 0
            gate["abroad"] *= lever["wait_abroad"][t, n, g] > 0
            passing = (1 - gate["expelled"]) * (1 - gate["abroad"]) * (1 - gate["home"])
            entry = passing * (1 - gate["detained"] * fixed["kept"][g]) * lever["release"][t, n, g]
            said = entry + v["trust"] * (news * (1 - entry) if news > 0 else news * entry)
            speed, hope, fear = v["belief_speed"], belief[k], dread[k]
            belief[k] = hope + speed * (said - hope)
            dread[k] = fear + speed * (in_time - fear)
            circular = fixed["circular"][n, g]
            moving = circular * np.exp(-v["circular_fade"] * (t // 12 + (t % 12) / 12))
            season = moving * v["season_circular"][calendar] + (1 - moving) * v["season_asylum"][calendar]
            push = v["push_sanctions"] * lever["sanctions"][t, n, g] * (1 - lever["oil_licence"][t, n, g])
            push += v["air_route"] * lever["air_route"][t, n, g] - v["aid_effect"] * lever["aid"][t, n, g]
            knot, way = int(t // 12), (t % 12) / 12
            mixed = v["mix"][n, g] + v["mix_drift"][knot, g] * (1 - way) + v["mix_drift"][knot + 1, g] * way
            going[k] = np.exp(v["base"][n] + mixed + season + push + v["hope_set"] * hope - v["dread"] * fear)
            share = fixed["delay"][:, n]
            arriving = share[0] * going[k] + share[1] * before[0][k] + share[2] * before[1][k]
            land = 1 - fixed["air"][n]
            walkers = fixed["walks"][n] * land * v["darien_share"][n]
            met = land + (1 - land) * v["air_exposure"]
            weight = fixed["foreign"][n] * met * v["stop_exposure"][n] * v["stop_group"][g]
            odds = v["walk_up"][n, g] / (1 - v["walk_up"][n, g])
            odds *= np.exp(v["port_effect"] * lever["port_intake"][t, n, g])
            event = {
                "coming": arriving * float(shocks.factor[t, n, 0]),
                "turned_back": walkers * v["closure_effect"] * lever["closure"][t, n, g],
                "pace": float(shocks.pace[t, n, 0]),
                "dare": np.exp(v["hope_line"] * (1 - circular) * (said - 1) - v["dread"] * at_once),
                "release": lever["release"][t, n, g],
                "death_transit": fixed["foreign"][n] * v["death_transit"],
                "stopped": 1
                - np.exp(-float(shocks.effort[t, 0]) * lever["effort"][t, n, g] ** v["effort_power"] * weight),
                "removal_share": v["removal_share"][n],
                "removed_return": v["removed_return"],
                "settle": v["settle_share"][n],
                "transit_quit": v["transit_quit"],
                "port": odds / (1 + odds),
                "port_let_in": float(now.outside.port_let_in[t]),
                "death_border": v["death_border"] * fixed["heat"][calendar] * (1 - said),
                "evade": fixed["hides"][g] * v["evade"],
                **gate,
                "detained_removed": v["detained_removed"][g],
                "retry": v["retry"][n, g],
                "retry_home": v["retry_home"][n],
                "accepted": fixed["foreign"][n] * lever["acceptance"][t, n, g],
                "taken_back": fixed["foreign"][n] * lever["returns"][t, n, g],
            }
            for name in STEADY + RETURNED:
                event[name] = v[name]
            for name, chance in event.items():
                row.setdefault(name, []).append(float(chance))
        before = [going, before[0]]
        out.append({name: np.array(chance) for name, chance in row.items()})
    return out


@cache
def lived(soon: float) -> dict[str, np.ndarray]:
    """Counts of the people simulated, summed over cells, (month, replication)."""
    counts = people.simulate(tables(inputs(), values(soon), surprises()), REPLICATIONS, seed=13)
    return {name: count.sum(axis=1) for name, count in counts.items()}


def means(soon: float, retry: float = RETRY) -> dict[str, np.ndarray]:
    """The engine's numbers for the same things, (month)."""
    seen = twin(inputs(), inputs().levers, surprises(), values(soon, retry))
    by_origin = {name: np.asarray(getattr(seen, name))[..., 0].sum(axis=1) for name in ("stops", "let_in", "expelled")}
    encounters = np.asarray(seen.encounters)[..., 0].sum(axis=(1, 2))
    stocks = np.asarray(seen.stocks)[..., 0]
    return {**by_origin, "encounters": encounters, "waiting": stocks[:, 1], "returned": stocks[:, 4]}


def scores(simulated: dict[str, np.ndarray], engine: dict[str, np.ndarray]) -> np.ndarray:
    """How far the mean of the people is from the engine's, in standard errors, over months and things counted."""
    out = []
    for name in people.COUNTED:
        counts = simulated[name]
        happens = engine[name] > 1.0
        error = counts.std(axis=1, ddof=1) / np.sqrt(REPLICATIONS)
        out.append(((counts.mean(axis=1) - engine[name]) / np.maximum(error, 1e-12))[happens])
    return np.concatenate(out)


def agree(simulated: dict[str, np.ndarray], engine: dict[str, np.ndarray]) -> bool:
    """Whether no mean is far off; the squares average about 1, not far below (too alike) or above (a bias)."""
    far = scores(simulated, engine)
    return bool(np.abs(far).max() < FAR and 0.6 < np.mean(far**2) < 1.6)


def test_means_agree_with_people_simulated_one_by_one() -> None:
    far = scores(lived(0.0), means(0.0))
    assert far.size > 100
    assert agree(lived(0.0), means(0.0)), far


def test_means_agree_when_people_try_again_within_the_month() -> None:
    far = scores(lived(0.5), means(0.5))
    assert agree(lived(0.5), means(0.5)), far


def test_a_wrong_retry_is_rejected() -> None:
    """The comparison has power: a chance to try again that is off by five points is found out."""
    assert not agree(lived(0.0), means(0.0, retry=RETRY + 0.05))
    assert not agree(lived(0.5), means(0.5, retry=RETRY - 0.05))


def test_retries_within_the_month_are_told_from_retries_in_the_next() -> None:
    assert not agree(lived(0.5), means(0.0))


def test_monthly_counts_scatter_as_poisson_counts_do() -> None:
    """Variance equals mean, month by month, when nobody is counted twice in a month.

    The ratio of variance to mean of n Poisson counts scatters by sqrt(2 / (n - 1)).
    """
    simulated, engine = lived(0.0), means(0.0)
    scatter = np.sqrt(2.0 / (REPLICATIONS - 1))
    for name in people.COUNTED:
        happens = engine[name] > 5.0
        ratio = simulated[name].var(axis=1, ddof=1)[happens] / engine[name][happens]
        assert np.abs((ratio - 1.0) / scatter).max() < FAR, name
        assert abs(ratio.mean() - 1.0) < 0.05, name


def test_retries_within_the_month_scatter_more_than_poisson_counts_do() -> None:
    """Events that come in runs of one person: the Poisson rule must not be claimed for them."""
    ratio = lived(0.5)["encounters"].var(axis=1, ddof=1) / means(0.5)["encounters"]
    assert ratio[8:18].mean() > 1.1
