"""Compares output with what is stored beside the test; `make golden` stores it anew."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

HERE = Path(__file__).parent


@pytest.fixture
def agrees() -> Callable[[str, str], None]:
    """Whether a text is the stored one, to the letter but for blanks at the ends of lines."""

    def compare(name: str, text: str) -> None:
        path = HERE / name
        given = "\n".join(line.rstrip() for line in text.strip().splitlines()) + "\n"
        if os.environ.get("RENEW_GOLDEN"):
            path.write_text(given, encoding="utf-8")
        stored = path.read_text(encoding="utf-8") if path.exists() else ""
        assert given == stored, f"{name} differs; `make golden` renews it: read the difference before keeping it"

    return compare
