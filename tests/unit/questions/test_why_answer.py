"""What a made-up change comes to in words, tables and data: what is found of each cause follows its numbers."""

from __future__ import annotations

from dataclasses import replace

import histories
import numpy as np
import pytest

from palanca.core.clock import Month
from palanca.questions.outcomes import OUTCOMES, OutcomeQuery
from palanca.questions.why import answer, explained, findings, tables
from palanca.questions.why.causes import GROUPS, PARTS, UNDER_WAY
from palanca.questions.why.claims import (
    ClaimComparison,
    ClaimVerdict,
    ExplainedChange,
    SourcedClaim,
    clear,
    robust,
    verdict,
)
from palanca.questions.why.shared_out import SharedOut
from palanca.questions.why.shares import Why
from palanca.show import draw
from palanca.show.answer import Finding
from palanca.show.estimate import Basis, Inputs

DRAWS = 41
SPREAD = np.linspace(-1.0, 1.0, DRAWS)
CLAIM = SourcedClaim("Enforcement made arrivals plummet.", "nearly all of it", (0.75, 1.0), "transit", "lowered", "S")
NOTHING = Inputs((), np.empty((0, DRAWS)))


def made(sizes: dict[str, tuple[float, float]], *, before: float = 100_000.0, spread: float = 0.0) -> Why:
    """A change whose causes have these means and half-widths; shared shocks take the slack so that all sum to it."""
    people = {name: np.zeros_like(SPREAD) for name in PARTS}
    for name, (mean, wide) in sizes.items():
        people[name] = mean + wide * SPREAD
    start = np.full_like(SPREAD, before)
    after = start + sum(mean for mean, _ in sizes.values()) + spread * SPREAD
    people["shared"] = people["shared"] + (after - start) - np.sum(list(people.values()), axis=0)
    return Why(
        case=histories.case(),
        asked=OutcomeQuery(OUTCOMES["encounters"]),
        months=(Month.parse("2019-05"), Month.parse("2019-06")),
        before=start,
        after=after,
        people=people,
        logs=None,
        alone=people,
        last=people,
        grouped={name: np.zeros_like(SPREAD) for name in GROUPS},
        moved=tuple(name for name in PARTS if name != UNDER_WAY and people[name].any()),
        figures=(float(start[0]), float(after[0])) if not spread else None,
        single={"MEX": 0.0 * SPREAD, "HND": -5_000.0 + 100.0 * SPREAD},
        singled=("HND",),
        harm={"deaths": np.array([100.0 + SPREAD, 60.0 + SPREAD]), "held": np.array([9e4 + SPREAD, 8e4 + SPREAD])},
        slip=0.0,
        doubts={},
    )


def shared(found: Why, *claims: SourcedClaim, inputs: Inputs = NOTHING) -> SharedOut:
    return SharedOut(found, inputs, claims, None)


def text(found: list[Finding]) -> str:
    return " ".join(one.text for one in found)


@pytest.fixture
def fall() -> Why:
    return made(
        {
            "declared": (-20_000.0, 1_600.0),
            "season": (-8_000.0, 12_000.0),
            "own": (-6_000.0, 1_000.0),
            UNDER_WAY: (4_000.0, 500.0),
            "shared": (-10_000.0, 0.0),
        }
    )


def test_the_findings_give_the_fall_what_made_it_and_whom_it_harms(fall: Why) -> None:
    first, second, third, *rest = findings.of_change(shared(fall))
    assert first.text == (
        "Encounters between ports of entry fell by 40,000 (40\u00a0%) from May\u00a02019 to June\u00a02019: from "
        "100,000 to 60,000."
    )
    assert first.numbers["change"].estimate == pytest.approx(-40_000.0)
    assert "Mexico's levers and enforcement made 50\u00a0% [46, 54]" in second.text
    assert "Against it worked what was already under way 10\u00a0% [9, 11]" in second.text
    assert second.numbers["Mexico's levers"].estimate == pytest.approx(50.0)
    assert "deaths on the way 100" in third.text
    assert third.numbers["deaths on the way, after"].estimate == pytest.approx(60.0)
    assert "cannot tell whether these raised or lowered it: the season" in text(rest)
    assert "Honduras \u22125,000" in text(rest)
    assert "part of these shocks may be policy" in text(rest)


def test_rows_of_the_first_table_are_sorted_and_hold_the_change(fall: Why) -> None:
    frame = tables.of_change(shared(fall))[0].frame().set_index("cause")
    assert list(frame.index)[:2] == ["all: the fall", "Mexico: effort as declared"]
    assert frame.loc["all: the fall", "events"] == pytest.approx(-40_000.0)
    assert frame.loc["Mexico: effort as declared", "events low"] == pytest.approx(-20_000.0 - 0.9 * 1_600.0)
    assert frame.loc["already under way", "% of the fall"] == pytest.approx(-10.0)
    assert "words newly spoken" not in frame.index


def test_shares_in_the_data_sum_to_the_change_in_every_draw(fall: Why) -> None:
    data = answer.dataset(fall)
    change = data["outcome"].isel(month=1) - data["outcome"].isel(month=0)
    assert np.allclose(data["share"].sum("cause"), change, rtol=1e-12)
    assert data["share"].attrs["units"] == "events / month"
    assert float(data["deaths"].isel(month=1).mean()) == pytest.approx(60.0)


def test_a_change_that_is_not_well_known_is_not_divided_by(fall: Why) -> None:
    loose = made({"declared": (-20_000.0, 2_000.0), "shared": (15_000.0, 0.0)}, spread=9_000.0)
    assert clear(fall)
    assert not clear(loose)
    assert list(tables.of_change(shared(loose))[0].columns) == ["cause", "events"]
    first, second, *_ = findings.of_change(shared(loose))
    assert "whether that is a rise or a fall, the model cannot tell" in first.text
    assert "Lowered it: Mexico's levers and enforcement 20,000 [18,200, 21,800]" in second.text
    assert any("shares of it are not given" in one for one in answer.caveats(shared(loose)))


@pytest.mark.parametrize(
    ("claim", "found"),
    [
        (CLAIM, ClaimVerdict.smaller),  # half of the fall, where the source says nearly all
        (replace(CLAIM, share=(0.0, 0.3)), ClaimVerdict.larger),
        (replace(CLAIM, share=(0.4, 0.6)), ClaimVerdict.same),
        (replace(CLAIM, share=(0.5, 0.9)), ClaimVerdict.size_unclear),
        (replace(CLAIM, share=None), ClaimVerdict.direction),
        (replace(CLAIM, way="raised"), ClaimVerdict.opposite),
        (replace(CLAIM, group="season"), ClaimVerdict.unclear),
        (replace(CLAIM, group="news"), ClaimVerdict.unmoved),
    ],
)
def test_a_claim_is_compared_in_direction_and_in_size(fall: Why, claim: SourcedClaim, found: ClaimVerdict) -> None:
    """Mexico's levers made 46 to 54 % of the fall."""
    assert verdict(claim, fall) is found
    assert str(found) in text(findings.claimed(shared(fall, claim)))


def test_a_claim_stands_beside_the_share_of_what_it_names(fall: Why) -> None:
    (one,) = findings.claimed(shared(fall, CLAIM))
    assert one.text.startswith(
        "S says: Enforcement made arrivals plummet (nearly all of it). The model on Mexico's levers"
    )
    assert one.text.endswith("50\u00a0% [46, 54] of the fall; the same direction, but less than the source says.")


def test_two_draws_tell_nothing_apart_from_zero(fall: Why) -> None:
    ends = [0, -1]
    few = replace(
        fall,
        before=fall.before[ends],
        after=fall.after[ends],
        people={name: draws[ends] for name, draws in fall.people.items()},
        harm={name: draws[:, ends] for name, draws in fall.harm.items()},
        single={name: draws[ends] for name, draws in fall.single.items()},
    )
    assert verdict(CLAIM, few) is ClaimVerdict.few
    made_of_few = shared(few, inputs=Inputs((), np.empty((0, 2))))
    assert "too few for an interval" in findings.of_change(made_of_few)[1].text
    assert answer.caveats(made_of_few)[0].startswith("Only 2 draws")


def test_what_no_figure_narrowed_is_named_where_it_makes_the_interval() -> None:
    """Half as much beyond the levers as they are doubted: the sum of both is firm, the split assumed."""
    doubt = np.random.default_rng(1).permutation(SPREAD)
    fall = made({"declared": (-20_000.0, 0.0), "delivered": (-5_000.0, 0.0), "shared": (-15_000.0, 0.0)})
    people = fall.people | {"declared": -20_000.0 + 9e3 * doubt, "delivered": -5_000.0 - 9e3 * doubt}
    inputs = Inputs(("effort_power",), doubt[None])
    found = findings.of_change(shared(replace(fall, people=people), inputs=inputs))
    (split,) = [one for one in found if "as declared" in one.numbers]
    assert split.numbers["as declared"].basis is Basis.assumed
    assert split.numbers["as declared"].assumed_by == ("effort_power",)
    assert split.numbers["together"].low == pytest.approx(62.5)
    assert split.numbers["together"].high == pytest.approx(62.5)


def test_an_effect_whose_prior_keeps_to_one_side_is_marked_so(fall: Why) -> None:
    spoken = made({"news": (-5_000.0, 500.0), "shared": (-10_000.0, 0.0)})
    assert shared(spoken).percent(["news"]).basis is Basis.learned
    doubted = replace(spoken, doubts={"news": "the figures did not narrow what was assumed of its effect"})
    assert shared(doubted).percent(["news"]).basis is Basis.sign_assumed


def test_another_way_of_counting_that_moves_the_largest_part_is_named(fall: Why) -> None:
    assert robust(replace(fall, grouped={name: fall.group(name) for name in GROUPS})).holds
    other = {name: -1.0 * (name == "season") + fall.group(name) * 0.0 for name in GROUPS}
    shaken = robust(replace(fall, grouped=other))
    assert not shaken.holds
    assert shaken.others[2] == "season"
    assert "or the season" in text(findings.of_change(shared(replace(fall, grouped=other))))


def test_the_steps_of_the_chart_lead_from_the_first_month_to_the_second(fall: Why) -> None:
    (bars,) = draw.figure(tables.waterfall(shared(fall))).data
    assert bars.x[0] == 100_000.0
    assert bars.x[-1] == 60_000.0
    assert bars.base[-2] + bars.x[-2] == pytest.approx(60_000.0)


def test_claims_over_all_changes_are_counted_by_how_they_fared(fall: Why) -> None:
    named = (CLAIM, replace(CLAIM, share=None), replace(CLAIM, way="raised"), replace(CLAIM, group="season"))
    one = ClaimComparison(ExplainedChange("one", *fall.months, "encounters", named), fall)
    made_of = {"one": shared(fall, *named)}
    first, *_ = explained.summary([one], made_of)
    assert (
        "Of 4 claims by sources, the model finds 1 in the direction given, 1 in that direction but of another size"
        in (first.text)
    )
    assert "and 1 the other way round" in first.text
    frame = explained.table_of_claims(made_of).frame()
    assert next(iter(frame["comparison"])) == str(ClaimVerdict.smaller)
    assert float(
        explained.dataset([one])["share"].sel(change="one", group_of_causes="transit").mean()
    ) == pytest.approx(-20_000.0)
