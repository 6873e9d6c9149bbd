"""The monthly loop: arrivals -> attention -> ask -> deal -> effort -> arrivals, with links handed in.

Each link is one month's arithmetic of its own module. The loop only says in what order they act, where it comes to
rest, and how much of a lasting rise in arrivals comes back once round.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import jax
import jax.numpy as jnp
from jax import Array, lax
from jax.tree_util import register_dataclass
from jax.typing import ArrayLike
from jaxtyping import Bool, Float

from palanca.bargain import bounds
from palanca.bargain.bounds import Amount, Flag, Number

NEWTON_STEPS = 50
SETTLED = 1e-9


@dataclass(frozen=True)
class Links:
    """The arrows of the loop, each a function of one month's numbers.

    Args:
        attend: (attention, arrivals) to attention a month on [1 at the usual].
        ask: Attention to the strength of the ask for a new deal [share, 0 to 1].
        agree: Attention to the effort that a deal struck now would hold [effort].
        arrive: (effort, people who would come without any) to arrivals [people / month].
        kept: Share of effort that lasts another month when nothing is asked [share / month].
    """

    attend: Callable[[Array, Array], Array]
    ask: Callable[[Array], Array]
    agree: Callable[[Array], Array]
    arrive: Callable[[Array, Array], Array]
    kept: Number


@register_dataclass
@dataclass(frozen=True)
class Path:
    """The loop through time; each is of shape (month, draw).

    Args:
        arrivals: Arrivals under last month's effort [people / month].
        attention: Attention after them [1 at the usual].
        asked: Strength of the ask [share].
        effort: Effort at the end of the month [effort].
    """

    arrivals: Float[Array, "month *#draw"]
    attention: Float[Array, "month *#draw"]
    asked: Float[Array, "month *#draw"]
    effort: Float[Array, "month *#draw"]


@register_dataclass
@dataclass(frozen=True)
class Rest:
    """Where something comes to rest.

    Args:
        value: The point of rest.
        miss: How far one more round still moves it.
        settled: Whether that is next to nothing; where it is not, `value` is no answer.
        gain: Derivative of one round at that point [share]; the loop dampens where it is between -1 and 1.
    """

    value: Amount
    miss: Amount
    settled: Flag
    gain: Amount


def run(links: Links, pressing: Float[ArrayLike, "month *#draw"], attention: Number, effort: Number) -> Path:
    """Let the loop run month by month.

    Args:
        links: The arrows.
        pressing: People who would come without any effort, by month [people / month].
        attention: Attention at the start [1 at the usual].
        effort: Effort at the start [effort].
    """
    people = bounds.at_least_zero(pressing, "people pressing on")
    kept = bounds.chance(links.kept, "share of effort that lasts")
    before = bounds.at_least_zero(attention, "attention"), bounds.at_least_zero(effort, "effort")
    shape = jnp.broadcast_shapes(people.shape[1:], kept.shape, *(value.shape for value in before))

    def month(world: tuple[Array, Array], now: Array) -> tuple[tuple[Array, Array], list[Array]]:
        heed, doing = world
        came = links.arrive(doing, now)
        heed = links.attend(heed, came)
        asked = links.ask(heed)
        doing = _renewed(doing, asked, links.agree(heed), kept)
        return (heed, doing), [jnp.broadcast_to(x, shape) for x in (came, heed, asked, doing)]

    start = (jnp.broadcast_to(before[0], shape), jnp.broadcast_to(before[1], shape))
    return Path(*lax.scan(month, start, people)[1])


def once_round(links: Links, arrivals: Array, pressing: Array) -> Array:
    """Arrivals in the long run if attention took these arrivals to last [people / month].

    The loop is cut at arrivals: attention and effort settle on what is fed in, and what comes out is returned.
    """
    heed = rest(lambda attention: links.attend(attention, arrivals), jnp.ones_like(arrivals)).value
    asked = links.ask(heed)
    lapse = 1.0 - jnp.asarray(links.kept) * (1.0 - asked)
    doing = jnp.where(lapse > 0.0, asked * links.agree(heed) / jnp.where(lapse > 0.0, lapse, 1.0), 0.0)
    return links.arrive(doing, pressing)


def resting_point(links: Links, pressing: Number) -> Rest:
    """Arrivals that reproduce themselves, and the gain of the loop there.

    A gain of -0.4 says that of 100 more arrivals that lasted, 40 would in time be held back by the answer to them.

    Args:
        links: The arrows.
        pressing: People who would come each month without any effort [people / month].
    """
    people = bounds.positive(pressing, "people pressing on")
    return rest(lambda arrivals: once_round(links, arrivals, people), people)


def rest(once: Callable[[Array], Array], start: Array) -> Rest:
    """Where a map of one number to itself comes to rest, by Newton's rule; exact at once for a straight line.

    Args:
        once: One round; entry by entry, so that draws do not touch one another.
        start: Where to begin.
    """

    def slope(x: Array) -> tuple[Array, Array]:
        return jax.jvp(once, (x,), (jnp.ones_like(x),))

    def nearer(_: Array | int, x: Array) -> Array:
        after, gain = slope(x)
        flat = jnp.abs(1.0 - gain) < 1e-12
        return jnp.where(flat, after, x + (after - x) / jnp.where(flat, 1.0, 1.0 - gain))

    value = lax.fori_loop(0, NEWTON_STEPS, nearer, start)
    after, gain = slope(value)
    miss = jnp.abs(after - value)
    settled: Bool[Array, "*#draw"] = miss <= SETTLED * jnp.maximum(1.0, jnp.abs(value))
    return Rest(value=value, miss=miss, settled=settled, gain=gain)


def _renewed(doing: Array, asked: Array, agreed: Array, kept: Array) -> Array:
    """Effort fades unless asked for; an ask moves it to what a deal struck now would hold."""
    lapsed = kept * doing
    return lapsed + asked * (agreed - lapsed)
