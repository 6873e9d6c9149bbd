"""The notebooks of the documentation run from top to bottom, and print what they show."""

from __future__ import annotations

import os
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode
from tree import ROOT

FOUND = sorted((ROOT / "docs" / "tutorials").glob("*.ipynb"))


def shown(notebook: NotebookNode) -> list[str]:
    """What each cell prints, as text; pictures and pages left out."""
    return ["".join(_texts(cell)) for cell in notebook.cells if cell.cell_type == "code"]


def _texts(cell: NotebookNode) -> list[str]:
    told = [one for one in cell.outputs if one.get("name") != "stderr"]
    return [one.text if one.output_type == "stream" else one.data["text/plain"] for one in told]


def keep(path: Path, ran: NotebookNode) -> None:
    """Store what the cells printed as text: no pages, which weigh megabytes, no times, and no messages."""
    for cell in ran.cells:
        cell.metadata = {}
        if cell.cell_type == "code":
            cell.outputs = [one for one in cell.outputs if one.get("name") != "stderr"]
            for one in cell.outputs:
                if one.output_type == "execute_result":
                    one.data = {"text/plain": one.data["text/plain"]}
    nbformat.write(ran, path)


def test_there_are_notebooks():
    assert len(FOUND) >= 2


@pytest.mark.slow
@pytest.mark.parametrize("path", FOUND, ids=lambda path: path.stem)
def test_a_notebook_runs_from_top_to_bottom_and_prints_what_it_shows(path, tmp_path):
    stored = nbformat.read(path, as_version=4)
    ran = nbformat.from_dict(stored)
    NotebookClient(ran, timeout=300, resources={"metadata": {"path": str(tmp_path)}}).execute()
    if os.environ.get("RENEW_GOLDEN"):
        keep(path, ran)
        return
    assert shown(ran) == shown(stored)
