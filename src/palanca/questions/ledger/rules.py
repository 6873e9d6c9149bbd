"""Reaction rules of governments for worlds that run ahead: when they ask, when they deal, what a deal does to effort.

Learned from the deal ledger and the case's record. A rule says how often governments did so when they faced the like,
not why: it is no bargain, and what it learned from some forty quarters is little.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float

from palanca.core.clock import Month
from palanca.core.errors import UsageError
from palanca.infer.history import PreparedCase
from palanca.infer.politics_attention import ELECTIONS
from palanca.kernel.keys import stream
from palanca.politics.clock import months_to_next
from palanca.questions.bargaining import response
from palanca.questions.forecast.reaction_rule import attention
from palanca.questions.ledger import corridor as deal_corridor
from palanca.questions.ledger import deployed, odds
from palanca.questions.ledger import quarters as deal_quarters
from palanca.questions.ledger.odds import Odds, Told
from palanca.spec.bargain_spec import load_bargain
from palanca.spec.ledger import Ledger, load_ledger

QUARTER = 3
CLOCK = 6.0  # months over which nearness of an election falls to 1/e, as in the fit of politics
PRIORS = {
    "level": (-1.0, 1.5),
    "surge": (0.0, 1.5),  # a doubling of arrivals rarely moves odds threefold
    "election": (0.0, 1.0),
}
STEP = (0.5, 1.0, 2.0, 0.25)  # mean, cases it counts for, and shape and scale of its scatter's inverse gamma
HALF_LIFE = (np.log(10.0), 0.7)  # of the log; 3 to 32 months
BETWEEN_DEALS = 0.5  # by which half-lives of single deals scatter about the usual one, in logs
ENFORCEMENT = "enforcement"
SETTLES = 2  # months after a deal within which its full effort is declared


@dataclass(frozen=True, eq=False)
class Rules:
    """How governments answer, by draw.

    Args:
        ask: When the destination asks, per quarter.
        deal: When the two make or renew a deal, per quarter.
        effort_share: Share of deals that hold enforcement (draw) [share].
        step: Log of what such a deal multiplies declared effort by (draw) [log points].
        half_life: Time in which the log of what a deal added halves, unless renewed (draw) [months].
        near: Nearness of the election, 1 in its month: one number, or by month (month, 1).
        told: What ledger and record say of every number, under its name.
        quarters: Quarters learned from.
        asks: Quarters with an ask.
        deals: Quarters with a deal.
        steps: Steps of declared effort learned from [log points].
    """

    ask: Odds
    deal: Odds
    effort_share: Float[np.ndarray, " draw"]
    step: Float[np.ndarray, " draw"]
    half_life: Float[np.ndarray, " draw"]
    near: Float[np.ndarray, "*month #draw"]
    told: tuple[Told, ...]
    quarters: int
    asks: int
    deals: int
    steps: tuple[float, ...]

    @property
    def draws(self) -> int:
        """How many draws."""
        return int(self.step.size)

    def over(self, months: Sequence[Month]) -> Rules:
        """The same rules with the election clock of these months, which `answer` then follows."""
        return replace(self, near=nearness(months)[:, None])

    def some(self, draws: np.ndarray) -> Rules:
        """The same rules for some draws, by number."""
        return replace(
            self,
            ask=replace(self.ask, values=self.ask.values[:, draws]),
            deal=replace(self.deal, values=self.deal.values[:, draws]),
            effort_share=self.effort_share[draws],
            step=self.step[draws],
            half_life=self.half_life[draws],
        )

    def chance(self, kind: str, surge: Float[np.ndarray, "*month draw"]) -> Float[np.ndarray, "*month draw"]:
        """Chance of an ask or a deal in a quarter.

        Args:
            kind: `ask` or `deal`.
            surge: Log of arrivals over usual [log points].

        Raises:
            UsageError: Neither of the two.
        """
        if kind not in ("ask", "deal"):
            raise UsageError("no such rule", found=repr(kind), expected="ask or deal")
        level, slope, election = (self.ask if kind == "ask" else self.deal).values
        return odds.chance(level + slope * surge + election * self.near)


def learned(
    setting: PreparedCase,
    *,
    ledger: Ledger | None = None,
    draws: int = 64,
    key: int = 1,
    inferred: bool = True,
    until: Month | None = None,
) -> Rules:
    """Learn the rules of the case's two governments.

    Args:
        setting: From `history.prepare`; its record says how declared effort stepped up after deals.
        ledger: A ledger in place of the case's.
        draws: How many draws.
        key: Same key, same draws.
        inferred: Whether rows count whose link to migration is only inferred.
        until: Last month of which ledger, record and counts of forces may tell; all of them if nothing.

    Raises:
        UsageError: Encounters are missing for a quarter, or the ledger does not fit the case's table or begins later.
    """
    read = ledger or load_ledger(setting.case.case)
    read = read.until(until) if until is not None else read
    last = until or setting.case.span.last
    read = read if inferred else read.without_inferred()
    talks = load_bargain(setting.case.case)
    depends = talks.file.arrivals.party
    holder = next(code for code in talks.parties if code != depends)
    seen = deal_quarters.deal_quarters(read, deal_corridor.coding(talks, holder, depends, inferred=inferred))
    surge = attention_before(seen.quarters, deal_corridor.encounters(setting.figures))
    near = nearness(seen.quarters)
    design = np.column_stack([np.ones(len(surge)), surge, near])
    asked = _asked(read, seen.quarters, (holder, depends))
    ask = odds.learn(design, asked, PRIORS, draws=draws, key=key, purpose="ask")
    deal = odds.learn(design, seen.dealt, PRIORS, draws=draws, key=key, purpose="deal")
    held = seen.flag[:, seen.issues.index(ENFORCEMENT)] & seen.dealt
    steps = _steps(setting, read, (holder, depends), last)
    share, about_share = _share(int(held.sum()), int(seen.dealt.sum()), draws, key)
    step, about_step = _step(np.array(steps), draws, key)
    half_life, about_half = _half_life(deployed.half_life() if deployed.FALL[-1] <= last else None, draws, key)
    named = [(kind, one) for kind, rule in (("ask", ask), ("deal", deal)) for one in rule.told]
    return Rules(
        ask=ask,
        deal=deal,
        effort_share=share,
        step=step,
        half_life=half_life,
        near=np.array(near.mean()),
        told=(*(replace(one, name=f"{kind}: {one.name}") for kind, one in named), about_share, about_step, about_half),
        quarters=len(surge),
        asks=int(asked.sum()),
        deals=int(seen.dealt.sum()),
        steps=steps,
    )


def attention_before(quarters: Sequence[Month], encounters: Mapping[Month, float]) -> Float[np.ndarray, " quarter"]:
    """Log of encounters over usual as each quarter begins, measured as in the worlds that the rules are applied to.

    The month before the quarter over what governments are used to by then, a mean of logs that fades over a year.

    Args:
        quarters: First month of each quarter.
        encounters: Encounters by month without a gap, from years before the first quarter [events / month].

    Raises:
        UsageError: A month is missing.
    """
    first = min(encounters)
    months = [first + i for i in range(max(quarters) - first + 1)]
    missing = [month for month in months[:-1] if not np.isfinite(encounters.get(month, np.nan))]
    if missing:
        raise UsageError("encounters are missing for a month that rules are learned from", found=f"no {missing[0]}")
    path = attention(np.array([*(encounters[month] for month in months[:-1]), 1.0]))  # its own month counts for none
    return np.array([path[quarter - first] for quarter in quarters])


def nearness(months: Sequence[Month]) -> np.ndarray:
    """How near the destination's next election is, (month) [1 in its month, towards 0 far from one]."""
    ahead = months_to_next(np.array([one.index for one in months]), np.array([one.index for one in ELECTIONS]))
    return np.asarray(np.exp(-np.asarray(ahead) / CLOCK))


def lifted(rules: Rules, path: np.ndarray, uniform: np.ndarray, start: float = 0.0) -> np.ndarray:
    """Log effort that deals have added in one world, (month, draw) [log points].

    Args:
        rules: From `learned`.
        path: Log of last month's encounters over usual, (month, draw).
        uniform: Noise, (month, draw) [0 to 1].
        start: What earlier deals still add before the first month; it fades like the rest.
    """
    quarterly = rules.chance("deal", path) * rules.effort_share
    struck = uniform < 1.0 - (1.0 - quarterly) ** (1.0 / QUARTER)
    kept, at, rows = 0.5 ** (1.0 / rules.half_life), np.full(rules.draws, start), []
    for month in struck:
        left = kept * at
        at = np.where(month, np.maximum(left, rules.step), left)
        rows.append(at)
    return np.stack(rows) if rows else np.zeros_like(path)


def _asked(ledger: Ledger, quarters: tuple[Month, ...], pair: tuple[str, str]) -> np.ndarray:
    giver, taker = pair
    rows = ledger.by_quarter()
    return np.array(
        [any(r.kind == "ask" and taker in r.taker and giver in r.giver for r in rows[quarter]) for quarter in quarters]
    )


def _steps(setting: PreparedCase, ledger: Ledger, pair: tuple[str, str], until: Month) -> tuple[float, ...]:
    """Log rise of declared effort from the month before a deal on enforcement to the two months after it.

    Rows within three months of one that counts are the same step.
    """
    (holder, depends), span, found, last = pair, setting.case.span.span, [], None
    for row in ledger.of_kind("deal", "renewal", "favour"):
        month = row.date.first.month
        gives = holder in row.giver and depends in row.taker and any(item.issue == ENFORCEMENT for item in row.given)
        if not gives or month + -1 not in span or (last is not None and month - last < QUARTER):
            continue
        last = month
        after = [month + i for i in range(SETTLES + 1) if month + i in span and month + i <= until]
        levels = [response.levels(setting.inputs, span.position(one))["effort"] for one in (month + -1, *after)]
        found.append(float(np.log(max(levels[1:]) / levels[0])))
    return tuple(found)


def _share(held: int, deals: int, draws: int, key: int) -> tuple[np.ndarray, Told]:
    """Share of deals that hold enforcement, every share as likely beforehand."""
    a, b = held + 1.0, deals - held + 1.0
    values = stream(key, "rules/share").beta(a, b, draws)
    mean, sd = a / (a + b), np.sqrt(a * b / ((a + b) ** 2 * (a + b + 1.0)))
    low, high = np.quantile(stream(key, "rules/share ends").beta(a, b, 4_000), [0.05, 0.95])
    return values, Told("deals that hold enforcement", 0.5, 12.0**-0.5, mean, float(sd), float(low), float(high))


def _step(steps: np.ndarray, draws: int, key: int) -> tuple[np.ndarray, Told]:
    """Mean step: normal with unknown mean and scatter, conjugate."""
    mean, cases, a, b = STEP
    n = steps.size
    centre = (cases * mean + steps.sum()) / (cases + n)
    about = steps - steps.mean() if n else steps
    gap = (steps.mean() - mean) if n else 0.0
    shape = a + n / 2.0
    scale = b + 0.5 * float(about @ about) + 0.5 * cases * n / (cases + n) * gap**2
    rng = stream(key, "rules/step")
    spread = np.sqrt(scale / rng.gamma(shape, 1.0, draws) / (cases + n))
    sd = float(np.sqrt(scale / (shape - 1.0) / (cases + n)))
    half = 1.645 * sd
    told = Told(
        "log step of effort at a deal", mean, float(np.sqrt(b / (a - 1.0) / cases)), centre, sd, centre - half,
        centre + half,
    )  # fmt: skip
    return centre + spread * rng.standard_normal(draws), told


def _half_life(seen: float | None, draws: int, key: int) -> tuple[np.ndarray, Told]:
    """Half-life of what a deal added: one falling count of forces deployed, on a wide prior; logs are normal."""
    mean, sd = HALF_LIFE
    weight = sd**2 / (sd**2 + BETWEEN_DEALS**2) if seen is not None else 0.0
    centre = mean + weight * ((np.log(seen) if seen is not None else mean) - mean)
    width = sd * np.sqrt(1.0 - weight)
    values = np.exp(centre + width * stream(key, "rules/half-life").standard_normal(draws))
    ends = (centre - 1.645 * width, centre + 1.645 * width)
    return values, Told("log half-life of what a deal added [log months]", mean, sd, float(centre), float(width), *ends)
