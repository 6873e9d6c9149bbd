"""Forecasts every past month as if it were the last, scores the forecasts, and keeps what took long."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from palanca.cli import fail
from palanca.cli.show import Format

if TYPE_CHECKING:
    from palanca.core.clock import Month
    from palanca.evidence.skill_store import Skill
    from palanca.infer.history import PreparedCase
    from palanca.spec.schema import Case

HELP = """Forecast from past months as if each were the last, and score it against what people would use instead.

Takes long the first time; every fit and forecast is kept in FOLDER, so that the same command goes on where it was
stopped. Writes backtest.json, backtest.csv and backtest.html to OUT."""
Tell = Callable[[str, int, int], None]


def register(app: typer.Typer) -> None:
    """Add the command to the tree."""
    app.command("backtest", help=HELP)(backtest)


def backtest(
    case: Annotated[str, typer.Argument(help="A shipped case, or the path of a case file.")] = "us-mexico",
    *,
    every: Annotated[int, typer.Option(min=1, help="Start from every so many months.")] = 1,
    folder: Annotated[
        Path | None, typer.Option(help="Where fits and forecasts are kept; by default backtest-CASE in this folder.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for the results; by default they are only shown.")] = None,
    how: Annotated[
        Format, typer.Option("--format", help="How to print it; JSON and CSV hold every row.")
    ] = Format.table,
    first: Annotated[str | None, typer.Option("--from", help="First month to start from.")] = None,
    last: Annotated[str | None, typer.Option("--until", help="Last month to start from.")] = None,
    key: Annotated[int, typer.Option(min=0, help="Key of the draws: same key, same result to the bit.")] = 1,
    ship: Annotated[bool, typer.Option("--ship", help="Replace the skill that the package ships.")] = False,
) -> None:
    """Forecast, score, show, write."""
    from palanca.api import compiler
    from palanca.core.clock import Month
    from palanca.core.save import check_folder
    from palanca.evidence import skill_store
    from palanca.spec.load import load

    compiler.start()
    declared = load(case)
    ends = [Month.parse(text, where=name) if text else None for text, name in ((first, "--from"), (last, "--until"))]
    kept = folder or Path(f"backtest-{declared.case}")
    wanted = _wanted(declared, every, ends[0], ends[1])
    for needed in (kept, out, skill_store.SHIPPED if ship else None):
        if needed is not None:
            check_folder(needed)
    try:
        found = _found(declared, wanted, kept, key)
    except KeyboardInterrupt:
        typer.echo(f"Interrupted. What was made is kept in {kept}; the same command goes on from there.", err=True)
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(fail.INTERRUPTED)  # threads that still compile crash an interpreter that ends around them
    _show(found, how)
    if out is not None:
        _write(found, out)
    if ship:
        typer.echo(f"Wrote {skill_store.write(skill_store.where(declared), found)}.", err=True)


def _wanted(declared: Case, every: int, first: Month | None, last: Month | None) -> list[Month]:
    """Months to start from, or why there is none."""
    from palanca.core.errors import UsageError
    from palanca.evidence.backtest import FIRST

    span = declared.span.span
    latest = span.last + (-1)  # of the last month itself nothing is known a month ahead
    for name, month in (("--from", first), ("--until", last)):
        if month is not None and not FIRST <= month <= latest:
            raise UsageError(
                "no forecast from there can be scored",
                where=name,
                found=str(month),
                expected=f"a month from {FIRST} to {latest}",
                way_out="Starts need a year of figures before them to fit on, and a month after them to be scored.",
            )
    start, end = first or FIRST, last or latest
    if end < start:
        raise UsageError(
            "no month to start from", where="--until", found=f"{start} to {end}", expected="--from before --until"
        )
    return [start + i for i in range(0, end - start + 1, every)]


def _found(declared: Case, wanted: list[Month], folder: Path, key: int) -> Skill:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    from palanca.infer import history

    columns = (
        *(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()),
        *(TextColumn("left:"), TimeRemainingColumn()),
    )
    with Progress(*columns, console=Console(stderr=True)) as bar:
        reading = bar.add_task("reading the figures", total=None)
        setting = history.prepare(declared)
        bar.remove_task(reading)
        tasks: dict[str, object] = {}

        def tell(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what, total=total)
            bar.update(tasks[what], completed=done)  # type: ignore[arg-type]

        return _scored(setting, wanted, folder, key, tell)


def _scored(setting: PreparedCase, wanted: list[Month], folder: Path, key: int, tell: Tell) -> Skill:
    from palanca.evidence import backtest as backtesting
    from palanca.evidence import rivals, skill_store

    def baselines(done: int, total: int) -> None:
        tell("baselines", done, total)

    for what in ("parameters", "forecasts", "baselines"):
        tell(what, 0, len({month.year for month in wanted}) if what == "parameters" else len(wanted))
    made = backtesting.run(setting, wanted, folder, key=key, progress=tell)
    compared = rivals.run(rivals.pasts(setting), wanted, folder, key=key, progress=baselines)
    tell("scoring", 0, 1)
    scored = skill_store.of(setting.case, made, compared, key=key)
    tell("scoring", 1, 1)
    return scored


def _show(found: Skill, how: Format) -> None:
    from dataclasses import asdict

    from palanca.cli import show
    from palanca.view import skill_prose, skill_tables

    if how is not Format.table:
        show.rows([asdict(row) for row in found.rows], how)
        return
    for title, lines in skill_tables.tables(found).items():
        show.rows(lines, how, title)
    for sentence in (*skill_prose.headline(found), *skill_prose.method(found)):
        typer.echo(sentence)


def _write(found: Skill, out: Path) -> None:
    from dataclasses import asdict

    from palanca.cli import show
    from palanca.core import save
    from palanca.evidence import skill_store
    from palanca.report import skill as page

    skill_store.write(out / "backtest.json", found)
    save.text(out / "backtest.csv", show.as_csv([asdict(row) for row in found.rows]))
    save.text(out / "backtest.html", page.html(found))
    typer.echo(f"Wrote backtest.json, backtest.csv and backtest.html to {out}.", err=True)
