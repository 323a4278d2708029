"""The notebooks run from top to bottom, end in something to look at, and are kept without outputs."""

from __future__ import annotations

from pathlib import Path

import pytest

nbformat = pytest.importorskip("nbformat", reason="the notebooks need the test group's nbclient")

FOLDER = Path(__file__).resolve().parent.parent / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebooks_are_kept_without_outputs(path: Path) -> None:
    cells = [cell for cell in nbformat.read(path, 4).cells if cell.cell_type == "code"]
    assert not any(cell.outputs or cell.execution_count for cell in cells)
    assert len(cells) <= 6, "short"


@pytest.mark.loopback
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
@pytest.mark.filterwarnings(
    "ignore::DeprecationWarning", "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)
def test_notebooks_run_and_end_in_something_to_look_at(path: Path) -> None:
    nbclient = pytest.importorskip("nbclient")
    book = nbformat.read(path, 4)
    nbclient.NotebookClient(
        book, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(FOLDER)}}
    ).execute()
    last = [cell for cell in book.cells if cell.cell_type == "code"][-1]
    assert any("text/html" in out.get("data", {}) or "text/plain" in out.get("data", {}) for out in last.outputs)


def test_four_notebooks_are_there() -> None:
    assert len(NOTEBOOKS) == 4
