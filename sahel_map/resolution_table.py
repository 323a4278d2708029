"""How are a million names resolved? Every distinct question once, the admin units of each row's day at once.

>>> import pandas as pd
>>> resolve_table(pd.DataFrame({"name": ["Djibo"], "country": ["BF"]}))["adm2_pcode"].tolist()
['BF5901']
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from sahel_map.errors import InputError
from sahel_map.gazetteer import AT_ONCE, BULK
from sahel_map.model import PlaceKind, Resolution, ResolutionStatus
from sahel_map.resolution import Resolver, default_resolver

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

COLUMNS = (
    "matched_name", "location", "kind", "latitude", "longitude", "country_code", "admin1", "admin2", "adm1_pcode",
    "adm2_pcode", "admin1_today", "admin2_today", "geo_precision", "where_prec", "uncertainty_km", "method", "score",
    "status", "reason",
)  # fmt: skip
_UNITS = ("admin1", "admin2", "adm1_pcode", "adm2_pcode")
Progress = Callable[[Iterable[Any]], Iterable[Any]]


def resolve_table(
    table: pd.DataFrame,
    *,
    name_column: str = "name",
    country_column: str | None = "country",
    admin1_column: str | None = "adm1",
    date_column: str | None = None,
    resolver: Resolver | None = None,
    progress: Progress = iter,
) -> pd.DataFrame:
    """The table with the columns of COLUMNS after its own, rows and index as they were.

    ``country`` and ``adm1`` are used if they are there; any other column named must exist, else InputError.
    Positions are EPSG:4326 degrees; empty where nothing but a country is known. A row that cannot be read
    (no name, an unknown country, a broken date) is unresolved and its reason says why. A column of the
    table with the name of a result column is kept as ``input_<name>``.
    """
    import pandas as pd

    resolver = resolver or default_resolver()
    asked = _questions(table, name_column, country_column, admin1_column)
    days = _days(table, date_column)
    numbers: NDArray[Any] = pd.array([]).to_numpy(int)
    questions: list[tuple[str, str, str]] = []
    if len(asked):  # pandas 2 cannot number the rows of an empty table
        numbers, distinct = pd.factorize(pd.MultiIndex.from_frame(asked))
        questions = [tuple(q) for q in distinct]
    records = []
    for number, question in enumerate(progress(questions)):
        if number % AT_ONCE == 0 and len(questions) >= BULK:
            resolver.gazetteer.prepare(name for name, _, _ in questions[number : number + AT_ONCE])
        records.append(_row(_answer(resolver, question)))
    if days is not None:
        numbers = _with_units_of_day(numbers, questions, records, days, resolver)
    answers = pd.DataFrame(records, columns=[*COLUMNS]).take(list(numbers)).reset_index(drop=True)
    if days is not None:
        _set_units_of_day(answers, days, resolver)
    kept = table.rename(columns={column: f"input_{column}" for column in table.columns if column in COLUMNS})
    return pd.concat([kept, answers.set_axis(table.index)], axis=1)


def _questions(table: pd.DataFrame, name: str, country: str | None, admin1: str | None) -> pd.DataFrame:
    import pandas as pd

    optional = {"country": country, "adm1": admin1}
    for column in (name, country, admin1):
        if column is not None and column not in table.columns and (column not in optional or column == name):
            have = ", ".join(map(str, table.columns))
            raise InputError(f"the table has no column {column!r}; it has {have}")

    def texts(column: str | None) -> pd.Series[str]:
        if column is None or column not in table.columns:
            return pd.Series("", index=range(len(table)))
        return (
            table[column].reset_index(drop=True).astype(object).where(table[column].notna().to_numpy(), "").astype(str)
        )

    return pd.DataFrame({"name": texts(name), "country": texts(country), "admin1": texts(admin1)})


def _days(table: pd.DataFrame, column: str | None) -> pd.Series[Any] | None:
    import pandas as pd

    if column is None:
        return None
    if column not in table.columns:
        raise InputError(f"the table has no column {column!r}; it has {', '.join(map(str, table.columns))}")
    return pd.to_datetime(table[column].reset_index(drop=True), errors="coerce", format="mixed")


def _answer(resolver: Resolver, question: tuple[str, str, str], date: dt.date | None = None) -> Resolution:
    name, country, admin1 = question
    try:
        return resolver.resolve(name, country=country or None, admin1=admin1 or None, date=date)
    except InputError as error:
        return Resolution(query=name, status=ResolutionStatus.UNRESOLVED, reason=str(error))


def _row(answer: Resolution) -> tuple[Any, ...]:
    lon, lat = answer.position or (None, None)
    return (
        answer.matched_name, answer.location, answer.kind.value, lat, lon, answer.country, answer.admin1, answer.admin2,
        answer.adm1_pcode, answer.adm2_pcode, answer.admin1_today, answer.admin2_today,
        int(answer.geo_precision) if answer.geo_precision else None, answer.where_prec, answer.uncertainty_km,
        answer.method, answer.score, answer.status.value, answer.reason,
    )  # fmt: skip


def _with_units_of_day(
    numbers: NDArray[Any],
    questions: list[tuple[str, str, str]],
    records: list[tuple[Any, ...]],
    days: pd.Series[Any],
    resolver: Resolver,
) -> NDArray[Any]:
    """Row -> record, with a record of its own for each period of a unit: "Soum" before and after the reform."""
    import numpy as np

    kinds = np.array([record[2] for record in records], dtype=object)
    rows = np.flatnonzero((kinds[numbers] == PlaceKind.UNIT.value) & days.notna().to_numpy())
    if not len(rows):
        return numbers
    when = days.to_numpy("datetime64[D]")[rows]
    periods = np.searchsorted(_reforms(resolver), when, side="right")
    numbers = numbers.copy()
    memory: dict[tuple[int, int], int] = {}
    for row, period, day in zip(rows.tolist(), periods.tolist(), when.tolist(), strict=True):
        key = (int(numbers[row]), period)
        if key not in memory:
            memory[key] = len(records)
            records.append(_row(_answer(resolver, questions[key[0]], day)))
        numbers[row] = memory[key]
    return numbers


def _reforms(resolver: Resolver) -> NDArray[Any]:
    """The days on which some admin unit began or had ended."""
    import numpy as np

    units = resolver.boundaries.units()
    began = {unit.valid_from for unit in units if unit.valid_from}
    ended = {unit.valid_to + dt.timedelta(days=1) for unit in units if unit.valid_to}
    return np.array(sorted(began | ended), dtype="datetime64[D]")


def _set_units_of_day(answers: pd.DataFrame, days: pd.Series[Any], resolver: Resolver) -> None:
    """Write the admin units of each point's own day into `answers`."""
    import numpy as np

    points = [PlaceKind.PLACE.value, PlaceKind.NEAR.value, PlaceKind.STRETCH.value]
    rows = np.flatnonzero(answers["kind"].isin(points).to_numpy() & answers["latitude"].notna().to_numpy())
    lons, lats = (answers[column].to_numpy(float)[rows] for column in ("longitude", "latitude"))
    units = resolver.boundaries.at_many(lons, lats, days.to_numpy("datetime64[D]")[rows])
    for column in _UNITS:
        cells = answers[column].to_numpy(dtype=object).copy()
        cells[rows] = units[column].astype(object).to_numpy()
        answers[column] = cells
    undated = days.isna().to_numpy()
    reasons = answers["reason"].to_numpy(dtype=object).copy()
    reasons[undated] += "; no date: the units are today's"
    answers["reason"] = reasons
