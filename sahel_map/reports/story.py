"""What of a text is the story: captions, navigation, link lists and bylines are not."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sahel_map.language.lexicon import load
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
    kept = [s for s in _before_end(found, report.language) if s is not title and _tells(s, found, report.language)]
    return Story(sentences=tuple(kept), title=title, is_log_entry=False)


def _title(report: Report, found: tuple[Sentence, ...]) -> Sentence | None:
    """The headline as it stands in the text, if it does."""
    wanted = plain(report.title).strip(" .")
    for sentence in found[:12]:
        if wanted and plain(sentence.text).strip(" .") == wanted:
            return sentence
    if wanted:
        return None
    for sentence in found[:6]:
        if not sentence.closed and len(sentence.text.split()) >= 5:
            return sentence
    return None


def _before_end(found: tuple[Sentence, ...], language: str) -> list[Sentence]:
    """Cut where the page's foot begins ("Related articles", "About the author")."""
    furniture = load("sahel_map.reports", "furniture", language)
    for index, sentence in enumerate(found):
        if index < 3 or len(sentence.text) > 160:
            continue
        if any(hit.row["kind"] == "end" and hit.start <= 2 for hit in furniture.find(sentence.plain)):
            return list(found[:index])
    return list(found)


def _tells(sentence: Sentence, found: tuple[Sentence, ...], language: str) -> bool:
    kinds = {hit.row["kind"] for hit in load("sahel_map.reports", "furniture", language).find(sentence.plain)}
    if (
        "caption" in kinds
        or ("link" in kinds and not sentence.closed)
        or ("link" in kinds and sentence.text.endswith("?"))
    ):
        return False
    if sentence.closed:
        return True
    siblings = [s for s in found if s.paragraph == sentence.paragraph]
    # an unpunctuated last sentence is told only when it is a long one that opens as sentences do
    return len(siblings) > 1 and sentence is siblings[-1] and len(sentence.text.split()) >= 12 and _opens(sentence)


def _opens(sentence: Sentence) -> bool:
    return bool(
        re.match(
            r"(the|a|an|in|on|at|it|he|she|they|this|le|la|les|l'|un|une|des|il|ils|elle|en|dans|selon|au|reuters|afp)\b",
            sentence.plain,
        )
    )
