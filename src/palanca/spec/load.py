"""YAML → Case; every complaint carries file and line and what was expected, and all come together."""

from __future__ import annotations

from pathlib import Path

from palanca.core import read_file
from palanca.spec import check, declared, marks
from palanca.spec.declared import FileFormat
from palanca.spec.schema import Case

FORMAT = FileFormat(
    "case", Case, "shipped case", "`palanca case new NAME` writes a first case file.", name="case.yaml"
)  # fmt: skip


def load(what: str | Path) -> Case:
    """Read a case from a file, or a shipped case by its name.

    Raises:
        CaseFileError: There is no such file or name, or the file is not YAML.
        CaseErrors: The case has faults; all of them, each with file and line.
    """
    return read(marks.read(find(what)))


def loads(text: str, name: str = "case") -> Case:
    """Read a case from YAML text; `name` is what messages call it.

    Raises:
        CaseFileError: The text is not YAML.
        CaseErrors: The case has faults.
    """
    return read(marks.parse(text, name))


def shipped() -> list[str]:
    """Names of the cases that come with the package."""
    return list(FORMAT.shipped())


def find(what: str | Path) -> Path:
    """The file behind a path or the name of a shipped case.

    Raises:
        CaseFileError: Neither a file nor a shipped case.
    """
    return FORMAT.find(what)


def read(marked: marks.Marked) -> Case:
    """Turn marked YAML into a case.

    Raises:
        CaseErrors: The case has faults; all of them, each with file and line.
    """
    return declared.read(marked, Case, check.faults)


def named(marked: marks.Marked, folder: Path) -> Path | None:
    """The case that another file names under `case`: a path seen from that file's folder, or a shipped name.

    Raises:
        CaseFileError: It names one that is not there.
    """
    name = marked.content.get("case") if isinstance(marked.content, dict) else None
    if not isinstance(name, str) or not name.strip():
        return None
    path = folder / name.strip()
    return path if read_file.is_file(path) else find(name.strip())
