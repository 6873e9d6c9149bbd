"""Worlds of history under declared changes of levers, all surprises shared: what several results compare."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from palanca.infer.history import PreparedCase
from palanca.infer.posterior import AbstractDraws
from palanca.model import build, ensemble
from palanca.spec import edit
from palanca.spec.edit import Change

KEPT = ("encounters", "let_in", "appointments", "held", "deaths", "expelled", "removed")
World = dict[str, np.ndarray]


def twins(
    setting: PreparedCase,
    posterior: AbstractDraws,
    worlds: Sequence[Sequence[Change]],
    *,
    draws: int = 64,
    key: int = 1,
) -> list[World]:
    """History as recorded, and the same under each set of changes.

    Args:
        setting: From `history.prepare`.
        posterior: Fitted parameters.
        worlds: Changes of each further world; levers only.
        draws: How many draws.
        key: Same key, same draws.

    Returns:
        Fields of `KEPT` for history and then for each world, month first and draw last.

    Raises:
        ChangeError: A change names nothing, fits nothing, or alters nothing.
    """
    free = posterior.draws(key, range(draws))
    found: list[World] = []
    for changes in worlds:
        now = build.levers(edit.apply(setting.case, list(changes)))
        _, recorded, twin = ensemble.run(setting.inputs, free, posterior.layout, now=now, keep=KEPT)
        if not found:
            found.append(recorded)
        found.append(twin or {})
    return found
