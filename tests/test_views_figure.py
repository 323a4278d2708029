"""Static figures and charts: written whole, in three formats, from any table."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pytest
from shapely.geometry import GeometryCollection, LineString, MultiPoint, Point

from sahel_map.cli import main
from sahel_map.errors import InputError, OutputError
from sahel_map.views.charts import counts, draw_chart
from tests.incident_tables import many, sample

pytest.importorskip("matplotlib", reason="figures need the extra 'figure'")
from sahel_map.views.figure import draw_map

SIGNS = {"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF"}


@pytest.mark.parametrize("ending", sorted(SIGNS))
def test_a_map_is_drawn_in_each_format(tmp_path: Path, ending: str) -> None:
    path = draw_map(sample(), tmp_path / f"map.{ending}", title="Week 22: $100 <b>", language="fr")
    assert path.read_bytes().startswith(SIGNS[ending])
    assert [file.name for file in tmp_path.iterdir()] == [f"map.{ending}"]


def test_a_table_without_incidents_is_drawn_too(tmp_path: Path) -> None:
    assert draw_map(sample().iloc[:0], tmp_path / "map.png").stat().st_size > 10_000


def test_every_kind_of_geometry_is_drawn(tmp_path: Path) -> None:
    table = sample()
    mixed = GeometryCollection([Point(1, 15), LineString([(0, 14), (1, 15)]), Point(0, 15).buffer(0.5)])
    table.loc[[0, 1, 2], "geometry"] = gpd.GeoSeries([mixed, MultiPoint([(0, 14), (1, 15)]), Point()], crs="EPSG:4326")
    assert draw_map(table, tmp_path / "map.png").stat().st_size > 10_000


def test_another_ending_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"map\.gif.*png, \.svg or \.pdf"):
        draw_map(sample(), tmp_path / "map.gif")


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="nowhere"):
        draw_map(sample(), tmp_path / "nowhere" / "map.png")


def test_counts_leave_background_out_and_count_an_incident_once_an_actor() -> None:
    table = sample()
    assert counts(table, "month")["incidents"].to_dict() == {"2025-05": 6, "2025-06": 2}
    assert counts(table, "region").loc["Mopti", "killed_at_least"] == 70
    same = gpd.GeoDataFrame(table.assign(actor2="JNIM"), geometry="geometry", crs="EPSG:4326")
    assert counts(same, "actor")["incidents"].to_dict() == {"JNIM": 9}


@pytest.mark.parametrize("by", ["month", "region", "actor"])
def test_charts_are_drawn(tmp_path: Path, by: str) -> None:
    assert draw_chart(many(500), tmp_path / "chart.svg", by=by).read_bytes().startswith(b"<?xml")


def test_the_command_draws_from_a_saved_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from sahel_map.exports.geojson import write_geojson

    write_geojson(sample(), tmp_path / "incidents.geojson")
    assert main(["figure", str(tmp_path / "incidents.geojson"), "--out", str(tmp_path / "week.pdf")]) == 0
    assert (tmp_path / "week.pdf").read_bytes().startswith(b"%PDF")
    assert (
        main(["figure", str(tmp_path / "incidents.geojson"), "--out", str(tmp_path / "months.png"), "--chart", "month"])
        == 0
    )
    assert main(["figure", str(tmp_path / "none.geojson")]) == 1
    assert "none.geojson" in capsys.readouterr().err
