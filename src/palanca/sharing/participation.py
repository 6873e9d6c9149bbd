"""Would it hold: what each country gains from a scheme, who would leave, and the transfers that keep all in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float

from palanca.core.errors import SharingError
from palanca.sharing.market import Costs

CENT = 1e-6  # usd; gains that differ by less are the same
Divide = Callable[[Bool[np.ndarray, " country"]], Float[np.ndarray, " country"]]


@dataclass(frozen=True)
class Stake:
    """What countries have at stake.

    Attributes:
        costs: What hosting costs each.
        benefit: What each person hosted by anybody under the scheme is worth to each country [usd / person].
        fallback: What each has without the scheme, such as an agreement of its own that it would give up [usd / year].
    """

    costs: Costs
    benefit: Float[np.ndarray, " country"]
    fallback: Float[np.ndarray, " country"]

    def gains(
        self, hosted: Float[np.ndarray, " country"], paid: Float[np.ndarray, " country"]
    ) -> Float[np.ndarray, " country"]:
        """What each gains by the scheme over what it has without one [usd / year].

        Args:
            hosted: People each hosts.
            paid: What each pays; below 0 where it is paid.
        """
        return self.benefit * hosted.sum() - self.costs.total(hosted) - paid - self.fallback


@dataclass(frozen=True)
class Exits:
    """What each country wins by leaving alone.

    Attributes:
        stay: What it gains inside [usd / year].
        leave: What it would have if it left and the others went on without it [usd / year].
        others_hosted: People whom the others would then host [people].
    """

    stay: Float[np.ndarray, " country"]
    leave: Float[np.ndarray, " country"]
    others_hosted: Float[np.ndarray, " country"]

    @property
    def win(self) -> Float[np.ndarray, " country"]:
        """What leaving wins [usd / year]; above 0 where a country is better off outside."""
        return self.leave - self.stay


@dataclass(frozen=True)
class Holding:
    """Transfers with which everybody stays in.

    Attributes:
        holds: Whether there are any.
        paid: What each pays more than now [usd / year]; below 0 where it is paid. Sums to 0, or to less by what
            comes from outside.
        bill: Money that changes hands [usd / year].
        slack: What is left when everybody is as well off as outside [usd / year]; below 0 where no transfer helps.
        certificate: Countries whose demands and possible payments cannot be met together, as weights [share]; zeros if
            it holds. The weighted sum of what they gain is less than that of what they must have.
    """

    holds: bool
    paid: Float[np.ndarray, " country"]
    bill: float
    slack: float
    certificate: Float[np.ndarray, " country"]


@dataclass(frozen=True)
class Joined:
    """Who is left when those who lose leave, one round after another.

    Attributes:
        inside: Whether each stays to the end.
        hosted: What each then hosts [people].
        rounds: Who left in each round, and what each would have gained there [usd / year].
    """

    inside: Bool[np.ndarray, " country"]
    hosted: Float[np.ndarray, " country"]
    rounds: tuple[tuple[tuple[int, float], ...], ...]


def exits(
    stake: Stake,
    hosted: Float[np.ndarray, " country"],
    paid: Float[np.ndarray, " country"],
    divide: Divide,
) -> Exits:
    """What each country wins by leaving alone, and what then becomes of the people.

    Args:
        stake: What is at stake.
        hosted: People each hosts with everybody in.
        paid: What each pays then.
        divide: Given who is inside, people each hosts; as `keeping` or `taking_over` make it.
    """
    count = len(hosted)
    after = np.array([float(divide(np.arange(count) != c).sum()) for c in range(count)])
    return Exits(stake.gains(hosted, paid), stake.benefit * after, after)


def keeping(hosted: Float[np.ndarray, " country"]) -> Divide:
    """Those who stay host what they hosted; the quota of who leaves is lost."""
    return lambda inside: np.where(inside, hosted, 0.0)


def taking_over(share: Float[np.ndarray, " country"], total: float, most: Float[np.ndarray, " country"]) -> Divide:
    """Those who stay divide the whole among themselves by the key, as far as they have room."""

    def divide(inside: Bool[np.ndarray, " country"]) -> Float[np.ndarray, " country"]:
        kept = np.where(inside, share, 0.0)
        whole = float(kept.sum())
        return np.minimum(kept / (whole if whole > 0.0 else 1.0) * total, most)

    return divide


def hold(
    gain: Float[np.ndarray, " country"],
    least: Float[np.ndarray, " country"],
    *,
    most_paid: Float[np.ndarray, " country"] | None = None,
    from_outside: float = 0.0,
) -> Holding:
    """Look for the smallest transfers that leave everybody with what it must have.

    Args:
        gain: What each gains before them [usd / year].
        least: What each must have to stay: 0 for no loss, or what it would have outside [usd / year].
        most_paid: Most that each can pay [usd / year]; all that it gains above its least if not given.
        from_outside: Money that others put in [usd / year].

    Raises:
        SharingError: A limit or the money from outside is negative.

    Reference:
        Potential internal stability: a sum of gains that covers what all would have outside can be divided so that
        all stay (Carraro, Eyckmans and Finus 2006, Review of International Organizations 1). The certificate is the
        dual of that linear programme: it weighs equally all who demand, and all who can pay their surplus in full.
    """
    spare = gain - least
    limit = np.full(len(gain), np.inf) if most_paid is None else np.asarray(most_paid, dtype=float)
    if (limit < 0.0).any() or from_outside < 0.0:
        raise SharingError("money below nothing", found="a negative limit", expected="0 or more [usd / year]")
    needs, gives = np.maximum(-spare, 0.0), np.minimum(np.maximum(spare, 0.0), limit)
    need, give = float(needs.sum()), float(gives.sum())
    slack = give + from_outside - need
    if slack < -CENT:
        held_back = np.maximum(spare, 0.0) > limit  # a country at its limit gives that, however much it gains
        weight = (~held_back).astype(float)
        return Holding(False, np.zeros(len(gain)), need, slack, weight / weight.sum())
    asked = max(need - from_outside, 0.0)
    paid = gives * (asked / give if give > 0.0 else 0.0) - needs
    return Holding(True, paid, need, slack, np.zeros(len(gain)))


def join(
    stake: Stake, divide: Divide, paid: Callable[[Float[np.ndarray, " country"]], Float[np.ndarray, " country"]]
) -> Joined:
    """Let those who lose by the scheme leave, divide again among the rest, and so on until all who are left gain.

    Args:
        stake: What is at stake.
        divide: Given who is inside, people each hosts.
        paid: Given what each hosts, what it pays.
    """
    count = len(stake.benefit)
    inside, rounds = np.ones(count, dtype=bool), []
    while inside.any():
        hosted = divide(inside)
        gain = stake.gains(hosted, paid(hosted))
        losing = inside & (gain < -CENT)
        if not losing.any():
            break
        rounds.append(tuple((int(c), float(gain[c])) for c in np.nonzero(losing)[0]))
        inside = inside & ~losing
    return Joined(inside, divide(inside) if inside.any() else np.zeros(count), tuple(rounds))


def check_joined(joined: Joined, countries: Sequence[str]) -> None:
    """Refuse a scheme that no country would join.

    Raises:
        SharingError: Nobody is left; says who would leave in which round, and by how much each would lose.
    """
    if joined.inside.any():
        return
    told = [
        f"round {place}: " + ", ".join(f"{countries[c]} {gain:,.0f}" for c, gain in left)
        for place, left in enumerate(joined.rounds, 1)
    ]
    raise SharingError(
        "no country would join",
        found="; ".join(told) + " usd a year",
        expected="one country at least that gains",
        way_out="Lower the number to be hosted, put in money from outside, or trade quotas.",
    )
