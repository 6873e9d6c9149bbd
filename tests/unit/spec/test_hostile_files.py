"""Files made in error or in malice: every kind of declared file refuses them in words, at once and within bounds."""

from __future__ import annotations

import os
import re
import time

import pytest
import small_cases
from typer.testing import CliRunner

from palanca.cli import cases
from palanca.core.errors import CaseErrors, CaseFileError, ChangeError, UsageError
from palanca.data import catalogue
from palanca.spec import edit, marks, starter
from palanca.spec.bargain_spec import load_bargain
from palanca.spec.edit import parse_set, read_changes
from palanca.spec.facts import load_facts
from palanca.spec.ledger import load_ledger
from palanca.spec.load import load, loads
from palanca.spec.relief import load_relief
from palanca.spec.search_file import load_search
from palanca.spec.silos import load_silos

READERS = {
    "case": load,
    "ledger": load_ledger,
    "bargaining table": load_bargain,
    "relief": load_relief,
    "facts": load_facts,
    "search": lambda path: load_search(path, load("us-mexico")),
    "silos": lambda path: load_silos(path, ("control",)),
    "changes": read_changes,
    "copy": lambda path: starter.text("copy", str(path)),
}


@pytest.fixture(params=READERS.values(), ids=READERS.keys())
def reader(request):
    return request.param


def test_a_pipe_or_a_device_is_no_declared_file(tmp_path, reader):
    os.mkfifo(tmp_path / "pipe.yaml")
    for path in (tmp_path / "pipe.yaml", "/dev/zero"):
        with pytest.raises(CaseFileError, match="not a regular file"):
            reader(path)


def test_a_file_that_is_not_utf_8_is_refused_at_its_line(tmp_path, reader):
    (tmp_path / "latin.yaml").write_bytes("case: a\ntitle: Año\n".encode("latin-1"))
    with pytest.raises(CaseFileError, match=r"latin\.yaml:2: not text in UTF-8: found the byte 0xf1"):
        reader(tmp_path / "latin.yaml")


def test_a_name_that_no_file_can_have_is_refused_and_not_repeated_in_full(reader):
    for name in ("n" * 300, "d/" * 3000 + "x.yaml", "a\0b"):
        with pytest.raises(CaseFileError) as raised:
            reader(name)
        assert len(str(raised.value)) < 700


def test_a_file_larger_than_the_limit_is_not_read(tmp_path, reader):
    with (tmp_path / "large.yaml").open("wb") as stream:
        stream.truncate(marks.KIND.most_bytes + 1)
    with pytest.raises(CaseFileError, match="the file is too large"):
        reader(tmp_path / "large.yaml")


@pytest.mark.parametrize(
    "text",
    [
        "a0: &a0 [1]\n" + "".join(f"a{i}: &a{i} [*a{i - 1}]\n" for i in range(1, 3000)),
        "a0: &a0 [1]\n" + "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 30)),
        "a: " + "[" * 2000 + "]" * 2000,
        "a: " + "{b: " * 200 + "1" + "}" * 200,
    ],
    ids=["chain of aliases", "aliases that multiply", "two thousand levels", "two hundred levels"],
)
def test_aliases_and_levels_without_end_are_refused_in_bounded_time(text):
    start = time.monotonic()
    with pytest.raises(CaseFileError):
        loads(text)
    assert time.monotonic() - start < 30.0


def test_a_space_that_is_not_plain_is_named_with_its_line_and_character():
    text = "case: probe\ntitle:\N{NO-BREAK SPACE}A title pasted from a word processor\nspan: {first: 2018-01}\n"
    with pytest.raises(CaseFileError) as raised:
        loads(text, "b14.yaml")
    assert str(raised.value).startswith(
        "b14.yaml:2: a space that is not a plain one: found no-break space (U+00A0) as character 7; expected a plain"
    )
    with pytest.raises(CaseFileError, match=r"b14\.yaml:1: a space that is not a plain one"):
        loads("title:\N{NARROW NO-BREAK SPACE}alone", "b14.yaml")


def test_spaces_of_fine_print_and_letters_of_every_script_may_stand_in_texts():
    for text in ("20\N{NO-BREAK SPACE}%", "Nuevo León", "می\N{ZERO WIDTH NON-JOINER}خواهم", "日本"):
        assert marks.parse(f'a: "{text}"', "a.yaml").faults == []


@pytest.mark.parametrize("text", ['"\\e[2J"', '"a\\u202Eb"', '"\\u200Bb"', '"=1+1"', '"a\\rb"', '"\\0"'])
def test_what_commands_a_terminal_or_a_spreadsheet_is_refused_as_name_and_as_value(text):
    assert [fault.kind for fault in marks.parse(f"a: {text}", "a.yaml").faults] == ["unsafe-text"]
    assert [fault.kind for fault in marks.parse(f"{text}: 1", "a.yaml").faults] == ["unsafe-text"]


def test_a_name_does_not_start_like_a_formula_but_a_text_may_start_with_a_dash():
    for sign in "+-@":
        assert marks.parse(f'"{sign}a": 1', "a.yaml").faults
    assert marks.parse('a: "- a dash"', "a.yaml").faults == []


def test_a_misspelt_key_of_a_lever_is_told_with_its_neighbour_and_echoes_nowhere():
    for key, wrong in (("holder", "holdr"), ("mechanism", "mechanizm")):
        with pytest.raises(CaseErrors) as raised:
            loads(small_cases.text("typo").replace(f"    {key}: ", f"    {wrong}: "), "typo.yaml")
        missing, unknown = raised.value.faults
        assert f"`{key}` is missing" in missing
        assert f"Did you mean {key!r}?" in unknown


def test_a_sector_without_figures_is_refused_by_name():
    text = small_cases.text("far").replace("  el_paso: {name: El Paso", "  el_pasa: {name: El Paso")
    with pytest.raises(CaseErrors, match=r"sectors\.el_pasa: no figures for this sector.*Did you mean 'el_paso'"):
        loads(text)


def test_every_sector_of_the_border_is_in_the_case():
    case = load("us-mexico")
    for series in (case.series.sectors, case.series.origins_by_sector):
        assert sorted(case.sectors) == sorted(catalogue.get(series).labels["sector"])


def test_an_election_cannot_be_moved_beyond_the_span():
    case = load("us-mexico")
    for month in ("2030-01", str(case.span.last + 1), "2013-09"):
        with pytest.raises(ChangeError, match="outside the span of the case"):
            edit.apply(case, [parse_set(f"elections.USA.2020-11={month}")])
    edit.apply(case, [parse_set(f"elections.USA.2020-11={case.span.last}")])


def test_check_says_why_a_small_case_cannot_be_run_and_that_a_whole_one_can(tmp_path):
    small, whole = small_cases.write("small", tmp_path / "small.yaml"), tmp_path / "whole.yaml"
    starter.write("whole", whole, "us-mexico")
    said = CliRunner().invoke(cases.app, ["check", str(small)]).stdout
    assert "It cannot be run or fitted yet" in said
    assert "sectors: without big_bend" in said
    assert "a part of what usbp_by_sector and its sums count" in said
    assert "palanca case new NAME --from us-mexico" in said
    assert "It can be run and fitted" in CliRunner().invoke(cases.app, ["check", str(whole)]).stdout
    assert "It can be run and fitted" in CliRunner().invoke(cases.app, ["check"]).stdout
    later = re.sub(r"(?m)^span: .*$", "span: {first: 2013-10, last: 2099-12}", whole.read_text(encoding="utf-8"))
    whole.write_text(later, encoding="utf-8")
    said = CliRunner().invoke(cases.app, ["check", str(whole)]).stdout
    assert "the case has months that usbp_by_origin does not tell" in said
    assert "`last: latest`" in said


def test_a_new_case_is_not_written_over_a_file_or_to_a_name_that_cannot_be(tmp_path):
    with pytest.raises(UsageError, match="already there"):
        starter.write("a", tmp_path)
