"""Publishers' words for agencies, groups, nationalities and outcomes, and our labels for them."""

from __future__ import annotations

AGENCIES = {"U.S. Border Patrol": "usbp", "Office of Field Operations": "ofo"}

# CBP prints these in its files, OHSS the longer ones in its workbook.
GROUPS = {
    "Single Adults": "single_adult",
    "FMUA": "family",
    "UC / Single Minors": "child",
    "UAC": "child",
    "UC": "child",
    "Accompanied Minors": "accompanied_minor",
    "Family Unit Individuals": "family",
    "Unaccompanied Children/Single Minors": "child",
    "Unaccompanied Children": "child",
    "Accompanied Minors (OFO)": "accompanied_minor",
}

CBP_GROUPS = ("Single Adults", "FMUA", "UC / Single Minors", "UAC", "UC", "Accompanied Minors")

AUTHORITIES = {"Title 8": "title8", "Title 42": "title42"}

# In releases of FY2022, rows under Title 42 say Apprehensions; the authority decides, never this word.
ENCOUNTER_TYPES = ("Apprehensions", "Inadmissibles", "Expulsions")

FIVE_ORIGINS = {
    "Mexico": "MEX",
    "Guatemala": "GTM",
    "Honduras": "HND",
    "El Salvador": "SLV",
    "Other": "OTHER5",
}

STATE_ORIGINS = {
    "MEXICO": "MEX",
    "GUATEMALA": "GTM",
    "HONDURAS": "HND",
    "EL SALVADOR": "SLV",
    "VENEZUELA": "VEN",
    "CUBA": "CUB",
    "NICARAGUA": "NIC",
    "HAITI": "HTI",
    "COLOMBIA": "COL",
    "ECUADOR": "ECU",
    "BRAZIL": "BRA",
    "PERU": "PER",
    "INDIA": "IND",
    "CANADA": "OTH",
    "CHINA, PEOPLES REPUBLIC OF": "OTH",
    "MYANMAR (BURMA)": "OTH",
    "PHILIPPINES": "OTH",
    "ROMANIA": "OTH",
    "RUSSIA": "OTH",
    "TURKEY": "OTH",
    "UKRAINE": "OTH",
    "OTHER": "OTH",
}

REGIONS = ("Southwest Land Border", "Northern Land Border", "Other")
SOUTHWEST_STATES = ("AZ", "CA", "NM", "TX")

# Whoever has no column of their own. OHSS prints it in three ways, and lists other nationalities every month.
OTHER = "Other"
OTHERS = (OTHER, "Others", "All Other")

_OHSS_ORIGINS = {
    "Mexico": "MEX",
    "Guatemala": "GTM",
    "Honduras": "HND",
    "El Salvador": "SLV",
    "Venezuela": "VEN",
    "Cuba": "CUB",
    "Haiti": "HTI",
    "Colombia": "COL",
    "Ecuador": "ECU",
    "China, People's Republic": "CHN",
    "Nicaragua": "NIC",
    "Brazil": "BRA",
    "Peru": "PER",
    "India": "IND",
    "Russia": "RUS",
    "Dominican Republic": "DOM",
}


def _of(*codes: str) -> dict[str, str]:
    return {name: code for name, code in _OHSS_ORIGINS.items() if code in codes}


ELEVEN_ORIGINS = _of("MEX", "GTM", "HND", "SLV", "VEN", "CUB", "HTI", "COL", "ECU", "CHN")
NAMED_ORIGINS = _of("MEX", "GTM", "HND", "SLV", "VEN", "CUB", "NIC", "HTI", "COL", "ECU", "BRA", "PER", "IND")
APPOINTMENT_ORIGINS = _of("MEX", "GTM", "HND", "SLV", "VEN", "CUB", "HTI", "COL", "ECU", "RUS")
FEAR_ORIGINS = _of("MEX", "GTM", "HND", "SLV", "VEN", "NIC", "COL", "ECU", "PER", "DOM")
PAROLE_ORIGINS = _of("CUB", "HTI", "NIC", "VEN")

OUTCOMES = {
    "Total Encounters": "total_encounters",
    "T8 repatriations": "t8_repatriations",
    "T42 expulsions": "t42_expulsions",
    "Migrant Protection Protocols": "mpp_returns",
    "USBP Releases": "usbp_releases",
    "OFO Paroles": "ofo_paroles",
    "Transfers to ICE": "transfers_to_ice",
    "Transfers to HHS": "transfers_to_hhs",
    "Other outcomes": "other_outcomes",
}

SECTORS = {
    "San Diego, CA": "san_diego",
    "El Centro, CA": "el_centro",
    "Yuma, AZ": "yuma",
    "Tucson, AZ": "tucson",
    "El Paso, TX": "el_paso",
    "Big Bend, TX": "big_bend",
    "Del Rio, TX": "del_rio",
    "Laredo, TX": "laredo",
    "Rio Grande Valley, TX": "rio_grande_valley",
}
