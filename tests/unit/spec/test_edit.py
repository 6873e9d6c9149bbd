"""Laws of editing: what is named changes, nothing else does, and what changes nothing is refused."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palanca.core.clock import Month
from palanca.core.errors import ChangeError
from palanca.model import build
from palanca.spec import check, schedule
from palanca.spec.declared import Draft
from palanca.spec.edit import Change, apply, parse_set, read_changes
from palanca.spec.load import load
from palanca.spec.schema import Coverage

CASE = schedule.until(load("us-mexico"), Month.parse("2024-08"))
SPAN = CASE.span.span
MONTHS = len(SPAN)
months = st.integers(0, MONTHS - 1).map(lambda i: SPAN.first + i)


def month(text):
    return Month.parse(text)


def series(case, lever, origin="HND", group="family", sector="el_paso"):
    held = schedule.totals(case, lever).get((lever, origin, group, sector), (0.0,) * 2 * MONTHS)
    return held[:MONTHS]


@settings(max_examples=12, deadline=None)
@given(
    st.sampled_from(["routine_control", "title42", "acceptance_triangle", "visa_ecuador"]),
    months,
    months,
    st.floats(0.01, 0.2),
    st.sampled_from([Coverage(), Coverage(only=("HND", "ECU")), Coverage(but=("HND",))]),
)
def test_a_change_leaves_every_other_month_person_and_lever_alone(lever, one, other, amount, origins):
    first, last = min(one, other), max(one, other)
    quantity = "effort" if lever == "routine_control" else "strength"
    changed = apply(CASE, [Change(f"levers.{lever}.{quantity}", amount, first, last, origins)])
    assert check.faults(Draft.of(changed)) == []
    assert [e for e in changed.record if e.lever != lever] == [e for e in CASE.record if e.lever != lever]
    before, after = schedule.totals(CASE, lever), schedule.totals(changed, lever)
    a, b = SPAN.position(first), SPAN.position(last) + 1
    named = origins.among(tuple(CASE.origins))
    for cell in before.keys() | after.keys():
        old, new = before.get(cell, (0.0,) * MONTHS)[:MONTHS], after.get(cell, (0.0,) * MONTHS)[:MONTHS]
        assert old[:a] == new[:a]
        assert old[b:] == new[b:]
        if cell[1] not in named:
            assert old == new
        elif cell[2] == "single_adult":
            assert new[a:b] == pytest.approx((amount,) * (b - a))


@pytest.mark.parametrize(
    ("target", "value", "old", "first", "last", "origins"),
    [
        ("levers.contention.effort", 0.0, 2.5, "2024-02", "2024-04", Coverage()),
        ("levers.title42.strength", 0.25, 1.0, "2021-01", "2021-06", Coverage(only=("VEN", "CUB"))),
        ("levers.cbp_one.slots", 0.0, 1450 * 365.25 / 12, "2023-08", None, Coverage()),
        ("levers.chnv_returns.cap", 10.0, 30000.0, "2024-01", None, Coverage()),
    ],
)
def test_a_change_and_its_inverse_give_back_the_schedule(target, value, old, first, last, origins):
    until = month(last) if last else None
    changed = apply(CASE, [Change(target, value, month(first), until, origins)])
    assert schedule.totals(changed) != schedule.totals(CASE)
    assert schedule.totals(apply(changed, [Change(target, old, month(first), until, origins)])) == schedule.totals(CASE)


def test_the_old_case_is_untouched():
    before = schedule.fingerprint(CASE)
    apply(CASE, [parse_set("levers.contention.effort=0")])
    assert schedule.fingerprint(CASE) == before


def test_withholding_contention_leaves_routine_control():
    changed = apply(CASE, [parse_set("levers.contention.effort=0", month("2024-01"))])
    assert set(series(changed, "contention")) == {0.0}
    assert series(changed, "routine_control") == series(CASE, "routine_control")


def test_an_order_can_be_kept_after_it_ended_for_those_it_covered_last():
    changed = apply(CASE, [parse_set("levers.title42.strength=1", month("2023-05"), month("2024-08"))])
    at = SPAN.position(month("2023-05"))
    assert series(changed, "title42")[at:] == pytest.approx([1.0] * (MONTHS - at))
    assert series(changed, "title42", group="child") == series(CASE, "title42", group="child")
    assert schedule.settings(changed)[-1].values[-1] == 1.0


def test_a_lever_set_to_zero_in_the_record_can_be_switched_on():
    changed = apply(CASE, [parse_set("levers.visa_colombia.strength=1", month("2022-01"))])
    at = SPAN.position(month("2022-01"))
    assert series(changed, "visa_colombia", "COL")[at - 1 : at + 1] == (0.0, 1.0)


def test_a_cap_can_be_lifted():
    changed = apply(CASE, [parse_set("levers.chnv_returns.cap=none", month("2024-01"))])
    caps = [s.cap for s in schedule.settings(changed) if s.lever == "chnv_returns"]
    assert caps == [30000.0, None]


def test_an_origin_can_join_a_list_for_the_groups_that_the_list_covers():
    changed = apply(
        CASE,
        [Change("levers.acceptance_triangle.strength", 0.7, month("2021-03"), None, Coverage(only=("CUB",)))],
    )
    at = SPAN.position(month("2021-03"))
    for group, wanted in (("single_adult", 0.7), ("family", 0.7), ("child", 0.0)):
        assert series(changed, "acceptance_triangle", "CUB", group)[at - 1 : at + 1] == (0.0, wanted)
        assert series(changed, "acceptance_triangle", "HND", group) == series(CASE, "acceptance_triangle", "HND", group)


def test_a_parameter_is_fixed_at_the_value_given():
    changed = apply(CASE, [parse_set("parameters.retry=0.5")])
    assert changed.parameters["retry"].value == 0.5
    assert check.faults(Draft.of(changed)) == []


def test_a_mechanism_can_be_switched_off():
    changed = apply(CASE, [parse_set("mechanisms.news=off")])
    assert {s.mechanism for s in schedule.settings(CASE)} - {s.mechanism for s in schedule.settings(changed)} == {
        "news"
    }


def test_the_record_can_be_read_without_what_is_inferred():
    changed = apply(CASE, [parse_set("basis.inferred=off")])
    assert {entry.basis for entry in changed.record} == {"declared", "tacit"}
    assert check.faults(Draft.of(changed)) == []


def test_a_release_is_whole_where_nothing_is_in_force_and_none_is_a_change():
    """No lever has its 0 for usual but this one: to set it to 0 is to let nobody go."""
    whole = load("us-mexico")
    shut = apply(whole, [parse_set("levers.border_release.strength=0", month("2024-01"), month("2024-02"))])
    then, now = (np.asarray(build.levers(case).release) for case in (whole, shut))
    at, adult, child = SPAN.position(month("2024-01")), 0, 2
    assert np.all(then[:MONTHS] == 1.0)
    assert np.all(now[at : at + 2, :, adult] == 0.0)
    assert np.all(now[:MONTHS, :, child] == 1.0)
    assert np.array_equal(np.delete(then, [at, at + 1], axis=0), np.delete(now, [at, at + 1], axis=0))
    again = apply(whole, [parse_set("levers.border_release.strength=1", month("2025-02"))])
    assert np.all(np.asarray(build.levers(again).release)[SPAN.position(month("2024-08")) + 6 :] == 1.0)
    last = CASE.span.last
    assert schedule.history_fingerprint(shut, last) != schedule.history_fingerprint(whole, last)


def test_several_changes_hold_together():
    changed = apply(CASE, [
        parse_set("levers.contention.effort=0", month("2024-01"), month("2024-02")),
        parse_set("levers.contention.effort=1", month("2024-03")),
        parse_set("levers.cbp_one.slots=0", month("2024-01")),
    ])  # fmt: skip
    at = SPAN.position(month("2024-01"))
    assert series(changed, "contention")[at:] == (0.0, 0.0) + (1.0,) * (MONTHS - at - 2)


@pytest.mark.parametrize(
    ("text", "first", "last", "words"),
    [
        (
            "levers.contenton.effort=0",
            None,
            None,
            r"unknown lever: found 'contenton'.*Did you mean 'contention'\?",
        ),
        ("lever.contention.effort=0", None, None, r"unknown target.*Did you mean 'levers\.…'\?"),
        ("levers.contention=0", None, None, r"unknown target.*Did you mean 'levers.contention.effort'\?"),
        ("parameters.retri=0.5", None, None, r"unknown parameter.*Did you mean 'retry'\?"),
        ("levers.detention_space.slots=0", None, None, r"recorded, no equation yet: found the mechanism 'detention'"),
        ("mechanisms.detention=off", None, None, r"recorded, no equation yet.*case show --what levers"),
        ("levers.border_release.strength=1.1", None, None, r"does not fit: found 1.1; expected a number from 0 to 1"),
        ("levers.border_release.strength=1", None, "2024-06", r"the change alters nothing: found 1.0 already holds"),
        ("mechanisms.efort=off", None, None, r"unknown mechanism.*Did you mean 'effort'\?"),
        (
            "levers.contention.strength=0",
            None,
            None,
            r"wrong quantity.*Did you mean 'levers.contention.effort'\?",
        ),
        ("levers.contention.effort=0", "2024-03", "2024-01", "ends before it starts"),
        ("levers.contention.effort=0", "2013-09", None, "outside the span of the case: found 2013-09"),
        ("levers.contention.effort=0", None, "2024-09", "outside the span of the case: found 2024-09"),
        (
            "levers.contention.effort=11",
            None,
            None,
            r"does not fit: found 11.0; expected a number from 0 to 10",
        ),
        ("levers.title42.strength=off", None, None, "does not fit: found off"),
        ("levers.title42.cap=5", None, None, "'order' takes no cap"),
        ("parameters.retry=2", None, None, "does not fit: found 2.0"),
        ("parameters.retry=0.5", "2024-01", None, "holds throughout"),
        ("basis.infered=off", None, None, r"unknown basis.*Did you mean 'inferred'\?"),
        ("mechanisms.news=0.5", None, None, "can only be switched off: found 0.5"),
        ("levers.contention.effort=0", "2023-01", "2023-12", "the change alters nothing"),
        ("levers.routine_control.effort=1", None, None, "the change alters nothing"),
        ("levers.visa_colombia.strength=0", None, None, "the change alters nothing"),
    ],
)
def test_a_change_that_cannot_hold_is_refused_in_clear_words(text, first, last, words):
    change = parse_set(text, month(first) if first else None, month(last) if last else None)
    with pytest.raises(ChangeError, match=f"(?s){words}"):
        apply(CASE, [change])


@pytest.mark.parametrize("text", ["levers.contention.effort", "=3", "levers.x.effort=", "levers.x.effort=nan", "a=b"])
def test_words_that_are_no_change_are_refused(text):
    with pytest.raises(ChangeError, match="cannot read the"):
        parse_set(text)


def test_two_changes_that_contradict_each_other_are_refused():
    one = parse_set("levers.contention.effort=0", month("2024-01"), month("2024-03"))
    other = parse_set("levers.contention.effort=1", month("2024-03"))
    with pytest.raises(ChangeError, match="contradict"):
        apply(CASE, [one, other])


def test_the_same_change_twice_is_refused_because_the_second_alters_nothing():
    one = parse_set("levers.contention.effort=0")
    with pytest.raises(ChangeError, match="alters nothing"):
        apply(CASE, [one, one])


def test_changes_are_read_from_a_file_with_their_lines(tmp_path):
    path = tmp_path / "changes.yaml"
    path.write_text(
        "- {set: levers.contention.effort, to: 0, from: 2024-01, until: 2024-03, origins: [VEN]}\n"
        "- {set: mechanisms.news, to: off}\n"
    )
    one, other = read_changes(path)
    assert (one.value, str(one.first), str(one.last), one.origins.only) == (
        0.0,
        "2024-01",
        "2024-03",
        ("VEN",),
    )
    assert (other.value, other.where) == ("off", "changes.yaml:2")
    changed = apply(CASE, [one, other])
    at = SPAN.position(month("2024-01"))
    assert series(changed, "contention", "VEN")[at] == 0.0
    assert series(changed, "contention", "HND")[at] == 2.0


def test_a_file_of_changes_tells_all_its_faults_with_lines(tmp_path):
    path = tmp_path / "changes.yaml"
    path.write_text("- {set: levers.contention.effort, to: 0, form: 2024-01}\n- {set: mechanisms.news}\n")
    with pytest.raises(ChangeError) as raised:
        read_changes(path)
    assert "changes.yaml:1: [0].form: unknown key: found 'form'" in str(raised.value)
    assert "Did you mean 'from'?" in str(raised.value)
    assert "changes.yaml:2: [1]: `to` is missing" in str(raised.value)


def test_a_change_that_names_an_unknown_origin_is_refused():
    with pytest.raises(ChangeError, match=r"(?s)unknown origin: found 'VNE'.*Did you mean 'VEN'"):
        apply(CASE, [Change("levers.contention.effort", 0.0, origins=Coverage(only=("VNE",)))])
