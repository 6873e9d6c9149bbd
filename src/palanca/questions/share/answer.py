"""What shared responsibility would do in place of barter: the answer, in words, numbers, tables and charts."""

from __future__ import annotations

import numpy as np
import xarray as xr

from palanca.core.clock import Span
from palanca.data.align import months as month_axis
from palanca.model.outcomes import PLACES
from palanca.questions import outcomes, plausible, provenance
from palanca.questions.corridor import Corridor
from palanca.questions.options import RunOptions
from palanca.questions.share import burden, division, run, setup
from palanca.questions.share.charts import charts
from palanca.questions.share.findings import CONTROL, KEPT, findings
from palanca.questions.share.run import DEFECTS, RECORD, SCHEME
from palanca.questions.share.setup import Setting, Terms
from palanca.questions.share.tables import tables
from palanca.questions.share.told import ToldScheme
from palanca.show import estimate
from palanca.show.answer import Answer
from palanca.show.estimate import Inputs
from palanca.spec.sharing import SharingScheme

HALF, TWICE = 0.5, 2.0
CAUTION = (
    "How people answer to a procedure is assumed, not fitted: no such scheme has run. Its ranges are wide, and most of "
    "every interval that rests on them is judgement. Governments do nothing else than the scheme says."
)
COSTS = "Costs are assumed, by income a head. Payoffs leave out what voters mind, and money for other ends."
QUEUES = (
    "People in queues are taken to be as safe as at home, which nobody measured; those who wait next door have "
    "travelled there, and that way's harm is not counted."
)


def answer(corridor: Corridor, scheme: SharingScheme, options: RunOptions, given: str, variants: bool = True) -> Answer:
    """Run the record and a sharing scheme on the same surprises, and say what differs, for whom, and would it hold.

    Args:
        corridor: The fitted corridor.
        scheme: The scheme.
        options: How to run it.
        given: What the manifest keeps of the scheme: its shipped name or its content.
        variants: Whether to run its variants in size, speed and rules besides.

    Raises:
        ChangeError: A lever of the scheme fits nothing or alters nothing.
        SharingError: A member has no figure for the key.
    """
    told = told_scheme(corridor, scheme, options, terms(scheme, variants=variants))
    levels = {name: told.shared.numbers[SCHEME][name] for name in plausible.IN_WORDS}
    few = options.draws < estimate.FEWEST
    return Answer(
        question=f"{scheme.file.title}: what would it do, who would take how many, who would pay, and would it hold?",
        data=dataset(told),
        findings=tuple(findings(told)),
        tables=tuple(tables(told)),
        charts=tuple(charts(told)),
        caveats=(
            *([estimate.FEW.format(draws=options.draws)] if few else []),
            CAUTION,
            *plausible.caveats(corridor.inputs.figures, levels),
            COSTS,
            QUEUES,
        ),
        provenance=provenance.of(
            corridor, "share", {"scheme": given, "variants": variants}, draws=options.draws, key=options.key
        ),
    )


def terms(scheme: SharingScheme, *, variants: bool) -> dict[str, Terms]:
    """Every world of a scheme: as declared, its parts, its destination leaving, and its variants."""
    found = {SCHEME: Terms(), DEFECTS: Terms(absent=scheme.file.members[:1])}
    if scheme.file.levers:
        found |= {KEPT: Terms(levers=False), CONTROL: Terms(open=False)}
    if variants:
        small, large, slow, fast, own = setup.VARIANTS
        found |= {
            small: Terms(places=HALF),
            large: Terms(places=TWICE),
            slow: Terms(speed=HALF),
            fast: Terms(speed=TWICE),
        }
        if scheme.file.criteria.own and scheme.file.criteria.congruent:
            found[own] = Terms(congruent=False)
    return found


def told_scheme(corridor: Corridor, scheme: SharingScheme, options: RunOptions, asked: dict[str, Terms]) -> ToldScheme:
    """Run some worlds of a scheme beside the record.

    Args:
        corridor: The fitted corridor.
        scheme: The scheme.
        options: How to run it.
        asked: The worlds by name, as `terms` has them; the scheme as declared is among them.
    """
    numbers = setup.drawn(scheme, options.draws, options.key)
    divided = division.divide(scheme.file)
    if scheme.file.trade == "market":
        divided = division.traded(divided, numbers["costs.first"], numbers["costs.rise"])
    setting = Setting(scheme, divided.traded, numbers)
    shared = run.run(corridor, setting, asked, options.key, options.progress)
    fit, own = corridor.assumed(options.draws, options.key), setting.inputs
    inputs = Inputs((*fit.names, *own.names), np.concatenate([fit.values, own.values]))
    elsewhere = burden.published(corridor.setting.figures, shared, burden.transit_of(scheme.case))
    return ToldScheme(shared, divided, asked, elsewhere, inputs)


def dataset(told: ToldScheme) -> xr.Dataset:
    """Every number by world, month and draw; what procedures did; what members take on and pay; variants."""
    shared, case = told.shared, told.shared.setting.scheme.case
    found: dict[str, xr.Variable] = {}
    for name, one in outcomes.OUTCOMES.items():
        values = np.stack([shared.numbers[world][name] for world in (RECORD, SCHEME)])
        found[name] = xr.Variable(("world", "month", "draw"), values, {"units": one.unit, "long_name": one.what})
    for name in ("encounters by origin", "deaths by place"):
        outcome, _, axis = name.partition(" by ")
        values = np.stack([shared.numbers[world][name] for world in (RECORD, SCHEME)])
        attrs = {"units": outcomes.OUTCOMES[outcome].unit, "long_name": f"{outcomes.OUTCOMES[outcome].what}, by {axis}"}
        found[name.replace(" ", "_")] = xr.Variable(("world", "month", axis, "draw"), values, attrs)
    coords = {
        "world": [RECORD, SCHEME],
        "month": month_axis(Span(shared.months[0], shared.months[-1])),
        "origin": list(case.origins),
        "place": list(PLACES),
        "country": list(told.division.members),
        "queue_of": [
            f"{line.procedure}, {line.member}" if line.member else line.procedure for line in shared.lines[SCHEME]
        ],
        "stop": [str(probe) for probe in shared.probes],
        "variant": list(told.variants),
    }
    return xr.Dataset(found | _procedures(told) | _members(told) | _variants(told), coords)


def _procedures(told: ToldScheme) -> dict[str, xr.Variable]:
    block, dims = told.shared.numbers[SCHEME], ("month", "queue_of", "origin", "draw")
    words = {
        "applied": ("people / month", "people who apply"),
        "decided": ("people / month", "first decisions"),
        "placed": ("people / month", "people admitted by a procedure"),
        "queue": ("people", "people waiting for a decision or an appeal"),
        "cleared": ("people", "people accepted and waiting for a place"),
    }
    found = {
        name: xr.Variable(dims, block[name], {"units": unit, "long_name": what}) for name, (unit, what) in words.items()
    }
    attrs = {"units": "months", "long_name": "months from application to admission that applicants expect"}
    return found | {"wait": xr.Variable(("month", "queue_of", "draw"), block["wait"], attrs)}


def _members(told: ToldScheme) -> dict[str, xr.Variable]:
    stakes, dims = told.stakes, ("country", "draw")
    usd = {"units": "usd / year"}
    worlds = (RECORD, SCHEME)
    return {
        "key_share": xr.Variable("country", told.division.key.share, {"units": "share", "long_name": "key share"}),
        "quota": xr.Variable("country", told.division.quotas, {"units": "people / year", "long_name": "places"}),
        "hosted": xr.Variable(
            ("world", *dims), np.stack([told.hosted[world].people for world in worlds]),
            {"units": "people / year", "long_name": "people taken on"},
        ),
        "matched": xr.Variable(
            ("origin", *dims), burden.placed(told.shared, SCHEME, Terms()),
            {"units": "people / year", "long_name": "people placed, by origin and member"},
        ),
        "gini": xr.Variable(
            ("world", "draw"), np.stack([told.uneven(world)[0] for world in worlds]),
            {"units": "index", "long_name": "Gini coefficient of burden against the key"},
        ),
        "theil": xr.Variable(
            ("world", "draw"), np.stack([told.uneven(world)[1] for world in worlds]),
            {"units": "index", "long_name": "Theil index of burden against the key"},
        ),
        "leverage": xr.Variable(
            ("world", "stop", "draw"), np.stack([told.leverage[world] for world in worlds]),
            {"units": "events / month", "long_name": "more encounters had the transit country stopped"},
        ),
        "gain": xr.Variable(dims, stakes.gain, usd | {"long_name": "what each gains by the scheme, less payments"}),
        "paid": xr.Variable(dims, stakes.paid, usd | {"long_name": "what each pays for quotas traded"}),
        "transfer": xr.Variable(dims, -stakes.no_loss.paid, usd | {"long_name": "received so that nobody loses"}),
        "leaving": xr.Variable(dims, stakes.leaving, usd | {"long_name": "what each wins by leaving alone"}),
    }  # fmt: skip


def _variants(told: ToldScheme) -> dict[str, xr.Variable]:
    words = {
        "irregular": "arrivals between ports",
        "deaths": "deaths on the way",
        "placed": "people admitted by procedures",
    }
    return {
        f"variant_{name}": xr.Variable(
            ("variant", "draw"), np.stack([told.total(one, name) for one in told.variants]),
            {"units": "people", "long_name": f"{what}, all months"},
        )
        for name, what in words.items()
    }  # fmt: skip
