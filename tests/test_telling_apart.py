"""Are places that are one told apart the same way, whether beforehand or one after the other?"""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sahel_map.model import LonLat, Place
from sahel_map.telling_apart import Apart, Distinct, twins


def place(number: int, lon: float, lat: float, name: str = "Boni") -> Place:
    return Place(place_id=f"p{number}", name=name, position=LonLat(lon, lat), country="ML")


def test_the_first_of_two_within_five_km_is_kept():
    group = [place(1, -2.22, 15.07), place(2, -2.21, 15.08), place(3, -2.22, 15.2)]
    assert twins([group]) == {"p2": "p1"}
    apart = Apart(twins([group]))
    assert [p.place_id for p in group if apart.admits(p)] == ["p1", "p3"]


def test_a_place_offered_twice_is_admitted_once():
    for apart in (Apart({}), Distinct()):
        assert [apart.admits(place(1, 0.0, 0.0)), apart.admits(place(1, 0.0, 0.0))] == [True, False]


def test_one_name_apart_is_another_place():
    assert twins([[place(1, -2.22, 15.07)], [place(2, -2.22, 15.07, "Hombori")]]) == {}


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=8))
def test_both_ways_admit_the_same_of_a_group(cells):
    # cells of 10 km: near ones are in one cell, so that "near" passes on from one to the next
    group = [place(n, x * 0.1 + n * 0.001, y * 0.1) for n, (x, y) in enumerate(cells)]
    one, other = Apart(twins([group])), Distinct()
    assert [one.admits(p) for p in group] == [other.admits(p) for p in group]
