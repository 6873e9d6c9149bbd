"""The command tree as a person meets it: version, help, and refusals through the real entry."""

from __future__ import annotations

import sys

import pytest

from palanca import __version__


@pytest.fixture
def palanca(monkeypatch, capsys):
    """Run the real entry with these words; gives exit code, output and complaints."""
    from palanca.cli import app

    def run(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["palanca", *words])
        with pytest.raises(SystemExit) as ended:
            app.main()
        shown = capsys.readouterr()
        return int(ended.value.code or 0), shown.out, shown.err

    return run


def test_the_version_is_that_of_the_package(palanca):
    assert palanca("--version") == (0, f"palanca {__version__}\n", "")


def test_help_names_every_group_of_commands_with_a_line_on_each(palanca):
    code, out, _ = palanca("--help")
    assert code == 0
    for name in ("data", "case", "run", "fit"):
        assert any(line.split()[:1] == [name] and len(line.split()) > 3 for line in out.splitlines()), name


def test_no_command_at_all_shows_the_help(palanca):
    code, out, err = palanca()
    assert code == 2
    assert "Usage: palanca" in out + err


def test_an_unknown_command_is_refused_without_a_traceback(palanca):
    code, _, err = palanca("serie", "list")
    assert code == 2
    assert "serie" in err
    assert "Traceback" not in err


def test_a_case_that_does_not_exist_is_refused_with_the_names_that_do(palanca):
    code, out, err = palanca("case", "check", "us-mexco")
    assert code == 2
    assert out == ""
    assert "us-mexico" in err
    assert "docs/errors.md#bad-case-file" in err


def test_a_format_that_does_not_exist_is_refused_with_those_that_do(palanca):
    code, _, err = palanca("data", "list", "--format", "xml")
    assert code == 2
    assert all(word in err for word in ("xml", "table", "json", "csv"))


@pytest.mark.parametrize(
    ("words", "new"),
    [
        (("ask", "whatif", "--changes", "x"), "palanca whatif"),
        (("ask", "next"), "palanca forecast --suppose"),
        (("snapback",), "palanca relief"),
        (("pact",), "palanca evidence ledger"),
        (("series", "list"), "palanca data"),
        (("run", "--stale"), "--allow-stale"),
        (("run", "--set", "a=1"), "palanca whatif --set"),
        (("fit", "--verdict"), "palanca evidence fit"),
        (("whatif", "--over=2024-01..2024-02"), "--months"),
    ],
)
def test_an_old_name_is_refused_with_the_new_one(palanca, words, new):
    code, out, err = palanca(*words)
    assert (code, out) == (2, "")
    assert new in err
    assert "another name" in err


def test_every_new_name_in_the_table_of_old_ones_is_a_command():
    from typer.main import get_command

    from palanca.cli import renamed
    from palanca.cli.app import app

    tree = get_command(app)
    for new in renamed.COMMANDS.values():
        word = new.split()[1].rstrip(",")
        assert word in tree.commands, new


@pytest.mark.parametrize("words", [("-h",), ("whatif", "-h"), ("data", "list", "-h")])
def test_help_has_a_short_name_everywhere(palanca, words):
    code, out, _ = palanca(*words)
    assert code == 0
    assert "Usage: palanca" in out


def test_descriptions_in_the_help_are_whole(palanca):
    _, out, _ = palanca("-h")
    assert not [line for line in out.splitlines()[1:] if line.endswith("...")]
    assert "--install-completion" in out
