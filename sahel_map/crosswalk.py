"""How do ACLED's codes and UCDP GED's answer each other? The one place where either is turned into the other.

ACLED: geo_precision 1 town, 2 near it or part of a region, 3 region; time_precision 1 day, 2 week, 3 month.
UCDP: where_prec 1 exact, 2 within some 25 km, 3 ADM2, 4 ADM1, 5 linear or fuzzy, 6 country, 7 sea or air;
date_prec 1 day, 2 two to six days, 3 a week, 4 a month, 5 longer; type_of_violence 1 state-based,
2 non-state, 3 one-sided. Four is ours in both of ACLED's scales: a country, longer than a month.
"""

from __future__ import annotations

GEO_OF_WHERE = {1: 1, 2: 2, 3: 2, 4: 3, 5: 2, 6: 4, 7: 4}
WHERE_OF_GEO = {1: 1, 2: 2, 3: 4, 4: 6}
TIME_OF_DATE = {1: 1, 2: 2, 3: 2, 4: 3, 5: 4}
DATE_OF_TIME = {1: 1, 2: 3, 3: 4, 4: 5}
WHERE_MEANS = {
    1: "exact", 2: "within about 25 km of a known point", 3: "known by district only", 4: "known by region only",
    5: "a line or a fuzzy area", 6: "known by country only", 7: "international waters or airspace",
}  # fmt: skip
GEO_MEANS = {1: "the named town", 2: "near a town, or part of a region", 3: "known by region only"}
# UCDP does not say who struck; its types fit ACLED's only so far
EVENT_OF_VIOLENCE = {
    1: ("Battles", "Armed clash"),
    2: ("Battles", "Armed clash"),
    3: ("Violence against civilians", "Attack"),
}
VIOLENCE_MEANS = {1: "state-based", 2: "non-state", 3: "one-sided"}
DISORDER = {
    "Battles": "Political violence", "Explosions/Remote violence": "Political violence",
    "Violence against civilians": "Political violence", "Protests": "Demonstrations", "Riots": "Demonstrations",
    "Strategic developments": "Strategic developments",
}  # fmt: skip
_STATE = ("Military Forces", "Police Forces", "Government of", "Gendarmerie", "National Guard", "Customs")


def date_prec(days: int) -> int:
    """UCDP's date_prec of a window of so many days.

    >>> [date_prec(days) for days in (1, 3, 7, 31, 90)]
    [1, 2, 3, 4, 5]
    """
    return 1 if days <= 1 else 2 if days <= 6 else 3 if days == 7 else 4 if days <= 31 else 5


def violence(event_type: str, actor1: str, actor2: str) -> int:
    """UCDP's type_of_violence of an ACLED event: one-sided against civilians, state-based if a state takes part."""
    if event_type == "Violence against civilians" or actor2.startswith("Civilians"):
        return 3
    return 1 if actor1.startswith(_STATE) or actor2.startswith(_STATE) else 2


def is_state(actor: str) -> bool:
    """Whether an actor's name says that it is a state's force."""
    return actor.startswith(_STATE)
