"""Countries of the Americas that can share, by ISO code: those whose yearly figures are packaged."""

from __future__ import annotations

NAMES = {
    "ARG": "Argentina",
    "BOL": "Bolivia",
    "BRA": "Brazil",
    "CAN": "Canada",
    "CHL": "Chile",
    "COL": "Colombia",
    "CRI": "Costa Rica",
    "CUB": "Cuba",
    "DOM": "Dominican Republic",
    "ECU": "Ecuador",
    "GTM": "Guatemala",
    "HND": "Honduras",
    "HTI": "Haiti",
    "MEX": "Mexico",
    "NIC": "Nicaragua",
    "PAN": "Panama",
    "PER": "Peru",
    "PRY": "Paraguay",
    "SLV": "El Salvador",
    "URY": "Uruguay",
    "USA": "United States",
    "VEN": "Venezuela",
}
