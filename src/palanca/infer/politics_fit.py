"""Fits the politics of a case: attention and clock, support, democracy, scores held out, and what is assumed."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass

import jax.numpy as jnp
import numpy as np

from palanca.core.errors import FitError
from palanca.infer import politics_attention as attention
from palanca.infer import politics_democracy as democracy
from palanca.infer import politics_support as support
from palanca.infer.politics import Constant, OfParty, Politics, checksums
from palanca.infer.politics_heldout import LAST_KNOWN, scores
from palanca.infer.politics_sample import Model, SamplingLength, label, near_nothing, prior
from palanca.kernel.keys import stream
from palanca.spec.schema import Case

with warnings.catch_warnings():
    # once a day it announces that its next major version will differ, which no reader of a fit can act on
    warnings.simplefilter("ignore", FutureWarning)
    import arviz as az

CASES = ("us-mexico",)
SERIES = (attention.ARRIVALS, attention.POLL, attention.BY_PARTY, support.APPROVAL, democracy.INDEX)
STORED = 200
DIGITS = 5
PARTY_SHOWN = ("rise", "fade_months", "used_months", "k", "level")
UNITS = {
    "rise": "1 / month", "fade_months": "months", "used_months": "months", "k": "share", "tau": "months",
    "level": "percent of adults", "pandemic": "log", "lasting": "share / month", "scatter": "log",
    "loss": "log odds / log", "repair": "1 / year", "drift": "1 / year",
}  # fmt: skip
MECHANISMS = {
    "rise": "attention", "fade_months": "attention", "used_months": "attention", "k": "clock", "tau": "clock",
    "level": "polls", "pandemic": "polls", "lasting": "polls", "scatter": "polls", "loss": "support",
    "repair": "democracy", "drift": "democracy",
}  # fmt: skip
NOTES = {
    "fade_months": "shorter than used_months by declaration: polls cannot tell which of the two is which",
    "used_months": "longer than fade_months by declaration: polls cannot tell which of the two is which",
    "k": "only what elections add to attention; what they add to its price beyond that no figure here shows",
    "loss": "other causes of approval move with attention; not an effect",
    "repair": "told from drift by countries that rose alone; the best level is assumed",
}
ON_LOGS = ("fade_months", "used_months", "tau", "level")


@dataclass(frozen=True)
class Assumed:
    """A constant on which no packaged figure bears: log-normal about a middle.

    Args:
        mechanism: Which mechanism takes it.
        unit: Unit.
        middle: Median.
        log_sd: Standard deviation of its log.
        note: Why that middle.
    """

    mechanism: str
    unit: str
    middle: float
    log_sd: float
    note: str


ASSUMED = {
    "harm": Assumed("democracy", "1 / year", 0.05, 0.7, "about the loss of a bad decade, if silence were all of it"),
    "benefit": Assumed("democracy", "1 / year", 0.02, 0.7, "criticism is taken to help less than silence harms"),
    "push_sanctions": Assumed("push", "log / share", 0.5, 0.7, "rival account: sanctions make people leave"),
    "push_oil": Assumed("push", "log / log", 0.3, 0.7, "income elasticity of departures times oil's share"),
    "sanctions_years": Assumed("push", "years", 2.0, 0.5, "peak of departures two to four years after 2017"),
    "oil_years": Assumed("push", "years", 2.0, 0.5, "as for sanctions"),
    "democracy_years": Assumed("push", "years", 3.0, 0.5, "a repressed vote, then years of leaving"),
    "sovereignty": Assumed("hosting", "1", 1.5, 0.4, "acting for a neighbour is dearer than for oneself"),
    "threshold": Assumed("hosting", "people", 60_000.0, 0.6, "people stuck when cities first protested, late 2022"),
    "steepness": Assumed("hosting", "1", 1.0, 0.7, "twice the threshold doubles the price of effort"),
    "survival_odds": Assumed("courts", "odds / month", 19.0, 0.7, "odds to stand a month while contested: 95 %"),
}


def check(case: str) -> None:
    """Refuse a case for which no figures of politics are packaged.

    Raises:
        FitError: There are none.
    """
    if case not in CASES:
        raise FitError("no figures of politics for this case", found=repr(case), expected=f"one of {', '.join(CASES)}")


def fit(case: Case, *, key: int = 1, effort: SamplingLength | None = None) -> Politics:
    """Fit the politics of a case to the packaged figures up to its last month; some minutes.

    Args:
        case: The case.
        key: Same key, same fit.
        effort: How long to sample each part.

    Raises:
        FitError: No figures of politics are packaged for this case.
    """
    check(case.case)
    effort, last = effort or SamplingLength(), str(case.span.span.last)
    given = attention.polls(last=last)
    heard = attention.fitted_to(given, key, effort)
    answers = support.fitted_to(support.figures(given.first, _mean_attention(given, heard), last), key, effort)
    rates = democracy.fitted_to(democracy.figures(last), key, effort)
    found = {**heard, **answers, **_by_country(rates)}
    then = attention.fitted_to(given.until(LAST_KNOWN), key, effort)
    constants, draws = _table(found, _before(key), key)
    return Politics(
        case=case.case,
        constants=constants,
        draws=draws,
        held_out=scores(given, {name: values.ravel() for name, values in then.items()}, key),
        by_party=_parties(last, key, SamplingLength(max(effort.chains // 2, 1), effort.warmup, effort.kept)),
        quality=_quality(found),
        made=checksums(SERIES, last),
        last=last,
    )


def _mean_attention(given: attention.Polls, heard: Mapping[str, np.ndarray]) -> np.ndarray:
    """Mean log attention over draws, (month)."""
    constants = {name: jnp.asarray(values.ravel()) for name, values in heard.items()}
    found = attention.log_attention(jnp.asarray(given.arrivals), attention.heeding(constants))
    return np.asarray(found).mean(axis=1)


def _by_country(rates: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    own = {f"drift {name}": rates["drift"][..., i] for i, name in enumerate(democracy.COUNTRIES)}
    return {"repair": rates["repair"], **own}


def _before(key: int) -> dict[str, np.ndarray]:
    """Draws of every fitted constant before the figures, each (draw)."""
    models: dict[str, tuple[Model, tuple[str, ...]]] = {
        "attention": (attention.prior, attention.CONSTANTS),
        "support": (lambda: support.prior(1), ("loss",)),
        "democracy": (lambda: democracy.prior(1), ("repair", "drift")),
    }
    found: dict[str, np.ndarray] = {}
    for purpose, (model, names) in models.items():
        found |= {name: draws.ravel() for name, draws in prior(model, names, key, purpose).items()}
    return found


def _table(
    found: Mapping[str, np.ndarray], before: Mapping[str, np.ndarray], key: int
) -> tuple[tuple[Constant, ...], dict[str, tuple[float, ...]]]:
    """Every constant described, and its stored draws."""
    words = attention.PRIORS | support.PRIORS | democracy.PRIORS
    rows, draws = [], {}
    for name, values in found.items():
        base, *_ = name.split(" ")
        rows.append(_row(name, words[base], values.ravel(), before[base]))
        draws[name] = _thinned(values.ravel())
    for name, one in ASSUMED.items():
        drawn = one.middle * np.exp(one.log_sd * stream(key, "politics", name).standard_normal(STORED))
        draws[name] = _thinned(drawn)
        rows.append(_assumed_row(name, one))
    return tuple(rows), draws


def _row(name: str, words: str, after: np.ndarray, before: np.ndarray) -> Constant:
    base, *_ = name.split(" ")
    scaled = np.log if base in ON_LOGS else np.asarray
    ratio = float(np.std(scaled(after)) / np.std(scaled(before)))
    low, high = np.quantile(after, [0.05, 0.95])
    return Constant(
        name=name,
        mechanism=MECHANISMS[base],
        unit=UNITS[base],
        prior=words,
        prior_mean=_rounded(before.mean()),
        prior_sd=_rounded(before.std()),
        mean=_rounded(after.mean()),
        sd=_rounded(after.std()),
        low=_rounded(low),
        high=_rounded(high),
        ratio=_rounded(ratio),
        label=label(_rounded(ratio)),
        nothing=None if base in ON_LOGS else _rounded(near_nothing(after, before)),
        note=NOTES.get(base, ""),
    )


def _assumed_row(name: str, one: Assumed) -> Constant:
    mean = _rounded(one.middle * np.exp(one.log_sd**2 / 2.0))
    sd = _rounded(mean * np.sqrt(np.expm1(one.log_sd**2)))
    return Constant(
        name=name,
        mechanism=one.mechanism,
        unit=one.unit,
        prior=f"log-normal(log {one.middle:g}, {one.log_sd:g})",
        prior_mean=mean,
        prior_sd=sd,
        mean=mean,
        sd=sd,
        low=_rounded(one.middle * np.exp(-1.6449 * one.log_sd)),
        high=_rounded(one.middle * np.exp(1.6449 * one.log_sd)),
        ratio=1.0,
        label=label(1.0),
        nothing=None,
        note=one.note,
    )


def _parties(last: str, key: int, effort: SamplingLength) -> tuple[OfParty, ...]:
    rows = []
    for party in attention.PARTIES:
        found = attention.fitted_to(attention.polls(party, last), key, effort)
        for name in PARTY_SHOWN:
            low, high = np.quantile(found[name], [0.05, 0.95])
            rows.append(OfParty(party, name, _rounded(found[name].mean()), _rounded(low), _rounded(high)))
    return tuple(rows)


def _quality(found: Mapping[str, np.ndarray]) -> dict[str, float]:
    """Worst R-hat and least effective sample size over all constants."""
    return {
        "r_hat": _rounded(max(float(az.rhat(values)) for values in found.values())),
        "effective_draws": _rounded(min(float(az.ess(values)) for values in found.values())),
    }


def _thinned(values: np.ndarray) -> tuple[float, ...]:
    places = np.linspace(0, len(values) - 1, min(STORED, len(values))).round().astype(int)
    return tuple(_rounded(x) for x in values[places])


def _rounded(value: float) -> float:
    return float(f"{float(value):.{DIGITS}g}")
