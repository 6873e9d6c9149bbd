"""An answer: what was asked, what was found in words and numbers, what it rests on, and the ways to show it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, TypeVar

import pandas as pd
import xarray as xr

from palanca.core.errors import UsageError
from palanca.core.wording import listed, nearest
from palanca.show.chart import Chart
from palanca.show.estimate import Basis, Estimate
from palanca.show.table import Table

if TYPE_CHECKING:
    import plotly.graph_objects as go

LEAD = 3  # findings on a first screen
Shown = TypeVar("Shown", Table, Chart)


@dataclass(frozen=True)
class Finding:
    """One sentence with its numbers, and what they rest on.

    Args:
        text: The sentence; plain English, the answer first.
        numbers: Each number in it by name, such as `encounters`.
        basis: What the sentence rests on; if not given that of its first number, so never nothing once made.
    """

    text: str
    numbers: Mapping[str, Estimate] = field(default_factory=dict)
    basis: Basis | None = None

    def __post_init__(self) -> None:
        if self.basis is None:
            first = next(iter(self.numbers.values()), None)
            object.__setattr__(self, "basis", first.basis if first is not None else Basis.learned)


@dataclass(frozen=True)
class Provenance:
    """All that made an answer, so that anybody gets the same again.

    Args:
        question: The question's name, such as `whatif`.
        arguments: Its arguments as plain values: contents of files, never their paths.
        case: Name of the case.
        marks: Fingerprints of what the numbers depend on: case, data, code, fit, question.
        key: Key of the draws.
        draws: How many draws.
        inputs: Content of each file that a user handed in, by its role, such as `case`.
        notes: Lines about the fit and the figures that a reader should know.
    """

    question: str
    arguments: Mapping[str, object]
    case: str
    marks: Mapping[str, str]
    key: int
    draws: int
    inputs: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Answer:
    """What a question returns; terminal, notebook, page, JSON and files show the same record.

    Args:
        question: In words, with every option that made it.
        data: Every number, with its draws, on named axes; `units` and `long_name` in the attributes.
        findings: Sentences with their numbers, the most important first.
        tables: The first is the one of the first screen.
        charts: The first opens the page.
        caveats: What the answer cannot tell, the most important first.
        provenance: What made it.
    """

    question: str
    data: xr.Dataset
    findings: tuple[Finding, ...]
    tables: tuple[Table, ...]
    charts: tuple[Chart, ...]
    caveats: tuple[str, ...]
    provenance: Provenance

    def table(self, name: str | None = None) -> pd.DataFrame:
        """One table, for pandas.

        Args:
            name: Its name, from `tables`; the first if not given.

        Raises:
            UsageError: There is no such table; names the nearest.
        """
        return _find(self.tables, name, "table").frame()

    def plot(self, name: str | None = None) -> go.Figure:
        """One chart, as a Plotly figure; `write_image("x.svg")` saves it.

        Args:
            name: Its name, from `charts`; the first if not given.

        Raises:
            UsageError: There is no such chart; names the nearest.
        """
        chart = _find(self.charts, name, "chart")
        drawn: go.Figure = _outlet("draw").figure(chart)
        return drawn

    def save(self, folder: str | Path, *, pictures: bool = True) -> list[str]:
        """Write the answer whole or not at all: page, JSON, tidy CSV, netCDF with every draw, charts, manifest.

        Args:
            folder: Where; made if need be.
            pictures: Whether to draw every chart as SVG and PNG, for which a Chrome or Chromium must be installed.

        Returns:
            Names of the files written.

        Raises:
            OutputError: The folder or the disk refused; nothing was replaced.
        """
        return list(_outlet("files").save(self, Path(folder), pictures=pictures))

    @cached_property
    def document(self) -> dict[str, object]:
        """The answer as one document of plain values, as JSON holds it; draws are summed up by their intervals."""
        return dict(_outlet("document").of(self))

    def __repr__(self) -> str:
        """Question and first findings, in less than 2 kB."""
        return str(_outlet("terminal").brief(self))

    def _repr_html_(self) -> str:
        """What a notebook shows: findings, the first chart, the first table."""
        return str(_outlet("page").notebook(self))


def _find(given: Sequence[Shown], name: str | None, noun: str) -> Shown:
    """An entry by its name, or the first."""
    names = [one.name for one in given]
    if name is None and given:
        return given[0]
    for one in given:
        if one.name == name:
            return one
    hint = nearest(name or "", names)
    raise UsageError(
        f"no such {noun}",
        where=f"Answer.{'plot' if noun == 'chart' else noun}",
        found=repr(name),
        expected=f"one of {listed(names, 20)}" if names else f"none: this answer has no {noun}",
        way_out=f"Did you mean {hint!r}?" if hint else "",
    )


def _outlet(name: str) -> ModuleType:
    """A module that shows answers, loaded when one is shown: each takes libraries that others do without."""
    return import_module(f"palanca.show.{name}")
