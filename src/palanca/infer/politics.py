"""Politics of a case as fitted: attention, clock and salience by month and draw, and what is learned or assumed.

What a fit holds is small, so it is one JSON file that anyone can read: draws of every constant, its prior, its label,
scores on polls held out, and the checksums of the figures it rests on.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import jax.numpy as jnp
import numpy as np
from pydantic import TypeAdapter, ValidationError

from palanca.core import read_file, save, seal
from palanca.core.clock import Month
from palanca.core.errors import FitError, MonthError
from palanca.data.read import packaged_figures
from palanca.infer.politics_attention import ELECTIONS, Polls, heeding, log_attention, polls
from palanca.infer.politics_heldout import HeldoutScore
from palanca.kernel.keys import stream
from palanca.politics.clock import months_to_next, weight
from palanca.politics.cost import salience

SHIPPED = Path(__file__).parent / "shipped"
FILE = read_file.FileKind(FitError, "fitted politics of a case", 50_000_000)
SETTLED_AFTER = 60  # months of arrivals before attention no longer leans on how the figures begin
REBUILD = "Make it again with `palanca fit {case} --politics --ship`; it takes some minutes."


@dataclass(frozen=True)
class Constant:
    """One constant of politics, and how far figures speak of it.

    Args:
        name: Its name; a country follows where each has its own.
        mechanism: Which mechanism of `palanca.politics` takes it.
        unit: Unit.
        prior: What was believed before, in words.
        prior_mean: Mean before.
        prior_sd: Standard deviation before.
        mean: Mean after.
        sd: Standard deviation after.
        low: 5th percentile after.
        high: 95th percentile after.
        ratio: Standard deviation after over before; of the log where the prior is log-normal.
        label: `learned` below 0.8, `assumed` above 0.95, `in between` between them.
        nothing: How much likelier figures made it that the constant is as good as 0: draws after over draws before in
            the twentieth of the prior nearest to 0. Below 1/3 it is told from nothing, above 3 figures speak for
            nothing, between them they do not say. None where the prior leaves 0 out.
        note: What else a reader must know, or nothing.
    """

    name: str
    mechanism: str
    unit: str
    prior: str
    prior_mean: float
    prior_sd: float
    mean: float
    sd: float
    low: float
    high: float
    ratio: float
    label: str
    nothing: float | None
    note: str


@dataclass(frozen=True)
class OfParty:
    """A constant of attention fitted to the polls of one party's supporters alone.

    Args:
        party: Party.
        name: The constant.
        mean: Mean after.
        low: 5th percentile after.
        high: 95th percentile after.
    """

    party: str
    name: str
    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class Politics:
    """Politics of a case.

    Args:
        case: Name of the case.
        constants: Every constant.
        draws: Draws of each constant by name; entry i of all is one draw together.
        held_out: Scores on polls held out.
        by_party: Constants of attention by party.
        quality: Of the sampler: worst R-hat and least effective sample size.
        made: Checksum of each series that the fit rests on.
        last: Last month of those figures, `YYYY-MM`; later ones leave the fit as it is.
    """

    case: str
    constants: tuple[Constant, ...]
    draws: Mapping[str, tuple[float, ...]]
    held_out: tuple[HeldoutScore, ...]
    by_party: tuple[OfParty, ...]
    quality: Mapping[str, float]
    made: Mapping[str, str]
    last: str

    def constant(self, name: str) -> Constant:
        """One constant by name.

        Raises:
            FitError: There is none of that name.
        """
        for one in self.constants:
            if one.name == name:
                return one
        raise FitError(
            "no such constant of politics",
            where=self.case,
            found=repr(name),
            expected=f"one of {', '.join(one.name for one in self.constants)}",
        )

    def drawn(self, name: str, draws: int, key: int) -> np.ndarray:
        """Draws of one constant, (draw).

        Args:
            name: The constant.
            draws: How many; beyond those stored they come round again.
            key: Same key, same draws, and the same ones for every constant.

        Raises:
            FitError: There is no such constant.
        """
        self.constant(name)
        stored = np.array(self.draws[name])
        return stored[np.resize(stream(key, "politics", "draws").permutation(len(stored)), draws)]

    def attention(self, first: Month, last: Month, draws: int, key: int) -> np.ndarray:
        """Attention as each month begins, (month, draw) [1 at the usual].

        It answers to the arrivals of the months before. What else moved attention in the polls is not in it.

        Args:
            first: First month.
            last: Last month; at most the one after the last figure of arrivals.
            draws: How many draws.
            key: Same key, same draws.

        Raises:
            MonthError: The figures of arrivals do not reach that far.
        """
        given = polls()
        rows = _rows(given, first, last)
        constants = {name: jnp.asarray(self.drawn(name, draws, key)) for name in ("rise", "fade_months", "used_months")}
        return np.exp(np.asarray(log_attention(jnp.asarray(given.arrivals), heeding(constants))))[rows]

    def clock(self, first: Month, last: Month, draws: int, key: int) -> np.ndarray:
        """Weight of the election clock, (month, draw) [1 far from an election]; arguments as of `attention`."""
        months = np.arange(first.index, last.index + 1)
        ahead = months_to_next(months, np.array([one.index for one in ELECTIONS]))[:, None]
        return np.asarray(weight(ahead, self.drawn("k", draws, key), self.drawn("tau", draws, key)))

    def salience(self, first: Month, last: Month, draws: int, key: int) -> np.ndarray:
        """Weight of one arrival in politics, (month, draw) [1 at the usual, far from an election].

        Attention times clock, draw by draw; arguments and errors as of `attention`.
        """
        heard = self.attention(first, last, draws, key)
        return np.asarray(salience(heard, self.clock(first, last, draws, key)))


def fitted(case: str, path: Path | None = None) -> Politics:
    """The fitted politics of a case.

    Args:
        case: Name of the case.
        path: File to read; the shipped one if nothing.

    Raises:
        FitError: It is missing, corrupt, of another case, or made from other editions of the figures.
    """
    given, way_out = path or where(case), REBUILD.format(case=case)
    if not os.path.lexists(given):
        raise FitError("no fitted politics for this case", where=str(given), way_out=way_out)
    content = read_file.content(given, replace(FILE, way_out=way_out))
    try:
        found = TypeAdapter(Politics).validate_python(seal.unsealed_json(content))
    except ValueError as fault:
        told = "another layout" if isinstance(fault, ValidationError) else str(fault)
        raise FitError("cannot read the fitted politics", where=str(given), found=told, way_out=way_out) from fault
    if found.case != case:
        raise FitError("politics of another case", where=str(given), found=found.case, expected=case, way_out=way_out)
    old = [name for name, mark in checksums(tuple(found.made), found.last).items() if mark != found.made[name]]
    if old:
        raise FitError(
            "fitted politics rest on other editions of the figures",
            where=str(given),
            found=f"changed since: {', '.join(old)}",
            way_out=way_out,
        )
    return found


def where(case: str) -> Path:
    """Where the shipped politics of a case lie."""
    return SHIPPED / f"{case}-politics.json"


def write(path: Path, found: Politics) -> Path:
    """Store fitted politics, one constant or list of draws a line.

    Raises:
        OutputError: The folder or the disk refuses; `path` still holds what it held.
    """
    whole = asdict(found)
    lists = {name: [json.dumps(one) for one in whole.pop(name)] for name in ("constants", "held_out", "by_party")}
    draws = [f"{json.dumps(name)}: {json.dumps(values)}" for name, values in whole.pop("draws").items()]
    parts = [f"{json.dumps(name)}: {json.dumps(value)}" for name, value in whole.items()]
    parts += [f"{json.dumps(name)}: [\n{_lines(rows)}\n ]" for name, rows in lists.items()]
    parts.append(f'"draws": {{\n{_lines(draws)}\n }}')
    return save.text(path, seal.sealed_json("{\n " + ",\n ".join(parts) + "\n}\n"))


def checksums(series: tuple[str, ...], last: str) -> dict[str, str]:
    """Checksum of each packaged series as it is now, to a last month.

    Raises:
        SeriesError: There is no such series.
    """
    known = packaged_figures().until(last)
    return {name: str(known.read(name).attrs["checksum"]) for name in series}


def _lines(rows: list[str]) -> str:
    return ",\n".join(f"  {row}" for row in rows)


def _rows(given: Polls, first: Month, last: Month) -> slice:
    """Places of a span of months among those with attention."""
    earliest, latest = given.first + SETTLED_AFTER, given.first + len(given.arrivals)
    if not earliest <= first <= last <= latest:
        raise MonthError(
            "no attention in these months",
            found=f"{first} to {last}",
            expected=f"months from {earliest} to {latest}, the earlier first",
            way_out="Attention needs the arrivals of the months before; ask for months that have them.",
        )
    return slice(first - given.first, last - given.first + 1)
