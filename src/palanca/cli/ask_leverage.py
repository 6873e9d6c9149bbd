"""Asks how much leverage a government held through time: its cooperation withdrawn from each month on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from palanca.cli import asking, sweeping
from palanca.cli.asking import CaseName, Draws, Fit, How, Key, Out, Stale
from palanca.cli.show import Format
from palanca.cli.sweeping import Cluster, Store, Workers

if TYPE_CHECKING:
    from palanca.spec.bargain_spec import BargainSpec
    from palanca.spec.schema import Case
    from palanca.view.withdrawn import Told

HELP = """How much leverage did a government hold? Its cooperation is withdrawn from each month on: what comes back.

For as many months as --for says, by origin, before and after other governments adjust. What it is worth in payoff, and
what it buys, is for `palanca leverage`. Writes leverage.csv, leverage.html and manifest.json to OUT."""


def register(app: typer.Typer) -> None:
    """Add the question to the tree."""
    app.command("leverage", help=HELP)(leverage)


def leverage(
    case: CaseName = "us-mexico",
    *,
    of: Annotated[str | None, typer.Option(help="Country that stops; by default the one in transit.")] = None,
    over: Annotated[
        str, typer.Option(metavar="FROM..TO", help="First months without its cooperation.")
    ] = "2023-06..2024-03",
    lengths: Annotated[
        str, typer.Option("--for", metavar="MONTHS", help="For how many months, comma between.")
    ] = "1,3,6",
    draws: Draws = 64,
    key: Key = 1,
    how: How = Format.table,
    out: Out = None,
    fit: Fit = None,
    stale: Stale = False,
    store: Store = None,
    workers: Workers = 0,
    cluster: Cluster = None,
) -> None:
    """Check, run, show, write."""
    from palanca.core.clock import Span
    from palanca.core.save import check_folder
    from palanca.spec.load import load

    declared = load(case)
    first, last = asking.span(declared, over, "--over")
    chosen, country = _lengths(lengths), _country(declared, of)
    if out is not None:
        check_folder(out)
    corridor = asking.corridor(declared, fit, stale=stale)
    from palanca.questions.leverage import through_time as withdrawn
    from palanca.questions.options import RunOptions
    from palanca.view.withdrawn import Told

    with sweeping.progress("histories in chunks") as tell:
        found = withdrawn.ask(
            corridor,
            country,
            list(Span(first, last)),
            RunOptions(draws, key, store, workers, cluster),
            lengths=chosen,
            table=_table(declared),
            progress=tell,
        )
    origins = tuple(origin.name for origin in declared.origins.values())
    told = Told(found, declared.countries[country].name, origins)
    _show(told, how)
    if out is not None:
        _write(told, out, {"Case": declared.case, "Draws": str(draws), "Key": str(key)})
        asking.manifest(out, corridor, ["leverage.csv", "leverage.html"], draws=draws, key=key)


def _lengths(text: str) -> list[int]:
    from palanca.core.errors import UsageError

    parts = [part.strip() for part in text.split(",")]
    if not all(part.isdigit() and int(part) > 0 for part in parts):
        raise UsageError("cannot read the lengths", where="--for", found=repr(text), expected="months such as 1,3,6")
    return [int(part) for part in parts]


def _country(declared: Case, named: str | None) -> str:
    from palanca.core.errors import UsageError

    if named is not None:
        return named
    transit = [code for code, country in declared.countries.items() if country.role == "transit"]
    if not transit:
        raise UsageError("no country is in transit", where="--of", expected="the code of a country that holds a lever")
    return transit[0]


def _table(declared: Case) -> BargainSpec | None:
    """The case's bargaining table, which says how far the destination's own limits may go; none without one."""
    from palanca.spec import bargain_spec

    return bargain_spec.load_bargain(declared.case) if declared.case in bargain_spec.FORMAT.shipped() else None


def _show(told: Told, how: Format) -> None:
    from palanca.cli import show
    from palanca.view import withdrawn as view

    if how is not Format.table:
        show.rows(view.all_numbers(told), how)
        return
    show.rows(view.by_month(told), how, f"More encounters a month than recorded, had {told.country} stopped")
    show.rows(view.by_origin(told), how, "By origin, mean over the months asked")
    for sentence in (*view.says(told), view.CAUTION):
        typer.echo(sentence)


def _write(told: Told, out: Path, facts: dict[str, str]) -> None:
    from palanca.cli import show
    from palanca.core import save
    from palanca.report import withdrawn as page
    from palanca.view import withdrawn as view

    save.text(out / "leverage.csv", show.as_csv(view.all_numbers(told)))
    save.text(out / "leverage.html", page.html(told, facts))
