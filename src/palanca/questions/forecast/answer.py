"""What comes next: the answer, in words, numbers, tables and charts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr

from palanca.core.clock import Span
from palanca.core.wording import counted, listed
from palanca.data.align import months as month_axis
from palanca.model.outcomes import OUTCOMES, PLACES, STOCKS
from palanca.model.record import QUANTITIES
from palanca.questions import outcomes, provenance
from palanca.questions.corridor import Corridor
from palanca.questions.forecast import charts, past_scores, project, quantities, tables
from palanca.questions.forecast.past_scores import PastScores
from palanca.questions.forecast.project import Forecast
from palanca.questions.forecast.quantities import ALL, DEAD, FATE, LET_IN, ON_HOLD, TRANSIT, Outlook
from palanca.questions.forecast.span import ForecastSpan
from palanca.questions.forecast.suppositions import DEALS, PERSIST, REACT, RECORD, Supposition
from palanca.questions.options import RunOptions
from palanca.show import estimate, number, sentence
from palanca.show.answer import Answer, Finding
from palanca.show.estimate import Basis, Estimate, Inputs
from palanca.spec.figures import series_of

EVENTS = "events"
UPPER = 0.95
FAR = 3.0  # times the most ever counted, beyond which a band is flagged
RESTS = (
    "Arrivals come from a panel of past counts that knows no levers: a new policy, deal or route is in the bands only "
    "as far as past shocks were as large."
)
CHANGES = "What a changed lever does rests on the model's equations and the few times that such levers moved."
ORIGINS = (
    "By origin, nothing beyond 3 months ahead has been shown to beat the last count; bands of origins that turn by "
    "jumps may be too narrow."
)
UNCOUNTED = "Nobody counts people on hold; they follow from the accounts of people. Recorded deaths are a lower bound."
SEEN_BY_FIT = (
    "Parameters are those of the fit, which saw figures after the start. Arrivals with levers as they are do not "
    "depend on them; stops, waiting, deaths and the effect of levers do."
)
BY_WORLD = {
    RECORD: "Levers of the dated record were not known at the start: that world tests the model, it is no forecast.",
    REACT: "How governments answer is learned from months before the start; elections, courts and deals are not in it.",
    DEALS: "Deals come as often as the ledger's quarters had them in the like: some forty quarters teach little.",
}
ONE_DRAW = (
    "Worlds share every draw, so what sets them apart is surer than either; doubt about the equations is not in it."
)


@dataclass(frozen=True, eq=False)
class ForecastResults:
    """A forecast ready to be put in words.

    Args:
        found: The forecast.
        shown: Its quantities.
        scores: How forecasts of each kind fared before.
        inputs: Assumed inputs of the same draws.
    """

    found: Forecast
    shown: tuple[Outlook, ...]
    scores: PastScores
    inputs: Inputs

    @property
    def draws(self) -> int:
        """How many paths."""
        return int(self.shown[0].plain.shape[-1])

    @property
    def others(self) -> tuple[Supposition, ...]:
        """What is supposed besides levers as they are."""
        return self.found.suppositions[1:]

    @property
    def span(self) -> str:
        """The months ahead, in words."""
        return number.span_name(str(self.found.months[0]), str(self.found.months[-1]))

    @property
    def last(self) -> str:
        """The last known month, in words."""
        return number.month_name(str(self.found.last))

    def one(self, family: str, name: str = "") -> Outlook:
        """A quantity."""
        return quantities.one(self.shown, family, name)

    def rests(self, draws: np.ndarray, unit: str, outcome: str = "encounters") -> Estimate:
        """An estimate with its basis, which is no better than that of its outcome in the case."""
        return estimate.rests(draws, self.inputs, unit, least=outcomes.OUTCOMES[outcome].least(self.found.case))


def answer(
    corridor: Corridor,
    span: ForecastSpan,
    suppositions: Sequence[Supposition],
    options: RunOptions,
    scores: PastScores | None = None,
) -> Answer:
    """Draw the months ahead with levers as they are and under each supposition, and say what to expect.

    Args:
        corridor: The fitted corridor.
        span: Which months, how many paths.
        suppositions: What else is supposed, from `suppositions.gather`.
        options: Who hears how far it has come.
        scores: How forecasts of each kind fared before, if that is known.

    Raises:
        UsageError: The months cannot be forecast.
        ChangeError: A supposition alters nothing in the months ahead.
    """
    found = project.forecast(corridor.setting, corridor.fit, span, suppositions, progress=options.progress)
    told = ForecastResults(
        found, quantities.every(found), scores or PastScores(), corridor.assumed(span.draws, span.key)
    )
    arguments = {
        "ahead": span.months,
        "suppose": [one.record() for one in suppositions],
        "last": str(span.last),
    }
    return Answer(
        question=question(told),
        data=dataset(found),
        findings=tuple(findings(told)),
        tables=tuple(tables.tables(found, told.shown)),
        charts=tuple(charts.charts(found, told.shown)),
        caveats=tuple(caveats(told)),
        provenance=provenance.of(corridor, "forecast", arguments, draws=span.draws, key=span.key),
    )


def question(told: ForecastResults) -> str:
    """The question in words."""
    text = f"What comes next, from {told.span}, by what was known at the end of {told.last}?"
    return text + "".join(f" And if {one.text}?" for one in told.others)


def dataset(found: Forecast) -> xr.Dataset:
    """Every number of every world, month and draw, with what was published before and since."""
    case = found.case
    variables = {
        name: xr.Variable(
            ("world", "month", *quantity.dims, "draw"),
            np.stack([found.worlds[one.name][name] for one in found.suppositions]),
            {"units": quantity.unit, "long_name": quantity.what},
        )
        for name, quantity in QUANTITIES.items()
    }
    counts = {"units": "events / month", "long_name": "encounters counted, 0-4 read as 2; none where not yet known"}
    variables["counted"] = xr.Variable(("month", "origin"), found.seen, counts)
    variables["counted_before"] = xr.Variable(("past_month", "origin"), found.past, counts)
    coords = {
        "world": [one.name for one in found.suppositions],
        "month": month_axis(Span(found.months[0], found.months[-1])),
        "past_month": month_axis(Span(found.last + (1 - len(found.past)), found.last)),
        "origin": list(case.origins),
        "group": list(case.groups),
        "sector": list(case.sectors),
        "outcome": list(OUTCOMES),
        "stock": list(STOCKS),
        "place": list(PLACES),
    }
    return xr.Dataset(variables, coords)


def findings(told: ForecastResults) -> list[Finding]:
    """What to expect, what each supposition changes, what becomes of people, and how good such forecasts were."""
    return [_expected(told), *_changes(told), _people(told), *_scored(told), *_counted_since(told)]


def _expected(told: ForecastResults) -> Finding:
    total = told.one(ALL)
    whole, first, last = (told.rests(part, EVENTS) for part in (total.over(PERSIST), total.plain[0], total.plain[-1]))
    before = estimate.published(float(total.past[-1]), EVENTS)
    text = f"From {told.span} expect {sentence.amount(whole, series_of(told.found.case).counted.what)}"
    numbers = {"encounters": whole, "counted in the last known month": before}
    if len(told.found.months) > 1:
        above = float(np.mean(total.plain[-1] > total.past[-1]))
        ends = [number.month_name(str(month)) for month in (told.found.months[0], told.found.months[-1])]
        text += f": {sentence.amount(first)} in {ends[0]} and {sentence.amount(last)} in {ends[1]}"
        text += f", with a chance of {number.percent(above)} to be above"
        numbers |= {"first month": first, "last month": last}
    else:
        text += ", after"
    return Finding(f"{text} the {number.whole(before.estimate)} of {told.last}, levers as they were then.", numbers)


def _people(told: ForecastResults) -> Finding:
    names = {"deaths": (DEAD, "deaths"), "let in": (LET_IN, "let_in"), "on hold": (ON_HOLD, "held")}
    units = {"deaths": "deaths", "let in": "people", "on hold": "people"}
    numbers = {
        key: told.rests(told.one(FATE, name).over(PERSIST), units[key], outcome)
        for key, (name, outcome) in names.items()
    }
    stops = told.rests(told.one(TRANSIT).over(PERSIST), EVENTS, "stops")
    text = (
        f"For people on the move: {sentence.amount(numbers['deaths'], 'deaths on the way')}, "
        f"{sentence.amount(numbers['let in'], 'people let in')}, "
        f"{sentence.amount(stops, 'times that people are stopped in transit')}, and "
        f"{sentence.amount(numbers['on hold'], 'people on hold at the end')}."
    )
    return Finding(text, numbers | {"stops": stops})


def _changes(told: ForecastResults) -> Iterator[Finding]:
    """What each supposition changes, harm beside arrivals."""
    total, dead, held = told.one(ALL), told.one(FATE, DEAD), told.one(FATE, ON_HOLD)
    for one in told.others:
        gap = told.rests(total.change(one.name), EVENTS)
        deaths, waiting = (
            told.rests(each.change(one.name), unit, outcome)
            for each, unit, outcome in ((dead, "deaths", "deaths"), (held, "people", "held"))
        )
        share = float(np.median(total.change(one.name) / total.over(PERSIST)))
        part = f" ({number.percent(abs(share), 1)} {'more' if share > 0 else 'fewer'})" if gap.clear else ""
        text = (
            f"If {one.text}: {sentence.more(gap, 'encounters')}{part}; {sentence.more(deaths, 'deaths on the way')}; "
            f"{sentence.more(waiting, 'people on hold at the end')}."
        )
        yield Finding(text, {"encounters": gap, "deaths": deaths, "on hold": waiting})


def _scored(told: ForecastResults) -> Iterator[Finding]:
    """The score of past forecasts of each kind shown; a kind that was never scored says so."""
    for one in told.found.suppositions:
        follow = "" if one.changes else one.follow
        yield past_scores.finding(told.scores, follow, one.label, len(told.found.months))


def _counted_since(told: ForecastResults) -> Iterator[Finding]:
    """How many of the months counted since lie inside the bands of each world."""
    for what, noun in ((told.one(ALL), "encounters"), (told.one(TRANSIT), "stops")):
        known = np.isfinite(what.seen)
        if not known.any():
            continue
        for one in told.found.suppositions:
            inside = {level: int(held(what.worlds[one.name], what.seen, level)[known].sum()) for level in (0.8, 0.9)}
            months = counted(int(known.sum()), "month")
            text = (
                f"Of the {months} counted since, {noun} lie inside the 80{number.NO_BREAK}% band in {inside[0.8]} and "
                f"inside the 90{number.NO_BREAK}% band in {inside[0.9]} ({one.label}); this is one trial, not {months}."
            )
            numbers = {f"inside {level}": estimate.published(float(count), "months") for level, count in inside.items()}
            yield Finding(text, numbers, Basis.published)


def held(sample: np.ndarray, seen: np.ndarray, level: float) -> np.ndarray:
    """Whether what was counted lies in the central interval of a level, (month).

    Args:
        sample: (month, draw).
        seen: (month).
        level: Share of draws in the interval.
    """
    low, high = np.quantile(sample, [(1.0 - level) / 2.0, (1.0 + level) / 2.0], axis=-1)
    return np.asarray((low <= seen) & (seen <= high))


def caveats(told: ForecastResults) -> list[str]:
    """What the answer cannot tell, the most important first."""
    few = [estimate.FEW.format(draws=told.draws)] if told.draws < estimate.FEWEST else []
    follows = dict.fromkeys(one.follow for one in told.others)
    worlds = [BY_WORLD[follow] for follow in follows if follow in BY_WORLD]
    apart = [CHANGES, ONE_DRAW] if told.others else []
    hindsight = [SEEN_BY_FIT] if told.found.last < told.found.case.span.last else []
    return [*few, *_untold(told), RESTS, *_strained(told), *worlds, *apart, *hindsight, ORIGINS, UNCOUNTED]


def _untold(told: ForecastResults) -> Iterator[str]:
    """Names what no series of the case tells of."""
    shown = {
        "deaths": "deaths",
        "let_in": "people let in",
        "held": "people on hold",
        "stops": "people stopped in transit",
    }
    assumed = (one for one in shown if outcomes.OUTCOMES[one].least(told.found.case) == Basis.assumed)
    names = [shown[one] for one in assumed]
    if names:
        yield f"No series of this case tells of {listed(names, len(names))}: read no size from their bands."


def _strained(told: ForecastResults) -> Iterator[str]:
    """Names every band that runs far past what was ever counted; the equations are not to be trusted there."""
    for one in (told.one(ALL), told.one(TRANSIT), told.one(FATE, DEAD)):
        known = one.past[np.isfinite(one.past)]
        for given in told.found.suppositions:
            top = float(np.quantile(one.worlds[given.name], UPPER, axis=-1).max())
            most = float(known.max()) if known.size else np.inf
            if top > FAR * most:
                yield (
                    f"The band of {one.name} ({given.label}) reaches {number.number(top)} in a month, "
                    f"{number.number(top / most)} times the most counted in three years: such paths strain the model."
                )
