"""Which country does a name or code mean? ISO 3166-1 alpha-2, alpha-3, numeric, English or French name.

The countries of the Sahel and their neighbours, one a row of ``data/countries.csv``.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cache

from sahel_map.errors import InputError
from sahel_map.names import fold, read_rows

TRI_BORDER = ("ML", "BF", "NE")  # the three countries that the maps are about


def country_code(text: str) -> str:
    """ISO alpha-2 of a country's code or name; "" for "" and for anything else.

    >>> country_code("Côte d’Ivoire"), country_code("BFA"), country_code("466"), country_code("Atlantis")
    ('CI', 'BF', 'ML', '')
    """
    return _codes().get(fold(text), "")


def country_codes_of(given: str | Collection[str] | None) -> frozenset[str]:
    """ISO alpha-2 codes of one or several countries; InputError names the first that is none."""
    several = [] if given is None else [given] if isinstance(given, str) else list(given)
    codes = set()
    for text in several:
        if text.strip():
            code = country_code(text)
            if not code:
                raise InputError(f"country {text!r} is not known: want a name or ISO code such as 'Mali', 'BF', 'NER'")
            codes.add(code)
    return frozenset(codes)


@cache
def country_names() -> dict[str, str]:
    """ISO alpha-2 by folded name, English, French and aliases."""
    found = {}
    for row in read_rows("countries.csv"):
        for name in (row["name_en"], row["name_fr"], *row["aliases"].split("|")):
            if name:
                found[fold(name)] = row["iso2"]
    return found


@cache
def country_name(code: str) -> str:
    """English name of an ISO alpha-2 code, or the code itself.

    >>> country_name("BF")
    'Burkina Faso'
    """
    return next((row["name_en"] for row in read_rows("countries.csv") if row["iso2"] == code), code)


@cache
def _codes() -> dict[str, str]:
    codes = {fold(row[key]): row["iso2"] for row in read_rows("countries.csv") for key in ("iso2", "iso3", "numeric")}
    return {**codes, **country_names()}
