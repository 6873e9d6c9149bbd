"""Runs a case on its figures, with a twin world, and writes what it found."""

from __future__ import annotations

import shlex
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from palanca.cli.asking import CaseName, Fit, Stale
from palanca.cli.show import Format

if TYPE_CHECKING:
    from palanca.infer.history import History
    from palanca.infer.posterior import Posterior
    from palanca.spec.schema import Case

HELP = """Run a case on official figures: history, and a twin world in which something was otherwise.

Writes report.html, history.nc, years.csv and origins.csv to the folder OUT. With --mode bargain governments choose
their levers by bargaining from --from to --until, quarter by quarter; writes bargain.csv and bargain.html."""


class Mode(StrEnum):
    """How the world is run."""

    replay = "replay"
    bargain = "bargain"


def register(app: typer.Typer) -> None:
    """Add the command to the tree."""
    app.command("run", help=HELP)(run)


def run(
    case: CaseName = "us-mexico",
    *,
    draws: Annotated[int, typer.Option(min=2, max=5000, help="How many histories; 1,000 take about 2 GB.")] = 200,
    key: Annotated[int, typer.Option(min=0, help="Key of the run: same key, same result to the bit.")] = 1,
    out: Annotated[Path, typer.Option(help="Folder for the results.")] = Path("out"),
    sets: Annotated[
        list[str] | None, typer.Option("--set", help="A change, such as levers.contention.effort=0.")
    ] = None,
    first: Annotated[
        str | None, typer.Option("--from", help="First month of the --set changes, or of bargaining.")
    ] = None,
    last: Annotated[
        str | None, typer.Option("--until", help="Last month of the --set changes, or of bargaining.")
    ] = None,
    changes: Annotated[
        list[str] | None, typer.Option(help="A file of changes, or the name of one that comes with the case.")
    ] = None,
    fit: Fit = None,
    stale: Stale = False,
    how: Annotated[Format, typer.Option("--format", help="How to print the tables.")] = Format.table,
    mode: Annotated[Mode, typer.Option(help="Replay the record, or let governments bargain.")] = Mode.replay,
    each: Annotated[bool, typer.Option("--each-off", help="Bargain mode: leave each mechanism out in turn.")] = False,
) -> None:
    """Run, show, write."""
    from palanca.core.clock import Month
    from palanca.core.save import check_folder
    from palanca.infer import whatif
    from palanca.spec import edit
    from palanca.spec.load import load

    declared = load(case)
    check_folder(out)
    if mode is Mode.bargain:
        from palanca.cli import bargaining

        _no_changes(sets, changes)
        asked = bargaining.Asked(draws, key, first, last, out, how, each)
        bargaining.run(declared, _fit(declared, fit, stale_too=stale), asked)
        return
    months = [Month.parse(text, where=name) if text else None for text, name in ((first, "--from"), (last, "--until"))]
    wanted = whatif.gather(declared, sets or [], months[0], months[1], changes or [])
    if wanted:
        edit.apply(declared, wanted)  # refuse a change that fits nothing before the long work starts
    found = _history(declared, _fit(declared, fit, stale_too=stale), draws, key, wanted)
    _show(found, how)
    _write(found, out)
    typer.echo(f"Wrote report.html, history.nc, years.csv and origins.csv to {out}.", err=True)


def _no_changes(sets: list[str] | None, changes: list[str] | None) -> None:
    """Refuse changes in bargain mode, where governments set the levers themselves."""
    from palanca.core.errors import UsageError

    if sets or changes:
        raise UsageError(
            "bargain mode takes no changes",
            where="--set, --changes",
            way_out="Leave them out: governments set the levers themselves. Or run without --mode bargain.",
        )


def _history(declared: Case, fitted: Posterior, draws: int, key: int, wanted: list) -> History:  # type: ignore[type-arg]
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from palanca.infer import history

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading the figures", total=draws)
        setting = history.prepare(declared)
        bar.update(task, description="compiling, then running")

        def tell(done: int, _: int) -> None:
            bar.update(task, completed=done, description="running histories")

        command = shlex.join(["palanca", *sys.argv[1:]])
        return history.run(setting, fitted, draws=draws, key=key, changes=wanted, command=command, progress=tell)


def _fit(declared: Case, path: Path | None, *, stale_too: bool) -> Posterior:
    from palanca.api import compiler
    from palanca.infer import store

    compiler.start()
    found, note = store.choose(declared, path, stale_too=stale_too)
    if note:
        typer.echo(f"Note: {note}", err=True)
    return found


def _show(found: History, how: Format) -> None:
    from palanca.cli import show
    from palanca.view import prose, series, tables

    show.rows(tables.by_year(found), how, "By year: encounters between ports of entry and what happened to people")
    show.rows(tables.by_origin(found), how, "By origin, all months")
    show.rows(tables.agreement_table(found), how, "Series that were not solved for, against their figures")
    if found.changes:
        months = series.changed_months(found, 1)
        show.rows(tables.twin_table(found, months), how, "The twin world against history: encounters")
        show.rows(tables.harm_table(found, months), how, "The twin world against history: what happens to people")
    if how is Format.table:
        for sentence in (*prose.headline(found), *prose.harm(found), *prose.cannot_tell(found)):
            typer.echo(sentence)


def _write(found: History, out: Path) -> None:
    from palanca.cli import show
    from palanca.core import save
    from palanca.model import record
    from palanca.report import page
    from palanca.view import tables

    save.content(out / "history.nc", record.packed(found.result))
    save.text(out / "years.csv", show.as_csv(tables.by_year(found)))
    save.text(out / "origins.csv", show.as_csv(tables.by_origin(found)))
    save.text(out / "report.html", page.html(found))
