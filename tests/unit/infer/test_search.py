"""The search refuses to begin where the figures have no chance, and says what leaves them none."""

import jax.numpy as jnp
import numpy as np
import pytest

from palanca.core.errors import FitError, SeriesError
from palanca.data.read import Figures
from palanca.infer import history, search
from palanca.infer.objective import FitEvidence
from palanca.infer.search import Compiled
from palanca.spec.load import load
from palanca.spec.schema import Case, Parameter, Prior


@pytest.fixture(scope="module")
def case() -> Case:
    return load("us-mexico")


@pytest.fixture(scope="module")
def evidence(case: Case) -> FitEvidence:
    return history.prepare(case).evidence


def believing(case: Case, **given: Parameter) -> Case:
    return case.model_copy(update={"parameters": {**case.parameters, **given}})


def bowl(evidence: FitEvidence, centre: np.ndarray) -> Compiled:
    """A density with its maximum at a known place, in the place of the model's."""

    def density(free, scored):
        gap = (free - centre) / evidence.layout.spread()
        return -0.5 * jnp.sum(gap**2), -gap / evidence.layout.spread()

    return Compiled(evidence, density, lambda free: jnp.zeros(evidence.inputs.figures.encounters.shape))


def test_the_maximum_of_a_bowl_is_its_centre_and_held_numbers_stay(evidence: FitEvidence) -> None:
    layout = evidence.layout
    centre = layout.centre() + 0.7 * layout.spread()
    found = search.maximise(bowl(evidence, centre), evidence.every_month)
    fitted = layout.fitted()
    assert np.allclose(found.mode[fitted], centre[fitted], atol=0.02 * layout.spread()[fitted])
    assert np.array_equal(found.mode[~fitted], layout.centre()[~fitted])
    assert found.gradient < 0.02


def test_levels_that_give_no_number_are_refused_with_a_way_out(evidence: FitEvidence) -> None:
    broken = Compiled(
        evidence,
        lambda free, scored: (jnp.nan, jnp.zeros_like(free)),
        lambda free: jnp.full(evidence.inputs.figures.encounters.shape, jnp.nan),
    )
    with pytest.raises(FitError, match="the priors leave the figures no chance") as told:
        search.maximise(broken, evidence.every_month)
    assert "level of setting out" in str(told.value)
    assert "parameters" in str(told.value)


@pytest.mark.slow
def test_a_prior_that_gives_the_figures_no_chance_is_refused(case: Case) -> None:
    far = Parameter(
        prior=Prior(family="normal", mean=800.0, sd=1.0),
        unit="log people / month",
        period="always",
        bounds=(0.0, 1000.0),
        source=("ASSUMED",),
    )
    ready = search.compiled(history.prepare(believing(case, base=far)).evidence)
    with pytest.raises(FitError, match="the priors leave the figures no chance"):
        search.maximise(ready, ready.evidence.every_month)


def test_a_case_that_holds_levels_at_a_value_can_begin(case: Case) -> None:
    held = Parameter(value=7.0, unit="log people / month", period="always", source=("ASSUMED",))
    fixed = history.prepare(believing(case, base=held)).evidence
    centre = fixed.layout.centre() + 0.3 * fixed.layout.spread()
    assert search.maximise(bowl(fixed, centre), fixed.every_month).gradient < 0.02


def test_a_series_declared_but_empty_is_refused_by_name(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    read = Figures.read

    def emptied(self: Figures, series: str):
        table = read(self, series)
        return table * np.nan if series == "usbp_by_sector" else table

    monkeypatch.setattr(Figures, "read", emptied)
    with pytest.raises(SeriesError, match="declared but empty") as told:
        history.prepare(case)
    assert str(told.value).startswith("sectors")
    assert f"2013-10 to {case.span.last}" in str(told.value)
