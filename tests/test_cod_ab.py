"""Polygons of OCHA's boundaries replace the shipped ones for the units they draw, on the days those exist."""

import datetime as dt
import io
import json
import zipfile

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely.affinity import translate

import sahel_map.accessor  # noqa: F401
from sahel_map.boundaries import Boundaries
from sahel_map.cli import main
from sahel_map.errors import GazetteerError
from sahel_map.gazetteer import Gazetteer
from sahel_map.gazetteer_sources import cod_ab
from sahel_map.gazetteer_sources.collect import build, collect
from sahel_map.model import LonLat
from sahel_map.resolution import Resolver, default_resolver
from tests.incident_tables import row

SHIPPED = Boundaries.shipped()
BEFORE, SINCE = dt.date(2024, 6, 1), dt.date(2025, 9, 1)
EAST = 0.1  # degrees the made-up borders lie farther east than the shipped ones


def shifted(country, level, day, **more):
    """The units of a day as a COD-AB table, every polygon moved east."""
    units = [u for u in SHIPPED.units(level, country, day) if u.pcode and SHIPPED.geometry(u.unit_id) is not None]
    columns = {f"ADM{level}_PCODE": [u.pcode for u in units], f"ADM{level}_FR": [u.name for u in units], **more}
    shapes = [translate(SHIPPED.geometry(u.unit_id), EAST) for u in units]
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=4326)


def feature(pcode, name, ring, *, level=2):
    properties = {f"ADM{level}_PCODE": pcode, f"ADM{level}_FR": name}
    geometry = {"type": "Polygon", "coordinates": [ring]} if ring else None
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def box(west, south, east, north):
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def written(path, *features):
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


KONNA = feature("ML0505", "Konna", box(-4.1, 14.8, -3.7, 15.1))
MOPTI = feature("ML0501", "Mopti", box(-4.4, 14.3, -4.0, 14.7))


def made(tmp_path, folder):
    target = tmp_path / "made.sqlite"
    harvest = collect(folder)
    build(target, harvest)
    return Gazetteer.open(target), harvest


def near_border(unit_id, east):
    """A point that only the line moved east puts into the unit: just east of its shipped eastern border."""
    shape = SHIPPED.geometry(unit_id)
    y = shape.representative_point().y
    _, _, x, _ = shape.intersection(shapely.box(-20, y - 1e-4, 30, y + 1e-4)).bounds
    return LonLat(x + east, y)


def test_polygons_of_the_division_of_today_decide_today_and_leave_the_past_alone(tmp_path):
    shifted("BF", 2, SINCE, validOn=["2025-08-01"] * 47).to_file(tmp_path / "bf.geojson", driver="GeoJSON")
    gazetteer, harvest = made(tmp_path, tmp_path / "bf.geojson")
    (reading,) = harvest.readings
    assert (reading.day, [(d.country, d.since, len(d.polygons)) for d in reading.divisions]) == (
        "2025-08-01", [("BF", dt.date(2025, 7, 2), 47)])  # fmt: skip
    assert reading.faults == []
    here = near_border("BF2-bam-2025", EAST / 2)
    own, shipped = gazetteer.boundaries.at(here, SINCE), SHIPPED.at(here, SINCE)
    assert shipped.admin2.name != "Bam"
    assert (own.admin2.name, own.admin2_today.name, own.admin1.name) == ("Bam", "Bam", "Kuilsé")
    assert gazetteer.boundaries.at(here, BEFORE).admin2 == SHIPPED.at(here, BEFORE).admin2
    assert Resolver(gazetteer).boundaries.at(here) == own


def test_polygons_of_an_older_division_are_never_given_to_the_units_of_today(tmp_path):
    shifted("BF", 1, BEFORE).to_file(tmp_path / "regions.gpkg", driver="GPKG", layer="admin1")
    shifted("BF", 2, BEFORE).to_file(tmp_path / "regions.gpkg", driver="GPKG", layer="admin2")
    gazetteer, harvest = made(tmp_path, tmp_path / "regions.gpkg")
    assert [(d.since, len(d.polygons)) for d in harvest.readings[0].divisions] == [(dt.date.min, 13 + 45)]
    here = near_border("BF2-soum", EAST / 2)
    own = gazetteer.boundaries.at(here, BEFORE)
    assert (own.admin2.name, own.admin1.name) == ("Soum", "Sahel")
    assert SHIPPED.at(here, BEFORE).admin2.name != "Soum"
    assert own.admin2_today == SHIPPED.at(here).admin2_today
    assert own.admin1_today == SHIPPED.at(here).admin1_today


def test_a_p_code_used_again_goes_to_the_unit_of_the_name(tmp_path):
    old = [
        feature("ML0505", "Djenné", box(-4.9, 13.7, -4.3, 14.2)),
        feature("ML0507", "Koro", box(-3.4, 13.7, -2.8, 14.3)),
    ]
    (now,) = collect(written(tmp_path / "now.json", KONNA, MOPTI)).readings
    (then,) = collect(written(tmp_path / "then.json", *old)).readings
    assert set(now.divisions[0].polygons) == {"ML2-konna-2023", "ML2-mopti-2023"}
    assert set(then.divisions[0].polygons) == {"ML2-djenne", "ML2-koro"}
    (mixed,) = collect(
        written(tmp_path / "mixed.json", KONNA, MOPTI, feature("ML0502", "Bandiagara", box(-4, 14, -3.5, 14.5)))
    ).readings
    assert set(mixed.divisions[0].polygons) == {"ML2-konna-2023", "ML2-mopti-2023"}
    assert "this P-code is Djenné" in mixed.faults[0]


def test_files_of_two_divisions_stand_side_by_side(tmp_path):
    files = tmp_path / "files"
    files.mkdir()
    shifted("BF", 2, BEFORE).to_file(files / "a.geojson", driver="GeoJSON")
    shifted("BF", 2, SINCE).to_file(files / "b.geojson", driver="GeoJSON")
    gazetteer, _ = made(tmp_path, files)
    here = near_border("BF2-bam", EAST / 2)
    assert gazetteer.boundaries.at(here, BEFORE).admin2.unit_id == "BF2-bam"
    assert gazetteer.boundaries.at(here, SINCE).admin2.unit_id == "BF2-bam-2025"


def test_no_ground_is_lost_and_one_point_has_one_answer(tmp_path):
    shifted("BF", 2, SINCE).iloc[5:].to_file(tmp_path / "bf.geojson", driver="GeoJSON")  # some units are missing
    own = made(tmp_path, tmp_path / "bf.geojson")[0].boundaries
    draw = np.random.default_rng(1)
    lons, lats = draw.uniform(-6, 3, 3000), draw.uniform(9, 16, 3000)
    corners = shapely.get_coordinates(own.geometry("BF2-bam-2025"))[:40]
    lons, lats = np.append(lons, corners[:, 0]), np.append(lats, corners[:, 1])  # points right on a border
    table = own.at_many(lons, lats)
    shipped = SHIPPED.at_many(lons, lats)
    assert (table["country"].astype(str) == shipped["country"].astype(str)).all()
    assert ((table["adm2_pcode"] == "") == (shipped["adm2_pcode"] == "")).all()
    for lon, lat, pcode in list(zip(lons, lats, table["adm2_pcode"], strict=True))[::25]:
        unit = own.at(LonLat(lon, lat)).admin2
        assert pcode == (unit.pcode if unit else "")
    for unit in own.units(2, "BF", SINCE):
        inside = own.geometry(unit.unit_id).representative_point()
        assert own.at(LonLat(inside.x, inside.y), SINCE).admin2 == unit


def test_a_crs_in_metres_is_brought_to_degrees(tmp_path):
    shifted("BF", 1, SINCE).to_crs(32630).to_file(tmp_path / "bf.gpkg", driver="GPKG")
    (reading,) = collect(tmp_path / "bf.gpkg").readings
    west, south, east, north = shapely.total_bounds(list(reading.divisions[0].polygons.values()))
    assert -6 < west < east < 3
    assert 9 < south < north < 16


@pytest.mark.parametrize("kind", ["shapefile", "geojson"])
def test_zipped_layers_are_read(tmp_path, kind):
    files = tmp_path / "files"
    files.mkdir()
    if kind == "shapefile":
        shifted("BF", 1, SINCE, validOn=["2025-08-01"] * 17).to_file(files / "bfa_admbnda_adm1.shp")
    else:
        shifted("BF", 1, SINCE, validOn=["2025-08-01"] * 17).to_file(
            files / "bfa_admbnda_adm1.geojson", driver="GeoJSON"
        )
    packed = tmp_path / "download.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for file in files.iterdir():
            archive.write(file, f"bfa/{file.name}")
    (reading,) = collect(packed).readings
    assert (reading.source, len(reading.places), reading.day) == ("cod-ab", 17, "2025-08-01")
    assert len(reading.divisions[0].polygons) == 17


@pytest.mark.parametrize(
    ("bad", "told"),
    [
        (feature("ML9999", "Nulleterre", box(-4, 14, -3, 15)), "ML9999 Nulleterre: no such P-code"),
        (feature("XX01", "Nulleterre", box(-4, 14, -3, 15)), "XX is no country"),
        (feature("ML0506", "Korientzé", None), "row 3: no polygon"),
        (feature("ML0506", "Korientzé", box(700000, 1600000, 710000, 1610000)), "not on Earth"),
        (feature("ML0506", "Korientzé", box(14.8, -4.1, 15.1, -3.7)), "are longitude and latitude exchanged"),
        (feature(None, "Korientzé", box(-4, 14, -3, 15)), "no P-code"),
        (feature("ML0506", None, box(-4, 14, -3, 15)), "no name"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_told_and_the_rest_done(tmp_path, bad, told):
    (reading,) = collect(written(tmp_path / "ml.json", KONNA, MOPTI, bad)).readings
    assert [told in fault for fault in reading.faults] == [True]
    assert set(reading.divisions[0].polygons) == {"ML2-konna-2023", "ML2-mopti-2023"}


def test_a_ring_that_crosses_itself_is_put_right(tmp_path):
    crossed = feature("ML0505", "Konna", [[-4.1, 14.8], [-3.7, 15.1], [-3.7, 14.8], [-4.1, 15.1], [-4.1, 14.8]])
    (reading,) = collect(written(tmp_path / "ml.json", crossed, MOPTI)).readings
    shape = reading.divisions[0].polygons["ML2-konna-2023"]
    assert shape.is_valid
    assert shape.area > 0


def test_a_cut_file_or_one_without_p_codes_is_left_with_the_reason(tmp_path):
    files = tmp_path / "files"
    files.mkdir()
    written(files / "good.json", KONNA, MOPTI)
    whole = (files / "good.json").read_bytes()
    (files / "cut.json").write_bytes(whole[: len(whole) // 2])
    plain = gpd.GeoDataFrame({"name": ["Konna"]}, geometry=[shapely.box(-4.1, 14.8, -3.7, 15.1)], crs=4326)
    plain.to_file(files / "plain.gpkg", driver="GPKG")
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("adm1.shp", "<OGRVRTDataSource><OGRVRTLayer name='x'/></OGRVRTDataSource>")
    (files / "forged.zip").write_bytes(data.getvalue())
    harvest = collect(files)
    assert [r.path.name for r in harvest.readings] == ["good.json"]
    left = {path.name: reason for path, reason in harvest.left}
    assert left.keys() == {"cut.json", "plain.gpkg", "forged.zip"}
    assert "damaged" in left["cut.json"]
    assert "P-code" in left["plain.gpkg"]


def test_update_and_info_say_what_was_drawn_and_a_failed_update_leaves_it(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("SAHEL_MAP_GAZETTEER", str(tmp_path / "full.sqlite"))
    source = written(tmp_path / "ml.json", KONNA, MOPTI)
    assert main(["gazetteer", "update", "--from", str(source)]) == 0
    assert "polygons of 2 units of ML (division since 2023-03-13)" in capsys.readouterr().err
    assert main(["gazetteer", "info"]) == 0
    said = capsys.readouterr().out
    assert "polygons of 2 units of ML" in said
    assert "CC BY-IGO" in said
    source.write_text("{")
    assert main(["gazetteer", "update", "--from", str(source)]) != 0
    capsys.readouterr()
    assert main(["reverse", "14.943", "-3.895", "--date", "2025-06-01"]) == 0
    assert "Konna" in capsys.readouterr().out
    (answer,) = (Resolver(Gazetteer.open()).resolve("Konna", country="ML", date=dt.date(2025, 6, 1)),)
    assert answer.adm2_pcode == "ML0505"


def test_nothing_but_damaged_files_is_an_error(tmp_path):
    (tmp_path / "cut.json").write_text(
        '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"ADM2_PCODE":'
    )
    with pytest.raises(GazetteerError, match=r"cut\.json"):
        collect(tmp_path)


def test_the_reader_knows_columns_of_either_spelling(tmp_path):
    properties = {"adm2_name": "Konna", "adm2_pcode": "ML0505", "adm1_pcode": "ML05", "valid_on": "2024-01-31"}
    shape = {"type": "Polygon", "coordinates": [box(-4.1, 14.8, -3.7, 15.1)]}
    path = written(tmp_path / "ml.json", {"type": "Feature", "geometry": shape, "properties": properties})
    assert cod_ab.recognises(path)
    reading = cod_ab.read(path)
    assert (reading.polygons[0].pcode, reading.polygons[0].names, reading.day) == ("ML0505", ("Konna",), "2024-01-31")


@pytest.fixture
def full_gazetteer(tmp_path, monkeypatch):
    """The gazetteer of this machine, made of one boundary file."""
    monkeypatch.setenv("SAHEL_MAP_GAZETTEER", str(tmp_path / "full.sqlite"))
    build(tmp_path / "full.sqlite", collect(written(tmp_path / "ml.json", KONNA, MOPTI)))
    default_resolver.cache_clear()
    yield
    default_resolver.cache_clear()


def test_tables_are_counted_and_cut_by_the_polygons_of_the_local_gazetteer(full_gazetteer):
    table = gpd.GeoDataFrame([row(1, "2025-06-01", "Konna", shapely.Point(-3.9, 14.95), fatalities_low=3)], crs=4326)
    regions = table.sahel.by_region("admin2", date="2025-06-01")
    assert regions.loc[0, ["name", "pcode"]].tolist() == ["Konna", "ML0505"]
    assert regions.geometry[0].equals(shapely.Polygon(KONNA["geometry"]["coordinates"][0]))
    assert len(table.sahel.within("Konna")) == 1
