"""What every question shares on the command line: its options, and the corridor made ready."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from palanca.cli.show import Format

if TYPE_CHECKING:
    from palanca.case.schema import Case
    from palanca.core.clock import Month
    from palanca.experiments.corridor import Corridor

CaseName = Annotated[str, typer.Argument(help="A shipped case, or the path of a case file.")]
Draws = Annotated[int, typer.Option(min=2, max=20000, help="How many histories.")]
Key = Annotated[int, typer.Option(min=0, help="Key of the draws: same key, same result to the bit.")]
How = Annotated[Format, typer.Option("--format", help="How to print it; JSON and CSV hold the row of every number.")]
Out = Annotated[Path | None, typer.Option(help="Folder for the results; by default they are only shown.")]
Fit = Annotated[Path | None, typer.Option(help="A fit to use in place of the shipped one.")]
Stale = Annotated[bool, typer.Option("--stale", help="Use a fit of another case, figures or code all the same.")]


def corridor(declared: Case, fit: Path | None, *, stale: bool) -> Corridor:
    """Start the compiler and line the case up with its figures; a note on the fit goes to the error stream."""
    from palanca.cli import caching

    caching.start()
    from palanca.experiments import corridor as corridors
    from palanca.infer import store

    posterior, note = store.choose(declared, fit, stale_too=stale)
    if note:
        typer.echo(f"Note: {note}", err=True)
    return corridors.open(declared, posterior)


def manifest(out: Path, corridor: Corridor, files: Sequence[str], *, draws: int, key: int) -> None:
    """Write beside the results what anybody needs to get them again, and say what was written."""
    import sys

    from palanca.experiments import manifest as writing
    from palanca.experiments.sweep import plan

    marks = plan.marks(corridor.case, corridor.free(draws, key), sys.argv[1:])
    writing.write(out, sys.argv[1:], marks, files, key=key, draws=draws)
    typer.echo(f"Wrote {', '.join(files)} and {writing.NAME} to {out}.", err=True)


def names(declared: Case) -> dict[str, str]:
    """What each code of an origin, group or sector stands for."""
    return {
        **{code: origin.name for code, origin in declared.origins.items()},
        **{code: group.name for code, group in declared.groups.items()},
        **{code: sector.name for code, sector in declared.sectors.items()},
    }


def span(declared: Case, text: str, where: str) -> tuple[Month, Month]:
    """Two months written FROM..TO, within the case and in order.

    Raises:
        UsageError: It cannot be read, or lies outside the case.
    """
    from palanca.core.clock import Span
    from palanca.core.errors import UsageError

    first, dots, last = text.partition("..")
    if not dots:
        raise UsageError("cannot read the months", where=where, found=repr(text), expected="FROM..TO, YYYY-MM..YYYY-MM")
    found, whole = Span.parse(first, last, where=where), declared.span.span
    for month in (found.first, found.last):
        if month not in whole:
            raise UsageError(
                "outside the case", where=where, found=str(month), expected=f"{whole.first} to {whole.last}"
            )
    return found.first, found.last
