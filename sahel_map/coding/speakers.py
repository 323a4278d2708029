"""Who says so: the source of a statement in a sentence, and what kind of source it is."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sahel_map.coding.actors import ActorMention
from sahel_map.language.lexicon import Hit, load

_STOP = re.compile(
    r"[,.;:\"()]| - | who | which | that | whose | qui | que | dont | lors | dans un| in a statement| on (?:mon|tues|wednes|thurs|fri|satur|sun)day"
)


_TRAILING = re.compile(
    r"(?:\s+(?:also|has|have|had|later|then|and|but|themselves|ont|a|avait|avaient|n'ont|n'a|pas|de son côté|de leur côté|pour sa part|initially|initialement|dans un premier temps|however|cependant|toutefois|,|aussi|également|ensuite))+$",
    re.IGNORECASE,
)


_RELATIVE = re.compile(r",? (?:qui|who|which) (?:(?:a|ont|avait|avaient|has|have|had|also) )?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """A source of a statement: its words at characters [start, end) of the sentence."""

    start: int
    end: int
    text: str
    kind: str  # authority, party, security source, medical, local, ngo, un, media, source, statement
    via: str = ""  # the medium it is quoted from: "Reuters"
    side: str = ""  # of a party or a state: jihadist, rebel, state…
    actor: str = ""


def speakers(text: str, plain_text: str, language: str, actors: tuple[ActorMention, ...]) -> tuple[Speaker, ...]:
    """The sources quoted in one sentence, left to right."""
    found: list[Speaker] = []
    kinds = list(load("sahel_map.coding", "speakers", language).find(plain_text))
    for verb in load("sahel_map.coding", "speech", language).find(plain_text):
        if found and _RELATIVE.search(plain_text, 0, verb.start):
            continue  # "…, a annoncé l'armée, qui a fait état de …": the army goes on
        span, hit = _source_of(plain_text, verb, kinds, language)
        if hit is None or any(s.start <= hit.start < s.end for s in found):
            continue
        speaker = _speaker(text, plain_text, span, hit, actors)
        found.append(_told_to(text, speaker, kinds) if speaker.kind == "media" else speaker)
    return tuple(sorted(found, key=lambda s: s.start))


_NAMED = re.compile(r",? ((?:[A-ZÀ-Ý][\w.’'-]+ ?){1,4})")  # upper case tells a name


def _told_to(text: str, medium: Speaker, kinds: list[Hit]) -> Speaker:
    """ "a affirmé à la télévision d'État X, un élu": X speaks, the medium is only told."""
    name = _NAMED.match(text, medium.end)
    if name is None or not re.search(r"\b(?:à|au|a)\s(?:la |l['’])?$", text[: medium.start]):
        return medium
    said = (
        _kind_in(kinds, (name.end(), min(len(text), name.end() + 40)))
        if text[name.end() : name.end() + 1] == ","
        else None
    )
    kind = said.row["kind"] if said else "source"
    return Speaker(
        start=name.start(1), end=name.end(1), text=name.group(1).strip(), kind=kind, via=medium.text,
        side="state" if kind == "authority" else "",
    )  # fmt: skip


def _source_of(text: str, verb: Hit, kinds: list[Hit], language: str) -> tuple[tuple[int, int], Hit | None]:
    """The source of one verb of saying: before it as its subject, else after it ("…, a annoncé le ministère")."""
    if verb.row["form"] == "according":
        span = _after(text, verb)
        return span, _kind_in(kinds, span)
    inverted = _after(text, verb, 36)
    if text[: verb.start].rstrip().endswith((",", '"')) and _kind_in(kinds, inverted) is not None:
        return _after(text, verb, 48), _kind_in(kinds, inverted)  # "…, ont indique des elus locaux"
    before = _before(text, verb)
    hit = _kind_in(kinds, before)
    if hit is not None and _is_subject(text, hit, verb, language):
        return before, hit
    after = _after(text, verb, 48)
    return after, _kind_in(kinds, after)


def _after(text: str, verb: Hit, reach: int = 90) -> tuple[int, int]:
    stop = _STOP.search(text, verb.end + 1, min(len(text), verb.end + reach))
    return verb.end, stop.start() if stop else min(len(text), verb.end + reach)


def _before(text: str, verb: Hit) -> tuple[int, int]:
    """The subject's clause; what stands between commas or brackets before the verb is stepped over.

    "a source at X, near the base, said"; "le GSIM (lié à …) a revendiqué … et affirme".
    """
    head = text[: verb.start].rstrip()
    if head.endswith(")") and "(" in head:
        head = head[: head.rindex("(")].rstrip()
    starts = [0] + [
        m.end()
        for m in re.finditer(r"[,.;:\"()]| - | that | que | and | et ", head + " ")
        if m.end() < len(head) - 1 or m.group().strip() in ("and", "et")
    ]
    inserted = len(starts) > 1 and head.endswith(",") and text[starts[-1] - 1] == ","
    chained = len(starts) > 1 and len(head) - starts[-1] <= 1  # "… and said": the subject is of the verb before
    return (starts[-2] if inserted or chained else starts[-1]), verb.start


def _is_subject(text: str, hit: Hit, verb: Hit, language: str) -> bool:
    """No event stands between a source and its verb: "the attack on a camp, reports X" has no source before it."""
    if re.search(
        r"\b(?:on|against|at|into|of|sur|contre|dans|vers|de|du|des) (?:the |a |an |le |la |les |un |une |l')?$",
        text[: hit.start],
    ):
        return False  # "attacked a post of the army, reports X": the object of a deed, not who speaks
    words = load("sahel_map.coding", "event_words", language)
    clause = re.sub(r",[^,]*,", " ", text[hit.start : verb.start])  # "a resident, who saw the attack, said"
    return not any(event.row["event_type"] and int(event.row["weight"]) >= 3 for event in words.find(clause))


def _kind_in(kinds: list[Hit], span: tuple[int, int]) -> Hit | None:
    inside = [hit for hit in kinds if span[0] <= hit.start < span[1]]
    ranked = [hit for hit in inside if hit.row["kind"] not in ("media", "statement")] or inside
    return ranked[0] if ranked else None


def _speaker(text: str, plain_text: str, span: tuple[int, int], hit: Hit, actors: tuple[ActorMention, ...]) -> Speaker:
    start, end = max(span[0], hit.start), max(span[1], hit.end)
    if hit.row["kind"] == "media":
        end = hit.end  # "told AFP at least 15 …"
    words = _TRAILING.sub("", text[start:end].split(",")[0].strip(" ,()\"'«»")).strip(" ,()\"'«»")
    named = [a for a in actors if start <= a.start < end]
    via = re.search(
        r"\b(reuters|afp|agence france-presse|rfi|bbc|associated press|human rights watch|hrw)\b", plain_text
    )
    kind = hit.row["kind"]
    actor = named[0].actor if named else ""
    side = named[0].side if named else {"authority": "state", "party": "jihadist"}.get(kind, "")
    if kind == "statement":
        side = "state"
    return Speaker(
        start=start, end=end, text=words[:80], kind=kind, side=side, actor=actor,
        via=text[via.start() : via.end()] if via and kind not in ("media", "ngo") else "",
    )  # fmt: skip
