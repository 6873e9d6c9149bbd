"""The page is whole, fetches nothing, escapes what a case says, and can be read aloud."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import histories
import pytest
from plotly.offline import get_plotlyjs

from palanca.report import page, tags
from palanca.view import theme

VOID = {"meta", "link", "br", "hr", "img", "input", "source"}
FETCHES = {"src", "href", "srcset", "data", "action", "poster"}
NASTY = 'A & B <script>alert("x")</script> $title'


class Outline(HTMLParser):
    """What a page is made of: every tag with its attributes, and any that closes the wrong one."""

    def __init__(self):
        super().__init__()
        self.open, self.wrong, self.found, self.text = [], [], [], {}

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append((tag, self.getpos()))

    def handle_data(self, data):
        if self.open:
            self.text[self.open[-1]] = self.text.get(self.open[-1], "") + data

    def of(self, tag):
        return [attrs for name, attrs in self.found if name == tag]


def read(text):
    outline = Outline()
    outline.feed(text)
    outline.close()
    return outline


@pytest.fixture(scope="module")
def whole():
    return page.html(histories.history(title=NASTY), lines={"Fit": "fedcba <9876>"})


@pytest.fixture(scope="module")
def outline(whole):
    return read(whole)


def test_every_tag_that_opens_is_closed_in_order(outline):
    assert not outline.wrong
    assert not outline.open


def test_nothing_is_fetched_when_the_page_is_viewed(outline, whole):
    asked = [(tag, value) for tag, attrs in outline.found for name, value in attrs.items() if name in FETCHES and value]
    assert not [(tag, value) for tag, value in asked if not value.startswith(("#", "data:"))]
    style = "".join(re.findall(r"<style>(.*?)</style>", whole, re.DOTALL))
    assert "url(" not in style
    assert "@import" not in style


def test_the_drawing_library_is_inside_once(whole):
    assert whole.count(get_plotlyjs()[:2000]) == 1
    assert len(whole.encode()) < 6_000_000


def test_every_figure_has_a_heading_a_caption_and_words_for_each_drawing(outline):
    figures, plots = outline.of("figure"), [a for a in outline.of("div") if a.get("class") == "plot"]
    assert len(figures) == len([1 for tag, _ in outline.found if tag == "figcaption"]) == 13
    ids = {attrs["id"] for _, attrs in outline.found if "id" in attrs}
    assert all(figure["aria-labelledby"] in ids for figure in figures)
    assert all(plot["role"] == "img" and len(plot["aria-label"]) > 20 for plot in plots)


def test_every_drawing_has_its_place_on_the_page(outline, whole):
    data = re.search(r'<script type="application/json" id="figures">(.*?)</script>', whole, re.DOTALL)
    places = {a["id"] for a in outline.of("div") if a.get("class") == "plot"}
    assert set(json.loads(data[1])) == places
    assert len(places) > 13


def test_ids_are_unique_and_links_lead_somewhere(outline):
    ids = [attrs["id"] for _, attrs in outline.found if "id" in attrs]
    assert len(ids) == len(set(ids))
    links = [a["href"].removeprefix("#") for a in outline.of("a")]
    assert len(links) > 4
    assert set(links) <= set(ids)


def test_text_of_a_case_cannot_become_markup(outline, whole):
    assert "<script>alert" not in whole
    assert outline.text["h1"] == NASTY
    assert outline.text["title"] == NASTY


def test_text_in_a_script_cannot_end_it():
    shown = tags.safe_json({"name": "</script><b>&"})
    assert "<" not in shown
    assert json.loads(shown) == {"name": "</script><b>&"}


def test_tables_have_captions_and_headed_rows_and_columns(outline):
    tables = outline.of("table")
    assert len(tables) == len(outline.of("caption")) == 5
    assert {a["scope"] for a in outline.of("th")} == {"col", "row"}


def test_provenance_says_how_to_get_the_same_numbers(whole):
    for text in ("palanca run small", "0123456789abcdef", "<dd><code>7</code></dd>", "fedcba &lt;9876&gt;"):
        assert text in whole
    assert "levers.contention.effort = 0.0" in whole


def test_what_is_solved_for_is_said_to_prove_nothing(whole):
    assert "Solved for, and so proves nothing" in whole
    assert "not a forecast" in whole


def test_both_palettes_are_on_the_page(whole):
    for part in theme.PALETTE.values():
        assert whole.count(part.light) >= 1
        assert whole.count(part.dark) >= 1
    assert "prefers-color-scheme:dark" in whole


def test_a_run_without_changes_has_no_part_about_them():
    outline = read(page.html(histories.history(twin=False)))
    sections = [a["id"] for a in outline.of("section")]
    assert sections == ["history", "tables", "agreement", "provenance"]


def test_a_table_shows_what_is_missing_as_a_dash():
    assert theme.NONE in tags.table([{"a": "x", "b": float("nan")}, {"a": "y", "b": 1.0}], "Caption")
    assert tags.table([], "Caption") == ""
