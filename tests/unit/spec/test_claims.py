"""Claims as declared: broken files earn their faults word for word, expressions are typed, the shipped file whole."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from palanca.core.errors import CaseErrors, CaseFileError, UsageError
from palanca.spec import claim_expression as language
from palanca.spec.claim_expression import Applied, DaysTerm, ExpressionFault, Operation, PlainNumber, SeriesTerm
from palanca.spec.claim_reader import parse
from palanca.spec.claims import example, load_claims, loads_claims
from palanca.spec.claims_schema import MAGNITUDES, Says
from palanca.spec.load import load

BROKEN = Path(__file__).parents[2] / "refused" / "claims"
FILES = sorted(BROKEN.glob("*.yaml"))
SOUND = BROKEN / "sound" / "claims.yaml"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_broken_file_earns_its_faults_in_these_words(path):
    lines = path.read_text().splitlines()
    assert lines[0] == "# Expected, word for word:"
    with pytest.raises(CaseErrors) as raised:
        load_claims(path)
    assert raised.value.faults == [line[2:] for line in lines[1:] if line.startswith(f"# {path.name}:")]
    assert raised.value.faults


def test_the_faults_that_must_be_refused_each_have_a_broken_file():
    must = {"unknown-series", "unknown-label", "unknown-function", "months-reversed", "duplicate-id", "several-months"}
    assert {path.stem for path in FILES} >= must


def test_a_source_that_nobody_names_is_refused_with_the_nearest():
    with pytest.raises(CaseErrors, match=r"claims\.yaml:9: .*unknown source: found 'NEW'.*Did you mean 'NEWS'"):
        loads_claims(SOUND.read_text().replace("source: NEWS", "source: NEW"), "claims.yaml")


def test_a_code_that_means_something_else_is_never_offered():
    """CBP writes UAC for children and FMUA for families: a guess between codes would change the meaning."""
    with pytest.raises(ExpressionFault) as raised:
        parse("usbp_by_group[UAC]")
    assert raised.value.fault.hint == ""


def test_faults_of_several_claims_are_told_together_in_the_order_of_the_file():
    text = SOUND.read_text().replace("usbp_total", "usbp_totals")
    text += text.split("claims:\n")[1].replace("id: december", "id: second").replace("about: 250000", "around: 1")
    with pytest.raises(CaseErrors) as raised:
        loads_claims(text, "it.yaml")
    assert [fault.split(": ")[1] for fault in raised.value.faults] == [
        "claims[0].figure", "claims[1].figure", "claims[1].says.around",
    ]  # fmt: skip


def test_an_expression_is_read_by_the_usual_order_of_operations():
    total = SeriesTerm("usbp_total")
    assert parse("usbp_total + usbp_total * 2") == Operation(
        "+", total, Operation("*", total, PlainNumber(2.0))
    )  # fmt: skip
    assert parse("usbp_total - ofo_total - ofo_total") == Operation(
        "-", Operation("-", total, SeriesTerm("ofo_total")), SeriesTerm("ofo_total")
    )
    assert parse("(usbp_total + ofo_total) / days") == Operation(
        "/", Operation("+", total, SeriesTerm("ofo_total")), DaysTerm()
    )


def test_a_function_takes_months_years_and_numbers():
    found = parse("months_until_above(usbp_total, 200000, 2021..2023)")
    assert isinstance(found, Applied)
    assert found.bound == 200000.0
    assert [str(found.months[0].first), str(found.months[0].last)] == ["2021-01", "2023-12"]
    (year,) = parse("sum(usbp_total, 2021)").months
    assert [str(year.first), str(year.last)] == ["2021-01", "2021-12"]


@pytest.mark.parametrize(
    ("text", "unit", "dated"),
    [
        ("usbp_total", "events / month", True),
        ("sum(usbp_total)", "events", False),
        ("usbp_total / ofo_total", "", True),
        ("percent(sum(usbp_total) / sum(ofo_total))", "percent", False),
        ("change(usbp_total)", "percent", False),
        ("usbp_total / (ofo_total / days)", "days / month", True),
        ("usbp_total / days", "events / days", True),
        ("at(usbp_total, 2023-12) - at(usbp_total, 2023-11)", "events / month", False),
        ("sum(darien_yearly)", "people", False),
        ("years_since_as_high(usbp_total)", "years", False),
        ("mean(unemployment_rate)", "percent", False),
    ],
)
def test_an_expression_has_a_unit_and_a_value_a_month_or_one_in_all(text, unit, dated):
    known = language.meaning(parse(text))
    assert (known.unit_name, known.dated) == (unit, dated)


def test_what_is_drawn_beside_a_claim_is_the_part_with_a_value_a_month():
    assert language.dated_part(parse("percent(sum(usbp_total) / sum(ofo_total))")) == SeriesTerm("usbp_total")
    assert language.dated_part(parse("usbp_total + ofo_total")) == parse("usbp_total + ofo_total")
    assert language.dated_part(parse("change(usbp_total)")) == SeriesTerm("usbp_total")


def test_a_label_is_swapped_in_its_place_along_its_own_axis_alone():
    found = parse("sum(follow_by_origin[VEN, usbp_releases])")
    assert language.swapped(found, "origin11", "CUB") == parse("sum(follow_by_origin[CUB, usbp_releases])")
    assert language.swapped(found, "origin11", "VEN") == found
    assert language.swapped(found, "sector", "yuma") == found


@pytest.mark.parametrize(
    "text", ["", "1 +", "usbp_total usbp_total", "usbp_total; 1", "sum(", "'x'", "usbp_total[[VEN]]"]
)
def test_what_is_no_expression_is_refused(text):
    with pytest.raises(ExpressionFault):
        parse(text)


def test_brackets_without_end_are_refused_before_they_are_read():
    with pytest.raises(ExpressionFault, match="too many brackets"):
        parse("(" * 5000 + "usbp_total")


def test_the_shipped_file_holds_every_claim_once_in_the_order_of_the_sources():
    shipped = load_claims("us-mexico")
    counts = {"CL000": 17, "CL001": 17, "CL002": 11, "CL003": 34, "CL004": 19}
    assert [one.entry.id for one in shipped.claims] == [
        f"{article}-{number:02d}" for article, count in counts.items() for number in range(1, count + 1)
    ]
    assert {name for one in shipped.claims for name in one.entry.source} == {"S0", "S1", "S2", "S3", "S4"}
    assert set(counts) == {f"CL00{one.entry.source[0][1]}" for one in shipped.claims}


def test_sources_of_claims_are_those_of_the_case_and_the_file():
    assert set(load("us-mexico").sources) < set(loads_claims(example()).sources)


def test_claims_are_chosen_by_id_and_an_unknown_one_is_refused_with_the_nearest():
    shipped = load_claims("us-mexico")
    assert [one.entry.id for one in shipped.only(["CL004-05", "CL000-01"]).claims] == ["CL000-01", "CL004-05"]
    with pytest.raises(UsageError, match="Did you mean 'CL004-05'"):
        shipped.only(["CL04-05"])


def test_the_example_reads_and_uses_every_kind_of_entry():
    entries = [one.entry for one in loads_claims(example()).claims]
    assert any(entry.handed_on for entry in entries)
    assert any(entry.not_checkable for entry in entries)
    assert any(entry.says and entry.says.rank and entry.says.value for entry in entries)


def test_a_missing_file_is_told_with_the_nearest_name_and_the_way_to_a_first_one():
    with pytest.raises(CaseFileError, match="Did you mean 'us-mexico'"):
        load_claims("us-mexcio")
    with pytest.raises(CaseFileError, match="palanca claims --example"):
        load_claims("my-own-file.yaml")


def test_reading_claims_loads_nothing_heavy():
    asked = (
        "import sys; from palanca.spec.claims import load_claims; load_claims('us-mexico'); "
        "print(*sorted({'jax', 'numpy', 'xarray', 'pandas'} & set(sys.modules)))"
    )
    shown = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout
    assert shown.split() == []


def test_the_page_names_every_function_and_every_word_of_comparison():
    page = (Path(__file__).parents[3] / "docs" / "claims.md").read_text(encoding="utf-8")
    assert all(f"`{name}(" in page for name in language.FUNCTIONS)
    words = [word for word in Says.model_fields if word not in ("direction", "rank")]
    assert all(f"`{word}: " in page for word in words)
    assert all(f"`{size}`" in page or f"magnitude: {size}" in page for size in MAGNITUDES)
    assert all(f"{word}`" in page for word in ("up", "down", "highest", "lowest", "unchanged"))
