"""The case that a command is about, its last month as the figures in force have it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from palanca.spec.schema import Case


def case(name: str, store: Path | None = None, as_known: str = "") -> Case:
    """Read a case before anything heavy is loaded, so that its faults are told at once.

    Args:
        name: A shipped case, or the path of a case file.
        store: Folder of releases, as `--store` names it.
        as_known: Month by whose end figures had been published.

    Raises:
        CaseFileError: There is no such file or name, or the file is not YAML.
        CaseErrors: The case has faults; all of them, each with its line.
        SeriesError: There is no store there, or it is damaged.
    """
    from palanca.data.read import open_figures
    from palanca.spec.load import load

    return load(name, open_figures(store, as_known, name).months())
