"""A case with figures of its own: read beside the packaged ones, held to its rows, and refused in words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML
from typer.testing import CliRunner

from palanca.cli import cases, data
from palanca.core.errors import PalancaError, UsageError
from palanca.data import own_series
from palanca.data.read import open_figures, packaged_figures
from palanca.infer import history, store
from palanca.spec import starter
from palanca.spec.load import load

WRONG = sorted((Path(__file__).parents[2] / "refused" / "case" / "own").glob("*.yaml"))
GROUPS = (
    'own_by_group,own_by_group.csv,"month,group",group: everyone,All,events / month,'
    "me,mine,first,,exact,,,unknown,,final,\n"
)


@pytest.fixture
def case(tmp_path):
    return starter.write("lake", tmp_path / "lake")


def edit(path, find, put):
    text = path.read_text(encoding="utf-8")
    found = re.sub(find, lambda _: put, text, count=0 if "(?m)" in find else 1)
    assert found != text
    path.write_text(found, encoding="utf-8")


def ready(path):
    """What a command does before it runs or fits."""
    figures = open_figures(case=path)
    found = load(path, figures.months())
    history.check_whole(found, figures)
    return found


@pytest.mark.parametrize("wrong", WRONG, ids=lambda path: path.stem)
def test_a_case_or_table_at_fault_is_refused_in_words(wrong, case):
    told = YAML(typ="safe").load(wrong)
    edit(case.parent / told["file"], told["find"], told["put"])
    with pytest.raises(PalancaError) as raised:
        ready(case)
    assert told["says"] in str(raised.value)


def test_a_table_that_is_not_text_or_not_there_is_refused(case):
    table = case.parent / "tables" / "own_total.csv"
    table.write_bytes(b"month,events / month\n2018-01,\xff\n")
    with pytest.raises(PalancaError, match="not text"):
        ready(case)
    table.unlink()
    with pytest.raises(PalancaError, match=r"own_total\.csv"):
        ready(case)


def test_groups_that_do_not_sum_are_refused_with_the_month(case):
    folder = case.parent
    total = (folder / "tables" / "own_total.csv").read_text(encoding="utf-8").splitlines()
    lines = ["month,group,events / month", *(line.replace(",", ",everyone,") for line in total[1:])]
    (folder / "tables" / "own_by_group.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    with (folder / own_series.LIST).open("a", encoding="utf-8") as rows:
        rows.write(GROUPS)
    edit(case, "  total: own_total\n", "  total: own_total\n  groups: own_by_group\n")
    ready(case)
    edit(folder / "tables" / "own_by_group.csv", r"(?m)^2019-04,everyone,.*$", "2019-04,everyone,1")
    with pytest.raises(UsageError, match=r"own_by_group and own_by_origin count the same.*2019-04"):
        ready(case)


def test_the_first_case_is_sound_whole_and_its_figures_are_shown_with_their_case(case):
    said = CliRunner().invoke(cases.app, ["check", str(case)]).stdout
    assert "It can be run and fitted" in said
    listed = CliRunner().invoke(data.app, ["list", "--case", str(case), "--format", "csv"]).stdout
    assert "own_by_origin" in listed
    assert "usbp_total" in listed
    assert "2018-03" in CliRunner().invoke(data.app, ["show", "own_total", "--case", str(case), "--full"]).stdout
    assert "own_by_origin" not in CliRunner().invoke(data.app, ["list", "--format", "csv"]).stdout


def test_only_the_case_itself_has_its_figures_and_the_packaged_ones_stay_as_they_were(case):
    figures = open_figures(case=case)
    assert set(figures.rows) - set(packaged_figures().rows) == {"own_by_origin", "own_total"}
    assert float(figures.read("own_total").sum()) == float(figures.read("own_by_origin").sum())
    assert figures.fingerprint() != open_figures().fingerprint() == open_figures(case="us-mexico").fingerprint()
    with pytest.raises(PalancaError, match="no such series"):
        packaged_figures().read("own_total")


def test_a_changed_table_changes_the_fingerprints_of_the_figures_and_what_a_fit_was_made_from(case):
    before, made = open_figures(case=case).fingerprint(), store.marks(ready(case), open_figures(case=case))
    for name in ("own_total", "own_by_origin"):
        edit(
            case.parent / "tables" / f"{name}.csv",
            r"2017-12,(AAA,)?\d+",
            "2017-12,1" if name == "own_total" else "2017-12,AAA,1",
        )
    after = open_figures(case=case)
    assert after.fingerprint() != before
    assert store.marks(load(case), after).data != made.data


def test_a_copy_of_a_case_with_figures_takes_them_along_and_keeps_what_it_states(case, tmp_path):
    copy = starter.write("pond", tmp_path / "pond", str(case))
    assert load(copy).case == "pond"
    assert open_figures(case=copy).fingerprint() == open_figures(case=case).fingerprint()
    assert starter.write("mine", tmp_path / "mine.yaml", "aegean").is_file()
