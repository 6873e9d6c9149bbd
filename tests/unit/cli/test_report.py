"""A report refuses what it cannot make before anything is asked, and writes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--question", "whatiff"), "whatif"),
        (("--out", "."), "a file"),
        (("--from", "nowhere"), "nowhere"),
        (("no-such-case",), "no-such-case"),
    ],
)
def test_what_cannot_be_reported_is_refused_and_nothing_is_written(here, tmp_path: Path, words, told) -> None:
    done = here("report", *words)
    assert done.returncode == 2
    assert told in done.stderr
    assert not list(tmp_path.iterdir())


def test_a_folder_that_holds_no_answer_is_refused(here, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    done = here("report", "--from", "empty")
    assert done.returncode == 2
    assert "empty" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["empty"]
