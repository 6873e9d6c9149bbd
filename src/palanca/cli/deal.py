"""Sits down at the bargaining table of a month: what a deal holds, whom it holds back, whether it lasts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from palanca.cli import asking
from palanca.cli.asking import Fit, How, Key, Out, Stale
from palanca.cli.show import Format

if TYPE_CHECKING:
    from palanca.core.clock import Month
    from palanca.questions.bargaining.deal import Deal
    from palanca.questions.bargaining.prepared import PreparedBargain
    from palanca.questions.bargaining.silos import Silos
    from palanca.spec.bargain_spec import BargainSpec
    from palanca.spec.schema import Case
    from palanca.spec.silos import SiloDivision

    Struck = tuple[PreparedBargain, Deal, Silos | None]

HELP = """Say what the deal of a month would hold, by four concepts and under draws of what is believed.

With --silos also compares two ways to divide the issues. Writes deal.csv and deal.html to OUT."""
TALKS = "bargain.yaml"


def register(app: typer.Typer) -> None:
    """Add the command to the tree."""
    app.command("deal", help=HELP)(deal)


def deal(
    case: Annotated[
        str, typer.Argument(help="A shipped case or table, or the path of a case file with its table beside it.")
    ] = "us-mexico",
    *,
    month: Annotated[
        str | None, typer.Option(help="Month of the talks; a table without a corridor takes none.")
    ] = None,
    silos: Annotated[
        str | None, typer.Option(metavar="FILE", help="Two ways to divide the issues, by path or shipped name.")
    ] = None,
    draws: Annotated[int, typer.Option(min=4, max=2000, help="Draws of what is believed.")] = 64,
    key: Key = 1,
    how: How = Format.table,
    out: Out = None,
    fit: Fit = None,
    stale: Stale = False,
    talks: Annotated[Path | None, typer.Option(help="A bargaining table to use in place of the case's own.")] = None,
) -> None:
    """Read, sit down, show, write."""
    from palanca.api import compiler
    from palanca.core.save import check_folder
    from palanca.spec.bargain_spec import load_bargain
    from palanca.spec.silos import load_silos

    path = Path(case)
    declared = load_bargain(talks or (path.parent / TALKS if path.is_file() else case))
    when = _month(declared, month)
    divided = None if silos is None else load_silos(silos, tuple(declared.issues), declared.file.case or case)
    if out is not None:
        check_folder(out)
    loaded = None if when is None else _case(declared, case if talks or path.is_file() else None, when)
    compiler.start()
    found = _strike(declared, divided, (loaded, when, fit, stale), draws, key)
    _show(found, how)
    if out is not None:
        facts = {"draws": str(draws), "key": str(key), "month": str(when or "none"), "silos": silos or "none"}
        _write(found, out, facts)


def _month(declared: BargainSpec, given: str | None) -> Month | None:
    """The month asked for, if the table takes one."""
    from palanca.core.clock import Month
    from palanca.core.errors import UsageError

    if declared.file.flow.corridor:
        if given is None:
            raise UsageError(
                "this table needs a month", where="--month", expected="YYYY-MM",
                way_out="Its arrivals come from the corridor, month by month: say which, as in --month 2021-03.",
            )  # fmt: skip
        return Month.parse(given, where="--month")
    if given is not None:
        raise UsageError(
            "this table takes no month", where="--month", found=repr(given), expected="nothing",
            way_out="Its flow is declared without a calendar: leave --month out.",
        )  # fmt: skip
    return None


def _case(declared: BargainSpec, given: str | None, month: Month) -> Case:
    """The case whose corridor the table needs, if it covers the month and the months over which arrivals count."""
    from palanca.core.errors import UsageError
    from palanca.questions.bargaining.prepared import HORIZON
    from palanca.spec.load import load

    case = load(given or str(declared.file.case))
    span = case.span.span
    last = span.last + (1 - HORIZON)
    if not span.first <= month <= last:
        raise UsageError(
            "the month lies outside the case", where="--month", found=str(month),
            expected=f"{span.first} to {last}",
            way_out=f"Arrivals are counted over {HORIZON} months, all of which must lie within the case.",
        )  # fmt: skip
    strangers = [code for code in declared.parties if code not in case.countries]
    if strangers:
        raise UsageError(
            "the table is not of this case", where="--talks", found=", ".join(strangers),
            expected="governments of the case: " + ", ".join(case.countries),
        )  # fmt: skip
    return case


def _strike(
    declared: BargainSpec,
    divided: SiloDivision | None,
    asked: tuple[Case | None, Month | None, Path | None, bool],
    draws: int,
    key: int,
) -> Struck:
    from rich.console import Console

    from palanca.infer import history
    from palanca.questions.bargaining import deal as dealing
    from palanca.questions.bargaining import silos
    from palanca.questions.bargaining.prepared import prepare

    case, month, fit, stale = asked
    corridor = None
    if case is not None:
        posterior = asking.posterior(case, fit, stale=stale)
    with Console(stderr=True).status("reading the figures") as status:
        if case is not None:
            corridor = (history.prepare(case), posterior)

        def tell(done: int, total: int) -> None:
            status.update(f"asking the corridor: {done} of {total} done")

        months = [] if month is None else [month]
        table = prepare(declared, months, corridor=corridor, draws=draws, key=key, progress=tell)
        status.update("bargaining")
        struck = dealing.strike(table, month)
        status.update("bargaining in silos")
        compared = None if divided is None else silos.divide(table, divided.before, divided.after, month)
    return table, struck, compared


def _show(found: Struck, how: Format) -> None:
    from palanca.cli import show
    from palanca.view import deal_prose, deal_tables

    table, struck, silos = found
    if how is not Format.table:
        show.rows(deal_tables.numbers(table, struck, silos), how)
        return
    listed = {
        table.declared.file.title: deal_tables.packages(table, struck),
        "Concepts: gains [payoff] and arrivals [thousand a month]": deal_tables.concepts(struck),
        "Keeping the Nash deal [payoff a month; share]": deal_tables.keeping(struck),
        "What stands in the way where there is no deal": deal_tables.clashes(struck),
        "Threats of the month": deal_tables.threats(table, struck),
        "The Nash deal with threats in force and without": deal_tables.threatened(struck),
    }
    said = [*deal_prose.headline(table, struck), *deal_prose.concepts_say(table, struck)]
    said += [*deal_prose.keeping_says(table, struck), *deal_prose.clashes_say(struck)]
    said += deal_prose.threats_say(table, struck)
    if silos is not None:
        listed["Silos: what each party gets by the change [payoff]"] = deal_tables.silos(silos, struck.parties)
        listed["Silos: packages before and after"] = deal_tables.siloed(silos, struck)
        said += deal_prose.silos_say(table, struck, silos)
    for title, rows in listed.items():
        if rows:
            show.rows(rows, how, title)
    for sentence in (*said, deal_prose.caution(struck), *deal_prose.beliefs_say(table)):
        typer.echo(sentence)


def _write(found: Struck, out: Path, facts: dict[str, str]) -> None:
    from palanca.cli import show
    from palanca.core import save
    from palanca.report import deal as page
    from palanca.view import deal_tables

    save.text(out / "deal.csv", show.as_csv(deal_tables.numbers(*found)))
    save.text(out / "deal.html", page.html(*found, facts))
    typer.echo(f"Wrote deal.csv and deal.html to {out}.", err=True)
