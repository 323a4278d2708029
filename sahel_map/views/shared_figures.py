"""Which figures belong to several incidents at once? Each such figure once, with the rows that share it.

"More than 100 soldiers, Tahoua and Dosso" is in no incident's own toll; the page shows it beside both.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from sahel_map.model import OVERRULED
from sahel_map.views.dossiers import listed


def shared_figures(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Figures of ``tolls`` that name ``shared_with`` (mention or incident ids, ";" between): kind, who, low, high,
    qualifier, and ``rows``, the positions in ``table`` of the incidents that share it. High is None where open.

    >>> shared_figures(incidents)  # doctest: +SKIP
    [{'kind': 'killed', 'who': 'soldiers', 'low': 100, 'high': None, 'qualifier': 'more than', 'rows': [4, 5]}]
    """
    if "tolls" not in table:
        return []
    ledgers = [[toll for toll in listed(cell) if isinstance(toll, dict)] for cell in table["tolls"]]
    if not any(toll.get("shared_with") for tolls in ledgers for toll in tolls):
        return []
    row_of = {str(name): row for row, name in enumerate(table.get("incident_id", []))}
    row_of.update({str(toll.get("mention_id")): row for row, tolls in enumerate(ledgers) for toll in tolls})
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row, tolls in enumerate(ledgers):
        for toll in tolls:
            others = {row_of[name] for name in _names(toll.get("shared_with")) if name in row_of} - {row}
            if others and toll.get("revision") != OVERRULED:
                figure = _figure(toll, sorted(others | {row}))
                found.setdefault((*figure["rows"], *(str(figure[key]) for key in _SAID)), figure)
    return list(found.values())


_SAID = ("kind", "who", "low", "high", "qualifier")


def _names(said: Any) -> list[str]:
    parts = said if isinstance(said, list | tuple) else str(said or "").split(";")
    return [str(part).strip() for part in parts]


def _figure(toll: dict[str, Any], rows: list[int]) -> dict[str, Any]:
    whole = {key: _whole(toll.get(key)) for key in ("low", "high")}
    text = {key: str(toll.get(key) or "") for key in ("kind", "who", "qualifier")}
    return {**text, **whole, "rows": rows}


def _whole(value: Any) -> int | None:
    number = pd.to_numeric(value, errors="coerce") if value is not None else None
    return None if number is None or pd.isna(number) or abs(number) > 2**53 else int(number)
