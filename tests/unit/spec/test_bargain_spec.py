"""Bargaining tables: every broken file earns its faults word for word, and a table answers month by month."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tables import ALONE, SOUND

from palanca.bargain import plain
from palanca.bargain.utility import FORMS as BARGAIN_FORMS
from palanca.core.clock import Month
from palanca.core.errors import CaseErrors, CaseFileError, ChangeError
from palanca.spec.bargain_schema import FORMS
from palanca.spec.bargain_spec import FORMAT, load_bargain, loads_bargain
from palanca.spec.uncertain import DOMAINS

BROKEN = Path(__file__).parents[2] / "refused" / "bargain"
FILES = sorted(BROKEN.glob("*.yaml"))


@pytest.fixture(scope="module")
def small():
    return loads_bargain(SOUND, folder=BROKEN)


@pytest.fixture(scope="module")
def alone():
    return loads_bargain(ALONE)


def refusals(text, name="bargain.yaml"):
    with pytest.raises(CaseErrors) as raised:
        loads_bargain(text, name, BROKEN)
    return raised.value.faults


# --- What is refused ---


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_broken_table_earns_its_faults_in_these_words(path):
    lines = path.read_text().splitlines()
    assert lines[0] == "# Expected, word for word:"
    with pytest.raises(CaseErrors) as raised:
        load_bargain(path)
    assert raised.value.faults == [line[2:] for line in lines[1:] if line.startswith(f"# {path.name}:")]
    assert raised.value.faults


def test_the_faults_that_a_table_must_refuse_each_have_a_broken_file():
    must = {
        "issue-owned-by-nobody", "no-issues", "patience-of-one", "unknown-form", "curve-below-zero", "unknown-party",
        "unknown-issue", "cap-over-high", "window-reversed", "threat-reversed", "belief-reversed",
        "payoff-without-source", "unknown-issue-of-the-ledger",
    }  # fmt: skip
    assert {path.stem for path in FILES} >= must


def test_faults_of_shape_and_of_rule_are_told_together_in_the_order_of_the_file():
    text = SOUND.replace("patience: {value: 0.9}", "patience: 1").replace("kind: economic", "kind: econmic")
    text = text.replace("voice: MEX, issue: visas", "voice: MEX, issue: enforcment").replace(
        "target: MEX", "target: MXE"
    )
    found = refusals(text)
    assert [fault.partition(": ")[2].partition(":")[0] for fault in found] == [
        "parties.USA.patience", "issues.visas.kind", "payoffs[1].issue", "threats[0].target",
    ]  # fmt: skip
    assert [fault.partition(":")[2].partition(":")[0] for fault in found] == ["5", "11", "18", "29"]


def test_a_malformed_issue_or_party_does_not_echo_through_what_refers_to_it():
    assert len(refusals(SOUND.replace("high: 5, status_quo: 1", "high: five, status_quo: 1"))) == 1
    assert len(refusals(SOUND.replace("exit_hazard: 0.01", "exit_hazard: x"))) == 1
    assert len(refusals(SOUND.replace("lever: effort, observed", "lever: efort, observed"))) == 1


@pytest.mark.parametrize("text", ["- 1", "word", "title: none\nparties: 3\nissues: [a]\npayoffs: x\nflow: 1\n"])
def test_what_is_not_a_table_is_refused_as_such(text):
    assert refusals(text)


def test_a_section_that_is_not_there_is_told_once():
    head, _, tail = SOUND.partition("issues:\n")
    without = refusals(head + "payoffs:\n" + tail.partition("payoffs:\n")[2])
    assert sum("nothing to bargain over" in fault for fault in without) == 0
    assert sum("`issues` is missing" in fault for fault in without) == 1


def test_a_missing_table_or_case_is_told_with_the_nearest_name():
    with pytest.raises(CaseFileError, match="Did you mean 'us-mexico'"):
        load_bargain("us-mexiko")
    with pytest.raises(CaseFileError, match="neither a file nor the name"):
        FORMAT.find("nowhere/at/all.yaml")
    with pytest.raises(CaseFileError, match="no such case"):
        loads_bargain(SOUND.replace("corridor/case.yaml", "nowhere"), folder=BROKEN)


# --- Forms, which this package states for itself because it may not import them ---


def test_the_forms_and_their_coefficients_are_those_of_the_bargaining_core():
    assert {name: tuple(domains) for name, domains in FORMS.items()} == {
        name: form.coefficients for name, form in BARGAIN_FORMS.items()
    }


@pytest.mark.parametrize("form", FORMS)
def test_a_coefficient_is_refused_here_exactly_where_the_core_would_refuse_it(form):
    domains = FORMS[form]
    sound = dict.fromkeys(domains, 1.0)
    assert not BARGAIN_FORMS[form].fault(tuple(sound.values()))
    for name in domains:
        for number in (-1.0, -1e-9, 0.0, 1e-9, 0.5, 1.0, 1.0 + 1e-9, 2.0):
            refused = bool(BARGAIN_FORMS[form].fault(tuple((sound | {name: number}).values())))
            assert refused != DOMAINS[domains[name]].holds(number), (name, number)


# --- What a table can be asked ---


@pytest.mark.parametrize(
    ("month", "cap"),
    [("2018-01", 0.0), ("2018-02", 0.5), ("2018-06", 0.5), ("2018-07", 0.0), ("2018-09", 1.0), ("2030-01", 1.0)],
)
def test_an_issue_is_on_the_table_in_a_month_that_any_day_of_a_window_touches(small, month, cap):
    assert small.caps(Month.parse(month)) == {"enforcement": 5.0, "visas": cap}


def test_a_threat_stands_in_each_month_that_it_touches_and_no_other(small):
    standing = {m: [one.name for one in small.threats_at(Month.parse(f"2019-{m:02d}"))] for m in range(1, 13)}
    assert {m for m, names in standing.items() if names == ["tariff"]} == {5, 6}


def test_months_to_election_count_down_to_zero_and_end_after_the_last(small):
    counted = [small.months_to_election("USA", Month.parse(m)) for m in ("2018-01", "2018-11", "2018-12", "2020-12")]
    assert counted == [10, 0, 23, None]
    assert small.months_to_election("MEX", Month.parse("2018-01")) is None
    with pytest.raises(KeyError):
        small.months_to_election("HND", Month.parse("2018-01"))


def test_beliefs_are_all_numbers_that_are_not_exact_in_the_order_of_the_file(small):
    assert list(small.beliefs()) == [
        "parties.USA.patience", "parties.MEX.weight", "parties.MEX.patience", "issues.enforcement.observed",
        "payoffs.cost_enforcement.best", "payoffs.cost_enforcement.curve", "payoffs.worth_visas.scale",
        "payoffs.cost_visas.slope", "ratifiers.congress.floor", "threats.tariff.harm", "threats.tariff.survival",
        "threats.tariff.reputation",
    ]  # fmt: skip
    exact = set(small.middles()) - set(small.beliefs())
    assert {"parties.USA.weight", "arrivals.dislike", "payoffs.worth_visas.rate", "threats.tariff.cost"} <= exact
    assert small.beliefs()["payoffs.worth_visas.scale"].source == ("S1", "T1")


def test_middles_are_what_is_written_or_the_middle_of_the_range_in_its_own_scale(small):
    assert small.middle("payoffs.worth_visas.scale") == pytest.approx(4.0, rel=1e-12)  # sqrt(2 x 8)
    assert small.middle("ratifiers.congress.floor") == 0.0  # signs differ, so the range is normal
    assert small.middle("payoffs.cost_visas.slope") == -2.0
    assert small.middle("arrivals.dislike") == 1.0
    assert small.middles() == {name: small.middle(name) for name in small.middles()}


def test_a_name_that_the_table_does_not_have_is_refused_with_the_nearest(small):
    with pytest.raises(ChangeError, match=r"Did you mean 'payoffs\.worth_visas\.scale'"):
        small.middle("payoffs.worth_visa.scale")
    with pytest.raises(ChangeError):
        small.declaration({"payoffs.worth_visas.slope": 1.0})


def test_the_declaration_is_what_the_core_reads_with_values_in_place_of_middles(small):
    declared = plain.declared(small.declaration({"payoffs.worth_visas.scale": 5.0, "parties.MEX.weight": 3.0}))
    assert [issue.name for issue in declared.issues] == ["enforcement", "visas"]
    assert [(party.name, party.weight, party.dislike) for party in declared.parties] == [
        ("USA", 1.0, 1.0), ("MEX", 3.0, 0.0),
    ]  # fmt: skip
    assert [term.coefficients for term in declared.terms] == [(2.0, 2.0), (5.0, 3.0), (-2.0,)]
    assert (declared.ratifiers[0].floor, declared.ratifiers[0].dislike) == (0.0, 0.5)
    assert declared.budgets[0].weights == (("visas", 2.0),)
    assert declared.issues[1].menu == (0.0, 0.5, 1.0)
    assert plain.flow(small.declaration(), ("enforcement", "visas")) is None


@pytest.mark.parametrize("best", [0.5, 1.0, 2.5])
def test_a_quadratic_written_by_its_best_amount_is_highest_there(small, best):
    declared = plain.declared(small.declaration({"payoffs.cost_enforcement.best": best}))
    slope, curve = declared.terms[0].coefficients
    assert slope - curve * best == pytest.approx(0.0, abs=1e-12)
    assert small.middle("payoffs.cost_enforcement.curve") == curve


def test_a_flow_in_closed_form_is_counted_in_thousands(alone):
    flow = plain.flow(alone.declaration(), ("enforcement", "visas"))
    assert float(flow.size[0]) == pytest.approx(40.0, rel=1e-6)  # sqrt(20 x 80)
    assert flow.rate.tolist() == [[pytest.approx(0.2, rel=1e-6), 0.0]]


def test_a_table_without_a_case_stands_by_itself_and_one_with_a_case_names_its_documents(small, alone):
    assert alone.file.case is None
    assert set(alone.sources) == {"T1"}
    assert set(small.sources) == {"S1", "L1", "T1"}


def test_reading_a_table_loads_nothing_heavy():
    asked = (
        "import sys; from palanca.spec.bargain_spec import load_bargain; load_bargain('us-mexico').declaration(); "
        "print(*sorted({'jax', 'numpy', 'xarray', 'pandas'} & set(sys.modules)))"
    )
    shown = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert shown.stdout.split() == []


def test_tables_are_listed_whether_or_not_they_belong_to_a_case():
    assert list(FORMAT.shipped()) == ["eu-turkey", "us-mexico"]
