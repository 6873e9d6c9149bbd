"""Schemes judged: the word from the predictions, what the model lacks, deals under another seat, and the engine."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import posteriors
import pytest
from tree import ROOT

from palanca.core.errors import ChangeError, UsageError
from palanca.evidence.facts import bargains, deals
from palanca.evidence.facts.bench import Bench
from palanca.evidence.facts.worlds import Call
from palanca.evidence.schemes import answer, model_names, page, scheme_card, store, tables, words
from palanca.evidence.schemes.model_names import ModelNames
from palanca.evidence.schemes.scheme_card import SchemeCard
from palanca.infer.fit import Fit
from palanca.questions import corridor
from palanca.questions.bargaining import prepared
from palanca.spec.bargain_spec import load_bargain
from palanca.spec.facts_schema import Seat, Step
from palanca.spec.load import load
from palanca.spec.schemes import load_schemes, loads_schemes
from palanca.spec.schemes_schema import Requires

SOUND = (Path(__file__).parents[2] / "refused" / "schemes" / "sound" / "schemes.yaml").read_text()


# --- The word ---


@pytest.mark.parametrize(
    ("predictions", "held", "absent", "word"),
    [(3, 3, 0, "works"), (3, 2, 0, "partly"), (3, 2, 1, "partly"), (3, 0, 0, "partly"), (3, 0, 2, "partly"),
     (3, 0, 3, "missing"), (1, 1, 0, "works"), (1, 0, 1, "missing"), (0, 0, 0, "partly")],
)  # fmt: skip
def test_a_scheme_works_if_all_hold_and_is_missing_if_none_can_be_expressed(predictions, held, absent, word):
    assert scheme_card.word(predictions, held, absent) == word


# --- What the model lacks ---


def model() -> ModelNames:
    return ModelNames({"mechanisms": {"effort": True, "detention": False}, "outcomes": {"deaths": True}}, {})


def test_what_is_there_and_acts_is_not_lacking():
    assert model().lacking(Requires(mechanisms=("effort",), outcomes=("deaths",), why="x"), "it:1") == ""
    assert model().lacking(None, "it:1") == ""


def test_a_mechanism_without_an_equation_and_a_name_that_is_not_there_are_lacking():
    told = model().lacking(Requires(mechanisms=("effort", "detention"), outcomes=("fees",), why="what it is"), "it:1")
    assert told == "The model has no mechanism 'detention' and no outcome 'fees': what it is"


def test_a_slip_for_a_name_that_is_there_is_refused_with_the_line_and_the_nearest():
    with pytest.raises(UsageError, match=r"it\.yaml:7[\s\S]*'detentoin'[\s\S]*Did you mean 'detention'"):
        model().lacking(Requires(mechanisms=("detentoin",), why="x"), "it.yaml:7")


def test_levers_are_looked_for_in_the_case_and_act_if_their_mechanism_has_an_equation():
    found = model_names.names(load("us-mexico"))
    assert found.known["levers"]["contention"]
    assert not found.known["levers"]["detention_space"]
    assert "contention" in found.levers["SYS01"]


# --- Deals under another seat, on a table that needs no corridor ---


@pytest.fixture(scope="module")
def aegean():
    return prepared.prepare(load_bargain("eu-turkey"), [], corridor=None, draws=4, key=1)


def test_the_same_seat_gives_the_same_deal(aegean):
    twin = deals.other(None, aegean, None, Seat())
    for name in (*aegean.declared.issues, "agreed", "paid", "price", "arrivals"):
        record, other = deals.strike(aegean, None).read(name), deals.strike(twin, None).read(name)
        assert np.array_equal(record, other, equal_nan=True), name


def test_an_issue_off_the_table_stays_as_without_a_deal_and_a_cap_bounds_it(aegean):
    without = deals.strike(deals.other(None, aegean, None, Seat(without=("money",))), None)
    assert np.all(without.read("money") == 0.0)
    capped = deals.strike(deals.other(None, aegean, None, Seat(caps={"money": 1.0})), None)
    assert np.all(capped.read("money") <= 1.0 + 1e-9)
    assert np.all(deals.strike(aegean, None).read("money") > 1.0)


def test_with_nothing_to_give_nothing_is_bought_and_has_no_price(aegean):
    given = tuple(name for name, issue in aegean.declared.issues.items() if issue.owner == "EU")
    bare = deals.strike(deals.other(None, aegean, None, Seat(without=given)), None)
    assert np.all(np.abs(bare.read("shore_control")) < 1e-6)
    assert np.all(np.isnan(bare.read("price")))
    assert np.all(bare.read("paid") == 0.0)


def test_the_price_of_effort_rises_with_the_weight_of_an_arrival(aegean):
    heavy = deals.strike(deals.other(None, aegean, None, Seat(attention=3.0)), None).read("price")
    usual = deals.strike(aegean, None).read("price")
    known = np.isfinite(heavy) & np.isfinite(usual)  # no number where next to nothing is bought
    assert known.sum() >= 3
    assert np.all(heavy[known] > usual[known])


def test_an_issue_that_is_not_on_the_table_is_refused_with_the_nearest():
    step = Step.model_validate({"probe": "deal", "table": "eu-turkey", "seat": {"without": ("mony",)}, "deal": {}})
    with pytest.raises(UsageError, match=r"it:3[\s\S]*'mony'[\s\S]*Did you mean 'money'"):
        deals.check(step, load_bargain("eu-turkey"), "it:3")
    bare = Step.model_validate({"probe": "deal", "deal": {"x": {"of": "visas", "what": "x"}}})
    with pytest.raises(UsageError, match="this table needs a month"):
        deals.check(bare, load_bargain("us-mexico"), "it:3")


# --- Through the engine ---


class Quick:
    """A quick fit as draws: near the middle of the priors."""

    def __init__(self, fit: Fit) -> None:
        self.fit, self.layout = fit, fit.layout

    def draws(self, key: int, chosen: range) -> np.ndarray:
        return self.fit.draws(key, chosen)


@pytest.fixture(scope="module")
def bench() -> Bench:
    return Bench(corridor.open(load("us-mexico"), Quick(posteriors.laplace())), 3, 1)


def tried(bench: Bench, text: str) -> SchemeCard:
    return scheme_card.score(bench, loads_schemes(text)).card


def test_a_scheme_whose_prediction_holds_works_and_one_that_the_model_lacks_is_missing(bench):
    first, last = tried(bench, SOUND).scores
    assert (first.word, first.held, first.absent) == ("works", 1, 0)
    assert "contention" in first.levers
    assert (last.word, last.absent) == ("missing", 1)
    assert last.lacks == "The model has no mechanism 'quota': how admissions are shared out"
    assert last.predictions[0].why == last.lacks


def test_a_sign_turned_in_a_declared_prediction_turns_the_scheme(bench):
    assert tried(bench, SOUND.replace("above: 0", "below: 0")).scores[0].word == "partly"
    assert tried(bench, SOUND.replace("give: fall,", "give: change,")).scores[0].word == "partly"


def test_a_scheme_that_needs_what_is_there_is_no_longer_missing(bench):
    text = SOUND.replace("requires: {mechanisms: quota,", "requires: {mechanisms: effort,")
    last = tried(bench, text.replace("outcomes: burden_inequality", "outcomes: deaths")).scores[1]
    assert last.lacks == ""
    assert last.predictions[0].why == scheme_card.UNSAID  # nothing is declared that must hold, and it says so


def test_bad_schemes_are_refused_before_anything_runs(bench):
    with pytest.raises(UsageError, match="another case"):
        scheme_card.score(bench, replace(loads_schemes(SOUND), case="elsewhere"))
    with pytest.raises(UsageError, match=r"schemes:\d+[\s\S]*Did you mean 'encounters'"):
        tried(bench, SOUND.replace("of: encounters", "of: encountres"))
    with pytest.raises(ChangeError, match=r"schemes:\d+"):
        tried(bench, SOUND.replace("levers.contention", "levers.contentoin"))


def test_effort_delivered_in_the_same_months_is_the_same(bench):
    step = Step.model_validate({"probe": "delivered", "before": "2019-10", "after": "2019-10"})
    assert np.all(deals.delivered(bench, Call(step, (), (), "it"))["change"] == 1.0)


def test_an_act_follows_itself_in_its_own_month_more_often_than_in_others(bench):
    step = Step.model_validate({"probe": "follows", "kind": "ask", "following": "ask", "within": 1})
    assert np.all(bargains.follows(bench, Call(step, (), (), "it"))["followed_ratio"] > 1.0)


def test_an_arrival_weighs_the_same_in_the_same_month(bench):
    step = Step.model_validate({"probe": "attention", "before": "2021-03", "after": "2021-03"})
    assert all(np.all(one == 1.0) for one in deals.attention(bench, Call(step, (), (), "it")).values())


def test_nothing_is_lost_on_the_way_to_tables_data_page_and_disk(bench, tmp_path):
    found = scheme_card.score(bench, loads_schemes(SOUND))
    card = found.card
    rows = tables.results(card)
    assert [row[:2] for row in rows.rows] == [("SYS42 Regional system", "missing"), ("SYS01 Contention", "works")]
    assert [row[2] for row in rows.rows] == [words.ABSENT, words.HOLDS]
    every = {one.name: one for one in tables.all_of(card)}
    assert len(every["predictions"].rows) == 2
    assert len(every["what each scheme is"].rows) == 2
    data = answer.dataset(found)
    assert list(data["scheme_result"].values) == ["works", "missing"]
    assert list(data["result"].sel(prediction=["SYS01 P1", "SYS42 P1"]).values) == [words.HOLDS, words.ABSENT]
    assert float(data["median"].sel(quantity="SYS01 P1 fall")) == pytest.approx(found.draws[11, "fall"].mean(), abs=0.2)
    text = page.markdown(card)
    assert "### SYS01 Contention" in text
    assert "P1 *absent*: Pressure falls. The model has no mechanism 'quota'" in text
    assert answer.findings(card)[0].text.startswith(
        "Of 2 schemes 1 work, with every prediction held; 0 work in part; 1"
    )
    case = load("us-mexico")
    path = store.CARDS.write(tmp_path / "schemes.json", card, case)
    again = store.CARDS.read(case, path)
    assert [one.word for one in again.scores] == [one.word for one in card.scores]
    assert store.CARDS.stale(again, case) == []


def test_the_shipped_scorecard_rests_on_what_is_here_now() -> None:
    case = load("us-mexico")
    assert store.CARDS.stale(store.CARDS.read(case), case) == [], "make it again: `palanca evidence schemes --ship`"


def test_the_page_of_the_shipped_scorecard_is_up_to_date() -> None:
    text = (ROOT / "docs" / "reference" / "schemes.md").read_text(encoding="utf-8")
    assert text == page.markdown(store.CARDS.read(load("us-mexico"))), "run `make docs`"


def test_what_is_required_and_not_there_has_no_check_that_waits_unseen() -> None:
    declared = {one.id: one for one in load_schemes("us-mexico").schemes}
    for score in store.CARDS.read(load("us-mexico")).scores:
        for one in score.predictions:
            assert one.why != scheme_card.UNSAID, f"{one.title}: the model has what it requires, and nothing must hold"
        assert len(score.predictions) == len(declared[score.id].predictions)
