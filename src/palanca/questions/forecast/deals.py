"""The months ahead with governments that answer by the rules of their ledger: deals are struck, lift effort, and fade.

Practice answers to attention as in any forecast in which governments react (P9); effort follows deals: what is in force
fades unless a new deal renews it, and deals come with the chance that the ledger's quarters had in the like.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import jax
import jax.numpy as jnp
import numpy as np
from scipy.special import ndtr

from palanca.core.errors import UnsettledError
from palanca.infer.history import PreparedCase
from palanca.kernel.keys import normals
from palanca.model import build
from palanca.model.attention import USUAL_MONTHS
from palanca.policy.levers import LeverLevels
from palanca.questions.corridor import Corridor
from palanca.questions.forecast import horizon, misfits
from palanca.questions.forecast import project as forecast
from palanca.questions.forecast.project import CHUNK, LEARNED_FROM, Ask
from palanca.questions.ledger import rules

WORD = "deals"
ROUTINE = 1.0
Kept = dict[str, np.ndarray]


@dataclass(frozen=True, eq=False)
class Dealt:
    """The months ahead with deals.

    Args:
        shown: Fields of `MonthlyOutcomes` by name, month first and draw last.
        lift: Log of effort over that of the last known month, by deals alone, (month, draw) [log points].
    """

    shown: Kept
    lift: np.ndarray


def dealt(corridor: Corridor, ask: Ask) -> Dealt:
    """Draw the months ahead with the same arrivals and surprises as `forecast.forecast`, and governments that deal.

    Args:
        corridor: The fitted corridor; its case needs a ledger and a bargaining table.
        ask: What to forecast; what its levers follow and its changes are left aside.

    Raises:
        UsageError: See `Ask.check`.
        UnsettledError: Deals and attention never agreed.
    """
    setting, fit = corridor.setting, corridor.fit
    last = ask.check(setting.case)
    habits, gaps = forecast.learned(setting, fit.layout, fit.draws(ask.key, range(LEARNED_FROM)).mean(axis=1), last)
    arrivals, moved = forecast.arrivals_now(setting.case, ask), forecast.moves(habits, (ask.months, ask.draws), ask.key)
    base, free = horizon.persisting(setting.inputs, last, ask.months), fit.draws(ask.key, range(ask.draws))
    months = [ask.last + 1 + i for i in range(ask.months)]
    learned = rules.learned(setting, draws=ask.draws, key=ask.key).over(months)
    noise = ndtr(normals(ask.key, "forecast/deals", range(ask.draws), (ask.months,)))
    start = in_force(setting.inputs.levers, last)
    reaction = replace(habits.reaction, effort=jnp.zeros(()))
    blocks: list[tuple[Kept, np.ndarray]] = []
    for first in range(0, ask.draws, CHUNK):
        chosen = np.minimum(np.arange(first, first + CHUNK), ask.draws - 1)
        values = fit.layout.constrain(jnp.asarray(free[:, chosen]))
        paths, some_moves = jax.tree.map(lambda part, chosen=chosen: jnp.asarray(part[..., chosen]), (arrivals, moved))
        at, drawn, _ = forecast.expected(setting.inputs, base, paths, some_moves, values, jnp.asarray(last))
        some = learned.some(chosen)
        lift = np.zeros((ask.months, len(chosen)))
        for _ in range(ask.months + 1):  # a month's deals rest on the months before it: every pass settles one more
            effort = drawn.surprise.effort * jnp.exp(jnp.asarray(lift))
            pushed = replace(drawn, surprise=replace(drawn.surprise, effort=effort))
            seen = forecast.altered(setting.inputs, at, base, pushed, reaction, values)
            came = np.asarray(seen.encounters).sum(axis=(1, 2))
            path = attention(came, float(at.figures.encounters.sum()), np.asarray(at.usual))
            wanted = rules.lifted(some, path, noise[:, chosen], start) - start
            if np.array_equal(wanted, lift):
                break
            lift = wanted
        else:
            raise UnsettledError("deals and attention chase each other", found=f"{ask.months + 1} passes")
        width = min(CHUNK, ask.draws - first)
        fields = ("encounters", "held", "deaths", "stops", "let_in")
        blocks.append(({name: np.asarray(getattr(seen, name))[..., :width] for name in fields}, lift[:, :width]))
    shown = {name: np.concatenate([block[name] for block, _ in blocks], axis=-1) for name in blocks[0][0]}
    away = misfits.factors(gaps, ask.months, ask.draws, ask.key)
    _as_published(setting, shown["stops"], away["stops"])
    return Dealt(shown, np.concatenate([part for _, part in blocks], axis=-1))


def in_force(levers: LeverLevels, place: int) -> float:
    """Log of declared effort over routine control in a month, which earlier deals are taken to have added."""
    return float(np.log(max(float(np.asarray(levers.effort)[place].max()), ROUTINE)))


def attention(came: np.ndarray, before: float, usual: np.ndarray) -> np.ndarray:
    """Log of last month's encounters over what governments are used to, (month, draw) [log points].

    Args:
        came: Encounters of the months ahead, (month, draw).
        before: Encounters of the last known month.
        usual: Log of what they were used to then, (draw).
    """
    last, rows = np.full_like(usual, np.log(max(before, 1.0))), []
    for month in came:
        rows.append(last - usual)
        usual = usual + (last - usual) / USUAL_MONTHS
        last = np.log(np.maximum(month, 1.0))
    return np.stack(rows)


def _as_published(setting: PreparedCase, stops: np.ndarray, away: np.ndarray) -> None:
    """Move stops by how far figures are from the model, as `forecast.forecast` does."""
    codes = build.codes(setting.case)
    for target in setting.evidence.targets:
        if target.kind == "stops":
            stops[:, [codes.index(label) for label in target.labels]] *= away
