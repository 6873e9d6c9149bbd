"""The start of the rival's month: what the rules make of an encounter, who sets out, who comes, who has a place."""

from __future__ import annotations

import numpy as np

Arrays = dict[str, np.ndarray]


def driven(p: Arrays, outside: Arrays, now: Arrays, circular: np.ndarray, believed: np.ndarray) -> np.ndarray:
    """All but level, hope and dread of log setting out, (origin, group, draw); F1, F1a and F1b of docs/model.md.

    Args:
        p: Parameters by name.
        outside: What comes from outside in this month.
        now: Levers of this month.
        circular: Share that migrates for seasonal work at the start, (origin, group, 1).
        believed: Believed chance of being let in, (origin, group, draw).
    """
    month = int(outside["calendar_month"])
    asylum = p["season_asylum"][month] + p["pull_asylum"] * outside["jobs"]
    labour = p["season_circular"][month] + p["pull_circular"] * outside["jobs"]
    k, way = int(outside["knot"]), outside["way"]
    mixed = p["mix_drift"][k] * (1.0 - way) + p["mix_drift"][k + 1] * way
    moving = circular * np.exp(-p["circular_fade"] * (outside["knot"] + outside["way"]))
    out = asylum + moving * (labour - asylum)
    drivers = (("push_democracy", "democracy"), ("push_income", "income"), ("push_oil", "oil"))
    out = out + sum(p[name] * outside[driver][:, None] for name, driver in drivers)[:, None] + mixed
    if now["sanctions"].any():
        out += p["push_sanctions"] * (now["sanctions"] * (1.0 - now["oil_licence"]))[..., None]
    if now["aid"].any():
        out -= p["aid_effect"] * now["aid"][..., None]
    if now["air_route"].any():
        out += p["air_route"] * now["air_route"][..., None]
    if now["shutdown"].any():
        out -= p["shutdown_effect"][:, None] * now["shutdown"][..., None]
    if now["parole"].any():
        out -= p["parole_substitute"] * now["parole"][..., None] * believed
    if now["work_visas"].any():
        out -= p["visa_substitute"] * moving * now["work_visas"][..., None]
    if now["slots"] > 0.0:
        out -= p["appointment_substitute"] * (now["slots"] * now["slots_open"] / 45_000.0)[..., None] * believed
    return np.asarray(out)


def darien(p: Arrays, walking: np.ndarray, closure: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Share of those on their way whom a closed Darien turns back, and share of the others who walked it; F3a.

    Args:
        p: Parameters by name.
        walking: Share whose way leads through the Darien, (origin, 1).
        closure: How far it is declared closed, (origin, group).
    """
    walkers = (walking * p["darien_share"])[:, None]
    turned = walkers * p["closure_effect"] * closure[..., None]
    return turned, (walkers - turned) / (1.0 - turned)


def appointed(p: Arrays, coming: np.ndarray, now: Arrays, demand: np.ndarray) -> np.ndarray:
    """People who come for an appointment and keep it, (origin, group, draw); F5d."""
    if now["slots"] <= 0.0 or not now["slots_open"].any():
        return np.zeros_like(coming)
    inside = coming * now["slots_open"][..., None]
    inside /= np.maximum(inside.sum(axis=1, keepdims=True), 1e-12)
    inside *= demand
    return np.asarray(inside * (now["slots"] * p["appointment_uptake"] / inside.sum(axis=(0, 1))))


def chances(now: Arrays, gates: Arrays) -> Arrays:
    """Chances of what follows an encounter, gate after gate; who passes all is let in. F6a."""
    left: np.ndarray | float = 1.0
    out = {}
    for name, lever in (("expelled", "order"), ("abroad", "wait_abroad"), ("home", None), ("detained", None)):
        if lever is not None and not now[lever].any():
            out[name] = np.zeros((1, 1, 1))
            continue
        chance = 1.0 / (1.0 + np.exp(-gates[name]))
        if lever is not None:
            chance = chance * (now[lever] > 0.0)[..., None]
        out[name] = left * chance
        left = left - out[name]
    out["let_in"] = left * now["release"][..., None]
    out["kept"] = left - out["let_in"]
    return out
