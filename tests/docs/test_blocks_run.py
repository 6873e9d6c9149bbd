"""Every block of code in the documents runs, or says why it does not."""

from __future__ import annotations

import os
import re
from itertools import pairwise

import pytest
from blocks import Block, blocks
from tree import ROOT, pages
from typer.testing import CliRunner

from palanca.show import files

FOUND = [block for page, text in pages().items() for block in blocks(page, text)]
# What a block may be: run as Python, run as commands, checked against the Makefile, or plain text and data.
LANGUAGES = {"python", "console", "sh", "text", "yaml", "csv", "json"}
LONG = {"README.md"}  # pages whose blocks compile and run the model


def run_blocks(language: str) -> list[Block]:
    return [block for block in FOUND if block.language == language and not block.not_run]


def lines(text: str) -> list[str]:
    """Lines as a page shows them: blanks that do not break are blanks."""
    return text.replace("\u00a0", " ").splitlines()


def test_every_block_is_in_a_language_that_is_run_or_is_plain_text():
    assert not {str(block): block.language for block in FOUND if block.language not in LANGUAGES}


def test_the_readme_has_commands_to_run():
    assert any(block.page == "README.md" for block in run_blocks("console"))


def test_the_readme_has_python_to_run():
    assert any(block.page == "README.md" for block in run_blocks("python"))


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(page, marks=pytest.mark.slow if page in LONG else ())
        for page in sorted({block.page for block in run_blocks("python")})
    ],
)
def test_the_python_of_a_page_runs_from_top_to_bottom_and_prints_what_the_page_shows(
    page, tmp_path, monkeypatch, capsys
):
    here = [block for block in FOUND if block.page == page]
    if any("write_image" in block.content for block in here) and not files.can_draw():
        pytest.skip("no Chrome or Chromium is installed to draw pictures with")
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {"__name__": "page"}
    for block, after in pairwise([*here, None]):
        if block.language == "python" and not block.not_run:
            exec(compile("\n" * block.line + block.content, str(ROOT / page), "exec"), names)
            printed = lines(capsys.readouterr().out)
            assert not printed or after is not None
            assert not printed or printed == lines(after.content)


@pytest.mark.parametrize(
    "block",
    [
        pytest.param(block, id=str(block), marks=pytest.mark.slow if block.page in LONG else ())
        for block in run_blocks("console")
    ],
)
def test_the_commands_of_a_block_end_well_and_print_what_the_page_shows(block, tmp_path, monkeypatch):
    from palanca.cli.app import app

    monkeypatch.chdir(tmp_path)
    commands = block.commands()
    assert commands, "a console block has lines that start with `$ `"
    for (program, *words), shown in commands:
        assert program == "palanca", f"{program}: only palanca is run; mark the block `<!-- not run: WHY -->`"
        result = CliRunner(env={"COLUMNS": "100"}).invoke(app, words, prog_name="palanca")
        assert result.exit_code == 0, f"palanca {' '.join(words)}:\n{result.output}\n{result.exception!r}"
        printed = {line.strip() for line in lines(result.output)}
        assert not [line for line in shown if line != "..." and line not in printed]


@pytest.mark.parametrize("block", [block for block in FOUND if block.language == "sh"], ids=str)
def test_every_make_target_that_a_page_names_exists(block):
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = [line.split("#")[0].split() for line in block.content.splitlines() if line.startswith("make")]
    assert named
    assert {word for _, *words in named for word in words if "=" not in word} <= targets


@pytest.mark.parametrize("block", [block for block in FOUND if block.not_run], ids=str)
def test_commands_that_are_not_run_are_at_least_known_with_all_their_options(block):
    """A command too long to run here still has to exist: its help names every option that the page uses."""
    from palanca.cli.app import app

    if block.language != "console":
        pytest.skip("only commands can be checked without running them")
    for (program, *words), _ in block.commands():
        assert program == "palanca"
        path = [word for word in words[:2] if not word.startswith("-")]
        runner = CliRunner(env={**os.environ, "COLUMNS": "100"})
        tried = [runner.invoke(app, [*path[:depth], "--help"], prog_name="palanca") for depth in (1, 2)]
        helps = " ".join(result.output for result in tried if result.exit_code == 0)
        assert f"palanca {path[0]}" in helps, f"no command {path[0]!r}"
        assert not [word for word in words if word.startswith("--") and word.split("=")[0] not in helps]
