"""What do the columns of somebody's table mean? A mapping file (TOML) beside it says; a first guess is written for them.

``events.csv`` goes with ``events.mapping.toml``:

    name = "Our incident log"     # the source that the map names
    [columns]                     # field = the table's column
    date = "date de l'incident"
    location = "localité"
    [constants]                   # field = the same text for every row
    country = "Mali"
    [event_types]                 # the table's word = ACLED's event type or sub-type
    "attaque armée" = "Armed clash"
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from sahel_map.errors import InputError, OutputError
from sahel_map.language.lexicon import read_rows
from sahel_map.names import fold

ENDING = ".mapping.toml"
FIELDS = {
    "id": "the row's own id; without one its row number", "date": "the day, or the first of a window",
    "date_end": "the last day of a window", "time_precision": "ACLED's code: 1 day, 2 week, 3 month",
    "date_prec": "UCDP's code, 1 to 5", "event_type": "ACLED's event type, or a word of yours (see event_types)",
    "sub_event_type": "ACLED's sub-event type", "actor1": "who acted", "actor2": "who was acted upon",
    "country": "name or ISO code", "admin1": "region", "admin2": "district", "location": "name of the place",
    "latitude": "degrees north, WGS 84", "longitude": "degrees east, WGS 84",
    "geo_precision": "ACLED's code: 1 the place, 2 near it, 3 region", "where_prec": "UCDP's code, 1 to 7",
    "fatalities": "killed, the best figure; empty means that nobody said", "fatalities_low": "killed, at least",
    "fatalities_high": "killed, at most", "notes": "what happened, in words", "source": "who told of this row",
}  # fmt: skip
_TOP = {"name": str, "url": str, "decimal": str, "day_order": str, "sheet": str, "layer": str, "columns": dict, "constants": dict, "event_types": dict}  # fmt: skip
_CHOICES = {"decimal": ("", ".", ","), "day_order": ("", "day first", "month first")}
_TEXTS = {"text", "body", "content", "full_text", "article", "texte", "contenu"}  # a table of reports has one of them


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """One mapping file, checked."""

    path: str
    name: str
    columns: dict[str, str]  # field -> column, lower case
    url: str = ""
    decimal: str = ""
    day_order: str = ""
    sheet: str = ""
    layer: str = ""
    constants: dict[str, str] = field(default_factory=dict)
    event_types: dict[str, str] = field(default_factory=dict)  # folded word -> ACLED's

    @property
    def key(self) -> str:
        """The name as part of ids: "Our log" is "our-log"."""
        key = re.sub(r"[^a-z0-9]+", "-", fold(self.name)).strip("-") or "table"
        return f"{key}-table" if key in ("acled", "ucdp", "ucdp-ged") else key


def path_beside(table: Path) -> Path:
    """Where a table's mapping file is looked for: events.csv has events.mapping.toml."""
    return table.with_name(f"{table.stem}{ENDING}")


def read_mapping(path: Path, table: Path) -> Mapping:
    """Read and check a mapping file. Raises InputError that names every fault at once."""
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise InputError(f"mapping file {str(path)!r} cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"mapping file {str(path)!r} is not TOML in UTF-8: {error}") from error
    faults = [f"{key} is not known; wanted one of {', '.join(_TOP)}" for key in told if key not in _TOP]
    faults += [f"{key} is {told[key]!r}, not {kind.__name__}" for key, kind in _TOP.items() if not isinstance(told.get(key, kind()), kind)]  # fmt: skip
    if not faults:
        faults += list(_faults(told))
    if faults:
        raise InputError(f"mapping file {str(path)!r}: {'; '.join(faults)}")
    columns = {name: column.strip().lower() for name, column in told.get("columns", {}).items() if column.strip()}
    words = {fold(word): meant for word, meant in told.get("event_types", {}).items() if meant}
    texts = {key: told.get(key, "") for key in ("url", "decimal", "day_order", "sheet", "layer")}
    return Mapping(
        path=str(path), name=told.get("name", "").strip() or table.stem, columns=columns,
        constants=dict(told.get("constants", {})), event_types=words, **texts,
    )  # fmt: skip


def _faults(told: dict[str, dict[str, object]]) -> Iterable[str]:
    for part in ("columns", "constants", "event_types"):
        for name, value in told.get(part, {}).items():
            if part != "event_types" and name not in FIELDS:
                yield f"[{part}] {name} is no field; wanted one of {', '.join(FIELDS)}"
            if not isinstance(value, str):
                yield f"[{part}] {name} is {value!r}; write it in quotes"
    for key, wanted in _CHOICES.items():
        if told.get(key, "") not in wanted:
            yield f"{key} is {told[key]!r}; wanted one of {', '.join(repr(w) for w in wanted if w)}"
    given = {*told.get("columns", {}), *told.get("constants", {})}
    if "date" not in given:
        yield "[columns] date is wanted"
    if not given & {"location", "admin1", "country", "latitude"}:
        yield "[columns] location, or latitude and longitude, are wanted"
    known = set(event_types()) | set(event_types().values())
    for word, meant in told.get("event_types", {}).items():
        if meant and meant not in known:
            yield f"[event_types] {word!r} = {meant!r} is none of ACLED's types and sub-types"


def event_types() -> dict[str, str]:
    """ACLED's sub-event types, each with its event type."""
    return {row["sub_event_type"]: row["event_type"] for row in read_rows("sahel_map.datasets", "event_types")}


# --- the first guess ----------------------------------------------------------------------------------------------


def guess(header: Iterable[str]) -> dict[str, str]:
    """Which column is which field, by their names: {} unless the table plainly is one of dated, placed events."""
    folded = {fold(name.replace("_", " ")): name for name in reversed(list(header))}
    found: dict[str, str] = {}
    for row in read_rows("sahel_map.datasets", "mapping_words"):
        column = folded.get(fold(row["name"].replace("_", " ")))
        if column is not None and row["field"] not in found and column not in found.values():
            found[row["field"]] = column
    return found if is_event_table(found, folded) else {}


def is_event_table(found: Collection[str], header: Collection[str]) -> bool:
    """Whether these fields are those of events, not of reports: a day, and a point, or a place and a toll or type."""
    placed = {"latitude", "longitude"} <= set(found) or (
        "location" in found and bool({"fatalities", "event_type"} & set(found))
    )
    return "date" in found and placed and not is_report_table(header)  # fmt: skip


def is_report_table(header: Collection[str]) -> bool:
    """Whether a column holds the text of reports."""
    return not _TEXTS.isdisjoint(header)


def write_guess(table: Path, header: Iterable[str], target: Path | None = None) -> Path:
    """Write a first guess of a table's mapping for a person to edit. Raises OutputError rather than overwrite one."""
    path = target or path_beside(table)
    names = [name for name in header if name]
    found = guess(names)
    unused = [name for name in names if name not in found.values()]
    lines = [
        f"# What the columns of {_quoted(table.name)} mean. A first guess by their names: look through it and mend it,",
        "# then run sahel-map build again. Lines that begin with # do nothing.", "",
        f"name = {_quoted(table.stem)}  # the source that the map names",
        '# url = ""', '# decimal = ","            # if numbers are written 14,5',
        '# day_order = "day first"  # if 3/4/2024 is the third of April; else "month first"',
        '# sheet = ""               # of an Excel workbook; without it the first',
        '# layer = ""               # of a GeoPackage; without it the only one', "", "[columns]",
    ]  # fmt: skip
    for name, meaning in FIELDS.items():
        line = f"{name} = {_quoted(found.get(name, ''))}"
        lines.append(f"{line if name in found else '# ' + line}  # {meaning}")
    lines += ["", f"# Columns not used: {', '.join(map(_quoted, unused)) or 'none'}", "", "[constants]"]
    lines += ['# country = "Mali"  # the same for every row', "", "[event_types]"]
    lines += ['# "attaque armée" = "Armed clash"  # your word = one of ACLED\'s types or sub-types', ""]
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write("\n".join(lines))
    except FileExistsError as error:
        raise OutputError(
            f"{str(path)!r} is there already and is not overwritten; move it away for a new guess"
        ) from error
    except OSError as error:
        raise OutputError(f"cannot write {str(path)!r}: {error.strerror}; name another file with --out") from error
    return path


def _quoted(text: str) -> str:
    """A TOML string, on one line whatever is in it."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
