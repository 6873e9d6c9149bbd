"""The deal command: what it refuses before long work, and an answer that repeats to the bit without a corridor."""

from __future__ import annotations

from pathlib import Path

import pytest

import palanca
from palanca.core.errors import UsageError


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ([], ["--month", "this table needs a month", "--month 2021-03"]),
        (["us-mexcio"], ["no such bargaining table", "Did you mean 'us-mexico'?"]),
        (["--month", "last spring"], ["--month", "YYYY-MM"]),
        (["--month", "2042-01"], ["--month", "outside the case", "2042-01", "over 3 months"]),
        (["eu-turkey", "--month", "2016-03"], ["this table takes no month", "leave --month out"]),
        (["eu-turkey", "--silos", "mine.yaml"], ["mine.yaml:2", "'mony'", "Did you mean 'money'?", "no silo for"]),
        (["eu-turkey", "--out", "taken"], ["taken", "could not write"]),
        (["eu-turkey", "--draws", "1"], ["--draws"]),
        (["--table", "nowhere.yaml"], ["nowhere.yaml", "no such bargaining table"]),
    ],
)
def test_what_cannot_be_struck_is_refused_with_a_way_out(words, says, tmp_path: Path, here) -> None:
    (tmp_path / "taken").write_text("a file in the place of a folder")
    (tmp_path / "mine.yaml").write_text("before:\n- [mony, chapters]\n")
    done = here("deal", *words)
    assert done.returncode == 2, done.stderr
    for text in says:
        assert text in done.stderr, done.stderr
    assert "Traceback" not in done.stderr


def test_a_table_without_a_corridor_can_be_loaded_and_refuses_what_needs_one() -> None:
    model = palanca.load("eu-turkey")
    assert repr(model) == "Model('eu-turkey', no corridor)"
    with pytest.raises(UsageError, match="no corridor"):
        model.whatif("no-contention")


@pytest.mark.slow
def test_a_deal_without_a_corridor_is_written_whole_and_reproduced_to_the_bit(tmp_path: Path, here) -> None:
    (tmp_path / "mine.yaml").write_text(
        "before:\n- [shore_control, readmission, resettlement]\n- [money, visa_freedom, chapters]\n"
    )
    words = ("eu-turkey", "--draws", "8", "--silos", "mine.yaml", "--no-pictures", "--out", "one")
    done = here("deal", *words)
    assert done.returncode == 0, done.stderr
    assert "fewer people a month" in done.stdout
    (tmp_path / "mine.yaml").unlink()  # the manifest holds its content
    again = here("reproduce", "one")
    assert again.returncode == 0, again.stderr
    assert "the same to the bit" in again.stdout
