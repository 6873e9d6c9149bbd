"""The page of editions counts what publishers changed, and holds the packaged tables to a folder of releases."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from data_releases import BORDER, REPEATS, border_rows, csv_text

import draw_editions

FOLDER = "PALANCA_RELEASES"


def test_between_two_editions_every_changed_cell_of_months_that_both_tell_is_counted(tmp_path):
    older = border_rows("2026,JUN", "2026,JUL")
    newer = [row.replace(",200", ",201") if ",JUL," in row and "FMUA" in row else row for row in older]
    newer += border_rows("2026,AUG")
    (tmp_path / "a.csv").write_text(csv_text(BORDER, newer), encoding="utf-8")
    (tmp_path / "b.csv").write_text(csv_text(BORDER, older), encoding="utf-8")
    between = draw_editions.page(tmp_path).partition(draw_editions.PACKAGED)[0].splitlines()
    rows = [[cell.strip() for cell in line.split("|")][3:8] for line in between if line.startswith("| Southwest")]
    assert rows == [
        ["`usbp_cells`", "30", "5", "2026-07", "2026-07 GTM family title8: 200 to 201"],
        ["`ofo_cells`", "40", "5", "2026-07", "2026-07 GTM family title8: 200 to 201"],
        ["`usbp_total`", "2", "1", "2026-07", "2026-07: 3,000 to 3,005"],
    ]


def test_a_release_that_agrees_with_the_packaged_table_is_counted_as_such_and_one_that_does_not_shown(tmp_path):
    (tmp_path / "a.csv").write_text(REPEATS + "2021-05,1,38,,,x\n2021-06,1,99,,,x\n", encoding="utf-8")
    page = draw_editions.page(tmp_path)
    assert "| `repeat_share` | 2 | 1 | 2021-06 | 2021-06: 99 to 34 |" in page
    (tmp_path / "a.csv").write_text(REPEATS + "2021-05,1,38,,,x\n", encoding="utf-8")
    assert "| `repeat_share` | 1 | 0 |  |  |" in draw_editions.page(tmp_path)


def test_the_page_is_what_a_folder_of_releases_shows():
    """Every release of the folder is read, or this fails; the packaged tables agree with them as the page says."""
    if FOLDER not in os.environ:
        pytest.skip(f"{FOLDER} names no folder of releases; the project ships none")
    assert draw_editions.PAGE.read_text(encoding="utf-8") == draw_editions.page(Path(os.environ[FOLDER]))
