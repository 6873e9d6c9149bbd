"""Asks what would be better: packages of levers within bounds, and which of them no other beats."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from palanca.cli import asking, sweeping
from palanca.cli.asking import CaseName, Fit, How, Key, Out, Stale
from palanca.cli.show import Format
from palanca.cli.sweeping import Cluster, Store, Workers

if TYPE_CHECKING:
    from palanca.questions.search.discover import Discovery
    from palanca.questions.search.find import Effort, Found
    from palanca.spec.schema import Case
    from palanca.spec.search_file import SearchSpec

HELP = """What would have been better? Packages of levers within bounds, tried on history in many draws.

--file is a search in YAML, or the name of one that comes with the case (--list shows them). Deaths and people on hold
stand beside every package. Writes search.csv, packages.csv, search.html and manifest.json to OUT."""


def register(app: typer.Typer) -> None:
    """Add the question to the tree."""
    app.command("search", help=HELP)(search)


def search(
    case: CaseName = "us-mexico",
    *,
    file: Annotated[
        str, typer.Option(help="A search file, or the name of one that comes with the case.")
    ] = "two-years",
    packages: Annotated[int, typer.Option(min=2, max=1_000_000, help="Packages to try in all.")] = 2000,
    population: Annotated[int, typer.Option(min=4, max=5000, help="Packages of one generation.")] = 200,
    draws: Annotated[int, typer.Option(min=2, max=5000, help="Draws in which each package is tried.")] = 200,
    key: Key = 1,
    listing: Annotated[bool, typer.Option("--list", help="List the searches of the case, and stop.")] = False,
    how: How = Format.table,
    out: Out = None,
    fit: Fit = None,
    stale: Stale = False,
    store: Store = None,
    workers: Workers = 0,
    cluster: Cluster = None,
) -> None:
    """Check, search, show, write."""
    from palanca.core.save import check_folder
    from palanca.spec.load import load
    from palanca.spec.search_file import load_search

    declared = load(case)
    if listing:
        _list(declared, how)
        return
    wanted = load_search(file, declared)
    if out is not None:
        check_folder(out)
    from palanca.questions.search.find import Effort

    effort = Effort(packages, min(population, packages), key, store, workers, cluster)
    corridor = asking.corridor(declared, fit, stale=stale)
    found, decided = _find(wanted, corridor, effort, draws)
    _show(found, decided, how)
    if out is not None:
        _write(found, decided, out, effort)
        asking.manifest(out, corridor, ["search.csv", "packages.csv", "search.html"], draws=draws, key=key)


def _list(declared: Case, how: Format) -> None:
    from palanca.cli import show
    from palanca.spec import search_file

    rows: list[dict[str, object]] = []
    for name in search_file.FORMAT.shipped(declared.case):
        one = search_file.load_search(name, declared).file
        aims = ", ".join(objective.outcome for objective in one.objectives)
        rows.append({"name": name, "title": one.title, "levers": len(one.levers), "objectives": aims})
    show.rows(rows, how, "Searches that come with the case")


def _find(wanted: SearchSpec, corridor: object, effort: Effort, draws: int) -> tuple[Found, list[Discovery]]:
    from palanca.questions.corridor import Corridor
    from palanca.questions.search import find, rivals, work
    from palanca.spec.bargain_spec import load_bargain

    assert isinstance(corridor, Corridor)
    table = load_bargain(corridor.case.case)
    ground = work.ready(corridor, table, wanted, draws, effort.key)
    with sweeping.progress("packages") as tell:
        found = find.search(wanted, ground, effort, tell)
    return found, rivals.compare(found, ground, table, effort.key)


def _show(found: Found, decided: list[Discovery], how: Format) -> None:
    from palanca.cli import show
    from palanca.view import search_prose as prose
    from palanca.view import search_tables as tables

    if how is not Format.table:
        show.rows(tables.numbers(found), how)
        return
    show.rows(tables.outcomes(found, tables.asked(found)), how, "Outcomes: median [90 % interval]")
    show.rows(tables.outcomes(found, tables.others(found)), how, "What was not sought")
    show.rows(tables.levers(found), how, "Levers")
    for sentence in (*prose.headline(found), *prose.decides(decided), prose.CAUTION):
        typer.echo(sentence)


def _write(found: Found, decided: list[Discovery], out: Path, effort: Effort) -> None:
    from palanca.cli import show
    from palanca.core import save
    from palanca.report import search as page
    from palanca.view import search_tables as tables

    facts = {
        "Case": found.search.case.case,
        "Packages": str(effort.packages),
        "Population": str(effort.population),
        "Draws": str(found.draws),
        "Key": str(effort.key),
        **{f"Fingerprint of {name}": mark for name, mark in found.marks.items()},
    }
    save.text(out / "search.csv", show.as_csv(tables.numbers(found)))
    save.text(out / "packages.csv", show.as_csv(tables.tried(found)))
    save.text(out / "search.html", page.html(found, decided, facts))
