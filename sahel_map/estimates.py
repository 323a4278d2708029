"""One low, best and high number of deaths from a ledger, by a stated rule; the ledger itself is always kept."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from sahel_map.coding.tolls import ALSO
from sahel_map.model import OVERRULED, Toll


class Rule(StrEnum):
    """How conflicting figures become one: whose practice is followed."""

    UCDP = "ucdp"  # low, best and high kept apart; best is the most reliable source's figure
    ACLED = "acled"  # the lowest figure until better is known
    CONFIRMED = "confirmed"  # the latest figure an authority confirmed of its own side, else as UCDP


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """Deaths: low and high None when nobody gave a figure; high None also when the figures are open."""

    low: int | None = None
    best: int | None = None
    high: int | None = None
    status: str = ""


Bounds = tuple[int, int, int | None]  # low, best, high
_VAGUE = ("several", "dozens", "hundreds", "thousands")
_RELIABLE = {"confirmed": 0, "reported": 1, "claimed": 2}


def estimate(tolls: Iterable[Toll], rule: Rule = Rule.UCDP) -> Estimate:
    """Deaths of one incident. Parts and figures shared with other incidents are not added.

    Figures of different victim groups add up; of conflicting figures for one group the bounds are kept.
    """
    killed = [
        t for t in tolls if t.kind == "killed" and not t.part_of and not t.shared_with and t.revision != OVERRULED
    ]
    # "up from an earlier toll of 11": who gives the later one has taken the earlier one back
    killed = [t for t in killed if t.revision != "superseded"] or killed
    # "many dead" says less than any number: it counts only where no number is given
    killed = [t for t in killed if t.qualifier not in _VAGUE] or killed
    if not killed:
        return Estimate()
    groups: dict[str, list[Toll]] = defaultdict(list)
    for toll in killed:
        groups[toll.who].append(toll)
    if "soldiers" in groups and "police" in groups and not _told_together(groups["soldiers"], groups["police"]):
        # "19 soldiers died", and a few lines on "at least 18 gendarmes": two words for the same dead
        groups["soldiers"] += groups.pop("police")
    everybody = groups.pop("unspecified", [])
    foes = groups.pop("militants", []) if _leave_out_militants(everybody, groups) else []
    counted = [t for members in groups.values() for t in members]
    chosen = _add([_group(members, rule) for _, members in sorted(groups.items())]) if groups else None
    # a figure for everybody holds the groups that its own speaker counts; another speaker's is a rival figure
    own = [t for t in everybody if any(_one_voice(t, c) for c in counted)]
    rival = [t for t in everybody if t not in own]
    if own:
        assert chosen is not None
        chosen = _larger(_group(own, rule), chosen)
    if rival:
        everyone = _group(rival, rule)
        if chosen is not None:  # militants are never all who died
            everyone = (_larger if set(groups) <= {"militants"} else _between)(everyone, chosen)
        chosen = everyone
    if foes:
        chosen = _add([_group(foes, rule), *([chosen] if chosen else [])])
    assert chosen is not None
    # the weakest status of the figures used: a sum is no firmer than its softest part
    status = max((t.status for t in killed if t.low > 0), key=lambda s: _RELIABLE.get(s, 1), default=killed[0].status)
    return Estimate(low=chosen[0], best=chosen[1], high=chosen[2], status=status)


def _leave_out_militants(everybody: list[Toll], groups: dict[str, list[Toll]]) -> bool:
    """ "Forty people were killed. … Fifty terrorists were neutralised": who died of the attack, and who made it.

    Not so when the militants are told of in the same breath, or when all groups together make up the total.
    """
    militants = groups.get("militants", [])
    sentences = {(t.report_id, t.quote) for t in everybody}
    if not everybody or not all(t.quote for t in (*everybody, *militants)):
        return False
    if any((t.report_id, t.quote) in sentences for t in militants):
        return False
    if not any(_one_voice(t, e) for t in militants for e in everybody):
        return False
    together = sum(max(t.low for t in members) for members in groups.values())
    return all(t.low != together for t in everybody)


def _group(tolls: list[Toll], rule: Rule) -> Bounds:
    tolls = _added_up(tolls)
    lows = [_low(t) for t in tolls]
    low = min(lows)
    high = None if any(t.high is None and t.low >= max(lows) for t in tolls) else max(t.high or t.low for t in tolls)
    if rule is Rule.ACLED:
        return low, low, high
    pool = tolls
    if rule is Rule.CONFIRMED:
        pool = [t for t in tolls if t.status == "confirmed"] or tolls
    best = min(pool, key=lambda t: (t.revision == "provisional", _RELIABLE.get(t.status, 1), -t.low))
    return low, best.low, high


# in a sentence of these two numbers are rivals, not a list
_RIVALS = re.compile(
    r"\b(?:or|ou|but|mais|while|whereas|tandis|alors que|from|then|puis|not|instead|rather|plutôt|against|contre|than|others?|d'autres|another|including|dont|later|initially|first|d'abord|up|passé|revised)\b",
    re.IGNORECASE,
)


_SAYS = re.compile(
    r"\b(?:said|says|according to|told|reported|selon|d'après|indiqu\w+|affirm\w+|annonc\w+|déclar\w+|évoqu\w+)",
    re.IGNORECASE,
)


def _added_up(tolls: list[Toll]) -> list[Toll]:
    """ "Five gendarmes and a retired gendarme", "ten soldiers from Chad and six from Togo": one speaker's list in one
    sentence is one figure."""
    lists: dict[tuple[str, str, str], list[Toll]] = defaultdict(list)
    for toll in tolls:
        lists[(toll.report_id, toll.quote, toll.speaker)].append(toll)
    result = []
    for (_, quote, _), members in lists.items():
        exact = all(t.qualifier == "exact" and t.low > 0 for t in members)
        rivals = _RIVALS.search(quote) or len(_SAYS.findall(quote)) > 1  # two who speak give two figures
        if len(members) > 1 and quote and exact and not rivals:
            total = sum(t.low for t in members)
            members = [replace(members[0], low=total, high=total)]
        result += members
    return result


def _one_voice(a: Toll, b: Toll) -> bool:
    return a.report_id == b.report_id and (a.speaker == b.speaker or not a.speaker or not b.speaker)


def _told_together(one: list[Toll], other: list[Toll]) -> bool:
    """Whether anybody tells of the second besides the first: in one sentence, or with a word that adds it."""
    sentences = {(t.report_id, t.quote) for t in one}
    if any((t.report_id, t.quote) in sentences for t in other) or not all(t.quote for t in (*one, *other)):
        return True
    return any(ALSO.search(t.quote) for t in other)


def _low(toll: Toll) -> int:
    return 0 if toll.qualifier == "up to" else toll.low


def _add(groups: list[Bounds]) -> Bounds:
    highs = [high for _, _, high in groups]
    high = None if any(h is None for h in highs) else sum(h for h in highs if h is not None)
    return sum(g[0] for g in groups), sum(g[1] for g in groups), high


def _larger(a: Bounds, b: Bounds) -> Bounds:
    high = None if a[2] is None or b[2] is None else max(a[2], b[2])
    return max(a[0], b[0]), max(a[1], b[1]), high


def _between(rival: Bounds, chosen: Bounds) -> Bounds:
    high = None if rival[2] is None or chosen[2] is None else max(rival[2], chosen[2])
    return min(rival[0], chosen[0]), chosen[1], high
