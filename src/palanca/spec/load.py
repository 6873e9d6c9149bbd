"""YAML → Case; every complaint carries file and line and what was expected, and all come together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from palanca.core import read_file
from palanca.core.clock import Span
from palanca.data import catalogue, own_series
from palanca.data.catalogue import SeriesEntry
from palanca.spec import check, declared, figures, marks
from palanca.spec.declared import Draft, FileFormat
from palanca.spec.faults import Fault
from palanca.spec.schema import Case

FORMAT = FileFormat(
    "case", Case, "shipped case", "`palanca case new NAME` writes a first case file.", name="case.yaml"
)  # fmt: skip


def load(what: str | Path, months: Mapping[str, Span] | None = None) -> Case:
    """Read a case from a file, or a shipped case by its name.

    Args:
        what: Path or name.
        months: The months of each series in force, which say what `latest` means; those packaged if nothing.

    Raises:
        CaseFileError: There is no such file or name, or the file is not YAML.
        CaseErrors: The case has faults; all of them, each with file and line.
        SeriesError: A series of the case's own, in the `series.csv` beside it, is damaged.
    """
    path = find(what)
    return read(marks.read(path), months, own_series.rows(own_series.folder_of(path)))


def loads(text: str, name: str = "case") -> Case:
    """Read a case from YAML text; `name` is what messages call it.

    Raises:
        CaseFileError: The text is not YAML.
        CaseErrors: The case has faults.
    """
    return read(marks.parse(text, name))


def shipped() -> list[str]:
    """Names of the cases that come with the package."""
    return list(FORMAT.shipped())


def find(what: str | Path) -> Path:
    """The file behind a path or the name of a shipped case.

    Raises:
        CaseFileError: Neither a file nor a shipped case.
    """
    return FORMAT.find(what)


def read(
    marked: marks.Marked,
    months: Mapping[str, Span] | None = None,
    own: Mapping[str, SeriesEntry] = own_series.NONE,
) -> Case:
    """Turn marked YAML into a case; `months` as for `load`, `own` the rows of series that lie beside it.

    Raises:
        CaseErrors: The case has faults; all of them, each with file and line.
    """

    rows = {**catalogue.entries(), **own}
    known = figures.monthly(rows) if months is None else months

    def rules(draft: Draft[Case]) -> list[Fault]:
        span = draft.file.span if draft.whole("span", "core") else None
        settled = replace(draft, file=figures.settled(draft.file, known)) if span is not None else draft
        return check.faults(replace(settled, file=figures.with_series(settled.file)), rows)

    return figures.with_series(figures.settled(declared.read(marked, Case, rules), known))


def named(marked: marks.Marked, folder: Path) -> Path | None:
    """The case that another file names under `case`: a path seen from that file's folder, or a shipped name.

    Raises:
        CaseFileError: It names one that is not there.
    """
    name = marked.content.get("case") if isinstance(marked.content, dict) else None
    if not isinstance(name, str) or not name.strip():
        return None
    path = folder / name.strip()
    return path if read_file.is_file(path) else find(name.strip())
