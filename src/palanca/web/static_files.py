"""Scripts and styles of the site, held in memory and named by their content, so that browsers keep them for ever."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from plotly.offline import get_plotlyjs

from palanca.core import digest
from palanca.show import page
from palanca.web.answers import packed

HERE = Path(__file__).parent / "static"
KINDS = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".json": "application/json",
    ".txt": "text/plain; charset=utf-8",
}


@dataclass(frozen=True)
class StaticFile:
    """One file.

    Args:
        kind: Its media type.
        packed: Its content, compressed.
    """

    kind: str
    packed: bytes

    @property
    def content(self) -> bytes:
        """Its content."""
        return gzip.decompress(self.packed)


@cache
def files() -> Mapping[str, StaticFile]:
    """Every file by its name: those of the site, the shared parts of answers, and Plotly as it is installed."""
    own = {path.relative_to(HERE).as_posix(): path.read_bytes() for path in sorted(HERE.rglob("*")) if path.is_file()}
    found = own | {
        "answer.css": page.style().encode(),
        "answer.js": page.asset("page.js").encode(),
        "plotly.js": get_plotlyjs().encode(),
    }
    return {
        name: StaticFile(KINDS[Path(name).suffix], packed(content))
        for name, content in found.items()
        if Path(name).suffix in KINDS
    }


@cache
def mark() -> str:
    """Stands for the content of all files."""
    return digest.of_record({name: digest.of_bytes(one.packed) for name, one in files().items()})[:10]
