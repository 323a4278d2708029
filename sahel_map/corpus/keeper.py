"""How does one poisoned article not stop the others? Each is read and coded in a process that may die.

The keeper lives in a worker and starts the process (``sahel_map.corpus.process``), hands it some articles,
and waits only so long for each. What dies, hangs or eats the memory is set aside with its reason, and a fresh process
goes on with the next.
"""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

from sahel_map.errors import GazetteerError, SahelMapError

_HEADER = 8  # hexadecimal digits of a message's length
_PIECE = 1 << 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What one article may take, when the process is changed for a fresh one, and which gazetteer all read by."""

    seconds: float = 60.0  # without an answer
    megabytes: int = 6000  # of memory the process may ask for
    articles: int = 200_000  # of one process's life: a fresh one looks every name up anew
    gazetteer: str = ""  # its identity; "" for whichever is there


class Poisoned(SahelMapError):  # noqa: N818 - what happened, not whose fault it is
    """One article stopped the process that read it."""


class Keeper:
    """Keeps one reading process alive, and counts what it has done."""

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        self._process: subprocess.Popen[bytes] | None = None
        self._errors: Any = None
        self._done = 0

    def ask(self, request: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """The answers to one request. Raises Poisoned, saying what happened, when the process stopped at it."""
        process = self._running()
        message = json.dumps(request).encode("ascii")
        try:
            assert process.stdin is not None
            process.stdin.write(b"%08x" % len(message) + message)
            process.stdin.flush()
        except OSError:
            self._stopped("before it began")
        while answer := json.loads(self._receive(self.terms.seconds)):
            self._done += not answer.keys() & {"at", "opened"}
            yield answer

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            for stream in (self._process.stdin, self._process.stdout, self._errors):
                stream.close()  # type: ignore[union-attr]
        self._process, self._done = None, 0

    def _running(self) -> subprocess.Popen[bytes]:
        if self._done >= self.terms.articles:
            self.close()
        if self._process is None:
            self._errors = tempfile.TemporaryFile()  # noqa: SIM115  # closed with the process
            command = [sys.executable, "-m", "sahel_map.corpus.process", str(self.terms.megabytes)]
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._errors
            )
            ready = json.loads(self._receive(max(120.0, self.terms.seconds)))
            if self.terms.gazetteer not in ("", ready["gazetteer"]):
                self.close()
                raise GazetteerError(
                    "a worker has another gazetteer than the one this build began with: copy the file to its machine, "
                    "or set SAHEL_MAP_GAZETTEER there"
                )
        return self._process

    def _receive(self, seconds: float) -> bytes:
        until = time.monotonic() + seconds
        length = int(self._read(_HEADER, until), 16)
        return self._read(length, until)

    def _read(self, count: int, until: float) -> bytes:
        assert self._process is not None
        assert self._process.stdout is not None
        pipe = self._process.stdout.fileno()
        pieces: list[bytes] = []
        while count:
            ready, _, _ = select.select([pipe], [], [], max(0.0, until - time.monotonic()))
            if not ready:
                self._stopped(f"took longer than {self.terms.seconds:g} s")
            piece = os.read(pipe, min(count, _PIECE))
            if not piece:
                self._stopped("")
            pieces.append(piece)
            count -= len(piece)
        return b"".join(pieces)

    def _stopped(self, why: str) -> NoReturn:
        assert self._process is not None
        if not why:
            code = self._process.wait()
            self._errors.seek(0)
            said = self._errors.read().decode("utf-8", "replace").strip().splitlines()
            why = f"ended the reading process: {said[-1][:200] if said else f'exit code {code}'}"
            if "MemoryError" in why:
                why = f"took more than {self.terms.megabytes:,} MB of memory"
        self.close()
        raise Poisoned(why)


_of_thread = threading.local()


def keeper(terms: Terms) -> Keeper:
    """The keeper of this worker thread; its process lives from one piece of work to the next."""
    known: Keeper | None = getattr(_of_thread, "keeper", None)
    if known is None or known.terms != terms:
        if known is not None:
            known.close()
        known = _of_thread.keeper = Keeper(terms)
    return known


def let_go() -> None:
    """End the process of this thread, if there is one."""
    known: Keeper | None = getattr(_of_thread, "keeper", None)
    if known is not None:
        known.close()
    _of_thread.keeper = None
