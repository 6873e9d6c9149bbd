"""Publishers' words for agencies, groups, nationalities and outcomes, and our labels for them."""

from __future__ import annotations

AGENCIES = {"U.S. Border Patrol": "usbp", "Office of Field Operations": "ofo"}

# CBP prints these in its files, OHSS the longer ones in its workbook.
GROUPS = {
    "Single Adults": "single_adult",
    "FMUA": "family",
    "UC / Single Minors": "child",
    "Accompanied Minors": "accompanied_minor",
    "Family Unit Individuals": "family",
    "Unaccompanied Children/Single Minors": "child",
    "Accompanied Minors (OFO)": "accompanied_minor",
}

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

ELEVEN_ORIGINS = {
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
    "Other": "OTH",
    "Others": "OTH",
}

NAMED_ORIGINS = {
    **{name: code for name, code in ELEVEN_ORIGINS.items() if code not in ("CHN", "OTH")},
    "Nicaragua": "NIC",
    "Brazil": "BRA",
    "Peru": "PER",
    "India": "IND",
}

APPOINTMENT_ORIGINS = {
    **{name: code for name, code in ELEVEN_ORIGINS.items() if code not in ("CHN",) and name != "Others"},
    "Russia": "RUS",
}

FEAR_ORIGINS = {
    "Mexico": "MEX",
    "Venezuela": "VEN",
    "Ecuador": "ECU",
    "Colombia": "COL",
    "Guatemala": "GTM",
    "Honduras": "HND",
    "Peru": "PER",
    "Nicaragua": "NIC",
    "El Salvador": "SLV",
    "Dominican Republic": "DOM",
    "All Other": "OTH",
}

PAROLE_ORIGINS = {"Cuba": "CUB", "Haiti": "HTI", "Nicaragua": "NIC", "Venezuela": "VEN"}

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
