"""What would be better and what matters, as commands: what is refused before long work, and what is listed."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from palanca.cli import ask_search, ask_sensitivity
from palanca.core.errors import PalancaError

APP = typer.Typer()
APP.callback()(lambda: None)
ask_search.register(APP)
ask_sensitivity.register(APP)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["search", "us-mexcio"], ["no such case", "Did you mean 'us-mexico'?"]),
        (["search", "--file", "two-yaers"], ["no such search", "Did you mean 'two-years'?"]),
        (["search", "--file", "harm.yaml"], ["deaths is never sought this way", "harm.yaml:6"]),
        (["search", "--out", "taken"], ["taken", "could not write"]),
        (["search", "--fit", "none.nc"], ["no fit", "palanca fit us-mexico"]),
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
    (tmp_path / "taken").write_text("a file in the place of a folder")
    (tmp_path / "harm.yaml").write_text(
        "case: us-mexico\ntitle: T\nwindow: {first: 2023-01, last: 2023-02}\n"
        "levers: [{set: levers.contention.effort, low: 0, high: 1}]\nobjectives:\n  - {outcome: deaths, want: more}\n"
    )
    done = CliRunner().invoke(APP, words)
    assert isinstance(done.exception, PalancaError), done.output
    for text in says:
        assert text in str(done.exception)


def test_the_searches_of_a_case_are_listed_without_running_any() -> None:
    done = CliRunner().invoke(APP, ["search", "--list", "--format", "csv"])
    assert done.exit_code == 0
    assert "two-years" in done.output
