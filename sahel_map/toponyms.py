"""Where does a text name a place? Mentions and place phrases with their character spans, not yet resolved.

A capitalised word is a place when a gazetteer knows it and the words around it speak of a place; after a
strong cue ("in", "à", "the village of") also when none does, for names are misspelt and gazetteers incomplete.
Cues, unit words and words that are no places are rows of ``data/place_cues.csv``, ``unit_words.csv``,
``toponym_stop.csv``; the grammar of phrases is in phrases.py.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from typing import NamedTuple
from weakref import WeakKeyDictionary

from sahel_map.boundaries import Boundaries
from sahel_map.countries import country_names
from sahel_map.gazetteer import Gazetteer
from sahel_map.names import fold, read_rows
from sahel_map.phrases import Relation, plain, relations

MOST_WORDS = 6  # of a name
UNIT_KINDS = ("region", "province", "cercle", "department", "commune")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceSpan:
    """A place mention or place phrase at characters [start, end) of a text."""

    start: int
    end: int
    text: str
    names: tuple[str, ...]  # the place names in it: one, or two for "between A and B"
    kind: str = ""  # town, region, province, cercle, department, commune, country, river, area: what the text calls it
    relation: str = ""  # "", near, offset, between, road, river, border
    distance_km: float | None = None
    bearing: float | None = None  # degrees clockwise from north
    within: tuple[str, ...] = ()  # names of what contains it: "X, dans la région de Y", "X (Y)"
    within_kinds: tuple[str, ...] = ()
    border: str = ""  # ISO code of the country whose border it is said to be near
    country: str = ""  # ISO code, when the mention is a country
    cue: bool = False  # a locational word stands before or after it
    known: bool = True  # some gazetteer, unit or area has this very name

    @property
    def meaning(self) -> tuple[object, ...]:
        """All but where it stands: two spans of one meaning are one place."""
        return (self.text, self.names, self.kind, self.relation, self.distance_km, self.bearing, self.within,
                self.within_kinds, self.border, self.country, self.cue, self.known)  # fmt: skip


def spot(text: str, gazetteer: Gazetteer, *, language: str = "", lenient: bool = False) -> tuple[PlaceSpan, ...]:
    """The place mentions of a text in their order; `language` "en", "fr" or "" for either.

    `lenient` takes the text for a description of a place ("Gasseliki (Arbinda)"), where every capitalised
    word may be a name. Containers ("…, in Soum province") are given with what they contain; countries
    are mentions of their own as well.

    >>> spans = spot("Attack 15 km north of Djibo, Soum province", Gazetteer.open(local=False), language="en")
    >>> [(s.text, s.names, s.distance_km, s.bearing, s.within) for s in spans]
    [('15 km north of Djibo', ('Djibo',), 15.0, 0.0, ('Soum',))]
    """
    vocabulary = _vocabulary(gazetteer)
    tokens = _tokens(text)
    mentions = list(_mentions(text, tokens, vocabulary, language, lenient))
    if not mentions:
        return ()
    mentions = _with_unit_words(text, mentions, language)
    related = _with_relations(text, mentions, language)
    return tuple(_with_containers(text, related, vocabulary.units))


def speaks_of_place(words: Sequence[str]) -> bool:
    """Is one of the folded words a cue or unit word, so that they are a description and no bare name?

    >>> speaks_of_place(["near", "chetimari"]), speaks_of_place(["tin", "akof"])
    (True, False)
    """
    return any(word in _function_words() for word in words)


def has_unit_word(words: Sequence[str]) -> bool:
    """Does one of several folded words call it a province, commune, village…?"""
    return len(words) > 1 and any(word in _unit_kinds("") for word in words)


def without_unit_word(name: str) -> tuple[str, str]:
    """A folded name without the unit word it begins or ends with, and the kind this says; "" for none.

    >>> without_unit_word("Sahel region"), without_unit_word("région du Sahel"), without_unit_word("Gao")
    (('sahel', 'region'), ('sahel', 'region'), ('gao', ''))
    """
    words = fold(name).split()
    kinds = _unit_kinds("")
    if len(words) > 1 and kinds.get(words[-1]) in UNIT_KINDS:
        return " ".join(words[:-1]), kinds[words[-1]]
    if len(words) > 1 and kinds.get(words[0]) in UNIT_KINDS:
        rest = words[2:] if words[1] in _UNIT_GLUE and len(words) > 2 else words[1:]
        return " ".join(rest), kinds[words[0]]
    return " ".join(words), ""


class Token(NamedTuple):
    start: int
    end: int
    word: str  # folded
    capital: bool
    upper: bool  # all capitals
    tagged: bool = False  # a hash tag


class Vocabulary(NamedTuple):
    """Every known name as folded words: the whole names, their beginnings, and the ones everybody knows."""

    names: frozenset[str]
    spellings: frozenset[str]  # the same names without their spaces
    prominent: frozenset[str]
    areas: frozenset[str]
    area_beginnings: frozenset[str]  # first words of areas of several words, which may be written small
    units: dict[str, int]  # level by folded name, the lowest number where there are several
    stems: frozenset[str]  # the first STEM letters of names and of phrases that are none


STEM = 6  # letters
_WORD = re.compile(r"[^\W_]+")
_CAMEL = re.compile(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])")
_vocabularies: WeakKeyDictionary[Gazetteer, Vocabulary] = WeakKeyDictionary()


def _vocabulary(gazetteer: Gazetteer) -> Vocabulary:
    known = _vocabularies.get(gazetteer)
    if known is None:
        known = _vocabularies[gazetteer] = _read_vocabulary(gazetteer)
    return known


def _read_vocabulary(gazetteer: Gazetteer) -> Vocabulary:
    boundaries = Boundaries.shipped()
    units: dict[str, int] = {}
    for unit in boundaries.units():
        for name in (unit.name, *unit.alternate_names):
            units[fold(name)] = min(unit.level, units.get(fold(name), unit.level))
    areas = {fold(n) for area in boundaries.areas() for n in (area.name_en, area.name_fr, *area.alternate_names)}
    countries = set(country_names())
    names = {name for name in gazetteer.folded_names() if len(name) > 1} | set(units) | areas | countries
    names -= {""}
    begin = frozenset(area.split()[0] for area in areas if " " in area)
    spellings = {name.replace(" ", "") for name in names}
    prominent = set(gazetteer.prominent_names()) | set(units) | areas | countries
    stems = {spelling[:STEM] for spelling in spellings | {words.replace(" ", "") for words in _stop()}}
    return Vocabulary(
        frozenset(names), frozenset(spellings), frozenset(prominent), frozenset(areas), begin, units, frozenset(stems)
    )


# of a tuple of all six fields: Token(…) takes twice as long, and is called for each word of a text
_new_token: Callable[[tuple[int | str | bool, ...]], Token] = partial(tuple.__new__, Token)


def _tokens(text: str) -> list[Token]:
    tokens = [_new_token((*match.span(), *_word(match[0]), False)) for match in _WORD.finditer(text)]
    if "#" in text:
        return [token._replace(tagged=text[token.start - 1 : token.start] == "#") for token in tokens]
    return tokens


@lru_cache(maxsize=1 << 16)
def _word(word: str) -> tuple[str, bool, bool]:
    """A word folded, whether it begins with a capital, and whether it is all capitals."""
    return fold(word), word[0].isupper(), len(word) > 1 and word.isupper()


def _mentions(
    text: str, tokens: list[Token], vocabulary: Vocabulary, language: str, lenient: bool
) -> Iterator[PlaceSpan]:
    stop, cues = _stop(), _cues(language)
    small = vocabulary.area_beginnings
    likely = [n for n, t in enumerate(tokens) if t.capital or t.tagged or t.word in small]  # few words of a text
    at = 0
    last_end, last_cue = -1, False
    for next_at in range(len(tokens)) if lenient else likely:
        if next_at < at:
            continue  # within a name already read
        at = next_at
        token = tokens[at]
        if not _may_begin(text, tokens, at, vocabulary, lenient):
            at += 1
            continue
        count = _longest_known(text, tokens, at, vocabulary, stop)
        cue = _cue_before(text, tokens, at, cues, language)
        opens = not (at or lenient or count)
        if cue != "noun" and _cue_after(text, tokens, at, language, opens=opens):
            cue = "strong"  # but the capital that opens a sentence makes no unknown word a name
        if cue in ("", "weak") and not count and at and _is_called_village_or_road(text, tokens, at):
            cue = "strong"
        chained = last_end >= 0 and bool(_CHAIN.fullmatch(text[last_end : token.start]))
        if chained and cue in ("", "weak") and last_cue and _goes_on(text, tokens, at, last_end):
            cue = "strong"  # "in A, B and C"
        accepted = 0
        if count < 0:  # a name that is no place: "Delta du Niger", "Boko Haram"
            at += -count
            continue
        if count and _accept_known(text, tokens, at, count, vocabulary, stop, cue, chained, lenient):
            alone = token.word not in vocabulary.prominent or _another_name_follows(text, tokens, at, vocabulary)
            whole = cue == "noun" or (cue == "strong" and count == 1 and alone)
            longer = _unknown_run(text, tokens, at, stop, vocabulary, cue, lenient) if whole else 0
            accepted = max(count, longer)  # "the village of Alou Koira" is not Alou, though there is one
        elif not count or token.word not in stop:
            accepted = _unknown_run(text, tokens, at, stop, vocabulary, cue, lenient)
        if not accepted:
            at += max(count, 1)
            continue
        if accepted == 2 and not count and _joins_two(text, tokens, at, vocabulary):
            for token in tokens[at : at + 2]:  # "sur l'axe Ougarou-Boungou": two places, and the road between them
                yield PlaceSpan(start=token.start, end=token.end, text=text[token.start : token.end],
                                names=(text[token.start : token.end],), cue=True)  # fmt: skip
            last_end, last_cue = tokens[at + 1].end, True
            at += 2
            continue
        end = tokens[at + accepted - 1].end
        name = _CAMEL.sub(" ", text[token.start : end]) if token.tagged else text[token.start : end]
        folded = fold(name)
        yield PlaceSpan(
            start=token.start,
            end=end,
            text=text[token.start : end],
            names=(name,),
            kind="country" if folded in country_names() else "",
            country=country_names().get(folded, ""),
            cue=cue == "strong",
            known=bool(count) and accepted == count,
        )
        last_end, last_cue = end, cue in ("strong", "noun")
        at += accepted


def _another_name_follows(text: str, tokens: list[Token], at: int, vocabulary: Vocabulary) -> bool:
    """ "At Dani Fari": a name of two words, each a village's too, is not the first of them."""
    if at + 1 >= len(tokens) or text[tokens[at].end : tokens[at + 1].start] != " ":
        return False
    word = tokens[at + 1].word
    return tokens[at + 1].capital and word in vocabulary.names and word not in country_names()


_SHORTEST_END = 4  # letters: "Tin-Samane", "In-Delimane" are one name
_ROAD = re.compile(
    r"\b(?:axe|route|troncon|rn ?\d+|road|highway|axis)(?: nationale| routier)?(?: \d+)?(?: de| du| d'| reliant| of| linking)? ?$"
)


def _joins_two(text: str, tokens: list[Token], at: int, vocabulary: Vocabulary) -> bool:
    """Is an unknown "A-B" after a word for a road two places, one of them known at least?"""
    one, two = tokens[at : at + 2]
    known = {one.word, two.word} & vocabulary.names
    if text[one.end : two.start] not in "-–—" or not known or min(len(one.word), len(two.word)) < _SHORTEST_END:
        return False
    if _ROAD.search(plain(text[max(0, one.start - 30) : one.start])):
        return True
    return re.match(r" (?:axis|road|highway|stretch)(?!\w)", text[two.end :]) is not None


_CALLED = re.compile(
    r"(?:[ -][^\W_a-zà-ÿ][^\W_]+){0,2} (?:village|town|locality|hamlet|(?:refugee )?camp|mine|forest|market|island|area(?=[,.;]| in | of ))(?!\w)"
    r"|\s?[-–—/]\s?[^\W_a-zà-ÿ][^\W_]+ (?:axis|road|highway|stretch)(?!\w)"
)


def _is_called_village_or_road(text: str, tokens: list[Token], at: int) -> bool:
    """ "Sahouna village", "the Gadobo-Sangara axis": English says after the name what it is."""
    return _CALLED.match(text, tokens[at].end) is not None


def _goes_on(text: str, tokens: list[Token], at: int, last_end: int) -> bool:
    """Is this a further member of a list of places: joined by "and", or with another name after it?"""
    if re.search(r"\b(?:and|et)\b|&", text[last_end : tokens[at].start]):
        return True
    return (
        re.match(
            r"(?:[ '’-][^\W_]+){0,2}\s?(?:,|and\b|et\b|&)\s*(?:(?:and|et)\s)?#?[^\W_a-zà-ÿ]", text[tokens[at].end :]
        )
        is not None
    )


_CHAIN = re.compile(r"\s*(?:,|/|;|and|et|&|ou|or|-|–|,\s*(?:and|et))?\s*#?", re.IGNORECASE)
_GLUE = re.compile(r"[ \u00a0'’ʼ‘`._-]{1,2}")


def _may_begin(text: str, tokens: list[Token], at: int, vocabulary: Vocabulary, lenient: bool) -> bool:
    """May a name begin at this word: a capital, a hash tag, or the small beginning of an area's name?"""
    token = tokens[at]
    small = not (token.capital or token.tagged)
    if token.word in _function_words() and not token.tagged:
        if small and token.word not in vocabulary.area_beginnings:
            return False
        if token.capital and token.word in vocabulary.units and _is_called_unit(text, tokens, at):
            return True
        return _longest_known(text, tokens, at, vocabulary, _stop()) > 1
    if not small:
        return True
    if token.word in vocabulary.area_beginnings and _longest_known(text, tokens, at, vocabulary, _stop()) > 1:
        return True
    if not lenient or len(token.word) <= 4 or token.word not in vocabulary.names:
        return False
    return _cue_before(text, tokens, at, _cues(""), "") in ("strong", "noun") or not any(t.capital for t in tokens)


def _is_called_unit(text: str, tokens: list[Token], at: int) -> bool:
    """Is the word between or beside unit words: "Est region", "région de l'Est"?"""
    return _unit_word_after(text, tokens, at + 1) or _cue_before(text, tokens, at, {}, "") == "noun"


def _longest_known(text: str, tokens: list[Token], at: int, vocabulary: Vocabulary, stop: dict[str, str]) -> int:
    """Words of the longest known name that begins here; negative for a known phrase that is no place.

    A name does not end within hyphens unless another begins there: in "Tin-Samane" no "Tin" is found.
    """
    word = tokens[at].word
    if at + 1 < len(tokens) and text[tokens[at].end : tokens[at + 1].start] == " ":
        both = word + tokens[at + 1].word
        if len(both) >= STEM and both[:STEM] not in vocabulary.stems:  # no name goes on like this
            return int(word in vocabulary.names and not (word in _PREFIXES and tokens[at + 1].capital))
    most, hyphened = 1, 0  # hyphened: words joined by hyphens from here on
    while most < MOST_WORDS and at + most < len(tokens):
        glue = text[tokens[at + most - 1].end : tokens[at + most].start]
        if glue != " " and not _GLUE.fullmatch(glue):
            break
        if glue == "-" and hyphened == most - 1:
            hyphened = most
        most += 1
    words = [token.word for token in tokens[at : at + most]]
    if most > 1:
        both = words[0] + words[1]
        if len(both) >= STEM and both[:STEM] not in vocabulary.stems:
            most = 1  # no name goes on like this
    capital = tokens[at].capital or tokens[at].tagged
    for count in range(most, 0, -1):
        name = " ".join(words[:count])
        if count > 1 and name in stop:
            return -count
        if count > 1 and name in vocabulary.areas:
            return count
        if count == 1 and len(words) > 1 and name in _PREFIXES and tokens[at + 1].capital:
            continue  # "Tin Afaghout" is no place called Tin
        last = tokens[at + count - 1]
        if not capital and count > 1:
            continue
        if count > 1 and not (last.capital or last.tagged or last.word.isdigit() or name in vocabulary.names):
            continue
        if count > 1 and (
            _unit_kinds("").get(words[0]) in UNIT_KINDS or _unit_kinds("").get(words[count - 1]) in UNIT_KINDS
        ):
            continue  # "Soum Province" is Soum with a unit word
        if count <= hyphened and not _begins_name(words[count : hyphened + 1], vocabulary):
            continue
        if name in vocabulary.names or (count > 1 and name.replace(" ", "") in vocabulary.spellings):
            return count
    return 0


def _begins_name(words: list[str], vocabulary: Vocabulary) -> bool:
    """Are the words a known name, or begin with one, of more than two letters?"""
    names = (" ".join(words[:count]) for count in range(1, len(words) + 1))
    return any(name in vocabulary.names and len(name) > 2 for name in names)


def _accept_known(
    text: str, tokens: list[Token], at: int, count: int, vocabulary: Vocabulary,
    stop: dict[str, str], cue: str, chained: bool, lenient: bool,
) -> bool:  # fmt: skip
    name = " ".join(t.word for t in tokens[at : at + count])
    noun = cue == "noun" or _unit_word_after(text, tokens, at + count)
    if name in stop:
        return noun and (name not in _PLAIN_STOP_LESSONS or not lenient) and stop[name] not in _NEVER
    if noun or lenient or tokens[at].tagged:
        return True
    before = tokens[at - 1] if at else None
    if before is not None and text[before.end : tokens[at].start] == " ":
        if stop.get(before.word) in ("office", "rank"):
            return False
        if (
            before.capital
            and not before.upper
            and at > 1
            and name not in country_names()
            and before.word not in _cues("")
        ):
            return False  # "Mohamed Bazoum", "Ansar Dine"
    prominent = name in vocabulary.prominent
    if cue == "strong":
        return True
    if count > 1 and (prominent or len(name) > 8):
        return True
    if prominent and len(name) > 2:
        return True
    return chained and (cue == "weak" or before is None or not before.capital)


_PLAIN_STOP_LESSONS: frozenset[str] = frozenset()
_NEVER = {"month", "day", "person", "group", "organisation", "news agency", "people", "office", "rank"}


def _unknown_run(
    text: str, tokens: list[Token], at: int, stop: dict[str, str], vocabulary: Vocabulary, cue: str, lenient: bool
) -> int:
    """How many words of an unknown name begin here, 0 when nothing says that it is a place."""
    token = tokens[at]
    if not (cue in ("strong", "noun") or lenient or token.tagged):
        return 0
    if (
        token.word in stop
        or len(token.word) < 3
        or (token.upper and len(token.word) <= 5 and not token.tagged and not lenient)
    ):
        return 0
    if token.word in _unit_kinds("") or any(c.isdigit() for c in token.word):
        return 0
    count = 1
    while at + count < len(tokens) and count < 3:
        after = tokens[at + count]
        if text[tokens[at + count - 1].end : after.start] == "-" and after.word not in _unit_kinds(""):
            count += 1
            continue
        if not after.capital or after.word in stop or after.word in _unit_kinds(""):
            break
        if not _GLUE.fullmatch(text[tokens[at + count - 1].end : after.start]) or after.upper != token.upper:
            break
        if " " in text[tokens[at + count - 1].end : after.start] and after.word in vocabulary.prominent:
            break
        count += 1
    if count > 1 and cue == "strong" and not lenient and tokens[at + count - 1].upper:
        return 0
    return count


_CLAUSE_ENDS = frozenset('.;:!?()"«»')


def _cue_before(text: str, tokens: list[Token], at: int, cues: dict[str, str], language: str) -> str:
    """strong, weak, noun (a unit word such as "village of") or "": what the words before say."""
    words: list[str] = []
    best, kinds = "", _unit_kinds(language)
    for back in range(1, 5):
        if at - back < 0:
            break
        between = text[tokens[at - back].end : tokens[at - back + 1].start]
        if between != " " and (
            len(between) > 4 or not _CLAUSE_ENDS.isdisjoint(between) or ("," in between and back > 1)
        ):
            break
        words.insert(0, tokens[at - back].word)
        phrase = " ".join(words)
        if phrase in cues and best != "strong" and not (back == 1 and "," in between):
            best = cues[phrase]
        unit = words[0]
        if (
            unit in kinds
            and _UNIT_GLUE.issuperset(words[1:])
            and "," not in text[tokens[at - 1].end : tokens[at].start]
        ):
            return "noun"  # but "Sahouna village, Mopti" is no village of Mopti's name
    return best if best != "none" else ""


_AFTER = re.compile(r"(?:[ '’-][^\W_]+){0,3}\s?[,(]\s?")


_WHERE = re.compile(r"(?:where|ou) (?:the|an?|gunmen|soldiers|la|le|l'|une?|des|les)\b")


def _cue_after(text: str, tokens: list[Token], at: int, language: str, *, opens: bool) -> bool:
    """Does the name that begins here go on with ", a village in", ", dans la région de", "(cercle…"?

    Of an unknown word that opens a sentence only "X, where the strike took place" says so.
    """
    match = _AFTER.match(text, tokens[at].end)
    if match is None:
        return False
    following = plain(text[match.end() : match.end() + 30])
    if opens:
        return _WHERE.match(following) is not None
    return following.startswith(_cues_after(language))


_PREFIXES = {
    "tin",
    "ti",
    "in",
    "i",
    "n",
    "tan",
    "ain",
    "ouro",
    "wuro",
    "garin",
    "koira",
}  # they begin names of two words
_UNIT_GLUE = {
    "of",
    "de",
    "du",
    "d",
    "des",
    "la",
    "le",
    "l",
    "les",
    "the",
    "called",
    "named",
    "appele",
    "appelee",
    "voisin",
    "voisine",
    "voisins",
    "voisines",
    "proche",
    "proches",
    "tout",
}


def _unit_word_after(text: str, tokens: list[Token], at: int) -> bool:
    if at >= len(tokens) or at == 0:
        return False
    return text[tokens[at - 1].end : tokens[at].start] == " " and tokens[at].word in _unit_after()


def _with_unit_words(text: str, mentions: list[PlaceSpan], language: str) -> list[PlaceSpan]:
    """The mentions with "the town of" before or "province" after them taken in, and their kind."""
    before, after = _unit_patterns(language)
    kept = []
    low = 0
    for number, mention in enumerate(mentions):
        high = mentions[number + 1].start if number + 1 < len(mentions) else len(text)
        head = before.search(plain(text[low : mention.start]))
        tail = after.match(plain(text[mention.end : mention.end + 40]))
        tail = tail if tail is None or mention.end + tail.end() <= high else None
        if head is None and tail is None:
            kept.append(mention)
            low = mention.end
            continue
        start, end, kind = mention.start, mention.end, mention.kind
        if head:
            start = low + head.start()
            kind = _unit_kinds("")[fold(head["unit"])]
        if tail and (not head or _unit_kinds("")[fold(tail["unit"])] in UNIT_KINDS):
            end = mention.end + tail.end()
            kind = _unit_kinds("")[fold(tail["unit"])]
        country = mention.country if kind in ("country", "town", "") else ""
        kept.append(
            dataclasses.replace(
                mention, start=start, end=end, text=text[start:end], kind=kind, country=country,
                cue=True,
            )
        )  # fmt: skip
        low = end
    return kept


def _with_relations(text: str, mentions: list[PlaceSpan], language: str) -> list[PlaceSpan]:
    marks = [(m.start, m.end) for m in mentions]
    found = [
        relation
        for relation in relations(text, marks, language)
        # "between Mali and Niger" is no stretch of road
        if relation.relation not in ("between", "road") or not any(mentions[mark].country for mark in relation.marks)
    ]
    found = [_by_water(text, mentions, relation) for relation in found]
    by_first = {relation.marks[0]: relation for relation in found}
    swallowed = {n for r in found for n in range(r.marks[0] + 1, r.marks[-1] + 1)}  # with what A lies in
    return [
        _related(text, mentions, by_first[number]) if number in by_first else mention
        for number, mention in enumerate(mentions)
        if number not in swallowed and not _is_river_before(mention, mentions[number + 1 :], by_first.get(number + 1))
    ]


def _by_water(text: str, mentions: list[PlaceSpan], relation: Relation) -> Relation:
    """ "on the river between A and B", "une pinasse … entre A et B": the river between them, not a road."""
    if relation.relation not in ("between", "road"):
        return relation
    before = plain(text[max(0, relation.start - 70) : max(relation.start, mentions[relation.marks[0]].start)])
    return dataclasses.replace(relation, relation="river") if _water().search(before) else relation


def _is_river_before(mention: PlaceSpan, following: Sequence[PlaceSpan], relation: Relation | None) -> bool:
    """Is it the river of "on the Niger river between A and B", which the phrase after it says better?"""
    if relation is None or relation.relation != "river":
        return False
    return following[0].start - mention.end < 24 and is_river(mention.text)


def is_river(text: str) -> bool:
    """Do the words of a mention call it a river?

    >>> is_river("fleuve Niger"), is_river("the banks of the Niger River"), is_river("Niger")
    (True, True, False)
    """
    return _water().search(plain(text)) is not None


@cache
def _water() -> re.Pattern[str]:
    words = [row["word"] for row in read_rows("water_words.csv")]
    return re.compile(rf"\b(?:{'|'.join(words)})\b[^.;!?]*$")


def _related(text: str, mentions: list[PlaceSpan], relation: Relation) -> PlaceSpan:
    first = mentions[relation.marks[0]]
    if relation.relation in ("border", "near"):  # the mention itself stays the span
        return dataclasses.replace(first, relation=relation.relation, cue=True)
    parts = [mentions[mark] for mark in relation.marks]
    start, end = min(relation.start, first.start), max(relation.end, parts[-1].end)
    return dataclasses.replace(
        first,
        start=start,
        end=end,
        text=text[start:end],
        names=tuple(name for part in parts for name in part.names),
        country="" if len(parts) > 1 or relation.relation == "offset" else first.country,
        relation=relation.relation,
        distance_km=relation.distance_km,
        bearing=relation.bearing,
        cue=True,
        known=all(part.known for part in parts),
    )


_INSIDE = re.compile(
    r"(?: (?:area|axis|sector|zone)(?=,| in ))?\s*(?:\([^()]{0,24}\)|\))?\s*(?:,\s?\(|,|\(|\[|/{1,3})?\s*(?:in|within|of|dans|en|au|a|,)?\s*(?:le|la|les|l'|the|du|de|d')?\s*#?",
    re.IGNORECASE,
)
# "Maitaougou, a village in the province of Koulpelogo"
_APPOSITION = re.compile(
    r"(?:\s*,|\s+(?:is|est))\s*(?:an?|une?|the|la|le|l'|two|three|both|deux|trois)\s?(?:[\w'-]+\s){0,2}?(?:village|town|locality|hamlet|settlement|commune|localite|ville|bourgade|hameau|bourg)s?"
    r"(?:\s(?:located|situated|situee?|sise?|lying))?\s(?:in|within|of|dans|de|du|d'|en|au|a)\s?(?:the\s|la\s|le\s|l'|les\s)?"
)
# "… in A and seven in B, two villages in the commune of C"
_AND_SO_MANY = re.compile(
    r"\s*(?:,|and|et|,\s*(?:and|et))\s*(?:[\w-]+\s(?:others\s|autres\s)?)(?:in|at|near|a|dans)\s*"
)
_ALL_OF_THEM = re.compile(r"\s*,\s*(?:two|three|both|deux|trois|toutes deux|tous deux|all)\b")
_THEREIN = re.compile(r"\s*(?:,\s*)?(?:in|dans|at|a)\s*")  # "in the district of X, in the villages of Y and Z"
_PLURALS = ("regions", "provinces", "departments", "communes", "cercles", "circles", "districts", "municipalities")
_LAST_OF = re.compile(r"\b(?:and|et)\b|&")
_LISTED = re.compile(r"\s*(?:,|;|/|and|et|&|,\s*(?:and|et))\s*(?:the|la|le|les|de|a)?\s*#?", re.IGNORECASE)


def _with_containers(text: str, mentions: list[PlaceSpan], units: dict[str, int]) -> Iterator[PlaceSpan]:
    """Join "X, Y province" and "X (Y)": Y becomes what X lies within and is a mention no more."""
    kept: list[PlaceSpan] = []
    listed = _equals(text, mentions, units)
    for mention in reversed(mentions):
        following = kept[-1] if kept else None
        if following is None:
            kept.append(mention)
            continue
        between = plain(text[mention.end : following.start])
        both_listed = mention.start in listed and following.start in listed
        if not both_listed and _contains(following, mention, between, units):
            if not following.country:
                kept.pop()
            mention = dataclasses.replace(
                mention,
                within=(*mention.within, *following.names, *following.within),
                within_kinds=(*mention.within_kinds, following.kind, *following.within_kinds),
            )
        elif (
            between in ("'s ", "' ")
            and not following.country
            and (mention.country or (following.kind in UNIT_KINDS and not mention.kind))
        ):  # "Tillaberi's Abala department", "Nigeria's Borno State"
            kept[-1] = dataclasses.replace(
                following,
                within=(*following.within, *mention.names),
                within_kinds=(*following.within_kinds, mention.kind),
            )
            continue
        elif mention.kind in UNIT_KINDS and following.kind == "town" and _THEREIN.fullmatch(between):
            kept[-1] = dataclasses.replace(
                following,
                within=(*following.within, *mention.names, *mention.within),
                within_kinds=(*following.within_kinds, mention.kind, *mention.within_kinds),
            )
            continue
        elif _LISTED.fullmatch(between) and not mention.kind and following.text.endswith(_PLURALS):
            mention = dataclasses.replace(
                mention, kind=following.kind, within=following.within, within_kinds=following.within_kinds
            )
        elif _shares_container(text, mention, following, between, units):
            mention = dataclasses.replace(mention, within=following.within, within_kinds=following.within_kinds)
        if following.relation == "border" and following.start - mention.end < 50:
            mention = dataclasses.replace(mention, border=following.country)
        kept.append(mention)
    yield from reversed(kept)


def _equals(text: str, mentions: list[PlaceSpan], units: dict[str, int]) -> frozenset[int]:
    """Starts of what a list of three names or more tells side by side: in "Kayes, Mopti and Gao" none lies within the next.

    All of them where the list ends in "and", else only the regions: "Konna, Mopti, Mali" goes from small to large.
    """
    found: set[int] = set()
    run: list[PlaceSpan] = []
    for mention in mentions:
        if mention.kind or len(mention.names) != 1:
            run = []
            continue
        between = plain(text[run[-1].end : mention.start]) if run else ""
        run = [*run, mention] if run and _LISTED.fullmatch(between) else [mention]
        if len(run) > 2:
            ends = _LAST_OF.search(between) is not None
            found |= {m.start for m in run if ends or units.get(fold(m.names[0]), 5) == 1}
    return frozenset(found)


def _shares_container(text: str, mention: PlaceSpan, following: PlaceSpan, between: str, units: dict[str, int]) -> bool:
    """ "A and B, in the commune of C", "six in A and seven in B, two villages in C": what the last lies in holds for all."""
    if not following.within:
        return False
    if _LISTED.fullmatch(between) and following.kind not in UNIT_KINDS[:4]:
        return not _as_wide(mention, following, units)
    counted = not mention.within and _AND_SO_MANY.fullmatch(between) is not None
    return counted and _ALL_OF_THEM.match(plain(text[following.end :])) is not None


def _as_wide(mention: PlaceSpan, following: PlaceSpan, units: dict[str, int]) -> bool:
    """ "A, in region P, and B, in region Q": P, before B in the list, lies not in Q."""
    level = units.get(fold(mention.names[0]), 5)
    return level < 2 and level >= units.get(fold(following.within[0]), 0) > 0


_LEVELS = {"country": 0, "region": 1, "province": 2, "cercle": 2, "department": 2, "commune": 3, "town": 4}


def _contains(outer: PlaceSpan, inner: PlaceSpan, between: str, units: dict[str, int]) -> bool:
    if outer.relation in ("border", "offset", "between", "road", "river") or inner.country:
        return False
    if not (_INSIDE.fullmatch(between) or _APPOSITION.fullmatch(between)):
        return False
    bracket = "(" in between
    level = _LEVELS.get(outer.kind, units.get(fold(outer.names[0]), 5) if not outer.kind else 5)
    level_inner = _LEVELS.get(inner.kind, 5 if inner.kind else units.get(fold(inner.names[0]), 5))
    if not inner.kind and level_inner < 3 and not outer.kind:
        level_inner += 1  # "Nara, Koulikoro": a town that gives a district its name
    if level >= level_inner and not (bracket and level == level_inner):
        return False
    if level <= 3:
        return True
    return bracket or re.search(r"\b(?:in|within|dans)\b", between) is not None


@cache
def _stop() -> dict[str, str]:
    demonyms = {fold(word): "people" for row in read_rows("countries.csv") for word in row["demonyms"].split("|")}
    return {**demonyms, **{row["word"]: row["lesson"] for row in read_rows("toponym_stop.csv")}}


@cache
def _function_words() -> frozenset[str]:
    cues = {word for row in read_rows("place_cues.csv") for word in row["words"].split() if row["strength"] != "after"}
    units = {word for row in read_rows("unit_words.csv") for word in row["word"].split()}
    directions = {word for row in read_rows("bearings.csv") for word in fold(row["word"]).split()}
    return frozenset(
        cues | units | directions | {"km", "eastern", "western", "northern", "southern", "central", "post", "axis"}
    )


@cache
def _cues(language: str) -> dict[str, str]:
    rows = [
        row for row in read_rows("place_cues.csv") if language in ("", row["language"]) and row["strength"] != "after"
    ]
    return {row["words"]: row["strength"] for row in rows if row["strength"] != "after"}


@cache
def _cues_after(language: str) -> tuple[str, ...]:
    rows = [row for row in read_rows("place_cues.csv") if language in ("", row["language"])]
    return tuple(row["words"] + " " for row in rows if row["strength"] == "after")


@cache
def _unit_kinds(language: str) -> dict[str, str]:
    return {row["word"]: row["kind"] for row in read_rows("unit_words.csv") if language in ("", row["language"])}


@cache
def _unit_after() -> frozenset[str]:
    return frozenset(row["word"] for row in read_rows("unit_words.csv") if row["side"] in ("after", "both"))


# "la région septentrionale de Kidal"
_UNIT_ADJECTIVES = (
    r"(?:(?:tres |plus )?(?:septentrional|meridional|oriental|occidental|central|rural|limitrophe|voisin|desertique|instable"
    r"|sahelien|saharien|frontalier|strategique|aurifere|agricole|turbulent|petrolier|minier|lacustre)(?:n?e)?s?)"
)


@cache
def _unit_patterns(language: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    rows = [row for row in read_rows("unit_words.csv") if language in ("", row["language"])]
    before = sorted((r["word"] for r in rows if r["side"] in ("before", "both")), key=len, reverse=True)
    after = sorted((r["word"] for r in rows if r["side"] in ("after", "both")), key=len, reverse=True)
    article = r"(?:the |la |le |l'|les )?(?:rural |small |neighbou?ring |nearby )?"
    joint = rf"(?: {_UNIT_ADJECTIVES}(?= d[eu']))?(?:(?:(?<=village)|(?<=villages)|(?<=ville)|(?<=localite)|(?<=hameau)) (?:tout )?(?:voisine?s?|proches?))?(?: (?:of|de|du|des|called|named|appelee?)(?: la| le| les| l')? ?| d'| )#?"
    return (
        re.compile(rf"(?:(?<=\W)|^){article}(?P<unit>{'|'.join(before)}){joint}$"),
        # "the Thiou district of Yatenga province", but "in Thiou, district of Yatenga"
        re.compile(
            rf"(?: |[ ,]{{1,2}}#?(?!(?:{'|'.join(after) or '(?!)'}) (?:of|de|du|des)\b))#?(?P<unit>{'|'.join(after) or '(?!)'})(?!\w| (?:de|du|des)\b| d')"
        ),
    )
