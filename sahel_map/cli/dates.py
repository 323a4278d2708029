"""A day as an option of the command line."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    _DayType = click.ParamType[dt.date]  # not generic yet at run time in click 8.2
else:
    _DayType = click.ParamType


class Day(_DayType):
    """A day on the command line: YYYY-MM-DD."""

    name = "date"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        try:
            return dt.date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is not a day; write it as YYYY-MM-DD, for example 2025-06-02", param, ctx)
