"""What if something had been different: levers, capacities, news, deals, rulings, elections, mechanisms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from palanca.cli import bargaining, listing, opened, output, progress
from palanca.cli.bargaining import USUAL_DRAWS, Bargaining, React
from palanca.cli.options import (
    AllowStale,
    AsKnown,
    CaseName,
    ChangeFiles,
    Cluster,
    Draws,
    Fit,
    Format,
    From,
    Full,
    How,
    Keep,
    Key,
    Months,
    Out,
    Pictures,
    Sets,
    Store,
    Until,
    Workers,
)

if TYPE_CHECKING:
    from palanca.questions.changes import Given
    from palanca.spec.schema import Case

HELP = """What would have happened if something had been different?

Runs history and twin worlds that share every surprise of it: one in which governments do what they did, one in which
they answer to arrivals as before. Changes are given as --set TARGET=VALUE with --from and --until, or as files or
names of shipped changes with --changes (--list shows them). With --react bargain governments choose effort and favours
by bargaining, quarter by quarter."""


def register(app: typer.Typer) -> None:
    """Add the command to the tree."""
    app.command("whatif", help=HELP)(whatif)


def whatif(
    context: typer.Context,
    case: CaseName = "us-mexico",
    *,
    react: Annotated[
        React | None, typer.Option("--react", help="bargain: governments choose effort and favours by bargaining.")
    ] = None,
    off: Annotated[
        list[str] | None, typer.Option("--off", metavar="MECHANISM", help="With bargain: leave a mechanism out.")
    ] = None,
    without: Annotated[
        list[str] | None, typer.Option("--without", metavar="ISSUE", help="With bargain: never on the table.")
    ] = None,
    each_off: Annotated[bool, typer.Option("--each-off", help="With bargain: leave each out in turn.")] = False,
    sets: Sets = None,
    changes: ChangeFiles = None,
    first: From = None,
    last: Until = None,
    months: Months = None,
    shipped: Annotated[bool, typer.Option("--list", help="List the changes that come with the case.")] = False,
    draws: Draws = 200,
    key: Key = 1,
    how: How = Format.table,
    full: Full = False,
    out: Out = None,
    pictures: Pictures = True,
    fit: Fit = None,
    allow_stale: AllowStale = False,
    store: Store = None,
    as_known: AsKnown = "",
    keep: Keep = None,
    workers: Workers = 0,
    cluster: Cluster = None,
) -> None:
    """Check, run, write, show."""
    from palanca.core import save
    from palanca.core.errors import UsageError
    from palanca.questions import changes as declaring

    declared = opened.case(case, store, as_known)
    if shipped:
        listing.print_rows(
            _shipped(declared), how, "These changes come with the case; take one with --changes NAME.", full=True
        )
        return
    if react is not None:
        _refuse_changes(sets, changes, months)
        sample = draws if str(context.get_parameter_source("draws")).endswith("COMMANDLINE") else USUAL_DRAWS
        left_out = (tuple(off or ()), tuple(without or ()))
        question = Bargaining(case, first, last, *left_out, each_off, sample, key, store, as_known)
        output.deliver(
            bargaining.ask(question, fit, out, allow_stale=allow_stale), how, out=out, full=full, pictures=pictures
        )
        return
    if off or without or each_off:
        raise UsageError(
            "governments that do not bargain", where="--off, --without, --each-off", expected="--react bargain"
        )
    given: Given = [*(sets or []), *(changes or [])]
    declaring.gather(declared, given, first, last)  # bad input is refused before anything heavy is loaded
    if out is not None:
        save.check_folder(out)
    from palanca.api.load import load
    from palanca.questions.options import RunOptions

    model = load(case, fit=fit, allow_stale=allow_stale, store=store, as_known=as_known)
    with progress.bar("histories in chunks") as tell:
        options = RunOptions(store=keep, workers=workers, cluster=cluster, progress=tell)
        answer = model.whatif(given, start=first, end=last, months=months, draws=draws, key=key, run=options)
    output.deliver(answer, how, out=out, full=full, pictures=pictures)


def _refuse_changes(*given: object) -> None:
    from palanca.core.errors import UsageError

    if any(given):
        raise UsageError(
            "governments that bargain set the levers themselves",
            where="--react bargain",
            found="--set, --changes or --months beside it",
            way_out="Ask one at a time; --from and --until say from when to when they bargain.",
        )


def _shipped(declared: Case) -> list[dict[str, object]]:
    from palanca.questions import changes as declaring
    from palanca.spec import edit

    return [
        {"name": name, "asks": declaring.title(path), "changes": len(edit.read_changes(path))}
        for name, path in declaring.shipped(declared).items()
    ]
