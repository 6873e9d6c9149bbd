"""What governments faced in each quarter, as menus of packages whose worth is linear in weights to be learned."""

from __future__ import annotations

from dataclasses import dataclass

import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from palanca.bargain.dealing import Menus, packages
from palanca.core.clock import Month
from palanca.core.errors import BargainError


@dataclass(frozen=True, eq=False)
class Taste:
    """What is believed beforehand of one issue. Learned are factors on these numbers, one for cost and one for worth.

    Args:
        issue: Its name.
        owner: Party that delivers it.
        cost: What the amount on the table costs the owner, at the prior's middle [payoff / month]; above 0 where the
            issue is on the table.
        worth: What it is worth to the other party, beside what it does to arrivals [payoff / month]; 0 for nothing.
        spread: Standard deviation of the log of each factor.
        yardstick: Whether the cost is known: the unit in which the owner's payoffs are counted. A choice tells of
            ratios only, so one number of each party has to be given; the destination's is its dislike of arrivals.
    """

    issue: str
    owner: str
    cost: Float[np.ndarray, " quarter"]
    worth: Float[np.ndarray, " quarter"]
    spread: float = 0.55
    yardstick: bool = False


@dataclass(frozen=True, eq=False)
class Contexts:
    """What the two governments faced, quarter by quarter.

    Args:
        quarters: First month of each quarter.
        issues: Names of the issues, in the order of the packages of `bargain.dealing.packages`.
        parties: The destination and the transit country.
        without: Expected arrivals if nothing is agreed [thousand people / month].
        arrivals: Expected arrivals if a package is agreed [thousand people / month].
        salience: Weight of attention, and of the election clock [1 at usual attention].
        amount: How much of each issue a package would hold [unit of issue]; 0 if it is off the table.
        hosting: Price of the transit country's own deliveries against the usual [1].
    """

    quarters: tuple[Month, ...]
    issues: tuple[str, ...]
    parties: tuple[str, str]
    without: Float[np.ndarray, " quarter"]
    arrivals: Float[np.ndarray, "quarter package"]
    salience: Float[np.ndarray, " quarter"]
    amount: Float[np.ndarray, "quarter issue"]
    hosting: Float[np.ndarray, " quarter"]

    def __post_init__(self) -> None:
        length, wide = len(self.quarters), len(self.issues)
        shapes = {
            "without": (length,),
            "arrivals": (length, 2**wide - 1),
            "salience": (length,),
            "amount": (length, wide),
            "hosting": (length,),
        }
        for name, shape in shapes.items():
            values = np.asarray(getattr(self, name))
            if values.shape != shape or not np.isfinite(values).all() or (values < 0.0).any():
                raise BargainError(
                    "contexts of deals do not fit together",
                    where=name,
                    found=f"shape {values.shape}, least {np.min(values, initial=np.inf):g}",
                    expected=f"shape {shape}, finite numbers from 0 up",
                )

    def include(self) -> np.ndarray:
        """Which issues each package holds, (package, issue)."""
        return packages(len(self.issues))


@dataclass(frozen=True, eq=False)
class LearnableBargain:
    """A bargain ready to be learned about.

    Args:
        menus: What could be agreed.
        include: Which issues each package holds, (package, issue).
        names: What each weight multiplies; its prior median is 1.
        spread: Standard deviation of its log.
    """

    menus: Menus
    include: np.ndarray
    names: tuple[str, ...]
    spread: np.ndarray


def stakes(contexts: Contexts, tastes: tuple[Taste, ...], *, even_menus: bool = False) -> LearnableBargain:
    """Set out what each package gives each party, as it is believed beforehand, with a factor to learn on each part.

    D: salience * (arrivals without - with) - its costs + its worths;   T: its worths - hosting * its costs.

    Args:
        contexts: What governments faced.
        tastes: What is believed of every issue, in any order.
        even_menus: Whether each quarter's packages count together for one. Else every further issue on the table
            doubles the packages and so makes some deal likelier, as it would if governments tried each with error.

    Raises:
        BargainError: An issue without a taste or with two, an owner not at the table, no yardstick for the transit
            country, or a cost that is not above 0.
    """
    known = _by_issue(contexts, tastes)
    include = contexts.include()
    fixed = np.zeros((len(contexts.quarters), len(include), 2))
    fixed[:, :, 0] = contexts.salience[:, None] * (contexts.without[:, None] - contexts.arrivals)
    names: list[str] = []
    features, scales, spread = [], [], []
    for place, taste in enumerate(known):
        held, owner = include[:, place], contexts.parties.index(taste.owner)
        paid = np.asarray(taste.cost) * (contexts.hosting if owner == 1 else 1.0)
        if taste.yardstick:
            fixed[:, :, owner] -= paid[:, None] * held
        parts = [] if taste.yardstick else [(f"cost to {taste.owner}", -held, owner, paid)]
        if np.any(taste.worth):
            parts.append((f"worth to {contexts.parties[1 - owner]}", held, 1 - owner, np.asarray(taste.worth)))
        for name, feature, party, scale in parts:
            names.append(f"{taste.issue}, {name}")
            features.append(_one_party(feature, party))
            scales.append(scale)
            spread.append(taste.spread)
    menus = Menus(
        fixed=jnp.asarray(fixed),
        feature=jnp.asarray(np.stack(features, axis=-1)),
        scale=jnp.asarray(np.stack(scales, axis=-1)),
        standing=jnp.asarray(_standing(contexts.amount, include, even_menus)),
    )
    menus.check()
    return LearnableBargain(menus, include, tuple(names), np.array(spread))


def _one_party(held: np.ndarray, party: int) -> np.ndarray:
    """A feature that only one party feels, (package, party)."""
    felt = np.zeros((len(held), 2))
    felt[:, party] = held
    return felt


def _standing(amount: np.ndarray, include: np.ndarray, even: bool) -> np.ndarray:
    """Minus infinity for packages with an issue that is off the table, (quarter, package)."""
    missing = (amount <= 0.0).astype(float) @ include.T > 0.0
    count = np.maximum((~missing).sum(axis=1), 1)
    return np.where(missing, -np.inf, -np.log(count)[:, None] if even else 0.0)


def _by_issue(contexts: Contexts, tastes: tuple[Taste, ...]) -> list[Taste]:
    named = [taste.issue for taste in tastes]
    if sorted(named) != sorted(contexts.issues):
        raise BargainError(
            "every issue on the table needs what is believed of it, once",
            where="tastes",
            found=", ".join(named),
            expected=", ".join(contexts.issues),
        )
    for taste in tastes:
        if taste.owner not in contexts.parties:
            raise BargainError(
                "nobody at the table can deliver this issue",
                where=f"taste for {taste.issue}",
                found=f"owner {taste.owner!r}",
                expected=" or ".join(contexts.parties),
            )
        open_now = contexts.amount[:, contexts.issues.index(taste.issue)] > 0.0
        cost, worth = (np.asarray(values, dtype=float) for values in (taste.cost, taste.worth))
        fits = cost.shape == worth.shape == open_now.shape and taste.spread > 0.0
        if not (fits and (cost[open_now] > 0.0).all() and (cost >= 0.0).all() and (worth >= 0.0).all()):
            raise BargainError(
                "a taste out of range",
                where=f"taste for {taste.issue}",
                found=f"costs {cost.shape}, worths {worth.shape}, spread {taste.spread:g}",
                expected="a cost above 0 and a worth of 0 or more for each quarter, and a spread above 0",
            )
    if sum(taste.yardstick and taste.owner == contexts.parties[1] for taste in tastes) != 1:
        raise BargainError(
            "the transit country's payoffs need a unit",
            where="tastes",
            expected=f"one issue of {contexts.parties[1]} whose cost is the yardstick",
            way_out="Choices tell of ratios only; mark one cost as known.",
        )
    return [tastes[named.index(issue)] for issue in contexts.issues]
