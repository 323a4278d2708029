"""One low, best and high number of deaths from a ledger, by a stated rule; the ledger itself is always kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from sahel_map.model import Toll


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


_RELIABLE = {"confirmed": 0, "reported": 1, "claimed": 2}


def estimate(tolls: Iterable[Toll], rule: Rule = Rule.UCDP) -> Estimate:
    """Deaths of one incident. Parts and figures shared with other incidents are not added.

    Figures of different victim groups add up; of conflicting figures for one group the bounds are kept.
    """
    killed = [t for t in tolls if t.kind == "killed" and not t.part_of and not t.shared_with]
    if not killed:
        return Estimate()
    groups: dict[str, list[Toll]] = defaultdict(list)
    for toll in killed:
        groups[toll.who].append(toll)
    whole = groups.pop("unspecified", [])
    sums = [_group(members, rule) for _, members in sorted(groups.items())]
    parts = _add(sums) if sums else None
    total = _group(whole, rule) if whole else None
    chosen = _combine(total, parts)
    # the weakest status of the figures used: a sum is no firmer than its softest part
    status = max((t.status for t in killed if t.low > 0), key=lambda s: _RELIABLE.get(s, 1), default=killed[0].status)
    return Estimate(low=chosen[0], best=chosen[1], high=chosen[2], status=status)


def _group(tolls: list[Toll], rule: Rule) -> tuple[int, int, int | None]:
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


def _low(toll: Toll) -> int:
    return 0 if toll.qualifier == "up to" else toll.low


def _add(groups: list[tuple[int, int, int | None]]) -> tuple[int, int, int | None]:
    highs = [high for _, _, high in groups]
    high = None if any(h is None for h in highs) else sum(h for h in highs if h is not None)
    return sum(g[0] for g in groups), sum(g[1] for g in groups), high


def _combine(
    total: tuple[int, int, int | None] | None, parts: tuple[int, int, int | None] | None
) -> tuple[int, int, int | None]:
    """A total for everybody holds its groups when it is at least their sum; otherwise it is one more group."""
    if total is None:
        assert parts is not None
        return parts
    if parts is None:
        return total
    if total[1] >= parts[1] or total[1] == 0:
        bigger = total if total[1] >= parts[1] else parts
        return bigger
    return min(total[0], parts[0]), parts[1], parts[2]
