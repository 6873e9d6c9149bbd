"""Learns a case's parameters from the figures, stores them, and says how far they can be trusted."""

from __future__ import annotations

import shlex
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from palanca.cli.show import Format

if TYPE_CHECKING:
    from collections.abc import Iterator

    from palanca.infer.full import Pause, Tell
    from palanca.infer.history import PreparedCase
    from palanca.infer.posterior import Posterior
    from palanca.infer.sample import Plan
    from palanca.spec.schema import Case

HELP = """Learn the parameters of a case from the figures by sampling, and store them; or judge those that are stored.

A fit that is interrupted goes on where it stopped when the same command is given again."""
BLOCK = 10  # iterations between two checkpoints
SLOW = 60.0  # seconds in a minute


def register(app: typer.Typer) -> None:
    """Add the command to the tree."""
    app.command("fit", help=HELP)(fit)


def fit(
    case: Annotated[str, typer.Argument(help="A shipped case, or the path of a case file.")] = "us-mexico",
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
    kept: Annotated[int, typer.Option(min=BLOCK, help="Iterations of each chain after that; multiples of 10.")] = 250,
    key: Annotated[int, typer.Option(min=0, help="Key of the fit: same key, same result to the bit.")] = 1,
    out: Annotated[
        Path | None, typer.Option("--out", help="File to write; by default fit-CASE.nc in this folder.")
    ] = None,
    ship: Annotated[bool, typer.Option("--ship", help="Replace the fit that the package ships.")] = False,
    fresh: Annotated[
        bool, typer.Option("--fresh/--resume", help="Forget an interrupted fit, or go on from it (the default).")
    ] = False,
    verdict: Annotated[bool, typer.Option("--verdict", help="Judge the stored fit; nothing is fitted.")] = False,
    stored: Annotated[Path | None, typer.Option("--fit", help="With --verdict: the fit to judge.")] = None,
    stale: Annotated[
        bool, typer.Option("--stale", help="With --verdict: judge a fit of another case, figures or code all the same.")
    ] = False,
    how: Annotated[Format, typer.Option("--format", help="How to print the tables.")] = Format.table,
) -> None:
    """Fit and store, or judge what is stored."""
    from palanca.api import compiler
    from palanca.core.errors import UsageError
    from palanca.infer.sample import Plan
    from palanca.spec.load import load

    declared = load(case)
    if not verdict and (stored is not None or stale):
        raise UsageError("--fit and --stale go with --verdict", way_out="To fit anew, leave them out.")
    if verdict:
        compiler.start()
        _judge(declared, stored, how, stale_too=stale)
        return
    plan = Plan(chains=chains, warmup=warmup, kept=kept, key=key, block=BLOCK)
    plan.check()
    compiler.start()
    _make(declared, _place(declared, out, ship=ship), plan, how, quick=quick, minutes=minutes, fresh=fresh)


def _place(declared: Case, out: Path | None, *, ship: bool) -> Path:
    """Where the fit will go; refused before the long work if it cannot be written."""
    from palanca.core.errors import UsageError
    from palanca.core.save import check_folder
    from palanca.infer import store

    if ship and out is not None:
        raise UsageError("--ship and --out contradict each other", way_out="Give one of them.")
    path = store.where(declared) if ship else out or Path(f"fit-{declared.case}.nc")
    check_folder(path.parent)
    return path


def _make(
    declared: Case, path: Path, plan: Plan, how: Format, *, quick: bool, minutes: float | None, fresh: bool
) -> None:
    from palanca.cli import show
    from palanca.core import digest
    from palanca.infer import full, history, store
    from palanca.view import fitted

    made_from = store.marks(declared)
    pause = full.Pause(path, digest.of_record(made_from.__dict__))
    if fresh:
        pause.clear()
    with _told() as tell:
        setting = history.prepare(declared)
        found = full.quick(setting.evidence, key=plan.key, tell=tell) if quick else None
        if found is None:
            found = _sampled(setting, plan, pause, minutes, tell)
    command = shlex.join(["palanca", *sys.argv[1:]])
    shipped = path == store.where(declared)
    store.write(path, store.thinned(found) if shipped else found, declared, command=command, made_from=made_from)
    whole = found.diagnostics is None or found.diagnostics.finished == found.diagnostics.planned
    if whole and not quick:
        pause.clear()
    show.rows(fitted.by_parameter(found), how, "Parameters: what the figures say of them")
    for sentence in fitted.made(found):
        typer.echo(sentence, err=how is not Format.table)
    typer.echo(f"Stored in {path}.", err=True)
    if not whole:
        typer.echo(f"Time ran out before all iterations were done; for the rest: {_again()}", err=True)


def _sampled(setting: PreparedCase, plan: Plan, pause: Pause, minutes: float | None, tell: Tell) -> Posterior:
    from palanca.infer import full

    try:
        return full.full(
            setting.evidence,
            plan,
            pause=pause,
            seconds=float("inf") if minutes is None else SLOW * minutes,
            tell=tell,
        )
    except KeyboardInterrupt:
        if pause.begun:
            typer.echo(f"What is done is kept beside {pause.path}. To go on from there: {_again()}", err=True)
        raise


def _again() -> str:
    """The command that was given, without what would make it begin anew."""
    return shlex.join(["palanca", *(word for word in sys.argv[1:] if word != "--fresh")])


def _judge(declared: Case, path: Path | None, how: Format, *, stale_too: bool) -> None:
    import json

    from palanca.cli import show
    from palanca.infer import history, predictive, store
    from palanca.infer import verdict as judging
    from palanca.view import fitted

    found, note = store.choose(declared, path, stale_too=stale_too)
    if note:
        typer.echo(f"Note: {note}", err=True)
    with _told() as tell:
        setting = history.prepare(declared)
        series = predictive.check(setting, found, progress=lambda done, all_: tell("checking", done, all_, 0))
    given = judging.judge(found, series, judging.recorded(path or store.where(declared)))
    if how is Format.json:
        typer.echo(json.dumps(fitted.record(given, found, series), indent=2, allow_nan=False))
        return
    show.rows(fitted.checks(given), how, "Checks")
    if how is Format.table:
        show.rows(fitted.by_parameter(found), how, "Parameters: what the figures say of them")
        for sentence in fitted.sentences(given, found):
            typer.echo(sentence)


@contextmanager
def _told() -> Iterator[Tell]:
    """A progress bar for the stages of a fit."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading the figures", total=None)

        def tell(stage: str, done: int, planned: int, number: float) -> None:
            words = {
                "search": f"searching the maximum: {done:,} evaluations, log density {number:,.1f}",
                "curvature": "measuring the curvature there",
                "sampling": f"sampling: {done:,} of {planned:,} iterations of each chain, {number:,.0f} divergences",
                "checking": f"running histories: {done:,} of {planned:,}",
            }
            bar.update(task, description=words[stage], completed=done, total=planned or None)

        yield tell
