"""How fast and how large is the map page, beside its peers, given the same fields in the same run?

    python benchmarks/bench_maps.py [--sizes 10000 100000] [--million] [--slow]

Prints build seconds, megabytes and the time to the first picture in headless Chromium for this project's page and
for folium's FastMarkerCluster, MarkerCluster, GeoJson and geopandas.explore, then the milliseconds of a brush
step. The peers' scripts come from CDNs: point SAHEL_MAP_CDN at a folder of those files (by file name) to let
them draw without a network; a peer whose scripts are not all there is measured for build and size only.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import folium
import geopandas as gpd
from folium.plugins import FastMarkerCluster, MarkerCluster
from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).parent.parent))

from sahel_map.views.page import write_page
from tests.incident_tables import many

FIELDS = [
    "incident_id", "event_date", "date_from", "date_to", "time_precision", "event_type", "sub_event_type", "actor1", "actor2",
    "country", "admin1", "admin2", "adm1_pcode", "location", "geo_precision", "fatalities_low", "fatalities_high", "disputed", "sources",
]  # fmt: skip
SHOW_FIELDS = """function (row) { var marker = L.marker(new L.LatLng(row[0], row[1]));
    marker.on('click', function () { marker.bindPopup(row.slice(2).join(' ')).openPopup(); }); return marker; }"""
CDN = Path(os.environ.get("SAHEL_MAP_CDN", "nowhere"))


def ours(table: gpd.GeoDataFrame, path: Path) -> None:
    write_page(table, path)


def fast_marker_cluster(table: gpd.GeoDataFrame, path: Path) -> None:
    map_ = plain_map()
    rows = [
        [y, x, *values]
        for y, x, *values in table[["latitude", "longitude", *FIELDS]].astype("object").to_numpy().tolist()
    ]
    FastMarkerCluster(rows, callback=SHOW_FIELDS).add_to(map_)
    map_.save(str(path))


def marker_cluster(table: gpd.GeoDataFrame, path: Path) -> None:
    map_ = plain_map()
    cluster = MarkerCluster().add_to(map_)
    for y, x, *values in table[["latitude", "longitude", *FIELDS]].astype("object").to_numpy().tolist():
        folium.Marker((y, x), popup=folium.Popup(" ".join(map(str, values)))).add_to(cluster)
    map_.save(str(path))


def geojson(table: gpd.GeoDataFrame, path: Path) -> None:
    map_ = plain_map()
    folium.GeoJson(table[[*FIELDS, "geometry"]].to_json(), marker=folium.CircleMarker(radius=4)).add_to(map_)
    map_.save(str(path))


def explore(table: gpd.GeoDataFrame, path: Path) -> None:
    table[[*FIELDS, "geometry"]].explore(tiles=None, popup=True).save(str(path))


def plain_map() -> folium.Map:
    map_ = folium.Map(location=(15, 0), zoom_start=5, tiles=None)
    map_.options["maxZoom"] = 18  # without tiles, cluster layers show nothing unless it is said
    return map_


def first_picture(browser: Any, path: Path, condition: str) -> float | None:
    """Seconds from opening to the first painted frame with incidents in it; None where it cannot be drawn."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    missing: list[str] = []

    def answer(route: Any) -> None:
        local = CDN / route.request.url.rsplit("/", 1)[-1]
        if route.request.url.startswith("file:"):
            route.continue_()
        elif local.is_file():
            route.fulfill(path=str(local))
        else:
            if (
                route.request.resource_type == "script"
                and "awesome" not in local.name
                and "bootstrap" not in local.name
            ):
                missing.append(local.name)
            route.fulfill(body="", content_type="text/css" if local.suffix == ".css" else "text/javascript")

    page.route("**/*", answer)
    started = time.perf_counter()
    try:
        page.goto(path.as_uri(), timeout=120_000)
        while not missing and not page.evaluate(
            f"(() => {{ try {{ return !!({condition}); }} catch (error) {{ return false; }} }})()"
        ):
            if time.perf_counter() - started > 120:
                return None
            time.sleep(0.01)
        page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(1))))")
        if missing:
            print(f"  not drawn, SAHEL_MAP_CDN lacks {', '.join(missing)}", file=sys.stderr)
        return None if missing else time.perf_counter() - started
    finally:
        page.close()


def brush_step(browser: Any, path: Path) -> tuple[float, float]:
    """Median and longest of 40 brush steps, in milliseconds: filter, cluster, draw, count."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(path.as_uri())
    while not page.evaluate("!!(window.SahelMap && SahelMap.app && SahelMap.app.restored)"):
        time.sleep(0.02)
    steps = page.evaluate(
        """() => { const app = SahelMap.app, span = app.timeline.span, days = span[1] - span[0], taken = [];
        for (let i = 0; i < 40; i += 1) {
          const started = performance.now();
          app.filter.from = span[0] + Math.round(days * i / 60); app.filter.to = app.filter.from + Math.round(days * (i % 2 ? 0.05 : 0.6));
          app.filter.judgeDays(); app.refreshFast(); taken.push(performance.now() - started);
        } return taken.sort((a, b) => a - b); }"""
    )
    page.close()
    return steps[20], steps[-1]


CONTESTANTS: dict[str, tuple[Callable[[gpd.GeoDataFrame, Path], None], str]] = {
    "sahel-map": (ours, "SahelMap.app && SahelMap.app.restored"),
    "FastMarkerCluster": (fast_marker_cluster, "document.querySelector('.marker-cluster')"),
    "MarkerCluster": (marker_cluster, "document.querySelector('.marker-cluster')"),
    "GeoJson": (geojson, "document.querySelector('path.leaflet-interactive')"),
    "geopandas.explore": (explore, "document.querySelector('path.leaflet-interactive')"),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--million", action="store_true", help="also a million incidents, this project's page only")
    parser.add_argument(
        "--slow", action="store_true", help="also MarkerCluster, GeoJson and geopandas.explore at 100,000"
    )
    asked = parser.parse_args()
    chromium = os.environ.get("SAHEL_MAP_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    print(
        f"{'method':20} {'incidents':>10} {'build s':>8} {'MB':>7} {'first picture s':>16} {'brush ms (median / longest)':>28}"
    )
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for size in [*asked.sizes, *([1_000_000] if asked.million else [])]:
            table = many(size)
            for name, (make, condition) in CONTESTANTS.items():
                if name != "sahel-map" and (
                    size > 100_000 or (size > 20_000 and name != "FastMarkerCluster" and not asked.slow)
                ):
                    continue
                path = Path(folder) / "map.html"
                started = time.perf_counter()
                try:
                    make(table, path)
                except ImportError as error:
                    print(f"{name:20} {size:>10,} needs {str(error).splitlines()[0]}")
                    continue
                built = time.perf_counter() - started
                seen = first_picture(browser, path, condition)
                steps = "{:.0f} / {:.0f}".format(*brush_step(browser, path)) if name == "sahel-map" else "-"
                print(
                    f"{name:20} {size:>10,} {built:>8.2f} {path.stat().st_size / 1e6:>7.2f} {f'{seen:.2f}' if seen else '-':>16} {steps:>28}",
                    flush=True,
                )
        browser.close()


if __name__ == "__main__":
    main()
