"""Asks what if something had been otherwise: levers, capacities, news, deals, rulings, elections, mechanisms."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from palanca.cli import ask_bargained, asking, sweeping
from palanca.cli.asking import CaseName, Draws, Fit, How, Key, Out, Stale
from palanca.cli.show import Format
from palanca.cli.sweeping import Cluster, Store, Workers

if TYPE_CHECKING:
    from palanca.core.clock import Month
    from palanca.questions.corridor import Corridor
    from palanca.questions.whatif.ask import Answered, Means
    from palanca.spec.edit import Change
    from palanca.spec.schema import Case
    from palanca.view.whatif_tables import Told

HELP = """What if something had been otherwise? Twin worlds that share every surprise of history.

Changes come as --set TARGET=VALUE with --from and --until, as files or names of shipped changes (--list shows them), or
both. The other governments are frozen in one world and answer in another; both are shown. With --off or --without
governments bargain, once with a mechanism or an issue and once without. Writes whatif.csv, whatif.html and
manifest.json to OUT."""


def register(app: typer.Typer) -> None:
    """Add the question to the tree."""
    app.command("whatif", help=HELP)(whatif)


def whatif(
    case: CaseName = "us-mexico",
    *,
    sets: Annotated[
        list[str] | None, typer.Option("--set", help="A change, such as levers.contention.effort=0.")
    ] = None,
    first: Annotated[str | None, typer.Option("--from", help="First month of the --set changes.")] = None,
    last: Annotated[str | None, typer.Option("--until", help="Last month of the --set changes.")] = None,
    changes: Annotated[
        list[str] | None, typer.Option(help="A file of changes, or the name of one that comes with the case.")
    ] = None,
    off: Annotated[
        list[str] | None,
        typer.Option(
            help="Let governments bargain from --from to --until, with this mechanism off: linkage, need, ..."
        ),
    ] = None,
    without: Annotated[
        list[str] | None, typer.Option(help="The same, with this issue never on the table: silence, visas, ...")
    ] = None,
    listing: Annotated[
        bool, typer.Option("--list", help="List the changes that come with the case, and stop.")
    ] = False,
    over: Annotated[
        str | None,
        typer.Option(metavar="FROM..TO", help="Months told; by default six from the first in which arrivals differ."),
    ] = None,
    draws: Draws = 200,
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
    from palanca.core.save import check_folder
    from palanca.spec import edit
    from palanca.spec.load import load

    declared = load(case)
    if listing:
        _list(declared, how)
        return
    if off or without:
        question = (off or [], without or [])
        _check_alone({"--over": over, "--store": store, "--workers": workers or None, "--cluster": cluster})
        ask_bargained.answer(declared, question, (first, last), (sets, changes), (draws, key), (how, out, fit, stale))
        return
    wanted = _changes(declared, (sets or [], first, last, changes or []))
    edit.apply(declared, wanted)  # refuse a change that fits nothing before the long work starts
    told = None if over is None else asking.span(declared, over, "--over")
    if out is not None:
        check_folder(out)
    corridor = asking.corridor(declared, fit, stale=stale)
    from palanca.questions.whatif.ask import Means

    found = _ask(corridor, wanted, Means(draws, key, store, workers, cluster))
    answer = _told(found, told, key, _asked(declared, wanted, sets, changes))
    _show(answer, how)
    if out is not None:
        _write(answer, out, draws, key)
        asking.manifest(out, corridor, ["whatif.csv", "whatif.html"], draws=draws, key=key)


def _check_alone(others: dict[str, object]) -> None:
    """Refuse options that governments who bargain would leave unheeded."""
    from palanca.core.errors import UsageError

    given = [name for name, value in others.items() if value is not None]
    if given:
        raise UsageError(
            "this does not go with --off or --without",
            where=", ".join(given),
            expected="--from and --until for the months; bargaining runs in this process and keeps nothing",
            way_out="Leave it out.",
        )


def _changes(declared: Case, given: tuple[list[str], str | None, str | None, list[str]]) -> list[Change]:
    from palanca.core.clock import Month
    from palanca.core.errors import UsageError
    from palanca.infer import whatif as gathering

    sets, first, last, files = given
    months = [Month.parse(text, where=name) if text else None for text, name in ((first, "--from"), (last, "--until"))]
    if not sets and not files:
        raise UsageError(
            "nothing to change",
            where="--set, --changes",
            expected="one change at least",
            way_out="`palanca ask whatif --list` shows those that come with the case.",
        )
    return gathering.gather(declared, sets, months[0], months[1], files)


def _asked(declared: Case, wanted: list[Change], sets: list[str] | None, files: list[str] | None) -> str:
    """The question in words: a shipped one's own, or what is set."""
    from palanca.infer import whatif as gathering
    from palanca.view import whatif_prose

    if not sets and files and len(files) == 1:
        said = _question(gathering.find(declared, files[0]))
        if said:
            return said
    return whatif_prose.asked(wanted)


def _question(path: Path) -> str:
    """The question at the head of a file of changes; empty where there is none."""
    first = path.read_text(encoding="utf-8").partition("\n")[0]
    said, mark, _ = first.removeprefix("# ").partition("?")
    return said + mark if first.startswith("# ") and mark else ""


def _list(declared: Case, how: Format) -> None:
    from palanca.cli import show
    from palanca.infer import whatif as gathering
    from palanca.spec import edit

    rows: list[dict[str, object]] = []
    for name, path in gathering.shipped(declared).items():
        said = _question(path)
        rows.append({"name": name, "asks": said, "changes": len(edit.read_changes(path))})
    show.rows(rows, how, "Changes that come with the case: --changes NAME")


def _ask(corridor: Corridor, wanted: list[Change], means: Means) -> Answered:
    from palanca.questions.whatif import ask

    with sweeping.progress("histories in chunks") as tell:
        return ask.ask(corridor, wanted, means, progress=tell)


def _told(found: Answered, over: tuple[Month, Month] | None, key: int, asked: str) -> Told:
    from palanca.core.errors import UsageError
    from palanca.questions.whatif import public
    from palanca.view.whatif_tables import SHOWN, Told

    start = found.begins
    first, last = over or (start, min(start + (SHOWN - 1), found.months[-1]))
    if first < found.months[0]:
        raise UsageError(
            "nothing differs yet in these months",
            where="--over",
            found=f"{first} to {last}",
            expected=f"months from {found.months[0]} on, the one before anything moves",
        )
    return Told(found, first, last, public.of_worlds(found, key), asking.names(found.case), asked)


def _show(answer: Told, how: Format) -> None:
    from palanca.cli import show
    from palanca.view import whatif_prose, whatif_tables

    if how is not Format.table:
        show.rows(whatif_tables.all_numbers(answer), how)
        return
    typer.echo(answer.asked)
    title = f"Change from history, {answer.span}: governments frozen, then answering"
    show.rows(whatif_tables.summary(answer), how, title)
    show.rows(whatif_tables.by_part(answer, "encounters by origin"), how, "Change of encounters, by origin")
    show.rows(whatif_tables.of_people(answer), how, "Attention, its weight, and leverage")
    for sentence in (*whatif_prose.says(answer), whatif_prose.CAUTION):
        typer.echo(sentence)


def _write(answer: Told, out: Path, draws: int, key: int) -> None:
    from palanca.cli import show
    from palanca.core import save
    from palanca.report import whatif as page
    from palanca.view import whatif_tables

    facts = {"Case": answer.found.case.case, "Draws": str(draws), "Key": str(key)}
    save.text(out / "whatif.csv", show.as_csv(whatif_tables.all_numbers(answer)))
    save.text(out / "whatif.html", page.html(answer, facts))
