"""Hostile text in every field, in the page, in a notebook's frame and in plain folium layers: shown, never run."""

from __future__ import annotations

import csv
import html
import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
from shapely.geometry import Point

from sahel_map.views import map_incidents, write_page
from sahel_map.views.layers.markers import incident_markers
from tests.incident_tables import report, row, toll

pytestmark = pytest.mark.browser
CASES = Path(__file__).parent.parent / "cases" / "hostile_text.csv"
TEXT_FIELDS = (
    "event_type", "sub_event_type", "actor1", "actor2", "country", "admin1", "admin2", "adm1_pcode", "location", "sources",
    "report_ids", "notes", "status", "adm2_pcode", "admin1_today", "admin2_today", "actor1_status", "outcome", "victim_groups",
    "place_spellings", "resolution_reason", "kind",
)  # fmt: skip


def payloads() -> list[str]:
    with CASES.open(encoding="utf-8", newline="") as file:
        return [json.loads(case["json_text"]) for case in csv.DictReader(file)]


def hostile() -> gpd.GeoDataFrame:
    """A row a payload, the payload in every text field of the row and of what hangs on it."""
    rows = []
    for number, text in enumerate(payloads()):
        fields: dict[str, Any] = dict.fromkeys(TEXT_FIELDS, text)
        place = Point(-10 + number % 20, 10 + number // 20 * 0.8)
        rows.append(
            row(
                number,
                f"2025-{1 + number % 12:02d}-01",
                text,
                place,
                **{**fields, "kind": "place", "incident_id": f"{text}{number}"},
            )
        )
        rows[-1].update(
            tolls=[toll(3, None, text, text, text, who=text, kind=text, speaker_kind=text, origin=text, part_of=text, revision=text, shared_with=text, report_id=text)],
            conflicts=[text], reasons=[text], reports=[{**dict.fromkeys(report(1, ""), text)}],
            mentions=[{"report_id": text, "place_text": text, "sentence": text, "reason": text}],
        )  # fmt: skip
    return gpd.GeoDataFrame(rows, geometry="geometry", crs="EPSG:4326")


EXPOSE = """async () => {
  const app = SahelMap.app, seen = [];
  const draw = () => new Promise(done => setTimeout(done, 0));
  for (let row = 0; row < app.store.count; row += 1) {
    app.open({row: row, from: 'table'});
    await app.store.details(row); await draw();
    const nodes = [...document.querySelectorAll('.sm-dossier, .leaflet-popup')];
    seen.push([app.store.text('incident_id', row), nodes.map(node => node.textContent).join(' ')]);
  }
  return seen; }"""
FORBIDDEN = "document.querySelectorAll('.sm-page img, .sm-page iframe, .sm-page svg script, .sm-page object, .sm-page [onerror], .sm-page [onload], .sm-page [onfocus]').length"


def words(text: str) -> str:
    """What is left to see: runs of blanks as one, control characters and halves of characters gone."""
    seen = text.encode("utf-8", "replace").decode("utf-8").replace("\ufffd", " ").replace("?", " ")
    return " ".join("".join(character if character.isprintable() else " " for character in seen).split())


def test_there_are_enough_payloads() -> None:
    assert len(set(payloads())) >= 150


def test_the_page_shows_them_and_runs_none(open_page: Any, tmp_path: Path) -> None:
    folder = tmp_path / "a 'b' $(c) `d` ${e}"
    folder.mkdir()
    path = write_page(
        hostile(),
        folder / "<img src=x onerror=alert(1)>.html",
        title="</title><script>window.__ran=1</script>${window.__ran=1}",
    )
    opened = open_page(path)
    seen = opened.page.evaluate(EXPOSE)
    assert len(seen) == len(payloads())
    shown = [words(text) for _, text in seen]
    for text in payloads():
        wanted = words(text)
        assert any(wanted in page for page in shown), f"not shown as it is: {text!r}"
    opened.page.evaluate("SahelMap.app.showTab('table')")
    for chip in opened.page.locator(".sm-facet > button").all():
        chip.click()
    opened.page.keyboard.press("Escape")
    for tab in ("Totals", "About", "Incidents"):
        opened.page.get_by_role("tab", name=tab).click()
    for text in payloads()[::12]:
        opened.page.evaluate("text => SahelMap.app.hub.tell('search', text)", text)
    opened.page.evaluate("SahelMap.app.speak('fr')")
    opened.settle()
    assert opened.page.evaluate(FORBIDDEN) == 0
    assert opened.page.evaluate("window.__ran") is None
    assert "<script>" in opened.page.locator("h1").inner_text()
    links = opened.page.evaluate(
        "[...document.querySelectorAll('a[href]')].map(a => a.protocol).filter(p => !['https:', 'http:', 'file:'].includes(p))"
    )
    assert links == []
    opened.assert_quiet()


def test_only_web_addresses_become_links(open_page: Any, tmp_path: Path) -> None:
    opened = open_page(write_page(hostile(), tmp_path / "map.html"))
    links = opened.page.evaluate(
        "texts => texts.map(text => { const node = SahelMap.link(text, text); return [text, node.tagName, node.protocol || '']; })",
        payloads(),
    )
    assert {protocol for _, tag, protocol in links if tag == "A"} <= {"http:", "https:"}
    assert all(node == "SPAN" for text, node, _ in links if not text.lower().startswith(("http://", "https://")))


def test_a_fragment_runs_nothing(open_page: Any, tmp_path: Path) -> None:
    path = write_page(hostile(), tmp_path / "map.html")
    for text in (
        "#tab=__proto__&lang=<script>&map=a/b/c",
        "#q=%3Cimg%20src=x%20onerror=window.__ran=1%3E&incident=%E0%A4%A",
        "#__proto__=1&days=x..y&layers=constructor",
    ):
        opened = open_page(path, fragment=text)
        assert opened.page.evaluate("window.__ran") is None
        opened.assert_quiet()


def test_a_notebook_shows_them_and_runs_none(open_page: Any, tmp_path: Path) -> None:
    output = map_incidents(hostile(), title="<script>window.__ran=1</script>")._repr_html_()
    page = tmp_path / "notebook.html"
    page.write_text(
        f"<!DOCTYPE html><html lang=en><title>{html.escape('notebook')}</title><body>{output}</body></html>", "utf-8"
    )
    opened = open_page(page, wait=False)
    frame = next(part for part in opened.page.frames if part.parent_frame)
    opened.until_in(frame, "!!(window.SahelMap && SahelMap.app && SahelMap.app.restored)")
    assert len(frame.evaluate(EXPOSE)) == len(payloads())
    assert frame.evaluate("window.__ran") is None
    assert opened.page.evaluate("window.__ran") is None
    opened.assert_quiet()


def test_plain_folium_markers_show_them_and_run_none(open_page: Any, tmp_path: Path) -> None:
    table = hostile()
    map_ = map_incidents(table.iloc[:1])
    incident_markers(table, name="</script><script>window.__ran=1</script>").add_to(map_)
    opened = open_page(write_page(map_, tmp_path / "map.html"))
    shown = opened.page.evaluate(
        """() => { const map = SahelMap.app.map, found = [];
        map.eachLayer(layer => { if (layer.getPopup && layer.getPopup() && layer.getTooltip()) { layer.openPopup(); layer.openTooltip();
          found.push(layer.getPopup().getElement().textContent + ' ' + layer.getTooltip().getElement().textContent); } });
        return found; }"""
    )
    assert len(shown) == len(table)
    pages = [words(text) for text in shown]
    for text in payloads():
        assert any(words(text) in page for page in pages), f"not shown as it is: {text!r}"
    assert opened.page.evaluate("window.__ran") is None
    opened.assert_quiet()
