"""What deals leave behind: do they fade, mute criticism, link matters, cost more, and what could each side do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from palanca.cli import asking
from palanca.cli.asking import CaseName, Fit, How, Key, Stale
from palanca.cli.show import Format

if TYPE_CHECKING:
    from palanca.infer.history import PreparedCase
    from palanca.infer.posterior import Posterior
    from palanca.questions.bargaining.prepared import PreparedBargain
    from palanca.spec.ledger import Ledger

    Given = tuple[PreparedCase, Posterior, PreparedBargain | None, Ledger]
    Shown = tuple[list[dict[str, object]], list[str]]

HELP = """Say what deals between governments leave behind: whether effort fades, whether need mutes criticism, whether
matters came to be linked, what effort costs where many are stuck, what returns and places do together, how
governments react, and what the origin could do.

Each number has its 90 % interval, and each claim is borne out, not borne out, or not identified."""
TITLES = {
    "fading": "Does effort fade when nobody renews a deal?",
    "criticism": "Does need mute criticism?",
    "linked-tone": "Did the tone of migration and of other matters come to move together?",
    "price": "Does the price of effort rise with people stuck?",
    "pathways": "Returns accepted against lawful places, one for one",
    "rules": "How governments react: rules learned from the ledger",
    "discretion": "Could the origin really stop?",
}
WITH_TABLE = {"criticism", "price", "pathways"}
PRICED = ("2019-07", "2021-04", "2022-10", "2023-04", "2024-01")  # months of deals struck again


def register(app: typer.Typer) -> None:
    """Add the command to the tree."""
    app.command("pact", help=HELP)(pact)


def pact(
    case: CaseName = "us-mexico",
    *,
    only: Annotated[str, typer.Option(help=f"Some of {', '.join(TITLES)}, with commas between.")] = "",
    inferred: Annotated[
        bool, typer.Option("--inferred/--no-inferred", help="Whether rows with an inferred link count.")
    ] = True,
    draws: Annotated[int, typer.Option(min=2, max=500, help="How many draws.")] = 64,
    key: Key = 1,
    how: How = Format.table,
    fit: Fit = None,
    stale: Stale = False,
) -> None:
    """Work out, show."""
    from rich.console import Console

    from palanca.cli import show
    from palanca.infer import history
    from palanca.spec.ledger import load_ledger
    from palanca.spec.load import load

    wanted, declared = _wanted(only), load(case)
    read = load_ledger(declared.case)
    read = read if inferred else read.without_inferred()
    posterior = asking.posterior(declared, fit, stale=stale)
    found: dict[str, Shown] = {}
    with Console(stderr=True).status("reading the figures") as status:
        setting = history.prepare(declared)
        table = None
        if WITH_TABLE & set(wanted):
            status.update("running the corridor before every deal")
            table = _table(setting, posterior, draws, key)
        for name in wanted:
            status.update(TITLES[name])
            found[name] = _one(name, (setting, posterior, table, read), draws, key)
    if how is not Format.table:
        show.rows([{"of": name, **row} for name, (rows, _) in found.items() for row in rows], how)
        return
    for name, (rows, says) in found.items():
        show.rows(rows, how, TITLES[name])
        for sentence in says:
            typer.echo(sentence)
        typer.echo("")


def _wanted(only: str) -> list[str]:
    from palanca.core.errors import UsageError
    from palanca.core.wording import nearest

    names = [name.strip() for name in only.split(",") if name.strip()] or list(TITLES)
    for name in names:
        if name not in TITLES:
            hint = nearest(name, TITLES)
            raise UsageError(
                "no such result",
                where="--only",
                found=name,
                expected=", ".join(TITLES),
                way_out=f"Did you mean {hint!r}?" if hint else "",
            )
    return list(dict.fromkeys(names))


def _table(setting: PreparedCase, posterior: Posterior, draws: int, key: int) -> PreparedBargain:
    from palanca.core.clock import Month
    from palanca.evidence.claims import criticism
    from palanca.questions.bargaining import prepared
    from palanca.spec.bargain_spec import load_bargain

    spread = criticism.leverage_months(setting)
    months = sorted({*spread, *(Month.parse(month) for month in PRICED)})
    return prepared.prepare(
        load_bargain(setting.case.case), months, corridor=(setting, posterior), draws=draws, key=key
    )


def _one(name: str, given: Given, draws: int, key: int) -> Shown:
    """The table and the sentences of one result."""
    return (_deals if name in WITH_TABLE else _plain)(name, given, draws, key)


def _deals(name: str, given: Given, draws: int, key: int) -> Shown:
    """Results that need deals struck at the bargaining table."""
    from palanca.core.clock import Month
    from palanca.evidence.claims import criticism, pathways, price
    from palanca.view import pact as view
    from palanca.view import pact_prose as prose

    setting, posterior, table, read = given
    assert table is not None  # made whenever one of these is wanted
    if name == "criticism":
        said = criticism.criticism(setting, posterior, table, ledger=read, key=key)
        return view.criticism(said), prose.criticism(said)
    if name == "price":
        priced = price.price(setting, table, [Month.parse(month) for month in PRICED], key=key)
        return view.price(priced), prose.price(priced)
    ways = pathways.pathways(setting, posterior, table, draws=draws, key=key)
    return view.paths(ways), prose.paths(ways)


def _plain(name: str, given: Given, draws: int, key: int) -> Shown:
    """Results of ledger and corridor alone."""
    from palanca.evidence.claims import fading, linked_tone, venezuela
    from palanca.questions.ledger import rules
    from palanca.view import pact as view
    from palanca.view import pact_prose as prose

    setting, posterior, _, read = given
    if name == "linked-tone":
        tones = [linked_tone.linked_tone(read, apart=apart, key=key) for apart in (False, True)]
        return view.linked_tone(*tones), prose.linked_tone(*tones)
    if name == "fading":
        faded = fading.fading(setting, posterior, ledger=read, draws=draws, key=key)
        return view.fading(faded), prose.fading(faded)
    if name == "rules":
        learned = rules.learned(setting, ledger=read, draws=draws, key=key)
        return view.rules(learned), prose.rules(learned)
    could = venezuela.discretion(setting, posterior, draws=draws, key=key)
    return view.venezuela(could), prose.venezuela(could)
