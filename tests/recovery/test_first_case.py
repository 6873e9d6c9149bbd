"""The first case's quick fit finds the effect of its lever, with which its figures were drawn."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
import pytest

from palanca.data.read import open_figures
from palanca.infer import full, history
from palanca.spec import starter
from palanca.spec.load import load

pytestmark = [pytest.mark.slow, pytest.mark.long]
TRUE = 1.2  # fall of setting out while the road is closed [log points]; tools/draw_starter.py


def test_the_quick_fit_of_the_first_case_holds_the_known_effect_of_its_lever(tmp_path):
    path = starter.write("lake", tmp_path / "lake")
    figures = open_figures(case=path)
    setting = history.prepare(load(path, figures.months()), figures)
    found = full.quick(setting.evidence, key=1)
    effect = np.asarray(found.layout.constrain(jnp.asarray(found.free))["shutdown_effect"])
    low, high = np.quantile(effect, (0.05, 0.95), axis=-1)
    assert np.all((low < TRUE) & (high > TRUE))
    assert np.all(high - low < 0.6)  # the prior's is 0.22 to 2.2, so the figures did speak
