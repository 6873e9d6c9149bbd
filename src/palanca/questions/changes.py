"""What is to be otherwise: changes as a user hands them over, kept as plain values so that anybody can repeat them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from palanca.core.clock import Month
from palanca.core.errors import ChangeError
from palanca.core.wording import listed, nearest
from palanca.show.number import month_name
from palanca.spec import edit, marks, multiple
from palanca.spec.edit import Change
from palanca.spec.schema import Case

Row = Mapping[str, object]
Given = str | Path | Mapping[str, float | str] | Sequence["str | Path | Row"]


@dataclass(frozen=True)
class Changes:
    """Declared changes.

    Args:
        rows: Each as a file words it: `set`, `to`, and where given `from`, `until`, `origins`, `groups`, `sectors`.
        parsed: The same, checked.
        question: The question in words.
    """

    rows: tuple[dict[str, object], ...]
    parsed: tuple[Change, ...]
    question: str

    @property
    def last_start(self) -> Month | None:
        """First month of the change that begins last; nothing where all hold throughout."""
        starts = [change.first for change in self.parsed if change.first is not None]
        return max(starts, default=None)


def shipped(case: Case) -> dict[str, Path]:
    """Files of changes that come with a case, by name."""
    return edit.CHANGES.shipped(case.case)


def gather(
    case: Case, given: Given, start: str | None = None, end: str | None = None, question: str | None = None
) -> Changes:
    """Read changes however they are given.

    Args:
        case: The case to change.
        given: Values by target, as `{"levers.contention.effort": 0}`; the name of shipped changes; the path of a file;
            or a list of such names, paths, texts `TARGET=VALUE` and rows as a file has them.
        start: First month of values by target and of texts, `YYYY-MM`.
        end: Last month of the same.
        question: The question in words; by default that of shipped changes, or put together from the changes.

    Raises:
        ChangeError: A change cannot be read, names nothing, fits nothing, contradicts another or alters nothing; or
            there is none; or months are given for no change.
    """
    items: list[str | Path | Row] = []
    if isinstance(given, str | Path):
        items = [given]
    elif isinstance(given, Mapping):
        items = [{"set": target, "to": value} for target, value in given.items()]
    else:
        items = list(given)
    dated = isinstance(given, Mapping) or any(isinstance(one, str) and "=" in one for one in items)
    window = _window(start, end, dated=dated)
    rows: list[dict[str, object]] = []
    titles = []
    for item in items:
        found, title = rows_of(case, item, window if dated else {})
        rows += found
        titles.append(title)
    if not rows:
        raise ChangeError(
            "nothing to change",
            where="changes",
            expected="one change at least",
            way_out="`palanca whatif --list` shows those that come with the case.",
        )
    parsed = edit.loads_changes(json.dumps(rows, ensure_ascii=False))
    edit.apply(case, parsed)  # refuse a change that fits nothing before long work starts
    words = question or (titles[0] if len(titles) == 1 and titles[0] else in_words(parsed))
    return Changes(tuple(rows), tuple(parsed), words)


def in_words(changes: Sequence[Change]) -> str:
    """A question in words, from its changes."""
    return "What if " + ", and ".join(_one(change) for change in changes) + "?"


def title(path: Path) -> str:
    """The question at the head of a file of changes; empty where there is none."""
    text, mark, _ = heading(path).partition("?")
    return text + mark if mark else ""


def heading(path: Path) -> str:
    """The comment at the head of a file of changes; empty where there is none."""
    first = marks.text(path).partition("\n")[0]
    return first.removeprefix("#").strip() if first.startswith("#") else ""


def _window(start: str | None, end: str | None, *, dated: bool) -> dict[str, str]:
    months = {name: str(Month.parse(text, where=name)) for name, text in (("from", start), ("until", end)) if text}
    if months and not dated:
        raise ChangeError(
            "months without a change",
            where=", ".join(f"--{name}" for name in months),
            expected="at least one change by TARGET=VALUE for them to apply to",
        )
    return months


def rows_of(
    case: Case, item: str | Path | Row, window: Mapping[str, str] = MappingProxyType({})
) -> tuple[list[dict[str, object]], str]:
    """Rows of one item as a file would have them, and its question if it brings one.

    Args:
        case: The case to change.
        item: A row, a text `TARGET=VALUE`, a path, or the name of shipped changes.
        window: Months of a text or a row that names none: `from`, `until`.

    Raises:
        ChangeError: It cannot be read.
    """
    if isinstance(item, Mapping):
        row = dict(item)
        return [row if {"from", "until"} & set(row) else {**row, **window}], ""
    if isinstance(item, str) and "=" in item:
        change = edit.parse_set(item)
        return [{"set": change.target, "to": change.value, **window}], ""
    path = find(case, str(item))
    edit.read_changes(path)  # complaints then name the file and its lines
    held = marks.read(path).content
    assert isinstance(held, list | tuple)
    return [dict(row) for row in held], title(path)


def find(case: Case, what: str) -> Path:
    """A file of changes by its path, or by the name of a shipped one.

    Raises:
        ChangeError: Neither.
    """
    path, known = Path(what), shipped(case)
    if what in known:
        return known[what]
    if path.is_file():
        return path
    hint = nearest(what, known)
    raise ChangeError(
        "no such changes",
        where=what,
        found="neither a file nor the name of shipped changes",
        expected=f"a path, or one of {listed(known)}" if known else "a path",
        way_out=f"Did you mean {hint!r}?" if hint else "",
    )


def _one(change: Change) -> str:
    value = f"{change.value:g}" if isinstance(change.value, float) else str(change.value)
    times = multiple.factor(change.value)
    if times is not None:
        value = f"{times:g} times the record"
    when = f" from {month_name(str(change.first))}" if change.first else ""
    when += f" to {month_name(str(change.last))}" if change.last else ""
    return f"{change.target} had been {value}{when}"
