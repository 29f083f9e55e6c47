"""The notebook in the documentation runs from top to bottom, and is kept without its output."""

from __future__ import annotations

from pathlib import Path

import nbclient
import nbformat
import pytest

NOTEBOOKS = sorted((Path(__file__).parents[2] / "docs" / "notebooks").glob("*.ipynb"))
SECONDS = 150


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request: pytest.FixtureRequest) -> nbformat.NotebookNode:
    return nbformat.read(request.param, as_version=4)


def test_a_notebook_runs_and_says_what_it_promises(
    notebook: nbformat.NotebookNode, tmp_path: Path
) -> None:
    client = nbclient.NotebookClient(
        notebook, timeout=SECONDS, kernel_name="python3", resources={"metadata": {"path": tmp_path}}
    )
    ran = client.execute()
    printed = "".join(
        output.get("text", "") for cell in ran.cells for output in cell.get("outputs", [])
    )
    assert "customer_retention_rate     63.60" in printed
    assert "2010-01" in printed


def test_a_notebook_is_kept_without_output(notebook: nbformat.NotebookNode) -> None:
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert cells
    assert all(not cell.outputs and cell.execution_count is None for cell in cells)
