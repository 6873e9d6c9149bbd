"""The deal ledger: every broken file earns its faults word for word, and the shipped one holds what happened."""

from __future__ import annotations

import dataclasses
import datetime
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pydantic
import pytest

from palanca.core.clock import Month
from palanca.core.errors import CaseErrors, CaseFileError
from palanca.core.units import UNITS
from palanca.spec import declared, marks
from palanca.spec.ledger import FORMAT, load_ledger, loads_ledger
from palanca.spec.ledger_schema import COUNTS, KINDS, LedgerFile, RowKind
from palanca.spec.load import load

BROKEN = Path(__file__).parents[2] / "refused" / "ledger"
FILES = sorted(BROKEN.glob("*.yaml"))
SOUND = """\
case: corridor/case.yaml
title: A small ledger
span: {first: 2018-02, last: 2019-12}
issues:
  enforcement: {name: Enforcement, owners: [transit, origin], favour: true, unit: people, what: People are stopped}
  visas: {name: Work visas, owners: [destination], favour: true, unit: people / year, what: More visas}
  silence: {name: Silence, owners: [any], favour: true, what: No public criticism}
rows:
  - {id: ask, date: 2018-03, date_basis: text, kind: ask, giver: MEX, taker: USA, given: enforcement, link: declared,
     confidence: 0.8, source: S1, note: More control is asked for.}
  - {id: deal, date: 2019-06-07, date_basis: primary, kind: deal, giver: MEX, taker: USA, given: [enforcement],
     got: [{issue: visas, size: 100, unit: people / month}], link: tacit, confidence: 0.9, of: ask, source: [S1, S2],
     note: Control for visas.}
  - {id: quiet, date: 2019-07, until: 2019-09, date_basis: inferred, kind: silence, giver: USA, taker: [MEX, HND],
     given: [silence], link: inferred, confidence: 0.4, statements: {expected: 1, actual: 0}, of: deal, source: S2,
     note: Nothing is said.}
sources:
  S2: {title: Another document, publisher: A publisher, date: 2019-06-07}
"""


@pytest.fixture(scope="module")
def ledger():
    return load_ledger("us-mexico")


@pytest.fixture(scope="module")
def row(ledger):
    return {row.id: row for row in ledger.rows}


@pytest.fixture(scope="module")
def small():
    return loads_ledger(SOUND, folder=BROKEN)


def every_row():
    """The rows of the shipped file, those ahead of its span too."""
    return declared.read(marks.read(FORMAT.find("us-mexico")), LedgerFile, lambda draft: ()).rows


def refusals(text, name="ledger.yaml"):
    with pytest.raises(CaseErrors) as raised:
        loads_ledger(text, name, BROKEN)
    return raised.value.faults


def size(row, issue):
    return next((item.size, item.unit) for item in (*row.given, *row.got) if item.issue == issue)


# --- What is refused ---


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_broken_ledger_earns_its_faults_in_these_words(path):
    lines = path.read_text().splitlines()
    assert lines[0] == "# Expected, word for word:"
    with pytest.raises(CaseErrors) as raised:
        load_ledger(path)
    assert raised.value.faults == [line[2:] for line in lines[1:] if line.startswith(f"# {path.name}:")]
    assert raised.value.faults


def test_the_faults_that_a_ledger_must_refuse_each_have_a_broken_file():
    must = {
        "row-without-source", "unknown-party", "unknown-issue", "date-out-of-order", "date-outside-the-span",
        "unknown-link", "empty-deal", "duplicate-id",
    }  # fmt: skip
    assert {path.stem for path in FILES} >= must


def test_faults_of_shape_and_of_rule_are_told_together_in_the_order_of_the_file():
    text = SOUND.replace("link: tacit", "link: tacitly").replace("given: enforcement,", "given: enforcment,")
    text = text.replace("giver: USA, taker: [MEX, HND]", "giver: UAS, taker: [MEX, HND]")
    text = text.replace("until: 2019-09", "until: 2019-05")
    found = refusals(text)
    assert [fault.partition(": ")[2].partition(":")[0] for fault in found] == [
        "rows[0].given[0]", "rows[1].link", "rows[2].until", "rows[2].giver",
    ]  # fmt: skip
    assert [fault.partition(":")[2].partition(":")[0] for fault in found] == ["9", "12", "14", "14"]


def test_a_malformed_row_or_issue_does_not_echo_through_what_refers_to_it():
    assert len(refusals(SOUND.replace("id: deal, date: 2019-06-07", "id: deal, date: 2019-16-07"))) == 1
    assert len(refusals(SOUND.replace("owners: [destination]", "owners: [destinaton]"))) == 1


@pytest.mark.parametrize("text", ["- 1", "word", "title: no case\nrows: 3\nissues: [a]\nspan: x\n"])
def test_what_is_not_a_ledger_is_refused_as_such(text):
    assert refusals(text)


def test_an_empty_ledger_and_one_without_issues_are_refused():
    head = SOUND.partition("rows:")[0]
    assert any("there are no rows" in fault for fault in refusals(head + "rows: []\n"))
    assert any("nobody can deliver" in fault for fault in refusals(SOUND.replace("owners: [any]", "owners: []")))
    assert any("issues" in fault for fault in refusals(head.partition("issues:")[0] + "issues: {}\nrows: []\n"))


def test_a_ledger_of_a_case_that_is_not_there_is_refused():
    with pytest.raises(CaseFileError, match="no such case"):
        loads_ledger(SOUND.replace("corridor/case.yaml", "nowhere"), folder=BROKEN)


def test_a_missing_ledger_is_told_with_the_nearest_name():
    with pytest.raises(CaseFileError, match="Did you mean 'us-mexico'"):
        load_ledger("us-mexiko")
    with pytest.raises(CaseFileError, match="neither a file nor the name of a shipped case"):
        FORMAT.find("nowhere/at/all.yaml")


# --- What a ledger can be asked ---


def test_a_month_alone_means_all_its_days_and_one_name_means_a_list_of_one(small):
    ask, deal, quiet = small.rows
    assert (str(ask.date), str(ask.date.first), str(ask.date.last)) == ("2018-03", "2018-03-01", "2018-03-31")
    assert (str(deal.date), str(deal.last), str(quiet.last)) == ("2019-06-07", "2019-06-07", "2019-09-30")
    assert ask.giver == ("MEX",)
    assert [item.issue for item in ask.given] == ["enforcement"]
    assert quiet.pairs == (("USA", "MEX"), ("USA", "HND"))


def test_every_row_goes_back_to_the_first_of_its_thread(small):
    assert small.threads == {"ask": "ask", "deal": "ask", "quiet": "ask"}


def test_without_inferred_rows_nothing_else_changes(small):
    kept = small.without_inferred()
    assert [row.id for row in kept.rows] == ["ask", "deal"]
    assert (kept.threads, kept.sources, kept.issues) == (small.threads, small.sources, small.issues)
    assert len(small.rows) == 3
    assert kept.without_inferred() == kept


def test_quarters_partition_the_rows_and_cover_the_span(small):
    quarters = small.by_quarter()
    assert [str(month) for month in quarters] == [
        f"{year}-{month:02d}" for year in (2018, 2019) for month in (1, 4, 7, 10)
    ]
    assert {str(month): [row.id for row in rows] for month, rows in quarters.items() if rows} == {
        "2018-01": ["ask"], "2019-04": ["deal"], "2019-07": ["quiet"],
    }  # fmt: skip


def test_rows_are_found_by_kind_and_by_pair(small):
    assert [row.id for row in small.of_kind("ask", "silence")] == ["ask", "quiet"]
    assert [row.id for row in small.between("USA", "HND")] == ["quiet"]
    with pytest.raises(KeyError):
        small.of_kind("gift")


def test_counts_add_up_to_the_rows_and_pairs_have_no_direction(small):
    counts = small.counts()
    assert all(sum(counts[name].values()) == 3 for name in ("kind", "link", "date_basis"))
    assert counts["pair"] == {"MEX - USA": 3, "HND - USA": 1}


def test_a_withdrawal_gives_when_it_lifts_a_threat_and_takes_otherwise(ledger, row):
    lifting = {one.id for one in ledger.of_kind("withdrawal") if ledger.lifts_a_threat(one)}
    assert lifting == {"border-threat-2019-lifted", "tariff-threat-lifted", "listing-threat-lifted"}
    assert not ledger.lifts_a_threat(row["tariff-threat"])


def test_rows_never_change(small):
    with pytest.raises(pydantic.ValidationError):
        small.rows[0].confidence = 1.0
    with pytest.raises(dataclasses.FrozenInstanceError):
        small.rows = ()


def test_the_table_of_kinds_is_the_list_that_rows_may_use_and_counts_are_not_units_already():
    assert tuple(KINDS) == get_args(RowKind)
    assert not set(COUNTS) & set(UNITS)


def test_reading_a_ledger_loads_nothing_heavy():
    asked = (
        "import sys; from palanca.spec.ledger import load_ledger; load_ledger('us-mexico'); "
        "print(*sorted({'jax', 'numpy', 'xarray', 'pandas'} & set(sys.modules)))"
    )
    shown = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert shown.stdout.split() == []


# --- What the shipped ledger holds ---


def test_it_has_at_least_forty_rows_from_2014_to_august_2024_in_every_kind_and_link(ledger):
    assert len(ledger.rows) >= 40
    assert (ledger.span.first, ledger.span.last) == (Month.parse("2014-01"), Month.parse("2024-08"))
    assert {row.date.first.month.year for row in ledger.rows} >= {2014, 2015, *range(2017, 2025)}
    assert {row.kind for row in ledger.rows} == set(KINDS)
    assert {row.link for row in ledger.rows} == {"declared", "tacit", "inferred"}


def test_non_events_are_a_good_part_of_it(ledger):
    """Deals alone would be a sample chosen by its outcome."""
    non_events = ledger.of_kind("ask", "refusal", "threat", "withdrawal", "silence", "criticism")
    assert len(non_events) > len(ledger.of_kind("deal", "renewal"))
    assert len(ledger.of_kind("refusal")) >= 8
    assert len(ledger.of_kind("silence")) >= 4


def test_every_source_of_its_own_is_cited_every_issue_used_and_every_iso_date_exists(ledger):
    rows = every_row()
    cited = {name for row in rows for name in row.source}
    own = set(ledger.sources) - set(load("us-mexico").sources)
    assert own <= cited
    assert {item.issue for row in ledger.rows for item in (*row.given, *row.got)} == set(ledger.issues)
    for name in own:
        date = ledger.sources[name].date
        if len(date) == len("2020-03-20") and date[4] == "-":
            datetime.date.fromisoformat(date)


def test_confidence_falls_from_declared_to_tacit_to_inferred(ledger):
    mean = {
        link: sum(held) / len(held)
        for link in ("declared", "tacit", "inferred")
        if (held := [row.confidence for row in ledger.rows if row.link == link])
    }
    assert mean["declared"] > mean["tacit"] > mean["inferred"]


def test_a_silence_is_never_taken_as_declared_and_holds_back_a_statement(ledger):
    for row in ledger.of_kind("silence"):
        assert row.link != "declared"
        assert row.statements.expected > row.statements.actual
        assert [item.issue for item in row.given] == ["silence_on_democracy"]


def test_every_pair_of_the_brief_is_there(ledger):
    for country in ("MEX", "VEN", "GTM", "HND", "SLV", "CUB"):
        assert ledger.between("USA", country), country


def test_the_tariff_threat_ends_in_a_deal_and_is_lifted_within_nine_days(ledger, row):
    threat, deal = row["tariff-threat"], row["joint-declaration"]
    assert (str(threat.date), str(deal.date)) == ("2019-05-30", "2019-06-07")
    assert size(threat, "tariff_relief") == (5.0, "percent")
    thread = {name for name, root in ledger.threads.items() if root == "tariff-threat"}
    assert thread >= {"joint-declaration", "tariff-threat-lifted", "safe-third-refusal", "tariff-review"}


def test_places_and_returns_are_one_to_one_in_january_2023(row):
    assert size(row["chnv"], "returns_accepted") == size(row["chnv"], "parole_places") == (30000.0, "people / month")
    assert row["chnv"].of == "venezuela-deal"
    assert size(row["venezuela-deal"], "visas") == (64716.0, "people / year")
    assert row["venezuela-deal"].link == "declared"


def test_the_vaccine_deal_is_tacit_because_both_governments_denied_it(row):
    assert row["vaccines-2021"].link == "tacit"
    assert "denied" in row["vaccines-2021"].note


def test_venezuela_keeps_the_cheaper_clauses_breaks_the_dear_one_and_snapback_is_late_and_graduated(ledger, row):
    order = ["barbados", "prisoners-2023", "machado-ban", "gold-snapback", "oil-snapback"]
    assert [one.id for one in ledger.rows if one.id in order] == order
    assert {ledger.threads[name] for name in order} == {"venezuela-flights"}
    start = datetime.date.fromisoformat(str(row["barbados"].date))
    waits = [(datetime.date.fromisoformat(str(row[name].date)) - start).days for name in order[3:]]
    assert waits == [103, 182]


def test_energy_forbearance_lasts_to_the_end_of_the_span_while_maize_goes_to_a_panel(row):
    assert row["energy-forbearance"].link == "inferred"
    assert str(row["energy-forbearance"].last) == "2024-08-31"
    assert row["corn-panel"].kind == "withdrawal"


def test_dates_agree_with_the_record_of_levers(row):
    record = {(entry.lever, str(entry.first)) for entry in load("us-mexico").record}
    for name, lever in (
        ("frontera-sur", "frontera_sur"),
        ("joint-declaration", "guard_deployment"),
        ("venezuela-deal", "acceptance_venezuela"),
        ("chnv", "acceptance_chn"),
        ("vaccines-2021", "guard_deployment"),
        ("ecuador-visa", "visa_ecuador"),
        ("venezuela-visa", "visa_venezuela"),
    ):
        assert (lever, str(row[name].date)) in record, name


# --- What lies ahead of the span ---


def test_rows_after_the_span_are_checked_and_not_counted():
    text = SOUND.replace("last: 2019-12}", "last: 2019-06}")
    kept = loads_ledger(text, folder=BROKEN)
    assert [row.id for row in kept.rows] == ["ask", "deal"]
    assert kept.threads == {"ask": "ask", "deal": "ask"}
    assert list(kept.by_quarter()) == [Month.parse("2018-01") + 3 * i for i in range(6)]
    assert refusals(text.replace("giver: USA, taker: [MEX, HND]", "giver: UAS, taker: [MEX, HND]"))


def test_the_ledger_goes_on_to_the_summer_of_2025_ahead_of_its_span(ledger):
    ahead = [row for row in every_row() if row.date.first.month > ledger.span.last]
    assert len(ahead) >= 20
    assert len(every_row()) == len(ledger.rows) + len(ahead)
    made = {row.id: row for row in ahead}
    pause = made["tariff-pause-2025"]
    assert (pause.kind, pause.giver, str(pause.date)) == ("deal", ("MEX",), "2025-02-03")
    assert size(pause, "enforcement") == (10_000, "people")
    assert size(pause, "tariff_relief") == (25, "percent")
    assert made["chevron-out"].kind == made["flights-suspended-2025"].kind == "snapback"
    assert made["costa-rica-third-2025"].giver == ("CRI",)
