"""What-ifs on the real corridor: what must not move, what another path of the code also finds, what is refused."""

from __future__ import annotations

from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import pytest

from palanca.core.clock import Month
from palanca.core.errors import PalancaError
from palanca.infer import history, store
from palanca.model.attention import Reaction
from palanca.policy.follow import STAGES
from palanca.questions import corridor as corridors
from palanca.questions import outcomes
from palanca.questions.corridor import Corridor
from palanca.questions.leverage import run as withdrawn
from palanca.questions.options import RunOptions
from palanca.questions.whatif import public, run, worlds
from palanca.questions.whatif.run import ANSWERING, FROZEN, HISTORY, Answered
from palanca.spec import edit
from palanca.spec.bargain_spec import load_bargain
from palanca.spec.load import load

pytestmark = pytest.mark.slow
DRAWS = 6
CHANGES = [edit.parse_set("levers.contention.effort=0", Month.parse("2024-01"))]


@pytest.fixture(scope="module")
def corridor() -> Corridor:
    case = load("us-mexico")
    fit, _ = store.read(store.where(case), case)
    return corridors.open(case, fit)


@pytest.fixture(scope="module")
def answered(corridor: Corridor) -> Answered:
    return run.run(corridor, CHANGES, RunOptions(draws=DRAWS))


def test_nothing_before_the_change_moves_to_the_bit_whether_governments_answer_or_not(answered: Answered) -> None:
    assert str(answered.months[0]) == "2023-12"
    for name in answered.numbers:
        world, _, outcome = name.partition("/")
        if world != HISTORY and outcome != "deal chance":
            assert np.array_equal(answered.numbers[name][0], answered.of(HISTORY, outcome)[0]), name


def test_history_gives_the_figures(answered: Answered, corridor: Corridor) -> None:
    figures = np.asarray(corridor.inputs.figures.encounters)[-len(answered.months) :]
    assert np.allclose(answered.of(HISTORY, "encounters by origin"), figures[..., None], rtol=1e-6)


def test_frozen_governments_give_the_twin_that_a_run_gives(answered: Answered, corridor: Corridor) -> None:
    found = history.run(corridor.setting, corridor.fit, draws=DRAWS, key=1, changes=CHANGES)
    rows = slice(-len(answered.months), None)
    twin = found.result.twin_encounters.values[rows].sum(axis=2)
    assert np.allclose(answered.of(FROZEN, "encounters by origin"), twin, rtol=1e-12)
    assert np.allclose(answered.of(FROZEN, "deaths"), found.result.twin_deaths.values[rows].sum(axis=1), rtol=1e-12)


def test_parts_sum_to_the_whole(answered: Answered) -> None:
    whole = answered.effect(ANSWERING, "encounters")
    for axis in ("origin", "group", "sector"):
        assert np.allclose(answered.effect(ANSWERING, f"encounters by {axis}").sum(axis=1), whole, rtol=1e-9, atol=1e-6)


def test_governments_that_answer_differ_only_after_a_month_in_which_arrivals_did(answered: Answered) -> None:
    frozen, answering = (answered.of(world, "encounters") for world in (FROZEN, ANSWERING))
    assert np.array_equal(frozen[1], answering[1])  # January: nobody has seen more yet
    assert not np.array_equal(frozen[3:], answering[3:])


def test_who_does_not_answer_is_frozen(corridor: Corridor) -> None:
    work = run._work(corridor, run._altered(corridor, CHANGES), RunOptions(draws=DRAWS))
    still = Reaction(gates=jnp.zeros(len(STAGES)), effort=jnp.zeros(()))
    block = replace(work, deals=None, reaction=still, spread=np.zeros(len(STAGES) + 1))(0)
    for name in outcomes.OUTCOMES:
        assert np.array_equal(block[f"{FROZEN}/{name}"], block[f"{ANSWERING}/{name}"])


def test_a_draw_does_not_depend_on_how_many_there_are(answered: Answered, corridor: Corridor) -> None:
    more = run.run(corridor, CHANGES, RunOptions(draws=70))
    for name, few in answered.numbers.items():
        assert np.array_equal(more.numbers[name][..., :DRAWS], few), name


def test_a_new_question_compiles_nothing(answered: Answered, corridor: Corridor) -> None:
    compiled = worlds.run._cache_size()
    run.run(corridor, [edit.parse_set("levers.cbp_one.slots=0", Month.parse("2023-09"))], RunOptions(draws=DRAWS))
    assert worlds.run._cache_size() == compiled > 0


def test_parole_that_ends_takes_its_places_from_those_admitted(corridor: Corridor) -> None:
    change = edit.parse_set("levers.chnv_parole.slots=0", Month.parse("2024-03"), Month.parse("2024-03"))
    found = run.run(corridor, [change], RunOptions(draws=2))
    row = found.months.index(Month.parse("2024-03"))
    gone = found.effect(FROZEN, "admitted")[row] - found.effect(FROZEN, "appointments")[row]
    assert np.allclose(gone, -30_000.0)


def test_leverage_of_the_partner_is_what_withdrawing_it_finds(answered: Answered, corridor: Corridor) -> None:
    assert str(answered.probed) == "2024-03"
    other = withdrawn.withdraw(
        corridor, "MEX", [Month.parse("2024-03")], RunOptions(draws=DRAWS), table=load_bargain("us-mexico")
    )
    assert np.allclose(answered.leverage(HISTORY), other.more("encounters", withdrawn.STOPPED, 3)[0], rtol=1e-9)


def test_an_election_moved_changes_what_arrivals_weigh_and_nobody_who_arrives(corridor: Corridor) -> None:
    found = run.run(corridor, [edit.parse_set("elections.USA.2022-11=2021-11")], RunOptions(draws=4))
    assert not np.any(found.effect(FROZEN, "encounters"))
    assert (str(found.first), str(found.last)) == ("2020-12", "2022-11")  # from the election before to the old date
    heard = public.of_worlds(found, 1)
    month = found.months.index(Month.parse("2022-10"))
    assert np.array_equal(heard[FROZEN].attention, heard[HISTORY].attention)
    assert (heard[FROZEN].salience[month] <= heard[HISTORY].salience[month]).all()
    assert (heard[FROZEN].salience[month] < heard[HISTORY].salience[month]).any()


@pytest.mark.parametrize(
    ("texts", "says"),
    [
        (["elections.MEX.2021-06=2021-12"], "alter nothing"),
        (["elections.USA.2022-12=2021-12"], "USA.2022-11"),
        (["elections.USA.2022-11=soon"], "soon"),
        (["levers.contention.effort=0", "levers.contention.effort=1"], "contradict"),
        (["levers.contention.effort=0"], "already holds"),
    ],
)
def test_what_alters_nothing_or_contradicts_is_refused(corridor: Corridor, texts: list[str], says: str) -> None:
    first = Month.parse("2019-01" if says == "already holds" else "2024-02")
    last = Month.parse("2019-03") if says == "already holds" else None
    timeless = "elections" in texts[0]
    changes = [edit.parse_set(text, *(() if timeless else (first, last))) for text in texts]
    with pytest.raises(PalancaError, match=says):
        run.run(corridor, changes, RunOptions(draws=2))


def test_in_the_first_month_out_nobody_has_answered_and_own_limits_only_lessen(corridor: Corridor) -> None:
    months = [Month.parse("2023-09"), Month.parse("2024-01")]
    found = withdrawn.withdraw(corridor, "MEX", months, RunOptions(draws=DRAWS), table=load_bargain("us-mexico"))
    assert np.array_equal(
        found.more("encounters", withdrawn.STOPPED, 1), found.more("encounters", withdrawn.ANSWERED, 1)
    )
    assert not np.array_equal(
        found.more("encounters", withdrawn.STOPPED, 6), found.more("encounters", withdrawn.ANSWERED, 6)
    )
    assert (found.more("encounters", withdrawn.LIMITED, 6) <= found.more("encounters", withdrawn.STOPPED, 6)).all()
    assert (found.more("encounters", withdrawn.STOPPED, 3) > 0.0).all()
