"""The commands evidence response and evidence levers: what they refuse before long work."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["response", "us-mexcio"], ["no such case", "Did you mean 'us-mexico'?"]),
        (["response", "--ship"], ["nothing is made without --again"]),
        (["response", "--only", "holdout"], ["nothing is made without --again"]),
        (["response", "--fitted-to", "2023-12"], ["nothing is made without --again"]),
        (["response", "--again", "--only", "holdouts"], ["no such exercise", "Did you mean 'holdout'?"]),
        (["response", "--again", "--fitted-to", "2099-01"], ["--fitted-to", "2099-01", "a month from 2015-10"]),
        (["response", "--again", "--only", "holdout", "--ship"], ["only the whole is shipped"]),
        (["response", "--again", "--keep", "taken/here"], ["taken/here", "could not write"]),
        (["response", "--out", "taken"], ["taken", "could not write"]),
        (["levers", "2099-01"], ["MONTH", "2099-01", "a first month from 2013-10"]),
        (["levers", "last spring"], ["MONTH", "'last spring'", "YYYY-MM"]),
        (["levers", "--for", "0"], ["--for"]),
        (["levers", "2025-06", "--out", "taken"], ["taken", "could not write"]),
        (["levers", "2025-06", "--fit", "none.nc"], ["no fit", "palanca fit us-mexico"]),
    ],
)
def test_what_cannot_be_told_is_refused_at_once_with_a_way_out(words, says, tmp_path: Path, here) -> None:
    (tmp_path / "taken").write_text("a file in the place of a folder")
    done = here("evidence", *words)
    assert done.returncode == 2, done.stderr
    for text in says:
        assert text in done.stderr, done.stderr
    assert "Traceback" not in done.stderr
