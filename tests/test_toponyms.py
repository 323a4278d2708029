"""Place mentions in running text: what is one, what is none, and where it stands."""

import pytest

from sahel_map.gazetteer import Gazetteer
from sahel_map.names import read_rows
from sahel_map.toponyms import spot


@pytest.fixture(scope="module")
def gazetteer():
    return Gazetteer.open(local=False)


def names(text, gazetteer, language="en"):
    return [name for span in spot(text, gazetteer, language=language) for name in span.names]


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        ("en", "Gunmen attacked Djibo on Sunday.", ["Djibo"]),
        ("en", "Gunmen attacked the village of Zorgouna on Sunday.", ["Zorgouna"]),  # no gazetteer knows it
        ("en", "Then Zorgouna, a village in the commune of Djibo, was raided.", ["Zorgouna"]),
        ("en", "Boulkessi, near the border with Burkina Faso, fell.", ["Boulkessi", "Burkina Faso"]),
        ("en", "Mali's army said it had left Ménaka.", ["Mali", "Ménaka"]),
        ("en", "More Logo Share Home Read", []),
        ("en", "In January, President Bazoum spoke.", []),
        ("en", "Mohamed Bazoum and Ibrahim Traoré met.", []),
        ("en", "Operation Barkhane ended in November.", []),
        ("en", "The group Boko Haram claimed it.", []),
        ("en", "The Niger Delta is in Nigeria.", ["Nigeria"]),
        ("en", "Niger State is not Niger.", ["Niger"]),
        ("en", "soldiers from Mali and Niger", ["Mali", "Niger"]),
        ("fr", "Des hommes armés ont attaqué le village de Zorgouna.", ["Zorgouna"]),
        ("fr", "L'attaque a eu lieu à Zorgouna, dans la région de Gao.", ["Zorgouna"]),
        ("fr", "À Tessit, l'armée malienne a riposté.", ["Tessit"]),
        ("fr", "Le colonel Goïta et le général Tiani se sont vus.", []),
        ("fr", "Selon l'ONU, en janvier, les FAMa ont agi.", []),
        ("fr", "une zone du Delta du Niger", []),
        ("fr", "Les Nigériens et les Burkinabè sont partis.", []),
        ("fr", "sur l'axe Gao-Ansongo", ["Gao", "Ansongo"]),
        ("fr", "entre Bourzanga et Djibo", ["Bourzanga", "Djibo"]),
        ("fr", "dans la zone des trois frontières", ["zone des trois frontières"]),
    ],
)
def test_mentions(gazetteer, language, text, found):
    assert names(text, gazetteer, language) == found


@pytest.mark.parametrize(
    ("text", "kind", "within"),
    [
        ("Soum province", "province", ()),
        ("in Tillabéri region", "region", ()),
        ("cercle de Bankass", "cercle", ()),
        ("dans la commune de Tarkint", "commune", ()),
        ("the village of Solhan, in Yagha province", "town", ("Yagha",)),
        ("Solhan (Yagha)", "", ("Yagha",)),
        ("Then Zorgouna, a village in the commune of Djibo, was raided.", "", ("Djibo",)),
        ("à Solhan, dans la province du Yagha", "", ("Yagha",)),
        ("Zorgo River", "river", ()),
    ],
)
def test_kinds_and_containers(gazetteer, text, kind, within):
    span = spot(text, gazetteer, lenient=True)[0]
    assert (span.kind, span.within) == (kind, within)


def test_a_list_shares_its_container(gazetteer):
    spans = spot("attacks in Zorgouna, Tiborga and Solhan in Yagha province", gazetteer, language="en")
    assert [s.within for s in spans] == [("Yagha",)] * 3


@pytest.mark.parametrize(
    "text", ["", "   ", "....", "1234", "x" * 20_000, "<b>", "\x00\x07", "كيدال", "ⵜⵉⵏⴱⵓⴽⵜⵓ", "À" * 5_000]
)
def test_hostile_text_is_read_without_a_place(gazetteer, text):
    assert spot(text, gazetteer) == ()


def test_spans_hold_their_own_text(gazetteer):
    text = "Mardi, à Solhan et à 15 km au nord de Djibo, puis près de Gao et dans la région de Kidal, au Mali."
    spans = spot(text, gazetteer, language="fr")
    assert all(text[s.start : s.end] == s.text for s in spans)
    assert [s.start for s in spans] == sorted(s.start for s in spans)
    assert [s.relation for s in spans[:3]] == ["", "offset", "near"]


@pytest.mark.parametrize("row", read_rows("toponym_stop.csv"), ids=lambda row: row["word"])
def test_no_stop_word_is_a_place_by_itself(gazetteer, row):
    assert spot(f"Then {row['word'].title()} said so.", gazetteer, language="en") == ()


def test_country_codes_are_given_with_countries(gazetteer):
    assert [s.country for s in spot("from Mali to Côte d'Ivoire", gazetteer, language="en")] == ["ML", "CI"]
