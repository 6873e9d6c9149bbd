"""Changes are found by name, by file and on the command line, and refused with a way out."""

import pytest

from palanca.core.errors import ChangeError
from palanca.infer import history
from palanca.spec.load import load
from palanca.spec.schema import Case


@pytest.fixture(scope="module")
def case() -> Case:
    return load("us-mexico")


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
    with pytest.raises(UsageError, match="a part of what usbp_by_origin and its sums count") as told:
        history.prepare(fewer)
    assert "without PER" in str(told.value)
    assert "us-mexico" in str(told.value)
