"""Commands that say how far the model can be trusted, under one name; each registers itself here."""

from __future__ import annotations

import typer

from palanca.cli import (
    evidence_backtest,
    evidence_episodes,
    evidence_fit,
    evidence_levers,
    evidence_response,
    facts,
    ledger,
    schemes,
)

app = typer.Typer(
    name="evidence",
    help="How far to trust it: fit, facts, schemes, deals, past forecasts, the same told the levers, episodes.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
evidence_fit.register(app)
facts.register(app)
schemes.register(app)
ledger.register(app)
evidence_backtest.register(app)
evidence_response.register(app)
evidence_levers.register(app)
evidence_episodes.register(app)
