"""Tables in and out of the command line: CSV files read as text, written whole or not at all."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from sahel_map.errors import InputError, OutputError

if TYPE_CHECKING:
    import pandas as pd

# a spreadsheet takes a cell that begins so for a formula
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def read_csv(path: Path) -> pd.DataFrame:
    """A CSV file, every cell as text; InputError for one that cannot be read as a table."""
    import pandas as pd

    if not path.is_file():
        raise InputError(f"there is no file {str(path)!r}")
    try:
        return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig", sep=_separator(path))
    except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read as a CSV table in UTF-8: {error}") from error


def write_csv(table: pd.DataFrame, path: Path | None) -> None:
    """Write a table as UTF-8 CSV, to standard output where `path` is None; formulas are put in quotes."""
    safe = table.copy()
    for column in safe.select_dtypes(include=["object", "string"]).columns:
        cells = safe[column].astype(str)
        dangerous = cells.str.startswith(_FORMULA) & ~cells.str.fullmatch(r"[+-]?\d+(?:[.,]\d+)?")
        safe[column] = safe[column].where(~dangerous, "'" + cells)
    if path is None:
        safe.to_csv(sys.stdout, index=False)
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            safe.to_csv(file, index=False)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except OSError as error:
        raise OutputError(f"{path} could not be written: {error}") from error


def _separator(path: Path) -> str:
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        head = file.readline()
    return max(",;\t", key=head.count)
