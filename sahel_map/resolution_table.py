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
from sahel_map.model import PlaceKind, Resolution, ResolutionStatus
from sahel_map.resolution import Resolver, default_resolver

if TYPE_CHECKING:
    import pandas as pd

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
    numbers, distinct = pd.factorize(pd.MultiIndex.from_frame(asked))
    records = [_row(_answer(resolver, question)) for question in progress([tuple(q) for q in distinct])]
    answers = pd.DataFrame(records, columns=[*COLUMNS]).take(list(numbers)).reset_index(drop=True)
    if days is not None:
        _set_units_of_day(answers, asked, days, resolver)
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


def _set_units_of_day(answers: pd.DataFrame, asked: pd.DataFrame, days: pd.Series[Any], resolver: Resolver) -> None:
    """Write each row's admin units of its own day into `answers`."""
    fine = answers["kind"].isin([PlaceKind.PLACE.value, PlaceKind.NEAR.value, PlaceKind.STRETCH.value]).to_numpy()
    fine = fine & answers["latitude"].notna().to_numpy()
    if fine.any():
        rows = answers.loc[fine]
        units = resolver.boundaries.at_many(
            rows["longitude"].to_numpy(float), rows["latitude"].to_numpy(float), days[fine].to_numpy("datetime64[D]")
        )
        for column in _UNITS:
            answers.loc[fine, column] = units[column].astype(str).to_numpy()
    areal = (answers["kind"] == PlaceKind.UNIT.value).to_numpy() & days.notna().to_numpy()
    memory: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    for number in areal.nonzero()[0]:
        key = (*asked.iloc[number], days.iloc[number].date())
        if key not in memory:
            memory[key] = _row(_answer(resolver, key[:3], key[3]))
        answers.loc[int(number), list(COLUMNS)] = list(memory[key])
    unread = days.isna().to_numpy() & (answers["reason"] != "").to_numpy()
    answers.loc[unread, "reason"] = answers.loc[unread, "reason"] + "; no date: the units are today's"
