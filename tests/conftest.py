"""Runs every test on the CPU, with the names of array axes checked as the arithmetic is traced."""

import os
import subprocess
import sys
from functools import partial
from pathlib import Path

os.environ.setdefault("JAX_PLATFORMS", "cpu")
# What is compiled once serves every test of either worker, and the commands that tests start; content decides the key.
os.environ.setdefault("PALANCA_CACHE", str(Path(__file__).parent.parent / ".pytest_cache" / "compiled"))
os.environ.setdefault("JAX_COMPILATION_CACHE_DIR", os.environ["PALANCA_CACHE"])
os.environ["XDG_DATA_HOME"] = str(Path(__file__).parent / "no such folder")  # no store of the machine's user
os.environ.setdefault("JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS", "0.5")

import pytest
from jaxtyping import install_import_hook

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE / "helpers"), str(HERE.parent / "benchmarks")]

CHECKED = ["palanca.flows", "palanca.policy", "palanca.politics", "palanca.kernel"]
CHECKED += [
    f"palanca.sharing.{name}"
    for name in ("anomaly", "core_of_game", "keys", "market", "matching", "participation", "quotas")
]
install_import_hook(CHECKED, "beartype.beartype")

LONG = "PALANCA_LONG_TESTS"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """Runs a command in this process, in an empty folder; starting another takes seconds."""
    from palanca.cli import fail
    from palanca.cli.app import app

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr(sys, "argv", ["palanca", *words])
        code = fail.guarded(partial(app, prog_name="palanca"))
        told = capsys.readouterr()
        return subprocess.CompletedProcess(words, code, told.out, told.err)

    return run


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what takes minutes and has a shorter sister, unless it is asked for."""
    if LONG in os.environ:
        return
    for item in items:
        if item.get_closest_marker("long"):
            item.add_marker(pytest.mark.skip(reason=f"takes a minute or more; {LONG}=1 or `make slow` runs it"))
