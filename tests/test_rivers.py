"""Is "on the river between A and B" the river's reach, and nothing else?"""

import pytest

from sahel_map.gazetteer import Gazetteer
from sahel_map.model import LonLat
from sahel_map.names import read_rows
from sahel_map.resolution import default_resolver
from sahel_map.rivers import reach
from sahel_map.toponyms import spot

MOPTI, TIMBUKTU, GAO, ANSONGO = (-4.18, 14.48), (-3.01, 16.77), (-0.05, 16.27), (0.5, 15.66)
NIAMEY, DJIBO = (2.11, 13.51), (-1.63, 14.1)
WORDS = {
    "rivers?": "river", "boats?": "boats", "ferr(?:y|ies)": "ferry", "canoes?": "canoe", "pirogues?": "pirogues",
    "pinnaces?": "pinnace", "vessels?": "vessel", "barges?": "barge", "fleuve": "fleuve", "riviere": "rivière",
    "bateaux?": "bateaux", "pinasses?": "pinasse", "ferry": "ferry", "embarcations?": "embarcations", "navires?": "navire",
}  # fmt: skip


@pytest.mark.parametrize(
    ("one", "other", "passes"),
    [
        (MOPTI, TIMBUKTU, (-3.98, 15.28)),  # Lake Debo
        (TIMBUKTU, MOPTI, (-3.98, 15.28)),
        (GAO, ANSONGO, (0.2, 15.92)),
        (GAO, NIAMEY, (0.5, 15.66)),  # Ansongo
    ],
)
def test_a_reach_follows_the_river(one, other, passes):
    line = reach(LonLat(*one), LonLat(*other))
    from shapely import Point

    assert line.distance(Point(passes)) < 0.1
    assert Point(line.coords[0]).distance(Point(one)) < 0.25
    assert Point(line.coords[-1]).distance(Point(other)) < 0.25


@pytest.mark.parametrize("other", [TIMBUKTU, (-10.0, 20.0)])
def test_no_reach_from_a_place_on_no_river(other):
    assert reach(LonLat(*DJIBO), LonLat(*other)) is None


@pytest.mark.parametrize("row", read_rows("water_words.csv"), ids=lambda row: row["word"])
def test_every_word_for_the_water_makes_it_a_reach(row):
    word = WORDS[row["word"]]
    text = f"a {word} between Gao and Ansongo" if row["language"] == "en" else f"une {word} entre Gao et Ansongo"
    (span,) = spot(text, Gazetteer.open(local=False), language=row["language"])
    assert (span.relation, span.names) == ("river", ("Gao", "Ansongo"))


def test_on_the_road_it_is_none():
    (span,) = spot("a bus on the road between Gao and Ansongo", Gazetteer.open(local=False), language="en")
    assert span.relation != "river"


def test_the_resolution_says_so_and_bends():
    found = default_resolver().resolve("on the river between Mopti and Timbuktu")
    assert "reach of the river" in found.reason
    assert len(found.geometry.coords) > 10
    assert found.uncertainty_km >= 130
