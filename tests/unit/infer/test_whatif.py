"""Changes are found by name, by file and on the command line, and refused with a way out."""

import pytest

from palanca.core.clock import Month
from palanca.core.errors import ChangeError
from palanca.infer import history, whatif
from palanca.spec.load import load
from palanca.spec.schema import Case


@pytest.fixture(scope="module")
def case() -> Case:
    return load("us-mexico")


def test_a_shipped_case_brings_an_example(case: Case) -> None:
    changes = whatif.gather(case, [], None, None, [])
    assert [(c.target, c.value, str(c.first)) for c in changes] == [("levers.contention.effort", 0.0, "2024-01")]


def test_changes_of_the_command_line_replace_the_example(case: Case) -> None:
    changes = whatif.gather(case, ["levers.cbp_one.slots=0"], Month.parse("2023-07"), None, [])
    assert [(c.target, str(c.first)) for c in changes] == [("levers.cbp_one.slots", "2023-07")]


def test_a_misspelt_name_gets_the_nearest(case: Case) -> None:
    with pytest.raises(ChangeError, match="no such changes") as told:
        whatif.gather(case, [], None, None, ["no-contension"])
    assert "no-contention" in str(told.value)


def test_months_without_a_change_are_refused(case: Case) -> None:
    with pytest.raises(ChangeError, match="months without a change"):
        whatif.gather(case, [], Month.parse("2024-01"), None, [])


@pytest.mark.parametrize("name", sorted(whatif.shipped(load("us-mexico"))))
def test_every_shipped_change_alters_the_case(case: Case, name: str) -> None:
    from palanca.spec import edit, schedule

    changes = whatif.gather(case, [], None, None, [name])
    assert schedule.totals(edit.apply(case, changes)) != schedule.totals(case)


def test_a_changed_parameter_is_held_in_the_twin_world(case: Case) -> None:
    from palanca.spec import edit

    changed = edit.apply(case, [edit.parse_set("parameters.evade=0.4")])
    assert history.overrides(case, changed) == {"evade": 0.4}


def test_a_parameter_of_the_figures_scatter_moves_no_world(case: Case) -> None:
    from palanca.spec import edit

    changed = edit.apply(case, [edit.parse_set("parameters.spread_stops=0.4")])
    with pytest.raises(ChangeError, match="alters nothing"):
        history.overrides(case, changed)


def test_a_case_of_part_of_the_corridor_is_refused_with_a_way_out(case: Case) -> None:
    from palanca.core.errors import UsageError

    fewer = case.model_copy(update={"origins": {k: v for k, v in case.origins.items() if k != "PER"}})
    with pytest.raises(UsageError, match="all origins of the packaged figures") as told:
        history.prepare(fewer)
    assert "without PER" in str(told.value)
    assert "us-mexico" in str(told.value)
