"""How claims stand against published figures: how many hold, which do not, and what no figure can tell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import xarray as xr

from palanca.core.wording import counted, listed
from palanca.data.read import Figures
from palanca.questions.claims import tables
from palanca.questions.claims.charts import charts
from palanca.questions.claims.check import CheckedClaim, check
from palanca.questions.claims.handed import Replies
from palanca.questions.claims.judge import ClaimStanding
from palanca.questions.claims.measure import Gauge
from palanca.show import estimate
from palanca.show.answer import Answer, Finding, Provenance
from palanca.show.estimate import Basis
from palanca.spec.claims import Claims

CAUTIONS = (
    "A verdict is on the figure alone, by one rule for each word (docs/claims.md), not on who said it nor why. Counts "
    "at the border are events, not people.",
    "Figures are revised. Where only today's edition is at hand, a claim that was right on the figures of its day can "
    "look wrong; older releases are taken in with `palanca data update`.",
)
_WORDS = {
    ClaimStanding.supported: "supported",
    ClaimStanding.overstated: "overstated",
    ClaimStanding.understated: "understated",
    ClaimStanding.contradicted: "contradicted",
    ClaimStanding.handed_on: "handed on to the model",
    ClaimStanding.not_checkable: "not checkable with the series at hand",
}


def answer(claims: Claims, figures: Figures, replies: Replies, provenance: Provenance) -> Answer:
    """Check every claim, and say how they stand.

    Args:
        claims: The claims.
        figures: The figures in force.
        replies: What the model answered to claims that are handed on, by id; empty where it was not asked.
        provenance: What made it.

    Raises:
        SeriesError: A table of figures is missing or damaged.
    """
    found = check(claims.claims, figures)
    gauge = Gauge(figures)
    verb = "does" if len(found) == 1 else "do"
    return Answer(
        question=f"How {verb} {counted(len(found), 'claim')} stand against published figures?",
        data=dataset(found),
        findings=tuple(findings(found, replies)),
        tables=tuple(tables.tables(found, gauge, replies, claims.case.case)),
        charts=tuple(charts(found, gauge)),
        caveats=CAUTIONS,
        provenance=provenance,
    )


def dataset(found: Sequence[CheckedClaim]) -> xr.Dataset:
    """By claim: how it stands now and then, the figure now and then, and how far it is off."""

    def number(one: CheckedClaim, *, then: bool) -> float:
        reading = one.then if then else one.now
        return np.nan if reading is None else reading.value

    def standing(one: CheckedClaim) -> str:
        main = one.then.main if one.then is not None else None
        return str(main.standing) if main is not None else ""

    mains = [one.now.main if one.now is not None else None for one in found]
    by = [np.nan if main is None or main.by is None else main.by for main in mains]
    name = {"long_name": "verdict on the figures as known now"}
    return xr.Dataset(
        {
            "verdict": (("claim",), [str(one.standing) for one in found], name),
            "verdict_then": (
                ("claim",),
                [standing(one) for one in found],
                {"long_name": "verdict on the figures as known when it was said; empty without an edition of then"},
            ),
            "figure": (("claim",), [number(one, then=False) for one in found], {"long_name": "figure as known now"}),
            "figure_then": (
                ("claim",),
                [number(one, then=True) for one in found],
                {"long_name": "figure as known when it was said"},
            ),
            "off_by": (("claim",), by, {"long_name": "how far it is off, in percent of the figure or in points"}),
            "unit": (("claim",), [one.unit for one in found], {"long_name": "unit of the figure"}),
        },
        {"claim": [one.entry.id for one in found]},
    )


def findings(found: Sequence[CheckedClaim], replies: Replies) -> list[Finding]:
    """How many stand how; which are furthest off; how many stood otherwise then; what is handed on."""
    return [_counts(found), *_furthest(found), _then(found), *_handed(found, replies)]


def _counts(found: Sequence[CheckedClaim]) -> Finding:
    counts = Counter(one.standing for one in found)
    first, *rest = [f"{counts[standing]} {words}" for standing, words in _WORDS.items()]
    numbers = {words: estimate.published(float(counts[standing]), "claims") for standing, words in _WORDS.items()}
    first = first.replace(" ", " is " if counts[ClaimStanding.supported] == 1 else " are ", 1)
    text = f"Of {counted(len(found), 'claim')}, {', '.join([first, *rest[:-1]])} and {rest[-1]}"
    elsewhere = sum(one.entry.not_checkable is not None and bool(one.entry.not_checkable.instead) for one in found)
    if elsewhere:
        numbers["told otherwise by palanca"] = estimate.published(float(elsewhere), "claims")
        text += f"; of these last, {elsewhere} have something near to them in the record, the ledger or another series"
    return Finding(f"{text}.", numbers, Basis.published)


def _furthest(found: Sequence[CheckedClaim]) -> list[Finding]:
    """The claims that stand worst, in a sentence."""
    wrong = tables.ranked([one for one in found if one.standing in tables.JUDGED[:3]])
    if not wrong:
        return []
    told, numbers = [], {}
    for one in wrong[:2]:
        assert one.now is not None
        text = one.entry.claim.rstrip(".")
        told.append(f"“{text}” ({one.entry.id}): {tables.off(one)}, the figure is {tables.told(one.now)}")
        numbers[one.entry.id] = estimate.published(one.now.value, one.unit)
    return [Finding(f"Furthest off: {'; '.join(told)}.", numbers, Basis.published)]


def _then(found: Sequence[CheckedClaim]) -> Finding:
    judged = [one for one in found if one.now is not None and one.now.judgements]
    held = [one for one in judged if one.then is not None]
    turned = [one for one in held if one.turned]
    if not held:
        text = f"For none of the {counted(len(judged), 'claim')} that a figure settles is an edition of then at hand: "
        text += "all are judged on today's."
    else:
        text = f"For {len(held)} of the {counted(len(judged), 'claim')} that a figure settles an edition of then is at "
        text += f"hand; {len(turned)} stood otherwise then"
        text += f": {listed((one.entry.id for one in turned), 6)}." if turned else "."
    return Finding(text, {"stood otherwise then": estimate.published(float(len(turned)), "claims")}, Basis.published)


def _handed(found: Sequence[CheckedClaim], replies: Replies) -> list[Finding]:
    """What the model answered, a finding a claim; or how many there are to ask."""
    if replies:
        return [
            Finding(f"{name}, for the model: {reply.finding.text}", {name: reply.number}, reply.finding.basis)
            for name, reply in replies.items()
        ]
    ids = [one.entry.id for one in found if one.entry.handed_on is not None]
    if not ids:
        return []
    text = (
        f"{counted(len(ids), 'claim names a cause or a counterfactual', 'claims name causes or counterfactuals')}, for "
    )
    text += f"the model: {listed(ids, 8)}; --answer asks it."
    return [Finding(text, {"handed on": estimate.published(float(len(ids)), "claims")}, Basis.published)]
