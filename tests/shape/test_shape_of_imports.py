"""Packages import only leftwards, none is off the line, and the command line starts light."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib

import pytest
from importlinter.cli import lint_imports
from tree import ROOT, SOURCE

HEAVY = ("numpy", "jax", "pandas", "xarray", "pydantic", "scipy", "plotly", "openpyxl", "ruamel.yaml", "rich")


@pytest.fixture(scope="module")
def line() -> list[str]:
    """The packages on the line, from right to left."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers = next(c for c in settings["tool"]["importlinter"]["contracts"] if c["type"] == "layers")["layers"]
    return [package.strip() for layer in layers for package in layer.split("|")]


def test_every_contract_on_imports_is_kept(monkeypatch):
    monkeypatch.chdir(ROOT)
    monkeypatch.syspath_prepend(str(ROOT / "src"))
    assert lint_imports(config_filename="pyproject.toml", no_cache=True, no_logo=True) == 0


def test_every_package_is_on_the_line_and_everything_on_the_line_is_a_package(line):
    packages = {path.parent.name for path in SOURCE.glob("*/__init__.py")}
    assert packages == set(line)


def test_no_folder_of_source_lacks_its_init():
    bare = {path.parent for path in SOURCE.rglob("*.py") if not (path.parent / "__init__.py").exists()}
    assert not bare


def test_the_command_line_and_its_help_load_nothing_heavy():
    """Relative to a bare start this costs the import of typer; a time would depend on the machine."""
    asked = (
        "import json, sys\n"
        "from palanca.cli.app import app\n"
        "try:\n"
        "    app(['--help'])\n"
        "except SystemExit:\n"
        "    print(json.dumps(sorted(sys.modules)))\n"
    )
    where = os.pathsep.join(filter(None, [os.environ.get("PYTHONPATH"), str(ROOT / "src")]))
    shown = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONPATH": where},
    ).stdout  # fmt: skip
    loaded = set(json.loads(shown.splitlines()[-1]))
    assert "typer" in loaded
    assert not loaded & set(HEAVY)
