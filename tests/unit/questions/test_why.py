"""A change between two months falls apart into shares that sum to it; what did not move has none, twins share alike."""

from __future__ import annotations

import pickle
from dataclasses import fields, replace

import corridors
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from palanca.bargain import shapley
from palanca.core.clock import Month
from palanca.core.errors import UsageError
from palanca.kernel.keys import normals
from palanca.model import build
from palanca.model.run import CorridorInputs, project
from palanca.policy.levers import LeverLevels
from palanca.questions import outcomes
from palanca.questions.outcomes import OUTCOMES, OutcomeQuery
from palanca.questions.why import causes as why_causes
from palanca.questions.why import claims as why_claims
from palanca.questions.why import decompose
from palanca.questions.why import months as why_months
from palanca.questions.why import shares as why
from palanca.questions.why.causes import CAUSES, FIELDS, GROUPS, HELD, HOLDERS, PARTS, UNDER_WAY, SharedLevers
from palanca.questions.why.doubts import HANGS_ON
from palanca.questions.why.months import MOST
from palanca.questions.why.shares import LEVEL, LOG, MEASURES, ChangeChunks
from palanca.spec import load, tables

DRAWS = 3
ENCOUNTERS = OutcomeQuery(OUTCOMES["encounters"])
PLACE, HORIZON = 13, 4  # an order ends, acceptance and effort move, visas and barriers come
CASE = load.load("us-mexico")


def parts_held(inputs: CorridorInputs, acceptance: dict[str, float] | None = None) -> SharedLevers:
    """All acceptance with the transit country and all barriers with the destination, unless shares say otherwise."""
    weights = acceptance or {"transit": 1.0}
    rows = [weights.get(cause, 0.0) * inputs.levers.acceptance for cause in HOLDERS]
    walls = [(cause == "limits") * inputs.levers.barrier for cause in HOLDERS]
    return SharedLevers(jnp.stack(rows), jnp.stack(walls))


def work(
    inputs: CorridorInputs, place: int, horizon: int, free: np.ndarray, held: SharedLevers | None = None
) -> ChangeChunks:
    """A question on which the compiled code is the same for every story: all its numbers are plain arrays."""
    inputs, shares = jax.tree.map(lambda leaf: jnp.asarray(np.asarray(leaf)), (inputs, held or parts_held(inputs)))
    months = [Month.parse("2015-01") + (place + 1 + k) for k in range(MOST)]
    noise = np.stack([normals(1, f"decompose/{month}", range(free.shape[-1]), ()) for month in months])
    moved = why_causes.moved(inputs, shares, place, horizon)
    places = np.zeros(corridors.MONTHS)
    return ChangeChunks(inputs, shares, places, corridors.layout(), free, noise, place, horizon, ENCOUNTERS, moved)


def shares(found: dict[str, np.ndarray], measure: str = LOG) -> dict[str, np.ndarray]:
    return dict(zip(PARTS, found["shares"][MEASURES.index(measure)], strict=True))


@pytest.fixture(scope="module")
def eventful() -> CorridorInputs:
    return corridors.eventful()


@pytest.fixture(scope="module")
def found(eventful: CorridorInputs) -> dict[str, np.ndarray]:
    return work(eventful, PLACE, HORIZON, corridors.free(DRAWS))(0)


def steady(**cubes: np.ndarray) -> tuple[CorridorInputs, np.ndarray, np.ndarray]:
    """A corridor whose figures are the model's own, with no season and no surprise, under levers at rest until set.

    Returns:
        The story under these levers, its draw, and all encounters had the levers stayed at rest, (month).
    """
    free = certain(uncrowded(corridors.free(1)))
    flat = replace(corridors.quiet().outside, calendar_month=jnp.zeros(corridors.MONTHS))
    rest = replace(corridors.quiet(), outside=flat)
    values = corridors.layout().constrain(jnp.asarray(free))
    shocks = corridors.plain_shocks(rest, 1, effort=float(values["effort_early"][0]))
    inputs = corridors.with_levers(rest, **cubes)
    counts, plain = (
        projected(one, one.levers, shocks, values).encounters.sum(axis=2)[..., 0] for one in (inputs, rest)
    )
    figures = replace(inputs.figures, encounters=counts)
    return replace(inputs, figures=figures), free, np.asarray(plain.sum(axis=1))


def uncrowded(free: np.ndarray) -> np.ndarray:
    """The same draws in a world in which neither many arrivals nor the years change anything by themselves."""
    free[place_of("crowding_detained")], free[place_of("circular_fade")] = -60.0, 0.0
    drift = next(one for one in corridors.layout().entries if one.name == "mix_drift")
    free[drift.start : drift.start + drift.size] = 0.0
    return free


def certain(free: np.ndarray) -> np.ndarray:
    """The same draws in a world in which levers are as strong as declared: the power is exp(0)."""
    free[place_of("effort_power")] = 0.0
    return free


def place_of(name: str) -> int:
    return next(one.start for one in corridors.layout().entries if one.name == name)


projected = jax.jit(project)


@pytest.mark.slow
def test_shares_sum_to_the_change_in_every_draw_and_the_last_world_is_history(found: dict[str, np.ndarray]) -> None:
    """Every lever moves in these months; rounding of up to 2**13 worlds stays below a billionth."""
    for measure, size in ((LEVEL, lambda x: x), (LOG, np.log)):
        change = size(found["after"]) - size(found["before"])
        for counted in (found["shares"], found["grouped"]):
            assert np.allclose(counted[MEASURES.index(measure)].sum(axis=0), change, rtol=1e-9, atol=1e-9)
    assert found["slip"].max() < 1e-6
    people = sum(part * why.log_mean(found["before"], found["after"]) for part in shares(found).values())
    assert np.allclose(people, found["after"] - found["before"], rtol=1e-9)
    seen = np.asarray(corridors.eventful().figures.encounters).sum(axis=1)
    assert np.allclose(found["after"] / found["before"], seen[PLACE + HORIZON] / seen[PLACE], rtol=1e-6)


@pytest.mark.slow
def test_causes_that_move_have_a_part_and_those_that_do_not_have_none(
    eventful: CorridorInputs, found: dict[str, np.ndarray]
) -> None:
    moved = work(eventful, PLACE, HORIZON, corridors.free(DRAWS)).moved
    assert {"season", "declared", "delivered", "limits", "transit", "practice", "outside"} <= set(moved)
    for name, part in shares(found).items():
        assert name == UNDER_WAY or np.any(part != 0.0) == (name in moved)
    assert "news" not in moved


@pytest.mark.slow
def test_a_draw_does_not_depend_on_the_others_and_the_work_can_be_sent_elsewhere(
    eventful: CorridorInputs, found: dict[str, np.ndarray]
) -> None:
    fewer = work(eventful, PLACE, HORIZON, corridors.free(DRAWS)[:, :2])
    there = pickle.loads(pickle.dumps(fewer))
    assert np.array_equal(there(0)["shares"][..., :2], found["shares"][..., :2])


@pytest.mark.slow
def test_one_month_agrees_with_the_change_taken_apart_month_by_month(eventful: CorridorInputs) -> None:
    """With what it calls the rest merged into one cause, and no crowding, the two are the same game."""
    free = certain(uncrowded(corridors.free(DRAWS)))
    asked = work(eventful, PLACE, 1, free)
    worth, _, course = asked.worths(0)
    alone = ["season", "carry", "shared", "own", "declared", "delivered"]
    sets = [[asked.moved.index(name)] for name in alone]
    sets.append([k for k, name in enumerate(asked.moved) if name not in alone])
    merged = shapley.shares(shapley.merged(np.log(worth), sets))[:, :DRAWS]
    noise = jnp.asarray(asked.noise[0])
    values = corridors.layout().constrain(jnp.asarray(free))
    other, before = decompose._worths(eventful, values, jnp.asarray(PLACE + 1), noise)
    assert np.allclose(merged, shapley.shares(np.asarray(other)), atol=1e-9)
    assert np.allclose(np.log(np.asarray(course)[PLACE, 0, :DRAWS]), np.asarray(before), atol=1e-9)


@pytest.mark.slow
def test_a_world_in_which_one_cause_alone_moved_gives_it_all() -> None:
    """Its share is the log of encounters with it over those without it; what is left was under way."""
    effort = np.array(corridors.quiet().levers.effort)
    effort[26:, 1:] = 3.0
    inputs, free, plain = steady(effort=effort)
    asked = work(inputs, 25, 2, free)
    assert not {"season", "limits", "ways", "transit", "news", "others"} & set(asked.moved)
    found = replace(asked, noise=np.zeros_like(asked.noise))(0)  # else shared and own shocks may cancel
    part = shares(found)
    assert np.allclose(part["declared"], np.log(found["after"] / plain[27]), rtol=1e-4)
    assert (part["declared"] < -0.05).all()
    assert np.allclose(part[UNDER_WAY], np.log(plain[27] / plain[25]), atol=1e-4)
    for name in set(CAUSES) - {"declared"}:
        assert np.abs(part[name]).max() < 1e-5, name


@pytest.mark.slow
def test_a_lever_taken_back_in_history_does_what_a_what_if_says(eventful: CorridorInputs) -> None:
    """Effort rises in month 10: its last share is history less the twin in which it had stayed as in month 9."""
    free = corridors.free(DRAWS)
    found = work(eventful, 9, 1, free)(0)
    levers = replace(eventful.levers, effort=eventful.levers.effort.at[10].set(eventful.levers.effort[9]))
    values = corridors.layout().constrain(jnp.asarray(free))
    shocks, _ = corridors.replayed(eventful, values)
    twin = projected(eventful, levers, shocks, values).encounters.sum(axis=(1, 2))[10]
    last = found["last"][MEASURES.index(LEVEL), list(PARTS).index("declared"), :DRAWS]
    assert np.allclose(last, found["after"][:DRAWS] - np.asarray(twin), rtol=1e-9)
    assert (last < 0.0).all()


@pytest.mark.slow
def test_doubt_about_the_strength_of_levers_moves_effort_between_declared_and_delivered(
    eventful: CorridorInputs,
) -> None:
    """At power 0 the lever did nothing, at 2 its hazard grew by the square; what enforcement made in all stays.

    A lever that multiplies the hazard of being stopped by `w` moves the log of encounters by about the mean, over the
    hazard with and without the rest of enforcement, of `hazard * (w - 1)`.
    """
    sure = certain(corridors.free(DRAWS))
    by_power, hazard = {}, {}
    declared = np.asarray(eventful.levers.effort)[10, 1:]
    for power in (1e-9, 1.0, 2.0):
        free = sure.copy()
        free[place_of("effort_power")] = np.log(power)
        by_power[power] = shares(work(eventful, 9, 1, free)(0))
        shocks, _ = corridors.replayed(eventful, corridors.layout().constrain(jnp.asarray(free)))
        hazard[power] = np.asarray(shocks.effort)[9:11].mean(axis=0) * np.mean(declared**power - 1.0)
    plain, double, none = (by_power[power] for power in (1.0, 2.0, 1e-9))
    told = [part["declared"][:DRAWS] for part in (double, plain)]
    assert np.allclose(told[0] / told[1], hazard[2.0] / hazard[1.0], rtol=0.1)  # people stopped twice bend it
    assert np.abs(none["declared"]).max() < 1e-6
    for other in (double, none):
        moved = {name: other[name] - plain[name] for name in ("declared", "delivered")}
        assert np.abs(moved["declared"]).min() > 0.02
        assert np.allclose(moved["declared"] + moved["delivered"], 0.0, atol=0.1 * np.abs(moved["declared"]).max())


@pytest.mark.slow
def test_two_holders_who_move_alike_share_alike() -> None:
    """Acceptance rises by half with the transit country and by half with the origin: neither can be told apart."""
    quiet = corridors.quiet()
    order, accepted = (np.zeros_like(np.array(quiet.levers.order)) for _ in range(2))
    order[:], accepted[26:] = 1.0, 0.8
    inputs, free, _ = steady(order=order, acceptance=accepted)
    both = shares(work(inputs, 25, 2, free, parts_held(inputs, {"transit": 0.5, "others": 0.5}))(0))
    assert np.abs(both["transit"]).min() > 1e-4
    assert np.allclose(both["transit"], both["others"], rtol=1e-9)
    assert not both["limits"].any()


def test_levers_by_holder_add_up_to_the_levers_of_the_case() -> None:
    held, whole = why_causes.held(CASE), build.levers(CASE)
    assert np.allclose(np.clip(np.asarray(held.acceptance).sum(axis=0), 0.0, 1.0), whole.acceptance, atol=1e-12)
    assert np.allclose(np.asarray(held.barrier).sum(axis=0), whole.barrier, atol=1e-12)
    assert not np.asarray(held.acceptance)[HOLDERS.index("limits")].any()


def test_every_lever_of_the_case_belongs_to_a_cause_of_its_holder() -> None:
    for name, lever in CASE.levers.items():
        if not tables.mechanisms()[lever.mechanism].acts:
            continue
        cause = CAUSES[why_causes.cause_of(CASE, name)]
        if lever.mechanism in ("news", "warning", "shutdown", "sanctions", "oil_licence", "aid"):
            continue
        role = CASE.countries[lever.holder].role
        assert cause.group == {"transit": "transit", "destination": "destination"}.get(role, "others"), name


def test_what_a_cause_hangs_on_is_a_parameter_of_the_model() -> None:
    assert set(HANGS_ON) <= set(CAUSES)
    assert {name for some in HANGS_ON.values() for name in some} <= set(tables.parameters())
    assert set(FIELDS) | set(HELD) == {field.name for field in fields(LeverLevels)}


def test_what_sources_claim_is_cited_and_names_causes() -> None:
    table = why_claims.table()
    spans = {(str(one.first), str(one.last)) for one in table}
    assert len(table) == len(spans) == 6
    assert ("2023-12", "2024-01") in spans
    for one in table:
        why_months.check(CASE, one.first, one.last)
        assert one.claims
        for claim in one.claims:
            assert claim.source in CASE.sources
            assert claim.group in GROUPS
            assert claim.way in ("raised", "lowered")
            assert claim.share is None or 0.0 <= claim.share[0] < claim.share[1] <= 1.0
            assert claim.share is None or claim.number


def test_people_per_log_point_are_the_mean_where_nothing_changes() -> None:
    assert why.log_mean(np.array([5.0]), np.array([5.0])) == pytest.approx(5.0)
    assert why.log_mean(np.array([1.0]), np.array([np.e])) == pytest.approx(np.e - 1.0)


def test_an_outcome_that_does_not_exist_is_refused_with_the_nearest() -> None:
    with pytest.raises(UsageError, match="encounters"):
        outcomes.find("encounter", CASE)
