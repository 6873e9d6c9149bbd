"""Every option that more than one command takes, declared once, with one meaning everywhere."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Format(StrEnum):
    """The three ways an answer or a listing can be printed."""

    table = "table"
    json = "json"
    csv = "csv"


CaseName = Annotated[str, typer.Argument(metavar="[CASE]", help="A shipped case, or the path of a case file.")]
CaseOption = Annotated[str, typer.Option("--case", metavar="CASE", help="A shipped case, or the path of a case file.")]
TableFile = Annotated[
    str | None, typer.Option("--table", metavar="FILE", help="A bargaining table in place of the one of the case.")
]
Sets = Annotated[
    list[str] | None, typer.Option("--set", metavar="TARGET=VALUE", help="A change, as levers.contention.effort=0.")
]
ChangeFiles = Annotated[
    list[str] | None, typer.Option("--changes", help="A file of changes, or the name of one that comes with the case.")
]
From = Annotated[str | None, typer.Option("--from", metavar="YYYY-MM", help="First month in which --set holds.")]
Until = Annotated[str | None, typer.Option("--until", metavar="YYYY-MM", help="Last month in which --set holds.")]
Months = Annotated[str | None, typer.Option("--months", metavar="A..B", help="First and last month that is told.")]
Month = Annotated[str | None, typer.Option("--month", metavar="YYYY-MM", help="Month of the talks.")]
Draws = Annotated[int, typer.Option("--draws", min=2, max=20000, help="How many draws; 20 or more give intervals.")]
Key = Annotated[int, typer.Option("--key", min=0, help="Key of the draws: same key, same result to the bit.")]
How = Annotated[Format, typer.Option("--format", help="First screen, one JSON document, or one tidy CSV table.")]
Full = Annotated[bool, typer.Option("--full", help="Print every finding, table and caveat.")]
Out = Annotated[Path | None, typer.Option("--out", help="Folder for page, data, charts and manifest.")]
Pictures = Annotated[
    bool, typer.Option("--pictures/--no-pictures", help="Whether --out draws charts as SVG and PNG (needs Chrome).")
]
Fit = Annotated[Path | None, typer.Option("--fit", help="A fit to use in place of the shipped one.")]
AllowStale = Annotated[
    bool, typer.Option("--allow-stale", help="Use a fit of another case, figures or code, or stopped early; say so.")
]
Store = Annotated[
    Path | None,
    typer.Option("--store", envvar="PALANCA_STORE", help="Folder of releases, laid over the packaged figures."),
]
CaseFigures = Annotated[
    str, typer.Option("--case", metavar="CASE", help="A case file whose own series count beside the packaged ones.")
]
AsKnown = Annotated[
    str,
    typer.Option("--as-known", metavar="YYYY-MM", help="Only figures published by the end of a month."),
]
Keep = Annotated[
    Path | None, typer.Option("--keep", help="Folder that keeps what is done; an interrupted command goes on there.")
]
Workers = Annotated[int, typer.Option("--workers", min=0, max=64, help="Processes to spread the work over.")]
Cluster = Annotated[
    str | None, typer.Option("--cluster", metavar="ADDRESS", help="Scheduler of a running Dask cluster.")
]
