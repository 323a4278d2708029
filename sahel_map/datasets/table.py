"""Any table of events, with a mapping file that says what its columns mean, as coded events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sahel_map.crosswalk import GEO_MEANS, TIME_OF_DATE, WHERE_MEANS, WHERE_OF_GEO
from sahel_map.datasets.acled import HALF_WINDOW
from sahel_map.datasets.fields import Fields
from sahel_map.datasets.mapping import Mapping, event_types
from sahel_map.errors import InputError
from sahel_map.names import fold

if TYPE_CHECKING:
    import pandas as pd

_MOST = 10_000_000


class MappedTable:
    """A form like ``ucdp`` and ``acled``, made from one mapping."""

    def __init__(self, mapping: Mapping) -> None:
        self.mapping = mapping
        self.KEY = mapping.key

    def read(self, fields: Fields) -> pd.DataFrame:
        """The rows as coded events (see ``datasets.events.COLUMNS``). Raises InputError for columns that are missing."""
        import pandas as pd

        named = _Named(fields, self.mapping)
        own = named.text("id")
        own = own.where(own != "", "row" + pd.Series(own.index.astype(str), index=own.index))
        time = named.number("time_precision", least=1, most=4).fillna(
            named.number("date_prec", least=1, most=5).map(TIME_OF_DATE)
        )
        first, last = _days(named, time)
        where, geo = _precision(named)
        kind, sub_kind = _types(named)
        source, name = named.text("source").str.slice(0, 300), self.mapping.name
        dead = _figures(named)
        table = pd.DataFrame({
            "event_id": f"{self.KEY}-" + own, "own_id": own, "dataset": name, "first": first, "last": last,
            "time_precision": time, "where_prec": where, "geo_precision": geo, "event_type": kind, "sub_event_type": sub_kind,
            "actor1": named.text("actor1"), "actor2": named.text("actor2"), "place_text": named.text("location"),
            "stated_country": named.text("country"), "stated_admin1": named.text("admin1"), "stated_admin2": named.text("admin2"),
            "latitude": named.number("latitude", least=-90, most=90, whole=False),
            "longitude": named.number("longitude", least=-180, most=180, whole=False),
            "sentence": named.text("notes").str.slice(0, 1000), **dead, "notes": "",
        })  # fmt: skip
        nowhere = table[["place_text", "stated_country", "stated_admin1"]].apply(lambda cells: cells == "").all(
            axis=1
        ) & (table["latitude"].isna() | table["longitude"].isna())
        fields.reject(
            nowhere, named.column("location"), "has neither coordinates nor the name of a place, region or country"
        )
        table["reason"] = f"coded by {name} as event " + own + (", from " + source).where(source != "", "")
        table["place_reason"] = where.map(lambda n: f"where_prec {n:g} ({WHERE_MEANS.get(n, '')})")
        stated = named.text("geo_precision") != ""
        table.loc[stated, "place_reason"] = geo[stated].map(lambda n: f"geo_precision {n:g} ({GEO_MEANS.get(n, '')})")
        return table  # fmt: skip


class _Named:
    """The columns of a table by the field that the mapping gives each; a constant stands for a column."""

    def __init__(self, fields: Fields, mapping: Mapping) -> None:
        self.fields, self.mapping = fields, mapping
        missing = [column for column in mapping.columns.values() if column not in fields.texts]
        if missing:
            there = ", ".join(map(repr, map(str, fields.texts.columns)))
            raise InputError(
                f"{mapping.path!r} names the columns {', '.join(map(repr, missing))}, which {fields.path!r} lacks; it has {there}"
            )

    def column(self, name: str) -> str:
        return self.mapping.columns.get(name, name)

    def text(self, name: str) -> pd.Series[str]:
        found = self.fields.text(self.column(name)) if name in self.mapping.columns else self.fields.text()
        constant = self.mapping.constants.get(name, "")
        return found.where(found != "", constant) if constant else found

    def number(self, name: str, *, least: float, most: float, whole: bool = True) -> pd.Series[float]:
        if name not in self.mapping.columns:
            import pandas as pd

            constant = self.mapping.constants.get(name, "")
            return pd.Series(float(constant) if constant else float("nan"), index=self.fields.texts.index)
        return self.fields.number(self.column(name), least=least, most=most, whole=whole)


def _days(named: _Named, time: pd.Series[float]) -> tuple[Any, Any]:
    """First and last day: as given, else ACLED's window round the one day."""
    import pandas as pd

    first = named.fields.day(named.column("date"))
    half = pd.to_timedelta(time.map(HALF_WINDOW).fillna(0), unit="D").astype("timedelta64[s]")
    if "date_end" not in named.mapping.columns:
        return first - half, first + half
    given = named.text("date_end")
    last = named.fields.day(named.column("date_end"), empty=True)
    named.fields.reject(last < first, named.column("date_end"), "is before the first day", given)
    return first, last.fillna(first)


def _precision(named: _Named) -> tuple[pd.Series[float], pd.Series[float]]:
    """UCDP's and ACLED's codes of place: as given, else the point if there is one, else region or country alone."""
    geo = named.number("geo_precision", least=1, most=3)
    where = named.number("where_prec", least=1, most=7).fillna(geo.map(WHERE_OF_GEO))
    pointed = (named.text("latitude") != "") & (named.text("longitude") != "")
    rough = named.fields.shaped()  # a line or an area stands behind the point
    told = pointed | (named.text("location") != "")
    guessed = (
        told.map({True: 1.0, False: 4.0}).where(told | (named.text("admin1") != ""), 6.0).mask(rough & pointed, 5.0)
    )
    return where.fillna(guessed), geo  # fmt: skip


def _types(named: _Named) -> tuple[pd.Series[str], pd.Series[str]]:
    """ACLED's type and sub-type of the table's words; a word that is neither stays as the sub-type."""
    kinds = event_types()
    known = {fold(name): name for name in (*kinds, *kinds.values())}

    def meant(word: str) -> str:
        return named.mapping.event_types.get(fold(word)) or known.get(fold(word), word)

    given, sub = (named.text(name) for name in ("event_type", "sub_event_type"))
    given, sub = (column.map({word: meant(word) for word in column.unique()}) for column in (given, sub))
    sub = sub.where(sub != "", given.where(~given.isin(set(kinds.values())), ""))
    kind = given.where(given.isin(set(kinds.values())), sub.map(kinds).fillna(""))
    return kind, sub


def _figures(named: _Named) -> dict[str, pd.Series[float]]:
    """The killed: NaN where nobody said, which is not nought."""
    low, best, high = (named.number(f"fatalities{end}", least=0, most=_MOST) for end in ("_low", "", "_high"))
    best = best.fillna(low).fillna(high)
    found = {"best": best, "low": low.fillna(best), "high": high.fillna(best), "deaths_unknown": best.fillna(0)}
    return found | dict.fromkeys(("deaths_a", "deaths_b", "deaths_civilians"), best * 0)
