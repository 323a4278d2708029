"""The process that reads and codes articles for a keeper: requests on standard input, answers on standard output.

A message is its length in eight hexadecimal digits and JSON. Each request ends with an empty answer. An article
that cannot be coded ends the process with a traceback: the keeper says so and starts another.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from sahel_map.model import Report


def main(megabytes: int) -> None:
    """Serve until standard input ends, as it does when the keeper's worker dies."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not get among the answers
    _limit_memory(megabytes)
    from sahel_map.coding.scenes import Locator
    from sahel_map.resolution import default_resolver

    resolver = default_resolver()
    locator = Locator(resolver)
    _send(answers, {"gazetteer": identity(resolver.gazetteer)})
    while header := sys.stdin.buffer.read(8):
        request = json.loads(sys.stdin.buffer.read(int(header, 16)))
        for answer in _read(request, answers) if "path" in request else _code(request, locator):
            _send(answers, answer)
        _send(answers, {})


def identity(gazetteer: Any) -> str:
    """What tells one gazetteer from another: workers must all read by the same."""
    told = [sorted(meta.items()) for _, meta in gazetteer.meta]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]


def _limit_memory(megabytes: int) -> None:
    try:
        import resource
    except ImportError:  # not on Windows, where only the time is limited
        return
    resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, resource.RLIM_INFINITY))


def _send(answers: BinaryIO, answer: dict[str, Any]) -> None:
    message = json.dumps(answer).encode("ascii")
    answers.write(b"%08x" % len(message) + message)
    answers.flush()


def _read(request: dict[str, Any], answers: BinaryIO) -> Iterator[dict[str, Any]]:
    """The reports of a file after the entry named, each announced before it is looked at, and so is what is decoded together."""
    from sahel_map.json_records import to_json
    from sahel_map.reports import Fault, reports_of

    published = dt.date.fromisoformat(request["published"]) if request["published"] else None

    def wanted(number: int) -> bool:
        if number > request["after"]:
            _send(answers, {"at": number})
        return bool(number > request["after"])

    def opened(last: int) -> bool:
        if last > request["after"]:
            _send(answers, {"opened": last})
        return bool(last > request["after"])

    told = {"published": published, "language": request["language"]}
    for found in reports_of(Path(request["path"]), **told, wanted=wanted, opened=opened):
        yield {"fault" if isinstance(found, Fault) else "report": to_json(found)}


def _code(request: dict[str, Any], locator: Any) -> Iterator[dict[str, Any]]:
    from sahel_map.coding.report import code_report
    from sahel_map.corpus.mentions import mention_row
    from sahel_map.json_records import from_json, to_json

    for given in request["reports"]:
        report = from_json(Report, given)
        coded = code_report(report, locator)
        yield {
            "mentions": [mention_row(mention, report) for mention in coded.mentions],
            "aggregates": [to_json(toll) for toll in coded.aggregates],
        }


if __name__ == "__main__":
    main(int(sys.argv[1]))
