"""What matters, as a command: what is refused before long work, and what is listed."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from palanca.cli import ask_sensitivity
from palanca.core.errors import PalancaError

APP = typer.Typer()
APP.callback()(lambda: None)
ask_sensitivity.register(APP)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["sensitivity", "--outcome", "deahts"], ["no such outcome", "Did you mean 'deaths'?"]),
        (["sensitivity", "--over", "2024-03"], ["--over", "FROM..TO"]),
        (["sensitivity", "--points", "100"], ["--points", "power of 2"]),
        (["sensitivity", "--set", "levers.contentoin.effort=0"], ["unknown lever", "Did you mean 'contention'?"]),
        (["sensitivity", "--from", "2024-01"], ["months without a change"]),
    ],
)
def test_what_cannot_be_asked_is_refused_with_a_way_out(words, says, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PALANCA_CACHE", "")
    done = CliRunner().invoke(APP, words)
    assert isinstance(done.exception, PalancaError), done.output
    for text in says:
        assert text in str(done.exception)
