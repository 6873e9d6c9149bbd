"""Messages of errors: where, what, found, expected, way out, and a link to the entry."""

from __future__ import annotations

import re

import pytest

from palanca.core.errors import CaseErrors, PalancaError, UnitError, leaves


def test_a_message_says_where_what_found_expected_the_way_out_and_where_to_read_on():
    fault = UnitError(
        "unknown unit", where="a.yaml:4", found="'people/yr'", expected="a rate", way_out="Did you mean it?"
    )
    assert str(fault) == (
        "a.yaml:4: unknown unit: found 'people/yr'; expected a rate.\n"
        "  Did you mean it?\n"
        "  See docs/errors.md#unknown-unit"
    )


def test_what_is_not_known_leaves_no_trace_in_a_message():
    assert str(UnitError("unknown unit")) == "unknown unit.\n  See docs/errors.md#unknown-unit"
    assert str(UnitError("unknown unit", expected="a rate")).startswith("unknown unit: expected a rate.\n")


def test_faults_of_a_case_are_told_together_and_counted():
    told = str(CaseErrors(["a.yaml:1: one", "a.yaml:9: two"])).splitlines()
    assert told == ["a.yaml:1: one", "a.yaml:9: two", "2 faults in the case. See docs/errors.md#case-faults"]
    assert str(CaseErrors(["a.yaml:1: one"])).endswith("1 fault in the case. See docs/errors.md#case-faults")


def test_every_slug_is_its_own_and_can_stand_in_a_link():
    slugs = [leaf.slug for leaf in leaves()]
    assert len(set(slugs)) == len(slugs)
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", slug) for slug in slugs)


@pytest.mark.parametrize("leaf", leaves(), ids=lambda leaf: leaf.__name__)
def test_every_kind_of_error_is_a_leaf_with_a_slug_of_its_own_class(leaf):
    assert issubclass(leaf, PalancaError)
    assert "slug" in vars(leaf)
    assert not leaf.__subclasses__()


@pytest.mark.parametrize("fault", [UnitError("bad", found="\x1b[2J"), CaseErrors(["a:1: \x1b[2J", "a:2: x"])])
def test_no_message_sends_an_escape_to_the_terminal(fault):
    assert "\x1b" not in str(fault)
    assert "\\x1b[2J" in str(fault)
    assert "\n" in str(fault)
