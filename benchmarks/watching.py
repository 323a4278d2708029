"""Looking at this process and those it starts, many times a second, while something runs."""

from __future__ import annotations

import threading
from typing import Any, Self

import psutil


class Watching:
    """``with`` one, ``look`` is called every ``pause`` seconds in a thread of its own."""

    pause = 0.2

    def __init__(self) -> None:
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._go_on, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: Any) -> None:
        self._end.set()
        self._thread.join()

    def look(self, me: psutil.Process) -> None:
        """What is to be noted of this process and its children."""
        raise NotImplementedError

    def _go_on(self) -> None:
        me = psutil.Process()
        while not self._end.wait(self.pause):
            self.look(me)
