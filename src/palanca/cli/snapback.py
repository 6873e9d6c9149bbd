"""Plays relief on conditions: which clauses are kept, what is taken back, when flights stop."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from palanca.cli.options import Format, How, Key, Out

if TYPE_CHECKING:
    from palanca.questions.relief.facts import Study

HELP = """Play relief on conditions month by month, under draws of what is believed, beside what happened.

Writes snapback.csv, months.csv, variants.csv, severity.csv, beliefs.csv and snapback.html to OUT."""


def register(app: typer.Typer) -> None:
    """Add the command to the tree."""
    app.command("relief", help=HELP)(snapback)


def snapback(
    case: Annotated[
        str, typer.Argument(metavar="[CASE|FILE]", help="A shipped case, or the path of a file of conditional relief.")
    ] = "us-mexico",
    *,
    months: Annotated[int, typer.Option(min=1, max=36, help="Months played.")] = 12,
    draws: Annotated[int, typer.Option(min=20, max=5000, help="Draws of what is believed.")] = 400,
    key: Key = 1,
    how: How = Format.table,
    out: Out = None,
) -> None:
    """Read, play, show, write."""
    from palanca.api import compiler
    from palanca.core.save import check_folder
    from palanca.spec.relief import load_relief

    relief = load_relief(case)
    if out is not None:
        check_folder(out)
    compiler.start()
    from rich.console import Console

    from palanca.questions.relief import facts as relief_facts
    from palanca.questions.relief import play as playing

    with Console(stderr=True).status("playing"):
        study = relief_facts.study(playing.prepare(relief, months, draws, key))
    _show(study, how)
    if out is not None:
        _write(study, out, {"draws": str(draws), "key": str(key), "months": str(months)})


def _show(study: Study, how: Format) -> None:
    from palanca.cli import listing
    from palanca.view import relief_prose, relief_tables

    rows = relief_tables.findings(study)
    if how is not Format.table:
        listing.print_rows(rows, how)
        return
    listing.print_rows(rows, how, study.setting.relief.file.title)
    listing.print_rows(relief_tables.variants(study), how, "Chance that clauses are kept to the clock, relief, flights")
    said = [*relief_prose.headline(study), relief_prose.caution(study), *relief_prose.why(study)]
    said += [*relief_prose.severity_says(study), *relief_prose.people_say(study), *relief_prose.lesson_says(study)]
    for sentence in said:
        typer.echo(sentence)


def _write(study: Study, out: Path, facts: dict[str, str]) -> None:
    from palanca.cli import listing
    from palanca.core import save
    from palanca.report import relief as page
    from palanca.view import relief_tables

    save.text(out / "snapback.csv", listing.as_csv(relief_tables.findings(study)))
    save.text(out / "months.csv", listing.as_csv(relief_tables.by_month(study)))
    save.text(out / "variants.csv", listing.as_csv(relief_tables.variants(study)))
    save.text(out / "severity.csv", listing.as_csv(relief_tables.severity(study)))
    save.text(out / "beliefs.csv", listing.as_csv(relief_tables.beliefs(study.setting.relief)))
    save.text(out / "snapback.html", page.html(study, facts))
    typer.echo(
        f"Wrote snapback.csv, months.csv, variants.csv, severity.csv, beliefs.csv and snapback.html to {out}.", err=True
    )
