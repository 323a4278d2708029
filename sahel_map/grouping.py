"""Which mentions make one group? The best pair comes first, and a group only grows while all its members agree.

Mentions that state the same facts are one account, and accounts are weighed, not mentions: a story that ten thousand
reports tell alike takes ten thousand steps, not their square. What two groups once forbade is not asked again.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from sahel_map.blocking import candidate_pairs, published_day
from sahel_map.matching import Facts, Match, facts, place_match, weigh
from sahel_map.model import EventMention, Report

Pairs = Collection[frozenset[str]]


def groups(
    mentions: Sequence[EventMention], reports: Mapping[str, Report], must: Pairs, never: Pairs
) -> list[tuple[list[EventMention], tuple[str, ...]]]:
    """Each group of the mentions, which stand in the order of their ids, and the reasons that hold it together."""
    accounts = Accounts(mentions, reports)
    known = {mention.mention_id: index for index, mention in enumerate(mentions)}
    bound = sorted(tuple(sorted(known[x] for x in pair)) for pair in must if len(pair) == 2 and pair <= known.keys())
    told = [mention.report_id for mention in mentions]
    growing = _Growing(accounts, told, _by_index(never, known))
    for i, j in bound:
        growing.unite(i, j)
    levels = accounts.levels()
    for score in sorted(levels, reverse=True):
        _grow(growing, accounts, levels[score])
    counted = _reasons(growing, accounts, levels, told)
    corrected = {growing.of[i] for i, _ in bound}
    result = []
    for number, members in growing.all():
        reasons = [r for r, _ in sorted(counted.get(number, {}).items(), key=lambda kv: (-kv[1], kv[0]))]
        reasons += ["joined by a person's correction"] * (number in corrected)
        result.append(([mentions[i] for i in members], tuple(reasons)))
    return result


def links(mentions: Sequence[EventMention], reports: Mapping[str, Report]) -> Iterator[tuple[int, int]]:
    """Pairs of mentions, by their index, that tie together at least what may become one incident."""
    accounts = Accounts(mentions, reports)
    for level in accounts.levels().values():
        for a, b in _pairs(level):
            for one, other in ((a, b), (b, a)):
                first = accounts.told_by[one][0]
                yield from ((first, i) for i in accounts.told_by[other])


class Accounts:
    """Mentions of the same facts together; of coded events only those of one dataset."""

    def __init__(self, mentions: Sequence[EventMention], reports: Mapping[str, Report]) -> None:
        numbers: dict[object, int] = {}
        places: dict[object, int] = {}
        same: dict[object, object] = {}
        self._mentions, self._reports = mentions, reports
        self._facts: list[Facts] = []
        self._place: list[int] = []
        self._places: dict[tuple[int, int], tuple[int, str]] = {}  # each two places are weighed once
        self.told_by: list[list[int]] = []  # the mentions of each account, in order
        self.of: list[int] = []  # the account of each mention
        for index, mention in enumerate(mentions):
            told = facts(mention, same)
            dataset = mention.report_id if mention.event_id else ""
            key = (told, dataset, published_day(mention, reports) if mention.when is None else None)
            number = numbers.setdefault(key, len(numbers))
            if number == len(self.told_by):
                self._facts.append(told)
                self._place.append(places.setdefault(told.where, len(places)))
                self.told_by.append([])
            self.told_by[number].append(index)
            self.of.append(number)

    def weigh(self, a: int, b: int) -> Match:
        """Weigh two accounts, whoever tells them."""
        one, other = self._facts[a], self._facts[b]
        key = (self._place[a], self._place[b])
        place = self._places.get(key)
        if place is None:
            place = self._places[key] = place_match(one.place, other.place)
        return weigh(one, other, place)

    def levels(self) -> dict[int, array[int]]:
        """The pairs of accounts that join, by their score: two numbers a pair, an account with itself among them."""
        found: dict[int, array[int]] = defaultdict(lambda: array("q"))
        first = [self._mentions[told[0]] for told in self.told_by]
        alike = ((a, a) for a, told in enumerate(self.told_by) if len(told) > 1 and not first[a].event_id)
        for a, b in chain(alike, candidate_pairs(first, self._reports)):
            match = self.weigh(a, b)
            if match.joins:
                found[match.score].extend((a, b))
        return found


@dataclass(slots=True)
class _Group:
    members: list[int]
    reports: set[str]
    accounts: set[int]
    apart: set[int] = field(default_factory=set)  # groups that one of these contradicts
    passed: dict[int, int] = field(default_factory=dict)  # account: its mentions after this one are here, or cannot be


class _Growing:
    """Groups that grow: each mention is alone at first."""

    def __init__(self, accounts: Accounts, reports: Sequence[str], never: Mapping[int, set[int]]) -> None:
        self.of = list(range(len(reports)))  # the group of each mention
        self._accounts, self._reports, self._never = accounts, reports, never
        self._groups: dict[int, _Group] = {}  # of more than one, or of which more is known: most stay alone

    def all(self) -> Iterator[tuple[int, list[int]]]:
        """The number and the members of each group."""
        for i, number in enumerate(self.of):
            if i == number:
                yield number, sorted(self._groups[number].members) if number in self._groups else [number]

    def passed(self, i: int) -> Mapping[int, int]:
        """The accounts that the group of a mention need not be tried with, from which mention on."""
        known = self._groups.get(self.of[i])
        return known.passed if known else {}

    def has_passed(self, i: int, accounts: Iterable[int]) -> None:
        """The group of a mention was tried with all later mentions of these accounts."""
        if accounts:
            passed = self._kept(self.of[i]).passed
            passed.update((account, min(i, passed.get(account, i))) for account in accounts)

    def try_to_unite(self, i: int, j: int) -> None:
        """Put two groups together unless any of their members forbids it."""
        a, b = self.of[i], self.of[j]
        if a == b:
            return
        one, other = self._group(a), self._group(b)
        if b in one.apart or not one.reports.isdisjoint(other.reports) or self._parted(one, other):
            return
        if any(self._accounts.weigh(x, y).against for x in one.accounts for y in other.accounts):
            self._kept(a).apart.add(b)
            self._kept(b).apart.add(a)
        else:
            self.unite(i, j)

    def unite(self, i: int, j: int) -> None:
        small, large = sorted((self.of[i], self.of[j]), key=lambda g: (len(self._group(g).members), g))
        if small == large:
            return
        one, other = self._group(small), self._kept(large)
        self._groups.pop(small, None)
        for index in one.members:
            self.of[index] = large
        for number in one.apart:
            self._groups[number].apart.discard(small)
            self._groups[number].apart.add(large)
        other.members += one.members
        other.reports |= one.reports
        other.accounts |= one.accounts
        other.apart |= one.apart
        for account, index in one.passed.items():
            other.passed[account] = min(index, other.passed.get(account, index))

    def _group(self, number: int) -> _Group:
        known = self._groups.get(number)
        return known or _Group([number], {self._reports[number]}, {self._accounts.of[number]})

    def _kept(self, number: int) -> _Group:
        return self._groups.setdefault(number, self._group(number))

    def _parted(self, one: _Group, other: _Group) -> bool:
        """By a person."""
        if not self._never:
            return False
        small, large = sorted((one, other), key=lambda group: len(group.members))
        return any(self.of[j] == self.of[large.members[0]] for i in small.members for j in self._never.get(i, ()))


def _grow(growing: _Growing, accounts: Accounts, level: array[int]) -> None:
    """Try the pairs of mentions of one score, in the order of their ids."""
    partners: dict[int, list[int]] = defaultdict(list)
    for a, b in _pairs(level):
        partners[a].append(b)
        if a != b:
            partners[b].append(a)
    for i in sorted(i for account in partners for i in accounts.told_by[account]):
        passed = growing.passed(i)
        todo = [a for a in partners[accounts.of[i]] if passed.get(a, i + 1) > i]
        told = (accounts.told_by[account] for account in todo)
        for j in sorted(j for those in told for j in those[bisect_right(those, i) :]):
            growing.try_to_unite(i, j)
        growing.has_passed(i, [account for account in todo if len(accounts.told_by[account]) > 1])


def _reasons(
    growing: _Growing, accounts: Accounts, levels: Mapping[int, array[int]], reports: Sequence[str]
) -> dict[int, Counter[str]]:
    """How many pairs of mentions of each group each reason holds together."""
    counted: dict[int, Counter[str]] = defaultdict(Counter)
    for level in levels.values():
        for a, b in _pairs(level):
            mine, yours = (_by_group(growing.of, accounts.told_by[account]) for account in (a, b))
            for number in mine.keys() & yours.keys():
                # reasons name the earlier of two mentions first
                for count, one, other in (
                    (_in_order(mine[number], yours[number], reports), a, b),
                    (_in_order(yours[number], mine[number], reports) if a != b else 0, b, a),
                ):
                    for reason in accounts.weigh(one, other).reasons if count else ():
                        counted[number][reason] += count
    return counted


def _by_group(of: Sequence[int], members: Iterable[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for i in members:
        found[of[i]].append(i)
    return found


def _in_order(first: list[int], then: list[int], reports: Sequence[str]) -> int:
    """How many pairs there are of one and a later one, less those of one report, which a person has joined."""
    told: dict[str, list[int]] = defaultdict(list)
    for j in then:
        told[reports[j]].append(j)
    return sum(len(then) - bisect_right(then, i) - sum(j > i for j in told.get(reports[i], ())) for i in first)


def _pairs(level: array[int]) -> Iterator[tuple[int, int]]:
    numbers = iter(level)
    return zip(numbers, numbers, strict=True)


def _by_index(pairs: Pairs, known: Mapping[str, int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for pair in pairs:
        if pair <= known.keys():
            for one in pair:
                found[known[one]] |= {known[other] for other in pair - {one}}
    return found
