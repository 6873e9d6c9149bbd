"""Draws the generated pages of docs/reference from the code: commands, Python, cases, series, units, decisions."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from palanca.show.table import Table
    from palanca.spec.schema import Case

import draw_api

FIRST = "us-mexico"
REFERENCE = Path(__file__).parents[1] / "docs" / "reference"
HEAD = """# Commands

<!-- Drawn from the command line itself by `make docs`; a test compares. Do not edit by hand. -->

Every command, as `--help` prints it. A listing takes `--format table`, `json` or `csv`. Exit codes: 0 done,
1 a check failed, 2 the command or its input was refused (see [errors](../errors.md)), 130 interrupted.
"""
SKILL_HEAD = """# Forecast skill

<!-- Drawn from the shipped backtests by `make docs`; a test compares. Do not edit by hand. -->

How well forecasts made as if at each past month did, beside what people would use instead. `palanca evidence backtest`
shows these numbers; [the months ahead](../forecast.md) says how to read them.
"""


DECISIONS_HEAD = """# Decisions

<!-- Drawn from the decisions by `make docs`; a test compares. Do not edit by hand. -->

Why palanca is built as it is: what was chosen, what else was tried, and what speaks against it.
"""


CLAIMS_HEAD = """# Claims of the sources

<!-- Drawn from the shipped claims and the packaged figures by `make docs`; a test compares. Do not edit by hand. -->

What the five articles say of figures, in our words, and how it stands. `palanca claims --out FOLDER` shows the same
with a chart a claim; [claims](../claims.md) has the rule of every word.
"""


def pages() -> dict[str, str]:
    """Every generated page by file name."""
    from palanca.data import reference as of_data
    from palanca.spec import reference as of_case

    return {
        **of_case.pages(),
        "series.md": of_data.page(),
        "api.md": draw_api.page(),
        "commands.md": commands(),
        "skill.md": skill(),
        "facts.md": facts(),
        "schemes.md": schemes(),
        "claims.md": claims(),
        "decisions.md": decisions(),
    }


def skill() -> str:
    """The page of forecast skill, from the backtests that the package ships: the first case, then the others."""
    from palanca.evidence.backtest import store
    from palanca.spec.load import load, shipped

    cases = [
        case for case in map(load, sorted(shipped(), key=lambda name: name != FIRST)) if store.where(case).exists()
    ]
    return "\n".join([SKILL_HEAD, *(block for case in cases for block in [*scored(case), *told(case)])]).rstrip() + "\n"


def scored(case: Case) -> list[str]:
    """Scores of one case."""
    from palanca.evidence.backtest import answer, tables
    from palanca.evidence.backtest.store import read_skill

    found = read_skill(case)
    prose = [*(one.text for one in answer.findings(found)), *answer.caveats(found)]
    blocks = [f"### {one.name}\n\n{_table(one)}\n\n{one.note}\n" for one in tables.tables(found)[:-1]]
    return [f"## {case.title}\n", *(f"{sentence}\n" for sentence in prose), *blocks]


def told(case: Case) -> list[str]:
    """Forecasts of one case that were told the levers, where the package ships them."""
    from palanca.evidence.response import answer, store

    if not store.where(case).exists():
        return []
    given = answer.answer(case, store.read(case), {"again": False}, 1)
    prose = [*(one.text for one in given.findings), *given.caveats]
    blocks = [f"#### {one.name}\n\n{_table(one)}\n\n{one.note}\n" for one in given.tables]
    return ["### Told the levers\n", *(f"{sentence}\n" for sentence in prose), *blocks]


def facts() -> str:
    """The scorecard of facts that the package ships."""
    from palanca.evidence.facts import page, store
    from palanca.spec.load import load

    return page.markdown(store.read(load("us-mexico")))


def schemes() -> str:
    """The scorecard of schemes that the package ships."""
    from palanca.evidence.schemes import page as of_schemes
    from palanca.evidence.schemes.store import CARDS
    from palanca.spec.load import load

    return of_schemes.markdown(CARDS.read(load("us-mexico")))


def decisions() -> str:
    """The titles of all decisions, each with its link."""
    lines = []
    for path in sorted((REFERENCE.parent / "decisions").glob("*.md")):
        number, _, title = path.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ").partition(" ")
        lines.append(f"- {number} [{title}](../decisions/{path.name})")
    return "\n".join([DECISIONS_HEAD, *lines]) + "\n"


def claims() -> str:
    """Verdicts on the claims that the package ships, on the packaged figures."""
    from palanca.data.read import packaged_figures
    from palanca.questions.claims import answer, tables
    from palanca.questions.claims.check import check
    from palanca.questions.claims.measure import Gauge
    from palanca.spec.claims import load_claims

    declared, figures = load_claims("us-mexico"), packaged_figures()
    found = check(declared.claims, figures)
    first, *_, made, handed, missing = tables.tables(found, Gauge(figures), {}, declared.case.case)
    blocks = [f"## {one.name}\n\n{_table(one)}\n" for one in (first, made, handed, missing)]
    return "\n".join([CLAIMS_HEAD, *(f"{one.text}\n" for one in answer.findings(found, {})), *blocks]).rstrip() + "\n"


def _table(given: Table) -> str:
    rows = [given.headings(), ["---"] * len(given.columns), *given.texts()]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def commands() -> str:
    """The page of commands: the help of the root and of everything below it."""
    entries = (f"## {' '.join(('palanca', *words))}\n\n```text\n{help_of(words)}\n```\n" for words in paths())
    return "\n".join([HEAD, *entries])


def paths() -> Iterator[tuple[str, ...]]:
    """The words that lead to the root and to every group and command, in the order help lists them."""
    import typer

    from palanca.cli.app import app

    yield from _below(typer.main.get_command(app), ())


def _below(command: object, words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    yield words
    for name, child in getattr(command, "commands", {}).items():
        yield from _below(child, (*words, name))


def help_of(words: tuple[str, ...]) -> str:
    """What `--help` prints in a window of 100 columns."""
    from typer.testing import CliRunner

    from palanca.cli.app import app

    result = CliRunner(env={"COLUMNS": "100", "TERMINAL_WIDTH": "100"}).invoke(
        app, [*words, "--help"], prog_name="palanca"
    )
    if result.exit_code:
        raise SystemExit(f"palanca {' '.join(words)} --help ended with {result.exit_code}:\n{result.output}")
    return "\n".join(line.rstrip() for line in result.output.strip().splitlines())


def main() -> None:
    """Write every page and say which changed."""
    REFERENCE.mkdir(parents=True, exist_ok=True)
    for name, content in pages().items():
        path = REFERENCE / name
        old = path.read_text(encoding="utf-8") if path.exists() else ""
        path.write_text(content, encoding="utf-8")
        print(f"{'same   ' if content == old else 'CHANGED'}  {os.path.relpath(path)}")


if __name__ == "__main__":
    sys.exit(main())
