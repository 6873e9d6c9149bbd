"""How a command ends: exit code and message for refusals, mistakes, Ctrl-C and success."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import typer

from palanca.cli import fail
from palanca.core.errors import OutputError, leaves

ROOT = Path(__file__).parents[3]


def command_that(does):
    app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)

    @app.command()
    def only(number: int = 0) -> None:
        does()

    return app


def ended(monkeypatch, does, *words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["palanca", *words])
    return fail.guarded(command_that(does))


def raiser(fault: BaseException):
    def does() -> None:
        raise fault

    return does


def test_a_command_that_does_its_work_ends_with_zero_and_no_word_of_complaint(monkeypatch, capsys):
    assert ended(monkeypatch, lambda: typer.echo("done")) == 0
    shown = capsys.readouterr()
    assert (shown.out, shown.err) == ("done\n", "")


@pytest.mark.parametrize("kind", leaves(), ids=lambda kind: kind.slug)
def test_every_refusal_is_told_on_standard_error_and_ends_with_two(monkeypatch, capsys, kind):
    fault = kind(["a.yaml:1: wrong"]) if kind.slug == "case-faults" else kind("wrong", where="a.yaml:1")
    assert ended(monkeypatch, raiser(fault)) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err == f"{fault}\n"
    assert f"docs/errors.md#{kind.slug}" in shown.err


def test_memory_that_runs_out_is_refused_with_a_way_out(monkeypatch, capsys):
    for fault in (MemoryError(), RuntimeError("RESOURCE_EXHAUSTED: Out of memory allocating 1 bytes")):
        assert ended(monkeypatch, raiser(fault)) == 2
        assert "fewer draws" in capsys.readouterr().err


def test_a_fault_that_nobody_foresaw_ends_without_a_traceback(monkeypatch, capsys):
    monkeypatch.delenv(fail.TRACE, raising=False)
    assert ended(monkeypatch, raiser(KeyError("x"))) == 3
    shown = capsys.readouterr().err
    assert "KeyError: 'x'" in shown
    assert "Traceback" not in shown
    monkeypatch.setenv(fail.TRACE, "1")
    with pytest.raises(KeyError):
        ended(monkeypatch, raiser(KeyError("x")))


def test_ctrl_c_ends_with_130_and_a_line_that_says_nothing_half_written_was_kept(monkeypatch, capsys):
    assert ended(monkeypatch, raiser(KeyboardInterrupt())) == 130
    assert capsys.readouterr().err.strip().splitlines() == ["palanca: interrupted; nothing half-written was kept."]


@pytest.mark.skipif(os.name != "posix", reason="signals are those of Unix")
def test_a_real_ctrl_c_does_the_same_in_a_real_process():
    program = (
        "import os, signal, sys, typer\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from palanca.cli import fail\n"
        "app = typer.Typer(add_completion=False)\n"
        "@app.command()\n"
        "def wait() -> None:\n"
        "    os.kill(os.getpid(), signal.SIGINT)\n"
        "    signal.pause()\n"
        "sys.argv = ['palanca']\n"
        "sys.exit(fail.guarded(app))\n"
    )
    where = os.pathsep.join(filter(None, [os.environ.get("PYTHONPATH"), str(ROOT / "src")]))
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60,
        env={**os.environ, "PYTHONPATH": where},
    )  # fmt: skip
    assert done.returncode == 130
    assert done.stderr.strip() == "palanca: interrupted; nothing half-written was kept."


def test_a_check_that_failed_keeps_its_own_exit_code(monkeypatch, capsys):
    assert ended(monkeypatch, raiser(typer.Exit(1))) == 1
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("words", "told"),
    [(("--nmber", "1"), "No such option"), (("--number", "many"), "--number"), (("surplus",), "surplus")],
    ids=["unknown option", "no number", "one word too many"],
)
def test_a_command_that_cannot_be_read_is_told_with_its_usage_and_ends_with_two(monkeypatch, capsys, words, told):
    assert ended(monkeypatch, lambda: None, *words) == 2
    shown = capsys.readouterr()
    assert told in shown.err
    assert "Usage:" in shown.err
    assert "Traceback" not in shown.err


def test_a_refused_result_names_the_place_and_the_way_out(monkeypatch, capsys, tmp_path):
    fault = OutputError("could not write", where=str(tmp_path), way_out="Choose another folder with --out.")
    ended(monkeypatch, raiser(fault))
    assert f"{tmp_path}: could not write." in capsys.readouterr().err


class Deaf:
    """Drops what is raised while it goes, as a callback from compiled code does."""

    def __del__(self) -> None:
        raise KeyboardInterrupt


def test_ctrl_c_that_python_drops_is_raised_again(monkeypatch, capsys):
    before = sys.unraisablehook
    heard = signal.signal(signal.SIGINT, signal.default_int_handler)  # a run in the background begins with it ignored

    def does() -> None:
        Deaf()
        for _ in range(100):  # a long sleep would not notice
            time.sleep(0.05)

    try:
        assert ended(monkeypatch, does) == fail.INTERRUPTED
    finally:
        signal.signal(signal.SIGINT, heard)
    assert "Traceback" not in capsys.readouterr().err
    assert sys.unraisablehook is before
