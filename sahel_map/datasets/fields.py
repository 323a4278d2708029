"""Columns of text become days and numbers; what cannot is rejected with its row, column and reason."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sahel_map.datasets.features import SHAPE
from sahel_map.datasets.reading import Reject
from sahel_map.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

_MONTHS = ("%d %B %Y", "%d-%b-%Y", "%d-%b-%y", "%d %b %Y", "%B %d, %Y")


@dataclass(slots=True)
class Fields:
    """One file's table of text, read column by column; rows with a fault collect in ``rejects``."""

    path: str
    texts: pd.DataFrame
    decimal: str = "."
    day_order: str = ""  # "day first" or "month first" for 3/4/2024, where a person has said so
    rejects: list[Reject] = field(default_factory=list)

    def require(self, *names: str) -> None:
        """Raise InputError naming every column that is missing."""
        missing = [name for name in names if name not in self.texts]
        if missing:
            there = ", ".join(map(str, self.texts.columns[:12]))
            raise InputError(f"{self.path!r} lacks the columns {', '.join(missing)}; it has {there} …")

    def text(self, *names: str) -> pd.Series[str]:
        """The first of these columns that the file has, stripped; empty text where it has none."""
        import pandas as pd

        for name in names:
            if name in self.texts:
                return self.texts[name].str.strip()
        return pd.Series("", index=self.texts.index, dtype=str)

    def number(self, *names: str, least: float, most: float, whole: bool = False) -> pd.Series[float]:
        """Numbers within bounds, NaN where the cell is empty; anything else is rejected."""
        import pandas as pd

        name = next((n for n in names if n in self.texts), names[0])
        texts = self.text(*names)
        # of whole numbers "1,200" may be a thousand and more; of degrees a comma is always the decimal sign
        plain = texts.str.replace(",", ".", regex=False) if self.decimal == "," or not whole else texts
        values = pd.to_numeric(plain.where(plain != "", None), errors="coerce").astype("float64")
        bad = (texts != "") & ~values.between(least, most)
        if whole:
            bad |= values.notna() & (values % 1 != 0)
        kind = "a whole number" if whole else "a number"
        self.reject(bad, name, f"is not {kind} from {least:g} to {most:g}", texts)
        return values.mask(bad)

    def day(self, name: str, *, empty: bool = False) -> pd.Series[pd.Timestamp]:
        """Days: ISO, "5 March 2024", "05-Mar-2024", day/month/year as the whole column tells, or Excel's day number.

        ``empty`` cells are NaT, else a fault.
        """
        import pandas as pd

        texts = self.text(name)
        days = pd.to_datetime(texts.str.slice(0, 10), format="%Y-%m-%d", errors="coerce")
        for pattern in _MONTHS:
            if days.notna().all():
                break
            days = days.fillna(pd.to_datetime(texts.where(days.isna(), ""), format=pattern, errors="coerce"))
        if days.isna().any():
            days = days.fillna(self._slashed(texts.where(days.isna(), ""), name)).fillna(_serial(texts))
        out = days.dt.year.lt(1900) | days.dt.year.gt(2100)
        bad = (days.isna() | out) & ((texts != "") | (not empty))
        self.reject(bad, name, "is not a day; write it as YYYY-MM-DD", texts)
        return days.mask(out).dt.as_unit("s")

    def reject(self, rows: pd.Series[bool], column: str, reason: str, values: pd.Series[str] | None = None) -> None:
        """Set aside every row that is true; of two faults of one cell the first is told."""
        bad = rows.index[rows.to_numpy(dtype=bool)]
        told = {reject.row for reject in self.rejects if reject.column == column} if len(bad) else set()
        for row in bad.difference(list(told)):
            value = "" if values is None else str(values.at[row])[:200]
            self.rejects.append(Reject(path=self.path, row=int(row), column=column, value=value, reason=reason))

    def shaped(self) -> pd.Series[bool]:
        """True for the rows whose geometry in the file is a line or an area, not a point."""
        return ~self.text(SHAPE).isin(["", "Point"])

    def good(self) -> pd.Series[bool]:
        """True for the rows without a fault."""
        import pandas as pd

        bad = {reject.row for reject in self.rejects}
        return pd.Series(~self.texts.index.isin(bad), index=self.texts.index)

    def _slashed(self, texts: pd.Series[str], name: str) -> pd.Series[pd.Timestamp]:
        """3/4/2024 is April's or March's: a number above 12 anywhere in the column tells, else none is read."""
        import pandas as pd

        parts = texts.str.extract(r"^(\d{1,2})[/.](\d{1,2})[/.](\d{4})\b")
        first, second, year = (pd.to_numeric(parts[n], errors="coerce") for n in range(3))
        day_first, month_first = (
            bool(((first > 12) & (second <= 12)).any()),
            bool(((second > 12) & (first <= 12)).any()),
        )
        if self.day_order:
            day_first, month_first = self.day_order == "day first", self.day_order == "month first"
        if day_first == month_first:
            reason = "may be day/month or month/day, and no row tells which; write it as YYYY-MM-DD"
            self.reject(first.notna(), name, reason, texts)
            return pd.Series(pd.NaT, index=texts.index)
        month, day = (second, first) if day_first else (first, second)
        return pd.to_datetime(pd.DataFrame({"year": year, "month": month, "day": day}), errors="coerce")


def _serial(texts: pd.Series[str]) -> pd.Series[pd.Timestamp]:
    """A spreadsheet's day number (1900 system) between 1954 and 2119."""
    import pandas as pd

    numbers = pd.to_numeric(texts, errors="coerce")
    return pd.to_datetime(
        numbers.where(numbers.between(20_000, 80_000)), unit="D", origin="1899-12-30", errors="coerce"
    )
