"""A run's dataset is labelled, has units, and survives the disk to the precision it states."""

import io
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from palanca.core import save, units
from palanca.model import record
from palanca.model.outcomes import OUTCOMES, PLACES, STOCKS
from palanca.model.world import Shocks
from palanca.show import files
from palanca.spec.load import load

CASE = load("us-mexico")
DRAWS = 2


@pytest.fixture(scope="module")
def result() -> xr.Dataset:
    rng = np.random.default_rng(6)
    months = len(CASE.span.span)
    lengths = {
        "origin": 14,
        "group": 3,
        "sector": 9,
        "outcome": len(OUTCOMES),
        "stock": len(STOCKS),
        "place": len(PLACES),
    }

    def made(table: dict[str, record.Quantity]) -> dict[str, np.ndarray]:
        return {
            name: rng.lognormal(5, 3, (months, *(lengths[dim] for dim in quantity.dims), DRAWS))
            for name, quantity in table.items()
        }

    base = made(record.QUANTITIES)
    return record.dataset(CASE, base, Shocks(**made(record.SURPRISES)), base, {"key": "1", "case": "us-mexico"})


def test_every_quantity_has_a_unit_of_the_list_and_a_meaning(result: xr.Dataset) -> None:
    for name, variable in result.data_vars.items():
        assert variable.attrs["units"] in units.UNITS, name
        assert len(str(variable.attrs["long_name"])) > 10, name
        assert variable.dims[0] == "month"
        assert variable.dims[-1] == "draw"


def test_labels_are_those_of_the_case(result: xr.Dataset) -> None:
    assert list(result.origin.values) == list(CASE.origins)
    assert str(result.month.values[0])[:7] == "2013-10"
    assert str(result.month.values[-1])[:7] == str(CASE.span.last)


def test_what_is_written_comes_back_to_the_precision_it_states(result: xr.Dataset, tmp_path: Path) -> None:
    path = save.content(tmp_path / "history.nc", files.packed(result))
    with xr.open_dataset(io.BytesIO(path.read_bytes()), engine="h5netcdf") as back:
        assert set(back.data_vars) == set(result.data_vars)
        assert back.attrs["key"] == "1"
        for name in result.data_vars:
            assert np.allclose(back[name], result[name], rtol=1.3e-4, atol=0.0), name
            assert back[name].attrs["units"] == result[name].attrs["units"]


def test_rounding_is_to_the_nearest_of_twelve_digits() -> None:
    values = np.array([1.0, 0.0, -3.5, 1.0 + 2.0**-12, 1.0 + 2.0**-13.5, 123456.789])
    rounded = files._rounded(values)
    assert rounded[:3].tolist() == [1.0, 0.0, -3.5]
    assert rounded[3] == np.float32(1.0 + 2.0**-12)
    assert rounded[4] in (1.0, np.float32(1.0 + 2.0**-12))
    assert abs(rounded[5] / 123456.789 - 1.0) < 2.0**-13
