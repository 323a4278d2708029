"""The real page in a real browser, with no network to reach for."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import folium
import pytest

from sahel_map.views import IncidentLayer
from sahel_map.views.page import write_page
from tests.incident_tables import many, sample

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_page(sample(), tmp_path_factory.mktemp("page") / "map.html", title="May and June 2025")


def test_every_incident_is_there_and_nothing_is_fetched(open_page: Any, page_file: Path) -> None:
    opened = open_page(page_file)
    state = opened.state()
    assert (state["total"], state["shown"], state["drawn"], state["unplaced"]) == (10, 9, 7, 2)
    assert state["inMarks"] == 7
    assert opened.page.locator(".sm-table tbody tr").count() == 9
    opened.assert_quiet()


def click_on(opened: Any, incident: str) -> None:
    """Click the mark of an incident on the map."""
    at = opened.page.evaluate(
        """id => { const app = SahelMap.app, column = app.store.data.column('incident_id');
        const row = column.values.indexOf(column.distinct.indexOf(id)), mark = app.incidents.markOf(row);
        const point = app.map.layerPointToContainerPoint(L.point(mark.x, mark.y).add(app.incidents._bounds.min));
        const box = app.map.getContainer().getBoundingClientRect();
        return [box.left + point.x, box.top + point.y]; }""",
        incident,
    )
    opened.page.mouse.click(*at)
    opened.page.wait_for_selector(".leaflet-popup .sm-popup")
    opened.settle()


def test_the_popup_gives_every_figure_with_its_speaker(open_page: Any, page_file: Path) -> None:
    opened = open_page(page_file)
    click_on(opened, "I001")
    text = opened.page.locator(".leaflet-popup").inner_text()
    for said in (
        "Boulkessi",
        "at least 30",
        "two security sources",
        "army staff",
        "One report dates the attack to 31 May.",
    ):
        assert said in text
    assert opened.page.locator("tr.sm-chosen").get_attribute("data-row") == opened.page.locator(
        ".sm-popup"
    ).get_attribute("data-row")
    opened.page.get_by_role("button", name="Open the dossier").click()
    dossier = opened.page.locator(".sm-dossier").inner_text()
    for said in (
        "more than 30 men died",
        "Same place, a day apart",
        "Boulikessi",
        "Exact name; the country agrees.",
        "The base fell in the morning.",
    ):
        assert said in dossier
    links = opened.page.locator(".sm-dossier a").evaluate_all("all => all.map(a => [a.href, a.rel])")
    assert links == [
        ["https://news.example.org/1?a=1&b=2", "noopener noreferrer"],
        ["https://news.example.org/2?a=1&b=2", "noopener noreferrer"],
    ]
    opened.assert_quiet()


def test_the_days_filter_the_map_and_the_table_together(open_page: Any, page_file: Path) -> None:
    opened = open_page(page_file)
    opened.page.get_by_label("From").fill("2025-05-25")
    opened.page.get_by_label("From").dispatch_event("change")
    opened.settle()
    assert opened.state()["shown"] == 4
    assert opened.page.locator(".sm-table tbody tr").count() == 4
    assert "4 of 9 incidents" in opened.page.locator(".sm-lead").inner_text()
    opened.page.get_by_role("button", name="All days").click()
    opened.settle()
    assert opened.state()["shown"] == 9


def test_facets_and_search_filter_together(open_page: Any, page_file: Path) -> None:
    opened = open_page(page_file)
    opened.page.get_by_role("button", name="Event type").click()
    opened.page.get_by_label("Battles").check()
    opened.settle()
    assert opened.state()["shown"] == 4
    opened.page.get_by_role("searchbox", name="Search places").fill("djibo")
    opened.settle()
    assert opened.state()["shown"] == 1
    opened.page.get_by_role("button", name="Clear all").click()
    opened.page.get_by_role("searchbox", name="Search places").fill("fell in the MORNING")
    opened.until("SahelMap.app.state().shown === 1")
    opened.assert_quiet()


def test_every_layer_and_tool_works_without_a_complaint(open_page: Any, page_file: Path) -> None:
    opened = open_page(page_file)
    opened.page.locator(".sm-layers summary").click()
    for box in opened.page.locator(".sm-layers input[type=checkbox]").all():
        box.click()
        opened.settle()
        box.click()
    opened.page.locator(".sm-layers select").select_option("deaths")
    opened.page.locator(".sm-layers input[data-layer=choropleth]").check()
    opened.page.get_by_role("button", name="Measure a distance").click()
    opened.page.mouse.click(400, 300)
    opened.page.mouse.click(500, 350)
    assert opened.page.locator(".sm-measured").inner_text().endswith("km")
    opened.page.get_by_role("button", name="Measure a distance").click()
    opened.page.get_by_role("button", name="Show everything").click()
    opened.page.get_by_role("button", name="Play through time").click()
    opened.page.wait_for_timeout(900)
    opened.page.get_by_role("button", name="Pause").click()
    for tab in ("Totals", "About", "Incidents"):
        opened.page.get_by_role("tab", name=tab).click()
    opened.assert_quiet()


def test_french_by_a_switch(open_page: Any, page_file: Path) -> None:
    opened = open_page(page_file)
    opened.page.get_by_role("button", name="Français").click()
    opened.settle()
    assert opened.page.locator("html").get_attribute("lang") == "fr"
    assert opened.page.get_by_role("tab", name="À propos").count() == 1
    opened.page.locator(".sm-legend summary").click()
    assert "Combats" in opened.page.locator(".sm-legend").inner_text()
    opened.assert_quiet()


def test_the_address_brings_the_view_back(open_page: Any, page_file: Path) -> None:
    first = open_page(page_file)
    first.page.get_by_role("button", name="Country").click()
    first.page.get_by_label("Burkina Faso").check()
    first.page.locator(".sm-table tbody tr").first.click()
    first.page.wait_for_selector(".sm-dossier")
    first.page.wait_for_timeout(500)
    fragment = first.page.evaluate("location.hash")
    second = open_page(page_file, fragment=fragment)
    second.page.wait_for_selector(".sm-dossier")
    assert second.state()["shown"] == 1
    assert "Djibo" in second.page.locator(".sm-dossier h2").inner_text()
    second.assert_quiet()


def test_downloads_hold_what_is_shown(open_page: Any, page_file: Path, tmp_path: Path) -> None:
    opened = open_page(page_file)
    with opened.page.expect_download() as download:
        opened.page.get_by_role("button", name="GeoJSON").click()
    download.value.save_as(tmp_path / "shown.geojson")
    features = json.loads((tmp_path / "shown.geojson").read_text("utf-8"))["features"]
    assert len(features) == 9
    by_id = {feature["properties"]["incident_id"]: feature for feature in features}
    assert by_id["I001"]["geometry"] == {"type": "Point", "coordinates": [-1.1, 15.0]}
    assert by_id["I006"]["geometry"]["type"] == "MultiPolygon"
    assert by_id["I008"]["geometry"] is None
    with opened.page.expect_download() as download:
        opened.page.get_by_role("button", name="CSV").click()
    download.value.save_as(tmp_path / "shown.csv")
    assert (tmp_path / "shown.csv").read_text("utf-8-sig").count("I00") == 9


def test_an_older_browser_without_decompression_streams_opens_it(open_page: Any, page_file: Path) -> None:
    opened = open_page(page_file, before="delete window.DecompressionStream")
    assert opened.state()["total"] == 10
    opened.assert_quiet()


def test_a_hundred_thousand_incidents_open_and_filter(open_page: Any, tmp_path: Path) -> None:
    path = write_page(many(100_000), tmp_path / "many.html")
    assert path.stat().st_size < 3_000_000
    opened = open_page(path)
    state = opened.state()
    assert (state["total"], state["drawn"]) == (100_000, 100_000)
    opened.page.evaluate("SahelMap.app.hub.tell('days', [18600, 18630])")
    opened.settle()
    assert 0 < opened.state()["shown"] < 5_000
    opened.assert_quiet()


def test_a_layer_works_beside_others_on_a_plain_folium_map(open_page: Any, tmp_path: Path) -> None:
    map_ = folium.Map(location=(14, 0), zoom_start=5, tiles=None)
    IncidentLayer(sample(), language="fr").add_to(map_)
    folium.CircleMarker((12, -3), popup="à moi", tooltip="ici").add_to(map_)
    folium.LayerControl().add_to(map_)
    opened = open_page(write_page(map_, tmp_path / "map.html"))
    assert opened.state()["inMarks"] == 7
    click_on(opened, "I001")
    opened.page.get_by_role("button", name="Ouvrir le dossier").click()
    opened.page.wait_for_selector(".leaflet-popup .sm-dossier")
    assert "more than 30 men died" in opened.page.locator(".leaflet-popup .sm-dossier").inner_text()
    opened.page.get_by_label("Du", exact=True).fill("2025-05-25")
    opened.settle()
    assert opened.state()["shown"] == 4
    opened.assert_quiet()


def test_brush_and_bars_can_be_dragged(open_page: Any, page_file: Path) -> None:
    opened = open_page(page_file)
    track = opened.page.locator(".sm-track").bounding_box()
    opened.page.mouse.move(track["x"] + track["width"] * 0.9, track["y"] + 30)
    opened.page.mouse.down()
    opened.page.mouse.move(track["x"] + track["width"] * 0.97, track["y"] + 30, steps=4)
    opened.page.mouse.up()
    opened.settle()
    state = opened.state()
    assert 0 < state["shown"] < 10
    assert state["from"] is not None
    opened.assert_quiet()


def test_paper_shows_the_table_and_gives_the_screen_back(open_page: Any, page_file: Path) -> None:
    opened = open_page(page_file)
    opened.page.get_by_role("tab", name="Totals").click()
    opened.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert opened.state()["tab"] == "table"
    opened.page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert opened.state()["tab"] == "summary"
    opened.assert_quiet()


def test_a_damaged_page_says_so(open_page: Any, page_file: Path, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.html"
    damaged.write_text(re.sub(r'(-columns">)[^<]{40}', r"\1", page_file.read_text("utf-8")), "utf-8")
    opened = open_page(damaged, wait=False)
    assert "could not open" in opened.page.get_by_role("alert").inner_text()


@pytest.mark.parametrize(("to", "said"), [("adm1", "their first-level region"), ("50", "a grid of 50 km")])
def test_a_generalised_page_says_so_and_shows_units_or_discs(
    open_page: Any, tmp_path: Path, to: str, said: str
) -> None:
    opened = open_page(write_page(sample(), tmp_path / "map.html", generalise=to))
    assert said in opened.page.locator(".sm-head").inner_text()
    assert opened.state()["total"] == 10
    kinds = opened.page.evaluate(
        "Array.from(new Set(Array.from(SahelMap.app.store.kind, kind => SahelMap.KINDS[kind])))"
    )
    assert set(kinds) <= {"unit" if to == "adm1" else "near", "country"}
    opened.page.evaluate("SahelMap.app.open({row: 3, from: 'table'})")
    opened.page.wait_for_selector(".sm-dossier")
    opened.assert_quiet()


def test_a_region_answers_to_the_pointer_anywhere_inside_it(open_page: Any, page_file: Path) -> None:
    opened = open_page(page_file)
    box = opened.page.locator(".sm-map").bounding_box()
    at = opened.page.evaluate(
        "(() => { const p = SahelMap.app.map.latLngToContainerPoint([13.75, 1.1]); return [p.x, p.y]; })()"
    )
    opened.page.mouse.click(box["x"] + at[0], box["y"] + at[1])
    opened.page.wait_for_selector(".leaflet-popup .sm-popup")
    assert "Tillabéri" in opened.page.locator(".leaflet-popup").inner_text()
