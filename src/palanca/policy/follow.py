"""What the rules make of an encounter: chances of being expelled, made to wait abroad, sent home or detained.

An encounter passes four gates in turn (equation F6); who passes all of them is let in. A gate's log odds are
linear in the levers. In a replayed world the figures fix each gate; what they show beyond the levers is practice,
which a world with other levers keeps.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import jax.numpy as jnp
from jax import Array
from jax.tree_util import register_dataclass
from jaxtyping import Float

from palanca.kernel.axes import CellLike
from palanca.kernel.curves import logistic
from palanca.policy.levers import LeverLevels
from palanca.policy.params import PolicyParams

STAGES = ("expelled", "abroad", "home", "detained")


@register_dataclass
@dataclass(frozen=True)
class Gates:
    """Log odds of the four gates given that the gate is in use [log odds].

    Each is (origin, group, draw) within a month; as figures they have the axis of months first and none of draws.
    """

    expelled: Float[Array, "*axes"]
    abroad: Float[Array, "*axes"]
    home: Float[Array, "*axes"]
    detained: Float[Array, "*axes"]


@register_dataclass
@dataclass(frozen=True)
class Follow:
    """Chance of each thing that can follow an encounter; they sum to 1 [chance].

    `kept` passed every gate but are not released: they are sent home, outside any cap on returns.
    """

    expelled: CellLike
    abroad: CellLike
    home: CellLike
    detained: CellLike
    let_in: CellLike
    kept: CellLike

    @property
    def sent_home(self) -> CellLike:
        """Sent home under ordinary law, whether at the gate or because they are not released [chance]."""
        return self.home + self.kept


def gates(levers: LeverLevels, params: PolicyParams, crowding: Array) -> Gates:
    """Log odds of each gate under the levers of a month.

    Args:
        levers: This month's settings.
        params: Effects [log odds].
        crowding: Last month's encounters over the reference, in logs [log points], shape (draw).

    Returns:
        The four gates, each (origin, group, draw) [log odds].

    Reference:
        Equation F6a of docs/model.md.
    """
    limit = levers.asylum_limit[..., None]
    room = levers.reception[..., None]
    return Gates(
        expelled=params.follow_expelled + params.follow_acceptance * levers.acceptance[..., None] + _log(levers.order),
        abroad=params.follow_abroad + _log(levers.wait_abroad),
        home=params.follow_home + params.returns_home * levers.returns[..., None] + params.limit_home * limit,
        detained=params.follow_detained
        + params.limit_detained * limit
        - params.reception_detained * room
        - params.crowding_detained * crowding,
    )


def practice(seen: Gates, made: Gates, levers: LeverLevels) -> Gates:
    """What a month's gates were beyond what levers made of them; none where there was no order, or nobody waiting.

    Args:
        seen: The gates that the figures show.
        made: Those that the levers and the crowding of that month make, from `gates`.
        levers: The levers of that month.
    """
    return Gates(
        expelled=jnp.where(levers.order[..., None] > 0.0, seen.expelled - made.expelled, 0.0),
        abroad=jnp.where(levers.wait_abroad[..., None] > 0.0, seen.abroad - made.abroad, 0.0),
        home=seen.home - made.home,
        detained=seen.detained - made.detained,
    )


def shifted(seen: Gates, made: Gates, now: Gates, levers: LeverLevels) -> Gates:
    """The gates of a month under other levers: with its practice, which is added in the order that keeps `seen` exact.

    Args:
        seen: The gates that the figures show.
        made: Those that the levers and the crowding of that month make.
        now: Those that the other levers and the crowding of their world make.
        levers: The levers of that month.
    """
    moved = Gates(*(getattr(seen, n) + (getattr(now, n) - getattr(made, n)) for n in STAGES))
    return replace(
        moved,
        expelled=jnp.where(levers.order[..., None] > 0.0, moved.expelled, now.expelled),
        abroad=jnp.where(levers.wait_abroad[..., None] > 0.0, moved.abroad, now.abroad),
    )


def added(one: Gates, other: Gates) -> Gates:
    """Sums of log odds, gate by gate."""
    return Gates(*(getattr(one, name) + getattr(other, name) for name in STAGES))


def by_gate(stacked: Array) -> Gates:
    """Gates from an array with them on its first axis."""
    return Gates(*(stacked[k] for k in range(len(STAGES))))


def chosen(where: Gates, one: Gates, other: Gates) -> Gates:
    """One where a number is above zero, the other elsewhere, gate by gate."""
    return Gates(*(jnp.where(getattr(where, name) > 0.0, getattr(one, name), getattr(other, name)) for name in STAGES))


def lifted(gates: Gates) -> Gates:
    """Gates of figures with an axis of draws added last."""
    return Gates(*(getattr(gates, name)[..., None] for name in STAGES))


def follow(levers: LeverLevels, at: Gates) -> Follow:
    """Chances of what follows an encounter, gate by gate.

    Who passes all gates is let in as far as people are released; who is not is sent home.

    The expulsion gate is in use only where an order is in force, the waiting gate only where claimants are made
    to wait abroad: with no order nobody is expelled, exactly.
    """
    expelled = jnp.where(levers.order[..., None] > 0.0, logistic(at.expelled), 0.0)
    rest = 1.0 - expelled
    abroad = rest * jnp.where(levers.wait_abroad[..., None] > 0.0, logistic(at.abroad), 0.0)
    rest = rest - abroad
    home = rest * logistic(at.home)
    rest = rest - home
    detained = rest * logistic(at.detained)
    let_in = (rest - detained) * levers.release[..., None]
    return Follow(expelled, abroad, home, detained, let_in, rest - detained - let_in)


def held(previous: Follow, share_kept: Array, release: Array) -> Follow:
    """Scale the returns home to the transit country by a ceiling; who is over it is let in as far as people are."""
    home = previous.home * share_kept
    over = previous.home - home
    freed = over * release[..., None]
    return replace(previous, home=home, let_in=previous.let_in + freed, kept=previous.kept + (over - freed))


def _log(setting: Array) -> Array:
    """A weak setting multiplies the odds; one that is off is handled by the gate itself."""
    return jnp.log(jnp.where(setting > 0.0, setting, 1.0))[..., None]
