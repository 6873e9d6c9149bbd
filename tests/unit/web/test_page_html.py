"""The page as HTML: whole without script, escaped, and free of what the security policy forbids."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from types import SimpleNamespace

import page_answers as made
import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from palanca.web import frame, view
from palanca.web.words import FOLDER, words

TEMPLATES = FOLDER.parent / "templates"
EVIL = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def html():
    declared, past = made.case(), None
    past = made.history(declared)
    view.history, kept = (lambda model: past), view.history
    found = view.world_view(made.changed(declared), made.model(declared), made.address(), "en")
    view.history = kept
    env = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
    around = frame.Frame(
        case="us-mexico", title=EVIL, question="whatif", lang="en", base="/p", static="/p/static/x", here="/p/x",
        tabs=frame.tabs("/p", "us-mexico", "whatif", bare=False), files=(frame.File("data.csv", "/p/data.csv"),),
        langs=(frame.Tab("en", "/p/x", True), frame.Tab("es", "/p/x?lang=es", False)), version="0",
    )  # fmt: skip
    problem = SimpleNamespace(title="no such lever", where="address", found=EVIL, expected="", way_out="Did you mean")
    return env.get_template("whatif.html").render(view=found, frame=around, words=words("en"), problem=problem)


class _Seen(HTMLParser):
    """Tags, ids and attributes of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


@pytest.fixture(scope="module")
def tags(html):
    seen = _Seen()
    seen.feed(html)
    return seen.tags


def test_question_answer_sureness_and_table_are_in_the_html(html):
    for text in ("had not used contention", "5,880 more", "9 runs in 10 say", "Encounters between ports (events)"):
        assert text in html


def test_what_a_visitor_typed_is_escaped(html):
    assert EVIL not in html
    assert "&lt;script&gt;alert(1)" in html


def test_no_style_attribute_no_handler_and_no_script_of_its_own(html, tags):
    for tag, attrs in tags:
        assert not [name for name in attrs if name == "style" or name.startswith("on")], tag
        assert tag != "script" or attrs.get("src")
    assert "javascript:" not in html


def test_every_address_of_the_page_is_its_own(tags):
    for tag, attrs in tags:
        for name in ("href", "src", "action"):
            value = attrs.get(name)
            assert value is None or re.match(r"(/p/|\?|#|data:,$)", value), (tag, value)


def test_every_id_stands_once_and_what_is_named_by_one_is_there(tags):
    ids = [attrs["id"] for _, attrs in tags if attrs.get("id")]
    assert len(ids) == len(set(ids))
    wanted = set()
    for _, attrs in tags:
        for name in ("aria-labelledby", "aria-describedby", "aria-controls", "for"):
            wanted |= set((attrs.get(name) or "").split())
    assert wanted <= set(ids)


def test_a_lever_is_a_form_that_keeps_the_rest_of_the_address(tags):
    forms = [attrs for tag, attrs in tags if tag == "form" and "data-lever" in attrs]
    assert all(one.get("method") == "get" for one in forms)
    hidden = [(attrs["name"], attrs["value"]) for tag, attrs in tags if attrs.get("type") == "hidden"]
    assert hidden.count(("lever", "contention")) == 1
    assert hidden.count(("contention", "0x@2024-01")) >= len(forms)
