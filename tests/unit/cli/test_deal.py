"""The deal command: what it refuses before long work."""

from __future__ import annotations

from pathlib import Path

import pytest

START = (
    "import sys; from functools import partial; import typer; from palanca.cli import deal, fail; "
    "app = typer.Typer(); app.callback()(lambda: None); deal.register(app); "
    "sys.exit(fail.guarded(partial(app, prog_name='palanca')))"
)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ([], ["--month", "this table needs a month", "--month 2021-03"]),
        (["us-mexcio"], ["no such bargaining table", "Did you mean 'us-mexico'?"]),
        (["--month", "last spring"], ["--month", "YYYY-MM"]),
        (["--month", "2042-01"], ["--month", "outside the case", "2042-01", "over 3 months"]),
        (["eu-turkey", "--month", "2016-03"], ["this table takes no month", "leave --month out"]),
        (["eu-turkey", "--silos", "mine.yaml"], ["mine.yaml:2", "'mony'", "Did you mean 'money'?", "no silo for"]),
        (["eu-turkey", "--out", "taken"], ["taken", "could not write"]),
        (["eu-turkey", "--draws", "1"], ["--draws"]),
    ],
)
def test_what_cannot_be_struck_is_refused_with_a_way_out(words, says, tmp_path: Path, here) -> None:
    (tmp_path / "taken").write_text("a file in the place of a folder")
    (tmp_path / "mine.yaml").write_text("before:\n- [mony, chapters]\n")
    done = here("deal", *words)
    assert done.returncode == 2, done.stderr
    for text in says:
        assert text in done.stderr, done.stderr
    assert "Traceback" not in done.stderr
