"""Says who holds how much over whom in a month: in people, in payoff, and whether it can be used."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from palanca.cli import asking
from palanca.cli.asking import CaseName, Fit, How, Key, Out, Stale
from palanca.cli.show import Format

if TYPE_CHECKING:
    from rich.status import Status

    from palanca.core.clock import Month
    from palanca.infer.history import PreparedCase
    from palanca.infer.posterior import Posterior
    from palanca.questions.bargaining.prepared import PreparedBargain
    from palanca.questions.bargaining.response import Progress
    from palanca.spec.bargain_spec import BargainSpec
    from palanca.spec.schema import Case
    from palanca.view.leverage_tables import OneMonth, Study

    Corridor = tuple[PreparedCase, Posterior]

WINDOW = (
    3  # months, as `questions.bargaining.prepared.HORIZON`, which is too heavy to import before bad input is refused
)
HELP = """Compare a month with one in which cooperation stops: who would come, what it would cost, what it buys.

Give --month, --over, or both. Writes leverage.csv and leverage.html to OUT."""


def register(app: typer.Typer) -> None:
    """Add the command to the tree."""
    app.command("leverage", help=HELP)(leverage)


def leverage(
    case: CaseName = "us-mexico",
    *,
    month: Annotated[str | None, typer.Option(help="First month from which cooperation stops, YYYY-MM.")] = None,
    over: Annotated[
        str | None, typer.Option(metavar="FROM..TO", help="Months over which leverage is followed, YYYY-MM..YYYY-MM.")
    ] = None,
    draws: Annotated[int, typer.Option(min=2, max=2000, help="Draws of parameters and of what is believed.")] = 64,
    key: Key = 1,
    how: How = Format.table,
    out: Out = None,
    fit: Fit = None,
    stale: Stale = False,
    talks: Annotated[
        Path | None, typer.Option(help="A bargaining table to use in place of the one shipped with the case.")
    ] = None,
) -> None:
    """Check, compare, show, write."""
    from palanca.core.save import check_folder
    from palanca.spec.bargain_spec import load_bargain
    from palanca.spec.load import load

    declared = load(case)
    asked = _month(declared, month), _months(declared, over)
    _check_asked(asked)
    bargain = load_bargain(talks or declared.case)
    _check_table(bargain)
    if out is not None:
        check_folder(out)
    posterior = asking.posterior(declared, fit, stale=stale)
    found = _study(declared, bargain, posterior, asked, (draws, key))
    _show(found, how)
    if out is not None:
        _write(found, out, {"Case": declared.case, "Draws": str(draws), "Key": str(key)})


def _month(declared: Case, text: str | None) -> Month | None:
    from palanca.core.clock import Month

    if text is None:
        return None
    found = Month.parse(text, where="--month")
    _check_window(declared, found, "--month")
    return found


def _months(declared: Case, text: str | None) -> list[Month]:
    from palanca.core.clock import Span
    from palanca.core.errors import UsageError

    if text is None:
        return []
    first, dots, last = text.partition("..")
    if not dots:
        raise UsageError(
            "cannot read the months", where="--over", found=repr(text), expected="FROM..TO, as 2023-01..2024-04"
        )
    found = Span.parse(first, last, where="--over")
    for month in (found.first, found.last):
        _check_window(declared, month, "--over")
    return list(found)


def _check_window(declared: Case, month: Month, where: str) -> None:
    """Refuse a month from which the case does not hold a whole window."""
    from palanca.core.errors import UsageError

    span = declared.span.span
    last = span.last + (1 - WINDOW)
    if not span.first <= month <= last:
        raise UsageError(
            "a window goes beyond the case",
            where=where,
            found=f"{WINDOW} months from {month}",
            expected=f"a first month from {span.first} to {last}",
        )


def _check_asked(asked: tuple[Month | None, list[Month]]) -> None:
    from palanca.core.errors import UsageError

    if asked[0] is None and not asked[1]:
        raise UsageError("no month to look at", way_out="Say which with --month YYYY-MM or --over FROM..TO.")


def _check_table(bargain: BargainSpec) -> None:
    from palanca.core.errors import UsageError

    if not bargain.file.flow.corridor:
        raise UsageError(
            "this bargaining table declares its flow by itself",
            where="--talks",
            found=repr(bargain.file.title),
            expected="a table whose flow is the corridor's: `flow: {corridor: true}`",
        )


def _study(
    declared: Case,
    bargain: BargainSpec,
    posterior: Posterior,
    asked: tuple[Month | None, list[Month]],
    given: tuple[int, int],
) -> Study:
    from rich.console import Console

    from palanca.infer import history
    from palanca.questions.leverage import month as holding
    from palanca.view.leverage_tables import Study

    month, months = asked
    with Console(stderr=True).status("reading the figures") as status:
        setting = history.prepare(declared)
        corridor = setting, posterior
        table = _table(bargain, months or [one for one in (month,) if one is not None], corridor, given, status)
        course = None
        if months:
            course = holding.course(*corridor, table, key=given[1], progress=_told(status, "worlds"))
        one = None
        if month is not None:
            beside = table if month in (months or [month]) else _table(bargain, [month], corridor, given, status)
            one = _one(month, beside, corridor, given[1], status)
    holder, depends = holding.parties(table)
    return Study(
        title=bargain.file.title,
        unit=bargain.file.unit,
        origins=tuple(origin.name for origin in declared.origins.values()),
        parties=tuple(bargain.parties[code].name for code in table.base.parties),
        holder=table.base.parties.index(holder),
        depends=table.base.parties.index(depends),
        one=one,
        course=course,
    )


def _table(
    bargain: BargainSpec, months: list[Month], corridor: Corridor, given: tuple[int, int], status: Status
) -> PreparedBargain:
    from palanca.questions.bargaining import prepared

    draws, key = given
    told = _told(status, "bringing the corridor to the table")
    return prepared.prepare(bargain, months, corridor=corridor, draws=draws, key=key, progress=told)


def _one(month: Month, table: PreparedBargain, corridor: Corridor, key: int, status: Status) -> OneMonth:
    from palanca.questions.leverage import month as holding
    from palanca.view.leverage_tables import OneMonth

    people = holding.people(*corridor, table, [month], key=key, progress=_told(status, "worlds"))
    status.update("solving deals")
    payoffs = holding.payoffs(table, month)
    status.update("sharing gains out among issues")
    return OneMonth(month, people, payoffs, holding.sharing(table, month))


def _told(status: Status, what: str) -> Progress:
    def tell(done: int, total: int) -> None:
        status.update(f"{what}: {done} of {total} windows")

    return tell


def _show(found: Study, how: Format) -> None:
    from palanca.cli import show
    from palanca.view import leverage_prose
    from palanca.view import leverage_tables as tables

    if how is not Format.table:
        show.rows(tables.numbers(found), how)
        return
    if found.one is not None:
        title = f"People, from {found.one.month} on: as recorded, then what each world adds [a month; on hold: people]"
        show.rows(tables.people(found, found.one), how, title)
        show.rows(tables.payoffs(found, found.one), how, f"Payoffs [{found.unit}]")
        show.rows(tables.conversion(found, found.one), how, "What political issues on the table add")
        show.rows(tables.sharing(found, found.one), how, "Shapley shares by issue [payoff]")
    if found.course is not None:
        show.rows(tables.course(found, found.course), how, "Medians by first month of the window")
    for sentence in (*leverage_prose.headline(found), leverage_prose.CAUTION):
        typer.echo(sentence)


def _write(found: Study, out: Path, facts: dict[str, str]) -> None:
    from palanca.cli import show
    from palanca.core import save
    from palanca.report import leverage as page
    from palanca.view import leverage_tables

    save.text(out / "leverage.csv", show.as_csv(leverage_tables.numbers(found)))
    save.text(out / "leverage.html", page.html(found, facts))
    typer.echo(f"Wrote leverage.csv and leverage.html to {out}.", err=True)
