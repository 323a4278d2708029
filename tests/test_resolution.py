"""Names and phrases to places: a row a lesson in cases/toponyms.csv, over the shipped gazetteer alone."""

import csv
import datetime as dt
import math
from pathlib import Path

import pytest
import shapely

from sahel_map.errors import InputError
from sahel_map.gazetteer import Gazetteer
from sahel_map.model import GeoPrecision, LonLat, PlaceKind, ResolutionStatus
from sahel_map.ranking import Context, _weights, distance_km, features, nearest_km, rank
from sahel_map.resolution import Resolver
from sahel_map.toponyms import spot

CASES = Path(__file__).parent / "cases" / "toponyms.csv"
with CASES.open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file))


@pytest.fixture(scope="module")
def resolver():
    return Resolver(Gazetteer.open(local=False))


def test_the_table_of_lessons_is_long_enough():
    assert len(ROWS) >= 150
    assert all(row["lesson"] for row in ROWS)


@pytest.mark.parametrize(
    "row", ROWS, ids=lambda row: "-".join(filter(None, (row["query"], row["country"], row["admin1"], row["date"])))
)
def test_lesson(resolver, row):
    answer = resolver.resolve(
        row["query"],
        country=row["country"] or None,
        admin1=row["admin1"] or None,
        date=dt.date.fromisoformat(row["date"]) if row["date"] else None,
    )
    assert answer.status.value in row["status"].split("|"), answer.reason
    assert answer.kind.value == row["kind"], answer.reason
    assert answer.location == row["location"]
    assert answer.country == row["country_code"]
    assert answer.admin1 == row["expected_admin1"]
    assert answer.method == row["method"]
    if row["latitude"]:
        expected = LonLat(float(row["longitude"]), float(row["latitude"]))
        assert distance_km(answer.position, expected) <= float(row["max_km"])
    assert answer.reason


def test_candidates_are_weighed_by_all_their_features(resolver):
    name = "Boulkessi"
    candidates = [*resolver.gazetteer.exact(name), *resolver.gazetteer.near(name)]
    towns = (LonLat(-1.1, 14.9), LonLat(2.1, 13.5))
    for context in (Context(), Context(near=towns), Context(near=towns, units=(shapely.box(-2, 14, 0, 16),))):
        weighed = [sum(_weights()[k] * v for k, v in features(name, c, context).items()) for c in candidates]
        ranked, none = rank(name, candidates, context)
        odds = {id(one.candidate): math.log(one.probability / none) for one in ranked}
        least = _weights()["none"]
        assert [odds[id(c)] + least for c in candidates] == pytest.approx(weighed)
    assert nearest_km(towns[0], (LonLat(0, 0), towns[1])) == distance_km(*towns)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "empty"),
        (" \t ", "empty"),
        ("x" * 10_000, "characters"),
        ("Djibo\x07", "control"),
        ("<img src=x>", "markup"),
        ("14.1", "letters"),
        ("'; DROP TABLE places; --", "no place"),
        ("تمبكتو", "no place"),
        ("Dj" * 70, "no place"),
    ],
)
def test_a_text_that_is_no_name_is_unresolved_with_the_reason(resolver, text, why):
    answer = resolver.resolve(text)
    assert answer.status is ResolutionStatus.UNRESOLVED
    assert why in answer.reason


def test_a_country_that_is_none_is_an_error_naming_it(resolver):
    with pytest.raises(InputError, match="Atlantis"):
        resolver.resolve("Djibo", country="Atlantis")


def test_several_countries_may_be_given(resolver):
    assert resolver.resolve("Boulikéssi", country=("ML", "NE")).country == "ML"
    assert resolver.resolve("Boulikéssi", country=["Burkina Faso"]).country == "BF"


def test_other_places_of_the_report_settle_a_homonym(resolver):
    yatenga, sanmatenga = LonLat(-2.42, 13.58), LonLat(-1.08, 13.09)
    west = resolver.resolve("Namissiguima", country="BF", near=[yatenga])
    east = resolver.resolve("Namissiguima", country="BF", near=[sanmatenga])
    assert west.position.lon < -2 < east.position.lon


def test_an_ambiguous_answer_reaches_as_far_as_its_candidates(resolver):
    answer = resolver.resolve("Namissiguima", country="BF")
    assert answer.status is ResolutionStatus.AMBIGUOUS
    others = [c.place for c in answer.candidates if c.place.name == "Namissiguima"]
    assert len(others) == 2
    assert answer.uncertainty_km >= max(distance_km(answer.position, p.position) for p in others)


def test_a_stretch_is_a_line_and_codes_as_one(resolver):
    answer = resolver.resolve("between Gao and Ansongo", country="ML")
    assert answer.geometry.geom_type == "LineString"
    assert answer.where_prec == 5
    assert answer.uncertainty_km >= 45


def test_a_unit_is_its_polygon_of_that_day(resolver):
    before = resolver.resolve("Mopti region", country="ML", date=dt.date(2020, 1, 1))
    after = resolver.resolve("Mopti region", country="ML", date=dt.date(2025, 1, 1))
    assert before.geometry.area > 1.5 * after.geometry.area
    assert (before.geo_precision, before.where_prec) == (GeoPrecision.REGION, 4)


def test_an_unknown_name_leaves_the_unit_named_as_what_is_certain(resolver):
    answer = resolver.resolve("Xyzzyville", country="BF", admin1="Yagha")
    assert answer.status is ResolutionStatus.UNRESOLVED
    assert (answer.kind, answer.location) == (PlaceKind.UNIT, "Yagha")
    assert answer.geometry.contains(answer.geometry.representative_point())


def test_a_span_found_in_text_keeps_its_phrase(resolver):
    (span,) = spot("They were ambushed 15 km north of Djibo.", resolver.gazetteer, language="en")
    answer = resolver.resolve(span, country="BF")
    assert answer.kind is PlaceKind.NEAR
    assert answer.position.lat == pytest.approx(14.099 + 15 / 111.2, abs=0.01)


def test_an_online_geocoder_is_asked_last_and_only_when_given():
    asked = []

    def online(name, countries):
        asked.append((name, countries))

    resolver = Resolver(Gazetteer.open(local=False), online=online)
    resolver.resolve("Djibo", country="BF")
    assert asked == []
    resolver.resolve("Xyzzyville", country="BF")
    assert asked == [("Xyzzyville", frozenset({"BF"}))]


def test_places_of_the_measuring_set(shared):
    """A sample of the measuring names, only where the data lies beside the checkout: most are found or left open."""
    resolver = Resolver(Gazetteer.open(local=False))
    path = shared / "data" / "ucdp" / "toponyms_dev.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    wrong = 0
    for row in rows:
        answer = resolver.resolve(row["name"], country=row["country"], admin1=row["adm1"] or None)
        true = LonLat(float(row["lon"]), float(row["lat"]))
        wrong += answer.status is ResolutionStatus.RESOLVED and distance_km(answer.position, true) > 25
    assert wrong <= 0.03 * len(rows)


def test_a_place_found_by_two_of_its_spellings_is_shown_once(resolver):
    shown = [c.place.place_id for c in resolver.resolve("Bourzanga", country="BF").candidates]
    assert len(shown) == len(set(shown)) > 0
