"""Tables that try the page: it opens, says what it leaves out, and complains of nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import GeometryCollection, LineString, MultiPolygon, Point, Polygon

from sahel_map.views.page import write_page
from tests.incident_tables import row, sample

pytestmark = pytest.mark.browser


def table(*rows: dict[str, Any]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(list(rows), geometry="geometry", crs="EPSG:4326")


def only_coordinates() -> pd.DataFrame:
    return pd.DataFrame(
        {"latitude": [14.0, None, 95.0], "longitude": [-1.0, 2.0, 400.0], "event_date": ["2025-01-01", "soon", None]}
    )


def nowhere() -> gpd.GeoDataFrame:
    rows = [row(number, "2025-01-01", "", None, kind="none") for number in range(5)]
    return table(*rows)


def odd_dates() -> gpd.GeoDataFrame:
    days = ["9999-12-31", "0001-01-01", None, "2025-13-45", "2025-06-01", "", "-5000-01-01"]
    return table(*(row(number, day, "Gao", Point(0, 16)) for number, day in enumerate(days)))


def edges() -> gpd.GeoDataFrame:
    shapes = [
        Point(180, 0),
        Point(-180, 0),
        Point(179.9, 90),
        Point(0, -90),
        LineString([(170, 10), (-170, 10)]),
        Polygon([(175, 80), (180, 80), (180, 90), (175, 90)]),
    ]
    return table(*(row(number, "2025-06-01", "edge", shape) for number, shape in enumerate(shapes)))


def numbers() -> gpd.GeoDataFrame:
    odd = [float("nan"), float("inf"), -5, 1e300, "12", "many", None, 2**40]
    rows = [
        row(
            number,
            "2025-06-01",
            "Gao",
            Point(number / 10, 15),
            fatalities_low=value,
            fatalities_high=value,
            uncertainty_km=value,
            geo_precision=value,
        )
        for number, value in enumerate(odd)
    ]
    return table(
        *rows, row(90, "2025-06-01", "NaN point", Point(np.nan, np.nan)), row(91, "2025-06-01", "empty", Point())
    )


def long_text() -> gpd.GeoDataFrame:
    return table(
        row(
            1,
            "2025-06-01",
            "م" * 300,
            Point(0, 15),
            notes="ñ😀 " * 33_334,
            tolls="not a list",
            reports=[None, 3],
            mentions=[{}],
            conflicts="one; two",
        )
    )


def nested() -> gpd.GeoDataFrame:
    square, inner = (
        Polygon([(0, 14), (2, 14), (2, 16), (0, 16)], [[(0.5, 14.5), (1, 14.5), (1, 15)]]),
        Polygon([(3, 14), (4, 14), (4, 15)]),
    )
    return table(
        row(1, "2025-06-01", "two", MultiPolygon([square, inner])),
        row(2, "2025-06-01", "mixed", GeometryCollection([Point(1, 1), square])),
        row(3, "2025-06-01", "none", GeometryCollection()),
    )


# name -> table, incidents in it, drawn on the map
CASES: dict[str, tuple[Callable[[], pd.DataFrame], int, int]] = {
    "no incidents": (lambda: sample().iloc[:0], 0, 0),
    "no incidents and no columns": (lambda: gpd.GeoDataFrame(geometry=[], crs="EPSG:4326"), 0, 0),
    "one": (lambda: sample().iloc[:1], 1, 1),
    "all at one point": (lambda: table(*(row(number, "2025-06-01", "Gao", Point(0, 16)) for number in range(200))), 200, 200),
    "none with coordinates": (nowhere, 5, 0),
    "coordinates only": (only_coordinates, 3, 1),
    "odd dates": (odd_dates, 7, 7),
    "antimeridian and poles": (edges, 6, 6),
    "odd numbers": (numbers, 10, 8),
    "long, right-to-left, emoji": (long_text, 1, 1),
    "nested shapes": (nested, 3, 2),
    "an index of its own": (lambda: sample().set_index(pd.Index(["same"] * 10)), 10, 7),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_the_page_opens_and_counts(open_page: Any, tmp_path: Path, name: str) -> None:
    make, total, drawn = CASES[name]
    opened = open_page(write_page(make(), tmp_path / "map.html"))
    state = opened.state()
    assert (state["total"], state["drawn"]) == (total, drawn)
    for number in range(min(total, 3)):
        opened.page.evaluate("row => SahelMap.app.open({row: row, from: 'table'})", number)
        opened.settle()
        assert opened.page.locator(".sm-dossier").count() == 1
    for tab in ("Totals", "About", "Incidents"):
        opened.page.get_by_role("tab", name=tab).click()
    for layer in ("heat", "choropleth"):
        opened.page.evaluate("name => SahelMap.app.showLayer(name, true)", layer)
    opened.page.get_by_role("button", name="Show everything").click()
    with opened.page.expect_download():
        opened.page.get_by_role("button", name="GeoJSON").click()
    opened.assert_quiet()


def test_it_says_what_it_leaves_out(open_page: Any, tmp_path: Path) -> None:
    opened = open_page(write_page(only_coordinates(), tmp_path / "map.html"))
    opened.page.get_by_role("tab", name="About").click()
    text = opened.page.locator(".sm-about").inner_text()
    assert "Impossible coordinates: 1" in text
    assert "No place on the map: 1" in text
    assert "No date: 2" in text
    opened = open_page(write_page(odd_dates(), tmp_path / "odd.html"))
    opened.page.get_by_role("tab", name="About").click()
    assert "A date outside 1900–2100: 2" in opened.page.locator(".sm-about").inner_text()


def test_many_at_one_point_are_listed_when_clicked(open_page: Any, tmp_path: Path) -> None:
    opened = open_page(write_page(CASES["all at one point"][0](), tmp_path / "map.html"))
    box = opened.page.locator(".sm-map").bounding_box()
    at = opened.page.evaluate(
        "(() => { const p = SahelMap.app.map.latLngToContainerPoint([16, 0]); return [p.x, p.y]; })()"
    )
    opened.page.mouse.click(box["x"] + at[0], box["y"] + at[1])
    opened.page.wait_for_selector(".sm-choices button")
    assert "200 incidents" in opened.page.locator(".leaflet-popup").inner_text()
    opened.page.locator(".leaflet-popup .sm-choices button").first.click()
    opened.settle()
    assert "Gao" in opened.page.locator(".leaflet-popup h3").inner_text()


def test_a_hundred_thousand_characters_open_on_demand(open_page: Any, tmp_path: Path) -> None:
    opened = open_page(write_page(long_text(), tmp_path / "map.html"))
    opened.page.evaluate("SahelMap.app.open({row: 0, from: 'table'})")
    opened.page.get_by_role("button", name="Show all").click()
    assert len(opened.page.locator(".sm-notes").inner_text()) > 90_000
