"""Writes an answer to a folder: page, JSON, tidy CSV, netCDF, charts and a manifest, all of them or none."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import plotly.io
import xarray as xr
from choreographer.browsers.chromium import Chromium

from palanca.core import save as writing
from palanca.core.errors import OutputError
from palanca.show import document, draw, manifest, page
from palanca.show.answer import Answer
from palanca.show.chart import Chart

PAGE, JSON, CSV, NETCDF = "answer.html", "answer.json", "data.csv", "data.nc"
CHARTS = "charts"
SCALE = 2  # of PNG, for screens that show two pixels in one
DROPPED = 1 << 11  # the lowest 11 of 23 binary digits of a number in single precision


def save(answer: Answer, folder: Path, *, pictures: bool = True) -> list[str]:
    """Write every file of an answer whole or not at all, as `Answer.save` says.

    Returns:
        Names of the files, within the folder.
    """
    texts = {PAGE: page.html(answer), JSON: document.as_json(answer), CSV: document.as_csv(answer)}
    made: dict[str, bytes] = {name: text.encode("utf-8") for name, text in texts.items()}
    made[NETCDF] = packed(answer.data)
    if pictures:
        made |= drawn(answer)
    made[manifest.NAME] = manifest.of(answer, made).encode("utf-8")
    with writing.together(folder) as staged:
        for name, content in made.items():
            staged.content(name, content)
    return list(made)


def drawn(answer: Answer) -> Mapping[str, bytes]:
    """Every chart as SVG and PNG; nothing where no browser is installed to draw them."""
    figures = {chart.name.replace(" ", "-"): draw.figure(chart) for chart in answer.charts}
    if not figures or not can_draw():
        return {}
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / f"{name}.{kind}" for name in figures for kind in ("svg", "png")]
        drawings = [one for one in figures.values() for _ in range(2)]
        sizes = {side: [int(one.layout[side]) for one in drawings] for side in ("width", "height")}
        plotly.io.write_images(drawings, paths, scale=SCALE, **sizes)  # which takes no size from a figure itself
        return {f"{CHARTS}/{path.name}": path.read_bytes() for path in paths}


def picture(chart: Chart, kind: str) -> bytes:
    """One chart as a picture.

    Args:
        chart: The chart.
        kind: `svg` or `png`.

    Raises:
        OutputError: No browser is installed to draw it.
    """
    if not can_draw():
        raise OutputError(
            "no Chrome or Chromium is installed to draw pictures with", where=chart.name,
            way_out="The page of the answer shows every chart, and prints.",
        )  # fmt: skip
    figure = draw.figure(chart)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"chart.{kind}"
        size = {side: [int(figure.layout[side])] for side in ("width", "height")}
        plotly.io.write_images([figure], [path], scale=SCALE, **size)
        return path.read_bytes()


def can_draw() -> bool:
    """Whether a Chrome or Chromium is installed, which Plotly draws pictures with."""
    return Chromium.find_browser(skip_local=False) is not None


def packed(data: xr.Dataset) -> bytes:
    """The data as netCDF, made in memory: single precision, rounded to 12 binary digits (a ten-thousandth).

    Digits below that are noise to any reader and would not compress.
    """
    rounded = data.copy()
    for name, variable in data.data_vars.items():
        if variable.dtype.kind == "f":
            rounded[name] = variable.copy(data=_rounded(variable.values))
    rounded.attrs["precision"] = "values rounded to 12 binary digits, a relative error of at most 1.3e-4"
    encoding = {
        str(name): {"zlib": True, "complevel": 2}
        for name in rounded.data_vars
        if rounded[name].dtype.kind in "fiu" and rounded[name].ndim
    }
    return bytes(rounded.to_netcdf(engine="h5netcdf", format="NETCDF4", encoding=encoding))


def _rounded(values: np.ndarray) -> np.ndarray:
    bits = np.ascontiguousarray(values, dtype=np.float32).view(np.int32)
    return ((bits + DROPPED // 2) & ~(DROPPED - 1)).view(np.float32)
