"""A store that is not there, or that was altered, is refused and found; nothing in it is ever overwritten."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from data_releases import BORDER, STATE, border_rows, csv_text, state_rows
from typer.testing import CliRunner

from palanca.cli.data import app
from palanca.core.clock import Month
from palanca.core.errors import ReleaseError, SeriesError
from palanca.data import agree, catalogue, read, store
from palanca.data.update import update

TODAY = Month.parse("2026-11")


def _release(folder: Path, rows: list[str]) -> Path:
    path = folder / "release.csv"
    path.write_text(csv_text(BORDER, rows), encoding="utf-8")
    return path


@pytest.fixture
def folder(tmp_path):
    found = tmp_path / "store"
    update([_release(tmp_path, border_rows("2024,SEP", "2025,OCT"))], found, today=TODAY)
    return found


def _snapshot(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("made", [False, True], ids=["no such folder", "an empty folder"])
def test_a_store_that_does_not_exist_is_refused(tmp_path, made):
    where = tmp_path / "typo"
    if made:
        where.mkdir()
    with pytest.raises(SeriesError, match="there is no store of figures here"):
        read.open_figures(where)


@pytest.mark.parametrize("words", [["list"], ["show", "usbp_total"], ["status"]], ids=lambda words: words[0])
def test_every_command_on_figures_refuses_it_by_option_and_by_environment(tmp_path, words):
    typo = str(tmp_path / "typo")
    for options, env in ((["--store", typo], {}), ([], {"PALANCA_STORE": typo})):
        result = CliRunner().invoke(app, [*words, *options], env=env)
        assert isinstance(result.exception, SeriesError)
    result = CliRunner().invoke(app, ["verify", "--store", typo, "--format", "json"])
    assert result.exit_code == 1
    assert "no store of figures here" in result.output


@pytest.mark.parametrize("told", ["1\n", "3\n", None, "\x00" * 50], ids=["older", "newer", "none", "at random"])
def test_a_store_of_another_version_is_refused_with_the_way_out_and_left_as_it_is(tmp_path, folder, told):
    path = folder / store.VERSION_FILE
    path.unlink() if told is None else path.write_text(told)
    before = _snapshot(folder)
    with pytest.raises(SeriesError, match="a store of another version") as caught:
        read.open_figures(folder)
    assert "--store NEW" in caught.value.way_out
    with pytest.raises(SeriesError, match="a store of another version"):
        update([_release(tmp_path, border_rows("2024,SEP", count=300))], folder, today=TODAY)
    assert _snapshot(folder) == before


def _vintage(folder: Path) -> Path:
    return next((folder / "vintages" / "usbp_cells").iterdir())


SPOILT = {
    "an edition removed": lambda folder: _vintage(folder).unlink(),
    "an edition altered": lambda folder: _vintage(folder).write_text("month\n"),
    "the list removed": lambda folder: (folder / store.LIST).unlink(),
    "the list cut at a line end": lambda folder: (folder / store.LIST).write_text(
        "\n".join((folder / store.LIST).read_text().split("\n")[:2]) + "\n"
    ),
    "the list cut in mid-line": lambda folder: (folder / store.LIST).write_bytes(
        (folder / store.LIST).read_bytes()[:-70]
    ),
    "the list at random": lambda folder: (folder / store.LIST).write_bytes(bytes(range(256)) * 40),
    "another list": lambda folder: (folder / store.LIST).write_text("id,file\nusbp_total,x.csv\n"),
    "a value too many in the list": lambda folder: (folder / store.LIST).write_text(
        (folder / store.LIST).read_text().rstrip("\n") + ",more\n"
    ),
}


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)
def test_a_store_that_was_altered_is_found_refused_and_left_as_it_is(tmp_path, folder, spoil):
    spoil(folder)
    before = _snapshot(folder)
    assert not all(finding.passed for finding in agree.verify(folder))
    with pytest.raises(SeriesError):
        read.open_figures(folder).read("usbp_cells")
    with pytest.raises(SeriesError) as caught:
        update([_release(tmp_path, border_rows("2024,SEP", count=300))], folder, today=TODAY)
    assert "--store" in caught.value.way_out or "store's copy" in caught.value.way_out
    assert _snapshot(folder) == before


def test_a_sound_store_is_found_sound(folder):
    findings = agree.verify(folder)
    assert [finding for finding in findings if not finding.passed] == []
    assert len([finding for finding in findings if "vintages/" in finding.check]) == 3


def test_a_month_that_is_not_over_is_refused_and_the_truth_comes_in_afterwards(tmp_path):
    future = _release(tmp_path, border_rows("2098,AUG"))
    with pytest.raises(ReleaseError, match="a month that is not over"):
        update([future], tmp_path / "store", today=TODAY)
    assert not (tmp_path / "store").exists()
    now = _release(tmp_path, border_rows("2026,AUG"))
    with pytest.raises(ReleaseError, match=r"found 2026-08; expected months before 2026-08"):
        update([now], tmp_path / "store", today=Month.parse("2026-08"))
    assert update([now], tmp_path / "store", today=Month.parse("2026-09"))[0].kept


def _left(words: tuple[str, ...]) -> list[str]:
    return [row for row in border_rows("2024,SEP", "2025,OCT") if not any(word in row for word in words)]


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("Guatemala", "Honduras", "El Salvador", "Other,"), "GTM, HND, SLV, OTHER5 in 2024-09"),
        (("UAC",), "group child in 2024-09"),
        (("2025,FYTD,OCT,U.S. Border Patrol,FMUA",), "group family in 2024-10"),
    ],
    ids=["one nationality", "without a group", "one month short of a group"],
)
def test_a_filtered_release_is_refused_and_what_is_absent_named(tmp_path, words, named):
    with pytest.raises(ReleaseError, match="the release is incomplete") as caught:
        update([_release(tmp_path, _left(words))], tmp_path / "store", today=TODAY)
    assert named in str(caught.value)
    assert "without a filter" in caught.value.way_out
    assert not (tmp_path / "store").exists()


@pytest.mark.parametrize(
    ("word", "named"), [(",TX,", "no state TX in 2026-08"), (",MEXICO,", "no origin MEX in 2026-08")]
)
def test_a_release_by_state_filtered_to_some_states_or_nationalities_is_refused(tmp_path, word, named):
    rows = [row for row in state_rows("2026,AUG", "2026,SEP") if word not in row]
    path = tmp_path / "state.csv"
    path.write_text(csv_text(STATE, rows), encoding="utf-8")
    with pytest.raises(ReleaseError, match="the release is incomplete") as caught:
        update([path], tmp_path / "store", today=TODAY)
    assert named in str(caught.value)


def test_a_release_cut_at_a_line_end_is_refused_where_its_months_are_known(tmp_path, folder):
    rows = [
        row
        for row in border_rows("2024,SEP", "2025,OCT")
        if not row.startswith("2025,FYTD,OCT,U.S. Border Patrol,UAC,O")
    ]
    with pytest.raises(ReleaseError, match="2024-10 OTHER5 child title8"):
        update([_release(tmp_path, rows)], folder, today=TODAY)


def test_the_first_month_of_a_release_is_the_one_that_is_printed():
    """October 2025 of the fiscal calendar is October 2024: a figure put one month off would be another month's."""
    from palanca.data.importers import cbp_border

    text = csv_text(BORDER, [row.replace(",200", f",{number}") for number, row in enumerate(border_rows("2025,OCT"))])
    release = cbp_border.read(text, "release")
    assert set(release.series["usbp_total"]) == {("2024-10",)}
    assert release.series["usbp_cells"][("2024-10", "MEX", "single_adult", "title8")] == 0
    assert release.series["usbp_total"][("2024-10",)] == sum(range(15))


def test_status_counts_months_from_the_date_that_is_given(folder):
    options = ["--store", str(folder), "--as-known", "2025-09", "--format", "json"]
    rows = {row["id"]: row for row in json.loads(CliRunner().invoke(app, ["status", *options]).output)}
    assert set(rows) == set(catalogue.entries())
    assert (rows["usbp_total"]["last"], rows["usbp_total"]["age"]) == ("2025-08", 1)
    assert (rows["ofo_total"]["last"], rows["ofo_total"]["age"]) == ("2025-08", 1)
    assert rows["usbp_total"]["newer months from"].startswith("CBP, Southwest Land Border Encounters (CSV)")
    assert rows["income"]["last"] == "2023"  # its edition was not recorded: each year as known a year later
    assert rows["democracy"]["age"] == 9
    assert "--series democracy" in rows["democracy"]["newer months from"]
