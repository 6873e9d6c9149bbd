"""Matches people to places by several rules, side by side."""

from __future__ import annotations

from typing import Annotated

import typer

from palanca.cli import output
from palanca.cli.options import Format, Full, How, Key, Out, Pictures

HELP = """Who would get where, by which rule, and who could object or is left without a place?

Matches families to places from three files: who they are, what places hold, and what each pair is worth or how it is
ranked. --example FOLDER writes files to start from."""


def register(app: typer.Typer) -> None:
    """Add the command to the tree."""
    app.command("match", help=HELP)(match)


def match(
    folder: Annotated[
        str,
        typer.Argument(metavar="[FOLDER]", help="A folder with families.csv, places.csv and pairs.csv."),
    ] = "example",
    *,
    example: Annotated[
        str | None, typer.Option("--example", metavar="FOLDER", help="Write the three files of the example there.")
    ] = None,
    rules: Annotated[
        str | None,
        typer.Option(metavar="NAME,NAME", help="knapsack, threshold, cycles, optimum, improved, greedy, held-back."),
    ] = None,
    unit: Annotated[str, typer.Option(metavar="UNIT", help="What a capacity counts: people or families.")] = "people",
    seconds: Annotated[float, typer.Option(min=1.0, max=36000.0, help="Longest search for the optimum.")] = 120.0,
    key: Key = 1,
    how: How = Format.table,
    full: Full = False,
    out: Out = None,
    pictures: Pictures = True,
) -> None:
    """Read, match, write, show."""
    from palanca.core import save
    from palanca.spec.placement import loads_placement, texts

    given = texts(folder if example is None else "example")
    if example is not None:
        from pathlib import Path

        save.check_folder(Path(example))
        with save.together(Path(example)) as staged:
            for part, text in given.items():
                staged.content(f"{part}.csv", text.encode("utf-8"))
        output.note(f"Wrote {', '.join(f'{part}.csv' for part in given)} to {example}.")
        return
    loads_placement(given)  # bad input is refused before anything heavy is loaded
    if out is not None:
        save.check_folder(out)
    from palanca.api import match as door

    wanted = None if rules is None else [name.strip() for name in rules.split(",")]
    answer = door.match(given, rules=wanted, unit=unit, seconds=seconds, key=key)
    output.deliver(answer, how, out=out, full=full, pictures=pictures)
