"""Tries facts that a faithful model reproduces, and shows the chance that each holds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from palanca.cli import asking
from palanca.cli.asking import CaseName, Fit, How, Key, Out, Stale
from palanca.cli.show import Format

if TYPE_CHECKING:
    from palanca.evidence.facts.scorecard import Scorecard
    from palanca.infer.posterior import Posterior
    from palanca.spec.facts import Facts
    from palanca.spec.schema import Case

HELP = """Try every fact that a faithful model reproduces, and say which hold, with what chance, and what fails.

Facts are not fitted to. Writes facts.csv, facts.json and facts.html to OUT."""


def register(app: typer.Typer) -> None:
    """Add the command to the tree."""
    app.command("facts", help=HELP)(facts)


def facts(
    case: CaseName = "us-mexico",
    *,
    only: Annotated[str | None, typer.Option(metavar="N,N", help="Only these facts, as 1,24.")] = None,
    add: Annotated[list[Path] | None, typer.Option(metavar="FILE", help="A file of further facts.")] = None,
    listing: Annotated[bool, typer.Option("--list", help="List the facts and run nothing.")] = False,
    draws: Annotated[int, typer.Option(min=2, max=2000, help="Draws of the posterior.")] = 64,
    key: Key = 1,
    how: How = Format.table,
    out: Out = None,
    fit: Fit = None,
    stale: Stale = False,
    ship: Annotated[bool, typer.Option("--ship", help="Replace the scorecard that the package ships.")] = False,
) -> None:
    """Read, try, show, write."""
    from palanca.core.save import check_folder
    from palanca.spec.load import load

    declared = load(case)
    wanted = _wanted(declared, only, add or [])
    if listing:
        _list(wanted, how)
        return
    _check_ship(ship, only is not None or bool(add) or fit is not None)
    if out is not None:
        check_folder(out)
    posterior = asking.posterior(declared, fit, stale=stale)
    card = _tried(declared, posterior, wanted, (draws, key))
    _show(card, how)
    if out is not None:
        _write(card, out, {"Case": declared.case, "Draws": str(draws), "Key": str(key)})
    if ship:
        from palanca.evidence.facts import store as kept

        typer.echo(f"Wrote {kept.write(kept.where(declared), card, declared)}.", err=True)


def _wanted(declared: Case, only: str | None, add: list[Path]) -> Facts:
    """The case's facts and those added, as far as asked for."""
    from palanca.spec.facts import load_facts

    found = load_facts(declared.case)
    for path in add:
        found = found.and_also(load_facts(path))
    return found if only is None else found.only(_numbers(only))


def _numbers(text: str) -> list[int]:
    from palanca.core.errors import UsageError

    parts = [part.strip() for part in text.split(",")]
    if not all(part.isdecimal() for part in parts):
        raise UsageError("cannot read the facts", where="--only", found=repr(text), expected="numbers, as 1,24")
    return [int(part) for part in parts]


def _check_ship(ship: bool, narrowed: bool) -> None:
    from palanca.core.errors import UsageError

    if ship and narrowed:
        raise UsageError(
            "only the whole scorecard of the shipped fit is shipped",
            where="--ship",
            found="--only, --add or --fit beside it",
            expected="neither",
        )


def _list(wanted: Facts, how: Format) -> None:
    from palanca.cli import show
    from palanca.view import facts_tables

    show.rows(facts_tables.listed(wanted.facts), how, f"Facts about {wanted.case}")


def _tried(declared: Case, posterior: Posterior, wanted: Facts, given: tuple[int, int]) -> Scorecard:
    from rich.console import Console

    from palanca.evidence.facts import scorecard
    from palanca.evidence.facts.bench import Bench
    from palanca.questions import corridor

    with Console(stderr=True).status("reading the figures") as status:
        bench = Bench(corridor.open(declared, posterior), *given)
        return scorecard.score(bench, wanted, progress=status.update)


def _show(card: Scorecard, how: Format) -> None:
    import json

    from palanca.cli import show
    from palanca.evidence.facts import store
    from palanca.view import facts_prose, facts_tables

    if how is Format.json:
        typer.echo(json.dumps(store.plain(card), indent=2, ensure_ascii=False, allow_nan=False))
    elif how is Format.csv:
        show.rows(facts_tables.numbers(card), how)
    else:
        show.rows(facts_tables.scores(card), how, "Facts, and the chance that each holds")
        for sentence in (*facts_prose.headline(card), facts_prose.CAUTION):
            typer.echo(sentence)


def _write(card: Scorecard, out: Path, lines: dict[str, str]) -> None:
    import json

    from palanca.cli import show
    from palanca.core import save
    from palanca.evidence.facts import store
    from palanca.report import facts as page
    from palanca.view import facts_tables

    save.text(out / "facts.csv", show.as_csv(facts_tables.numbers(card)))
    save.text(out / "facts.json", json.dumps(store.plain(card), indent=1, ensure_ascii=False, allow_nan=False) + "\n")
    save.text(out / "facts.html", page.html(card, lines))
    typer.echo(f"Wrote facts.csv, facts.json and facts.html to {out}.", err=True)
