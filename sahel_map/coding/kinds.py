"""What sort of event, and who did what to whom, from the lines of one frame."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

from sahel_map.coding.actors import CIVILIANS, UNIDENTIFIED, ActorMention, with_country
from sahel_map.coding.lines import Line
from sahel_map.countries import country_name
from sahel_map.language.lexicon import read_rows
from sahel_map.language.word_patterns import WordPattern
from sahel_map.model import Toll

_ARMED = ("jihadist", "rebel", "militia", "unknown")
_OVERTAKES = "Non-state actor overtakes territory"
_ABDUCTION = "Abduction/forced disappearance"
_REPELLED = WordPattern(
    r"\b(?:repel\w*|repuls\w*|thwart\w*|foil\w*|under control|repousse\w*|mis(?:e)? en (?:deroute|echec)|dejoue\w*|sous controle)\b"
)
_SEIZED = WordPattern(
    r"\b(?:seiz(?:ed|es|ing|ure)(?! (?:power|territory|land|swathes|large|vast|control of (?:vast|large|much)))|to seize (?!power)|overr[ua]n\w*|took control|taken control|captur\w+ (?:the |a )?(?:base|camp|town)|cleared the camp|s'est empare\w*|pris le controle|prise? (?:du|de la) (?:camp|base|ville)|conquis)\b"
)
_STATE_ACTS = WordPattern(
    r"\b(?:air ?strikes?|aerial (?:attack|strike)s?|drone (?:strike|attack)s?|drone fire|drones (?:killed|hit|struck|targeted)|army (?:said it |has )?killed|soldiers (?:shot|executed|killed)|troops killed|neutrali[sz]ed"
    r"|frappes?|ratissage|bombardement\w*|(?:army|troops|soldiers|government forces) (?:\w+ )?(?:attacked|raided|bombed|shelled|stormed|arrested|detained)|l'armee (?:\w+ )?(?:a |ont )?(?:attaque|bombarde|pilonne|interpelle|arrete|elimine|neutralise|abattu|tue)|(?:army|troops|soldiers|government forces) (?:have |has |had )?(?:killed|eliminated|neutrali[sz]ed)|l'armee (?:\w+ )?(?:affirme|annonce|dit) avoir|(?:une unite|une patrouille|un detachement|la force) [^,;.]{0,40}?(?:abat\w*|attaque\w*|elimine\w*|arrete\w*|mene\w*)"
    r"|forces? (?:armees|de securite) [^,;.]{0,30}?(?:ont|avaient) (?:execute|tue|abattu)|par des (?:soldats|militaires)|by soldiers|by the army|executed by|avaient execute)"
)
_CLAIM = WordPattern(
    r"\b(?:claim(?:s|ed|ing)?(?: responsibility)?|said it (?:had|targeted|seized|killed|carried)|revendiqu\w+)\b"
)
_NOT_CLAIMED = WordPattern(
    r"\b(?:no (?:group|one)[^.]{0,30}claimed|not (?:been |yet been )?claimed|unclaimed|(?:pas|n'a|non) (?:encore |ete )*(?:ete )?revendiqu\w+|n'(?:est|a) pas (?:encore )?(?:ete )?revendiqu\w+)\b"
)
_THE_GROUP = WordPattern(
    r"\b(?:the (?:same )?(?:group|organi[sz]ation)|it (?:said|claimed|had)|they (?:said|claimed)|(?:le|du|ce|meme) (?:meme )?groupe|l'organisation)\b"
)
_SORTS = (UNIDENTIFIED, "Islamist militants (unidentified)", "al-Qaeda affiliate")
_HARMED = {"soldiers", "police", "vdp", "civilians", "peacekeepers", "aid workers"}
_PEACEKEEPING = ("MINUSMA", "UN")
_STATE_KILLS = WordPattern(
    r"\b(?:military|army|soldiers|troops|gendarmes|security forces|forces|police|mercenaries|russians|wagner(?: \w+)?|africa corps)(?: and (?:[\w-]+ ){1,4}?(?:fighters|mercenaries|allies|troops|soldiers|auxiliaries|militias?|hunters|dozos?))?(?:,? (?:accompanied|backed|supported|joined|assisted) by [^.;]{3,45}?,?)? (?:\w+ly )?(?:(?:\w+ ){1,3}and )?(?:executed|massacred|killed|shot|murdered)(?: dead)?"
    r" (?:at least |some |about |more than |over |as many as )?(?:\d+|\w+) (?:\w+ )?(?:civilians|people|villagers|men|women|children|herders|protesters|demonstrators|students|traders|fulanis?|worshippers)"
    r"|\b(?:l'armee|soldats|militaires|gendarmes|forces de (?:defense|securite))(?: \w+){0,2}?(?:,? (?:et|avec|accompagnes? (?:de|d'|par)|appuyes? par) ?[^.;]{3,45}?,?)? (?:a|ont|avaient|auraient|aurait) (?:\w+ (?:puis|et) )?(?:execute|massacre|tue|abattu|assassine)"
    r" (?:\w+ment )?(?:au moins |quelque |environ |pres de |plus de )?(?:\d+|\w+) (?:civils|personnes|villageois|hommes|femmes|enfants|eleveurs|bergers)\b"
)
_KILLED_BY_STATE = WordPattern(
    r"\b(?:police|soldiers|troops|security forces|gendarmes|army|guards|mercenaries|wagner(?: \w+)?|africa corps) (?:\w+ )?(?:opened fire on|fired on|fired at|shot at|shot dead|shot) (?:a |the |some )?(?:\w+ )?(?:crowd|protest\w*|demonstrat\w*|civilians|villagers|worshippers|passengers|traders|herders)"
    r"|\b(?:police|policiers|forces de l'ordre|soldats|militaires|gendarmes) (?:\w+ )?(?:a|ont|avaient) (?:\w+ )?(?:tire|ouvert le feu) sur (?:la |les |des )?(?:foule|manifestant\w*|civils|villageois|fideles|eleveurs)"
    r"|\baccus\w+ [^.;]{0,40}\b(?:army|armee|soldiers|soldats|junta|junte|military|wagner|forces|mercenaries|mercenaires)\b[^.;]{0,40}\b(?:d'avoir|of) (?:\w+ )?(?:tue|execute|massacre|abattu|killing|executing|massacring)"
    r"|\b(?:killed|executed|massacred|shot(?: dead)?|murdered|tortured) by (?:the |some )?(?:\w+ )?(?:army|armed forces|soldiers|troops|security forces|military|gendarmes)\b"
    r"|\b(?:execution|killing|massacre|murder|shooting)s? of (?:at least |some |about |more than |over )?(?:\d+|\w+) (?:\w+ )?(?:civilians|people|villagers|men|women|children|herders)[^.;]{0,40}? by (?:the |some )?(?:\w+ )?(?:army|armed forces|soldiers|troops|security forces|military|gendarmes)\b"
    r"|\b(?:execution|massacre|meurtre|assassinat)s? (?:\w+ )?(?:de |d'|des )(?:au moins |quelque |environ |plus de )?(?:\d+|\w+) (?:\w+ )?(?:civils|personnes|villageois|hommes|femmes|enfants|eleveurs)[^.;]{0,40}? par (?:les |des |l')?(?:\w+ )?(?:forces (?:armees|de defense|de securite)|armee|soldats|militaires|gendarmes|fama|fds)\b"
    r"|\b(?:tue|execute|abattu|massacre|assassine|torture)e?s? (?:[^.;]{0,50}? )?par (?:les |des |l')?(?:forces (?:armees|de defense|de securite)|armee|soldats|militaires|gendarmes|fama|fds)\b"
)
_ON_THEIR_BASE = WordPattern(
    r"\b(?:raid|raided|attacked|bombed|hit|struck|stormed|destroyed|dismantled)(?: on)? (?:a |an |the |two |several )?(?:\w+ )?(?:jnim|jihadist|militant|terrorist|isgs|rebel|insurgent|boko haram) (?:base|camp|hideout|position|stronghold|convoy)s?"
    r"|\b(?:attaque|bombarde|frappe|detruit|demantele)e?s? (?:une |un |la |le |les |des |deux |plusieurs )?(?:bases?|camps?|positions?|repaires?|sanctuaires?|campements?) (?:du |de la |d'|des |de )?(?:jnim|gsim|eigs|terroristes?|jihadistes?|djihadistes?|boko haram|groupes? armes?)"
)
_FROM_THE_AIR = WordPattern(
    r"\b(?:air ?strikes?|aerial (?:attack|strike)s?|drone (?:strike|attack)s?|drone fire|drones (?:killed|hit|struck|targeted)"
    r"|frappes? (?:aeriennes?|de drones?|par drones?)|bombardements? aeriens?"
    r"|(?:war ?planes?|jets?|gunships?|helicopters?) (?:\w+ )?(?:hit|struck|bombed|attacked|targeted|pounded)"
    r"|(?:avions?|chasseurs?|mirages?|helicopteres?|drones?)(?: \w+){0,2} (?:a|ont|avaient) (?:frappe|bombarde|attaque|pilonne|vise|cible))\b"
)
# strikes that an army says are its own, or that are told of as its
_OWN_STRIKES = WordPattern(
    r"\b(?:armee|fama|forces armees|army|military|armed forces)\b[^.;]{0,60}\b(?:mene|procede a|effectue|conduit|carried out|conducted|launched)\b[^.;]{0,30}\b(?:frappes?|air ?strikes?|drone strikes?|bombardements?)"
    r"|\b(?:drones?|frappes?|helicopteres?|avions?) (?:de |d')(?:l'armee|la junte)|\barmy (?:drones?|helicopters?|jets?|planes?|air ?strikes?)\b"
)
# whom the blast itself killed, whatever else is told
_BY_BLAST = WordPattern(
    r"\b(?:ied|mines?|landmine|explosive device|roadside bomb|car bomb|engin explosif(?: improvise)?|mine artisanale|explosion|blast)s? (?:has |have |a |ont )?(?:killed|tue|wounded|blesse|fait)\b"
    r"|\b(?:killed|died|wounded|injured|tue\w*|mort\w*|peri\w*|blesse\w*|decede\w*)\b[^.;,]{0,60}?"
    r"\b(?:(?:by|when|after|in|par|dans|lorsque|quand|apres|suite a)\b[^.;,]{0,40}?\b"
    r"(?:explosion|blast|ied|mines?|landmine|roadside bomb|explosive device|engins? explosifs?|engin artisanal|saute sur|hit a|struck a|drove over|roule sur))"
)
_ON_A_VILLAGE = WordPattern(
    r"\b(?:contre|attaqu\w+|visant|against|on|attacked|raided|stormed|targeted)\b"
    r"(?:(?!\b(?:camps?|bases?|posts?|postes?|positions?|convoy|convoi|patrol|patrouille)\b)[^.;]){0,25}?\b(?:villages?|hamlets?|hameaux|campements?)\b"
)
_SUSPECT = WordPattern(
    r"\b(?:suspected|presumed|alleged|believed to be|blamed on|attributed to|soupconne\w*|presume\w*|suppose\w*|attribue\w*|suspecte\w*)\b"
)


def event_type(lines: list[Line], tolls: tuple[Toll, ...], actor1: str, actor2: str) -> tuple[str, str]:
    """ACLED's event and sub-event type of a frame."""
    counts: Counter[tuple[str, str]] = Counter()
    for line in lines:
        for hit in line.events:
            if hit.row["event_type"]:
                counts[(hit.row["event_type"], hit.row["sub_event_type"])] += int(hit.row["weight"])
    victims = {t.who for t in tolls if t.low > 0 and not t.part_of} or {t.who for t in tolls if t.low > 0}
    state_hit = victims & {"soldiers", "police", "vdp", "militants", "peacekeepers"} or _is_armed_side(actor2)
    blast = _strongest(counts, "Explosions/Remote violence")
    fight = counts[("Battles", "Armed clash")]
    against = _strongest(counts, "Violence against civilians")
    if against and against[1] == _ABDUCTION and fight > counts[against] and all(t.kind != "abducted" for t in tolls):
        against = None  # a car taken by force on the way to an attack
    taken = any(t.kind == "abducted" for t in tolls) or all(t.kind != "killed" for t in tolls)
    if against and against[1] == _ABDUCTION and taken and not any(t.kind == "killed" and t.low > 1 for t in tolls):
        return against
    if {t.kind for t in tolls if t.low > 0} == {"abducted"} and victims <= {"civilians", "aid workers"}:
        return "Violence against civilians", _ABDUCTION  # "gunmen burst into the mine and took away three engineers"
    if against and against[1].startswith("Abduction"):
        against = ("Violence against civilians", "Attack")  # ACLED: abduction is for events without worse
    if blast and (
        counts[blast] > fight
        or _said(_BY_BLAST, lines)
        or (blast[1] == "Air/drone strike" and _said(_OWN_STRIKES, lines))
        or (blast[1] in ("Air/drone strike", "Shelling/artillery/missile attack") and counts[blast] >= fight)
    ):
        return blast
    if _ground_taken(lines) and not _said(_REPELLED, lines) and state_hit:
        return "Battles", _OVERTAKES
    if state_hit and (fight or "militants" in victims):
        return "Battles", "Armed clash"
    if victims and victims <= {"soldiers", "police", "vdp", "peacekeepers", "militants"} and not blast:
        return "Battles", "Armed clash"  # ACLED: armed sides on both ends
    if victims & {"civilians", "aid workers"} or against or (fight and actor2 == CIVILIANS):
        return against or ("Violence against civilians", "Attack")
    if fight:
        return (
            ("Violence against civilians", "Attack")
            if victims == {"unspecified"} and not _is_armed_side(actor2)
            else ("Battles", "Armed clash")
        )
    if blast:
        return blast
    if any(t.kind == "killed" and t.low > 0 for t in tolls):  # "gunmen entered the mosque", and people died
        counts = Counter({key: n for key, n in counts.items() if key[0] != "Strategic developments"})
    if counts:
        return min(counts, key=lambda key: (-counts[key], key))
    if (
        not victims
        and actor1
        and _is_armed_side(actor2)
        and any(not h.row["event_type"] for x in lines for h in x.events)
    ):
        return "Battles", "Armed clash"  # "gunmen killed soldiers": how many nobody says
    return ("Violence against civilians", "Attack") if victims else ("Strategic developments", "Other")


def _said(pattern: WordPattern, lines: list[Line]) -> bool:
    return any(pattern.search(line.sentence.plain) for line in lines)


def _strongest(counts: Counter[tuple[str, str]], event: str) -> tuple[str, str] | None:
    found = sorted((key for key in counts if key[0] == event), key=lambda key: (-counts[key], key))
    return found[0] if found else None


def _is_armed_side(actor: str) -> bool:
    return bool(actor) and actor not in (CIVILIANS,) and not actor.startswith("Islamist militants")


def who_did_what(
    lines: list[Line], tolls: tuple[Toll, ...], country: str, before: list[Line], story: list[Line]
) -> tuple[str, str, str]:
    """(actor1 the doer, actor2 the target, how firmly the doer is known: claimed, attributed, suspected).

    ``before`` are the report's lines told earlier: "the group", "it said" point back to who they named.
    """
    armed, state, civil = (
        _ranked(lines, _ARMED),
        _ranked(lines, ("state", "international")),
        _ranked(lines, ("civilians",)),
    )
    victims = {t.who for t in tolls if t.low > 0}
    doer = armed[0] if armed else ""
    if (not doer or doer in _SORTS) and _said(_THE_GROUP, lines):
        doer = _last_named(before) or doer
    if doer == "al-Qaeda affiliate" or (doer in _SORTS and _claims(lines) and not _said(_NOT_CLAIMED, lines)):
        doer = _only_named(story) or doer
    militia = _ranked(lines, ("militia",))
    home = country_name(country) if country else ""
    state = sorted(state, key=lambda actor: " of " in actor and not actor.endswith(home))  # before its neighbours'
    if state and victims & _HARMED == {"peacekeepers"}:
        state = sorted(state, key=lambda actor: not actor.startswith(_PEACEKEEPING))
    if state:
        target = with_country(state[0], country)
    elif "vdp" in victims and militia and militia[0] != doer:
        target = militia[0]
    else:
        target = CIVILIANS if civil or victims & {"civilians", "aid workers"} else ""
    if (
        victims & {"civilians", "aid workers"}
        and victims <= {"civilians", "aid workers", "unspecified"}
        and not _said(_AGAINST_THE_STATE, lines)
    ):
        target = CIVILIANS
    if victims == {"unspecified"} and state and _said(_ON_A_VILLAGE, lines):
        target = CIVILIANS  # the army that set out after them was not whom they attacked
    hit_back = (
        bool(armed) and "civilians" in victims
    )  # civilians died, and the army says whom it killed of their attackers
    acts = _said(_STATE_ACTS, lines) and (not armed or "militants" in victims) and not hit_back
    acts = acts or (_said(_STATE_KILLS, lines) and set(armed) <= {*_SORTS, UNIDENTIFIED})
    acts = acts or _said(_OWN_STRIKES, lines) or _said(_KILLED_BY_STATE, lines)
    # armies bomb from the air; beside them "terrorists" are whom they say they hit
    acts = acts or (_said(_FROM_THE_AIR, lines) and set(armed) <= {*_SORTS, UNIDENTIFIED})
    theirs = _said(_ON_THEIR_BASE, lines)
    acts = acts or theirs
    if state and acts and not victims & {"soldiers", "police", "peacekeepers"}:
        own = with_country(state[0], country)
        return (
            own,
            (doer if theirs or "militants" in victims or not victims & {"civilians", "unspecified"} else CIVILIANS),
            "attributed",
        )
    if not doer and (victims or target):
        doer = UNIDENTIFIED
    foes = [actor for actor in armed if actor not in _SORTS and not _fight_together(actor, doer)]
    if foes and doer not in _SORTS and not state and not victims & {"civilians"}:
        target = foes[0]
    return doer, target, _firmness(lines, doer)


def is_some_group(actor: str) -> bool:
    """Whether an actor is a sort of armed men, of no name."""
    return actor in _SORTS


def claimant(line: Line) -> str:
    """The named group that a sentence says claimed "the attack"; "" when there is none, or more than one."""
    if not _said(_CLAIMED_IT, [line]) or _said(_NOT_CLAIMED, [line]):
        return ""
    named = {a.actor for a in line.actors if a.side in ("jihadist", "rebel") and not a.is_generic}
    return named.pop() if len(named) == 1 else ""


_CLAIMED_IT = WordPattern(
    r"\b(?:claimed|claims|claiming)(?: \w+)? (?:responsibility|(?:the|that|this) (?:\w+ )?(?:attacks?|assaults?|ambush|raids?|bombings?|killings?|operation)|it)\b"
    r"|\b(?:revendique|revendiquait|revendiquent|ont revendique|a revendique|avait revendique)(?: \w+)? (?:l'|les |cette |cet |ces |la |le )?(?:attaques?|assauts?|embuscade|raids?|operations?|double attaque|attentats?)\b"
    r"|\b(?:said|says|announced|a dit|dit|affirme|annonce)\b[^.;]{0,80}\b(?:its|ses) (?:fighters|men|members|combattants|hommes|moudjahid\w+|elements)\b"
    r"|\brevendiquee?s? (?:\w+ ){0,2}par\b|\bclaimed (?:\w+ ){0,2}by\b"
)


def _fight_together(one: str, other: str) -> bool:
    """The same group, or one a part of the other, or both of a third (``data/affiliates.csv``)."""
    return one == other or bool(_umbrella(one) & _umbrella(other))


@cache
def _umbrella(actor: str) -> frozenset[str]:
    rows = read_rows("sahel_map.coding", "affiliates")
    return frozenset({actor, *(row["of"] for row in rows if row["actor"] == actor)})


def _only_named(lines: list[Line]) -> str:
    """The one armed group that the whole report names, if it names just one."""
    named = {a.actor for line in lines for a in line.actors if a.side in ("jihadist", "rebel") and not a.is_generic}
    return next(iter(named)) if len(named) == 1 else ""


def _last_named(lines: list[Line]) -> str:
    named = [a.actor for line in lines for a in line.actors if a.side in ("jihadist", "rebel") and not a.is_generic]
    return named[-1] if named else ""


_AGAINST_THE_STATE = WordPattern(
    r"\b(?:camp|base|poste|post|(?:military|army) convoy|convoi (?:militaire|de l'armee)|patrol|patrouille|position|gendarmerie|checkpoint)\b"
)


def _ranked(lines: list[Line], sides: tuple[str, ...]) -> list[str]:
    """Actors of the sides, named ones before sorts of actors, most often named first."""
    counts: Counter[str] = Counter()
    generic: dict[str, bool] = {}
    foreign: dict[str, bool] = {}
    militia: dict[str, bool] = {}
    for line in lines:
        for mention in line.actors:
            if (
                mention.side in sides
                and not _only_a_speaker(line, mention)
                and not (mention.side == "militia" and _is_victim(line, mention))
            ):
                counts[mention.actor] += 1
                generic[mention.actor] = mention.is_generic
                foreign[mention.actor] = mention.kind == "external"
                militia[mention.actor] = mention.side == "militia"
    # a force of the country before a foreign one beside it; a named group before a sort of group; beside rebels
    # or men unknown, a militia is who was attacked
    return sorted(counts, key=lambda actor: (militia[actor], foreign[actor], generic[actor], -counts[actor], actor))


def _only_a_speaker(line: Line, mention: ActorMention) -> bool:
    within = any(s.start <= mention.start <= s.end + 2 for s in line.speakers)  # or in brackets after: "(CSP)"
    if mention.side in ("rebel", "jihadist"):
        before = line.sentence.plain[: mention.start - line.sentence.start]
        return (within and _HEARD.search(before) is not None) or _only_tells(line, mention)
    return mention.side == "civilians" and within


def _only_tells(line: Line, mention: ActorMention) -> bool:
    """ "The FLA put the toll at 11", "…, accuse le JNIM": others did it; "JNIM said it killed 40" is its own deed."""
    if mention.is_generic:
        return False
    text, shift = line.sentence.plain, line.sentence.start
    start, end = mention.start - shift, mention.end - shift
    own = _OWN_DEED.search(text[:start]) or _OWN_DEED.search(text, end)
    for position, pattern, sure in _telling(line.language):
        found = pattern.match(text, end) if position == "after" else pattern.search(text, max(0, start - 40), start)
        if found and (sure or not own):
            return True
    return False


@cache
def _telling(language: str) -> tuple[tuple[str, re.Pattern[str], bool], ...]:
    rows = [row for row in read_rows("sahel_map.coding", "only_tells") if row["language"] == language]
    return tuple(
        (
            row["position"],
            re.compile(rf"(?:{row['pattern']})" if row["position"] == "after" else rf"\b(?:{row['pattern']})$"),
            row["sure"] == "yes",
        )
        for row in rows
    )


_OWN_DEED = re.compile(
    r"\b(?:it|its|they|their|we|our|us|il|ils|ses|leurs?|nous|nos|avoir|having|responsibility|claim\w*|revendi\w*)\b"
)
# "according to the JNIM", "said a spokesman of the CSP": who tells of a deed is not its doer
_HEARD = re.compile(
    r"\b(?:according to|selon|d'apres)\b[^,;.]{0,40}$"
    r"|\b(?:spokes\w+|officials?|members?|porte-parole|responsables?|membres?|cadres?) (?:of|for|from|du|de la|de l'|des|de|d') ?[^,;.]{0,60}$"
)


def _is_victim(line: Line, mention: ActorMention) -> bool:
    """ "a volunteer was also killed": counted among the victims, so not the doer."""
    return any(f.start <= mention.start < f.end for f in line.figures)


def _firmness(lines: list[Line], doer: str) -> str:
    if not doer or doer == UNIDENTIFIED:
        return ""
    if _claims(lines) and not _said(_NOT_CLAIMED, lines):
        return "claimed"
    return "suspected" if _said(_SUSPECT, lines) else "attributed"


def _claims(lines: list[Line]) -> bool:
    """Whether somebody claims it; "the army said it had killed 14 fighters" is no group's claim."""
    for line in lines:
        text = line.sentence.plain
        for match in _CLAIM.finditer(text):
            if not (match.group().startswith("said it") and _A_STATE.search(text, 0, match.start())):
                return True
    return False


_A_STATE = re.compile(
    r"\b(?:army|military|ministry|government|forces|police|authorities|junta|defen[cs]e|troops|state)\b[^.;]{0,25}$"
)


def outcome(lines: list[Line]) -> str:
    """ "seized", "repelled", "disputed" when one side says the one and another the other, or empty."""
    seized, repelled = _ground_taken(lines), _said(_REPELLED, lines)
    if seized and repelled:
        return "disputed"
    return "seized" if seized else ("repelled" if repelled else "")


def outcome_spans(lines: list[Line]) -> dict[str, tuple[int, int]]:
    """The characters [start, end) of the report that ``outcome`` goes by: that a place was seized, or its attackers repelled."""
    found = {"seized": taken} if (taken := _ground_taken(lines)) else {}
    for line in lines:
        match = _REPELLED.search(line.sentence.plain)
        if match is not None:
            found.setdefault("repelled", (line.sentence.start + match.start(), line.sentence.start + match.end()))
    return found


def _ground_taken(lines: list[Line]) -> tuple[int, int] | None:
    """Where a sentence says that a place was seized: no abduction ("seized a priest"), no loot ("weapons were seized")."""
    for line in lines:
        text = line.sentence.plain
        found = _SEIZED.finditer(text)
        match = next(
            (m for m in found if not (_LOOT_AFTER.match(text, m.end()) or _LOOT_BEFORE.search(text, 0, m.start()))),
            None,
        )
        if match is None:
            continue
        start, end = match.start() + line.sentence.start, match.end() + line.sentence.start
        taken = [f for f in line.figures if f.kind == "abducted"]
        if not any(f.start - _BESIDE <= end <= f.start or f.start <= start <= f.end for f in taken):
            return start, end
    return None


_LOOT = (
    r"(?:weapons?|arms|ammunition|munitions?|rifles?|guns?|motor(?:bike|cycle)s?|motos?|vehicles?|vehicules?|pick-?ups?|trucks?|camions?|tankers?|equipment"
    r"|materiels?|armes?|armement|drones?|cattle|livestock|betail|phones?|telephones?|money|drugs?|drogue|explosives?|explosifs|aks?|kalashnikovs?)"
)
_LOOT_AFTER = re.compile(rf" (?:of |d'|de |du |des )?(?:[\w-]+ ){{0,3}}{_LOOT}\b")
_LOOT_BEFORE = re.compile(rf"\b{_LOOT} (?:\w+ )?(?:was|were|had been|have been|been) (?:\w+ )?$")
_BESIDE = 12  # characters between a verb and those it is said of
