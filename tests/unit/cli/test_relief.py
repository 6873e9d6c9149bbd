"""The relief command: what it refuses before anything is played, and an answer that repeats to the bit."""

from __future__ import annotations

from pathlib import Path

import pytest

from palanca.api.load import bare


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["us-mexcio"], ["no such relief", "Did you mean 'us-mexico'?"]),
        (["nowhere.yaml"], ["nowhere.yaml", "no such relief"]),
        (["--ahead", "0"], ["--ahead"]),
        (["--draws", "3"], ["--draws"]),
        (["--out", "taken"], ["taken", "could not write"]),
    ],
)
def test_what_cannot_be_played_is_refused_with_a_way_out(words, says, tmp_path: Path, here) -> None:
    (tmp_path / "taken").write_text("a file in the place of a folder")
    done = here("relief", *words)
    assert done.returncode == 2, done.stderr
    for text in says:
        assert text in done.stderr, done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_of_relief_is_an_argument_by_its_content(tmp_path: Path) -> None:
    import palanca

    shipped = Path(palanca.__file__).parent / "spec" / "atlas" / "us-mexico" / "relief.yaml"
    mine = tmp_path / "mine.yaml"
    mine.write_text(shipped.read_text(encoding="utf-8"), encoding="utf-8")
    found = bare("us-mexico").relief(mine, ahead=2, draws=20)
    again = bare("us-mexico").relief(found.provenance.arguments["file"], ahead=2, draws=20)
    assert again.findings == found.findings
    assert again.provenance == found.provenance
    assert found.findings == bare("us-mexico").relief(ahead=2, draws=20).findings


@pytest.mark.slow
def test_relief_is_written_whole_and_reproduced_to_the_bit(here) -> None:
    done = here("relief", "--ahead", "4", "--draws", "20", "--no-pictures", "--out", "one")
    assert done.returncode == 0, done.stderr
    assert "42 of 43 beliefs are judgements" in done.stdout.replace("\n", " ")
    again = here("reproduce", "one")
    assert again.returncode == 0, again.stderr
    assert "the same to the bit" in again.stdout
