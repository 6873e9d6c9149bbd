"""The accounts of people: everyone who set out is somewhere, to the last digit (equation F8)."""

from __future__ import annotations

from dataclasses import dataclass

import jax.numpy as jnp
from jax import Array
from jax.tree_util import register_dataclass

from palanca.kernel.axes import PerCell


@register_dataclass
@dataclass(frozen=True)
class PeopleAccounts:
    """One month's accounts by cell [people].

    set_out + start = let_in + evaded + removed + settled + gone_home + died + end.
    """

    start: PerCell
    set_out: PerCell
    let_in: PerCell
    evaded: PerCell
    removed: PerCell
    settled: PerCell
    gone_home: PerCell
    died: PerCell
    end: PerCell


def imbalance(ledger: PeopleAccounts) -> Array:
    """Largest difference between the two sides over the cells, relative to their size, (draw).

    Reference:
        Equation F8 of docs/model.md.
    """
    came = ledger.start + ledger.set_out
    went = ledger.let_in + ledger.evaded + ledger.removed + ledger.settled + ledger.gone_home + ledger.died + ledger.end
    return jnp.max(jnp.abs(came - went) / jnp.maximum(came, 1.0), axis=(0, 1))
