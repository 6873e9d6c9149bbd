"""The command `palanca case`: it lists, checks, shows, writes, and refuses in words."""

import csv
import io
import json

import pytest
from typer.testing import CliRunner

from palanca.cli import cases, fail

RUN = CliRunner()


def test_list_names_the_shipped_cases():
    done = RUN.invoke(cases.app, ["list", "--format", "json"])
    assert [row["case"] for row in json.loads(done.stdout)] == ["aegean", "us-mexico"]


def test_check_says_that_the_shipped_case_is_sound():
    done = RUN.invoke(cases.app, ["check"])
    assert done.exit_code == 0
    assert "us-mexico: sound" in done.stdout


def test_a_new_case_passes_the_check(tmp_path):
    path = tmp_path / "mine"
    assert RUN.invoke(cases.app, ["new", "mine", "--out", str(path)]).exit_code == 0
    assert "mine: sound; 2 levers, 2 dated entries" in RUN.invoke(cases.app, ["check", str(path / "case.yaml")]).stdout


def test_a_copy_of_the_shipped_case_is_as_sound_and_bears_its_own_name(tmp_path):
    path = tmp_path / "mine.yaml"
    assert RUN.invoke(cases.app, ["new", "mine", "--from", "us-mexico", "--out", str(path)]).exit_code == 0
    told = RUN.invoke(cases.app, ["check", str(path)]).stdout
    shipped = RUN.invoke(cases.app, ["check", "us-mexico"]).stdout
    assert told.splitlines()[0] == shipped.splitlines()[0].replace("us-mexico", "mine")


def test_show_prints_the_record_as_csv():
    done = RUN.invoke(cases.app, ["show", "us-mexico", "--what", "record", "--format", "csv"])
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert len(rows) >= 45
    assert rows[0]["lever"] == "routine_control"
    assert rows[0]["origins"] == "all but MEX"


def test_show_prints_a_table_by_default():
    done = RUN.invoke(cases.app, ["show", "--what", "sectors"])
    assert done.exit_code == 0
    assert "Rio Grande Valley" in done.stdout


def test_a_broken_case_ends_in_its_faults_and_exit_code_2(tmp_path, capsys, monkeypatch):
    path = tmp_path / "broken.yaml"
    path.write_text("case: broken\n")
    monkeypatch.setattr("sys.argv", ["palanca", "check", str(path)])
    assert fail.guarded(cases.app) == fail.REFUSED
    assert "broken.yaml:1: `span` is missing. [missing-field]" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["list", "check", "show", "new"])
def test_every_command_explains_itself(command):
    done = RUN.invoke(cases.app, [command, "--help"])
    assert done.exit_code == 0
    assert command in done.stdout
