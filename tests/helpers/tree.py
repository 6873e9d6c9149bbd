"""What the tests of shape and documents look at: the files of the project, and the source as parsed trees."""

from __future__ import annotations

import ast
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "palanca"
MADE_HERE = {".git", ".venv", ".venv-lock", "__pycache__", "build", "dist", "out", ".hypothesis"}


@dataclass(frozen=True)
class Parsed:
    """One Python file: its path from the root, its lines, its syntax tree."""

    path: Path
    lines: tuple[str, ...]
    tree: ast.Module

    @property
    def name(self) -> str:
        """The path from the root, for messages."""
        return self.path.relative_to(ROOT).as_posix()


@cache
def python_files(*folders: str) -> tuple[Parsed, ...]:
    """Every Python file under these folders of the root."""
    found = sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    return tuple(parse(path) for path in found if not MADE_HERE & set(path.parts))


def parse(path: Path) -> Parsed:
    """Read and parse one file."""
    text = path.read_text(encoding="utf-8")
    return Parsed(path, tuple(text.splitlines()), ast.parse(text, filename=str(path)))


@cache
def kept_files() -> tuple[Path, ...]:
    """Every file that is or could be committed; where there is no git, every file that was not made here."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
            cwd=ROOT, capture_output=True, check=True, text=True,
        ).stdout  # fmt: skip
        paths = [ROOT / name for name in listed.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        paths = [path for path in ROOT.rglob("*") if not MADE_HERE & set(path.relative_to(ROOT).parts)]
        paths = [path for path in paths if not any(part.startswith(".") and "cache" in part for part in path.parts)]
        paths = [path for path in paths if ".egg-info" not in path.as_posix()]
    return tuple(sorted(path for path in paths if path.is_file()))


@cache
def kept_texts() -> dict[str, str]:
    """Every kept file that is text, by its path from the root."""
    texts = {}
    for path in kept_files():
        content = path.read_bytes()
        if b"\0" not in content[:4096]:
            texts[path.relative_to(ROOT).as_posix()] = content.decode("utf-8")
    return texts


def pages() -> dict[str, str]:
    """Every Markdown page by its path from the root, notes of the changelog aside."""
    return {
        name: text
        for name, text in kept_texts().items()
        if name.endswith(".md") and not name.startswith("changelog.d/")
    }
