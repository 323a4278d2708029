"""CSV and TSV with a text column: one report a row."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from sahel_map.errors import InputError
from sahel_map.names import fold
from sahel_map.reports.documents import MAX_BYTES, MAX_TABLE_BYTES, Document, Entry, Fault
from sahel_map.reports.records import entry, names
from sahel_map.reports.text import decode


def read_table(document: Document) -> Iterator[Entry | Fault]:
    """Read every good row; the columns are found by their names (``data/columns.csv``), in any order.

    Delimiters are comma, semicolon or tab, whichever the header holds most of.
    """
    text = decode(document.read(MAX_TABLE_BYTES))
    header = text[: text.find("\n") if "\n" in text else len(text)]
    delimiter = max(",;\t", key=header.count)
    csv.field_size_limit(MAX_BYTES)
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    wanted = {fold(name) for name in names("text")}
    try:
        columns = rows.fieldnames or ()
    except csv.Error as error:
        raise InputError(f"is not CSV from its first line on ({error}); mend its quotes") from error
    if not any(fold(column or "") in wanted for column in columns):
        raise InputError(f"has no column of texts; wanted a header with one of {', '.join(names('text'))}")
    try:
        for row in rows:
            if not document.wanted(rows.line_num):
                continue
            try:
                yield from entry({key: value for key, value in row.items() if key}, document, rows.line_num)
            except InputError as error:
                yield document.fault(str(error), rows.line_num)
    except csv.Error as error:
        yield document.fault(f"is not CSV from here on ({error}); mend its quotes", rows.line_num + 1)
