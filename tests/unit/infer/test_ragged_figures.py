"""The corridor lined up with figures that end in different months: what is missing is marked, and scored nowhere."""

from __future__ import annotations

from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import other_figures
import pytest

from palanca.core.clock import Month
from palanca.core.errors import SeriesError, UsageError
from palanca.data.read import packaged_figures
from palanca.infer import agree, history, objective, search
from palanca.infer.history import PreparedCase
from palanca.infer.objective import ENCOUNTERS, FOLLOWED, STOPS
from palanca.questions.history import answer
from palanca.spec import schedule
from palanca.spec.load import load
from palanca.spec.schema import Months

CASE = schedule.until(load("us-mexico"), other_figures.followed_to())
SPAN = CASE.span.span
FOLLOW, WAY = Month.parse("2023-07"), Month.parse("2024-03")
ENDS = dict.fromkeys(
    ("follow_by_origin", "follow_usbp", "follow_ofo", "follow_by_group", "cbp_one_by_origin"), FOLLOW
) | dict.fromkeys(("mx_stops_by_origin", "mx_returns_by_origin", "darien_by_origin", "deaths_by_place"), WAY)


@pytest.fixture(scope="module")
def ragged(tmp_path_factory: pytest.TempPathFactory) -> PreparedCase:
    """What followed encounters ends 13 months before the case, what Mexico and Panama count five."""
    return history.prepare(CASE, other_figures.ending(ENDS, tmp_path_factory.mktemp("ends")))


@pytest.fixture(scope="module")
def whole() -> PreparedCase:
    return history.prepare(CASE)


def test_the_record_of_what_is_known_ends_with_each_series(ragged: PreparedCase, whole: PreparedCase) -> None:
    ends = {name: int(np.flatnonzero(known)[-1]) for name, known in ragged.evidence.known.items()}
    follow, way, end = (SPAN.position(month) for month in (FOLLOW, WAY, SPAN.last))
    assert ends[FOLLOWED] == ends["appointments"] == follow
    assert (
        ends[STOPS] == ends["stops by origin"] == ends["returns by origin"] == ends["Darien"] == ends["deaths"] == way
    )
    assert ends[ENCOUNTERS] == ends["groups"] == ends["sectors"] == ends["ports by origin"] == end
    assert {int(np.flatnonzero(known)[-1]) for known in whole.evidence.known.values()} == {end}
    assert whole.inputs.figures.carried is None


def test_months_before_the_ends_are_the_same_and_later_ones_hold_the_last(
    ragged: PreparedCase, whole: PreparedCase
) -> None:
    one, two, last = ragged.inputs, whole.inputs, SPAN.position(FOLLOW)
    for name in ("expelled", "abroad", "home", "detained"):
        gates = np.asarray(getattr(one.figures.gates, name))
        np.testing.assert_array_equal(gates[: last + 1], np.asarray(getattr(two.figures.gates, name))[: last + 1])
        np.testing.assert_array_equal(gates[last:], np.broadcast_to(gates[last], gates[last:].shape))
    np.testing.assert_array_equal(one.outside.port_let_in[last:], np.full(14, one.outside.port_let_in[last]))
    np.testing.assert_array_equal(one.figures.encounters, two.figures.encounters)
    np.testing.assert_array_equal(one.figures.crowding, two.figures.crowding)
    way = SPAN.position(WAY)
    np.testing.assert_array_equal(np.asarray(one.figures.stops_source)[way + 1 :], -1.0)
    np.testing.assert_array_equal(np.asarray(one.figures.returns)[way:], float(two.figures.returns[way]))


def test_nobody_is_known_to_have_stood_at_a_gate_that_was_not_published(ragged: PreparedCase) -> None:
    later = SPAN.position(FOLLOW) + 1
    assert np.all(ragged.evidence.at_gate[:, later:] == 0.0)
    assert np.all(ragged.evidence.at_gate[0, :later].sum(axis=(1, 2)) > 0.0)


@pytest.mark.slow
def test_what_stands_in_place_of_figures_is_scored_nowhere(ragged: PreparedCase) -> None:
    later = SPAN.position(FOLLOW) + 1
    told = ragged.evidence.numbers
    values = ragged.evidence.layout.constrain(jnp.asarray(ragged.evidence.layout.centre()[:, None]))
    figures = told.inputs.figures
    gates = jax.tree.map(lambda gate: gate.at[later:].add(1.0), figures.gates)
    inputs = replace(told.inputs, figures=replace(figures, gates=gates))
    other = ragged.evidence.of(replace(told, inputs=inputs))
    scored = jnp.asarray(ragged.evidence.every_month)
    one, two = (float(objective._follow(evidence, values, scored)) for evidence in (ragged.evidence, other))
    assert one == two
    assert np.isfinite(one)


@pytest.mark.long
@pytest.mark.slow
def test_slopes_of_the_density_are_finite_and_the_early_end_leaves_out_what_it_scored(
    ragged: PreparedCase, whole: PreparedCase
) -> None:
    ready = search.compiled_once(ragged.evidence)
    at, scored = jnp.asarray(ragged.evidence.layout.centre()), jnp.asarray(ragged.evidence.every_month)
    value, slope = ready(ragged.evidence).density(at, scored)
    assert np.isfinite(value)
    assert np.isfinite(np.asarray(slope)).all()
    early = jnp.asarray(whole.evidence.until(SPAN.position(FOLLOW)))
    values = whole.evidence.layout.constrain(at[:, None])
    one, two = (float(objective._follow(of.evidence, values, early)) for of in (ragged, whole))
    assert one == pytest.approx(two, rel=1e-12)


def test_what_followed_is_compared_with_figures_only_where_there_are_some(
    ragged: PreparedCase, whole: PreparedCase
) -> None:
    free = np.repeat(ragged.evidence.layout.centre()[:, None], 4, axis=1)
    values = {name: np.asarray(part) for name, part in ragged.evidence.layout.constrain(jnp.asarray(free)).items()}
    one, two = (agree._follow(of.evidence, values, 1).counts for of in (ragged, whole))
    later = SPAN.position(FOLLOW) + 1
    np.testing.assert_array_equal(one[:later], two[:later])
    assert np.isnan(one[later:]).all()
    assert np.isfinite(two).all()


def test_a_run_says_what_its_last_months_lack(ragged: PreparedCase, whole: PreparedCase) -> None:
    assert answer._lacking(whole) == []
    (said,) = answer._lacking(ragged)
    assert said.replace("\N{NO-BREAK SPACE}", " ") == (
        "From August 2023 on nobody published what followed an encounter: it follows the levers from the practice of "
        "July 2023, and nothing of it is scored. From April 2024 on nobody published stops in transit: delivered "
        "effort leans back to routine. Other series end before the run does, and what the model takes from them stays "
        "as then: stops by origin (March 2024), returns by origin (March 2024), Darien (March 2024), appointments "
        "(July 2023), deaths (March 2024)."
    )


@pytest.mark.parametrize("series", ["usbp_by_origin", "usbp_by_group"])
def test_a_case_that_runs_past_its_encounters_is_refused(series: str, tmp_path) -> None:
    with pytest.raises(UsageError, match=f"has months that {series} does not tell"):
        history.prepare(CASE, other_figures.ending({series: Month.parse("2024-05")}, tmp_path))


def test_a_hole_in_the_encounters_is_refused(whole: PreparedCase, tmp_path) -> None:
    def holed(row, cells):
        return {key: value for key, value in cells.items() if row.id != "usbp_by_group" or key[0] != "2019-03"}

    with pytest.raises(SeriesError, match=r"months without encounters: found no figure of 2019-03"):
        history.prepare(CASE, other_figures.made_over(holed, tmp_path))


def test_totals_of_stops_tell_the_months_that_no_nationality_does() -> None:
    longer = CASE.model_copy(update={"span": Months(first=CASE.span.first, last=Month.parse("2025-09"))})
    figures = history.prepare(longer).inputs.figures
    np.testing.assert_array_equal(np.asarray(figures.stops_source)[-5:], 1.0)
    total = packaged_figures().read("mx_stops_total")
    np.testing.assert_array_equal(np.asarray(figures.stops)[-5:], total.values[-5:])
    assert float(figures.stops[-6]) != float(total.values[-6])  # by nationality, in another edition


def test_ends_are_no_way_to_look_ahead(ragged: PreparedCase, tmp_path) -> None:
    start = Month.parse("2024-05")
    noisy = history.prepare(CASE, other_figures.noisy_after(start, tmp_path, ENDS))
    one, other = (jax.tree.leaves(history.as_known(of, start).evidence.numbers) for of in (ragged, noisy))
    for left, right in zip(one, other, strict=True):
        np.testing.assert_array_equal(np.asarray(left), np.asarray(right))
