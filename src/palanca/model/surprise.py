"""How a month's surprise follows from those before it: where it is expected, and how far it scatters."""

from __future__ import annotations

from jax import Array


def lean(last: Array, before: Array, persistence: Array, momentum: Array) -> Array:
    """Where a log surprise is expected to be.

    Args:
        last: Last month's log surprise [log points].
        before: That of the month before it.
        persistence: Part of it that is there a month later [share].
        momentum: Part of its last change that is repeated [share].

    Reference:
        Equation O1 of docs/model.md.
    """
    return persistence * last + momentum * (last - before)


def own_variance(sd: Array, encounters: Array, thin: Array) -> Array:
    """Variance of an origin's own part of the surprise; the fewer were encountered last month, the wider.

    Args:
        sd: Size at large counts [log points].
        encounters: Last month's count [events / month].
        thin: Count at which small numbers alone give a variance of one half [events / month].

    Reference:
        Equation O1 of docs/model.md.
    """
    return sd**2 + thin / (encounters + thin)
