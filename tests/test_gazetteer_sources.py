"""Readers know their files by content; what they cannot read they say; a bad download harms nothing."""

import http.server
import io
import json
import random
import resource
import threading
import zipfile
from typing import ClassVar

import pytest

from sahel_map.errors import DownloadError, GazetteerError, InputError, OutputError
from sahel_map.gazetteer import Gazetteer
from sahel_map.gazetteer_sources import cod_ab, geonames, openstreetmap, settlements, whosonfirst
from sahel_map.gazetteer_sources.collect import build, collect
from sahel_map.gazetteer_sources.download import Wanted, boundaries_wanted, fetch, wanted
from sahel_map.gazetteer_sources.own_places import OwnPlace, append, from_table
from sahel_map.gazetteer_sources.reading import source_rows
from sahel_map.model import LonLat, Place
from sahel_map.place_merging import mended, merge

# made-up places in the formats of their sources
GEONAMES = (
    "900001\tTiborga\tTiborga\tTiborgha,Tibourga,ⵜⵉⴱ\t14.5\t-1.1\tP\tPPL\tBF\t\t01\t\t\t\t250\t\t300\tAfrica/Ouagadougou\t2020-01-02\n"
    "900002\tMare de Zor\tMare de Zor\t\t14.6\t-1.2\tH\tPND\tBF\t\t01\t\t\t\t0\t\t300\tAfrica/Ouagadougou\t2021-03-04\n"
)
OCHA = "id,longitude,latitude,name,pcode,alt1,admin0Name,class\n1,-1.101,14.501,Tibourgaa,XX1,Tiborgou,Burkina Faso,Admin3 Capital\n"
WHOSONFIRST = (
    "id,country,placetype,name,alternate_names,latitude,longitude,population,last_modified\n"
    "77,BF,locality,Tiborga,Tiborga|提波加,14.502,-1.102,,1695886811\n78,BF,region,Zor,,14,-1,,1695886811\n"
)
OSM = (
    '<?xml version="1.0"?><osm version="0.6"><node id="5" lat="14.7" lon="-1.3" version="1">'
    '<tag k="place" v="village"/><tag k="name" v="Zamsé"/><tag k="name:en" v="Zamse"/><tag k="population" v="1 200"/></node>'
    '<node id="6" lat="14.8" lon="-1.3" version="1"><tag k="shop" v="yes"/></node></osm>'
)
COD = (
    '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"ADM2_FR":"Zorland","ADM2_PCODE":"BF9901",'
    '"ADM1_PCODE":"BF99"},"geometry":{"type":"Polygon","coordinates":[[[0,14],[1,14],[1,15],[0,15],[0,14]]]}}]}'
)


def zipped(name, text):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, text)
    return data.getvalue()


@pytest.fixture
def folder(tmp_path):
    files = tmp_path / "files"
    files.mkdir()
    (files / "a.bin").write_bytes(zipped("XX.txt", GEONAMES))  # names of files say nothing
    (files / "b.dat").write_text(OCHA, encoding="utf-8")
    (files / "c").write_text(WHOSONFIRST, encoding="utf-8")
    (files / "d.osm").write_text(OSM, encoding="utf-8")
    (files / "e.json").write_text(COD, encoding="utf-8")
    return files


@pytest.mark.parametrize(
    ("reader", "name", "count", "first"),
    [
        (geonames, "a.bin", 2, "Tiborga"),
        (settlements, "b.dat", 1, "Tibourgaa"),
        (whosonfirst, "c", 2, "Tiborga"),
        (openstreetmap, "d.osm", 1, "Zamsé"),
        (cod_ab, "e.json", 1, "Zorland"),
    ],
)
def test_each_reader_knows_its_own_format(folder, reader, name, count, first):
    path = folder / name
    assert reader.recognises(path)
    reading = reader.read(path)
    assert reading.places[0].name == first
    assert len(reading.places) == count
    assert reading.faults == []
    # and a more particular reader than the general table takes only its own
    for other in (geonames, whosonfirst, openstreetmap, cod_ab):
        assert other.recognises(path) == (other is reader)


def test_a_folder_becomes_one_gazetteer_that_says_who_knows_what(folder, tmp_path):
    (folder / "events.csv").write_text("name,lat,lon,where_prec\nDjibo,14,-1,1\n", encoding="utf-8")
    (folder / "picture.jpg").write_bytes(b"\xff\xd8\xff\xe0" + bytes(range(256)))
    (folder / "empty.csv").touch()
    harvest = collect(folder)
    assert sorted(r.source for r in harvest.readings) == [
        "cod-ab", "geonames", "ocha-settlements", "openstreetmap", "whosonfirst"]  # fmt: skip
    left = {path.name: reason for path, reason in harvest.left}
    assert "coded events" in left["events.csv"]
    assert left.keys() == {"events.csv", "picture.jpg", "empty.csv"}
    target = tmp_path / "all.sqlite"
    assert build(target, harvest) > 2000
    (place,) = Gazetteer.open(target).lookup("Tiborga")
    assert place.position == LonLat(-1.1, 14.5)  # GeoNames' word before OCHA's and Who's On First's
    assert {s.split(":")[0] for s in place.sources} == {"geonames", "ocha-settlements", "whosonfirst"}
    assert {"Tiborgha", "Tibourgaa", "Tiborgou"} <= set(place.alternate_names)
    assert "ⵜⵉⴱ" not in place.alternate_names
    assert place.adm1_pcode.startswith("BF")  # by polygon


def test_a_gazetteer_that_cannot_be_written_is_said_and_the_old_one_stays(folder, tmp_path):
    harvest, target = collect(folder), tmp_path / "all.sqlite"
    target.write_bytes(b"old")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        with pytest.raises(OutputError, match=r"cannot write .*all\.sqlite.*free some space"):
            build(target, harvest)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    with pytest.raises(OutputError, match="cannot write"):
        build(target / "deeper.sqlite", harvest)
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir() if p.is_file()] == [("all.sqlite", b"old")]


def test_short_lines_and_bad_positions_are_counted_and_the_rest_is_read(tmp_path):
    path = tmp_path / "XX.txt"
    path.write_text(
        GEONAMES + "900003\tShort\n" + GEONAMES.splitlines()[0].replace("14.5", "914.5") + "\n", encoding="utf-8"
    )
    reading = geonames.read(path)
    assert len(reading.places) == 2
    assert [fault.split(":")[0] for fault in reading.faults] == ["line 3", "line 4"]


def test_further_names_are_joined_by_their_number(tmp_path):
    (tmp_path / "XX.txt").write_text(GEONAMES, encoding="utf-8")
    (tmp_path / "names.txt").write_text(
        "1\t900001\tfr\tTiborga-Ville\t1\t\t\t\t\t\n2\t900001\tlink\thttp://x\t\t\t\t\t\t\n", encoding="utf-8"
    )
    build(tmp_path / "g.sqlite", collect(tmp_path))
    (place,) = Gazetteer.open(tmp_path / "g.sqlite").lookup("Tiborga Ville")
    assert place.name == "Tiborga"
    assert not any("http" in name for name in place.alternate_names)


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[: len(data) // 2],
        lambda data: b"PK\x03\x04" + bytes(300),
        lambda data: b"",
        lambda data: b"<html>sorry</html>",
    ],
    ids=["truncated", "forged", "empty", "a web page"],
)
def test_a_damaged_zip_is_left_with_the_reason(tmp_path, damage):
    (tmp_path / "ML.zip").write_bytes(damage(zipped("ML.txt", GEONAMES)))
    with pytest.raises(GazetteerError, match=r"ML\.zip"):
        collect(tmp_path)


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(GazetteerError, match="nowhere"):
        collect(tmp_path / "nowhere")


def at(lon, lat, name, source, *others, code="PPL", country="BF"):
    return Place(
        place_id=source, name=name, position=LonLat(lon, lat), country=country, alternate_names=others,
        feature_code=code, sources=(source,),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("one", "other", "count"),
    [
        (at(0, 14, "Bouro", "a:1"), at(0.01, 14.01, "Bouro", "b:1"), 1),
        (at(0, 14, "Bouro", "a:1"), at(0.01, 14.01, "Bourro", "b:1"), 1),  # sounds the same
        (at(0, 14, "Bouro", "a:1"), at(0.1, 14.1, "Bouro", "b:1"), 2),  # 15 km away
        (at(0, 14, "Bouro", "a:1"), at(0.01, 14.01, "Dori", "b:1"), 2),
        (at(0, 14, "Bouro", "a:1"), at(0.01, 14.01, "Bouro", "b:1", code="HLL"), 2),  # a hill of that name
        (at(0, 14, "Bouro", "a:1"), at(0.01, 14.01, "Bouro", "b:1", country="ML"), 2),  # over the border
        (at(0, 14, "Bouro-Peul", "a:1"), at(0.01, 14.01, "Bouro-Dogon", "a:2"), 2),  # twins of one source
    ],
)
def test_when_two_entries_are_one_place(one, other, count):
    assert len(merge([one, other])) == count


def test_a_merged_place_notes_who_puts_it_elsewhere():
    (place,) = merge([at(0, 14, "Bouro", "a:1"), at(0.03, 14.02, "Bouro", "b:1")])
    assert place.sources == ("a:1", "b:1")
    assert "b:1 puts it 4 km away" in place.note


def test_names_read_in_the_wrong_encoding_are_mended():
    assert mended("InÃ©kar") == "Inékar"
    assert mended("SÃO") == "SÃO"


@pytest.mark.parametrize("row", source_rows(), ids=lambda row: row["source"])
def test_every_source_has_its_address_and_licence(row):
    assert row["url"].startswith("https://")
    assert row["licence"]
    assert row["title"]


def test_own_places_are_added_whole_or_not_at_all(tmp_path):
    path = append([OwnPlace("Camp Zamsé", 14.7, -1.3)], tmp_path / "my_places.csv")
    with pytest.raises(InputError, match="not on Earth"):
        append([OwnPlace("Good", 14.0, -1.0), OwnPlace("Bad", 140.0, 1.0)], path)
    assert path.read_text(encoding="utf-8").splitlines()[1:] == ["Camp Zamsé,14.7,-1.3,,BF,PPL,,"]


def test_own_places_from_a_table(tmp_path):
    table = tmp_path / "mine.csv"
    table.write_text("Name;Lat;Lon;Country\nZamsé;14.7;-1.3;Burkina Faso\nNowhere;x;y;Mali\n", encoding="utf-8")
    places, faults = from_table(table)
    assert [(p.name, p.country) for p in places] == [("Zamsé", "BF")]
    assert len(faults) == 1
    table.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(InputError, match="name, latitude, longitude"):
        from_table(table)


class Server(http.server.BaseHTTPRequestHandler):
    """Serves ``data``; the first ``breaks`` answers stop half way."""

    data = b""
    breaks = 0
    ranges: ClassVar[list] = []

    def do_GET(self):
        start = int((self.headers.get("Range") or "bytes=0-")[6:-1])
        Server.ranges.append(start)
        body = self.data[start:]
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if Server.breaks:
            Server.breaks -= 1
            body = body[: len(body) // 2]
        self.wfile.write(body)

    def log_message(self, *args):
        pass


@pytest.fixture
def server():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server) as running:
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        Server.ranges = []
        yield f"http://127.0.0.1:{running.server_port}/XX.zip"
        running.shutdown()
        thread.join()


@pytest.mark.loopback
def test_a_download_goes_on_where_it_broke_off(server, tmp_path):
    noise = random.Random(3).randbytes(300_000).hex()  # too irregular to be packed small
    Server.data, Server.breaks = zipped("XX.txt", GEONAMES + noise), 2
    path = fetch(Wanted("geonames-XX", "GeoNames XX", server), tmp_path)
    assert path.read_bytes() == Server.data
    assert Server.ranges[0] == 0 < Server.ranges[1] < Server.ranges[2]
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.loopback
@pytest.mark.parametrize("data", [b"<html>blocked</html>", b"PK\x03\x04forged" * 9], ids=["a web page", "forged"])
def test_a_download_that_does_not_check_is_refused_and_the_old_file_kept(server, tmp_path, data):
    old = tmp_path / "geonames-XX.zip"
    old.write_bytes(b"the old one")
    Server.data, Server.breaks = data, 0
    with pytest.raises(DownloadError, match="damaged"):
        fetch(Wanted("geonames-XX", "GeoNames XX", server), tmp_path)
    assert old.read_bytes() == b"the old one"


def test_a_zip_cut_short_is_called_damaged(tmp_path):
    (tmp_path / "good.csv").write_text(OCHA, encoding="utf-8")
    (tmp_path / "cut.zip").write_bytes(zipped("XX.txt", GEONAMES)[:60])
    assert [(path.name, "damaged" in why) for path, why in collect(tmp_path).left] == [("cut.zip", True)]


@pytest.mark.loopback
def test_of_the_boundaries_of_a_catalogue_a_zip_of_geojson_is_wanted(server, monkeypatch):
    rows = [{"source": "cod-ab-ML", "title": "boundaries of Mali", "url": server, "kind": "cod-ab"}]
    monkeypatch.setattr("sahel_map.gazetteer_sources.download.source_rows", lambda: rows)
    kinds = [("XLSX", "names.xlsx"), ("SHP", "shapes.zip"), ("GeoJSON", "one.geojson"), ("GeoJSON", "all.zip")]
    resources = [{"format": kind, "url": f"https://example.org/{name}"} for kind, name in kinds]
    Server.data, Server.breaks = json.dumps({"result": {"resources": resources}}).encode(), 0
    assert [w.url for w in boundaries_wanted(["ML"])] == ["https://example.org/all.zip"]
    assert boundaries_wanted(["NE"]) == []
    Server.data = b"<html>no catalogue</html>"
    assert boundaries_wanted(["ML"]) == []


def test_what_is_wanted_of_a_country():
    assert [w.url.rsplit("/", 2)[-2:] for w in wanted(["DZ"])] == [["dump", "DZ.zip"], ["alternatenames", "DZ.zip"]]
