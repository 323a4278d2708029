"""incidents.sahel: what can be asked of a table, and that it survives pandas."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

import sahel_map.accessor  # noqa: F401 - gives every table its questions
from sahel_map.errors import InputError
from sahel_map.exports import export
from sahel_map.exports.tables import write_mentions_csv, write_tolls_csv
from sahel_map.incidents import read
from sahel_map.pipeline import build
from tests.incident_tables import sample


def ids(table: pd.DataFrame) -> list[str]:
    return sorted(table["incident_id"])


def test_reading_a_table_is_enough_to_ask_it() -> None:
    code = "import sahel_map; sahel_map.read_incidents; import pandas; print(hasattr(pandas.DataFrame, 'sahel'))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "True\n"


def test_it_survives_what_pandas_does() -> None:
    table = sample()
    for changed in (
        table[table["country"] == "ML"], table.sort_values("location"), table.assign(extra=1), table.copy(),
        pd.concat([table, table]), table.iloc[::-1].reset_index(drop=True), table.query("country == 'ML'"),
        table.drop(columns="geometry"),
    ):  # fmt: skip
        assert len(changed.sahel.between("2025-06-01", "2025-06-02")) >= 2


def test_another_table_is_told_what_it_lacks() -> None:
    with pytest.raises(AttributeError, match="lacks the columns incident_id"):
        pd.DataFrame({"a": [1]}).sahel  # noqa: B018


def test_timeline_counts_empty_months_too() -> None:
    table = sample().sahel.timeline()
    assert table.loc["2024-07", "incidents"] == 1
    assert table.loc["2024-12", "incidents"] == 0
    assert table.loc["2025-05", "incidents"] == 6
    assert table["incidents"].sum() == 9  # one is undated
    with pytest.raises(InputError, match="fortnight"):
        sample().sahel.timeline("fortnight")


@pytest.mark.parametrize(("date", "name"), [("2024-01-01", "Sahel"), ("2026-01-01", "Soum")])
def test_regions_are_those_of_the_day_asked_for(date: str, name: str) -> None:
    regions = sample().sahel.by_region("admin1", date=date)
    djibo = regions[regions["name"] == name].iloc[0]
    assert (djibo["incidents"], djibo["country"]) == (1, "BF")
    assert djibo.geometry.geom_type.endswith("Polygon")
    assert regions["incidents"].sum() == 10
    assert regions["name"].iloc[-1] == ""  # two have no place


def test_a_region_is_not_counted_in_one_of_its_districts() -> None:
    districts = sample().sahel.by_region("admin2", date="2024-01-01")
    assert "NE" not in set(districts["country"])  # Tillabéri is known as a region only
    assert districts["incidents"].sum() == 10
    assert isinstance(districts, gpd.GeoDataFrame)


def test_near_within_and_between() -> None:
    table = sample()
    near = table.sahel.near("Djibo", km=60, country="BF")
    assert ids(near) == ["I005"]
    assert near["km"].iloc[0] < 5
    assert ids(table.sahel.within("Niger")) == ["I006"]
    assert "I005" in ids(table.sahel.within("Liptako-Gourma"))
    assert ids(table.sahel.between("2025-05-18", "2025-05-18")) == ["I005", "I008"]
    for wrong in (lambda: table.sahel.near("Xyzzy Qqq"), lambda: table.sahel.within("Atlantis")):
        with pytest.raises(InputError):
            wrong()


def test_actors_tolls_and_dossier() -> None:
    table = sample()
    actors = table.sahel.actors()
    assert actors.index[0] == "JNIM"
    assert actors.loc["JNIM", "incidents"] == 10
    assert list(table.sahel.tolls()["low"]) == [30, 0]
    table["mentions"] = [[{**m, "mention_id": "m", "date_from": None} for m in rows] for rows in table["mentions"]]
    table["tolls"] = [[{**t, "mention_id": "m"} for t in rows] for rows in table["tolls"]]
    table.loc[0, "notes"] = "<script>alert(1)</script>"
    dossier = table.sahel.dossier("I001")
    assert "more than 30" not in dossier
    assert "two security sources" in dossier
    assert "<script>" not in dossier._repr_html_()
    with pytest.raises(InputError, match="no incident 'nope'"):
        table.sahel.dossier("nope")


def test_explore_is_a_map_of_the_height_asked_for() -> None:
    map_ = sample().sahel.explore(height=300)
    assert type(map_).__name__ == "IncidentMap"
    assert map_.get_root().height == "300px"


def test_silence_is_counted_apart_from_deaths() -> None:
    month = sample().sahel.timeline().loc["2025-05"]
    assert (month["incidents"], month["no_toll"], month["low"]) == (6, 2, 293)
    assert sample().sahel.by_region("admin1")["no_toll"].sum() == 3


@pytest.mark.parametrize(
    "question",
    [
        lambda t: t.sahel.between("June", "July"), lambda t: t.sahel.between("2025-06-02", "2025-06-01"),
        lambda t: t.sahel.by_region(date="now"), lambda t: t.sahel.by_region("admin3"), lambda t: t.sahel.near("Djibo", km=0),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_in_words(question) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(InputError):
        question(sample())


@pytest.mark.parametrize("ending", [".geojson", ".csv", ".parquet"])
def test_a_table_from_any_file_answers_everything(ending: str, tmp_path: Path, checkout: Path) -> None:
    table = build(checkout / "examples" / "reports")
    export(table, tmp_path / f"incidents{ending}")
    write_tolls_csv(table, tmp_path / "tolls.csv")
    write_mentions_csv(table, tmp_path / "mentions.csv")
    back = (
        gpd.read_parquet(tmp_path / "incidents.parquet")
        if ending == ".parquet"
        else read(tmp_path / f"incidents{ending}")
    )
    assert len(back.sahel.tolls()) == len(table.sahel.tolls())
    dossier = back.sahel.dossier("NE-banibangou-20250619")
    assert "hospital source in Niamey" in dossier
    assert "they disagree on:\n  - toll" in dossier
    assert len(back.sahel.near("Banibangou", km=30, country="NE")) == 1
    assert type(back.sahel.explore()).__name__ == "IncidentMap"
    assert back.sahel.timeline("week")["incidents"].sum() == len(table)
    assert any("41 soldiers killed" in str(block) for block in back.sahel.brief(since="2025-06-19").blocks)


def test_an_empty_table_answers_with_nothing() -> None:
    none = sample().iloc[:0]
    for found in (
        none.sahel.timeline(),
        none.sahel.by_region(),
        none.sahel.tolls(),
        none.sahel.actors(),
        none.sahel.within("Mali"),
    ):
        assert found.empty
