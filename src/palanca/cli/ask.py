"""Questions, one command each: what if, why, how much leverage, what would be better, what matters."""

from __future__ import annotations

import typer

from palanca.cli import ask_again, ask_sensitivity

app = typer.Typer(
    help="Ask the model a question; each answer comes with an interval and a sentence.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)


def _register() -> None:
    """Add every question; one line each."""
    ask_sensitivity.register(app)
    ask_again.register(app)


_register()
