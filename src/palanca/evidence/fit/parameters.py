"""What figures say of the parameters of a fit: tables by parameter and by number, and how the fit was made."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from palanca.infer import verdict
from palanca.infer.posterior import ASSUMED, LEARNED, How, Posterior
from palanca.show import estimate, table
from palanca.show.estimate import Basis
from palanca.show.table import Cell, Table

QUICK = "Quick mode: draws from the maximum and its curvature, not a sampled posterior."
WORD = {"learned": Basis.learned, "in between": Basis.between, "assumed": Basis.assumed}


def natural(found: Posterior) -> Float[np.ndarray, "number draw"]:
    """Every free number in the unit of its parameter, all stored draws; all but the last of those that sum to zero."""
    values = found.layout.constrain(jnp.asarray(found.free))
    parts = [
        np.asarray(values[entry.name])[tuple(map(slice, entry.free_shape))].reshape(entry.size, -1)
        for entry in found.layout.entries
        if entry.size
    ]
    return np.concatenate(parts)


def by_parameter(found: Posterior) -> Table:
    """A row a parameter: its middle value, how far figures narrowed it, and how many of its numbers are learned."""
    middle = np.median(natural(found), axis=1)
    words, ratio = verdict.labels(found), found.contraction
    rows: list[dict[str, Cell]] = []
    for entry in found.layout.entries:
        if not entry.size:
            continue
        place = slice(entry.start, entry.start + entry.size)
        rows.append(
            {
                "parameter": entry.name,
                "numbers": entry.size,
                "median": float(np.median(middle[place])),
                "sd / prior sd": float(np.median(ratio[place])),
                **{word: words[place].count(word) for word in WORD},
                "held at its prior": not entry.fitted,
            }
        )
    note = f"Learned: sd / prior sd below {LEARNED}; assumed: above {ASSUMED}."
    return table.of_rows("parameters", rows, note=note)


def by_number(found: Posterior) -> Table:
    """A row a free number, with all that is known of it."""
    values, words, done = natural(found), verdict.labels(found), found.diagnostics
    columns = {"sd / prior sd": found.contraction, "shift [prior sd]": found.shift}
    if done is not None:
        columns |= {"R-hat": done.r_hat, "bulk draws": done.ess_bulk, "tail draws": done.ess_tail}
    rows: list[dict[str, Cell]] = [
        {
            "number": name,
            "value": estimate.of(values[place], basis=WORD[words[place]]),
            "rests on": words[place],
            **{title: _known(column[place]) for title, column in columns.items()},
        }
        for place, name in enumerate(found.layout.names())
    ]
    note = "Values in the unit of their parameter; draws: independent ones for the middle and the ends."
    return table.of_rows("numbers", rows, note=note)


def made(found: Posterior) -> list[str]:
    """How the fit was made, in sentences."""
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
        f"{done.divergences:,} divergences; {found.size:,} of their draws are stored.",
        f"R-hat is at most {done.r_hat[fitted].max():.3f}; bulk and tail sample sizes are at least "
        f"{done.ess_bulk[fitted].min():,.0f} and {done.ess_tail[fitted].min():,.0f}.",
    ]


def quick(found: Posterior) -> bool:
    """Whether the draws come from the maximum and its curvature alone."""
    return found.how is How.quick


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
