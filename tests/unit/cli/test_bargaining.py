"""Commands in which governments bargain: what is refused before long work."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["whatif", "--react", "bargain", "--off", "linkages"], ["no such mechanism", "Did you mean 'linkage'?"]),
        (["whatif", "--react", "bargain", "--without", "visa"], ["no such issue", "Did you mean 'visas'?"]),
        (["whatif", "--react", "bargain", "--changes", "no-contention"], ["set the levers themselves"]),
        (["whatif", "--react", "bargain", "--draws", "300"], ["too many draws", "256 or fewer"]),
        (["whatif", "--react", "bargain", "--from", "soon"], ["--from", "YYYY-MM"]),
        (["whatif", "--react", "bargain", "--off", "linkage", "--each-off"], ["--each-off"]),
        (["whatif", "--off", "linkage"], ["--react bargain"]),
        (["silence", "--month", "2042-01"], ["outside the case"]),
        (["silence", "--month", "now"], ["--month", "YYYY-MM"]),
    ],
)
def test_what_cannot_be_bargained_is_refused_with_a_way_out(words, says, here) -> None:
    done = here(*words)
    assert done.returncode == 2, done.stderr
    for text in says:
        assert text in done.stderr, done.stderr


@pytest.mark.long
@pytest.mark.slow
def test_governments_that_bargain_are_written_whole_and_reproduced_to_the_bit(here) -> None:
    words = ("--react", "bargain", "--without", "silence", "--from", "2024-01", "--draws", "4")
    done = here("whatif", *words, "--no-pictures", "--out", "one")
    assert done.returncode == 0, done.stderr
    assert "deaths on the way" in done.stdout
    again = here("reproduce", "one")
    assert "the same to the bit" in again.stdout, again.stderr
