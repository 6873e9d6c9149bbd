"""How likely each package is to be agreed, and to be written down as it was: the likelihood of a ledger of deals.

Governments choose among the packages on the table, and no deal, by how far both gain, with error; whoever codes the
deal then sees some of what it holds, some of it wrongly.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.tree_util import register_dataclass
from jax.typing import ArrayLike
from jaxtyping import Float

from palanca.bargain import bounds
from palanca.bargain.refusals import DeclarationError

MOST_ISSUES = 12
NEVER = -1e6  # log score of what cannot be agreed: its chance is 0 to the bit, and it leaves no NaN in a slope
LEAST_CHANCE = 1e-30  # stands for 0 where a log is taken


def packages(issues: int) -> np.ndarray:
    """Every way to include some of the issues, (package, issue), 0 or 1; the empty one, which is no deal, left out.

    Raises:
        BargainError: There are no issues, or more than can be tried together.
    """
    bounds.whole(issues, "number of issues", 1, MOST_ISSUES)
    number = np.arange(1, 2**issues)
    return ((number[:, None] >> np.arange(issues)) & 1).astype(float)


@register_dataclass
@dataclass(frozen=True)
class Menus:
    """What could be agreed in each quarter, and what it gives each party, linear in unknown weights.

    gain = fixed + sum_w weight_w scale_w feature_w: the gain over no deal [payoff / month].

    Attributes:
        fixed: Part of the gain that no weight moves [payoff / month].
        feature: What a unit of each weight does; its sign says whether it is a worth or a cost.
        scale: How much of it is at stake in a quarter, as amounts on the table or the price of effort [1].
        standing: Log of how readily a package comes to the table: 0, or minus infinity if it is off the table.
    """

    fixed: Float[Array, "quarter package party"]
    feature: Float[Array, "package party weight"]
    scale: Float[Array, "quarter weight"]
    standing: Float[Array, "quarter package"]

    def check(self) -> None:
        """Refuse arrays that do not fit together or hold no numbers.

        Raises:
            BargainError: Names the array.
        """
        quarter, package, party = np.shape(self.fixed)
        weight = np.shape(self.scale)[-1]
        expected = {"feature": (package, party, weight), "scale": (quarter, weight), "standing": (quarter, package)}
        for name, shape in expected.items():
            if np.shape(getattr(self, name)) != shape:
                raise DeclarationError(
                    "menus do not fit together", where=name, found=str(np.shape(getattr(self, name))),
                    expected=str(shape),
                )  # fmt: skip
        for one in fields(self):
            values = np.asarray(getattr(self, one.name))
            if np.isnan(values).any() or (one.name != "standing" and np.isinf(values).any()):
                raise DeclarationError("a menu holds what is no number", where=one.name, expected="finite numbers")

    def gains(self, weight: Float[Array, " weight"]) -> Float[Array, "quarter package party"]:
        """What each party gains from each package over no deal [payoff / month]."""
        return self.fixed + jnp.einsum("qw,pnw->qpn", self.scale * weight, self.feature)


@register_dataclass
@dataclass(frozen=True)
class Manner:
    """How governments choose among packages.

    Attributes:
        precision: kappa, how closely the choice follows the product of gains [1]; 0 for no regard to it.
        power: Bargaining weights a_i [share], adding up to 1.
        reluctance: Log score of no deal. A gain has no natural unit, so a score of 0 would mean something else
            whenever the unit changed: with c_i in place of 1 as the unit of party i, every package's score moves by
            precision * sum_i a_i log c_i. Left free, reluctance moves along, and nothing observable changes.
        blur: Width of the error with which a government tells a gain from a loss [payoff / month]. At 0 a package in
            which anyone gains nothing is out. Above 0 a gain g counts as blur * log(1 + exp(g / blur)): losses of a
            few widths are as good as out, and the likelihood has slopes everywhere, which a search needs.
    """

    precision: Float[ArrayLike, ""]
    power: Float[ArrayLike, " party"]
    reluctance: Float[ArrayLike, ""]
    blur: float = field(default=0.0, metadata={"static": True})


def log_gains(menus: Menus, weight: Float[Array, " weight"], blur: float) -> Float[Array, "quarter package party"]:
    """Log of each party's gain; `NEVER` for both where a package is off the table or, without blur, anyone loses."""
    gain, possible = menus.gains(weight), menus.standing > -jnp.inf
    if blur > 0.0:
        log_gain = jnp.log(blur) + _log_softplus(gain / blur)
    else:
        possible = possible & jnp.all(gain > 0.0, axis=-1)
        log_gain = jnp.log(jnp.where(possible[..., None], gain, 1.0))
    return jnp.where(possible[..., None], log_gain, NEVER)


def scores(
    log_gain: Float[Array, "quarter package party"], standing: Float[Array, "quarter package"], manner: Manner
) -> Float[Array, "quarter package"]:
    """Log score of each package: precision * sum_i a_i log(gain_i) + standing; `NEVER` where it cannot be agreed."""
    possible = log_gain[..., 0] > NEVER
    score = jnp.asarray(manner.precision) * (log_gain @ jnp.asarray(manner.power, dtype=float))
    return jnp.where(possible, score + jnp.where(possible, standing, 0.0), NEVER)


def log_chances(
    menus: Menus, weight: Float[Array, " weight"], manner: Manner
) -> tuple[Float[Array, "quarter package"], Float[Array, " quarter"]]:
    """Log chance of each package, and of no deal; over both they add up to 1 in every quarter.

    Args:
        menus: What is on the table.
        weight: Unknown weights [payoff / month per unit of feature], above 0.
        manner: How governments choose.

    Reference:
        Logit choice over Nash products: P(z) proportional to exp(kappa sum_i a_i log g_i(z)), no deal among the
        options (McKelvey and Palfrey 1998 for the logit, Harsanyi and Selten 1972 for the weights).
    """
    score = scores(log_gains(menus, weight, manner.blur), menus.standing, manner)
    nothing = jnp.asarray(manner.reluctance, dtype=float)
    total = jnp.logaddexp(jax.nn.logsumexp(score, axis=1), nothing)
    return score - total[:, None], nothing - total


@dataclass(frozen=True)
class Recorded:
    """What a ledger shows of each quarter, and how well it can be trusted.

    Attributes:
        dealt: 1 in quarters with a deal, else 0.
        flag: 1 if the deal is coded as holding the issue.
        shown: 1 if that field was coded at all; the others are summed out.
        invented: Chance that an issue outside the deal is coded as in it.
        overlooked: Chance that an issue in the deal is coded as outside it.
        lapse: Chance that a quarter follows no rule: a deal or none, any package alike. It bounds what one entry that
            the model thinks impossible can do.
    """

    dealt: Float[np.ndarray, " quarter"]
    flag: Float[np.ndarray, "quarter issue"]
    shown: Float[np.ndarray, "quarter issue"]
    invented: Float[np.ndarray, "quarter issue"]
    overlooked: Float[np.ndarray, "quarter issue"]
    lapse: float = 0.01

    def __post_init__(self) -> None:
        shape = np.shape(self.flag)
        for name in ("shown", "invented", "overlooked"):
            if np.shape(getattr(self, name)) != shape or np.shape(self.dealt) != shape[:1]:
                raise DeclarationError(
                    "records of deals do not fit together", where=name, found=str(np.shape(getattr(self, name))),
                    expected=f"{shape} as of the flags, and one entry of `dealt` for each quarter",
                )  # fmt: skip
            bounds.chance(getattr(self, name), name)
        for name in ("dealt", "flag", "shown"):
            if not np.isin(getattr(self, name), (0.0, 1.0)).all():
                raise DeclarationError("a mark is neither yes nor no", where=name, expected="0 or 1")
        bounds.chance(self.lapse, "lapse")


def log_match(recorded: Recorded, include: Float[np.ndarray, "package issue"]) -> Float[np.ndarray, "quarter package"]:
    """Log chance that each package would have been coded as it was; fields not shown count for nothing.

    Args:
        recorded: What the ledger shows.
        include: Which issues each package holds, from `packages`.

    Reference:
        Misclassification field by field, independent given the truth (Hausman, Abrevaya and Scott-Morton 1998).
    """
    yes = _log(np.where(recorded.flag > 0.0, 1.0 - recorded.overlooked, recorded.overlooked)) * recorded.shown
    no = _log(np.where(recorded.flag > 0.0, recorded.invented, 1.0 - recorded.invented)) * recorded.shown
    return yes @ include.T + no @ (1.0 - include).T


def log_seen(
    chances: tuple[Float[Array, "quarter package"], Float[Array, " quarter"]],
    dealt: Float[ArrayLike, " quarter"],
    match: Float[ArrayLike, "quarter package"],
    lapse: Float[ArrayLike, ""] = 0.0,
) -> Float[Array, " quarter"]:
    """Log likelihood of each quarter's record, the true package summed out.

    Args:
        chances: From `log_chances`.
        dealt: 1 in quarters with a deal.
        match: From `log_match`.
        lapse: Chance that a quarter follows no rule.
    """
    package, nothing = chances
    agreed = jnp.asarray(dealt) > 0.0
    coded = jax.nn.logsumexp(package + jnp.asarray(match), axis=1)
    even = jax.nn.logsumexp(jnp.asarray(match), axis=1) - jnp.log(package.shape[1])
    anything = jnp.log(0.5) + jnp.where(agreed, even, 0.0)
    ruled = jnp.where(agreed, coded, nothing)
    return jnp.logaddexp(jnp.log1p(-jnp.asarray(lapse)) + ruled, jnp.log(jnp.asarray(lapse)) + anything)


def deal_chance(
    chances: tuple[Float[Array, "quarter package"], Float[Array, " quarter"]], lapse: Float[ArrayLike, ""] = 0.0
) -> Float[Array, " quarter"]:
    """Chance of a deal in each quarter."""
    ruled = -jnp.expm1(jnp.minimum(chances[1], 0.0))
    return jnp.asarray(lapse) * 0.5 + (1.0 - jnp.asarray(lapse)) * ruled


def held_chances(
    chances: tuple[Float[Array, "quarter package"], Float[Array, " quarter"]],
    include: Float[ArrayLike, "package issue"],
    lapse: Float[ArrayLike, ""] = 0.0,
) -> Float[Array, "quarter issue"]:
    """Chance that a deal holds each issue, given that there is a deal in the quarter.

    Where no package can be agreed at all, what is left are lapses, and any package is as likely as another.
    """
    every = jnp.asarray(include)
    slip = jnp.asarray(lapse)
    odds = (1.0 - slip) * jnp.exp(chances[0]) + 0.5 * slip / every.shape[0]
    odds = odds + LEAST_CHANCE  # so that a quarter without any chance of a deal divides by something
    return odds @ every / jnp.sum(odds, axis=1, keepdims=True)


def _log_softplus(x: Array) -> Array:
    """log(log(1 + exp(x))), which is x far below 0, where the inner log would round to nothing."""
    low = x < -30.0
    return jnp.where(low, x, jnp.log(jax.nn.softplus(jnp.where(low, 0.0, x))))


def _log(chance: np.ndarray) -> np.ndarray:
    return np.log(np.maximum(chance, LEAST_CHANCE))
