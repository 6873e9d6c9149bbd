"""Learns a case's parameters from the figures, stores them, and counts how many checks of the result are red."""

from __future__ import annotations

import os
import shlex
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from palanca.cli import listing, output, progress
from palanca.cli.options import AsKnown, CaseName, Format, How, Store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from palanca.data.read import Figures
    from palanca.infer.full import Pause, Tell
    from palanca.infer.history import PreparedCase
    from palanca.infer.posterior import Posterior
    from palanca.infer.sample import SamplingPlan
    from palanca.spec.schema import Case

HELP = """Learn the parameters of a case from the figures by sampling, and store them in a file for --fit.

A fit that is interrupted goes on where it stopped when the same command is given again. Ends with exit code 1 if the
chains have not converged (R-hat at most 1.01, 400 independent draws of every number); the fit is stored all the same,
and every answer from it says so. `palanca evidence fit` says how far a fit can be trusted."""
BLOCK = 10  # iterations between two checkpoints
MINUTE = 60.0  # seconds


def register(app: typer.Typer) -> None:
    """Add the command to the tree."""
    app.command("fit", help=HELP)(fit)


def fit(
    case: CaseName = "us-mexico",
    *,
    quick: Annotated[
        bool, typer.Option("--quick", help="The maximum and its curvature alone: under a minute.")
    ] = False,
    minutes: Annotated[
        float | None, typer.Option(min=0.1, help="Stop after this long, with the draws that are there by then.")
    ] = None,
    chains: Annotated[int, typer.Option(min=2, help="How many chains, an even number.")] = 4,
    warmup: Annotated[
        int, typer.Option(min=BLOCK, help="Iterations of each chain that tune it; multiples of 10.")
    ] = 300,
    kept: Annotated[int, typer.Option(min=BLOCK, help="Iterations of each chain after that; multiples of 10.")] = 1000,
    key: Annotated[int, typer.Option(min=0, help="Key of the fit: same key, same result to the bit.")] = 1,
    file: Annotated[
        Path | None, typer.Option("--file", help="File to write; by default fit-CASE.nc in this folder.")
    ] = None,
    ship: Annotated[bool, typer.Option("--ship", help="Replace the fit that the package ships.")] = False,
    fresh: Annotated[
        bool, typer.Option("--fresh/--resume", help="Forget an interrupted fit, or go on from it (the default).")
    ] = False,
    politics: Annotated[
        bool, typer.Option("--politics", help="Learn the constants of politics instead: attention, polls, democracy.")
    ] = False,
    how: How = Format.table,
    store: Store = None,
    as_known: AsKnown = "",
) -> None:
    """Fit, store, check, show."""
    from palanca.data.read import open_figures
    from palanca.infer.sample import SamplingPlan
    from palanca.spec.load import load

    figures = open_figures(store, as_known, case)
    declared = load(case, figures.months())
    if politics:
        _politics(declared, file, how, key=key, ship=ship)
        return
    plan = SamplingPlan(chains=chains, warmup=warmup, kept=kept, key=key, block=BLOCK)
    plan.check()
    from palanca.api import compiler
    from palanca.infer import store as fits

    path = _place(file, Path(f"fit-{declared.case}.nc"), fits.where(declared), ship=ship)
    compiler.start()
    _make(declared, figures, path, plan, how, quick=quick, minutes=minutes, fresh=fresh)


def _politics(declared: Case, file: Path | None, how: Format, *, key: int, ship: bool) -> None:
    """Fit the constants of politics, store them, show them."""
    from palanca.api import compiler
    from palanca.infer import politics, politics_fit

    politics_fit.check(declared.case)
    path = _place(file, Path(f"politics-{declared.case}.json"), politics.where(declared.case), ship=ship)
    compiler.start()
    typer.echo("Sampling attention, support and democracy, then each party's attention; some minutes.", err=True)
    found = politics_fit.fit(declared, key=key)
    politics.write(path, found)
    shown = ("name", "unit", "mean", "low", "high", "ratio", "label")
    listing.print_rows([{name: getattr(one, name) for name in shown} for one in found.constants], how, "Politics")
    typer.echo(f"Stored in {path}.", err=True)


def _place(file: Path | None, usual: Path, shipped: Path, *, ship: bool) -> Path:
    """Where the fit will go; refused before the long work if it cannot be written."""
    from palanca.core.errors import OutputError, UsageError
    from palanca.core.save import check_folder

    if ship and file is not None:
        raise UsageError("--ship and --file contradict each other", way_out="Give one of them.")
    path = shipped if ship else file or usual
    if path.is_dir():
        raise OutputError("could not write", where=str(path), found="a folder", expected="a file to write")
    check_folder(path.parent)
    return path


def _make(
    declared: Case,
    figures: Figures,
    path: Path,
    plan: SamplingPlan,
    how: Format,
    *,
    quick: bool,
    minutes: float | None,
    fresh: bool,
) -> None:
    from palanca.core import digest
    from palanca.evidence.fit import parameters
    from palanca.infer import check_counts, full, history, store

    made_from = store.marks(declared, figures)
    pause = full.Pause(path, digest.of_record(made_from.__dict__))
    if fresh:
        pause.clear()
    with _stages() as tell:
        setting = history.prepare(declared, figures)
        found = full.quick(setting.evidence, key=plan.key, tell=tell) if quick else None
        if found is None:
            found = _sampled(setting, plan, pause, minutes, tell)
        kept = store.thinned(found) if path == store.where(declared) else found
        store.write(path, kept, declared, command=shlex.join(["palanca", *sys.argv[1:]]), made_from=made_from)
        verdict = _checked(setting, path, tell)
    whole = found.diagnostics is None or found.diagnostics.finished == found.diagnostics.planned
    if whole and not quick:
        pause.clear()
    shown = parameters.by_parameter(found)
    listing.print_rows(
        [dict(zip(shown.columns, row, strict=True)) for row in shown.rows], how, "Parameters as they were learned."
    )
    for sentence in (*parameters.made(found), verdict):
        typer.echo(sentence, err=True) if how is not Format.table else output.say(sentence)
    typer.echo(f"Stored in {path}.", err=True)
    if not whole:
        typer.echo(f"Time ran out before all iterations were done; for the rest: {_again()}", err=True)
    if failing := check_counts.convergence(found):
        typer.echo(failing, err=True)
        raise typer.Exit(1)


def _checked(setting: PreparedCase, path: Path, tell: Tell) -> str:
    """Check the fit as it was stored, and keep how many checks are red beside it; says how many."""
    from palanca.evidence.fit import answer as judging
    from palanca.infer import check_counts, store
    from palanca.questions.corridor import Corridor
    from palanca.questions.options import RunOptions

    stored, _ = store.read(path, setting.case, setting.figures)
    options = RunOptions(progress=lambda done, planned: tell("checking", done, planned, 0.0))
    judged = judging.judge(Corridor(setting, stored, (), path), options)
    counts = check_counts.count(stored, [str(check.state) for check in judged.judged.checks])
    check_counts.write(path, counts)
    return check_counts.words(counts)


def _sampled(setting: PreparedCase, plan: SamplingPlan, pause: Pause, minutes: float | None, tell: Tell) -> Posterior:
    from palanca.infer import full

    try:
        return full.full(
            setting.evidence,
            plan,
            pause=pause,
            seconds=float("inf") if minutes is None else MINUTE * minutes,
            tell=tell,
        )
    except KeyboardInterrupt:
        if pause.begun:
            typer.echo(f"What is done is kept beside {pause.path}. To go on from there: {_again()}", err=True)
        raise


def _again() -> str:
    """The command that was given, without what would make it begin anew."""
    return shlex.join(["palanca", *(word for word in sys.argv[1:] if word != "--fresh")])


@contextmanager
def _stages() -> Iterator[Tell]:
    """A progress bar for the stages of a fit."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    console = Console(stderr=True, quiet=bool(os.environ.get(progress.QUIET)))
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("reading the figures", total=None)

        def tell(stage: str, done: int, planned: int, amount: float) -> None:
            words = {
                "search": f"searching the maximum: {done:,} evaluations, log density {amount:,.1f}",
                "curvature": "measuring the curvature",
                "pilot": f"sampling briefly to measure it: {done:,} of {planned:,} iterations of each chain",
                "sampling": f"sampling: {done:,} of {planned:,} iterations of each chain, {amount:,.0f} divergences",
                "checking": f"running histories: {done:,} of {planned:,}",
            }
            bar.update(task, description=words[stage], completed=done, total=planned or None)

        yield tell
