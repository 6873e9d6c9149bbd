"""Which published series tell what of a case, and what the figures call those whom it counts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Word = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
LABEL: dict[str, Any] = {"names": "label"}  # marks a field that names a label of an axis and not a series
Label = Annotated[Word, Field(json_schema_extra=LABEL)]
Share = Annotated[float, Field(ge=0, le=1)]
MonthLabel = Annotated[str, StringConstraints(pattern=r"^\d{4}-(0[1-9]|1[0-2])$"), Field(json_schema_extra=LABEL)]


class FiguresRecord(BaseModel):
    """A record of names that never changes and takes no unknown key."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


def named(record: FiguresRecord) -> Iterator[str]:
    """Every series that a record names, or one inside it; labels are none."""
    for name, told in type(record).model_fields.items():
        value = getattr(record, name)
        if isinstance(value, FiguresRecord):
            yield from named(value)
        elif isinstance(value, str) and told.json_schema_extra != LABEL:
            yield value


class FollowedSeries(FiguresRecord):
    """What followed encounters: four series, and what they call each outcome.

    Args:
        border: Outcomes of encounters between ports.
        ports: Outcomes of encounters at ports.
        by_origin: Outcomes of both by origin.
        by_group: Outcomes of both by group.
        order: Authority under which `cells` counts people expelled.
        everyone: All encounters, whatever followed.
        expelled: Expelled under an order.
        abroad: Made to wait abroad.
        home: Sent home under ordinary law.
        detained: Transferred to detention.
    """

    border: Word
    ports: Word
    by_origin: Word
    by_group: Word
    order: Label
    everyone: Label
    expelled: Label
    abroad: Label
    home: Label
    detained: Label


class AssumedOutcomes(FiguresRecord):
    """Where nothing tells what followed encounters: shares taken for the first month, from which levers go on.

    Args:
        expelled: Share expelled [share].
        abroad: Share made to wait abroad of those left [share].
        home: Share sent home of those left [share].
        detained: Share detained of those left [share].
    """

    expelled: Share = 0.0
    abroad: Share = 0.0
    home: Share = 0.0
    detained: Share = 0.0


class CountedWords(FiguresRecord):
    """How sentences speak of what is counted.

    Args:
        by: Who counts.
        what: What is counted.
    """

    by: Label
    what: Label


class DeathSeries(FiguresRecord):
    """Deaths on the way.

    Args:
        counts: Deaths by place.
        border: What the series calls the border.
        transit: What it calls the transit country, if it counts there.
        walked: What it calls the stretch that some walk, if there is one.
    """

    counts: Word
    border: Label
    transit: Label | None = Field(default=None, json_schema_extra=LABEL)
    walked: Label | None = Field(default=None, json_schema_extra=LABEL)


class RepeatMean(FiguresRecord):
    """A published mean share of repeat encounters.

    Args:
        share: The mean, by its last year.
        first: First month it is the mean of.
        last: Last month.
    """

    share: Word
    first: MonthLabel
    last: MonthLabel


class OilPrice(FiguresRecord):
    """A price of crude oil.

    Args:
        price: The series.
        grade: Its label of the grade.
    """

    price: Word
    grade: Label


class SeriesNames(FiguresRecord):
    """The series of a case, each by its name in the catalogue; a mechanism without its series stays at its prior.

    Args:
        encounters: Encounters by origin, which replay solves from.
        total: All encounters; begins before the case.
        counted: How sentences speak of the encounters.
        rest: Label of all other origins.
        groups: Encounters by group.
        sectors: Encounters by sector.
        cells: Encounters at and between ports by origin, group and authority.
        fine_cells: Encounters between ports by some origins, group and authority.
        followed: What followed encounters.
        assumed: What is taken to have followed them, where no series tells it.
        ports: Encounters at ports by origin.
        appointments: Appointments kept by origin.
        stops: People stopped by the transit country, by origin.
        stops_total: The same in months that `stops` does not tell.
        stops_yearly: The same by year.
        returns: People removed by the transit country, by origin.
        claims: Asylum claims in the transit country by year and origin.
        walked: People counted on the stretch of the way that some walk, by origin.
        deaths: Deaths on the way.
        repeats: Share of encounters of people encountered before.
        repeat_mean: Its mean over earlier years.
        origins_by_sector: Encounters between ports by sector and origin.
        jobs: Job openings in the destination.
        democracy: Liberal democracy by year and country.
        income: Income per head by year and country.
        oil: Price of oil, for origins that live by it.
    """

    encounters: Word
    total: Word
    counted: CountedWords = CountedWords(by="The publisher", what="encounters")
    rest: Label | None = Field(default=None, json_schema_extra=LABEL)
    groups: Word | None = None
    sectors: Word | None = None
    cells: Word | None = None
    fine_cells: Word | None = None
    followed: FollowedSeries | None = None
    assumed: AssumedOutcomes = AssumedOutcomes()
    ports: Word | None = None
    appointments: Word | None = None
    stops: Word | None = None
    stops_total: Word | None = None
    stops_yearly: Word | None = None
    returns: Word | None = None
    claims: Word | None = None
    walked: Word | None = None
    deaths: DeathSeries | None = None
    repeats: Word | None = None
    repeat_mean: RepeatMean | None = None
    origins_by_sector: Word | None = None
    jobs: Word | None = None
    democracy: Word | None = None
    income: Word | None = None
    oil: OilPrice | None = None
