import json
import subprocess
import sys

import pytest
from data_releases import workbook
from typer.testing import CliRunner

from palanca.cli.data import app
from palanca.core.errors import SeriesError
from palanca.data import agree, catalogue


def _run(*words: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, list(words), catch_exceptions=False, env={"PALANCA_STORE": None})
    assert result.exit_code == code, result.output
    return result.output


@pytest.fixture
def release(tmp_path):
    path = tmp_path / "release.xlsx"
    path.write_bytes(workbook())
    return path


def test_list_prints_every_series():
    listed = json.loads(_run("list", "--format", "json"))
    assert [row["id"] for row in listed] == list(catalogue.entries())


def test_list_as_csv_has_a_header_and_a_line_for_each_series():
    assert len(_run("list", "--format", "csv").splitlines()) == len(catalogue.entries()) + 1


def test_show_prints_figures_and_source():
    printed = _run("show", "usbp_total", "--last", "2")
    assert "U.S. Border Patrol" in printed
    assert "8,386" in printed
    assert "2025-07" not in printed


def test_show_as_json_keeps_gaps_and_withheld_counts_apart():
    gaps = json.loads(_run("show", "us_approval", "--last", "2", "--format", "json"))
    assert gaps[0] == {"month": "2024-12", "percent of adults": None}
    withheld = json.loads(_run("show", "usbp_by_origin", "--format", "json"))
    assert {"month": "2001-10", "origin": "HTI", "events / month": "0-4"} in withheld


def test_show_of_a_yearly_series_prints_years():
    assert json.loads(_run("show", "mx_apprehensions_yearly", "--format", "json"))[0] == {
        "year": "2015",
        "events / year": 198141,
    }


def test_show_of_an_unknown_series_is_refused():
    with pytest.raises(SeriesError, match="usbp_total"):
        _run("show", "usbp_totl")


def test_verify_passes_on_what_is_packaged():
    assert all(row["agrees"] for row in json.loads(_run("verify", "--format", "json")))


def test_verify_exits_with_one_when_a_check_fails(monkeypatch):
    monkeypatch.setattr(agree, "POINTS", (agree.Point("usbp_total", "2019-05", "2019-05", 1.0),))
    _run("verify", code=1)


def test_update_shows_revisions_and_the_store_is_read_afterwards(release, tmp_path):
    store = str(tmp_path / "store")
    printed = _run("update", str(release), "--store", store)
    assert "follow_usbp" in printed
    assert "added" in printed
    shown = json.loads(_run("show", "follow_usbp", "--last", "1", "--store", store, "--format", "json"))
    assert shown[0] == {"month": "2024-11", "outcome": "total_encounters", "events / month": 120}
    known = json.loads(
        _run("show", "follow_usbp", "--last", "1", "--store", store, "--as-known", "2024-10", "--format", "json")
    )
    assert known[0]["month"] <= "2024-08"


def test_a_dry_run_says_that_nothing_was_written(release, tmp_path):
    printed = _run("update", str(release), "--store", str(tmp_path / "store"), "--dry-run")
    assert "Nothing was written." in printed
    assert not (tmp_path / "store").exists()


def test_update_as_json_lists_every_cell(release, tmp_path):
    listed = json.loads(_run("update", str(release), "--store", str(tmp_path / "s"), "--format", "json"))
    assert {"file", "series", "month", "cell", "old", "new", "kind"} == set(listed[0])


def test_the_commands_load_no_array_library_until_they_run():
    heavy = "import sys, palanca.cli.data; print(sorted({'xarray', 'pandas', 'numpy'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", heavy], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
