"""A table of one's own: read as written, laid over what is known, and never repaired."""

from __future__ import annotations

from pathlib import Path

import pytest

from palanca.core.clock import Month
from palanca.data import catalogue, read, store
from palanca.data.importers import own
from palanca.data.importers.detect import read_release
from palanca.data.update import update

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "own-table.md"
TODAY = Month.parse("2026-11")
HEAD = "# series: usbp_by_group\n# publisher: A newspaper\n# table: page 3\n# edition: of 5 October\n# as_of: 2026-09\n"
ROWS = "month,group,count\n2026-08,single_adult,120\n2026-08,family,30\n2026-09,child,0\n"


def _file(folder: Path, text: str, name: str = "own.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_table_fills_the_series_that_it_names(tmp_path):
    release = read_release(_file(tmp_path, HEAD + ROWS))
    assert release.series == {
        "usbp_by_group": {
            ("2026-08", "single_adult"): 120,
            ("2026-08", "family"): 30,
            ("2026-09", "child"): 0,
        }
    }
    assert (release.publisher, release.publication, release.edition) == ("A newspaper", "page 3", "of 5 October")
    assert release.as_of == "2026-09"


@pytest.mark.parametrize("unit", ["count", "events / month"])
def test_the_series_may_be_named_beside_the_file_and_the_unit_be_written_out(tmp_path, unit):
    release = read_release(_file(tmp_path, ROWS.replace("count", unit)), "usbp_by_group")
    assert set(release.series) == {"usbp_by_group"}
    assert (release.publisher, release.edition, release.as_of) == ("not stated", "data through 2026-09", "2026-09")


def test_line_ends_and_blank_lines_do_not_matter(tmp_path):
    plain = read_release(_file(tmp_path, HEAD + ROWS))
    other = read_release(_file(tmp_path, "\ufeff" + (HEAD + "\n" + ROWS + "\n").replace("\n", "\r\n"), "other"))
    assert other == plain


def test_a_share_keeps_its_decimals(tmp_path):
    release = read_release(_file(tmp_path, "month,percent\n2026-08,4.25\n"), "job_openings_rate")
    assert release.series["job_openings_rate"] == {("2026-08",): 4.25}


def test_a_yearly_series_has_years(tmp_path):
    release = read_release(_file(tmp_path, "year,origin,count\n2025,HTI,5\n"), "mx_asylum_claims")
    assert release.series["mx_asylum_claims"] == {("2025", "HTI"): 5}
    assert release.as_of == "2025-12"


def test_a_withheld_count_is_read_where_the_series_has_any(tmp_path):
    release = read_release(_file(tmp_path, "month,origin,count\n2026-08,IND,0-4\n"), "usbp_by_origin")
    assert release.series["usbp_by_origin"] == {("2026-08", "IND"): None}


def test_it_is_laid_over_what_is_known_and_says_whose_it_is(tmp_path):
    folder = tmp_path / "store"
    (found,) = update([_file(tmp_path, HEAD + ROWS)], folder, today=TODAY)
    assert {(r.month, r.labels, r.new, r.kind) for r in found.revisions} == {
        ("2026-08", ("single_adult",), 120, "added"),
        ("2026-08", ("family",), 30, "added"),
        ("2026-09", ("child",), 0, "added"),
    }
    array = read.open_figures(folder).read("usbp_by_group")
    assert array.sel(month="2026-08", group="family").item() == 30
    assert bool(array.sel(month="2026-08", group="child").isnull())
    assert (array.attrs["publisher"], array.attrs["table"]) == ("A newspaper", "page 3")
    (row,) = store.opened(folder).of("usbp_by_group")
    assert row.edition == "page 3, of 5 October"
    packaged = read.read("usbp_by_group")
    assert array.sel(month=slice(None, packaged.month.values[-1])).equals(packaged)


def test_every_series_can_be_given_as_an_own_table(tmp_path):
    """The format is the one of the packaged tables, so each of them reads back as it is."""
    for series in catalogue.entries().values():
        text = (catalogue.TABLES / series.file).read_text(encoding="utf-8")
        release = read_release(_file(tmp_path, text), series.id)
        known = read.packaged_figures().cells(series.id)[1]
        assert release.series[series.id] == known


def test_the_page_of_the_format_shows_a_table_that_is_read_and_names_every_line_before_the_header(tmp_path):
    page = PAGE.read_text(encoding="utf-8")
    example = page.partition("```csv\n")[2].partition("```")[0]
    assert read_release(_file(tmp_path, example)).series["usbp_by_group"][("2025-09", "child")] == 536
    assert [line.split()[2].rstrip(":") for line in page.splitlines() if line.startswith("| `# ")] == list(own.STATED)
