"""What a fit says of its parameters and how far it can be trusted, as rows of tables and as one record."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict

import jax.numpy as jnp
import numpy as np

from palanca.core.wording import listed
from palanca.infer import verdict
from palanca.infer.posterior import How, Posterior
from palanca.infer.predictive import Checked
from palanca.infer.verdict import Verdict

Row = dict[str, object]
LEVELS = (0.05, 0.5, 0.95)
QUICK = "Quick mode: draws from the maximum and its curvature, not a sampled posterior."


def by_parameter(found: Posterior) -> list[Row]:
    """One row a parameter: its numbers' middle value and spread, and how many of them are learned."""
    middle = _natural(found)[1]
    words, ratio = verdict.labels(found), found.contraction
    rows: list[Row] = []
    for entry in found.layout.entries:
        if not entry.size:
            continue
        place = slice(entry.start, entry.start + entry.size)
        rows.append(
            {
                "parameter": entry.name,
                "numbers": entry.size,
                "median value": float(np.median(middle[place])),
                "sd / prior sd": float(np.median(ratio[place])),
                "learned": words[place].count("learned"),
                "in between": words[place].count("in between"),
                "assumed": words[place].count("assumed"),
                "held": "yes" if not entry.fitted else "no",
            }
        )
    return rows


def by_number(found: Posterior) -> list[Row]:
    """One row a free number, with everything that is known of it."""
    low, middle, high = _natural(found)
    words, done = verdict.labels(found), found.diagnostics
    columns = {
        "sd / prior sd": found.contraction,
        "shift in prior sd": found.shift,
        "p5": low,
        "median": middle,
        "p95": high,
    }
    if done is not None:
        columns |= {"r_hat": done.r_hat, "ess_bulk": done.ess_bulk, "ess_tail": done.ess_tail}
    return [
        {"number": name, "label": words[i], **{title: float(column[i]) for title, column in columns.items()}}
        for i, name in enumerate(found.layout.names())
    ]


def made(found: Posterior) -> list[str]:
    """How the fit was made."""
    lines = [
        f"{found.search.evaluations:,} evaluations to the maximum, log density {found.search.value:,.1f}, largest "
        f"slope left {found.search.slope:.2g} per prior standard deviation."
    ]
    done = found.diagnostics
    if done is None:
        return [*lines, QUICK]
    fitted = found.layout.fitted()
    return [
        *lines,
        f"{len(done.energy)} chains, {done.finished:,} of {done.planned:,} iterations after tuning, "
        f"{done.divergences:,} divergences; {found.size:,} draws kept.",
        f"R-hat is at most {done.r_hat[fitted].max():.3f}; bulk and tail sample sizes are at least "
        f"{done.ess_bulk[fitted].min():,.0f} and {done.ess_tail[fitted].min():,.0f}.",
        "`palanca fit --verdict` says how far it can be trusted.",
    ]


def checks(given: Verdict) -> list[Row]:
    """One row a check; the worst offenders are named."""
    return [
        {
            "check": check.name,
            "": str(check.state),
            "found": check.value,
            "rule": check.rule,
            "named": listed(check.named, 3),
        }
        for check in given.checks
    ]


def sentences(given: Verdict, found: Posterior) -> list[str]:
    """How many numbers are learned, how many checks are green, and what each red one means."""
    counts = given.labels
    green = sum(check.state is verdict.State.green for check in given.checks)
    unknown = sum(check.state is verdict.State.unknown for check in given.checks)
    lines = [
        f"Of {sum(counts.values()):,} numbers the figures have {counts['learned']:,} learned "
        f"(sd / prior sd below {verdict.LEARNED}), {counts['in between']:,} in between, and {counts['assumed']:,} "
        f"stay assumed (above {verdict.ASSUMED}).",
        f"{green} checks are green, {len(given.red)} red, {unknown} not made.",
    ]
    if found.how is How.quick:
        lines.append(QUICK)
    return lines + [f"Red: {check.name}. {check.says}" for check in given.red]


def record(given: Verdict, found: Posterior, series: Sequence[Checked]) -> dict[str, object]:
    """Everything of a verdict, for programs: plain values, nothing where there is no number."""
    whole = {
        "how": str(found.how),
        "draws": found.size,
        "search": asdict(found.search),
        "numbers": given.labels,
        "green": not given.red,
        "checks": [{**asdict(check), "state": str(check.state), "named": list(check.named)} for check in given.checks],
        "series": [asdict(row) for row in series],
        "parameters": by_parameter(found),
        "free numbers": by_number(found),
    }
    return {name: _plain(value) for name, value in whole.items()}


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _natural(found: Posterior) -> np.ndarray:
    """Percentiles of each number in its parameter's unit, (level, length); no way from one to the other turns back."""
    values = found.layout.constrain(jnp.asarray(np.quantile(found.free, LEVELS, axis=1).T))
    parts = [np.asarray(values[e.name]).reshape(e.size, len(LEVELS)) for e in found.layout.entries if e.size]
    return np.concatenate(parts).T
