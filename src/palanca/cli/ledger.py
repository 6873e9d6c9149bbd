"""What governments did to one another, row by row counted, and how well their deals are foreseen."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from palanca.cli import asking
from palanca.cli.asking import CaseName, Fit, How, Key, Stale
from palanca.cli.show import Format

if TYPE_CHECKING:
    from palanca.evidence.ledger.asks import AfterHighs
    from palanca.evidence.ledger.skill import DealSkill
    from palanca.infer.posterior import Posterior
    from palanca.spec.ledger import Ledger
    from palanca.spec.schema import Case

HELP = """Count the deal ledger, and score how well deals are foreseen by fits that never saw them.

The chance of a deal in each quarter stands against a base rate, persistence and a rule that knows encounters only,
held out by deal."""


def register(app: typer.Typer) -> None:
    """Add the command to the tree."""
    app.command("ledger", help=HELP)(ledger)


def ledger(
    case: CaseName = "us-mexico",
    *,
    rows: Annotated[Path | None, typer.Option(help="A ledger of your own in place of the case's.")] = None,
    inferred: Annotated[
        bool, typer.Option("--inferred/--no-inferred", help="Whether rows with an inferred link count.")
    ] = True,
    favours: Annotated[bool, typer.Option("--favours", help="Count one-way favours as deals too.")] = False,
    draws: Annotated[int, typer.Option(min=2, max=500, help="Draws of the corridor behind each quarter.")] = 32,
    key: Key = 1,
    how: How = Format.table,
    fit: Fit = None,
    stale: Stale = False,
) -> None:
    """Count, learn, score, show."""
    from palanca.spec.ledger import load_ledger
    from palanca.spec.load import load

    declared = load(case)
    read = load_ledger(rows or declared.case)
    posterior = asking.posterior(declared, fit, stale=stale)
    found, asks = _study(declared, read, posterior, (inferred, favours, draws, key))
    _show(read, found, asks, how)


def _study(
    declared: Case, read: Ledger, posterior: Posterior, given: tuple[bool, bool, int, int]
) -> tuple[DealSkill, AfterHighs]:
    from rich.console import Console

    from palanca.evidence.ledger import asks as deal_asks
    from palanca.evidence.ledger import skill as deal_skill
    from palanca.infer import deals_context, history, politics
    from palanca.questions.bargaining import prepared
    from palanca.questions.ledger import contexts as deal_contexts
    from palanca.questions.ledger import corridor as deal_corridor
    from palanca.questions.ledger import quarters as deal_quarters
    from palanca.spec.bargain_spec import load_bargain

    inferred, favours, draws, key = given
    talks = load_bargain(declared.case)
    with Console(stderr=True).status("reading the figures") as status:
        setting = history.prepare(declared)
        depends = talks.file.arrivals.party
        holder = next(code for code in talks.parties if code != depends)
        coded = deal_corridor.coding(talks, holder, depends, favours=favours, inferred=inferred)
        seen = deal_quarters.deal_quarters(read, coded)
        status.update("running the corridor before each quarter")
        before = deal_corridor.before(seen.quarters)
        ready = prepared.prepare(talks, before, corridor=(setting, posterior), draws=draws, key=key)
        contexts = deal_corridor.faced(ready, politics.fitted(declared.case), seen.quarters, key)
        stakes = deals_context.stakes(contexts, deal_corridor.tastes(talks, contexts))
        encounters = deal_corridor.encounters()
        status.update("learning from all deals but one, in turn")
        surge = deal_contexts.against_usual(seen.quarters, encounters)
        found = deal_skill.deal_skill(stakes, seen, contexts.amount > 0.0, surge, key=key)
        asks = deal_asks.asks_after_highs(read, encounters, taker=depends, key=key)
    return found, asks


def _show(read: Ledger, found: DealSkill, asks: AfterHighs, how: Format) -> None:
    from palanca.cli import show
    from palanca.view import ledger as view

    if how is not Format.table:
        rows = [{"of": "onset", **row} for row in view.onset(found)]
        show.rows([*rows, *({"of": "package", **row} for row in view.package(found))], how)
        return
    show.rows(view.held(read), how, "What the ledger holds")
    show.rows(view.onset(found), how, "The chance of a deal in a quarter, held out by deal; lower is better")
    show.rows(view.package(found), how, "What a deal holds, given that there is one")
    show.rows(view.weights(found), how, "What all quarters say of each unknown")
    for sentence in view.says(found, asks):
        typer.echo(sentence)
