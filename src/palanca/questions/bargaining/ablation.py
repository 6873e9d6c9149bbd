"""Leave one mechanism out: bargain mode with each arrow of the system off in turn, and what changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from palanca.core.clock import Month
from palanca.infer.history import PreparedCase
from palanca.infer.posterior import AbstractDraws
from palanca.questions.bargaining.prepared import PreparedBargain
from palanca.questions.bargaining.run import ALL_ON, BargainingRun, run

MECHANISMS = {
    "asks": "A surge is needed before the destination asks",
    "fade": "What nobody renews fades",
    "attention": "Attention follows arrivals",
    "clock": "Arrivals weigh more before an election",
    "hosting": "Delivery is dearer once many are stuck",
    "own limits": "The destination can limit asylum itself, within the law",
    "linkage": "Issues are bargained over together",
    "need": "The transit country's effort moves arrivals",
    "threats": "Threats in force count without a deal",
}


@dataclass(frozen=True, eq=False)
class Ablation:
    """What one mechanism's absence changes, draw by draw, over all months of the run.

    Args:
        mechanism: Key of `MECHANISMS`.
        arrivals: Log change of all encounters [log points].
        effort: Change of mean enforcement [multiples of routine control].
        deals: Change of the number of deals.
        silence: Change of mean silence on democracy [share]; none if no such issue is declared.
        deaths: Change of deaths on the way [deaths / month].
    """

    mechanism: str
    arrivals: np.ndarray
    effort: np.ndarray
    deals: np.ndarray
    silence: np.ndarray | None
    deaths: np.ndarray


def ablations(
    setting: PreparedCase,
    posterior: AbstractDraws,
    table: PreparedBargain,
    base: BargainingRun,
    *,
    key: int = 1,
    tell: Callable[[str], None] | None = None,
) -> tuple[Ablation, ...]:
    """Run again with each mechanism off in turn, all draws and surprises shared.

    Args:
        setting: From `history.prepare`.
        posterior: Fitted parameters.
        table: The bargaining table of `base`.
        base: With every mechanism on.
        key: The key of `base`.
        tell: Called with the name of each mechanism as its turn comes.
    """
    span: tuple[Month, Month] = (base.months[0], base.months[-1])
    found = []
    for mechanism in MECHANISMS:
        if tell is not None:
            tell(mechanism)
        other = run(setting, posterior, table, span, key=key, on=ALL_ON - {mechanism})
        found.append(_compared(mechanism, base, other))
    return tuple(found)


def _compared(mechanism: str, base: BargainingRun, other: BargainingRun) -> Ablation:
    at = base.issues.index("silence") if "silence" in base.issues else None
    return Ablation(
        mechanism=mechanism,
        arrivals=np.log(other.encounters.sum(axis=0) / base.encounters.sum(axis=0)),
        effort=other.effort.mean(axis=0) - base.effort.mean(axis=0),
        deals=other.struck.sum(axis=0) - base.struck.sum(axis=0),
        silence=None if at is None else (other.packages - base.packages)[:, :, at].mean(axis=0),
        deaths=other.deaths.mean(axis=0) - base.deaths.mean(axis=0),
    )
