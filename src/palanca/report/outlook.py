"""One HTML file about one forecast: sentences, fans, tables, what it cannot tell, and how to get the same bits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from palanca.core.wording import counted
from palanca.questions.forecast.project import Forecast
from palanca.report import sheet, tags
from palanca.report.sheet import Part
from palanca.view import fan, outlook, outlook_prose
from palanca.view.outlook import ALL, DEAD, GROUP, HELD, LET_IN, ORIGIN, SECTOR, TRANSIT, WAIT
from palanca.view.theme import month_name

if TYPE_CHECKING:  # a page without scores need not load what makes them
    from palanca.evidence.skill import Row

MONTHLY = {
    "People on hold at the end of the month": (HELD, WAIT),
    "Deaths on the way, deaths / month": (HELD, DEAD),
    "People let in, people / month": (HELD, LET_IN),
    "People stopped in transit, events / month": (TRANSIT, ""),
}
PARTED = {
    "Encounters by origin, events / month": ORIGIN,
    "Encounters by family status, events / month": GROUP,
    "Encounters by border sector, events / month": SECTOR,
}

PROVENANCE = {
    "command": "Command",
    "case": "Case",
    "case_fingerprint": "Fingerprint of the case",
    "data_fingerprint": "Fingerprint of the figures",
    "key": "Key of the draws",
    "versions": "Versions",
    "python": "Python",
}


def html(found: Forecast, provenance: Mapping[str, str], skill: Sequence[Row] = ()) -> str:
    """The whole page as text: no part of it is fetched when it is viewed.

    Args:
        found: The forecast.
        provenance: What another person needs to get the same bits, as `history.provenance` names it, and more.
        skill: Scores of past forecasts of the total, if they are at hand.
    """
    span = f"Forecast of {counted(len(found.months), 'month')}, from what was known at the end of "
    return sheet.html(
        found.case.title,
        span + month_name(str(found.last)),
        outlook_prose.headline(found),
        " ".join(outlook_prose.harm(found)),
        fan.in_all(found),
        [
            *_change(found),
            Part("people", "What becomes of people", "", (fan.people(found),)),
            Part("encounters", "Encounters by origin, group and sector", "", fan.parts(found)),
            Part("tables", "Month by month", _tables(found)),
            Part("sure", "How sure this is", tags.bullets(outlook_prose.how_sure(found, skill))),
            Part("cannot", "What it cannot tell", tags.bullets(outlook_prose.cannot_tell(found))),
            Part("provenance", "How to get the same numbers", tags.facts(_facts(found, provenance).items())),
        ],
    )


def _change(found: Forecast) -> list[Part]:
    """What the levers asked for change, if they are not as they are."""
    if found.changed is None:
        return []
    asked = tags.paragraph(f"Asked for: {outlook_prose.levers(found)}. All else is the same, to the draw.")
    rows = outlook.by_part(found, outlook.foremost(found))
    caption = "Levers as they are, other levers, and their difference path by path, with 90 % bands"
    return [
        Part(
            "change",
            "What the other levers change",
            asked + tags.table(rows, caption, folded=True),
            (fan.difference(found),),
        )
    ]


def _tables(found: Forecast) -> str:
    whole = tags.table(outlook.by_month(found, outlook.line(found, ALL)), "Encounters of all origins, events / month")
    monthly = (
        tags.table(outlook.by_month(found, outlook.line(found, *which)), caption, folded=True)
        for caption, which in MONTHLY.items()
    )
    parted = (
        tags.table(outlook.by_part(found, outlook.of(found, family)), caption, folded=True)
        for caption, family in PARTED.items()
    )
    return "".join((whole, *monthly, *parted))


def _facts(found: Forecast, provenance: Mapping[str, str]) -> dict[str, str]:
    known = {label: provenance[name] for name, label in PROVENANCE.items() if provenance.get(name)}
    more = {name: text for name, text in provenance.items() if name not in PROVENANCE and text}
    asked = {
        "Last known month": str(found.last),
        "Levers": outlook_prose.levers(found),
        "Draws": str(found.expected["repeats"].shape[-1]),
    }
    return known | asked | more
