"""Issues that come in lumps: every combination of their amounts tried, the rest of the package solved for each."""

from __future__ import annotations

from itertools import product

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from palanca.bargain.concepts import agree_on_each
from palanca.bargain.feasible import TINY, Talks
from palanca.bargain.issues import Issue
from palanca.bargain.refusals import DeclarationError
from palanca.bargain.solve import IDLE, LEAST_GAIN, Concept, Outcome

MOST = 20_000


def combinations(issues: tuple[Issue, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Which issues stay free, (issue), and every combination of amounts of the lumpy ones, (combination, issue).

    Raises:
        DeclarationError: If there are too many combinations to try.
    """
    choices = [issue.menu or (issue.status_quo,) for issue in issues]
    number = int(np.prod([len(menu) for menu in choices], dtype=float))
    if number > MOST:
        raise DeclarationError("too many combinations of lumps", found=str(number), expected=f"{MOST} or fewer")
    return np.array([not issue.menu for issue in issues]), np.array(list(product(*choices)), dtype=float)


def agree_in_lumps(talks: Talks, issues: tuple[Issue, ...], concept: Concept = Concept.NASH) -> Outcome:
    """The best deal among all combinations of lumps.

    Args:
        talks: The bargain.
        issues: The declaration it was assembled from, with menus.
        concept: How gains are divided; Kalai-Smorodinsky only if every issue is lumpy, for its ideals span them all.

    Returns:
        The outcome of the best combination; the status quo, not agreed, if none has a deal. Lumps have no prices, so
        `clash` says nothing if every issue is lumpy.

    Raises:
        UnsettledError: If a search does not converge.
    """
    free, fixed = combinations(issues)
    if free.any() and concept is Concept.KALAI_SMORODINSKY:
        raise DeclarationError(
            "ideals across lumps and amounts together are not worked out",
            found=str(concept),
            expected="another concept, or menus for every issue",
        )
    if free.any():
        held = jnp.asarray(np.broadcast_to(free, fixed.shape))
        every = agree_on_each(talks, held, concept, jnp.asarray(fixed))
    else:
        every = _points(talks, jnp.asarray(fixed))
    agreed = np.asarray(every.agreed)
    if not agreed.any():
        none = jax.tree.map(lambda x: x[int(np.argmax(np.asarray(every.margin)))], every)
        nothing = jnp.zeros(len(talks.parties))
        payoffs = talks.payoffs(talks.status_quo).at[: len(talks.parties)].set(talks.disagreement)
        return none._replace(package=talks.status_quo, payoffs=payoffs, gains=nothing)
    score = _scores(talks, np.asarray(every.gains), agreed, concept)
    return jax.tree.map(lambda x: x[int(np.argmax(score))], every)


def _points(talks: Talks, packages: Array) -> Outcome:
    """Outcomes of packages that leave nothing to solve."""
    slack = jax.vmap(talks.limits)(packages)
    parties, spread = len(talks.parties), talks.ranges()
    scaled = slack / jnp.where(spread > TINY, spread, 1.0)
    agreed = jnp.all(scaled[:, :parties] > LEAST_GAIN, axis=1) & jnp.all(scaled[:, parties:] >= -IDLE, axis=1)
    blank = jnp.zeros_like(slack)
    return Outcome(
        package=packages,
        payoffs=jax.vmap(talks.payoffs)(packages),
        gains=slack[:, :parties],
        agreed=agreed,
        margin=jnp.min(scaled, axis=1),
        clash=blank,
        price=blank,
        residual=jnp.zeros(len(packages)),
        settled=jnp.ones(len(packages), bool),
    )


def _scores(talks: Talks, gains: np.ndarray, agreed: np.ndarray, concept: Concept) -> np.ndarray:
    """What the concept makes of each outcome; minus infinity where there is none."""
    weight = np.asarray(talks.weight)
    safe = np.where(agreed[:, None], gains, 1.0)
    if concept is Concept.NASH:
        score = np.log(safe) @ weight
    elif concept is Concept.UTILITARIAN:
        score = safe @ weight
    elif concept is Concept.EGALITARIAN:
        score = np.min(safe / weight, axis=1)
    else:
        score = np.min(safe / np.max(gains[agreed], axis=0), axis=1)
    return np.where(agreed, score, -np.inf)
