"""What a newcomer reads on the way from nothing to a first case that checks, and to one with two slips."""

from __future__ import annotations

import sys

from palanca.cli import fail


def told(monkeypatch, capsys, *words: str) -> str:
    """The command and everything it prints, as a terminal shows it."""
    from palanca.cli.app import app

    monkeypatch.setattr(sys, "argv", ["palanca", *words])
    code = fail.guarded(app)
    shown = capsys.readouterr()
    return f"$ palanca {' '.join(words)}\n{shown.out}{shown.err}[exit code {code}]\n\n"


def test_the_way_to_a_first_case(monkeypatch, capsys, tmp_path, agrees):
    monkeypatch.chdir(tmp_path)
    text = told(monkeypatch, capsys, "case", "new", "demo")
    text += told(monkeypatch, capsys, "case", "check", "demo/case.yaml")
    text += told(monkeypatch, capsys, "case", "show", "demo/case.yaml", "--what", "record", "--format", "csv")
    case = (tmp_path / "demo" / "case.yaml").read_text(encoding="utf-8")
    (tmp_path / "demo" / "case.yaml").write_text(
        case.replace("effort: 1.0", "efort: 1.0").replace("unit: effort", "unit: effrt"), encoding="utf-8"
    )
    text += told(monkeypatch, capsys, "case", "check", "demo/case.yaml")
    agrees("first-case.txt", text)
