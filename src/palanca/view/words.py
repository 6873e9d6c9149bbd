"""Changes worded with their intervals, the same way wherever a change is told."""

from __future__ import annotations

import numpy as np

from palanca.view.theme import MINUS, rounded

NINETY = (0.05, 0.95)


def more(sample: np.ndarray, what: str = "") -> str:
    """A change as more or fewer, with its 90 % interval; one that could go either way keeps its signs.

    Args:
        sample: The change, (draw).
        what: What changes, as in `deaths`; put after the word.
    """
    low, high = (float(value) for value in np.quantile(sample, NINETY))
    mid = float(np.median(sample))
    tail = f" {what}" if what else ""
    if low < 0.0 < high:
        return f"{signed(mid)} [{signed(low)}, {signed(high)}]{tail}"
    if low == high == 0.0:
        return f"no more or fewer{tail}"
    small, large = sorted((abs(low), abs(high)))
    word = "more" if mid > 0.0 or (mid == 0.0 and high > 0.0) else "fewer"
    return f"{rounded(abs(mid))} [{rounded(small)}, {rounded(large)}] {word}{tail}"


def interval(sample: np.ndarray) -> str:
    """The 90 % interval alone."""
    low, high = np.quantile(sample, NINETY)
    return f"[{rounded(float(low))}, {rounded(float(high))}]".replace("-", MINUS)


def signed(value: float) -> str:
    """A number with its sign."""
    text = rounded(abs(value))
    return text if value == 0.0 else (f"+{text}" if value > 0.0 else f"{MINUS}{text}")


def apart(sample: np.ndarray) -> str:
    """Whether a change is told apart from zero, by its 90 % interval."""
    low, high = np.quantile(sample, NINETY)
    return "not told apart from zero" if low <= 0.0 <= high else "told apart from zero"
