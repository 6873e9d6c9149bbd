"""What the page shows is what the answer holds: widths, marks, dots, words and addresses, worked out by hand."""

from __future__ import annotations

import numpy as np
import page_answers as made
import pytest

from palanca.core.clock import Month
from palanca.web import view, view_chart
from palanca.web.address import AskedWorld, ChangeWord, parse
from palanca.web.view_parts import WorldView

ORIGINS = 14


@pytest.fixture(scope="module")
def case():
    return made.case()


@pytest.fixture(scope="module")
def past(case):
    return made.history(case)


@pytest.fixture
def shown(case, past, monkeypatch):
    """A view of the answer at an address."""
    monkeypatch.setattr(view, "history", lambda model: past)

    def show(lang: str = "en", answer=None, others=(), **fields: object) -> WorldView:
        address = made.address(**fields)
        return view.world_view(answer or made.changed(case), made.model(case), address, lang, others)

    return show


def line(found: WorldView) -> str:
    return found.title.replace("\u00a0", " ")


def ribbons(found: WorldView) -> dict:
    return {one.id: one for one in (*found.sheet.ribbons, *found.sheet.after)}


def test_a_ribbon_is_as_wide_as_its_people_and_its_rim_as_the_difference(shown):
    ways = ribbons(shown())
    let_in = ORIGINS * made.LEVEL["let_in"]
    assert ways["after-let_in"].core == pytest.approx(let_in * 0.2 / 1000, abs=0.006)
    assert ways["after-let_in"].more == pytest.approx(1.2 * let_in * 0.2 / 1000, abs=0.006)
    assert ways["after-let_in"].fewer == 0.0


def test_fewer_people_leave_hatching_as_wide_as_history(shown):
    stopped = ribbons(shown())["stopped"]
    then = ORIGINS * made.LEVEL["stops"] * 0.2 / 1000
    assert (stopped.fewer, stopped.core, stopped.more) == pytest.approx((then, then / 2, 0.0), abs=0.006)


def test_the_ways_of_an_origin_add_up_to_those_who_set_out(shown):
    ways = ribbons(shown())
    flown = sum(one.core for name, one in ways.items() if name.startswith("air"))
    walked = sum(one.core for name, one in ways.items() if name.startswith("walk"))
    others = 9  # origins that are drawn by air or to the Darien
    assert flown + walked == pytest.approx(others * made.LEVEL["set_out"] * 0.2 / 1000, abs=0.05)


def test_there_is_one_mark_for_each_person_who_died(shown):
    marks = shown().sheet.marks
    kinds = [one.kind for one in marks]
    assert kinds.count("same") == 20 + 10 + 4
    assert kinds.count("more") == 10 + 5 + 2


def test_fewer_deaths_leave_an_outline(shown, monkeypatch):
    monkeypatch.setitem(made.MORE, "deaths", -0.5)
    kinds = [one.kind for one in shown().sheet.marks]
    assert (kinds.count("same"), kinds.count("fewer")) == (17, 17)


def test_the_headline_tells_the_difference_then_both_levels(shown):
    assert line(shown()) == "About 5,880 more encounters in January 2024: 64,700 in place of the 58,800 recorded."


def test_the_headline_follows_the_outcome_shown(shown):
    assert line(shown(show="ho")).startswith("About 19,600 fewer people on hold in January 2024: 58,800 in place")


def test_an_interval_that_holds_zero_gives_no_signed_headline(shown, monkeypatch):
    monkeypatch.setattr(made, "spread", lambda share: share * np.linspace(-1.0, 2.0, made.DRAWS))
    lead = shown().lead
    assert lead.state == "unclear"
    assert not any(piece.strong for piece in lead.answer)


def test_a_month_before_the_change_shows_no_difference_and_says_so(shown):
    found = shown(month=Month.parse("2023-12"))
    assert line(found) == "No difference in December 2023: the change begins in January 2024."
    assert not any(one.more or one.fewer for one in found.sheet.ribbons)
    assert not any(one.change for one in found.stations)


def test_history_alone_is_told_as_published_and_invites(shown, past):
    found = shown(answer=past, world=AskedWorld(), month=Month.parse("2024-02"))
    assert (found.lead.state, found.lead.basis.mark) == ("history", "square")
    assert line(found) == "58,800 encounters in February 2024."
    assert found.compare.rows == ()


def test_ten_dots_are_the_quantiles_and_do_not_overlap(shown):
    circles = shown().dots.circles
    assert len(circles) == 10
    apart = [np.hypot(a.x - b.x, a.y - b.y) for k, a in enumerate(circles) for b in circles[:k]]
    assert min(apart) >= 2 * circles[0].r - 0.6


def test_dots_stay_on_the_axis_whatever_the_effect(shown, monkeypatch):
    for share in (0.001, 0.3, -0.4, 6.0):
        monkeypatch.setitem(made.MORE, "encounters", share)
        xs = [one.x for one in shown().dots.circles]
        assert 2.0 <= min(xs) <= max(xs) <= 398.0


def test_the_curve_begins_in_the_last_month_that_all_worlds_share(shown):
    curve = shown().curves[0]
    start = curve.changed.split("L")[0][1:]
    assert start in curve.history


def test_every_address_on_the_page_can_be_read_again(shown, case):
    found = shown()
    queries = [found.earlier, found.later, found.board.reset, found.keep, *found.curves[0].queries]
    queries += [one.query for one in (*found.months, *found.outcomes, *found.board.worlds, *found.board.reacts)]
    queries += [one.query for one in found.board.every if one.query]
    for query in queries:
        assert "?" + parse(case, query.removeprefix("?"), 400).query() == query


def test_a_lever_set_to_none_stands_at_zero_with_its_record_marked(shown):
    panel = shown().board.panels[0]
    assert (panel.id, panel.slider.at, panel.slider.mark, panel.changed) == ("contention", 0.0, 1.0, True)
    assert panel.value == "None"
    assert panel.recorded == "recorded: 2 to 3 × routine control"


def test_no_more_than_four_worlds_stand_side_by_side(shown, case):
    half = [AskedWorld((ChangeWord("contention", f"0.{k}x", made.FIRST),)) for k in (5, 6, 7)]
    found = shown(compare=tuple(half), others=tuple(made.changed(case) for _ in half))
    assert found.keep == ""
    assert len(found.compare.rows) == 1 + 4


def test_a_view_comes_back_from_its_json(shown):
    found = shown()
    assert WorldView.model_validate_json(found.model_dump_json()) == found


def test_a_case_without_a_drawing_lists_its_stations_with_bars(shown, monkeypatch):
    monkeypatch.setattr(view.view_file, "of", lambda name: view.view_file.PageFile())
    found = shown()
    assert found.sheet is None
    assert max(one.bar for one in found.stations) == 1.0


def test_spanish_says_the_same_numbers(shown):
    found = shown(lang="es")
    assert found.title == "En enero de 2024, cerca de 5,880 más: 64,700 encuentros en lugar de 58,800 en el registro."
    assert [one.said.lang for one in found.findings] == ["es", "en"]


@pytest.mark.parametrize(
    ("span", "ticks", "wanted"), [(10.0, 4, 5.0), (100.0, 4, 50.0), (9_999.0, 3, 5_000.0), (0.8, 4, 0.2)]
)
def test_steps_are_round(span, ticks, wanted):
    assert view_chart.step(span, ticks) == pytest.approx(wanted)


def test_a_country_takes_its_article_within_a_sentence(shown):
    word = ChangeWord("cbp_one", "0x", made.FIRST)
    asked = "".join(piece.text for piece in shown(world=AskedWorld((word,))).lead.question).replace("\u00a0", " ")
    assert asked == "What if the United States had not used appointments at ports from January 2024?"
