"""A real browser and a real server for tests of the page; where there is no browser, tests skip and say so."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
WAIT = 240  # seconds until the first page is answered; all is compiled then


def executable() -> str:
    """The system's browser."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip(f"no browser here: none of {', '.join(NAMES)} is on the path")
    return found


@contextmanager
def server(keep: Path) -> Iterator[str]:
    """A server of its own on any free port; its address."""
    words = [sys.executable, "-m", "palanca", "serve", "--port", "0", "--keep", str(keep)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        try:
            assert process.stdout is not None
            for line in process.stdout:
                if found := re.search(r"http://[\d.]+:\d+", line):
                    httpx.get(found[0], follow_redirects=True, timeout=WAIT).raise_for_status()
                    yield found[0]
                    break
            else:
                pytest.fail("the server ended before it listened")
        finally:
            process.terminate()
