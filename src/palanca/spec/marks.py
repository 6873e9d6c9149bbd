"""YAML text → plain values with the line of each; YAML's own surprises are refused here."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from palanca.core import read_file
from palanca.core.errors import CaseFileError
from palanca.core.read_file import FileKind
from palanca.spec.faults import AGAIN, Fault, FaultKind, Place

KIND = FileKind(
    CaseFileError,
    "a YAML file",
    most_bytes=4_000_000,
    way_out="`palanca case list` names shipped cases; `palanca case new NAME` writes a first one.",
)
MOST_NODES = 200_000
MOST_DEPTH = 40
# Joiners of letters and soft hyphens belong to some scripts; line ends and tabs to long texts.
_HARMLESS = "\n\t\u200c\u200d\u00ad"
FORMULA = ("=", "+", "-", "@")  # what makes a spreadsheet run a cell
_TAG = "tag:yaml.org,2002:"
# Dates stay text: `2022-10-12` and `2022-10` must reach the same reader.
_AS_TEXT = {"str", "timestamp", "value"}


@dataclass
class Marked:
    """The content of a YAML file, the line of every place in it, and the keys that stood twice."""

    name: str
    content: object = None
    lines: dict[Place, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def where(self, place: Place) -> str:
        """`file:line` of a place, or of the nearest thing around it that the file has."""
        while place not in self.lines and place:
            place = place[:-1]
        return f"{self.name}:{self.lines.get(place, 1)}"


def read(path: Path) -> Marked:
    """Read a YAML file.

    Raises:
        CaseFileError: There is no such file, or it is not one YAML document of plain values.
    """
    return _once(text(path), path.name)


@lru_cache(maxsize=16)
def _once(text: str, name: str) -> Marked:
    """A file's content, read once: a ledger and a table each name the case, and reading it takes most of a second.

    Nobody changes what is read; `parse` itself stays fresh for those who might.
    """
    return parse(text, name)


def parse(text: str, name: str) -> Marked:
    """Read YAML text; `name` is what messages call it.

    Raises:
        CaseFileError: The text is not one YAML document of plain values.
    """
    marked = Marked(name)
    try:
        node = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as fault:
        line = fault.problem_mark.line + 1 if fault.problem_mark else 1
        raise _odd_space(text, name, line) or _refused(name, line, fault.problem or "not YAML") from fault
    except (YAMLError, RecursionError) as fault:
        raise _refused(name, 1, " ".join(str(fault).split())[:120]) from fault
    if node is None:
        raise _refused(name, 1, "an empty file")
    if isinstance(node, ScalarNode) and (odd := _odd_space(text, name, node.end_mark.line + 1)):
        raise odd
    marked.content = _build(node, (), marked, ())
    return marked


def _odd_space(text: str, name: str, last: int) -> CaseFileError | None:
    """The refusal for a space that is not a plain one and so splits no words for YAML, on or before a line."""
    lines = text.splitlines()[:last]
    for number, line in reversed(list(enumerate(lines, 1))):
        found = next((at for at, c in enumerate(line) if c != " " and unicodedata.category(c) == "Zs"), None)
        if found is not None:
            character = line[found]
            return CaseFileError(
                "a space that is not a plain one",
                where=f"{name}:{number}",
                found=f"{unicodedata.name(character).lower()} (U+{ord(character):04X}) as character {found + 1}",
                expected="a plain space",
                way_out="Replace it: text pasted from a word processor or a web page often holds such spaces.",
            )
    return None


def unsafe(text: str, *, name: bool) -> str:
    """Which character of a text is not seen or could command a terminal or a spreadsheet; empty if none is.

    Args:
        text: The text.
        name: Whether it is a name, which has plain spaces only and starts with no sign of a formula.
    """
    for c in text:
        kind = unicodedata.category(c)
        hidden = kind in ("Cc", "Cf", "Cs", "Zl", "Zp") and c not in _HARMLESS
        if hidden or (name and not c.isprintable()):
            return f"{unicodedata.name(c, 'a control character').lower()} (U+{ord(c):04X})"
    if text.startswith(FORMULA if name else "="):
        return f"{text[0]!r} at its start"
    return ""


def text(path: str | Path) -> str:
    """The text of a declared file.

    Raises:
        CaseFileError: There is no such file, or it is not a regular one of moderate size in UTF-8.
    """
    return read_file.text(path, KIND)


def _refused(name: str, line: int, found: str) -> CaseFileError:
    return CaseFileError(
        "not a case file",
        where=f"{name}:{line}",
        found=found,
        expected="one YAML document of mappings, lists and plain values",
    )


def _build(node: Node, place: Place, marked: Marked, above: tuple[int, ...]) -> object:
    """Plain values from a YAML node: mappings as dicts, lists as tuples, dates as text."""
    line = node.start_mark.line + 1
    marked.lines.setdefault(place, line)
    if id(node) in above:
        raise _refused(marked.name, line, "an alias that contains itself")
    if len(above) > MOST_DEPTH:
        raise _refused(marked.name, line, f"more than {MOST_DEPTH} levels, or aliases of aliases")
    if len(marked.lines) > MOST_NODES:
        raise _refused(marked.name, line, f"more than {MOST_NODES:,} values")
    if isinstance(node, MappingNode):
        return _mapping(node, place, marked, (*above, id(node)))
    if isinstance(node, SequenceNode):
        return tuple(_build(item, (*place, i), marked, (*above, id(node))) for i, item in enumerate(node.value))
    found = _scalar(node, marked)
    if isinstance(found, str):
        _safe(found, place, marked, name=False)
    return found


def _safe(text: str, place: Place, marked: Marked, *, name: bool) -> None:
    found = unsafe(text, name=name)
    if found:
        what = "this could mislead a reader or a program"
        expected = "a name of plain characters that starts with a letter or figure" if name else "plain text"
        marked.faults.append(Fault(FaultKind.UNSAFE_TEXT, place, what, found, expected))


def _mapping(node: MappingNode, place: Place, marked: Marked, above: tuple[int, ...]) -> dict[str, object]:
    built: dict[str, object] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, ScalarNode):
            raise _refused(marked.name, line, "a key that is not a plain word")
        key = str(key_node.value)
        if key in built:
            earlier = marked.lines[(*place, key)]
            marked.lines[(*place, key, AGAIN)] = line
            marked.faults.append(
                Fault(
                    FaultKind.DUPLICATE_KEY,
                    (*place, key, AGAIN),
                    "the key stands twice",
                    repr(key),
                    f"once; first on line {earlier}",
                )
            )
            continue
        marked.lines[(*place, key)] = line
        _safe(key, (*place, key), marked, name=True)
        built[key] = _build(value_node, (*place, key), marked, above)
    return built


def _scalar(node: Node, marked: Marked) -> object:
    kind, text = str(node.tag).removeprefix(_TAG), str(node.value)
    if kind in _AS_TEXT:
        return text
    if kind == "null":
        return None
    if kind == "bool":
        return text.lower() == "true"
    try:
        if kind == "int":
            return int(text)
        if kind == "float":
            return float(text.replace(".nan", "nan").replace(".NaN", "nan").replace(".inf", "inf"))
    except ValueError:
        return text
    raise _refused(marked.name, node.start_mark.line + 1, f"the tag {node.tag!r}")
