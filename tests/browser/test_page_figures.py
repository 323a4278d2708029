"""What the page says of tolls, background and actors: nothing absent as nought, nothing unlike summed, nothing raw."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
from shapely.geometry import Point, box

from sahel_map.views.page import write_page
from tests.browser.conftest import Opened
from tests.browser.test_map_page import click_on
from tests.incident_tables import row, sample, toll

pytestmark = pytest.mark.browser


def week() -> gpd.GeoDataFrame:
    """A claim, a report, a confirmed count, an abduction without a toll, two regions with one shared toll, one of background."""
    shared: dict[str, Any] = {"qualifier": "more than", "mention_id": "d1:5", "shared_with": "d1:6"}
    other = {**shared, "mention_id": "d1:6", "shared_with": "d1:5"}
    words = "more than 100 soldiers in two attacks"
    rows = [
        row(1, "2025-05-15", "Djibo", Point(-1.626, 14.099), status="claimed", country="BF", admin1="Sahel",
            actor2="Military Forces of Burkina Faso", fatalities_low=200, fatalities_high=200),
        row(2, "2025-06-01", "Boulkessi", Point(-1.303, 14.798), fatalities_low=30),
        row(3, "2025-06-19", "Banibangou", Point(2.705, 15.043), status="confirmed", country="NE", admin1="Tillabéri",
            actor1="IS Sahel: Islamic State Sahel Province", actor2="Military Forces of Niger", fatalities_low=34, fatalities_high=41),
        row(4, "2025-06-12", "Ansongo", Point(0.5, 15.66), admin1="Gao", actor1="Unidentified armed group", actor2="Civilians",
            event_type="Violence against civilians", sub_event_type="Abduction/forced disappearance"),
        row(5, "2025-05-24", "Tahoua", box(4.2, 14.2, 6.2, 16.2), kind="unit", country="NE", admin1="Tahoua", geo_precision=3,
            actor1="Islamist militants (unidentified)", actor2="Military Forces of Niger", tolls=[toll(100, None, "security sources", "reported", words, **shared)]),
        row(6, "2025-05-26", "Dosso", box(2.8, 12.2, 4.2, 13.8), kind="unit", country="NE", admin1="Dosso", geo_precision=3,
            actor1="Unidentified armed group", actor2="Military Forces of Niger", tolls=[toll(100, None, "security sources", "reported", words, **other)]),
        row(7, "2012-04-01", "Niamey", Point(2.11, 13.51), country="NE", admin1="Niamey", background=True, fatalities_low=5, fatalities_high=5),
    ]  # fmt: skip
    return gpd.GeoDataFrame(rows, geometry="geometry", crs="EPSG:4326")


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_page(week(), tmp_path_factory.mktemp("week") / "map.html")


@pytest.fixture
def opened(open_page: Any, page_file: Path) -> Any:
    return open_page(page_file, width=1440, height=900)


def cells(opened: Any, part: str) -> dict[str, list[str]]:
    """The lines of one table of the totals: its cells by its head."""
    found: list[list[str]] = opened.page.locator(f"{part} tbody tr").evaluate_all(
        "all => all.map(line => Array.from(line.children, cell => cell.innerText.replace(/\\s+/g, ' ').trim()))"
    )
    return {line[0]: line[1:] for line in found}


def test_no_figure_is_not_nought_and_a_shared_one_is_told_once(opened: Any) -> None:
    opened.page.get_by_role("tab", name="Totals").click()
    assert cells(opened, ".sm-by_region") == {
        "Sahel": ["1", "200 200 only claimed"], "Mopti": ["1", "30"], "Tillabéri": ["1", "34"],
        "Gao": ["1", "–"], "Tahoua": ["1", "–"], "Dosso": ["1", "–"],
    }  # fmt: skip
    assert opened.page.locator(".sm-shared li").all_inner_texts() == [
        "more than 100 soldiers – Tahoua, 24 May 2025; Dosso, 26 May 2025"
    ]
    opened.assert_quiet()


def test_sums_of_claims_reports_and_confirmed_counts_stay_apart(opened: Any) -> None:
    assert (
        opened.page.locator(".sm-lead").inner_text()
        == "6 incidents · 1 of background hidden · 15 May 2025 – 19 Jun 2025"
    )
    opened.page.get_by_role("tab", name="Totals").click()
    assert cells(opened, ".sm-statuses") == {
        "Confirmed": ["1", "34–41"], "Reported by others": ["1", "at least 30"], "Only claimed by a party": ["1", "200"],
    }  # fmt: skip


def test_the_killed_count_under_the_actor_that_struck_only(opened: Any) -> None:
    opened.page.get_by_role("tab", name="Totals").click()
    found = cells(opened, ".sm-by_actor")
    assert found["Military Forces of Niger"] == ["3", "–"]
    assert found["IS Sahel: Islamic State Sahel Province"] == ["1", "34"]
    assert found["JNIM"] == ["2", "230 200 only claimed"]


def test_background_is_hidden_until_it_is_asked_for(open_page: Any, opened: Any, page_file: Path) -> None:
    assert opened.state()["shown"] == 6
    opened.page.get_by_role("button", name="Background: 1 hidden").click()
    opened.page.get_by_label("News").uncheck()
    opened.settle()
    assert opened.state()["shown"] == 7
    assert "1 of them background" in opened.page.locator(".sm-lead").inner_text()
    assert opened.page.get_by_label("From").input_value() == "2025-05-15"
    opened.page.wait_for_timeout(400)
    again = open_page(page_file, fragment=opened.page.evaluate("location.hash"))
    assert again.state()["shown"] == 7
    again.page.get_by_role("button", name="Clear all").click()
    again.settle()
    assert again.state()["shown"] == 6


def test_the_legend_is_shut_at_first_and_hides_no_incident(opened: Any) -> None:
    assert not opened.page.locator(".sm-legend").evaluate("box => box.open")
    hidden = opened.page.evaluate(
        """(() => { const app = SahelMap.app, map = app.map.getContainer(), frame = map.getBoundingClientRect();
        const boxes = Array.from(map.querySelectorAll('.sm-box'), box => box.getBoundingClientRect());
        return app.incidents.boxes(app.map.containerPointToLayerPoint([0, 0])).filter(mark => boxes.some(box =>
          mark.box[0] < box.right - frame.left && mark.box[2] > box.left - frame.left &&
          mark.box[1] < box.bottom - frame.top && mark.box[3] > box.top - frame.top)).length; })()"""
    )
    assert hidden == 0


def test_a_name_makes_way_for_the_mark_on_its_town(opened: Any) -> None:
    at = opened.page.evaluate(
        """(() => { const mark = [{box: [90, 90, 110, 110], name: null}], other = [[100, 90, 300, 110]];
        return [SahelMap.roomFor(100, 100, 40, [], []), SahelMap.roomFor(100, 100, 40, mark, []),
          SahelMap.roomFor(100, 100, 40, mark, other)].map(room => room && [room.x, room.y]); })()"""
    )
    assert at == [[107, 100], [113, 100], [47, 100]]
    named = opened.page.evaluate("SahelMap.app.incidents.boxes(L.point(0, 0)).map(mark => mark.name).filter(Boolean)")
    assert sorted(named) == ["Dosso", "Tahoua"]


def test_a_row_opens_dossier_and_popup_clear_of_the_controls(opened: Any) -> None:
    for incident in ("Djibo", "Banibangou", "Tahoua"):
        opened.page.get_by_role("tab", name="Incidents").click()
        opened.page.locator(".sm-table tbody tr", has_text=incident).first.click()
        opened.page.wait_for_selector(f".sm-dossier h2:text-is('{incident}')")
        opened.settle()
        popup = opened.page.locator(".leaflet-popup")
        assert incident in popup.inner_text()
        assert opened.page.locator("tr.sm-chosen").count() == 1
        shape = popup.bounding_box()
        for control in opened.page.locator(".sm-map .sm-box, .sm-map .sm-tools").all():
            edge = control.bounding_box()
            apart = (
                shape["x"] >= edge["x"] + edge["width"] or shape["x"] + shape["width"] <= edge["x"]
                or shape["y"] >= edge["y"] + edge["height"] or shape["y"] + shape["height"] <= edge["y"]
            )  # fmt: skip
            assert apart, (incident, shape, edge)
    opened.assert_quiet()


def test_no_tip_stands_over_the_map_while_a_popup_does(opened: Any) -> None:
    click_on(opened, "I003")
    box = opened.page.locator(".leaflet-popup-tip-container").bounding_box()
    opened.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] + 4)
    opened.settle()
    assert not opened.page.locator(".sm-tip").is_visible()


def test_a_shared_figure_names_the_other_incident_and_opens_it(opened: Any) -> None:
    line = opened.page.locator(".sm-table tbody tr", has_text="Dosso").first
    assert line.locator(".sm-col-deaths").inner_text() == "shared: more than 100"
    line.click()
    said = opened.page.locator(".sm-sharers")
    said.wait_for()
    assert said.inner_text() == "One figure shared with: Tahoua, 24 May 2025"
    said.get_by_role("button").click()
    opened.page.wait_for_selector(".sm-dossier h2:text-is('Tahoua')")
    assert "d1:" not in opened.page.locator(".sm-dossier").inner_text()


def test_words_break_at_slashes_and_spaces_only(opened: Any) -> None:
    line = opened.page.locator(".sm-table tbody tr", has_text="Ansongo").first
    broken = line.locator(".sm-col-who .sm-quiet").evaluate(
        """node => { const text = node.firstChild, found = [];
        for (let i = 1; i < text.length; i += 1) { const range = document.createRange(), at = j => { range.setStart(text, j);
          range.setEnd(text, j + 1); return range.getBoundingClientRect().top; };
          if (/[a-z]/.test(text.data[i]) && /[a-z]/.test(text.data[i - 1]) && at(i) > at(i - 1) + 4) { found.push(i); } }
        return found; }"""
    )
    assert broken == []


def test_french_names_the_actors_and_the_files_keep_them(opened: Any, tmp_path: Path) -> None:
    opened.page.get_by_role("button", name="Français").click()
    opened.settle()
    text = opened.page.locator(".sm-table").inner_text()
    for english in ("Unidentified", "Civilians", "Military Forces", "Islamist militants"):
        assert english not in text
    for french in ("Hommes armés non identifiés", "armée du Niger", "Combattants islamistes"):
        assert french in text
    assert opened.page.get_by_label("Du", exact=True).get_attribute("lang") == "fr"
    with opened.page.expect_download() as download:
        opened.page.get_by_role("button", name="GeoJSON").click()
    download.value.save_as(tmp_path / "shown.geojson")
    features = json.loads((tmp_path / "shown.geojson").read_text("utf-8"))["features"]
    assert "Unidentified armed group" in {feature["properties"]["actor1"] for feature in features}


def test_on_a_phone_the_credits_are_folded(open_page: Any, page_file: Path) -> None:
    opened = open_page(page_file, width=390, height=844)
    box = opened.page.locator(".sm-credit").bounding_box()
    assert box["width"] < 40
    opened.page.locator(".sm-credit summary").click()
    assert "Natural Earth" in opened.page.locator(".sm-credit").inner_text()


def test_the_basemap_fades_and_the_view_stays_on_it(opened: Any) -> None:
    assert opened.page.evaluate("SahelMap.app.map.getMinZoom()") == 4
    alpha = opened.page.evaluate(
        """(() => { const app = SahelMap.app, layer = app.groundLayer; app.map.setView([16, 2], 4, {animate: false});
        const box = app.ground.countries.reduce((all, one) => [Math.min(all[0], one.box[0]), Math.max(all[1], one.box[2])], [9, -9]);
        const size = layer._bounds.getSize(), scale = 256 * 16, left = app.map.getPixelOrigin().x + layer._bounds.min.x;
        const y = Math.round(size.y / 2) * layer._dense;
        return [box[0] * scale - left + 1, box[1] * scale - left - 2].map(x =>
          layer._context.getImageData(Math.round(x * layer._dense), y, 1, 1).data[3]); })()"""
    )
    assert max(alpha) < 60


def test_a_page_of_background_alone_shows_it(open_page: Any, tmp_path: Path) -> None:
    table = sample()
    opened = open_page(write_page(table[table["background"]], tmp_path / "map.html"))
    assert opened.state()["shown"] == 1


def test_what_a_correction_overruled_stands_in_the_dossier_and_not_in_the_popup(browser: Any, tmp_path: Path) -> None:
    told = toll(34, 34, "the ministry", "confirmed", "34 soldiers died", revision="overruled")
    set_by_hand = toll(36, 36, "A. Analyst", "reported", "the list of names", speaker_kind="person")
    rows = [row(1, "2025-06-19", "Banibangou", Point(2.705, 15.043), country="NE", tolls=[told, set_by_hand])]
    table = gpd.GeoDataFrame(rows, geometry="geometry", crs="EPSG:4326")
    page = browser.new_page()
    Opened(page, write_page(table, tmp_path / "map.html")).open()
    page.locator(".sm-table tbody tr").first.click()
    page.wait_for_selector(".sm-dossier")
    popup = page.locator(".leaflet-popup").inner_text()
    assert "36 killed" in popup
    assert "34 killed" not in popup
    dossier = page.locator(".sm-dossier").inner_text()
    assert "34 killed" in dossier
    assert "overruled by a correction" in dossier
    page.close()
