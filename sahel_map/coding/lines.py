"""One sentence read whole: figures, dates, actors, event words, speakers, and what sort of sentence it is."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace
from functools import cache, cached_property

from sahel_map.coding.actors import ActorMention, actors
from sahel_map.coding.doubts import believed, says_if
from sahel_map.coding.speakers import Speaker, speakers
from sahel_map.coding.tolls import Figure, figures, says_no_toll
from sahel_map.language.dates import DateMention, dates, no_such_day
from sahel_map.language.lexicon import Hit, load, read_rows
from sahel_map.language.sentences import Sentence
from sahel_map.language.word_patterns import WordPattern

_CLAIMED = r"\b(?:revendiqu\w+|claimed)\b[^,;.]{0,40}$"  # "claimed the assault two days later"
_CLAIMED_ON = re.compile(  # "claimed the attack on Saturday", "a revendiqué l'attaque samedi"
    r"\b(?:revendiqu\w+|claimed)(?: responsibility for)? (?:l'|les? |la |cette |cet |ces |the |that |this )"
    r"(?:attaques?|assauts?|embuscade|operation|attacks?|assaults?|ambush|raid|bombing)(?:,? on)? $"
)
# "no group had claimed the attack by Saturday": the day of nobody's statement
_UNCLAIMED = re.compile(
    r"^\W*(?:so far,? |a ce stade,? |pour l'heure,? )?(?:no (?:group|one|claim|organi[sz]ation)|nobody|aucun(?:e)? (?:revendication|groupe|organisation|declaration))\b"
)
_ITS_STATEMENT = re.compile(
    r" (?:\w+ )?(?:statement|report|announcement|communique|briefing|speech|message|video|meeting|summit|address|interview)\b"
)
_ITS_VOTE = re.compile(
    r" (?:\w+ )?(?:vote|elections?|polls?|poll|ballot|referendum|run-off|runoff|coup|putsch|takeover|inauguration|visit|funerals?|burials?|ceremony|deadline|holiday|feast|mass|prayers?)\b"
)
_BY_THEN = re.compile(r"(?:,|\b(?:by|as of|until|jusqu'a|au)) (?:late |early |ce )?$")
_CAME_AFTER = (
    r"\b(?:survien(?:t|nent)|intervien(?:t|nent)|came|comes?|happened|occurred|follow(?:s|ed)?|a eu lieu|se produit)\b"
)
_ASIDE = (
    r",? (?:where|which|as(?! well)|amid|in a (?:part|region|country|zone|latest)|ou (?:les?|la|l'|se|sevi\w+|oper\w+|agi\w+|plusieurs)|dans une? (?:region|zone|pays)|alors que|tandis que)\b"
    r"|, (?:an?|the|une?|la|le) (?:\w+ )?(?:part|region|country|zone|area|province|district|pays|partie|contree)\b"
)
_VIOLENCE = ("Battles", "Explosions/Remote violence", "Violence against civilians", "Riots")
_SEPARATE = re.compile(
    r"^\W*(?:pour (?:rappel|memoire)|as a reminder|a titre de rappel)\b|\b(?:in (?:a|another) (?:separate|different|second|other)|in another (?:attack|incident|raid|ambush)|separately"
    r"|(?:dans )?(?:un|une) (?:autre|deuxieme|second|seconde) (?:incident|attaque|embuscade|raid|assaut)|par ailleurs|d'autre part)\b"
)
_TOOK_PLACE = re.compile(
    r"\b(?:operation|incident|attack|assault|raid|attaque|assaut)s? (?:took place|happened|occurred|was carried out|a eu lieu|s'est produite?|s'est deroulee?|est survenue?)\b"
)
_EARLIER_TOLL = re.compile(
    r"\W*(?:le |un |the |an )?(?:precedent bilan|bilan precedent|(?:earlier|previous) (?:death )?toll)\b"
)
_IN_ALL = ("in total", "altogether", "overall", "combined", "au total", "en tout", "dans l'ensemble")
_IN_ALL_SAID = re.compile(rf"\b(?:{'|'.join(_IN_ALL)})\b")
_ONE_ATTACK = re.compile(
    r"\b(?:an?|the|this|that|une?|la|cette|cet|l'|the same) ?(?:\w+ ){0,2}(?:attack|attaque|ambush|embuscade|raid|assault|assaut|explosion|incident|attentat)\b"
)
# what a total "in all" adds up: several events, or a time
_OF_SEVERAL = re.compile(
    r"\b(?:attacks|attaques|incidents|raids|assaults|assauts|embuscades|ambushes|villages|operations|localit(?:ies|es)|since|depuis|years?|annees?|an|ans|months?|mois"
    r"|weeks?|semaines?|days|jours|weekend|week-end|country|countries|pays|regions?|provinces?|conflict|conflit|insurgency)\b"
)
_SUPERLATIVE = r"\b(?:deadliest|worst|bloodiest|heaviest|first|biggest|largest|one of the (?:\w+ )?(?:deadliest|worst|bloodiest|heaviest|most)|pire|plus (?:meurtri\w+|grave|sanglant\w*|lourd\w*)|premiere?|l'une? des (?:attaques?|pires|plus))\b"


_MEMBER = r"(?:officials?|members?|spokes\w+|sources?|commanders?|chiefs?|leaders?|responsables?|membres?|porte-parole|chefs?|officiers?|cadres?)"


@dataclass(frozen=True)
class Sources:
    """Who is quoted in a sentence; most are never asked."""

    text: str
    plain: str
    language: str
    actors: tuple[ActorMention, ...]

    @cached_property
    def found(self) -> tuple[Speaker, ...]:
        """The speakers, left to right."""
        return speakers(self.text, self.plain, self.language, self.actors)


@dataclass(frozen=True, kw_only=True)  # no slots: what few lines are asked for is read when it is asked for
class Line:
    """A sentence of the story and all that was read in it; spans are of the report's text."""

    index: int
    sentence: Sentence
    language: str
    figures: tuple[Figure, ...]
    dates: tuple[DateMention, ...]  # days of events
    statement_dates: tuple[DateMention, ...]
    occasions: tuple[DateMention, ...]  # days of a vigil, a trial, an anniversary that goes back to an event
    actors: tuple[ActorMention, ...]
    events: tuple[Hit, ...]
    sources: Sources  # the speakers, by their place in the sentence
    is_aggregate: bool = False
    is_general: bool = False
    is_title: bool = False
    denies: bool = False  # somebody denies a toll in it
    is_accident: bool = False  # deaths that nobody inflicted, or people set free: no attack of its own
    in_all: bool = False  # "13 in all", and nothing that says of what
    takes_place: bool = False  # "the second operation took place on …"
    since: DateMention | None = None

    @cached_property
    def speakers(self) -> tuple[Speaker, ...]:
        """Who is quoted in it."""
        shift = self.sentence.start
        return tuple(replace(s, start=s.start + shift, end=s.end + shift) for s in self.sources.found)

    @cached_property
    def no_toll(self) -> bool:
        """Whether it says that no toll is known."""
        return says_no_toll(self.sentence.plain, self.language)

    @cached_property
    def no_such_day(self) -> str:
        """ "June 31"."""
        return no_such_day(self.sentence.plain, self.language)

    @cached_property
    def is_anaphoric(self) -> bool:
        """ "The attack", "ce raid": it goes on about what was told."""
        return load("sahel_map.coding", "anaphora", self.language).found_in(self.sentence.plain)

    @cached_property
    def is_long_after(self) -> bool:
        """A trial, a complaint, an anniversary: its day says nothing of when it was that it goes back to."""
        text = self.sentence.plain
        found = load("sahel_map.coding", "long_after", self.language).find(text)
        return any(not _is_hit(text, hit.start, self.language) for hit in found)

    @cached_property
    def is_separate(self) -> bool:
        """ "In a separate incident"."""
        return bool(_SEPARATE.search(self.sentence.plain))

    @property
    def weight(self) -> int:
        """How firmly the sentence tells of an event: 3 firmly, 0 not at all."""
        if any(f.kind in ("killed", "injured", "abducted", "missing") and f.low > 0 for f in self.figures):
            return 3
        if self.takes_place:
            return 3
        return max((int(hit.row["weight"]) for hit in self.events), default=0)


def read_line(
    index: int,
    sentence: Sentence,
    language: str,
    published: dt.date | None,
    *,
    title: bool = False,
    quoted: bool = False,
) -> Line:
    """Read one sentence. Relative dates count from ``published``; spans move to the report's text.

    ``quoted`` says that the sentence begins within a quotation, where "today" is the speaker's.
    """
    text, shift = sentence.plain, sentence.start
    found_actors = actors(text, language, published)
    found_dates = dates(text, language, published)
    sources = Sources(sentence.text, text, language, found_actors)
    found_actors = tuple(a for a in found_actors if not _only_speaks(text, language, a))
    occasions = _occasions(text, language, found_dates)
    told_dates = tuple(d for d in found_dates if d not in occasions)
    events, statements = _by_role(text, language, told_dates, sources, quoted=quoted)
    hits = tuple(load("sahel_map.coding", "event_words", language).find(text))
    since = next((d for d in found_dates if d.kind == "since"), None)
    told = tuple(f for f in figures(text, language) if not _is_a_speaker(f, sources))
    found_figures, denies = believed(text, language, told)
    days = [(d.start, d.end) for d in found_dates]
    if says_if(text, language, counts=any(f.low > 0 for f in found_figures), days=days):
        found_figures, hits = (), ()
    return Line(
        index=index,
        sentence=sentence,
        language=language,
        figures=tuple(replace(f, start=f.start + shift, end=f.end + shift) for f in found_figures),
        dates=tuple(replace(d, start=d.start + shift, end=d.end + shift) for d in events),
        statement_dates=tuple(replace(d, start=d.start + shift, end=d.end + shift) for d in statements),
        occasions=tuple(replace(d, start=d.start + shift, end=d.end + shift) for d in occasions),
        actors=tuple(replace(a, start=a.start + shift, end=a.end + shift) for a in found_actors),
        events=tuple(Hit(h.start + shift, h.end + shift, h.text, h.row) for h in hits),
        sources=sources,
        is_aggregate=_is_aggregate(text, language, since, found_figures),
        is_general=load("sahel_map.coding", "history", language).found_in(text),
        in_all=bool(found_figures) and _IN_ALL_SAID.search(text) is not None,
        is_title=title,
        denies=denies,
        is_accident=_is_accident(text, language, hits) or _is_release(text, language, found_figures),
        takes_place=bool(hits and events and _TOOK_PLACE.search(text)),
        since=since,
    )


def _only_speaks(text: str, language: str, actor: ActorMention) -> bool:
    """ "a VDP official said", "selon un responsable des VDP": a militia that is heard, not one that acts."""
    if actor.side != "militia":
        return False
    of_it = re.search(
        rf"\b{_MEMBER} (?:of|from|within|in|des|du|de|de la|d'|au sein des) (?:the |les )?$", text[: actor.start]
    )
    its = re.match(rf" {_MEMBER}\b", text[actor.end :])
    if not of_it and not its:
        return False
    near = text[max(0, actor.start - 50) : actor.end + 40]
    return load("sahel_map.coding", "speech", language).found_in(near)


def _is_a_speaker(figure: Figure, sources: Sources) -> bool:
    """ "selon un responsable des VDP": the one who speaks is not among the dead."""
    return figure.low == figure.high == 1 and any(s.start - 4 <= figure.start < s.end for s in sources.found)


def _is_release(text: str, language: str, found: tuple[Figure, ...]) -> bool:
    freed = load("sahel_map.coding", "releases", language).found_in(text)
    return freed and not any(figure.low > 0 for figure in found)


def _is_accident(text: str, language: str, hits: tuple[Hit, ...]) -> bool:
    told = list(load("sahel_map.coding", "accidents", language).find(text))
    if not told:
        return False
    blasts = any(hit.row["blast"] == "yes" for hit in told)  # "the tanker overturned and exploded"
    violence = [h for h in hits if int(h.row["weight"]) >= 2 and h.row["event_type"] in _VIOLENCE]
    return all(blasts and h.row["event_type"].startswith("Explosions") for h in violence)


def counts_back(line: Line, date: DateMention) -> bool:
    """Whether "N days after" tells of something N days *before* ("the episode comes a month after X did Y")."""
    before = line.sentence.plain[: date.start - line.sentence.start]
    after = re.search(r"\b(?:after|apres)$", date.text.strip()) or (
        "lendemain" in date.text and re.match(r" d(?:es|e|u|')", line.sentence.plain[date.end - line.sentence.start :])
    )
    return bool(after and re.search(_CAME_AFTER, before))


def _occasions(text: str, language: str, found: tuple[DateMention, ...]) -> tuple[DateMention, ...]:
    """ "Marched on Saturday in memory of the dead of the attack": the day of what goes back to an event told after it."""
    turn = next(load("sahel_map.coding", "long_after", language).find(text), None) if found else None
    if (
        turn is None
        or _is_hit(text, turn.start, language)
        or not any(
            hit.start > turn.start and int(hit.row["weight"]) >= 2
            for hit in load("sahel_map.coding", "event_words", language).find(text)
        )
    ):
        return ()
    return tuple(date for date in found if date.end <= turn.start and date.kind != "since")


def _is_hit(text: str, start: int, language: str) -> bool:
    """ "Attacked a funeral vigil": what comes long after other events may be attacked itself."""
    before = load("sahel_map.coding", "event_words", language).find(text, max(0, start - _BEFORE_ITS_OBJECT), start)
    return any(int(hit.row["weight"]) >= 2 and hit.row["event_type"] for hit in before)


_BEFORE_ITS_OBJECT = 22  # characters
_GATHERING = re.compile(
    r"funeral|burial|ceremon|vigil|memorial|obseques|funerailles|inhumation|enterrement|hommage|recueillement"
)


def _by_role(
    text: str,
    language: str,
    found: tuple[DateMention, ...],
    sources: Sources,
    *,
    quoted: bool,
) -> tuple[list[DateMention], list[DateMention]]:
    """Keep the days of events apart from the days of statements; leave out periods and quoted "today"."""
    events: list[DateMention] = []
    statements: list[DateMention] = []
    dateline = dateline_end(text) if found else 0
    earlier = _EARLIER_TOLL.match(text)  # "un précédent bilan, donné lundi, …"
    late = bool(found) and _toll_rose(text, language)
    for date in found:
        if date.kind == "since" and not _WHEN.match(text, date.end):
            continue
        if date.kind == "relative" and not date.base and _quoted(text, date.start) != quoted:
            continue  # "today" in a quotation is the speaker's today
        before = text[max(0, date.start - 60) : date.start]
        before_day, far, after_day, _ = _statement_days(language)
        told = next(before_day.finditer(text, max(0, date.start - 60), date.start), None)
        if told and _GATHERING.match(told.group()) and _is_hit(text, told.start(), language):
            told = None  # "attacked a funeral in Gao on Monday"
        said = told.group() if told else before if after_day.match(text, date.end) else None
        if told and (clause := _THAT.search(told.group())):
            of = clause.group("of") or clause.group("en")
            said = of if next(before_day.finditer(of), None) else None
        said = "" if next(far.finditer(text, max(0, date.start - _FAR), date.start), None) else said
        back = date.base == "told" and re.search(_CAME_AFTER, text[: date.start])
        claimed = (date.base == "told" and re.search(_CLAIMED, before)) or _CLAIMED_ON.search(before)
        unclaimed = _BY_THEN.search(text, 0, date.start) and _UNCLAIMED.search(text)
        told_of_days = len(found) > 1 or re.search(r"\d{4}", date.text)  # "BAMAKO, Aug. 6 - … on Monday"
        agency = ")" in text[date.end : dateline] or (date.end <= dateline and told_of_days)
        if agency or earlier or late:  # "BAMAKO, March 28 (AFP) -": the agency's day
            statements.append(date)
            continue
        if _NIGHT.search(date.text):
            events.append(date)  # nobody speaks "in the night from Thursday to Friday"
            continue
        opens = date.start < 12 and _opens_a_statement(text, date, sources.found, language)
        if date.text.endswith("'s") and _ITS_VOTE.match(text, date.end):
            continue  # "Sunday's vote was marred by violence"
        if date.text.endswith("'s"):  # "Monday's statement", "responsibility for Monday's attack"
            (statements if _ITS_STATEMENT.match(text, date.end) else events).append(date)
        elif (date.last and date.first and (date.last - date.first).days > WEEKS) and not (claimed or unclaimed):
            events.append(date)  # "rebels said in July that they had killed …": said of about then
        elif opens or claimed or unclaimed or (said is not None and not back and not _event_in(said, language)):
            statements.append(date)
        else:
            events.append(date)
    return events, statements


_NIGHT = re.compile(r"\b(?:night|nuit)\b.*\b(?:to|and|into|a|au|et)\b|\bovernight\b")


# "Monday evening the gendarmerie specified that …": more on what was told before
_ADDS = re.compile(
    r"[^,.;]{0,30}?\b(?:(?:a|ont|avait|avaient) (?:ensuite |aussi |egalement )?(?:precise|ajoute|revise|corrige)|(?:has |had |later )?(?:specified|added|clarified|updated|revised))\b"
)


# "announced that its forces had led an operation on Friday": the day of what is announced
_THAT = re.compile(r" qu(?:e |')(?P<of>.*\b(?:a|ont|avait|avaient|est|sont)\b.*)$| that (?P<en>.*)$")


_WHEN = re.compile(r",? (?:when|lorsqu|quand|jour ou|date a laquelle)")  # "the deadliest since 2 May, when ten died"
# "Friday, X, who leads the movement, told AFP that …"
_TOLD_TO = re.compile(
    r"[^.;]{2,110}?\b(?:told|said to|speaking to|spoke to|(?:a|ont|avait) (?:dit|declare|confie|indique|affirme|explique|raconte|assure) (?:a|au|aux))\b"
)


def _opens_a_statement(text: str, date: DateMention, sources: tuple[Speaker, ...], language: str) -> bool:
    """ "Saturday, a medical source said …": the day of the source, not of the event."""
    heard_by = _TOLD_TO.match(text, date.end)
    if heard_by is not None:
        return not _event_in(heard_by.group(), language)
    for source in sources:
        heard = source.kind in ("medical", "local", "security source", "source", "un", "ngo", "media") or _ADDS.match(
            text, source.end
        )
        if heard and 0 <= source.start - date.end <= 12:
            words = load("sahel_map.coding", "event_words", language).find(text, date.end, source.start)
            return not any(int(hit.row["weight"]) >= 2 for hit in words)
    return False


@cache
def _statement_days(language: str) -> tuple[WordPattern, WordPattern, re.Pattern[str], WordPattern]:
    """What stands before, far before and after the day of a statement, and with late deaths (``data/statement_days.csv``)."""
    rows = [row for row in read_rows("sahel_map.coding", "statement_days") if row["language"] == language]

    def told(position: str) -> str:
        return "|".join(row["pattern"] for row in rows if row["position"] == position) or "(?!)"

    return (
        WordPattern(rf"(?:{told('before')})\b[^,;:]{{0,26}}$"),  # after a colon stands what is said
        WordPattern(rf"(?:{told('far')}) ?$"),
        re.compile(rf"(?:{told('after')})\b"),
        WordPattern(rf"\b(?:{told('late')})\b"),
    )


def _toll_rose(text: str, language: str) -> bool:
    """ "Two more died on Friday, bringing the toll to seven": the day of those deaths is not that of the attack."""
    told = next(_statement_days(language)[3].finditer(text), None)
    return told is not None and not _event_in(f"{text[: told.start()]}; {text[told.end() :]}", language)


_FAR = 180  # characters
WEEKS = 20  # days: a longer window is no day of the news


# "BAMAKO, March 28 (NNN) -", "Niamey (AFP) -", "Gao:"
_DATELINE = re.compile(
    r"\([\w', -]{2,48}\) ?[-:]?\s|[\w'’., -]{2,48}?(?:\([^)]{2,80}\)\s*[-,:]{1,2}|\((?:afp|reuters|ap)\)|\s--?\s|:\s)"
)


def dateline_end(text: str) -> int:
    """Where the dateline of a sentence in plain text ends; 0 when it has none.

    >>> dateline_end("bamako, march 28 (nnn) - six people died"), dateline_end("six people died in gao")
    (24, 0)
    """
    match = _DATELINE.match(text)
    if match is None or len(match.group().split()) > _DATELINE_WORDS or _OF_AN_EVENT.search(match.group()):
        return 0
    return match.end()


_DATELINE_WORDS = 7
_OF_AN_EVENT = re.compile(r"\b(?:attaque|attack|mort|tue|killed|dead)\w*")


def _event_in(text: str, language: str) -> bool:
    """ "said gunmen attacked the camp on Monday": the day is the attack's."""
    words = load("sahel_map.coding", "event_words", language)
    return any(int(hit.row["weight"]) >= 3 or hit.row["event_type"] == "" for hit in words.find(text))


def _quoted(text: str, position: int) -> bool:
    return text[:position].replace("''", '"').count('"') % 2 == 1


def _is_aggregate(text: str, language: str, since: DateMention | None, found: tuple[Figure, ...]) -> bool:
    if _EARLIER_TOLL.match(text):
        return False  # "le précédent bilan faisait état de onze morts …, dans une région en proie depuis des années …"
    told = _first_count(text, found)
    if since and not re.search(_SUPERLATIVE, text[: since.start]) and not re.search(_ASIDE, text[told : since.start]):
        return True
    for cue in load("sahel_map.coding", "aggregates", language).find(text):
        if cue.text in _IN_ALL and (_ONE_ATTACK.search(text) or not _OF_SEVERAL.search(text)):
            continue  # "in all, 20 soldiers and a civilian were killed in an attack": the toll of one
        if re.search(_SUPERLATIVE, text[max(0, cue.start - 80) : cue.start]):
            continue
        # "killing 41 people in a part of the country where attacks have surged in recent months": said of the place
        if not re.search(_ASIDE, text[told : cue.start]):
            return True
    return False


def _first_count(text: str, found: tuple[Figure, ...]) -> int:
    """Where the first number stands that says how many, in digits or words; the end of the text for none."""
    digit = re.search(r"\d", text)
    exact = [f.start for f in found if f.qualifier not in ("dozens", "hundreds", "thousands", "several")]
    return min([*exact, digit.start() if digit else len(text)])
