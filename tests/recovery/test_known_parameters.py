"""The fit finds parameters it was fed: figures are drawn from the model at known values, and fitted from scratch."""

from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from palanca.infer import history, search, store
from palanca.kernel.keys import stream
from palanca.model.run import replay
from palanca.spec.load import load

pytestmark = [pytest.mark.slow, pytest.mark.long]
SPREAD = 0.05


def test_the_fit_recovers_known_parameters() -> None:
    """Counts not solved for are redrawn about the model's own numbers; the surprises are history's own.

    The fit starts at the priors' middle. What the redrawn figures bear on must come back: exposure to stops by
    origin, removal shares, ports, the Darien. Tolerance: figures scatter by 5 % over at least 50 months, so a level
    is known to about 1 %; dynamics and trade-offs between parameters widen that to a tenth on the log scale.
    """
    setting = history.prepare(load("us-mexico"))
    truth, _ = store.read(store.where(setting.case), setting.case)
    layout = truth.layout
    _, seen = jax.jit(lambda free: replay(setting.inputs, layout.constrain(free)))(jnp.asarray(truth.mean[:, None]))
    targets = []
    for target in setting.evidence.targets:
        shown = np.asarray(target.shown(seen))[..., 0]
        noise = stream(1, "redrawn", target.name).standard_normal(shown.shape)
        targets.append(
            replace(target, counts=np.where(np.isfinite(target.counts), shown * np.exp(SPREAD * noise), np.nan))
        )
    cells = np.where(np.isfinite(setting.evidence.cells), np.asarray(seen.encounters)[..., 0], np.nan)
    fed = replace(setting.evidence, targets=tuple(targets), cells=cells)
    mode = search.maximise(search.compiled(fed), fed.every_month, most_steps=700).mode
    known = layout.constrain(jnp.asarray(truth.mean[:, None]))
    found = layout.constrain(jnp.asarray(mode[:, None]))
    gaps = {}
    for name, some in (
        ("removal_share", [1, 2, 3]),
        ("darien_share", [4, 9]),
        ("spread_sectors", slice(None)),
        ("appointment_demand", [0, 4, 5, 7]),
    ):
        one, other = np.asarray(known[name])[..., 0], np.asarray(found[name])[..., 0]
        gaps[name] = np.max(
            np.abs(
                np.log(np.atleast_1d(np.exp(other) if name == "appointment_demand" else other)[some])
                - np.log(np.atleast_1d(np.exp(one) if name == "appointment_demand" else one)[some])
            )
        )
    ratio = np.asarray(found["stop_exposure"] * found["effort_routine"])[1:, 0]
    told = np.asarray(known["stop_exposure"] * known["effort_routine"])[1:, 0]
    share = np.log(ratio / ratio.mean()) - np.log(told / told.mean())
    assert np.median(np.abs(share)) < 0.1
    assert gaps["removal_share"] < 0.1
    assert gaps["darien_share"] < 0.15
    assert float(np.asarray(found["spread_stops"])[0]) < 0.12  # the scatter shrinks to what was fed
    assert float(np.asarray(known["spread_stops"])[0]) > 0.5
