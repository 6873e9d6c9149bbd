"""The leverage command: what it refuses before long work."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from palanca.cli import leverage
from palanca.core.errors import PalancaError

APP = typer.Typer()
APP.callback()(lambda: None)
leverage.register(APP)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["us-mexcio", "--month", "2024-03"], ["no such case", "Did you mean 'us-mexico'?"]),
        ([], ["no month to look at", "--month", "--over"]),
        (["--month", "March"], ["--month", "YYYY-MM"]),
        (["--month", "2013-09"], ["--month", "goes beyond the case", "a first month from 2013-10 to 2024-06"]),
        (["--month", "2024-07"], ["--month", "goes beyond the case", "3 months from 2024-07"]),
        (["--over", "2024-03..2023-09"], ["--over", "ends before it starts", "the earlier month first"]),
        (["--over", "2023-09..2024-08"], ["--over", "goes beyond the case", "2024-06"]),
        (["--over", "2023-09"], ["--over", "FROM..TO"]),
        (["--month", "2024-03", "--talks", "none.yaml"], ["no such bargaining table", "none.yaml"]),
        (["--month", "2024-03", "--talks", "eu-turkey"], ["--talks", "declares its flow by itself", "corridor: true"]),
        (["--month", "2024-03", "--out", "taken"], ["taken", "could not write"]),
        (["--month", "2024-03", "--fit", "none.nc"], ["no fit", "palanca fit us-mexico"]),
    ],
)
def test_what_cannot_be_compared_is_refused_with_a_way_out(words, says, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PALANCA_CACHE", "")
    (tmp_path / "taken").write_text("a file in the place of a folder")
    done = CliRunner().invoke(APP, ["leverage", *words])
    assert isinstance(done.exception, PalancaError), done.output
    for text in says:
        assert text in str(done.exception)


def test_too_few_draws_are_refused_by_the_option_itself() -> None:
    done = CliRunner().invoke(APP, ["leverage", "--month", "2024-03", "--draws", "1"])
    assert done.exit_code == 2
    assert "--draws" in done.output


def test_the_window_is_that_of_the_table() -> None:
    """It is written down twice, so that bad input is refused before anything heavy is loaded."""
    from palanca.questions.bargaining.prepared import HORIZON

    assert leverage.WINDOW == HORIZON
