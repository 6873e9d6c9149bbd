"""Episodes are told by the case, do not overlap, are scored as by pencil, and levers at rest predict no effect."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from palanca.core.clock import Month
from palanca.core.errors import FitError, UsageError
from palanca.evidence.episodes import answer
from palanca.evidence.episodes import run as episodes
from palanca.evidence.episodes.declared import BEFORE, UNTIL, WITHOUT, Episode, Side, check, table
from palanca.evidence.episodes.run import LEVERS, NO_EFFECT, PRACTICE, EpisodeOutcome
from palanca.infer import history
from palanca.infer.fit import Fit
from palanca.infer.search import PosteriorMode
from palanca.questions import kept
from palanca.show import page, terminal
from palanca.show.answer import Answer, Provenance
from palanca.spec import load, schedule


@pytest.fixture(scope="module")
def case():
    return load.load("us-mexico")


def made_up(name: str = "made-up", months: tuple[str, ...] = ("2020-01", "2020-02")) -> Episode:
    sides = (Side(("VEN",)), Side(("MEX",)))
    return Episode(name, name, tuple(map(Month.parse, months)), *sides, WITHOUT, ("contention",), ("S0",), "")


def outcome(seen: float, levers: float, practice: float, none: float = 0.0, spread: float = 0.0) -> EpisodeOutcome:
    """A contrast seen and predicted; the uncovered side does not move."""
    noise = spread * np.linspace(-1.0, 1.0, 101)

    def sides(contrast: np.ndarray | float) -> np.ndarray:
        covered = np.broadcast_to(contrast + noise, (2, len(noise)))
        return np.stack([covered, np.zeros_like(covered)], axis=1)

    predicted = {NO_EFFECT: sides(none), LEVERS: sides(levers), PRACTICE: sides(practice)}
    return EpisodeOutcome(made_up(), np.array([[seen - 0.3, 0.0], [seen + 0.5, 0.2]]), predicted, (0.0, 0.0))


def test_ten_episodes_are_scored_two_of_2025_are_not_and_the_case_tells_each(case) -> None:
    known = table()
    assert len({episode.id for episode in known}) == len(known) == 12
    for episode in known:
        check(case, episode)
    apart = [episode for episode in known if episode.fit == UNTIL]
    assert [episode.months[0].year for episode in apart] == [2025, 2025]
    assert all(episode.fit == WITHOUT for episode in known if episode not in apart)


def test_episodes_are_in_order_and_nobody_is_on_two_sides(case) -> None:
    known = table()
    assert list(known) == sorted(known, key=lambda episode: episode.months[0])
    for episode in known:
        assert 1 <= len(episode.months) <= episodes.WINDOW
        assert not (episode.covered.where(case) * episode.uncovered.where(case)).any()
        assert episode.covered.where(case).any()
        assert episode.level == (not episode.uncovered.where(case).any())
        assert episode.why.endswith(".")


def test_a_side_is_its_origins_in_its_groups_or_in_all(case) -> None:
    adults = Side(("MEX",), ("single_adult",)).where(case)
    assert adults.sum() == 1
    assert adults[list(case.origins).index("MEX"), list(case.groups).index("single_adult")] == 1
    assert Side(("MEX", "VEN")).where(case).sum() == 2 * len(case.groups)


def test_logs_are_of_the_sum_over_a_side() -> None:
    counts = np.arange(24.0).reshape(2, 3, 2, 2)
    side = np.array([[1.0, 0.0], [0.0, 0.0], [1.0, 1.0]])
    found = episodes._logs(counts, side)
    assert np.allclose(found, np.log(counts[:, 0, 0] + counts[:, 2, 0] + counts[:, 2, 1] + episodes.FEW))
    assert np.ptp(episodes._logs(counts, 0.0 * side)) == 0.0  # nobody never moves


def test_every_lever_of_an_episode_moves_in_its_months(case) -> None:
    """A lever that stays as it was in the month before would not be of the episode."""
    schedules = schedule.settings(case)
    for episode in table():
        before = [episode.months[0] + (-ago) for ago in range(1, BEFORE + 1)]
        window = [case.span.span.position(month) for month in (*before, *episode.months)]
        for lever in episode.levers:
            moved = [np.ptp([one.values[t] for t in window]) > 0.0 for one in schedules if one.lever == lever]
            assert any(moved), (episode.id, lever)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"months": (Month.parse("2099-01"),)}, "2013-10 to "),
        ({"months": (Month.parse("2013-12"),)}, "2013-09"),
        ({"covered": Side(("ATL",))}, "ATL"),
        ({"uncovered": Side(("MEX",), ("elders",))}, "elders"),
        ({"levers": ("contention", "moat")}, "moat"),
        ({"sources": ("HEARSAY",)}, "HEARSAY"),
    ],
)
def test_an_episode_that_the_case_does_not_tell_is_refused(case, change, says) -> None:
    with pytest.raises(UsageError, match=says):
        check(case, replace(made_up(), **change))


def test_the_contrast_is_covered_less_uncovered_over_the_mean_of_the_months() -> None:
    one = outcome(seen=-0.4, levers=-0.3, practice=0.1)
    assert one.contrast_seen == pytest.approx((-0.7 - 0.0 + 0.1 - 0.2) / 2)
    assert one.error(LEVERS) == pytest.approx(0.1)
    assert one.sign_right(LEVERS)
    assert not one.sign_right(PRACTICE)
    assert np.median(one.effect(PRACTICE)) == pytest.approx(0.1)


def test_scores_are_those_of_the_pencil() -> None:
    found = {row.rule: row for row in episodes.score([outcome(-1.0, -0.5, -1.2), outcome(0.2, -0.2, 0.2, 0.1)])}
    assert found["zero"].error == pytest.approx(0.6)
    assert found[LEVERS].error == pytest.approx((0.5 + 0.4) / 2)
    assert found[PRACTICE].error == pytest.approx((0.2 + 0.0) / 2)
    assert found[NO_EFFECT].error == pytest.approx((1.0 + 0.1) / 2)
    assert (found[LEVERS].signs, found[PRACTICE].signs, found[NO_EFFECT].signs) == (1, 2, 1)
    assert found[PRACTICE].effect_signs == 2
    assert found[PRACTICE].to_zero == pytest.approx(0.1 / 0.6)
    assert found[LEVERS].to_zero_less == pytest.approx(0.4 / 0.2)
    assert found[PRACTICE].to_panel == pytest.approx(0.1 / 0.55)


def test_episodes_of_a_fit_to_earlier_months_are_told_and_not_scored() -> None:
    one = outcome(-0.4, -0.3, -0.2)
    apart = replace(one, episode=replace(one.episode, id="later", fit=UNTIL), seen=one.seen + 9.0)
    assert episodes.scored([one, apart]) == [one]
    assert episodes.scored([apart]) == [apart]
    told = answer.findings([one, apart])
    assert told[0].text.startswith("Of 1 episode,")
    assert [("not scored" in finding.text) for finding in told[-2:]] == [False, True]
    alone = {row.rule: row.error for row in episodes.score([one])}
    assert answer.dataset([one, apart])["error"].values.tolist() == pytest.approx(list(alone.values()))


def test_an_interval_holds_what_lies_in_it() -> None:
    """Draws even from 1 below to 1 above: 80 % lie within .8 of the middle, 90 % within .9."""
    near, between, far = (outcome(seen, 0.0, 0.0, spread=1.0) for seen in (0.79, -0.85, 0.95))
    found = {row.rule: row for row in episodes.score([near, between, far])}
    assert found[LEVERS].held_80 == 1
    assert found[LEVERS].held_90 == 2
    assert ["outside" in answer.lesson(one).text for one in (near, between, far)] == [False, False, True]


@pytest.mark.parametrize(
    ("one", "says", "never"),
    [
        (outcome(-1.0, 0.5, 0.4), "wrong with both", "explained"),
        (outcome(-1.0, 0.5, 0.4, none=0.9), "less than the momentum", "wrong with both"),
        (outcome(-1.0, -0.9, 0.4, spread=0.5), "90 % of the size is explained", "outside"),
        (outcome(-1.0, -0.1, -0.05), "a sign at most: 10", "the sign is right"),
        (outcome(-1.0, -2.5, 3.0), "further off than no difference", "explained"),
        (outcome(-0.05, -0.04, -0.04, spread=1.0), "teaches little", "explained"),
        (outcome(-1.0, -0.8, -0.7, none=-0.9), "owes the sign to momentum", "wrong"),
        (outcome(-1.0, -0.5, -0.4, spread=0.1), "moved more than other episodes tell", "less than other"),
        (outcome(-1.0, -1.5, -1.6, spread=0.1), "moved less than other episodes tell", "more than other"),
    ],
)
def test_what_an_episode_teaches_follows_from_its_numbers(one, says, never) -> None:
    said = answer.lesson(one).text
    assert says in said.replace("\u00a0", " ")
    assert never not in said.replace("\u00a0", " ")
    assert said.endswith(".")
    assert ".." not in said


def test_no_number_that_is_none_is_printed_even_of_a_single_episode() -> None:
    """The rule of no difference draws nothing, and leaving the largest of one out leaves none."""
    one = [outcome(-0.4, -0.3, -0.2, spread=0.2)]
    shown = Answer(
        answer.question(one),
        answer.dataset(one),
        tuple(answer.findings(one)),
        tuple(answer.tables(one)),
        tuple(answer.charts(one)),
        tuple(answer.caveats(one)),
        Provenance("evidence.episodes", {}, "small", {}, 1, 101),
    )
    for text in (terminal.first_screen(shown, 80), terminal.full(shown, 80), page.html(shown)):
        assert not re.search(r"\bnan\b|\binf\b", re.sub(r"<script.*?</script>", "", text, flags=re.S))
    rows = shown.table("rules over all episodes").set_index("rule")
    assert rows.loc["levers as declared", "mean error"] == pytest.approx(0.1)
    assert rows.loc["no difference", "mean error"] == pytest.approx(0.4)


def test_the_data_hold_every_draw_of_every_rule_by_month_and_side() -> None:
    """Covered origins are predicted at -0.3 with levers as declared; uncovered ones do not move."""
    data = answer.dataset([outcome(-0.4, -0.3, -0.2)])
    assert data["predicted"].dims == ("episode", "rule", "step", "side", "draw")
    found = data["predicted"].sel(rule=LEVERS, side="covered")
    assert np.allclose(found, -0.3)
    assert np.allclose(data["contrast_counted"], -0.4 + 0.1 - 0.1)
    assert data["counted"].attrs["units"] == "log points"


def test_what_was_kept_is_not_made_again_and_a_torn_file_is_refused(tmp_path: Path) -> None:
    def never() -> dict[str, np.ndarray]:
        raise AssertionError("made again")

    path = tmp_path / "deep" / "one.npz"
    first = kept.arrays(path, lambda: {"mode": np.arange(3.0)})
    assert np.array_equal(kept.arrays(path, never)["mode"], first["mode"])
    path.write_bytes(path.read_bytes()[:40])
    with pytest.raises(FitError, match="Remove the file"):
        kept.arrays(path, never)


@pytest.mark.slow
def test_levers_and_practice_at_rest_predict_what_no_effect_does(case) -> None:
    """From March 2017 no lever moves for three months: the declared levers then add nothing, to rounding."""
    setting = history.prepare(case)
    layout = setting.evidence.layout
    mode = layout.centre()
    still = Fit(layout, mode, np.zeros((len(mode), len(mode))), np.zeros(len(mode)), PosteriorMode(mode, 0.0, 0.0, 0))
    quiet = made_up(months=("2017-04", "2017-05", "2017-06"))
    found = episodes.predict(setting, quiet, still, draws=64)
    assert np.abs(found.effect(LEVERS)).max() < 1e-9
    counts = setting.evidence.all_cells
    at = case.span.span.position(quiet.months[0])
    for side, code in enumerate(("VEN", "MEX")):
        logs = np.log(counts[:, list(case.origins).index(code)].sum(axis=1) + episodes.FEW)
        np.testing.assert_allclose(found.seen[:, side], logs[at : at + 3] - logs[at - BEFORE : at].mean(), atol=1e-12)
    moving = replace(quiet, months=tuple(Month.parse("2024-01") + i for i in range(3)))
    assert np.median(episodes.predict(setting, moving, still, draws=64).effect(LEVERS)) < -0.05
