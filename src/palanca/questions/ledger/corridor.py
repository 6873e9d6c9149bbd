"""What governments faced in each quarter, by the fitted corridor and the declared table, taking nothing from later.

Each quarter's arrivals are those of the quarter before: how they would have answered to a package is read from the
corridor there. Parameters, though, were fitted to all months, and beliefs of the table were written after the fact.
"""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np

from palanca.bargain.dealing import packages
from palanca.bargain.utility import FORMS
from palanca.core.clock import Month
from palanca.core.errors import UsageError
from palanca.data.read import Figures
from palanca.infer.deals_context import Contexts, Taste
from palanca.infer.politics import Politics
from palanca.questions.bargaining.prepared import PreparedBargain
from palanca.questions.ledger.quarters import Coding
from palanca.spec.bargain_schema import PayoffSpec
from palanca.spec.bargain_spec import BargainSpec

QUARTER = 3
MORE_EFFORT = 2.0  # what a package adds to enforcement at most [multiples of routine control]
SPREAD = 0.5  # of the log of each factor, as the table's own default


def coding(talks: BargainSpec, holder: str, depends: str, *, favours: bool = False, inferred: bool = True) -> Coding:
    """How rows of a ledger become packages: each traded issue of the table with the ledger's names for it."""
    traded = {name: issue for name, issue in talks.issues.items() if issue.traded}
    return Coding(
        (depends, holder),
        {name: issue.ledger for name, issue in traded.items()},
        {name: issue.owner for name, issue in traded.items()},
        favours,
        inferred,
    )


def encounters(figures: Figures) -> dict[Month, float]:
    """All encounters between ports by month [events / month].

    Args:
        figures: The figures in force, to the last month of the case.
    """
    counts = figures.read("usbp_total")
    return {
        Month.parse(str(when)[:7]): float(value)
        for when, value in zip(counts["month"].values, counts.values, strict=True)
    }


def before(quarters: tuple[Month, ...]) -> list[Month]:
    """First months of the quarters before, for which the table has to be made ready."""
    return [quarter + -QUARTER for quarter in quarters]


def faced(table: PreparedBargain, politics: Politics, quarters: tuple[Month, ...], key: int = 1) -> Contexts:
    """Contexts of every quarter, medians over draws.

    Args:
        table: Made ready for the quarter before each.
        politics: Fitted politics of the case.
        quarters: First months.
        key: The table's key.

    Raises:
        UsageError: The table has no corridor, or was made ready for other months.
    """
    emulated, talks = table.emulated, table.declared
    if emulated is None or [one.month for one in table.contexts] != before(quarters):
        raise UsageError("the table was not made ready for the quarters before these", where=talks.file.title)
    names = [name for name, issue in talks.issues.items() if issue.traded]
    amount = amounts(talks, quarters)
    include = packages(len(names))
    size, bypass = (np.median(x, axis=1)[:, None] for x in (emulated.size, emulated.bypass_share))
    rate = np.median(emulated.rate, axis=2)
    levers = {issue.lever: k for k, issue in enumerate(talks.issues[name] for name in names)}

    def held(axis: str) -> np.ndarray:
        if axis not in levers:
            return np.zeros((len(quarters), len(include)))
        return np.asarray(amount[:, levers[axis], None] * include.T[levers[axis]][None])

    routine = talks.issues[names[levers["effort"]]].status_quo
    effort = routine + held("effort")
    rest = rate[1][:, None] * held("returns") + rate[2][:, None] * held("parole")
    arrivals = size * ((1.0 - bypass) * np.exp(-rate[0][:, None] * effort) + bypass) * np.exp(-rest)
    without = size * ((1.0 - bypass) * np.exp(-rate[0][:, None] * routine) + bypass)
    salience = [politics.salience(quarter, quarter, table.draws, key)[0] for quarter in quarters]
    owners = [talks.issues[name].owner for name in names]
    depends = talks.file.arrivals.party
    return Contexts(
        quarters=quarters,
        issues=tuple(names),
        parties=(depends, next(owner for owner in owners if owner != depends)),
        without=without[:, 0],
        arrivals=arrivals,
        salience=np.median(salience, axis=1),
        amount=amount,
        hosting=np.array([np.median(one.hosting) for one in table.contexts]),
    )


def amounts(talks: BargainSpec, quarters: tuple[Month, ...]) -> np.ndarray:
    """How much of each traded issue a package would hold, (quarter, issue); for effort, above routine control."""
    rows = []
    for quarter in quarters:
        caps = [talks.caps(quarter + i) for i in range(QUARTER)]
        row = []
        for name, issue in talks.issues.items():
            if issue.traded:
                most = max(cap[name] for cap in caps)
                row.append(min(most - issue.status_quo, MORE_EFFORT) if issue.lever == "effort" else most)
        rows.append(row)
    return np.array(rows)


def tastes(talks: BargainSpec, contexts: Contexts) -> tuple[Taste, ...]:
    """What is believed beforehand of each issue, at the middles of the table's beliefs."""
    found = []
    for k, name in enumerate(contexts.issues):
        issue = talks.issues[name]
        quo, to = issue.status_quo, issue.status_quo + contexts.amount[:, k]
        cost, worth = np.zeros(len(to)), np.zeros(len(to))
        for payoff in talks.file.payoffs:
            if payoff.issue != name:
                continue
            change = _value(talks, payoff, to) - _value(talks, payoff, np.full(len(to), quo))
            if payoff.voice == issue.owner:
                cost = cost - change
            else:
                worth = worth + change
        found.append(Taste(name, issue.owner, cost, worth, SPREAD, yardstick=issue.lever == "effort"))
    return tuple(found)


def _value(talks: BargainSpec, payoff: PayoffSpec, amount: np.ndarray) -> np.ndarray:
    """What a voice gets from amounts of an issue, at the middles [payoff]."""
    plain = next(one for one in _payoffs(talks) if one[0] == payoff.name)
    return np.asarray(FORMS[payoff.form].value(jnp.asarray(amount), jnp.asarray(plain[1])))


def _payoffs(talks: BargainSpec) -> list[tuple[str, list[float]]]:
    rows = talks.declaration(None)["payoffs"]
    names = [payoff.name for payoff in talks.file.payoffs]
    forms = [FORMS[row["form"]].coefficients for row in rows]
    return [(name, [row[one] for one in form]) for name, row, form in zip(names, rows, forms, strict=True)]
