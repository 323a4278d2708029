"""The page as a file, without a browser: assets, policy, words, packing, writing."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from pathlib import Path

import folium
import pandas as pd
import pytest

import sahel_map
from sahel_map.cli import main
from sahel_map.errors import InputError, OutputError
from sahel_map.views import IncidentLayer, map_incidents, style, write_page
from sahel_map.views.assets import ASSETS, SCRIPTS, VENDOR, own_script, vendored
from sahel_map.views.columns import MISSING, pack
from sahel_map.views.page import page_text
from sahel_map.views.tiles import origin_of
from tests.incident_tables import many, sample


def columns_of(payload_columns: str) -> tuple[dict[str, object], bytes]:
    raw = gzip.decompress(base64.b64decode(payload_columns))
    length = int.from_bytes(raw[:4], "little")
    return json.loads(raw[4 : 4 + length]), raw[4 + length :]


def asked_for(text: str) -> list[str]:
    """Addresses that the markup and the styles of a page ask for."""
    markup = re.sub(r"(?s)<script\b[^>]*>.*?</script>", "", text)
    return re.findall(r"""(?:src|href)=["']?(?:https?:)?//""", markup) + re.findall(r"url\((?!data:|#)", markup)


@pytest.mark.parametrize("file", sorted(vendored()))
def test_vendored_files_are_what_they_were(file: str) -> None:
    entry = vendored()[file]
    assert hashlib.sha256((VENDOR / file).read_bytes()).hexdigest() == entry["sha256"]
    assert entry["licence"] in {"MIT", "BSD-2-Clause"}
    assert f"== {entry['name']}" in (VENDOR / "LICENSES.txt").read_text("utf-8")


def test_every_vendored_file_is_listed_and_every_script_is_used() -> None:
    files = {path.relative_to(VENDOR).as_posix() for path in VENDOR.rglob("*") if path.is_file()}
    assert files - {"VENDORED.csv", "LICENSES.txt"} == set(vendored())
    assert {path.stem for path in (ASSETS / "js").iterdir()} == set(SCRIPTS)


def test_every_word_the_page_says_is_there_in_both_languages() -> None:
    words = style.labels()
    assert set(words["en"]) == set(words["fr"])
    assert all(text for language in words.values() for text in language.values())
    said = set(re.findall(r"SM\.t\('(\w+)'[,)]", own_script()))
    assert said <= set(words["en"])
    for symbol in style.SYMBOLS:
        assert f"event_type:{symbol.event_type}" in words["fr"]
    holes = re.compile(r"\{(\w+)\}")
    assert [
        key for key in words["en"] if sorted(holes.findall(words["en"][key])) != sorted(holes.findall(words["fr"][key]))
    ] == []


def test_our_scripts_know_no_markup_and_no_eval() -> None:
    assert (
        re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|`", own_script())
        == []
    )


def test_our_scripts_are_plain_enough_for_older_browsers() -> None:
    assert re.findall(r"\?\.|\?\?|\|\|=|&&=|\.at\(-|replaceAll|structuredClone", own_script()) == []


# Viénot, Brettel & Mollon 1999 for red and green weakness, linear RGB
WEAKNESSES = {
    "protan": ((0.11238, 0.88762, 0.0), (0.11238, 0.88762, 0.0), (0.00401, -0.00401, 1.0)),
    "deutan": ((0.29275, 0.70725, 0.0), (0.29275, 0.70725, 0.0), (-0.02234, 0.02234, 1.0)),
    "none": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
}


@pytest.mark.parametrize("weakness", sorted(WEAKNESSES))
def test_no_two_symbols_share_a_shape_or_a_colour_for_any_eye(weakness: str) -> None:
    symbols = (*style.SYMBOLS, style.OTHER_SYMBOL)
    assert len({symbol.shape for symbol in symbols}) == len(symbols)
    seen = []
    for symbol in symbols:
        rgb = [int(symbol.colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in rgb]
        seen.append(
            [sum(weight * part for weight, part in zip(line, linear, strict=True)) for line in WEAKNESSES[weakness]]
        )
    apart = [
        sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) ** 0.5
        for i, one in enumerate(seen)
        for other in seen[:i]
    ]
    assert min(apart) > 0.04


def test_the_page_is_locked_and_asks_for_nothing() -> None:
    text = page_text(map_incidents(sample(), title="A & B <c>", language="fr"))
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)
    assert policy
    assert policy[1].startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy[1]
    assert '<html lang="fr">' in text
    assert "<title>A &amp; B &lt;c&gt;</title>" in text
    assert asked_for(text) == []


def test_tiles_open_the_policy_for_their_server_only() -> None:
    text = page_text(map_incidents(sample(), tiles="openstreetmap"))
    assert "img-src data: blob: https://tile.openstreetmap.org;" in text
    assert "OpenStreetMap contributors" in text
    assert origin_of("https://{s}.tile.example.org/{z}/{x}/{y}.png") == "https://*.tile.example.org"


@pytest.mark.parametrize(
    "tiles",
    [
        "nowhere",
        {"url": "https://a.example/{z}"},
        {"url": "javascript:x", "attribution": "x"},
        {"url": "https://a'; script-src *", "attribution": "x"},
    ],
)
def test_tiles_without_address_or_attribution_are_refused(tiles: object) -> None:
    with pytest.raises(InputError, match="tile"):
        map_incidents(sample(), tiles=tiles)  # type: ignore[arg-type]


def test_the_map_is_a_folium_map_that_takes_layers_and_shows_itself(tmp_path: Path) -> None:
    map_ = sahel_map.map_incidents(sample())
    assert isinstance(map_, folium.Map)
    folium.CircleMarker((14, 0), popup="here").add_to(map_)
    assert "<iframe srcdoc=" in map_._repr_html_()
    text = write_page(map_, tmp_path / "map.html").read_text("utf-8")
    assert "jquery 3.7.1" in text
    assert "jquery 3.7.1" not in page_text(map_incidents(sample()))


def test_a_layer_stands_beside_others_on_a_plain_folium_map(tmp_path: Path) -> None:
    map_ = folium.Map(location=(14, 0), tiles=None)
    IncidentLayer(sample()).add_to(map_)
    folium.CircleMarker((14, 0)).add_to(map_)
    text = write_page(map_, tmp_path / "map.html").read_text("utf-8")
    assert asked_for(text) == []


def test_a_plugin_that_the_page_cannot_carry_is_named(tmp_path: Path) -> None:
    from folium.plugins import HeatMap

    map_ = map_incidents(sample())
    HeatMap([(14, 0)]).add_to(map_)
    with pytest.raises(InputError, match="leaflet_heat"):
        write_page(map_, tmp_path / "map.html")
    assert list(tmp_path.iterdir()) == []


def test_a_page_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="choose a folder"):
        write_page(sample(), tmp_path / "nowhere" / "map.html")
    path = write_page(sample(), tmp_path / "map.html")
    assert [file.name for file in tmp_path.iterdir()] == ["map.html"]
    assert path.read_text("utf-8").rstrip().endswith("</html>")


def test_what_is_no_table_or_in_another_crs_is_refused_by_name() -> None:
    with pytest.raises(InputError, match="not list"):
        map_incidents([])  # type: ignore[arg-type]
    with pytest.raises(InputError, match="EPSG:3857"):
        map_incidents(sample().to_crs(3857))
    with pytest.raises(InputError, match="latitude and longitude"):
        map_incidents(pd.DataFrame({"a": [1]}))  # type: ignore[arg-type]
    with pytest.raises(InputError, match="'de'"):
        map_incidents(sample(), language="de")


def test_packing_keeps_every_value() -> None:
    header, blocks = columns_of(pack(sample()).columns)
    columns = {column["name"]: column for column in header["columns"]}  # type: ignore[attr-defined]
    assert header["count"] == 10
    low = columns["fatalities_low"]
    raw = blocks[low["offset"] : low["offset"] + 40]
    values = [
        int.from_bytes(bytes(raw[row + 10 * plane] for plane in range(4)), "little", signed=True) for row in range(10)
    ]
    assert [None if value == MISSING else value * low["step"] for value in values] == [
        47,
        200,
        None,
        3,
        40,
        50,
        None,
        30,
        13,
        None,
    ]
    assert "Tombouctou" in columns["location"]["distinct"]
    assert len(header["shapes"]) == 2  # type: ignore[arg-type]


def test_identifiers_of_prefix_and_number_travel_as_numbers() -> None:
    header, _ = columns_of(pack(many(1500)).columns)
    columns = {column["name"]: column for column in header["columns"]}  # type: ignore[attr-defined]
    assert columns["incident_id"] == {"name": "incident_id", "numbered": True}
    assert columns["incident_id.prefix"]["distinct"] == ["E"]


@pytest.mark.parametrize("to", ["adm1", "adm2", "50", 25])
def test_generalised_pages_hold_no_exact_place_and_no_quote(tmp_path: Path, to: str | float) -> None:
    table = sample()
    text = page_text(map_incidents(table, generalise=to))
    packed = [gzip.decompress(base64.b64decode(found)) for found in re.findall(r'id="[^"]*-columns">([^<]+)<', text)]
    everything = text.encode() + b"".join(packed)
    for secret in (
        "Boulkessi",
        "Dioura",
        "more than 30 men died",
        "two security sources",
        "The base fell",
        "news.example.org",
        "I001",
        "Gunmen took",
    ):
        assert secret.encode() not in everything
    header, _ = columns_of(re.findall(r'id="[^"]*-columns">([^<]+)<', text)[0])
    assert header["count"] == 10
    assert '"generalised":"' in text


def test_a_coarseness_that_is_none_is_refused() -> None:
    with pytest.raises(InputError, match="5 to 500"):
        map_incidents(sample(), generalise="street")


def test_the_command_redraws_the_page_from_a_saved_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from sahel_map.exports.geojson import write_geojson
    from sahel_map.exports.tables import write_incidents_csv

    write_geojson(sample(), tmp_path / "incidents.geojson")
    write_incidents_csv(sample(), tmp_path / "incidents.csv")
    assert main(["map", str(tmp_path / "incidents.geojson"), "--title", "Again", "--language", "fr"]) == 0
    assert "<title>Again</title>" in (tmp_path / "map.html").read_text("utf-8")
    assert (
        main(["map", str(tmp_path / "incidents.csv"), "--out", str(tmp_path / "care.html"), "--generalise", "adm1"])
        == 0
    )
    assert main(["map", str(tmp_path / "gone.csv")]) == 1
    assert main(["map", str(tmp_path / "incidents.csv"), "--tiles", "https://t.example/{z}/{x}/{y}.png"]) == 1
    assert "attribution" in capsys.readouterr().err


def test_a_folium_tile_layer_is_allowed_by_its_host() -> None:
    map_ = folium.Map(location=(14, 0))
    IncidentLayer(sample()).add_to(map_)
    assert re.search(r"img-src data: blob: https://tile\.openstreetmap\.org;", page_text(map_))


def test_a_page_from_csv_finds_the_ledger_beside_it(tmp_path: Path) -> None:
    from sahel_map import incidents
    from sahel_map.exports.tables import write_incidents_csv, write_mentions_csv, write_tolls_csv

    saved = sample()
    for incident_id, *lists in zip(saved["incident_id"], saved["tolls"], saved["mentions"], strict=True):
        for record in [record for rows in lists for record in rows]:
            record["incident_id"] = incident_id
    for write, name in (
        (write_incidents_csv, "incidents"),
        (write_mentions_csv, "mentions"),
        (write_tolls_csv, "tolls"),
    ):
        write(saved, tmp_path / f"{name}.csv")
    table = incidents.read(tmp_path / "incidents.csv").set_index("incident_id")
    assert [(figure["low"], figure.get("high"), figure["speaker"]) for figure in table.loc["I001", "tolls"]] == [
        (30, None, "two security sources"), (0, 0, "army staff"),
    ]  # fmt: skip
    assert table.loc["I001", "mentions"][0]["place_text"] == "Boulikessi"
    assert table.loc["I002", "tolls"] == []


def test_the_documented_lines_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (Path(__file__).parent.parent / "docs" / "map-page.md").read_text("utf-8")
    monkeypatch.chdir(tmp_path)
    (lines,) = re.findall(r"(?s)```python\n(.*?)```", text)
    exec(compile(lines, "docs/map-page.md", "exec"), {"incidents": sample()})
    assert (tmp_path / "map.html").is_file()
