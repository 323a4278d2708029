"""Parquet tables of reports, a report a row, read some rows at a time (extra "parquet")."""

from __future__ import annotations

from collections.abc import Iterator

from sahel_map.errors import InputError
from sahel_map.names import fold
from sahel_map.reports.documents import Document, Entry, Fault
from sahel_map.reports.records import entry, names

_ROWS = 256  # held in memory at once


def read_parquet(document: Document) -> Iterator[Entry | Fault]:
    """Every good row; a bad one becomes a fault with its row number, counted from 1. Columns as in JSON Lines."""
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError as error:
        raise InputError('needs pyarrow to be read; pip install "sahel-map[parquet]"') from error
    number = 0
    try:
        file = parquet.ParquetFile(document.stream)
        if not {fold(name) for name in file.schema_arrow.names} & {fold(name) for name in names("text")}:
            raise InputError(f"has no column of texts; wanted one of {', '.join(names('text'))}")
        for batch in file.iter_batches(batch_size=_ROWS):
            for record in batch.to_pylist():
                number += 1
                if not document.wanted(number):
                    continue
                try:
                    yield from entry(record, document, number)
                except InputError as error:
                    yield document.fault(str(error), number)
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"is no Parquet file, or a damaged one ({str(error)[:80]}); save it again") from error
    if number == 0:
        raise InputError("is empty; nothing to read")
