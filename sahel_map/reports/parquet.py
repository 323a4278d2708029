"""Parquet tables of reports, a report a row, read some rows at a time (extra "parquet")."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sahel_map.errors import InputError
from sahel_map.names import fold
from sahel_map.reports.documents import Document, Entry, Fault
from sahel_map.reports.records import entry, names

_ROWS = 256  # held in memory at once


def read_parquet(document: Document) -> Iterator[Entry | Fault]:
    """Every good row; a bad one becomes a fault with its row number, counted from 1. Columns as in JSON Lines.

    Row groups are read one by one: of a damaged one the rest becomes one fault, and the next is read.
    """
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError as error:
        raise InputError('needs pyarrow to be read; pip install "sahel-map[parquet]"') from error
    try:
        file = parquet.ParquetFile(document.stream)
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"is no Parquet file, or a damaged one ({str(error)[:80]}); save it again") from error
    if not {fold(name) for name in file.schema_arrow.names} & {fold(name) for name in names("text")}:
        raise InputError(f"has no column of texts; wanted one of {', '.join(names('text'))}")
    if file.metadata.num_rows == 0:
        raise InputError("is empty; nothing to read")
    last = 0
    for group in range(file.num_row_groups):
        number, last = last, last + file.metadata.row_group(group).num_rows
        if not document.opened(last):
            continue
        try:
            for batch in file.iter_batches(batch_size=_ROWS, row_groups=[group]):
                for record in batch.to_pylist():
                    number += 1
                    yield from _row(record, document, number)
        except (pa.ArrowException, OSError) as error:
            yield document.fault(f"is damaged up to row {last} ({str(error)[:80]}); save it again", number + 1)


def _row(record: dict[str, Any], document: Document, number: int) -> Iterator[Entry | Fault]:
    if document.wanted(number):
        try:
            yield from entry(record, document, number)
        except InputError as error:
            yield document.fault(str(error), number)
