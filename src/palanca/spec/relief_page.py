"""The page on the format of a conditional relief, drawn from the records that read one."""

from __future__ import annotations

import inspect
import re

from palanca.spec.packaged import ATLAS
from palanca.spec.relief_schema import (
    Belief,
    Clause,
    Due,
    File,
    Flights,
    Licence,
    Migration,
    Office,
    Party,
    Reading,
    Record,
    Rival,
    Seen,
    Slice,
    SnapCost,
    Stakes,
)
from palanca.spec.schema import Strict

HEAD = """# The format of a conditional relief

<!-- Drawn from the records that read it by `make docs`; a test compares. Do not edit by hand. -->

A conditional relief is a YAML file that lies beside its case under the name `relief.yaml`: what one government asks of
another, what relief hangs on each clause, what giving and taking back costs, and what was seen. `palanca snapback FILE`
plays it. Every fault is told with its line, and every number is a belief with its source.

```yaml
{example}```

The whole shipped file is a good start for another. Keys that may be left out say so.
"""
RECORDS: tuple[type[Strict], ...] = (
    File, Belief, Party, Clause, Due, Slice, Licence, Office, Stakes, SnapCost, Migration, Flights, Record, Reading,
    Rival, Seen,
)  # fmt: skip
ARGUMENT = re.compile(r"^    (\w+): (.*(?:\n        .*)*)", re.MULTILINE)


def page() -> str:
    """The page as Markdown."""
    return "\n".join([HEAD.format(example=_example()), *(_section(record) for record in RECORDS)])


def meanings(record: type[Strict]) -> dict[str, str]:
    """What each key of a record means, from its docstring."""
    told = inspect.cleandoc(record.__doc__ or "").partition("Args:\n")[2]
    return {name: " ".join(text.split()) for name, text in ARGUMENT.findall(told)}


def _section(record: type[Strict]) -> str:
    said = meanings(record)
    rows = []
    for name, field in record.model_fields.items():
        key = field.alias or name
        rows.append(f"| `{key}` | {said[name]}{'' if field.is_required() else ' May be left out.'} |")
    title = "The file" if record is File else record.__name__
    summary = inspect.cleandoc(record.__doc__ or "").partition("\n")[0]
    return "\n".join([f"## {title}", "", summary, "", "| key | meaning |", "|---|---|", *rows, ""])


def _example() -> str:
    """One clause of the shipped file, as it stands there."""
    text = (ATLAS / "us-mexico" / "relief.yaml").read_text(encoding="utf-8")
    found = re.search(r"^clauses:\n  returns:\n(?:    .*\n)+", text, re.MULTILINE)
    assert found is not None  # a test draws the page
    return found[0]
