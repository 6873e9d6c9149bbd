"""Whether criticism is muted by need (fact 26), beside the rival that the destination respects sovereignty.

For equal provocation, statements made in months of much leverage stand against those in months of little. Under need
the first are at most half of the second; under respect for sovereignty leverage makes no difference.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from scipy.special import betainc, betaln, logsumexp

from palanca.core.clock import Month
from palanca.evidence.claims.found import Word, word
from palanca.evidence.claims.provoked import Provocation, during, provocations
from palanca.infer.history import PreparedCase
from palanca.infer.posterior import AbstractDraws
from palanca.kernel.keys import stream
from palanca.questions.bargaining.prepared import PreparedBargain
from palanca.questions.leverage import month as leverage
from palanca.spec.ledger import Ledger, load_ledger

AT_MOST = 0.5  # ratio that the claim allows at most
PRIOR = (1.0, 1.0)  # beta: every chance of a statement as likely
POINTS, SMALLEST = 200, 1e-300
BEFORE = AT_MOST / 2.0  # chance of the claim beforehand: two even chances, one at most half of the other
SURE_FACTOR = 10.0  # a Bayes factor that tells two rivals apart


@dataclass(frozen=True, eq=False)
class CriticismReading:
    """Statements per provocation against leverage, on one set of rows.

    Args:
        rows: How the rows were chosen.
        provocations: The rows.
        expected: Statements expected in the bottom, middle and top tercile of leverage, mean over draws.
        made: Statements made, likewise.
        chance: Chance of a statement in the bottom and the top tercile (2, draw) [chance].
        factor: Bayes factor over respect for sovereignty of need, which holds the claim, mean over draws.
        log_score: Log chance given to the statements, each forecast from those before it, by need and by respect for
            sovereignty [nats in all].
    """

    rows: str
    provocations: tuple[Provocation, ...]
    expected: tuple[float, float, float]
    made: tuple[float, float, float]
    chance: Float[np.ndarray, "2 draw"]
    factor: float
    log_score: tuple[float, float]

    @property
    def ratio(self) -> Float[np.ndarray, " draw"]:
        """Chance of a statement under much leverage over that under little (draw)."""
        return np.asarray(self.chance[1] / self.chance[0])

    @property
    def word(self) -> Word:
        """Whether criticism in the top tercile is at most half of that in the bottom one."""
        return word(float(np.mean(self.ratio <= AT_MOST)))

    @property
    def rivals(self) -> str:
        """What the rows say of the two rivals."""
        if self.factor >= SURE_FACTOR:
            return "need explains it better"
        return (
            "respect for sovereignty explains it better"
            if self.factor <= 1.0 / SURE_FACTOR
            else "neither explains it clearly better"
        )


@dataclass(frozen=True, eq=False)
class Criticism:
    """What is found of criticism and need.

    Args:
        months: Months in which leverage was worked out.
        need: People a month who would come besides if the transit country stopped, times the weight of an arrival in
            politics (month, draw) [thousand people / month at usual attention].
        readings: By set of rows: the transit country's provocations, those without inferred links, and those of all
            countries read against the same leverage.
    """

    months: tuple[Month, ...]
    need: Float[np.ndarray, "month draw"]
    readings: tuple[CriticismReading, ...]


def criticism(
    setting: PreparedCase,
    posterior: AbstractDraws,
    table: PreparedBargain,
    *,
    ledger: Ledger | None = None,
    key: int = 1,
) -> Criticism:
    """Set statements against leverage.

    Args:
        setting: From `history.prepare`.
        posterior: Fitted parameters.
        table: Made ready for months spread over the ledger's span, as by `leverage_months`.
        ledger: A ledger in place of the case's.
        key: The table's key.
    """
    read = ledger or load_ledger(setting.case.case)
    holder, depends = leverage.parties(table)
    months = tuple(context.month for context in table.contexts if context.month is not None)
    people = leverage.people(setting, posterior, table, months, key=key)
    weight = np.stack([context.salience for context in table.contexts])
    need = people.more("stops") / 1_000.0 * weight
    sets = {
        f"acts of {holder}": provocations(read, depends, about=holder),
        f"acts of {holder}, no inferred link": tuple(
            one for one in provocations(read, depends, about=holder) if not one.inferred
        ),
        "acts of all countries": provocations(read, depends),
    }
    return Criticism(months, need, tuple(reading(name, rows, months, need, key) for name, rows in sets.items()))


def leverage_months(setting: PreparedCase, every: int = 3) -> tuple[Month, ...]:
    """Months spread evenly over the case from 2014 on, each with three months ahead to look at."""
    span = setting.case.span.span
    first = span.first + every
    return tuple(first + i for i in range(0, span.last - first - 1, every))


def reading(
    name: str,
    rows: tuple[Provocation, ...],
    months: tuple[Month, ...],
    need: Float[np.ndarray, "month draw"],
    key: int,
) -> CriticismReading:
    """Count statements by tercile of leverage, draw by draw, and set the rivals side by side.

    Args:
        name: How the rows were chosen.
        rows: Provocations.
        months: Months of `need`.
        need: Leverage, (month, draw).
        key: Same key, same draws.
    """
    draws = need.shape[1]
    cuts = np.quantile(need, [1 / 3, 2 / 3], axis=0)
    at = np.stack([during(row.months, months, need) for row in rows]) if rows else np.zeros((0, draws))
    third = (at > cuts[0]).astype(int) + (at > cuts[1])
    expected, made = (np.array([getattr(row, field) for row in rows], dtype=float) for field in ("expected", "made"))
    made = np.minimum(made, expected)
    counts = np.stack([np.where(third == k, expected[:, None], 0.0).sum(0) for k in range(3)])
    spoken = np.stack([np.where(third == k, made[:, None], 0.0).sum(0) for k in range(3)])
    a, b = PRIOR
    rng = stream(key, "criticism", name)
    chance = np.stack([rng.beta(a + spoken[k], b + counts[k] - spoken[k]) for k in (0, 2)])
    respect = _log_chance(spoken.sum(0), counts.sum(0))
    need_says = _log_muted(spoken, counts)
    return CriticismReading(
        rows=name,
        provocations=rows,
        expected=_three(counts),
        made=_three(spoken),
        chance=chance,
        factor=float(np.mean(np.exp(need_says - respect))),
        log_score=(float(np.mean(need_says)), float(np.mean(respect))),
    )


def _three(counts: np.ndarray) -> tuple[float, float, float]:
    low, middle, high = counts.mean(axis=1)
    return float(low), float(middle), float(high)


def _log_muted(spoken: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Log chance of the statements where the top chance is at most half of the bottom one, all such pairs as likely.

    The integral over the top chance is an incomplete beta function; that over the bottom one is taken at the points of
    Gauss and Legendre.
    """
    a, b = PRIOR
    points, weights = np.polynomial.legendre.leggauss(POINTS)
    bottom = (0.5 * (points + 1.0))[:, None]
    inner = np.log(np.maximum(betainc(a + spoken[2], b + counts[2] - spoken[2], AT_MOST * bottom), SMALLEST))
    line = spoken[0] * np.log(bottom) + (counts[0] - spoken[0]) * np.log1p(-bottom) + inner
    outer = logsumexp(line, axis=0, b=(0.5 * weights)[:, None])
    return np.asarray(outer - np.log(BEFORE) + _log_chance(spoken[2], counts[2]) + _log_chance(spoken[1], counts[1]))


def _log_chance(made: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """Log chance of statements in the order they came, every chance of a statement as likely beforehand.

    The sum of the log scores of forecasts made one by one, each from those before.
    """
    a, b = PRIOR
    return np.asarray(betaln(a + made, b + expected - made) - betaln(a, b))
