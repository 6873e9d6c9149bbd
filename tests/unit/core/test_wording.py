"""Words in messages: near misses, counts, lists."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from palanca.core.wording import counted, listed, nearest


def test_the_nearest_name_is_found_despite_a_slip_or_capitals():
    assert nearest("contenton", ["contention", "shutdown"]) == "contention"
    assert nearest("TITLE42", ["title42", "metering"]) == "title42"
    assert nearest("mex", ["MEX", "USA"]) == "MEX"


def test_there_is_no_nearest_name_when_none_is_like_it():
    assert nearest("zebra", ["contention", "shutdown"]) == ""
    assert nearest("anything", []) == ""


@given(st.sampled_from(["effort", "removal", "order", "returns"]))
def test_a_valid_name_is_nearest_to_itself(name):
    assert nearest(name, ["effort", "removal", "order", "returns"]) == name


def test_counts_agree_with_their_noun():
    assert counted(1, "month") == "1 month"
    assert counted(0, "month") == "0 months"
    assert counted(1234, "dated entry", "dated entries") == "1,234 dated entries"


def test_a_long_list_is_cut_and_says_how_many_are_left_out():
    assert listed(["a", "b", "c"]) == "a, b, c"
    assert listed("abcdefghij") == "a, b, c, d, e, f, g, h and 2 more"
    assert listed(name for name in ("a", "b", "c")) == "a, b, c"
    assert listed([]) == ""
