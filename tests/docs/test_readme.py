"""The first page that anybody reads: short, and its numbers are those of the stored fit, scores and scorecard."""

from __future__ import annotations

import re
from collections import Counter

import pytest
import typer
from tree import ROOT

import palanca
from palanca.cli.app import app
from palanca.evidence.backtest import store as scores
from palanca.evidence.backtest.record import CHOSEN, MODEL, PERSISTENCE
from palanca.evidence.facts import store as cards
from palanca.evidence.facts.judge import VERDICTS
from palanca.evidence.schemes import store as schemes
from palanca.infer import check_counts, store, verdict
from palanca.spec.load import load

README = (ROOT / "README.md").read_text(encoding="utf-8")
TEXT = " ".join(README.split())


@pytest.fixture(scope="module")
def case():
    return load("us-mexico")


def test_the_readme_is_read_in_a_few_minutes_and_has_one_picture():
    assert len(README.splitlines()) <= 150
    (picture,) = re.findall(r"!\[[^\]]{40,}\]\(([^)]+)\)", README)
    assert (ROOT / picture).stat().st_size < 300_000


def test_the_counts_of_schemes_are_those_of_the_scorecard(case):
    card = schemes.CARDS.read(case)
    works, partly, missing = (len(card.of(word)) for word in ("works", "partly", "missing"))
    told = f"Of {len(card.scores)} systems and programmes that sources see at work, {works} work with every prediction"
    assert told in TEXT
    assert f"{partly} work in part and {missing} are missing" in TEXT


def test_the_counts_of_facts_are_those_of_the_scorecard(case):
    card = cards.read(case)
    produced, between, failed, none, against, untold = (card.count(word) for word in VERDICTS)
    assert f"Of {len(card.scores)} facts" in TEXT
    assert f"it reproduces {produced}; {between} are in between, {failed} fail and {none} cannot be expressed" in TEXT
    assert f"{against} contradicted by published figures, {untold} that too few cases can tell" in TEXT


def test_the_checks_of_the_fit_and_what_its_numbers_rest_on_are_those_of_the_stored_fit(case):
    path = store.where(case)
    found, _ = store.read(path, case)
    counts, learned = check_counts.read(path, found), Counter(verdict.labels(found))
    assert TEXT.count(f"{counts.red} of {counts.checks} checks of the fit are red") == 2
    assert (
        f"Of {learned.total()} fitted numbers the figures taught {learned['learned']}, left {learned['in between']} in "
        f"between and taught {learned['assumed']} nothing"
    ) in TEXT


def test_the_skill_of_forecasts_is_that_of_the_stored_scores(case):
    kept = scores.read_skill(case)
    rows, shipped = (
        kept.select(of="total", forecast=forecast, given="nothing", window="all", against=PERSISTENCE)
        for forecast in (CHOSEN, MODEL)
    )
    assert [row.horizon for row in rows] == [1, 3, 6, 12]
    one, three, six, twelve = (f"{row.ratio:.2f}" for row in rows)
    assert f"Over {rows[0].starts} past months" in TEXT
    assert f"is {one}, {three}, {six} and {twelve} of that of persistence 1, 3, 6 and 12 months ahead" in TEXT
    held = [round(100 * row.held_80) for row in rows]
    assert f"Intervals of 80 % held {min(held)} to {max(held)} %" in TEXT
    assert [row.horizon for row in rows if row.high < 1.0] == [1]  # "better beyond chance at one month only"
    one, three, six, twelve = (f"{row.ratio:.2f}" for row in shipped)
    assert f"As shipped, with hindsight, it is {one}, {three}, {six} and {twelve}." in TEXT


def test_every_command_and_every_method_that_the_readme_names_is_there():
    root = typer.main.get_command(app)
    for words in re.findall(r"`palanca ([a-z][^`]*)`", README):
        command, names = root, words.split()
        while names and hasattr(command, "commands"):
            assert names[0] in command.commands, words
            command = command.commands[names.pop(0)]
    for name in re.findall(r"`m\.([a-z]+)`", README):
        assert hasattr(palanca.Model, name), name


def test_every_question_of_the_python_interface_is_on_the_list():
    questions = {name for name, member in vars(palanca.Model).items() if callable(member) and name[0] != "_"}
    assert not {name for name in questions if f"`m.{name}`" not in README}
