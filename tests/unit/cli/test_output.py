"""Printing loses nothing: closed pipes, full disks and terminals without a character."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from palanca.cli import output
from palanca.core.errors import OutputError

LIST = [sys.executable, "-m", "palanca", "data", "list"]


def piped(command: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **more},
    )


@pytest.mark.skipif(os.name == "nt", reason="uses a POSIX shell")
def test_a_closed_pipe_is_no_error():
    done = piped(f"{sys.executable} -m palanca data list | head -1")
    assert done.returncode == 0
    assert done.stderr == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
def test_a_full_disk_on_standard_output_is_told_with_a_way_out():
    done = piped(f"{sys.executable} -m palanca data list > /dev/full")
    assert done.returncode == 2
    assert "standard output" in done.stderr
    assert "--out FOLDER" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("coding", ["ascii", "cp1252", "latin-1"])
def test_a_terminal_without_a_character_gets_one_that_it_has(coding, monkeypatch):
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding=coding, write_through=True))
    output.say("a change of −5\u00a0% for Perú → Juárez")
    text = raw.getvalue().decode(coding)
    assert "-5" in text
    assert "->" in text


def test_standard_output_that_refuses_is_an_error_that_says_so(monkeypatch):
    class Full(io.StringIO):
        encoding = "utf-8"

        def flush(self) -> None:
            raise OSError(28, "No space left on device")

        def fileno(self) -> int:
            return os.open(os.devnull, os.O_WRONLY)

    monkeypatch.setattr(sys, "stdout", Full())
    with pytest.raises(OutputError, match="could not print"):
        output.say("text")


def test_notes_are_silent_when_asked_to_be(capsys, monkeypatch):
    monkeypatch.setenv("PALANCA_QUIET", "1")
    output.note("a note")
    assert capsys.readouterr().err == ""
    monkeypatch.delenv("PALANCA_QUIET")
    output.note("a note")
    assert capsys.readouterr().err == "a note\n"
