"""Draws the months ahead of a case, shows them, and writes what it found."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from palanca.cli.asking import CaseName, Fit, Key, Stale
from palanca.cli.show import Format

if TYPE_CHECKING:
    from palanca.evidence.skill import Row
    from palanca.infer.posterior import Posterior
    from palanca.questions.forecast.project import Ask, Forecast
    from palanca.spec.edit import Change
    from palanca.spec.schema import Case

HELP = """Forecast the months ahead: encounters in all and by origin, group and sector, stops, people waiting, deaths.

Writes forecast.html, forecast.nc and forecast.csv to the folder OUT."""
FEWEST = 20  # draws below which the ends of a 90 % band would be the extremes


def register(app: typer.Typer) -> None:
    """Add the command to the tree."""
    app.command("forecast", help=HELP)(forecast)


def forecast(
    case: CaseName = "us-mexico",
    *,
    start: Annotated[
        str | None,
        typer.Option("--from", help="Last month taken as known (YYYY-MM); by default the last with figures."),
    ] = None,
    months: Annotated[int, typer.Option(help="How many months ahead, 1 to 60.")] = 12,
    levers: Annotated[
        str,
        typer.Option(
            help="persist: as they are; record: as the dated record has them; react: governments answer to arrivals as "
            "before; or a file of changes, or the name of one that comes with the case."
        ),
    ] = "persist",
    changes: Annotated[
        list[str] | None, typer.Option(help="Changes on top of what the levers follow: a file, or a name as above.")
    ] = None,
    draws: Annotated[int, typer.Option(min=FEWEST, max=5000, help="How many paths.")] = 400,
    key: Key = 1,
    out: Annotated[Path, typer.Option(help="Folder for the results.")] = Path("out"),
    fit: Fit = None,
    stale: Stale = False,
    how: Annotated[Format, typer.Option("--format", help="How to print the tables.")] = Format.table,
) -> None:
    """Draw, show, write."""
    from palanca.core.clock import Month
    from palanca.core.save import check_folder
    from palanca.infer import history
    from palanca.questions.forecast.project import Ask
    from palanca.spec.load import load

    declared = load(case)
    last = Month.parse(start, where="--from") if start else declared.span.last
    word, wanted = _gathered(declared, levers, changes or [])
    ask = Ask(last, months, word, wanted, draws, key)
    _refuse_early(declared, ask)
    check_folder(out)
    fitted, note = _fit(declared, fit, stale_too=stale)
    found = _drawn(declared, fitted, ask)
    provenance = history.provenance(declared, key, shlex.join(["palanca", *sys.argv[1:]]))
    provenance |= {"Fit": f"{fitted.how.value}, {fitted.size:,} draws stored", "Note": note}
    skill = _skill(declared)
    _show(found, how, skill)
    _write(found, provenance, out, skill)
    typer.echo(f"Wrote forecast.html, forecast.nc and forecast.csv to {out}.", err=True)


def _gathered(declared: Case, levers: str, more: list[str]) -> tuple[str, tuple[Change, ...]]:
    """The word that levers follow, and every declared change."""
    from palanca.core.errors import UsageError
    from palanca.core.wording import listed, nearest
    from palanca.infer import whatif
    from palanca.questions.forecast.project import PERSIST, REACT, RECORD
    from palanca.spec import edit

    words, shipped = (PERSIST, RECORD, REACT), whatif.shipped(declared)
    if levers not in words and levers not in shipped and not Path(levers).is_file():
        hint = nearest(levers, (*words, *shipped))
        raise UsageError(
            "levers cannot follow that",
            where="--levers",
            found=f"{levers!r}, which is neither a word nor a file",
            expected=f"{listed(words)}, a file of changes, or one of {listed(shipped)}",
            way_out=f"Did you mean {hint!r}?" if hint else "",
        )
    word, files = (levers, more) if levers in words else (PERSIST, [levers, *more])
    return word, tuple(change for what in files for change in edit.read_changes(whatif.find(declared, what)))


def _refuse_early(declared: Case, ask: Ask) -> None:
    """Refuse before the long work starts what it would refuse."""
    from palanca.questions.forecast import scenario
    from palanca.spec import edit

    ask.check(declared)
    if ask.changes:
        scenario.check(ask.changes)
        edit.apply(ask.plain(declared), list(ask.changes))


def _fit(declared: Case, path: Path | None, *, stale_too: bool) -> tuple[Posterior, str]:
    from palanca.api import compiler
    from palanca.infer import store

    compiler.start()
    found, note = store.choose(declared, path, stale_too=stale_too)
    if note:
        typer.echo(f"Note: {note}", err=True)
    return found, note


def _drawn(declared: Case, fitted: Posterior, ask: Ask) -> Forecast:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from palanca.infer import history
    from palanca.questions.forecast import project as ahead

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading the figures", total=ask.draws)
        setting = history.prepare(declared)
        bar.update(task, description="compiling, then drawing")

        def tell(done: int, _: int) -> None:
            bar.update(task, completed=done, description="drawing paths")

        return ahead.forecast(setting, fitted, ask, progress=tell)


def _skill(declared: Case) -> list[Row]:
    """Scores of past forecasts of the total, if the case comes with a backtest that still holds."""
    from palanca.evidence import skill, skill_store
    from palanca.evidence.regimes import ALL

    if not skill_store.where(declared).exists():
        return []
    kept = skill_store.read_skill(declared)
    changed = skill_store.stale(kept, declared)
    if changed:
        typer.echo(f"Note: scores of past forecasts are left out: {', '.join(changed)} changed since.", err=True)
        return []
    wanted = {"of": "total", "forecast": skill.MODEL, "given": skill.NOTHING, "against": skill.PERSISTENCE}
    return kept.select(**wanted, window=ALL.name)


def _show(found: Forecast, how: Format, skill: list[Row]) -> None:
    from palanca.cli import show
    from palanca.view import outlook, outlook_prose

    if how is not Format.table:
        show.rows(outlook.every_row(found), how)
        return
    for one in outlook.foremost(found):
        show.rows(outlook.by_month(found, one), how, f"{one.name[:1].upper()}{one.name[1:]}, {one.unit}")
    families = (outlook.ORIGIN, outlook.GROUP, outlook.SECTOR)
    parts = [one for family in families for one in outlook.of(found, family)]
    show.rows(outlook.by_part(found, parts), how, "Encounters by origin, family status and sector, events / month")
    said = (*outlook_prose.headline(found), *outlook_prose.harm(found), *outlook_prose.how_sure(found, skill))
    for sentence in (*said, *outlook_prose.cannot_tell(found)):
        typer.echo(sentence)


def _write(found: Forecast, provenance: dict[str, str], out: Path, skill: list[Row]) -> None:
    from palanca.cli import show
    from palanca.core import save
    from palanca.model import record
    from palanca.questions.forecast import record as outlook_record
    from palanca.report import outlook as page
    from palanca.view import outlook

    save.content(out / "forecast.nc", record.packed(outlook_record.dataset(found, provenance)))
    save.text(out / "forecast.csv", show.as_csv(outlook.every_row(found)))
    save.text(out / "forecast.html", page.html(found, provenance, skill))
