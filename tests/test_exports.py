"""Every export read back by GDAL, GeoPandas or the format's own library: nothing lost but what docs/formats.md lists."""

from __future__ import annotations

import csv
import datetime as dt
import json
import resource
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import shapely
from click.testing import CliRunner

from sahel_map.cli import cli
from sahel_map.errors import InputError, OutputError
from sahel_map.exports import FORMATS, export, qgis
from sahel_map.exports.filters import filtered
from sahel_map.exports.gis import SHAPEFILE_NAMES
from sahel_map.incidents import EXTRA_COLUMNS, INCIDENT_COLUMNS, NESTED_COLUMNS, read, to_table
from sahel_map.pipeline import run
from tests.coded_files import acled, ged, write_acled, write_ged
from tests.incident_tables import sample

HOSTILE = '=cmd|"/c calc"!A0 <script>alert(1)</script> & "quoted"; «é» 日本'
SCALARS = [c for c in (*INCIDENT_COLUMNS, *EXTRA_COLUMNS) if c not in NESTED_COLUMNS]


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> gpd.GeoDataFrame:
    """Built from made-up coded events of all precisions, with hostile text: points, polygons, and no geometry."""
    folder = tmp_path_factory.mktemp("built")
    rows = [
        ged(
            n,
            where_prec=n % 7 + 1,
            source_headline=HOSTILE,
            date_start=f"2024-06-{n:02d}",
            date_end=f"2024-06-{n + n % 4:02d}",
        )
        for n in range(1, 15)
    ]
    rows[3]["side_b"] = HOSTILE
    write_ged(folder / "g.csv", *rows)
    write_acled(
        folder / "a.csv", acled(1, event_type="Protests", sub_event_type="Peaceful protest", notes=HOSTILE), acled(2)
    )
    return run([folder / "g.csv", folder / "a.csv"]).incidents


def cells(frame: pd.DataFrame, column: str) -> list[Any]:
    """A column's values with missing ones and empty text alike None, days as text, and numbers as floats."""

    def one(value: Any) -> Any:
        if value is None or value is pd.NA or value is pd.NaT or value == "" or value != value:
            return None
        if isinstance(value, pd.Timestamp | dt.date):
            return value.isoformat()[:10]
        if isinstance(value, str):
            return value
        return float(value)

    return [one(v) for v in frame[column].astype(object)]


def assert_same(got: pd.DataFrame, wanted: pd.DataFrame, columns: list[str] | None = None) -> None:
    got, wanted = (t.sort_values("incident_id").reset_index(drop=True) for t in (got, wanted))
    for column in columns or SCALARS:
        assert cells(got, column) == cells(wanted, column), column


def assert_same_shapes(got: gpd.GeoDataFrame, wanted: gpd.GeoDataFrame, within: float = 0.0) -> None:
    got, wanted = (t.sort_values("incident_id").reset_index(drop=True) for t in (got, wanted))
    assert list(got.geometry.isna()) == list(wanted.geometry.isna())
    one, other = got.geometry.dropna(), wanted.geometry.dropna()
    assert [t.removeprefix("Multi") for t in one.geom_type] == [t.removeprefix("Multi") for t in other.geom_type]
    assert (shapely.hausdorff_distance(one.normalize().to_numpy(), other.normalize().to_numpy()) <= within).all()
    assert got.crs.to_epsg() == 4326


def test_the_table_to_be_exported_has_every_kind_of_row(table: gpd.GeoDataFrame) -> None:
    assert set(table["kind"]) == {"place", "near", "unit", "country"}


# --- a format each ------------------------------------------------------------------------------------------------


def test_geojson_reads_back_whole_and_gdal_reads_it(table: gpd.GeoDataFrame, tmp_path: Path) -> None:
    path = export(table, tmp_path / "t.geojson")
    back = read(path)
    assert_same(back, table)
    assert_same_shapes(back, table, 1e-5)
    for column in NESTED_COLUMNS:
        assert list(back.sort_values("incident_id")[column]) == list(table.sort_values("incident_id")[column])
    assert len(pyogrio.read_dataframe(path)) == len(table)
    assert "crs" not in json.loads(path.read_text())


@pytest.mark.parametrize("ending", [".geojsonl", ".geojsons"])
def test_geojson_sequences_are_read_by_gdal(table: gpd.GeoDataFrame, tmp_path: Path, ending: str) -> None:
    path = export(table, tmp_path / f"t{ending}")
    back = gpd.read_file(path, driver="GeoJSONSeq")
    assert_same(back, table)
    assert_same_shapes(back, table, 1e-5)
    assert path.read_bytes().startswith(b"\x1e" if ending == ".geojsons" else b"{")


def test_geopackage_keeps_geometry_ledger_and_styles(table: gpd.GeoDataFrame, tmp_path: Path) -> None:
    path = export(table, tmp_path / "t.gpkg")
    layers = {str(name) for name, _ in pyogrio.list_layers(path)}
    assert {"incidents_points", "incidents_areas", "mentions", "tolls", "reports"} <= layers
    parts = [pyogrio.read_dataframe(path, layer=name) for name in sorted(layers) if name.startswith("incidents")]
    back = gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), crs=4326)
    assert_same(back, table)
    assert_same_shapes(back, table)
    tolls = pyogrio.read_dataframe(path, layer="tolls", read_geometry=False)
    assert sorted(tolls["toll_id"]) == sorted(t["toll_id"] for rows in table["tolls"] for t in rows)
    assert len(pyogrio.read_dataframe(path, layer="mentions", read_geometry=False)) == sum(map(len, table["mentions"]))
    with closing(sqlite3.connect(path)) as base:
        assert base.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        styles = dict(base.execute("SELECT f_table_name, styleQML FROM layer_styles WHERE useAsDefault"))
    assert set(styles) == {name for name in layers if name.startswith("incidents")}
    for style in styles.values():
        root = ElementTree.fromstring(style.split(">", 1)[1])
        assert {c.get("value") for c in root.iter("category")} == set(qgis.SYMBOLS)


def test_qgis_styles_have_the_maps_shapes_and_colours() -> None:
    from sahel_map.views.style import OTHER_SYMBOL, SYMBOLS

    assert {s.event_type: (s.shape, s.colour) for s in (*SYMBOLS, OTHER_SYMBOL)} == qgis.SYMBOLS


def test_stretches_get_a_layer_of_their_own(tmp_path: Path) -> None:
    path = export(sample(), tmp_path / "s.gpkg")
    assert len(pyogrio.read_dataframe(path, layer="incidents_stretches")) == 1
    assert len(pyogrio.read_dataframe(path, layer="incidents_points")) == 8  # with the two that have no geometry


def test_geoparquet_keeps_everything_nested(table: gpd.GeoDataFrame, tmp_path: Path) -> None:
    path = export(table, tmp_path / "t.parquet")
    back = gpd.read_parquet(path)
    assert_same(back, table)
    assert_same_shapes(back, table)
    assert [len(t) for t in back["tolls"]] == [len(t) for t in table["tolls"]]
    assert back["tolls"].iloc[0][0] == table["tolls"].iloc[0][0]
    import pyarrow.parquet

    meta = json.loads(pyarrow.parquet.read_metadata(path).metadata[b"geo"])
    assert meta["version"] == "1.1.0"
    assert "covering" in meta["columns"]["geometry"]


@pytest.mark.parametrize("drawn", [True, False])
def test_flatgeobuf_keeps_all_columns_with_the_ledger_as_json(
    table: gpd.GeoDataFrame, tmp_path: Path, drawn: bool
) -> None:
    wanted = table[table.geometry.notna()] if drawn else table
    back = pyogrio.read_dataframe(export(wanted, tmp_path / "t.fgb"))
    assert_same(back, wanted)
    assert_same_shapes(back, wanted)
    first = wanted.sort_values("incident_id").iloc[0]
    assert json.loads(back.sort_values("incident_id").iloc[0]["tolls"]) == first["tolls"]


@pytest.mark.parametrize("ending", [".kml", ".kmz"])
def test_kml_has_time_styles_and_every_cell(table: gpd.GeoDataFrame, tmp_path: Path, ending: str) -> None:
    path = export(table, tmp_path / f"t{ending}")
    text = zipfile.ZipFile(path).read("doc.kml") if ending == ".kmz" else path.read_bytes()
    space = {"k": "http://www.opengis.net/kml/2.2"}
    marks = ElementTree.fromstring(text).findall(".//k:Placemark", space)
    assert len(marks) == len(table)
    styles = {s.get("id") for s in ElementTree.fromstring(text).iter("{http://www.opengis.net/kml/2.2}Style")}
    found = []
    for mark in marks:
        assert mark.findtext("k:styleUrl", "", space).removeprefix("#") in styles
        assert len(mark.findtext(".//k:begin", "", space)) == 10
        found.append({d.get("name"): d.findtext("k:value", "", space) for d in mark.iterfind(".//k:Data", space)})
    back = pd.DataFrame(found).reindex(columns=SCALARS)
    assert_same(
        back, table, ["incident_id", "date_from", "actor2", "location", "country", "notes", "resolution_reason"]
    )
    assert sorted(map(float, back["fatalities_best"])) == sorted(map(float, table["fatalities_best"]))
    layers = [str(name) for name, _ in pyogrio.list_layers(path)]
    shapes = pd.concat([pyogrio.read_dataframe(path, layer=name) for name in layers])
    assert int(shapes.geometry.notna().sum()) == int(table.geometry.notna().sum())


def test_csv_reads_back_but_for_polygons_and_formulas_are_dead(table: gpd.GeoDataFrame, tmp_path: Path) -> None:
    path = export(table, tmp_path / "t.csv")
    back = read(path)
    for side in ("actor1", "actor2"):
        back[side] = back[side].str.removeprefix("'")
    assert_same(back, table)
    with path.open(newline="", encoding="utf-8") as file:
        assert not [c for row in csv.reader(file) for c in row if c.startswith(("=", "+", "@"))]


def test_hxl_rows_are_tags_of_the_field(table: gpd.GeoDataFrame, tmp_path: Path) -> None:
    path = export(table, tmp_path / "t.csv", hxl=True)
    with path.open(newline="", encoding="utf-8") as file:
        header, tags, *rows = csv.reader(file)
    told = dict(zip(header, tags, strict=True))
    assert (told["latitude"], told["adm1_pcode"], told["fatalities_best"]) == (
        "#geo+lat",
        "#adm1+code",
        "#affected+killed",
    )
    assert len(rows) == len(table)
    with pytest.raises(InputError, match="HXL"):
        export(table, tmp_path / "t.gpkg", hxl=True)


def test_xlsx_has_the_ledger_and_no_formula(table: gpd.GeoDataFrame, tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.load_workbook(export(table, tmp_path / "t.xlsx", hxl=True))
    assert book.sheetnames == ["incidents", "mentions", "tolls", "reports"]
    assert {c.data_type for sheet in book for row in sheet.iter_rows() for c in row} <= {"s", "inlineStr", "n", "b"}
    lines = list(book["incidents"].iter_rows(values_only=True))
    assert "#geo+lat" in lines[1]
    assert_same(pd.DataFrame(lines[2:], columns=lines[0]), table)
    assert any(row[17] == HOSTILE or HOSTILE in row for row in book["mentions"].iter_rows(values_only=True))


def test_shapefiles_keep_geometry_and_what_fits_their_cells(table: gpd.GeoDataFrame, tmp_path: Path) -> None:
    path = export(table, tmp_path / "t.shp.zip")
    parts = [gpd.read_file(f"/vsizip/{path}/incidents_{name}.shp") for name in ("points", "areas")]
    back = gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), crs=4326).rename(
        columns={v: k for k, v in SHAPEFILE_NAMES.items()}
    )
    assert_same(back, table, list(SHAPEFILE_NAMES))
    assert_same_shapes(back, table, 1e-9)
    assert all(len(name) <= 10 for name in SHAPEFILE_NAMES.values())
    assert len(set(SHAPEFILE_NAMES.values())) == len(SHAPEFILE_NAMES)


def test_what_goes_out_as_ucdp_or_acled_comes_back_in(table: gpd.GeoDataFrame, tmp_path: Path) -> None:
    drawn = table[(table["kind"] != "country") & (table["event_type"] == "Battles")]
    kept = [
        "event_date",
        "date_from",
        "date_to",
        "time_precision",
        "country",
        "latitude",
        "longitude",
        "fatalities_low",
    ]
    for ending, codes in (
        (".ucdp.csv", ["where_prec", "fatalities_best", "fatalities_high"]),
        (".acled.csv", ["geo_precision"]),
    ):
        made = run([export(drawn, tmp_path / f"t{ending}")])
        assert not made.rejects
        assert len(made.incidents) == len(drawn)
        columns = kept + codes if ending == ".ucdp.csv" else ["event_date", "time_precision", *kept[4:], *codes]
        assert [cells(made.incidents.sort_values(["latitude", "event_date"]), c) for c in columns] == [
            cells(drawn.sort_values(["latitude", "event_date"]), c) for c in columns
        ]


@pytest.mark.parametrize("ending", FORMATS)
def test_an_empty_table_and_the_views_table_can_be_written_in_every_format(tmp_path: Path, ending: str) -> None:
    assert export(to_table([]), tmp_path / f"empty{ending}").stat().st_size > 0 or ending.startswith(".geojson")
    assert export(sample(), tmp_path / f"sample{ending}").stat().st_size > 0


@pytest.mark.parametrize("ending", FORMATS)
def test_a_real_half_of_ged_goes_out_whole_in_every_format(shared: Path, tmp_path: Path, ending: str) -> None:
    made = run([shared / "data" / "ucdp" / "ged_events_dev.csv"])
    path = export(made.incidents, tmp_path / f"ged{ending}")
    if ending in (".geojson", ".geojsonl", ".geojsons", ".fgb"):
        assert_same(pyogrio.read_dataframe(path), made.incidents)
    elif ending in (".parquet", ".geoparquet"):
        assert_same(gpd.read_parquet(path), made.incidents)
    elif ending == ".gpkg":
        assert len(pyogrio.read_dataframe(path, layer="mentions", read_geometry=False)) == 1984
    elif ending.endswith(".csv"):
        with path.open(newline="", encoding="utf-8") as file:
            assert len(list(csv.DictReader(file))) == 1984


# --- filters ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "ids"),
    [
        ({"country": ("Niger",)}, {"I006", "I008"}),
        ({"country": ("BF", "NER")}, {"I005", "I006", "I008"}),
        ({"since": dt.date(2025, 6, 1)}, {"I001", "I002"}),
        ({"until": dt.date(2025, 5, 15)}, {"I005", "I010"}),
        ({"since": dt.date(2025, 5, 18), "until": dt.date(2025, 5, 18)}, {"I005", "I008"}),  # a window overlaps
        ({"event_type": ("riots",)}, {"I009"}),
        ({"event_type": ("Suicide bomb",)}, {"I002"}),
        ({"actor": "burkina"}, {"I005"}),
        ({"bbox": (-2.0, 14.0, -1.0, 16.0)}, {"I001", "I005"}),
        ({"background": True}, {"I010"}),
        ({"where": "fatalities_low >= 50 AND country = 'NE'"}, {"I006"}),
        ({"where": "latitude IS NULL"}, {"I008", "I009"}),
    ],
)
def test_filters_keep_what_fits(options: dict[str, Any], ids: set[str]) -> None:
    assert set(filtered(sample(), **options)["incident_id"]) == ids


@pytest.mark.parametrize(
    "options",
    [
        {"where": "nosuch > 1"}, {"where": "1); DROP TABLE incidents; --"}, {"where": "fatalities_low >"},
        {"where": "load_extension('x')"}, {"where": "readfile('/etc/hostname') = ''"}, {"bbox": (4.0, 1.0, -4.0, 2.0)}, {"country": ("Atlantis",)},
    ],
)  # fmt: skip
def test_filters_that_make_no_sense_or_want_more_than_to_read_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        filtered(sample(), **options)


# --- the command, and a disk that refuses ---------------------------------------------------------------------------


def test_the_command_exports_a_build_folder_filtered(tmp_path: Path) -> None:
    export(sample(), tmp_path / "incidents.geojson")
    done = CliRunner().invoke(
        cli, ["export", str(tmp_path), "--to", str(tmp_path / "out.gpkg"), "--country", "Niger"], catch_exceptions=False
    )
    assert done.exit_code == 0
    assert "2 of 10 incidents" in done.stderr
    assert len(pyogrio.read_dataframe(tmp_path / "out.gpkg", layer="incidents_areas")) == 1


def test_the_ledger_can_stay_at_home(table: gpd.GeoDataFrame, tmp_path: Path) -> None:
    for ending in (".geojsonl", ".fgb", ".gpkg", ".parquet", ".xlsx"):
        whole, bare = (export(table, tmp_path / f"{ledger}{ending}", ledger=ledger) for ledger in (True, False))
        assert Path(bare).stat().st_size < Path(whole).stat().st_size
    back = pyogrio.read_dataframe(tmp_path / "False.fgb")
    assert_same(back, table)
    assert not {"mentions", "tolls", "reports"} & set(back.columns)


def test_a_csv_takes_the_ledger_beside_it_along(tmp_path: Path) -> None:
    from sahel_map.exports.tables import write_mentions_csv, write_tolls_csv

    table = sample()
    table["tolls"] = [
        [{**t, "incident_id": i} for t in rows] for i, rows in zip(table["incident_id"], table["tolls"], strict=True)
    ]
    export(table, tmp_path / "incidents.csv")
    write_tolls_csv(table, tmp_path / "tolls.csv")
    write_mentions_csv(table, tmp_path / "mentions.csv")
    export(read(tmp_path / "incidents.csv"), tmp_path / "out.gpkg")
    tolls = pyogrio.read_dataframe(tmp_path / "out.gpkg", layer="tolls", read_geometry=False)
    assert sorted(tolls["speaker"]) == ["army staff", "two security sources"]


def test_an_unknown_ending_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"\.gpkg"):
        export(sample(), tmp_path / "map.docx")


@pytest.mark.parametrize("ending", [".gpkg", ".fgb", ".parquet", ".shp.zip", ".geojsonl", ".kml", ".xlsx", ".csv"])
def test_a_folder_that_cannot_be_written_is_named_and_the_old_file_stays(tmp_path: Path, ending: str) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(OutputError, match="cannot write into"):
        export(sample(), tmp_path / "file" / f"out{ending}")
    path = tmp_path / f"out{ending}"
    path.write_bytes(b"old")
    export(sample(), path)
    assert path.read_bytes() != b"old"
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted(["file", path.name])


@pytest.mark.parametrize("ending", [".gpkg", ".fgb"])
@pytest.mark.parametrize("room", [0.0, 0.5, 1.0])
def test_a_disk_that_gdal_finds_full_is_an_error_and_the_old_file_stays(
    tmp_path: Path, ending: str, room: float
) -> None:
    path = tmp_path / f"out{ending}"
    export(sample(), path)
    old = path.read_bytes()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (int((len(old) - 1) * room), hard))  # one byte short of whole, and less
    try:
        with pytest.raises(OutputError, match=r"cannot write .*is there space left"):
            export(sample(), path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert [p.name for p in tmp_path.iterdir()] == [path.name]
    assert path.read_bytes() == old


def test_a_set_of_files_is_replaced_together_or_not_at_all(tmp_path: Path) -> None:
    from sahel_map.exports.files import replacing_set

    (tmp_path / "a.csv").write_text("old")

    def killed_half_way() -> None:
        with replacing_set(tmp_path) as staging:
            (staging / "a.csv").write_text("new")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        killed_half_way()

    def refused_half_way() -> None:
        with replacing_set(tmp_path) as staging:
            (staging / "b").write_text("no folder")
            export(sample(), staging / "b" / "c.csv")

    with pytest.raises(OutputError) as said:
        refused_half_way()
    assert ".sahel-map-" not in str(said.value)
    assert [(f.name, f.read_text()) for f in tmp_path.iterdir()] == [("a.csv", "old")]

    with replacing_set(tmp_path) as staging:
        (staging / "a.csv").write_text("new")
        (staging / "b.csv").write_text("new")
    assert sorted((f.name, f.read_text()) for f in tmp_path.iterdir()) == [("a.csv", "new"), ("b.csv", "new")]
