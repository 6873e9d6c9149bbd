"""What may be supposed of the months ahead: a word, shipped suppositions, files of changes, or some joined by `+`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from palanca.core import read_file
from palanca.core.errors import UsageError
from palanca.core.wording import listed, nearest
from palanca.questions import changes as declaring
from palanca.spec import edit
from palanca.spec.edit import Change
from palanca.spec.schema import Case

PERSIST, RECORD, REACT, DEALS = "persist", "record", "react", "deals"
WORDS = {
    PERSIST: "levers stay as they are",
    REACT: "governments answer to arrivals as before",
    RECORD: "levers follow the dated record",
    DEALS: "governments answer, strike deals as their ledger has it, and let effort fade that nobody renews",
}
JOINED = "+"
Row = Mapping[str, object]
Given = str | Row | Sequence[str | Row]


@dataclass(frozen=True)
class Supposition:
    """One way the months ahead may be taken.

    Args:
        name: What it is called.
        text: What it supposes, in a sentence without its stop.
        follow: What levers follow: `persist`, `react`, `record` or `deals`.
        changes: What is changed on top.
        rows: The same changes as a file words them.
    """

    name: str
    text: str
    follow: str = PERSIST
    changes: tuple[Change, ...] = ()
    rows: tuple[Row, ...] = ()

    @property
    def plain(self) -> bool:
        """Whether it is levers as they are, and nothing else."""
        return self.follow == PERSIST and not self.changes

    @property
    def label(self) -> str:
        """As tables and keys name it."""
        return "levers as they are" if self.plain else self.name.replace("-", " ").replace(JOINED, " + ")

    def record(self) -> dict[str, object]:
        """As plain values, from which `gather` makes it again."""
        return {
            "name": self.name,
            "text": self.text,
            "follow": self.follow,
            "changes": [dict(row) for row in self.rows],
        }


AS_THEY_ARE = Supposition(PERSIST, WORDS[PERSIST])


def shipped(case: Case) -> dict[str, Path]:
    """Files of suppositions about the months ahead that come with a case, by name."""
    return edit.SUPPOSITIONS.shipped(case.case)


def gather(case: Case, given: Given) -> tuple[Supposition, ...]:
    """Suppositions however they are given; levers as they are need not be among them.

    Args:
        case: The case.
        given: A word (`react`, `deals`, `record`), the name of a shipped supposition or of shipped changes, the path of
            a file of changes, a text `TARGET=VALUE`, several of these joined by `+`; a record as `Supposition.record`
            makes it; or a list of such.

    Raises:
        UsageError: One is none of these, two have one name, or deals are joined with anything else.
        ChangeError: A file or change has faults.
    """
    items = [given] if isinstance(given, str | Mapping) else list(given)
    found = [_recorded(one) if isinstance(one, Mapping) else _joined(case, one) for one in items]
    names = [one.name for one in found]
    if len(set(names)) < len(names):
        raise UsageError("two suppositions have one name", where="--suppose", found=listed(names), expected="each once")
    return tuple(one for one in found if not one.plain)


def listing(case: Case) -> list[dict[str, object]]:
    """Every supposition that can be named: words, then what comes with the case."""
    words: list[dict[str, object]] = [{"name": name, "supposes": text} for name, text in WORDS.items()]
    files = shipped(case) | declaring.shipped(case)
    return words + [{"name": name, "supposes": declaring.heading(path) or name} for name, path in files.items()]


def _joined(case: Case, text: str) -> Supposition:
    """A supposition by its name, each part of it a word, a name, a path or a text."""
    parts = [text] if read_file.is_file(text) else text.split(JOINED)
    follow = [part for part in parts if part in WORDS and part != PERSIST]
    files = [part for part in parts if part not in WORDS]
    if len(follow) > 1 or (DEALS in follow and files):
        raise UsageError(
            "these suppositions cannot be joined",
            where="--suppose",
            found=text,
            expected="one of react and record, joined with changes; deals stand alone",
        )
    rows: list[dict[str, object]] = []
    said = [WORDS[follow[0]]] if follow else []
    for part in files:
        found = _found(case, part)
        more, _ = declaring.rows_of(case, found)
        rows += more
        said.append(_said(found if "=" in part else declaring.heading(Path(found)) or Path(found).stem))
    name = JOINED.join(Path(part).stem if "=" not in part else part for part in parts)
    return _of(name, "; ".join(said) or WORDS[PERSIST], follow[0] if follow else PERSIST, rows)


def _recorded(given: Row) -> Supposition:
    """A supposition from its record."""
    try:
        name, text, follow, rows = (given[key] for key in ("name", "text", "follow", "changes"))
    except KeyError as fault:
        raise UsageError(
            "a supposition lacks a part", where="suppose", found=listed(map(str, given)), expected=str(fault)
        ) from fault
    if follow not in WORDS or not isinstance(rows, list | tuple):
        raise UsageError("no such supposition", where="suppose", found=repr(follow), expected=listed(WORDS))
    return _of(str(name), str(text), str(follow), [dict(row) for row in rows])


def _of(name: str, text: str, follow: str, rows: list[dict[str, object]]) -> Supposition:
    return Supposition(name, text, follow, tuple(_parsed(rows)) if rows else (), tuple(rows))


def _parsed(rows: Sequence[Row]) -> list[Change]:
    return list(edit.loads_changes(json.dumps(list(map(dict, rows)), ensure_ascii=False)))


def _found(case: Case, what: str) -> str:
    """A text as it is, or the path of a file by its name.

    Raises:
        UsageError: There is none; names the nearest.
    """
    known = shipped(case) | declaring.shipped(case)
    if "=" in what or (what not in known and read_file.is_file(what)):
        return what
    if what in known:
        return str(known[what])
    names = [*WORDS, *known]
    hint = nearest(what, names)
    raise UsageError(
        "no such supposition",
        where="--suppose",
        found=repr(what),
        expected=f"TARGET=VALUE, a file of changes, or one of {listed(names, 20)}",
        way_out=f"Did you mean {hint!r}?" if hint else "",
    )


def _said(text: str) -> str:
    """A heading as part of a sentence."""
    return text.removeprefix("What if ").rstrip("?. ")
