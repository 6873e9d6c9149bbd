"""The command share: what it refuses before long work, and what it lists."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from palanca.cli.app import app
from palanca.core.errors import PalancaError

SOUND = Path(__file__).parents[2] / "refused" / "share" / "sound" / "scheme.yaml"


@pytest.mark.parametrize(
    ("words", "change", "texts"),
    [
        (["regional-quota"], ("", ""), ["no such sharing scheme", "Did you mean 'regional-quotas'?"]),
        (["own.yaml"], ("least: 5000, most: 9000", "exact: 0"), ["own.yaml:", "capacity", "found 0", "above 0"]),
        (["own.yaml"], ("VEN: 0.6}", "VEN: 1.6}"), ["criteria.common.VEN", "found 1.6"]),
        (["own.yaml"], ("MEX, CAN]", "MEX, ATL]"), ["unknown country", "'ATL'"]),
        (["own.yaml"], ("start: 2023-01", "start: 2031-01"), ["outside the case", "2031-01"]),
        (
            ["own.yaml"],
            ("sources:", "levers:\n  - {set: levers.contentoin.effort, to: 0}\nsources:"),
            ["own.yaml:30: levers.contentoin.effort", "Did you mean 'contention'?"],
        ),
        (["regional-quotas", "--out", "taken"], ("", ""), ["taken", "could not write"]),
    ],
)
def test_what_cannot_be_run_is_refused_with_a_way_out(
    words: list[str], change: tuple[str, str], texts: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "taken").write_text("a file in the place of a folder")
    (tmp_path / "own.yaml").write_text(SOUND.read_text("utf-8").replace(*change), encoding="utf-8")
    done = CliRunner().invoke(app, ["share", *words])
    assert isinstance(done.exception, PalancaError), done.output
    for text in texts:
        assert text in str(done.exception)


def test_shipped_schemes_are_listed() -> None:
    done = CliRunner().invoke(app, ["share", "--list", "--format", "json"])
    rows = json.loads(done.stdout)
    assert [row["name"] for row in rows] == [
        "americas-key",
        "los-angeles-declaration",
        "regional-quotas",
        "safe-mobility",
    ]
    assert {row["name"]: row["places a year"] for row in rows}["regional-quotas"] == 500_000
