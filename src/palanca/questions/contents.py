"""Declared files that a question takes: the content of a file, or a shipped name as it is, never a path."""

from __future__ import annotations

from pathlib import Path

from palanca.core import read_file
from palanca.spec import relief as reliefs
from palanca.spec import silos as divisions
from palanca.spec.bargain_spec import FORMAT as TABLES
from palanca.spec.bargain_spec import BargainSpec, load_bargain, loads_bargain
from palanca.spec.claims import Claims, load_claims, loads_claims
from palanca.spec.relief import Relief
from palanca.spec.silos import SiloDivision

BESIDE = "bargain.yaml"


def content(given: str | Path) -> str:
    """What an answer keeps of a declared file: its content; a shipped name stays as it is."""
    if isinstance(given, str) and "\n" in given:
        return given
    return Path(given).read_text(encoding="utf-8") if read_file.is_file(given) else str(given)


def table(given: str | Path | None, case: str) -> tuple[BargainSpec, str | None]:
    """A bargaining table, and its content where it is a user's own.

    Args:
        given: Path, shipped name or content of a table; that of the case if nothing.
        case: Shipped name or path of the case.

    Raises:
        CaseFileError: There is no such file or name, or it is not YAML.
        CaseErrors: The table has faults.
    """
    if isinstance(given, str) and "\n" in given:
        return loads_bargain(given, "table"), given
    beside = Path(case).parent / BESIDE if read_file.is_file(case) else case
    wanted = beside if given is None else given
    found = load_bargain(wanted)
    own = read_file.is_file(wanted) or given is not None
    return found, content(wanted) if own else None


def needs_no_corridor(name: str) -> bool:
    """Whether a name is that of a shipped table whose flow is declared, so that no case belongs to it."""
    return name in TABLES.shipped() and not load_bargain(name).file.flow.corridor


def silos(given: str | Path, spec: BargainSpec, case: str) -> tuple[SiloDivision, str]:
    """Two ways to divide the issues of a table, and what an answer keeps of the file.

    Args:
        given: Path, shipped name or content.
        spec: The table.
        case: Name of the case, under which shipped divisions are looked for.

    Raises:
        CaseFileError: There is no such file or name, or it is not YAML.
        CaseErrors: It has faults.
    """
    issues = tuple(spec.issues)
    if isinstance(given, str) and "\n" in given:
        return divisions.loads_silos(given, issues), given
    return divisions.load_silos(given, issues, spec.file.case or case), content(given)


def relief(given: str | Path | None, case: str) -> tuple[Relief, str]:
    """A conditional relief, and what an answer keeps of its file.

    Args:
        given: Path, name of a shipped case, or content; that of the case if nothing.
        case: Shipped name or path of the case.

    Raises:
        CaseFileError: There is no such file or name, the case has none, or it is not YAML.
        CaseErrors: It has faults.
    """
    if isinstance(given, str) and "\n" in given:
        return reliefs.loads_relief(given), given
    beside = Path(case).parent / reliefs.FORMAT.name if read_file.is_file(case) else case
    wanted = beside if given is None else given
    return reliefs.load_relief(wanted), content(wanted)


def claims(given: str | Path) -> tuple[Claims, str]:
    """A file of claims, and what an answer keeps of it.

    Args:
        given: Path, name of a shipped case that has some, or content.

    Raises:
        CaseFileError: There is no such file or name, or it is not YAML.
        CaseErrors: It has faults.
    """
    if isinstance(given, str) and "\n" in given:
        return loads_claims(given), given
    return load_claims(given), content(given)
