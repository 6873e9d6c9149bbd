"""Rows about what matters: one a parameter, with variance shares, effects, and what learning it is worth."""

from __future__ import annotations

import numpy as np

from palanca.questions.sensitivity.runs import Answer
from palanca.view.theme import MINUS, rounded

Row = dict[str, object]
Share = tuple[float, float, float]


def order(answer: Answer) -> list[str]:
    """Parameters by what they move, most first."""
    size = dict(zip(answer.morris.names, answer.morris.size, strict=True))
    total = {} if answer.sobol is None else dict(zip(answer.sobol.names, answer.sobol.total, strict=True))
    return sorted(answer.names, key=lambda name: (-total.get(name, 0.0), -size[name]))


def first(answer: Answer, name: str) -> Share | None:
    """Share of variance that a parameter explains alone, varied by itself: middle, low, high."""
    if answer.sobol is None:
        return None
    i = answer.sobol.names.index(name)
    return _around(answer.sobol.first[i], answer.sobol.first_half[i])


def total(answer: Answer, name: str) -> Share | None:
    """Share of variance that involves a parameter at all: middle, low, high."""
    if answer.sobol is None:
        return None
    i = answer.sobol.names.index(name)
    return _around(answer.sobol.total[i], answer.sobol.total_half[i])


def given(answer: Answer, name: str) -> Share:
    """Share of the posterior's own variance that a parameter explains: middle, low, high."""
    found = answer.explained[name]
    return found.share, found.low, found.high


def summary(answer: Answer) -> list[Row]:
    """What a terminal shows, one row a parameter."""
    rows: list[Row] = []
    for name in order(answer):
        i = answer.morris.names.index(name)
        row: Row = {"parameter": name}
        if answer.sobol is not None:
            row |= {"alone": _cell(first(answer, name)), "in all": _cell(total(answer, name))}
        row |= {
            "effect": f"{rounded(float(answer.morris.size[i]))} ± {rounded(float(answer.morris.size_half[i]), 2)}",
            "explained by the draws": _cell(given(answer, name)),
            "spread left if learned": rounded(left(answer, name)),
        }
        if answer.worth:
            row["worth of learning"] = rounded(answer.worth[name])
        rows.append(row)
    return rows


def numbers(answer: Answer) -> list[Row]:
    """Every number with all digits, one row a parameter."""
    rows: list[Row] = []
    for name in answer.morris.names:
        i = answer.morris.names.index(name)
        known = name in answer.names
        one = first(answer, name) if known else None
        every = total(answer, name) if known else None
        drawn = given(answer, name) if known else None
        rows.append(
            {
                "parameter": name,
                **_three("first", one),
                **_three("total", every),
                "effect": float(answer.morris.size[i]),
                "effect_half": float(answer.morris.size_half[i]),
                "effect_sd": float(answer.morris.spread[i]),
                **_three("explained", drawn),
                "sd_left": left(answer, name) if known else np.nan,
                "worth": answer.worth.get(name, np.nan),
            }
        )
    return rows


def left(answer: Answer, name: str) -> float:
    """Standard deviation of the outcome that is expected to be left once the parameter is known."""
    return float(answer.outcome.std() * np.sqrt(max(1.0 - answer.explained[name].share, 0.0)))


def _around(middle: float, half: float) -> Share:
    return float(middle), float(middle - half), float(middle + half)


def _cell(share: Share | None) -> str:
    if share is None:
        return ""
    mid, low, high = (f"{max(x, 0.0):.2f}" for x in share)
    return f"{mid} [{low}, {high}]".replace("-", MINUS)


def _three(name: str, share: Share | None) -> Row:
    mid, low, high = share or (np.nan, np.nan, np.nan)
    return {name: mid, f"{name}_p5": low, f"{name}_p95": high}
