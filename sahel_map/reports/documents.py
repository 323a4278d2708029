"""What a reader is given and what it hands back: bytes with a name in, reports and faults out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from sahel_map.errors import InputError
from sahel_map.model import Report

MAX_BYTES = 20_000_000  # of a file that is one report
MAX_TABLE_BYTES = 500_000_000  # of a file of many reports that cannot be read line by line
MAX_CHARACTERS = 200_000  # of one report's text; longer texts are refused, never cut silently


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something that could not be read: where, what is wrong, and what to do about it."""

    path: str
    message: str
    line: int = 0

    def __str__(self) -> str:
        where = f"{self.path}:{self.line}" if self.line else self.path
        return f"{where}: {self.message}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A report as one file gives it, and the line it begins on where a file holds many."""

    report: Report
    line: int = 0


Wanted = Callable[[int], bool]  # asked before an entry of many is looked at, by its number or line
Opened = Callable[[int], bool]  # asked before entries that are decoded together are, by the number of their last


def every(_: int) -> bool:
    """All entries are wanted."""
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """An open file, or standard input: its path for messages, its stem for ids, its bytes."""

    path: str
    stem: str
    stream: BinaryIO
    wanted: Wanted = every
    opened: Opened = every

    def read(self, limit: int = MAX_BYTES) -> bytes:
        """All bytes; InputError for none, or for more than ``limit``."""
        data = self.stream.read(limit + 1)
        if not data:
            raise InputError("is empty; nothing to read")
        if len(data) > limit:
            raise InputError(f"is larger than {limit:,} bytes; split it into smaller files")
        return data

    def fault(self, message: str, line: int = 0) -> Fault:
        """A fault of this document."""
        return Fault(path=self.path, message=message, line=line)


Reader = Callable[[Document], Iterator[Entry | Fault]]
