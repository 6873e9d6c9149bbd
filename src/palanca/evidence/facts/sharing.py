"""The probe of a sharing scheme: arrivals, burden and leverage under it, and what rules that differ do to it."""

from __future__ import annotations

import numpy as np

from palanca.core.errors import UsageError
from palanca.evidence.facts.bench import Bench
from palanca.evidence.facts.worlds import Call, Found
from palanca.questions.options import RunOptions
from palanca.questions.share import answer, setup
from palanca.questions.share.run import DEFECTS, RECORD, SCHEME
from palanca.questions.share.told import ToldScheme
from palanca.spec.sharing import load_sharing

OWN = list(setup.VARIANTS)[-1]  # each member decides by its own rule


def sharing(bench: Bench, call: Call) -> Found:
    """A shipped scheme beside the record, with its first member leaving, and with rules that differ.

    Raises:
        UsageError: No rules of members are declared, so that they cannot differ.
    """
    scheme = load_sharing(call.step.scheme or "", bench.corridor.case)
    worlds = answer.terms(scheme, variants=True)
    if OWN not in worlds:
        raise UsageError(
            "the scheme declares no rules of members",
            where=call.where,
            found=call.step.scheme or "",
            expected="a scheme with a common rule, and each member's own",
        )
    asked = {name: worlds[name] for name in (SCHEME, DEFECTS, OWN)}
    told = answer.told_scheme(bench.corridor, scheme, RunOptions(draws=bench.draws, key=bench.key), asked)
    return _read(told)


def _read(told: ToldScheme) -> Found:
    irregular, deaths = {}, {}
    for world in (RECORD, SCHEME):
        irregular[world] = told.total(world, "irregular")
        deaths[world] = told.total(world, "deaths") / told.total(world, "lawful")
    gained = told.taken(OWN) - told.taken(SCHEME)
    most = int(np.argmax(np.median(gained, axis=1)))
    placed = told.total(SCHEME, "placed")
    return {
        "arrivals_fall": 1.0 - irregular[SCHEME] / irregular[RECORD],
        "arrivals_left": irregular[SCHEME] / irregular[RECORD],
        "burden_fall": told.uneven(RECORD)[0] - told.uneven(SCHEME)[0],
        "leverage_fall": told.leverage[RECORD][-1] - told.leverage[SCHEME][-1],
        "harm_fall": 1.0 - deaths[SCHEME] / deaths[RECORD],
        "laxest_gains": gained[most],
        "lost_by_leaving": 1.0 - told.total(DEFECTS, "placed") / placed,
    }
