"""What the destination paid for each spell of enforcement, in worth to the transit country per unit of effort.

Payments are what the ledger says was got; what each is worth is what the bargaining table believes. Where the ledger
gives no size, any size up to the table's greatest is as likely. Relief from a threat is no payment.
"""

from __future__ import annotations

from dataclasses import dataclass

import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from palanca.bargain.utility import FORMS
from palanca.evidence.claims.found import Word, word
from palanca.evidence.claims.spells import Spell, spells
from palanca.infer.history import PreparedCase
from palanca.kernel.keys import stream
from palanca.questions.bargaining import prepared, response
from palanca.spec.bargain_spec import BargainSpec, load_bargain
from palanca.spec.ledger import Ledger, load_ledger
from palanca.spec.ledger_schema import Item

ROUTINE = 1.0
SIZES = {"vaccines": 1e7, "visas": 1e5, "aid": 1e9, "parole_places": 3e4}  # what an amount of 1 on the table stands for
FEWEST = 3


@dataclass(frozen=True, eq=False)
class PaidPrices:
    """The price of effort in spell after spell.

    Args:
        spells: The spells.
        effort: Declared effort above routine at its height in each, (spell) [multiples of routine control].
        paid: What was got in each, (spell, draw) [payoff / month].
        acts: Acts of the ledger in each, (spell).
        slope: Rise of the price per unit of effort from one spell to the next, spells drawn anew with each draw
            (draw) [payoff / effort / month per spell].
        slope_of_act: The same of the mean price of an act, so that a spell of many renewals does not count as dearer.
        slope_paid: The first over spells with any payment, so that one got by a threat does not count as cheap.
    """

    spells: tuple[Spell, ...]
    effort: Float[np.ndarray, " spell"]
    paid: Float[np.ndarray, "spell draw"]
    acts: Float[np.ndarray, " spell"]
    slope: Float[np.ndarray, " draw"]
    slope_of_act: Float[np.ndarray, " draw"]
    slope_paid: Float[np.ndarray, " draw"]

    @property
    def price(self) -> Float[np.ndarray, "spell draw"]:
        """Payment per unit of effort above routine [payoff / effort / month]."""
        return self.paid / np.maximum(self.effort, 1e-9)[:, None]

    @property
    def word(self) -> Word:
        """Whether the price rises; open where the ways to count differ or too few spells tell."""
        words = {word(rises(one)) for one in (self.slope, self.slope_of_act, self.slope_paid)}
        return words.pop() if len(words) == 1 and len(self.spells) >= FEWEST else Word.open


def rises(slope: Float[np.ndarray, " draw"]) -> float:
    """Share of draws in which a slope is above 0; no number where none can be told."""
    known = slope[np.isfinite(slope)]
    return float(np.mean(known > 0.0)) if known.size else float("nan")


def prices(setting: PreparedCase, *, ledger: Ledger | None = None, draws: int = 64, key: int = 1) -> PaidPrices:
    """Work out what was paid for effort, spell by spell.

    Args:
        setting: From `history.prepare`; its record tells declared effort.
        ledger: A ledger in place of the case's.
        draws: How many draws of what payments are worth and of sizes not told.
        key: Same key, same draws.
    """
    read, talks = ledger or load_ledger(setting.case.case), load_bargain(setting.case.case)
    depends = talks.file.arrivals.party
    holder = next(code for code in talks.parties if code != depends)
    found = spells(read, holder, depends)
    values = prepared.drawn(talks, draws, key)
    rows = {row.id: row for row in read.rows}
    span = setting.case.span.span
    effort = []
    for one in found:
        months = [one.first + i for i in range(one.renewed - one.first + 3) if one.first + i in span]
        effort.append(max(response.levels(setting.inputs, span.position(m))["effort"] for m in months) - ROUTINE)
    paid = np.stack(
        [
            sum((_got(talks, rows[row].got, values, (row, draws, key)) for row in one.rows), np.zeros(draws))
            for one in found
        ]
    )
    height, acts = np.array(effort), np.array([float(len(one.rows)) for one in found])
    price = paid / np.maximum(height, 1e-9)[:, None]
    some = price[price.max(axis=1) > 0.0]
    return PaidPrices(
        found, height, paid, acts, slopes(price, key), slopes(price / acts[:, None], key), slopes(some, key)
    )


def slopes(price: Float[np.ndarray, "spell draw"], key: int) -> Float[np.ndarray, " draw"]:
    """Least-squares rise of the price from spell to spell; each draw draws the spells anew, so that few tell little."""
    count, draws = price.shape
    rng = stream(key, "paid/slopes", count)
    found = np.full(draws, np.nan)
    for draw in range(draws if count > 1 else 0):
        at = rng.integers(0, count, count)
        if np.ptp(at) > 0:
            order = at - at.mean()
            found[draw] = order @ price[at, draw] / (order @ order)
    return found


def worth(talks: BargainSpec, voice: str, issue: str, amount: np.ndarray, values: dict[str, np.ndarray]) -> np.ndarray:
    """What an amount of an issue is worth to a party beyond none of it, (draw) [payoff / month].

    Args:
        talks: The table as declared.
        voice: Who gets it.
        issue: Which issue of the table.
        amount: How much of it, (draw) [unit of issue].
        values: Draws of every belief, from `prepared.drawn`.
    """
    found = np.zeros(amount.size)
    for place, payoff in enumerate(talks.file.payoffs):
        if payoff.voice != voice or payoff.issue != issue:
            continue
        form = FORMS[payoff.form]
        plain = [
            talks.declaration({k: float(v[i]) for k, v in values.items()})["payoffs"][place] for i in range(amount.size)
        ]
        numbers = jnp.asarray([[one[name] for name in form.coefficients] for one in plain])
        found += np.asarray(
            [
                form.value(jnp.asarray(x), row) - form.value(jnp.asarray(0.0), row)
                for x, row in zip(amount, numbers, strict=True)
            ]
        )
    return found


def _got(
    talks: BargainSpec, got: tuple[Item, ...], values: dict[str, np.ndarray], drawn: tuple[str, int, int]
) -> np.ndarray:
    row, draws, key = drawn
    depends = talks.file.arrivals.party
    holder = next(code for code in talks.parties if code != depends)
    total = np.zeros(draws)
    for item in got:
        for name, issue in talks.issues.items():
            if issue.owner != depends or item.issue not in issue.ledger or name == "tariff_relief":
                continue
            told = item.size is not None and name in SIZES
            amount = (
                np.full(draws, min(item.size / SIZES[name], issue.high))  # type: ignore[operator]
                if told
                else issue.high * stream(key, "paid/amount", row, name).uniform(size=draws)
            )
            total += worth(talks, holder, name, amount, values)
    return total
