"""Small releases in the layout of their publishers, for the tests of importers and vintages."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import pytest
from openpyxl import Workbook

from palanca.core.errors import ReleaseError
from palanca.data.importers.detect import read_release

FISCAL = ("October", "November", "December", "January", "February", "March", "April", "May", "June", "July",
          "August", "September")  # fmt: skip
YEARS = ((2024, FISCAL), (2025, FISCAL[:2]))
CURRENT = "Notes: Table cells are rounded. Data are current as of December 31, 2024; future reporting may include."
TEN = ("Mexico", "Venezuela", "Guatemala", "Honduras", "Cuba", "Colombia", "Ecuador", "Haiti", "El Salvador",
       "China, People's Republic")  # fmt: skip
GROUPS = ("Single Adults1", "Family Unit Individuals2", "Unaccompanied Children/Single Minors3")
OUTCOMES = (
    "Total Encounters", "T8 repatriations1", "T42 expulsions2", "Migrant Protection Protocols3",
    "Transfers to ICE4",
    "Transfers to HHS5", "USBP Releases6", "OFO Paroles7", "Other outcomes8",
)  # fmt: skip
SECTORS = ("San Diego, CA", "El Centro, CA", "Yuma, AZ", "Tucson, AZ", "El Paso, TX", "Big Bend, TX",
           "Del Rio, TX", "Laredo, TX", "Rio Grande Valley, TX")  # fmt: skip
OFFICES = ("San Diego, CA", "Tucson, AZ", "El Paso, TX", "Laredo, TX")
Layout = Sequence[tuple[str, Sequence[str]]]

GROUPED: dict[str, Layout] = {
    "SWB Encounters by Citizenship": [(a, ("Total", *TEN, "Other")) for a in ("Total CBP", "USBP", "OFO")],
    "SWB Encounters by Family Status": [
        ("Total CBP", ("Total", *GROUPS, "Accompanied Minors (OFO)4")),
        ("USBP", ("Total", *GROUPS)),
        ("OFO", ("Total", *GROUPS, "Accompanied Minors (OFO)4")),
    ],
    "SWB Enc by Sector+Field Ofc": [
        ("", ("Total CBP",)),
        ("USBP", ("Total USBP", *SECTORS)),
        ("OFO", ("Total OFO", *OFFICES)),
    ],
    "CBP SWB Book-Outs by Agency": [
        ("Total CBP", OUTCOMES),
        ("USBP", [name for name in OUTCOMES if not name.startswith("OFO")]),
        ("OFO", [name for name in OUTCOMES if not name.startswith("USBP")]),
    ],
    "CBP SWB Book-Outs by Family": [
        ("Total Encounters", OUTCOMES),
        ("Single Adults", [name for name in OUTCOMES if "HHS" not in name]),
        ("Family Unit Individuals", [name for name in OUTCOMES if "HHS" not in name]),
        ("Unaccompanied Children/Single Minors", [*OUTCOMES[:3], "Transfers to HHS5"]),
    ],
    "CBP SWB Book-Outs by Citp": [
        ("Total Encounters", OUTCOMES),
        ("Mexico", [name for name in OUTCOMES if not name.startswith("Migrant")]),
        *((name, OUTCOMES) for name in (*TEN[1:], "Others")),
    ],
}
FLAT: dict[str, Sequence[str]] = {
    "SWB USBP": ("Total", "Afghanistan", "Brazil", "Colombia", "Cuba", "Ecuador", "El Salvador", "Guatemala",
                 "Haiti", "Honduras", "India", "Mexico", "Nicaragua", "Peru", "Venezuela", "Chile", "Russia",
                 "Dominican Republic", "China, People's Republic", "All other, including stateless and unknown"),
    "CBP One Appointments": ("Total", "Cuba", "Venezuela", "Haiti", "Mexico", "Honduras", "Colombia",
                             "Guatemala", "El Salvador", "Russia", "Ecuador", "Other"),
    "SWB CF Filed by Citp": ("Mexico", "Venezuela", "Ecuador", "Colombia", "Guatemala", "Honduras", "Peru",
                             "Nicaragua", "El Salvador", "Dominican Republic", "All Other"),
    "CHNV Paroles": ("Total", "Cuba", "Haiti", "Nicaragua", "Venezuela"),
}  # fmt: skip


@cache
def workbook(change: Callable[[Workbook], None] | None = None) -> bytes:
    """The monthly tables from October 2023 to November 2024; `change` spoils them before they are saved.

    Every count is 10 times its column's place (Fiscal Year is place 1), plus 2000 at place 3.
    """
    book = Workbook()
    book.remove(book.active)
    book.create_sheet("TOC")["A1"] = "Table of Contents"
    for title, layout in GROUPED.items():
        sheet = book.create_sheet(title)
        _title(sheet, title)
        sheet.append([None, None, *(name if i == 0 else None for name, c in layout for i in range(len(c)))])
        _body(sheet, [column for _, columns in layout for column in columns])
    for title, columns in FLAT.items():
        sheet = book.create_sheet(title)
        _title(sheet, title)
        _body(sheet, columns)
    if change:
        change(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _title(sheet, title: str) -> None:
    sheet.append(["Return to Table of Contents."])
    sheet.append([f"{title}: Fiscal Years 2024 to 2025 YTD (November 2024)"])


def printed(place: int) -> int:
    """The count that `workbook` prints in the column at a place; 3 is the first column of counts."""
    return 10 * place + (2000 if place == 3 else 0)


def _body(sheet, columns: Sequence[str]) -> None:
    sheet.append(["Fiscal Year", "Month", *columns])
    for year, months in YEARS:
        label = year if len(months) == 12 else f"{year} YTD"
        marks = [i for i, name in enumerate(columns) if name.startswith(("T42", "Migrant"))]
        row = ["X" if i in marks else printed(i + 3) for i in range(len(columns))]
        sheet.append([label, "Total", *(n if n == "X" else n * len(months) for n in row)])
        for month in months:
            sheet.append([None, month, *row])
    sheet.append(["X Not applicable."])
    sheet.append([CURRENT])
    sheet.append(["Source: Office of Homeland Security Statistics Persist Dataset."])


BORDER = ("Fiscal Year,Month Grouping,Month (abbv),Component,Demographic,Citizenship Grouping,"
          "Title of Authority,Encounter Type,Encounter Count")  # fmt: skip
BORDER_ROWS = (
    "2024,FYTD,AUG,U.S. Border Patrol,FMUA,Honduras,Title 8,Apprehensions,9584.0",
    "2024,FYTD,AUG,U.S. Border Patrol,Single Adults,Mexico,Title 8,Apprehensions,100",
    "2024,FYTD,AUG,Office of Field Operations,Accompanied Minors,Other,Title 8,Inadmissibles,7",
    "2024,FYTD,SEP,U.S. Border Patrol,UC / Single Minors,Guatemala,Title 42,Apprehensions,3",
    "2024,FYTD,SEP,Office of Field Operations,Single Adults,El Salvador,Title 8,Inadmissibles,11",
    "2025 (FYTD),FYTD,OCT,U.S. Border Patrol,Single Adults,Mexico,Title 8,Apprehensions,50",
    "2025 (FYTD),FYTD,OCT,Office of Field Operations,FMUA,Mexico,Title 8,Inadmissibles,12",
)
STATE = ("Fiscal Year,Month Grouping,Month (abbv),Land Border Region,State,Demographic,Citizenship,"
         "Title of Authority,Encounter Count")  # fmt: skip
STATE_ROWS = (
    "2023,FYTD,SEP,Southwest Land Border,AZ,Single Adults,MEXICO,Title 8,10",
    "2023,FYTD,SEP,Southwest Land Border,TX,Single Adults,MEXICO,Title 8,20",
    '2023,FYTD,SEP,Southwest Land Border,TX,FMUA,"CHINA, PEOPLES REPUBLIC OF",Title 8,5',
    "2023,FYTD,SEP,Southwest Land Border,TX,FMUA,OTHER,Title 8,6",
    "2023,FYTD,SEP,Northern Land Border,ID,Single Adults,CANADA,Title 8,2",
    "2024,FYTD,OCT,Southwest Land Border,CA,UC / Single Minors,VENEZUELA,Title 8,4",
)


def csv_text(header: str, rows: Sequence[str], *, end: str = "\n") -> str:
    """A release of CBP as text."""
    return end.join([header, *rows]) + end


AGENCIES = {
    "U.S. Border Patrol": ("Single Adults", "FMUA", "UAC"),
    "Office of Field Operations": ("Single Adults", "FMUA", "UAC", "Accompanied Minors"),
}
ORIGINS = ("Mexico", "Guatemala", "Honduras", "El Salvador", "Other")
NATIONS = ("MEXICO", "GUATEMALA", "HONDURAS", "EL SALVADOR", "VENEZUELA", "CUBA", "NICARAGUA", "HAITI", "COLOMBIA",
           "ECUADOR", "BRAZIL", "PERU", "INDIA", "OTHER")  # fmt: skip


def border_rows(*months: str, count: int = 200) -> list[str]:
    """A whole release of months such as `2025,OCT` (fiscal year first): every cell of Title 8, all the same."""
    return [
        f"{month.replace(',', ',FYTD,')},{agency},{group},{origin},Title 8,Apprehensions,{count}"
        for month in months
        for agency, groups in AGENCIES.items()
        for group in groups
        for origin in ORIGINS
    ]


def state_rows(*months: str, count: int = 200) -> list[str]:
    """A whole release by state, likewise."""
    return [
        f"{month.replace(',', ',FYTD,')},Southwest Land Border,{state},{group},{origin},Title 8,{count}"
        for month in months
        for state in ("AZ", "CA", "NM", "TX")
        for group in AGENCIES["Office of Field Operations"]
        for origin in NATIONS
    ]


KHSM = {
    "Monthly Region": (),
    "Monthly Rgn and Citp": ("Citizenship",),
    "Monthly Rgn and Fam Status": ("Family Status",),
    "Monthly Rgn and Sector": ("Sector",),
}


@cache
def khsm(change: Callable[[Workbook], None] | None = None) -> bytes:
    """Key Homeland Security Metrics of October and November 2024: nationalities 10 to 120, the total 2000."""
    book = Workbook()
    book.remove(book.active)
    named = ("Mexico", "Guatemala", "Honduras", "El Salvador", "Venezuela", "Cuba", "Nicaragua", "Haiti",
             "Colombia", "Ecuador", "Brazil", "Peru", "Yemen")  # fmt: skip
    words = {
        "Monthly Region": ((),),
        "Monthly Rgn and Citp": tuple((name,) for name in named),
        "Monthly Rgn and Fam Status": (("Family Unit Individuals",), ("Single Adults",), ("Unaccompanied Children",)),
        "Monthly Rgn and Sector": tuple((name,) for name in SECTORS),
    }
    for title, columns in KHSM.items():
        sheet = book.create_sheet(title)
        sheet.append(["Fiscal\nYear", "Month", "Region", *columns, "Quantity"])
        for month in ("01 October", "02 November"):
            sheet.append([2025, month, "Northern Land Border", *(["Blaine, WA"] if columns else []), 5])
            for place, labels in enumerate(words[title], start=1):
                sheet.append([2025, month, "Southwest Land Border", *labels, 10 * place if columns else 2000])
    if change:
        change(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


AREA = ("Fiscal Year,Month Grouping,Month (abbv),Component,Land Border Region,Area of Responsibility,AOR (Abbv),"
        "Demographic,Citizenship,Title of Authority,Encounter Type,Encounter Count")  # fmt: skip
AREAS = {
    "U.S. Border Patrol": tuple(f"{name.partition(',')[0]} Sector" for name in SECTORS),
    "Office of Field Operations": tuple(f"{name.partition(',')[0]} Field Office" for name in OFFICES),
}


def area_rows(*months: str, count: int = 100) -> list[str]:
    """A whole release by area of responsibility: every nationality of every group in every area, all the same."""
    return [
        f"{month.replace(',', ',FYTD,')},{agency},Southwest Land Border,{area},X,{group},{origin},Title 8,"
        f"Apprehensions,{count}"
        for month in months
        for agency, groups in AGENCIES.items()
        for area in AREAS[agency]
        for group in groups
        for origin in (*NATIONS, '"CHINA, PEOPLES REPUBLIC OF"')
    ]


REPEATS = ("month,swb_total_encounters_as_reported,pct_with_prior_encounter_12m,unique_individuals,unique_scope,"
           "source_page\n")  # fmt: skip


def sector_table() -> str:
    """The Border Patrol's table by sector of October to December 1999: 1 to 9 in the nine southwest sectors."""
    elsewhere = ("livermore", "miami", "new_orleans", "ramey", "blaine", "buffalo", "detroit", "grand_forks", "havre",
                 "houlton", "spokane", "swanton")  # fmt: skip
    southwest = ("big_bend", "del_rio", "el_centro", "el_paso", "laredo", "rio_grande_valley", "san_diego", "tucson",
                 "yuma")  # fmt: skip
    header = ("month", *elsewhere, *southwest, "coastal_border", "northern_border", "southwest_border",
              "monthly_total", "fy", "cy")  # fmt: skip
    rows = [(month, *[7] * 12, *range(1, 10), 28, 56, 45, 129, 2000, 1999) for month in (10, 11, 12)]
    return "".join("|".join(map(str, row)) + "\n" for row in (header, *rows))


def refusal(folder: Path, content: str | bytes) -> ReleaseError:
    """The error for a file called `release` with this content."""
    path = folder / "release"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ReleaseError) as caught:
        read_release(path)
    assert caught.value.where.startswith("release")
    return caught.value
