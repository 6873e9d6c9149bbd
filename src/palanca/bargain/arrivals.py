"""Arrivals at the destination as a convex, falling function of a package: closed form, or drawn through a table."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Protocol, TypeAlias

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.tree_util import register_dataclass
from jaxtyping import Float
from scipy.optimize import nnls

from palanca.bargain.refusals import DeclarationError

HATS_PER_GAP = 4
EVEN = 1e-5  # how much evenness of the curvature counts beside meeting the table; it settles what the table leaves open


class AbstractArrivals(Protocol):
    """Arrivals by package; convex and falling, so that their dislike is concave."""

    def arrivals(self, package: Float[Array, " issue"]) -> Float[Array, ""]:
        """People arriving in a month [people / month]."""

    def deaf(self, to: Float[Array, " issue"], at: Float[Array, " issue"]) -> AbstractArrivals:
        """The same flow in a world where issues marked 1 in `to` stay at what they do at their level in `at`."""


@register_dataclass
@dataclass(frozen=True)
class Flow:
    """Groups of people, each thinned exponentially by every issue: A(z) = sum_g size_g exp(-rate_g . z).

    Attributes:
        size: Gross outflow of each group [people / month].
        rate: How strongly a unit of each issue holds back each group, 0 where it does not [1 / unit of issue].
    """

    size: Float[Array, " group"]
    rate: Float[Array, "group issue"]

    def arrivals(self, package: Float[Array, " issue"]) -> Float[Array, ""]:
        """People arriving in a month [people / month]."""
        return jnp.sum(self.size * jnp.exp(-self.rate @ package))

    def deaf(self, to: Float[Array, " issue"], at: Float[Array, " issue"]) -> Flow:
        """A world in which the marked issues do what they do at their level in `at`, whatever is agreed."""
        return Flow(self.size * jnp.exp(-self.rate @ (to * at)), self.rate * (1.0 - to))


def bypassed(
    size: Array, bypass_share: Array, transit_rate: Array, own_rate: Array, issues: int, at: tuple[int, int]
) -> Flow:
    """The corridor in closed form: part of each group goes round the transit country and meets only the border.

    A(e_T, e_D) = sum_g F_g [(1 - w_g) exp(-theta_T e_T - theta_D e_D) + w_g exp(-theta_D e_D)].

    Args:
        size: Gross outflow F_g [people / month], (group).
        bypass_share: Share w_g able to go round the transit country [share], (group).
        transit_rate: theta_T, effect of a unit of the transit country's effort, scalar or (group).
        own_rate: theta_D, effect of a unit of the destination's own effort, scalar or (group).
        issues: Number of issues in a package.
        at: Places of the transit country's and of the destination's effort among the issues.
    """
    flow, share = jnp.atleast_1d(jnp.asarray(size, float)), jnp.atleast_1d(jnp.asarray(bypass_share, float))
    flow, share = jnp.broadcast_arrays(flow, share)
    through, own = (jnp.broadcast_to(jnp.asarray(x, float), flow.shape) for x in (transit_rate, own_rate))
    zero = jnp.zeros((2 * flow.shape[0], issues))
    rate = zero.at[:, at[0]].set(jnp.concatenate([through, jnp.zeros_like(through)]))
    rate = rate.at[:, at[1]].set(jnp.concatenate([own, own]))
    return Flow(jnp.concatenate([flow * (1.0 - share), flow * share]), rate)


@register_dataclass
@dataclass(frozen=True)
class FlowTable:
    """A curve through arrivals that another model worked out at several efforts; its second slope is never negative.

    A(e) = last + slope (E - e) + sum_j bend_j max(0, knot_j - e)^3 / 6, where the bends add up to hats of curvature.

    Attributes:
        last: Arrivals at the greatest effort E of the table [people / month].
        slope: Fall per unit of effort there [people / month / unit].
        knot: Places of the bends [unit of issue].
        bend: Sizes of the bends.
        end: The greatest effort of the table.
        issue: Which issue is the effort.
    """

    last: Float[Array, ""]
    slope: Float[Array, ""]
    knot: Float[Array, " knot"]
    bend: Float[Array, " knot"]
    end: Float[Array, ""]
    issue: int = field(metadata={"static": True})

    def arrivals(self, package: Float[Array, " issue"]) -> Float[Array, ""]:
        """People arriving in a month [people / month]."""
        effort = package[self.issue]
        curved = jnp.sum(self.bend * jax.nn.relu(self.knot - effort) ** 3) / 6.0
        return self.last + self.slope * (self.end - effort) + curved

    def deaf(self, to: Float[Array, " issue"], at: Float[Array, " issue"]) -> FlowTable:
        """A world in which the effort, if marked, does what it does at its level in `at`, whatever is agreed."""
        marked = to[self.issue]
        last = jnp.where(marked > 0.0, self.arrivals(at), self.last)
        return FlowTable(last, self.slope * (1 - marked), self.knot, self.bend * (1 - marked), self.end, self.issue)


def through_table(effort: np.ndarray, arrivals: np.ndarray, issue: int, tolerance: float = 1e-3) -> FlowTable:
    """Draw a convex, falling curve through a table of arrivals by effort.

    Args:
        effort: Efforts from least to greatest [unit of issue], at least three.
        arrivals: Arrivals at each [people / month].
        issue: Which issue is the effort.
        tolerance: Most that the table may bend the wrong way, and that the curve may miss it [share of its fall].

    Raises:
        DeclarationError: If the table does not fall, or bends the wrong way, naming the effort.

    Reference:
        Least squares with curvature that is not negative (Lawson and Hanson 1974).
    """
    effort, arrivals = np.asarray(effort, float), np.asarray(arrivals, float)
    fall = _checked(effort, arrivals, tolerance)
    gaps = np.concatenate([np.linspace(a, b, HATS_PER_GAP, endpoint=False) for a, b in pairwise(effort)])
    centre = np.append(gaps, effort[-1])
    outer = np.concatenate([[2 * centre[0] - centre[1]], centre, [2 * centre[-1] - centre[-2]]])
    left, right = np.diff(outer)[:-1], np.diff(outer)[1:]
    hats = np.zeros((outer.size, centre.size))  # bend at each knot for a hat of height 1 about each centre
    row = np.arange(centre.size)
    hats[row, row], hats[row + 1, row], hats[row + 2, row] = 1 / left, -1 / left - 1 / right, 1 / right
    end = effort[-1]
    curved = np.maximum(outer[None] - effort[:, None], 0.0) ** 3 / 6.0 @ hats
    beyond = np.maximum(outer - end, 0.0) ** 3 / 6.0 @ hats  # half of the last hat lies beyond the table
    design = np.column_stack([np.ones_like(effort), end - effort, curved - beyond])
    even = np.diff(np.eye(centre.size), axis=0) * (EVEN * (end - effort[0]) ** 2)
    smooth = np.hstack([np.zeros((len(even), 2)), even])
    unit = np.append([fall, fall / (end - effort[0])], np.full(centre.size, fall / (end - effort[0]) ** 2))
    rows = np.vstack([design / fall, smooth / fall]) * unit
    weight = unit * nnls(rows, np.append(arrivals / fall, np.zeros(len(even))))[0]
    missed = np.max(np.abs(design @ weight - arrivals))
    if missed > tolerance * fall:
        worst = effort[np.argmax(np.abs(design @ weight - arrivals))]
        raise DeclarationError(
            "no convex, falling curve passes through the table of arrivals",
            where=f"effort {worst:g}",
            found=f"a miss of {missed:.4g} people / month",
            expected=f"at most {tolerance * fall:.4g}",
            way_out="Work out arrivals at more efforts, or with more draws.",
        )
    return FlowTable(
        last=jnp.array(weight[0] - float(beyond @ weight[2:])),
        slope=jnp.array(weight[1]),
        knot=jnp.array(outer),
        bend=jnp.array(hats @ weight[2:]),
        end=jnp.array(end),
        issue=issue,
    )


def _checked(effort: np.ndarray, arrivals: np.ndarray, tolerance: float) -> float:
    """The whole fall of a table that is in order; refuse one that is not."""
    where, found, expected = "table of arrivals", "", ""
    if effort.ndim != 1 or effort.shape != arrivals.shape or effort.size < 3:
        found, expected = f"{effort.shape} efforts and {arrivals.shape} arrivals", "as many of each, three or more"
    elif not (np.all(np.isfinite(arrivals)) and np.all(np.diff(effort) > 0.0)):
        found, expected = "gaps, or efforts out of order", "numbers, efforts rising"
    else:
        fall = float(arrivals[0] - arrivals[-1])
        slopes = np.diff(arrivals) / np.diff(effort)
        between = effort[:-2] + np.diff(effort)[:-1]
        sag = np.diff(slopes) * np.diff(effort)[:-1] * np.diff(effort)[1:] / (effort[2:] - effort[:-2])
        rises, hollow = np.diff(arrivals) > tolerance * abs(fall), sag < -tolerance * abs(fall)
        if fall <= 0.0 or rises.any():
            at = effort[int(np.argmax(rises))]
            found, expected = f"arrivals that rise above effort {at:g}", "arrivals that fall with effort"
        elif hollow.any():
            at = between[int(np.argmax(hollow))]
            found, expected = (
                f"a bend the wrong way at effort {at:g}",
                "each unit of effort to do no more than the last",
            )
        else:
            return fall
    raise DeclarationError(
        "this table cannot stand for arrivals by effort",
        where=where,
        found=found,
        expected=expected,
        way_out="A table that bends the wrong way has no single best deal; take efforts on one side of the bend.",
    )


Arrivals: TypeAlias = Flow | FlowTable
