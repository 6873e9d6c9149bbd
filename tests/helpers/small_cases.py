"""A small case that reads packaged series and covers a part of what they count: sound, and not to be fitted."""

from __future__ import annotations

from pathlib import Path

FILE = Path(__file__).parent / "small_case.yaml"


def text(name: str) -> str:
    """The case under a name."""
    return FILE.read_text(encoding="utf-8").replace("case: NAME", f"case: {name}", 1)


def write(name: str, path: Path) -> Path:
    """The case written to a file."""
    path.write_text(text(name), encoding="utf-8")
    return path
