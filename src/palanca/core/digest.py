"""One stable fingerprint for any file, case or result."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path


def of_bytes(content: bytes) -> str:
    """Sixteen hexadecimal digits that stand for these bytes."""
    return hashlib.sha256(content).hexdigest()[:16]


def of_file(path: Path) -> str:
    """The fingerprint of a file's content, whatever its name."""
    return of_bytes(path.read_bytes())


def of_record(record: object) -> str:
    """The fingerprint of anything JSON can hold, whatever the order of its keys."""
    return of_bytes(json.dumps(record, sort_keys=True, ensure_ascii=False, default=str).encode())


def of_files(paths: list[Path]) -> str:
    """One fingerprint for several files, by name and content."""
    return of_record({path.name: of_file(path) for path in sorted(paths)})
