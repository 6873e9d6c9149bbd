"""What is drawn, listed and said of episodes are their numbers, in the palette, with words for those who cannot see."""

from __future__ import annotations

import re

import numpy as np
import pytest

from palanca.core.clock import Month
from palanca.evidence.episodes import RULES, Outcome, score, table
from palanca.questions.why import decompose, differences
from palanca.questions.why.decompose import Shares
from palanca.questions.why.differences import Differences
from palanca.report import episodes as page
from palanca.view import episode_prose, episode_tables, episodes, theme

JANUARY = Month.parse("2024-01")


@pytest.fixture(scope="module")
def outcomes() -> list[Outcome]:
    rng = np.random.default_rng(5)
    return [
        Outcome(
            episode,
            rng.normal(0.0, 0.5, (len(episode.months), 2)),
            {rule: rng.normal(0.0, 0.5, (len(episode.months), 2, 50)) for rule in RULES},
            (-1.0, 0.1),
        )
        for episode in table()
    ]


@pytest.fixture(scope="module")
def apart() -> tuple[Shares, Differences]:
    rng = np.random.default_rng(6)
    parts = {name: rng.normal(-0.1, 0.02, 50) for name in decompose.PARTS}
    values = {name: -0.1 * (i + 1) for i, name in enumerate(differences.PARTS)}
    none = {name: float("nan") for name in values} | {"apart": -0.9}
    some = none | {"apart": -0.1}
    years = {2023: -0.5, 2022: 0.1, 2013: -3.0}
    found = Differences(JANUARY, values, none, some, -1.5, np.zeros(9), 0.04, years)
    return Shares(JANUARY, parts, sum(parts.values()), -0.8), found


def test_every_chart_says_what_it_shows_in_words_and_in_colours_of_the_palette(outcomes, apart) -> None:
    known = set(theme.darkened()) | {"rgba(0,0,0,0)"}
    for one in episodes.of_study(outcomes, *apart):
        assert one.caption.endswith(".")
        assert one.key
        assert one.source
        for panel in one.panels:
            assert panel.alt.endswith(".")
            used = set(re.findall(r'"(#[0-9a-fA-F]+|rgba?\([^)]*\))"', panel.figure.to_json()))
            assert used <= known


def test_dots_are_medians_bars_are_90_percent_and_diamonds_are_the_figures(outcomes) -> None:
    figure = episodes.contrasts(outcomes).panels[0].figure
    for trace, rule in zip(figure.data, RULES, strict=False):
        low, mid, high = np.quantile([one.contrast(rule) for one in outcomes], (0.05, 0.5, 0.95), axis=1)
        assert np.allclose(trace.x, mid, atol=1e-3)
        assert np.allclose(np.array(trace.x) + trace.error_x.array, high, atol=2e-3)
        assert np.allclose(np.array(trace.x) - trace.error_x.arrayminus, low, atol=2e-3)
    assert np.allclose(figure.data[len(RULES)].x, [one.contrast_seen for one in outcomes], atol=1e-3)


def test_both_sides_stand_on_one_scale(outcomes) -> None:
    ranges = {tuple(panel.figure.layout.xaxis.range) for panel in episodes.sides(outcomes).panels}
    assert len(ranges) == 1


def test_tables_have_a_row_for_each_rule_month_and_part(outcomes, apart) -> None:
    months = sum(len(one.episode.months) for one in outcomes)
    assert len(episode_tables.by_episode(outcomes)) == len(outcomes) * len(RULES)
    assert len(episode_tables.by_month(outcomes)) == months * 2 * len(RULES)
    rows = episode_tables.parts(*apart)
    for method in ("palanca", "panel"):
        numbers = [row["log points"] for row in rows if row["method"] == method]
        assert sum(numbers[:-1]) == pytest.approx(numbers[-1])


def test_sentences_count_what_the_numbers_hold(outcomes, apart) -> None:
    said = " ".join(episode_prose.headline(score(outcomes), outcomes))
    right = {one.rule: one.signs for one in score(outcomes)}
    assert f"right in {right['levers']} with levers as declared and in {right['practice']} with" in said
    other = " ".join(episode_prose.apart_says(*apart))
    assert "in 1 of the 2 years before; the mean change was −0.20" in other  # the third year is too long ago
    assert "[−0.90 to −0.10] set others apart" in other


def test_the_page_holds_every_lesson_and_fetches_nothing(outcomes, apart) -> None:
    text = page.html("A corridor", outcomes, apart, {"Key": "7"})
    for one in outcomes:
        assert one.episode.why.replace("'", "&#x27;") in text
    assert 'src="http' not in text
    assert "@import" not in text
