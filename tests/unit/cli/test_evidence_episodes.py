"""The command evidence episodes: what it refuses before long work."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.mark.parametrize(
    ("words", "texts"),
    [
        (["us-mexcio"], ["no such case", "Did you mean 'us-mexico'?"]),
        (["--only", "contention-2042"], ["no such episode", "Did you mean 'contention-2024'?"]),
        (["--keep", "taken/here"], ["taken/here", "could not write"]),
        (["--out", "taken"], ["taken", "could not write"]),
        (["--fit", "none.nc"], ["no fit", "palanca fit us-mexico"]),
        (["--draws", "1"], ["--draws"]),
    ],
)
def test_what_cannot_be_predicted_is_refused_with_a_way_out(words, texts, tmp_path: Path, here) -> None:
    (tmp_path / "taken").write_text("a file in the place of a folder")
    done = here("evidence", "episodes", *words)
    assert done.returncode == 2, done.stderr
    for text in texts:
        assert text in done.stderr, done.stderr
    assert "Traceback" not in done.stderr
