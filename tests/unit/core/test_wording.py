"""Words in messages: near misses, counts, lists."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from palanca.core.wording import counted, listed, nearest, printable, shown


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


def test_escapes_for_a_terminal_and_turns_of_direction_are_shown_not_sent():
    assert printable("a\x1b[31m\u202eb\xa0\n") == "a\\x1b[31m\\u202eb\\xa0\\n"
    assert printable("one\ntwo", spared="\n") == "one\ntwo"
    assert printable("Coahuila, Nuevo León: 日本") == "Coahuila, Nuevo León: 日本"


def test_a_long_name_is_cut_in_the_middle():
    assert shown("a" * 160) == "a" * 160
    cut = shown("a" * 500 + "b" * 500)
    assert len(cut) == 160
    assert cut.startswith("aaa")
    assert cut.endswith("bbb")
