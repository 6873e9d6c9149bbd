"""Tables of BLS and UNHCR: read as they are laid out, and refused where they are spoilt."""

from __future__ import annotations

import json

import pytest
from data_releases import refusal

from palanca.core.clock import Month
from palanca.core.errors import ReleaseError
from palanca.data import read
from palanca.data.importers import bls, unhcr
from palanca.data.importers.detect import read_release
from palanca.data.update import update

LEVELS = {
    bls.UNEMPLOYMENT: {"2024-07": "4.2", "2024-08": "4.2", "2025-10": "-"},
    bls.OPENINGS: {"2024-07": "7711", "2025-01": "8000"},
    bls.JOBS: {"2024-07": "158003", "2025-01": "152000"},
    "CES0500000001": {"2024-07": "1"},
}


def flat(levels: dict[str, dict[str, str]] = LEVELS, *more: str) -> str:
    """A flat file of BLS, which pads what it prints."""
    rows = [
        f"{name:<30}\t{month[:4]}\tM{month[5:]}\t{value:>12}\t"
        for name, months in levels.items()
        for month, value in months.items()
    ]
    return "\n".join(["\t".join(bls.HEADER), *rows, *more]) + "\n"


def answer(levels: dict[str, dict[str, str]] = LEVELS) -> str:
    """The same as the public interface answers it."""
    series = [
        {"seriesID": name, "data": [{"year": m[:4], "period": f"M{m[5:]}", "value": v} for m, v in months.items()]}
        for name, months in levels.items()
    ]
    return json.dumps({"status": "REQUEST_SUCCEEDED", "Results": {"series": series}})


def _read(folder, text: str):
    path = folder / "release"
    path.write_text(text, encoding="utf-8")
    return read_release(path)


def test_the_openings_rate_is_computed_from_both_levels_as_its_publisher_defines_it(tmp_path):
    release = _read(tmp_path, flat())
    assert release.series["unemployment_rate"] == {("2024-07",): 4.2, ("2024-08",): 4.2}
    assert release.series["job_openings_rate"] == {("2024-07",): 4.65, ("2025-01",): 5.0}
    assert release.as_of == "2025-01"


def test_a_flat_file_and_an_answer_of_the_interface_say_the_same(tmp_path):
    assert _read(tmp_path, flat()) == _read(tmp_path, answer())


def test_means_of_years_and_halves_are_no_months(tmp_path):
    more = [f"{bls.UNEMPLOYMENT}\t2024\t{period}\t4.0\t" for period in ("M13", "S01", "A01")]
    assert _read(tmp_path, flat(LEVELS, *more)) == _read(tmp_path, flat())


def test_one_rate_alone_is_taken(tmp_path):
    release = _read(tmp_path, flat({bls.UNEMPLOYMENT: {"2026-01": "4.4"}}))
    assert release.series == {"unemployment_rate": {("2026-01",): 4.4}, "job_openings_rate": {}}


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (flat({bls.OPENINGS: {"2026-01": "7000"}}), "the openings rate is computed from two levels"),
        (flat({"CES0500000001": {"2026-01": "7000"}}), "none of the series that are taken"),
        (flat(LEVELS, f"{bls.JOBS}\t2024\tM07\t158003\t"), "a month stands twice"),
        (flat(LEVELS, f"{bls.JOBS}\t2024\tM14\t158003\t"), "cannot read the period"),
        (flat(LEVELS, f"{bls.JOBS}\t24\tM06\t158003\t"), "cannot read the month"),
        (flat(LEVELS, f"{bls.JOBS}\t2024\tM06\t158,003\t"), "not a number"),
        (flat()[:-5], "the file is cut off"),
        (answer()[:-5], "not an answer of BLS's public interface"),
        ('{"Results": []}', "not an answer of BLS's public interface"),
        ("{" * 100_000, "not an answer of BLS's public interface"),
    ],
    ids=range(10),
)
def test_a_faulty_table_of_rates_is_refused(tmp_path, text, what):
    assert refusal(tmp_path, text).what == what


def claims(*rows: tuple[object, ...]) -> str:
    """UNHCR's table: year, origin, asylum, type, level, persons or cases, number."""
    lines = [f"{y},Name,X,{o},Name,X,{a},G,{t},{level},{unit},{n}" for y, o, a, t, level, unit, n in rows]
    return "\n".join([",".join(unhcr.HEADER), *lines]) + "\n"


ROWS = (
    (2023, "HTI", "MEX", "N", "FI", "P", 44239),
    (2023, "AFG", "MEX", "N", "FI", "P", 10),
    (2023, "YEM", "MEX", "N", "FI", "P", 5),
    (2023, "HTI", "MEX", "R", "FI", "P", 7),
    (2023, "HTI", "USA", "N", "FI", "C", 9),
    (2024, "HTI", "MEX", "N", "FI", "P", 2),
)


def test_new_applications_in_mexico_are_taken_and_the_last_year_left_out(tmp_path):
    release = _read(tmp_path, claims(*ROWS))
    assert release.series["mx_asylum_claims"] == {("2023", "HTI"): 44239, ("2023", "OTH"): 15}
    assert release.as_of == "2023-12"


@pytest.mark.parametrize(
    ("rows", "what"),
    [
        ((*ROWS, ROWS[0]), "a cell stands twice"),
        ((*ROWS, (2022, "HTI", "MEX", "N", "FI", "C", 3)), "not a count of persons"),
        ((*ROWS, (2022, "HTI", "MEX", "N", "FI", "P", "3*")), "not a count"),
        ((*ROWS, ("22", "HTI", "MEX", "N", "FI", "P", 3)), "cannot read the year"),
        (ROWS[-1:], "the release holds no counts"),
    ],
    ids=range(5),
)
def test_a_faulty_table_of_applications_is_refused(tmp_path, rows, what):
    assert refusal(tmp_path, claims(*rows)).what == what


def test_a_table_filtered_to_one_origin_is_refused_where_others_are_known(tmp_path):
    path = tmp_path / "one.csv"
    path.write_text(claims(ROWS[0], ROWS[-1]), encoding="utf-8")
    with pytest.raises(ReleaseError, match="the release is incomplete"):
        update([path], tmp_path / "store", today=Month.parse("2026-11"))


def test_the_packaged_rates_read_back_from_their_levels(tmp_path):
    """What a flat file brings is laid over what is packaged, month by month, and changes only what differs."""
    known = read.read("unemployment_rate").sel(month=slice("2024-01", "2024-06"))
    months = [str(month)[:7] for month in known.month.values]
    levels = {bls.UNEMPLOYMENT: {m: f"{v:.1f}" for m, v in zip(months, known.values, strict=True)}}
    path = tmp_path / "rates.txt"
    path.write_text(flat(levels), encoding="utf-8")
    (found,) = update([path], tmp_path / "store", today=Month.parse("2026-11"))
    assert found.revisions == ()
