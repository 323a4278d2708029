"""What of a text is the story: captions, navigation, link lists and bylines are not."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from sahel_map.countries import country_code
from sahel_map.language.lexicon import Hit, load
from sahel_map.language.plain import plain
from sahel_map.language.sentences import Sentence, sentences
from sahel_map.model import Report

_LOG_LINE = 600  # characters: a one-paragraph text shorter than this is an entry of a log, read whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """The sentences of the story, the headline's among them, and whether the text is a single log entry."""

    sentences: tuple[Sentence, ...]
    title: Sentence | None
    is_log_entry: bool


def story(report: Report) -> Story:
    """Tell the story of a report from its furniture. Spans stay those of ``report.text``."""
    found = sentences(report.text, report.language)
    paragraphs = {s.paragraph for s in found}
    if len(paragraphs) <= 1 and len(report.text) <= _LOG_LINE:
        return Story(sentences=found, title=None, is_log_entry=True)
    title = _title(report, found)
    last = {sentence.paragraph: sentence for sentence in found}
    alone = {sentence.paragraph for sentence in found} - _shared_paragraphs(found)
    furniture = load("sahel_map.reports", "furniture", report.language)
    marks = [list(furniture.find(sentence.plain)) for sentence in found]
    found = _under_headings(found)
    kept = [
        s
        for s, hits in zip(found[: _end(found, marks)], marks, strict=False)
        if s is not title and _tells(s, hits, alone=s.paragraph in alone, last=s is last[s.paragraph])
    ]
    return Story(sentences=tuple(kept), title=title, is_log_entry=False)


def _under_headings(found: tuple[Sentence, ...]) -> tuple[Sentence, ...]:
    """The sentences, each with the country whose name alone makes the heading over it, if there is one."""
    heads = {
        s.paragraph: code for s in found if not s.closed and (code := country_code(s.plain.strip(" -:.#*|=\u2022")))
    }
    if not heads:
        return found
    under = [max((p for p in heads if p < s.paragraph), default=None) for s in found]
    return tuple(s if p is None else replace(s, country=heads[p]) for s, p in zip(found, under, strict=True))


def _shared_paragraphs(found: tuple[Sentence, ...]) -> set[int]:
    """Paragraphs of more than one sentence."""
    return {a.paragraph for a, b in pairwise(found) if a.paragraph == b.paragraph}


def _title(report: Report, found: tuple[Sentence, ...]) -> Sentence | None:
    """The headline as it stands in the text, if it does."""
    wanted = plain(report.title).strip(" .")
    for sentence in found[:12]:
        if wanted and sentence.plain.strip(" .") == wanted:
            return sentence
    if wanted:
        return None
    for sentence in found[:6]:
        if not sentence.closed and len(sentence.text.split()) >= 5:
            return sentence
    return None


def _end(found: tuple[Sentence, ...], marks: list[list[Hit]]) -> int:
    """Where the page's foot begins ("Related articles", "About the author")."""
    for index, (sentence, hits) in enumerate(zip(found, marks, strict=True)):
        if index < 3 or len(sentence.text) > 160:
            continue
        if any(hit.row["kind"] == "end" and hit.start <= 2 for hit in hits):
            return index
    return len(found)


def _tells(sentence: Sentence, hits: list[Hit], *, alone: bool, last: bool) -> bool:
    """Whether a sentence is of the story: no caption, no link, no byline, no teaser of another article."""
    kinds = {hit.row["kind"] for hit in hits}
    if "caption" in kinds or any(hit.row["kind"] == "meta" and hit.start <= 2 for hit in hits):
        return False
    if "link" in kinds and (not sentence.closed or sentence.text.endswith("?")):
        return False
    if alone and re.search(r"(?:…|\.\.\.|\[…\])$", sentence.text):
        return False  # the beginning of another article, cut off
    if sentence.closed or _ITEM.search(sentence.text):
        return True
    # an unpunctuated last sentence is told only when it is a long one that opens as sentences do
    return last and len(sentence.text.split()) >= (18 if alone else 12) and _opens(sentence)


_ITEM = re.compile(r"^[-–•*] ?\d.*,$")  # of a list: "- 08 terroristes neutralisés,"


def _opens(sentence: Sentence) -> bool:
    return bool(
        re.match(
            r"(the|a|an|in|on|at|it|he|she|they|this|le|la|les|l'|un|une|des|il|ils|elle|en|dans|selon|au|reuters|afp)\b",
            sentence.plain,
        )
    )
