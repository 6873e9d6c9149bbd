"""A second corridor is declared like the first: sound, dated, sourced, and refused in words where it is not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from palanca.core.clock import Month, Span
from palanca.core.errors import CaseErrors
from palanca.data import catalogue
from palanca.data.read import read
from palanca.questions import changes
from palanca.spec import check, edit, figures, schedule
from palanca.spec.declared import ATLAS, Draft
from palanca.spec.facts import load_facts
from palanca.spec.ledger import load_ledger
from palanca.spec.load import load, loads

TEXT = (ATLAS / "aegean" / "case.yaml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def case():
    return load("aegean")


def value(case, lever, month, origin="SYR", sector="sea"):
    held = schedule.totals(case, lever).get((lever, origin, "everyone", sector))
    return held[case.span.span.position(Month.parse(month))] if held else 0.0


def test_it_is_sound_and_can_be_run_and_ends_with_its_figures(case):
    assert check.faults(Draft.of(case)) == []
    assert figures.gaps(case) == []
    assert str(case.span.last) == catalogue.get("emr_by_origin").last


def test_every_lever_is_set_and_every_source_is_cited(case):
    assert {entry.lever for entry in case.record} == set(case.levers)
    cited = {key for entry in case.record for key in entry.source}
    cited |= {key for vote in case.elections for key in vote.source}
    cited |= {key for one in case.parameters.values() for key in one.source}
    cited |= {key for fact in load_facts("aegean").facts for key in fact.source}
    assert cited == set(case.sources)


def test_its_facts_are_sourced_and_say_what_cannot_be_judged():
    found = load_facts("aegean").facts
    judged = [one for one in found if one.not_expressible is None]
    assert len(judged) >= 8
    assert {"figures", "twin", "bargaining"} == {one.evidence for one in judged}
    assert all(one.not_expressible for one in found if not one.then)


def test_nobody_of_the_transit_country_is_stopped_by_it(case):
    for entry in case.record:
        if case.levers[entry.lever].mechanism == "effort":
            assert "TUR" not in entry.origins.among(tuple(case.origins))


def test_control_is_lifted_for_the_days_of_the_opening_and_no_others(case):
    whole = value(case, "patrols", "2020-01") + value(case, "statement_control", "2020-01")
    assert whole == pytest.approx(4.0)
    for month, days in (("2020-02", 27 / 29), ("2020-03", 13 / 31)):
        both = value(case, "patrols", month) + value(case, "statement_control", month)
        assert both == pytest.approx(whole * days)


def test_the_way_north_closes_for_three_nationalities_after_the_others(case):
    assert value(case, "balkan_route", "2016-01", "PAK") == pytest.approx(0.6)
    assert value(case, "balkan_route", "2016-01", "SYR") == 0.0
    assert 0.0 < value(case, "balkan_route", "2016-02", "AFG") < 0.6
    assert value(case, "balkan_route", "2016-04", "SYR") == pytest.approx(0.6)


def test_the_shipped_changes_apply_to_it(case):
    for path in sorted((ATLAS / "aegean" / "changes").glob("*.yaml")):
        assert edit.apply(case, edit.read_changes(path)) != case
        assert changes.title(path).startswith("What if ")


def test_detections_by_origin_and_by_border_add_up_to_the_total_of_the_route():
    total = read("emr_total").to_series()
    assert (read("emr_by_origin").sum("origin").to_series() == total).all()
    assert (read("emr_by_border").sum("sector").to_series() == total).all()
    assert (read("emr_by_border_origin").sum(("border", "origin")).to_series() == total).all()
    assert (read("frontex_by_route").sel(route="eastern_mediterranean").to_series() == total).all()
    assert total["2015-10"].item() == 216_260
    assert total["2016-04"].item() == 4_324


def test_the_ledger_has_deals_threats_and_refusals_of_both_buffers():
    ledger = load_ledger("aegean")
    assert len(ledger.rows) >= 25
    assert {"deal", "renewal", "ask", "refusal", "threat", "withdrawal"} <= {row.kind for row in ledger.rows}
    assert {"TUR", "LBY", "TUN"} <= {code for row in ledger.rows for code in (*row.giver, *row.taker)}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("  SYR: {name: Syria, kind", "  XYZ: {name: Nowhere, kind", "uncovered|no such origin|unknown"),
        ("data: SYR}", "data: SYX}", r"origins\.SYR\.data: no figures under this code.*'SYX'"),
        ("TUN: {name: Tunisia, role: third}", "TUN: {name: Tunisia, role: transit}", "the role 'transit'.*2 countries"),
        ("TUN: {name: Tunisia, role: third}", "TUN: {name: Tunisia}", "`role` is missing"),
        ("libya_control: {holder: LBY", "libya_control: {holder: LIB", "LIB"),
        ("- {lever: patrols, from: 2014-01,", "- {lever: patrols, from: 2013-12,", "before the span of the case"),
        ("  encounters: emr_by_origin", "  encounters: emr_by_orgin", "no such series.*'emr_by_orgin'"),
        (
            "  sea: {name: Sea border, state: at sea}",
            "  see: {name: Sea border, state: at sea}",
            "no figures for this sector",
        ),
    ],
)
def test_what_is_wrong_with_a_corridor_is_told_in_words(old, new, said):
    assert old in TEXT
    with pytest.raises(CaseErrors) as raised:
        loads(TEXT.replace(old, new, 1), "mine.yaml")
    assert re.search(said, "\n".join(raised.value.faults))
    assert all(fault.startswith("mine.yaml:") for fault in raised.value.faults)


def test_a_case_that_leaves_out_an_origin_or_whose_series_end_before_it_cannot_be_run():
    without = re.sub(r"(?m)^  SOM: \{name: Somalia, kind.*\n", "", TEXT).replace("PAK, SOM]", "PAK]")
    assert "without SOM" in figures.gaps(loads(without))[0].found
    longer = loads(TEXT.replace("last: latest", "last: 2026-01"))
    [gap] = figures.gaps(longer)
    assert gap.what == "months"
    assert "2025-04" in gap.found
    assert Span.parse("2014-01", "2026-01") == longer.span.span


def test_a_case_of_the_first_corridor_takes_its_series_by_its_core(tmp_path: Path):
    first = (ATLAS / "us-mexico" / "case.yaml").read_text(encoding="utf-8")
    bare = re.sub(r"(?ms)^series:.*?(?=^countries:)", "", first)
    assert loads(bare).series == load("us-mexico").series
