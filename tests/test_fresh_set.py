"""The lots of benchmarks/fresh are well formed: what is told of their articles can be scored."""

from __future__ import annotations

import datetime as dt
import importlib.util
import json
from pathlib import Path

import pytest

BOX = {"lat": (9.0, 25.1), "lon": (-12.5, 16.0)}  # Mali, Burkina Faso and Niger together
FOLDER = Path(__file__).parents[1] / "benchmarks" / "fresh"
if not FOLDER.exists():
    pytest.skip("the benchmarks are not at hand", allow_module_level=True)
SIZES = {"first": 48, "second": 30, "third": 30}
ENGLISH = {"first": 24, "second": 15, "third": 18}
ARTICLES = {
    lot: [json.loads(line) for line in (FOLDER / lot / "articles.jsonl").read_text(encoding="utf-8").splitlines()]
    for lot in SIZES
}
TRUTHS = {lot: json.loads((FOLDER / lot / "truth.json").read_text(encoding="utf-8")) for lot in SIZES}
TRUTH = [article for truth in TRUTHS.values() for article in truth]
INCIDENTS = [incident for article in TRUTH for incident in article["incidents"]]


@pytest.mark.parametrize("lot", SIZES)
def test_each_article_is_coded_once(lot: str) -> None:
    names = [article["report_id"] for article in ARTICLES[lot]]
    assert len(set(names)) == len(names) == SIZES[lot]
    assert [article["article"] for article in TRUTHS[lot]] == names


@pytest.mark.parametrize("lot", SIZES)
def test_articles_are_english_and_french_as_the_readme_says(lot: str) -> None:
    languages = [article["language"] for article in ARTICLES[lot]]
    assert languages.count("en") == ENGLISH[lot]
    assert set(languages) == {"en", "fr"}
    assert all(
        a["language"] == t["lang"] and a["published"] == t["published"]
        for a, t in zip(ARTICLES[lot], TRUTHS[lot], strict=True)
    )


def test_no_two_lots_hold_an_article_of_one_name() -> None:
    assert len({article["article"] for article in TRUTH}) == sum(SIZES.values())


def test_every_article_tells_of_an_incident_with_an_id_of_its_own() -> None:
    for article in TRUTH:
        ids = [incident["id"] for incident in article["incidents"]]
        assert ids, article["article"]
        assert len(set(ids)) == len(ids), article["article"]


def test_days_are_iso_and_not_after_the_report() -> None:
    for article in TRUTH:
        published = dt.date.fromisoformat(article["published"])
        for incident in article["incidents"]:
            window = incident["date_window"] or []
            days = [d for d in (incident["date"], *incident["date_accept"], *window) if d]
            assert days, incident
            assert all(dt.date.fromisoformat(day) <= published for day in days), incident
            assert window == sorted(window), incident


def test_points_lie_in_the_three_countries() -> None:
    for incident in INCIDENTS:
        assert incident["country"] in {"ML", "BF", "NE"}, incident
        for point in (incident, *incident["coord_alt"]):
            for axis, (low, high) in BOX.items():
                assert point[axis] is None or low <= point[axis] <= high, incident


def test_what_has_no_point_has_a_region() -> None:
    for incident in INCIDENTS:
        assert incident["lat"] is not None or incident["admin1"], incident
        assert (incident["lat"] is None) == (incident["lon"] is None), incident


@pytest.mark.parametrize(
    ("location", "precision", "found"),
    [
        ("Barsalogho", 1, True),  # 13 km off
        ("Northern Burkina Faso", 3, False),  # its middle is as near by chance
        ("Burkina Faso", 4, False),
        ("Dablo", 3, True),  # of several villages of this name: read, but not surely
    ],
)
def test_a_region_is_not_the_village_by_its_middle(location: str, precision: int, found: bool) -> None:
    spec = importlib.util.spec_from_file_location("fresh", FOLDER.with_suffix(".py"))
    assert spec
    assert spec.loader
    fresh = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(fresh)
    told = next(i for i in INCIDENTS if i["event_key"] == "BF-dablo-20190512")
    mention = {"country": "BF", "admin1": None, "location": location, "place_text": location}
    mention |= {"latitude": 13.7, "longitude": -1.07, "geo_precision": precision}
    assert (fresh._apart(told, mention) is not None) is found


def test_tolls_are_numbers_of_dead() -> None:
    for toll in (toll for incident in INCIDENTS for toll in incident["tolls"]):
        assert toll["kind"] == "killed", toll
        assert toll["who"] in {"soldiers", "civilians", "militants", "unspecified"}, toll
        assert toll["low"] is None or toll["low"] > 0, toll
        assert toll["high"] is None or toll["low"] <= toll["high"], toll
