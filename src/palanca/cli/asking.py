"""What every question shares on the command line: its options, and the corridor made ready."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from palanca.cli.show import Format

if TYPE_CHECKING:
    from palanca.core.clock import Month
    from palanca.infer.posterior import Posterior
    from palanca.questions.corridor import Corridor
    from palanca.spec.schema import Case

CaseName = Annotated[str, typer.Argument(help="A shipped case, or the path of a case file.")]
Draws = Annotated[int, typer.Option(min=2, max=20000, help="How many histories.")]
Key = Annotated[int, typer.Option(min=0, help="Key of the draws: same key, same result to the bit.")]
How = Annotated[Format, typer.Option("--format", help="How to print it; JSON and CSV hold every number, a row each.")]
Out = Annotated[Path | None, typer.Option(help="Folder for the results; by default they are only shown.")]
Fit = Annotated[Path | None, typer.Option(help="A fit to use in place of the shipped one.")]
Stale = Annotated[bool, typer.Option("--stale", help="Use a fit of another case, figures or code all the same.")]


def posterior(declared: Case, fit: Path | None, *, stale: bool) -> Posterior:
    """Start the compiler and read the fit to use; a note on it goes to the error stream."""
    from palanca.api import compiler
    from palanca.infer import store

    compiler.start()
    found, note = store.choose(declared, fit, stale_too=stale)
    if note:
        typer.echo(f"Note: {note}", err=True)
    return found


def corridor(declared: Case, fit: Path | None, *, stale: bool) -> Corridor:
    """The fit to use, and the case lined up with its figures."""
    from palanca.questions import corridor as corridors

    return corridors.open(declared, posterior(declared, fit, stale=stale))


def manifest(out: Path, corridor: Corridor, files: Sequence[str], *, draws: int, key: int) -> None:
    """Write beside the results what anybody needs to get them again, and say what was written."""
    import sys

    from palanca.questions import manifest as writing
    from palanca.questions.sweep import plan

    asked = writing.elsewhere(sys.argv[1:], Path("out"))  # where results and store lie is no part of the question
    marks = plan.marks(corridor.case, corridor.free(draws, key), asked)
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
