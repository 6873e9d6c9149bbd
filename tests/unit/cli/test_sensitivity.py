"""The command sensitivity: what it refuses before long work, and that it repeats to the bit."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from palanca.cli.app import app
from palanca.core.errors import PalancaError


@pytest.mark.parametrize(
    ("words", "texts"),
    [
        (["--outcome", "deahts"], ["no such outcome", "Did you mean 'deaths'?"]),
        (["--months", "2024-03"], ["months", "FROM..TO"]),
        (["--points", "100"], ["points", "power of 2"]),
        (["--points", str(2**100)], ["points", "8,192"]),
        (["--trajectories", "1000000000"], ["trajectories", "2 to 1,000"]),
        (["--draws", "4"], ["too few draws", "20 or more"]),
        (["--set", "levers.contentoin.effort=0"], ["unknown lever", "Did you mean 'contention'?"]),
        (["--from", "2024-01"], ["months without a change"]),
        (["--parameters", "deth_border"], ["Did you mean 'death_border'"]),
        (["--out", "taken"], ["taken", "could not write"]),
    ],
)
def test_what_cannot_be_run_is_refused_with_a_way_out(
    words: list[str], texts: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "taken").write_text("a file in the place of a folder")
    done = CliRunner().invoke(app, ["sensitivity", *words])
    assert isinstance(done.exception, PalancaError), done.output
    for text in texts:
        assert text in str(done.exception)


@pytest.mark.long
@pytest.mark.slow
def test_an_answer_is_written_whole_and_reproduced_to_the_bit(here) -> None:
    few = ("--draws", "32", "--points", "8", "--trajectories", "2", "--parameters", "death_border,appeal")
    change = ("--set", "levers.contention.effort=0", "--from", "2024-01", "--months", "2024-01..2024-03")
    done = here("sensitivity", *few, *change, "--no-pictures", "--out", "one")
    assert done.returncode == 0, done.stderr
    assert "the effect of the change on deaths on the way" in done.stdout
    assert "death_border" in done.stdout
    again = here("reproduce", "one")
    assert again.returncode == 0, again.stderr
    assert "the same to the bit" in again.stdout
