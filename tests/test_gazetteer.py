"""Look-ups in tiers, layers that win over others, and files that are no gazetteer."""

import random

import pytest
from rapidfuzz.distance import OSA

from sahel_map.errors import GazetteerError
from sahel_map.gazetteer import BULK, Gazetteer, local_path, user_places_path
from sahel_map.gazetteer_store import Store, write_store
from sahel_map.model import LonLat, Place
from sahel_map.spelling_index import SpellingIndex


def place(number, name, *others, lat=14.0, lon=0.0, country="BF", **more):
    return Place(
        place_id=f"made:{number}", name=name, alternate_names=others, position=LonLat(lon, lat), country=country,
        sources=(f"made:{number}",), **more,
    )  # fmt: skip


@pytest.fixture
def made(tmp_path):
    places = [
        place(1, "Tin-Akof", "Tinakoff", lat=14.9),
        place(2, "Koulogon-Peul", lat=13.8, country="ML"),
        place(3, "Koulogon-Dogon", lat=13.9, country="ML"),
        place(4, "Bouro", lat=14.3, population=300),
        place(5, "Bouro", lat=12.0, population=9000),
        place(6, "Minima Kanda", lat=13.7, country="ML"),
        place(7, "Ouagadougou", lat=12.4, population=2_000_000, feature_code="PPLC"),
    ]
    path = tmp_path / "made.sqlite"
    write_store(path, places, {"title": "made"})
    return Gazetteer([Store(path)])


@pytest.mark.parametrize(
    ("asked", "name", "method"),
    [
        ("Tin-Akof", "Tin-Akof", "exact"),
        ("TIN AKOF", "Tin-Akof", "exact"),
        ("tinakoff", "Tin-Akof", "alternate"),
        ("Tinakof", "Tin-Akof", "compact"),
        ("Wagadugu", "Ouagadougou", "sound"),
        ("Ouagadugou", "Ouagadougou", "sound"),
        ("Ouagadogou", "Ouagadougou", "close"),
        ("Oaugadougou", "Ouagadougou", "close"),
        ("Minima", "Minima Kanda", "part"),
        ("Koulogon Peulh", "Koulogon-Peul", "sound"),
    ],
)
@pytest.mark.parametrize("loaded", [False, True], ids=["from the file", "from memory"])
def test_tiers(made, asked, name, method, loaded):
    if loaded:
        made.load()
    best = made.search(asked)[0]
    assert (best.place.name, best.method) == (name, method)
    assert 0 < best.score <= 1


def test_stricter_tiers_score_higher(made):
    scores = [made.search(asked)[0].score for asked in ("Tin-Akof", "Tinakoff", "Tinakof", "Tin-Akoffe")]
    assert scores == sorted(scores, reverse=True)


def test_a_twin_village_is_told_by_its_qualifier(made):
    assert made.search("Koulogon Peulh")[0].place.name == "Koulogon-Peul"
    assert {c.place.name for c in made.search("Koulogon")} == {"Koulogon-Peul", "Koulogon-Dogon"}


def test_among_equals_the_more_populated_comes_first_and_the_country_filters(made):
    assert [c.place.population for c in made.search("Bouro")][:2] == [9000, 300]
    assert made.search("Bouro", country="ML") == ()
    assert len(made.lookup("bouro")) == 2


@pytest.mark.parametrize("name", ["", "   ", "---", "x" * 10_000, "Qzxwvk", "'; DROP TABLE places", "%", "_", "كيدال"])
def test_nothing_found_is_empty(made, name):
    assert made.search(name) == ()
    assert made.lookup(name) == ()


def test_many_lookups_give_what_few_do(made):
    first = made.search("Ouagadogou")
    for _ in range(BULK + 5):
        made.lookup("Bouro")
    assert made.search("Ouagadogou") == first


def test_an_earlier_layer_wins(made, tmp_path):
    own = tmp_path / "own.sqlite"
    write_store(own, [place(9, "Ouagadougou", lat=12.41)], {"title": "user"})
    both = Gazetteer([Store(own), *made._layers])
    found = both.search("Ouagadougou")
    assert [c.place.place_id for c in found if c.method == "exact"] == ["made:9"]


def test_the_shipped_gazetteer_knows_every_spelling_of_its_places():
    shipped = Gazetteer.open(local=False)
    assert len(shipped) > 2000
    for entry in list(shipped.places())[::40]:
        for name in (entry.name, *entry.alternate_names):
            assert any(found.place_id == entry.place_id for found in shipped.lookup(name)), name


def test_a_file_that_is_no_gazetteer_is_named(tmp_path, monkeypatch):
    path = tmp_path / "gazetteer.sqlite"
    path.write_text("not a database at all, but long enough to be read as one " * 20)
    with pytest.raises(GazetteerError, match="gazetteer update"):
        Store(path)
    monkeypatch.setenv("SAHEL_MAP_GAZETTEER", str(tmp_path / "missing.sqlite"))
    assert local_path() == tmp_path / "missing.sqlite"
    assert user_places_path() == tmp_path / "my_places.csv"
    with pytest.raises(GazetteerError, match=r"missing\.sqlite"):
        Gazetteer.open()


def test_a_gazetteer_of_another_version_is_named(tmp_path, monkeypatch):
    path = tmp_path / "old.sqlite"
    monkeypatch.setattr("sahel_map.gazetteer_store.SCHEMA", "1")
    write_store(path, [place(1, "Djibo")], {})
    monkeypatch.undo()
    with pytest.raises(GazetteerError, match="another version"):
        Store(path)


def test_an_interrupted_write_leaves_the_old_file(tmp_path):
    path = tmp_path / "gazetteer.sqlite"
    write_store(path, [place(1, "Djibo")], {})

    def broken():
        yield place(2, "Dori")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_store(path, broken(), {})
    assert [p.name for p in Gazetteer([Store(path)]).places()] == ["Djibo"]
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("tombouctou", {"tombouctou": 0}),
        ("tombuctou", {"tombouctou": 1}),
        ("tombotcou", {"tombouctou": 2}),
        ("gao", {"gao": 0, "gaya": 2}),
        ("", {}),
    ],
)
def test_spelling_index_finds_what_is_within_two_edits(word, found):
    keys = ["tombouctou", "gao", "gaya", "ouagadougou"]
    index = SpellingIndex(keys, distance=2)
    assert {keys[number]: edits for number, edits in index.near(word, 2)} == found
    _, numbers, edits = index.near_many([word], [2])
    assert {keys[number]: few for number, few in zip(numbers, edits, strict=True)} == found


def test_spelling_index_finds_for_many_words_what_it_finds_for_each():
    draw = random.Random(4)
    keys = ["".join(draw.choices("abcdñⵜ", k=draw.randrange(1, 14))) for _ in range(800)]
    index = SpellingIndex(keys, distance=2)
    words = ["".join(draw.choices("abcdñⵜ", k=draw.randrange(1, 14))) for _ in range(200)] + [""]
    limits = [draw.randrange(3) for _ in words]
    owners, numbers, edits = index.near_many(words, limits)
    together = list(zip(owners.tolist(), numbers.tolist(), edits.tolist(), strict=True))
    alone = [(i, n, e) for i, word in enumerate(words) for n, e in sorted(index.near(word, limits[i]))]
    plain = [
        (i, n, OSA.distance(word, key))
        for i, word in enumerate(words)
        for n, key in enumerate(keys)
        if OSA.distance(word, key) <= limits[i]
    ]
    assert together == alone == plain


def test_spelling_index_of_nothing_finds_nothing():
    assert SpellingIndex([], distance=2).near("gao", 2) == []
    assert [len(part) for part in SpellingIndex([], distance=2).near_many(["gao"], [2])] == [0, 0, 0]
    assert [len(part) for part in SpellingIndex(["gao"], distance=2).near_many([], [])] == [0, 0, 0]


def test_many_names_searched_together_give_what_each_gives_alone(made):
    names = ["Ouagadugou", "Oaugadougou", "Minima", "Koulogon Peulh", "Bouro", "", "x" * 200, "Qzxwvk", "H", "Tinakov"]
    assert list(made.search_many(names, country="BF")) == [made.search(name, country="BF") for name in names]
    assert list(made.search_many(names, limit=1)) == [made.search(name, limit=1) for name in names]
    assert list(made.search_many([])) == []


def test_many_names_of_every_sort_searched_together_give_what_each_gives_alone():
    shipped, draw = Gazetteer.open(local=False), random.Random(6)
    known = [name for place in shipped.places() for name in (place.name, *place.alternate_names)]
    names = draw.sample(known, 150) + [misspelt(name, draw) for name in draw.sample(known, 600)]
    names += [f"{name} {word}" for name in draw.sample(known, 60) for word in ("Peulh", "Dogon", "Centre")]
    names += ["".join(draw.choices("abdeghiklnorsu -éŋ'", k=draw.randrange(14))) for _ in range(100)]
    for more in ({}, {"limit": 2}, {"country": "ML"}, {"country": "BF", "limit": 1}, {"limit": 0}):
        assert list(shipped.search_many(names, **more)) == [shipped.search(name, **more) for name in names]


def test_names_prepared_together_are_found_as_each_is_alone():
    alone, together, draw = Gazetteer.open(local=False), Gazetteer.open(local=False), random.Random(7)
    names = [misspelt(place.name, draw) for place in draw.sample(list(alone.places()), 300)] + ["", "x" * 200]
    together.prepare(names)
    for name in names:
        assert together.near(name) == alone.near(name)
        assert together.near(name, most=4) == alone.near(name, most=4)
        in_mali = [c for c in alone.near(name) if c.place.country == "ML"]
        assert together.near(name, meant=lambda place: place.country == "ML") == in_mali


def misspelt(name, draw):
    at = draw.randrange(len(name))
    return draw.choice(
        (name[:at] + name[at + 1 :], name[:at] + draw.choice("aeiou") + name[at:], f"{name[:at]}x{name[at + 1 :]}")
    )


def test_of_equally_near_spellings_the_most_populated_places_are_given(tmp_path):
    ends = "abcdefghijklmnopqrst"
    places = [place(n, f"Boureb{end}", lat=12 + n / 5, population=n) for n, end in enumerate(ends)]
    path = tmp_path / "made.sqlite"
    write_store(path, places, {})
    found = Gazetteer([Store(path)]).search("Bourebx", limit=3)
    assert [c.place.population for c in found] == sorted((p.population for p in places), reverse=True)[:3]
