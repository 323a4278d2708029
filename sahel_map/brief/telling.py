"""What does a brief say of one incident? Heading, deed, figures with their speakers, the sentence it stands in.

Everything is a line of runs; what is told ends in the numbers of the reports that tell it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sahel_map.brief.blocks import Line, Run, clean
from sahel_map.brief.words import bounds, days_told, figure_words, span_words, whole
from sahel_map.countries import country_name
from sahel_map.model import OVERRULED

Row = Mapping[str, Any]
_QUOTE = 600  # characters of a quoted sentence
_NAMES = 120


class Teller:
    """Tells incidents in one language, citing reports by their number in the brief's sources."""

    def __init__(self, say: Mapping[str, str], numbers: Mapping[str, int]) -> None:
        self.say = say
        self.numbers = numbers

    def cited(self, report_ids: Iterable[object]) -> Line:
        """The numbers of these reports, each once, in order."""
        found = sorted({self.numbers[key] for key in map(str, report_ids) if key in self.numbers})
        return tuple(Run(text=f"[{n}]", source=n) for n in found)

    def sources_of(self, row: Row) -> Line:
        """The numbers of the reports that tell of an incident."""
        return self.cited(str(row.get("report_ids") or "").split("; "))

    def country(self, code: object) -> str:
        """A country in the brief's language."""
        text = str(code or "")
        return self.say.get(f"map.country:{text}") or country_name(text) or self.say["elsewhere"]

    def place(self, row: Row) -> str:
        """The place and its region."""
        location, region = clean(row.get("location") or "", _NAMES), clean(row.get("admin1") or "", _NAMES)
        return ", ".join(dict.fromkeys(part for part in (location, region) if part)) or self.say["map.place_unknown"]

    def heading(self, number: int, row: Row) -> Line:
        """Number, place and day."""
        return (
            Run(text=f"{number}. ", bold=True),
            Run(text=self.place(row), bold=True),
            Run(text=f" · {span_words(self.say, row)}"),
        )

    def what(self, row: Row) -> str:
        """The sub-event type, or the event type, in words."""
        return self._term("sub_event_type", row) or self._term("event_type", row) or self.say["map.type_unknown"]

    def who(self, row: Row) -> str:
        """Who against whom; an actor whose part is only claimed or suspected says so."""
        one, two = (self._actor(row.get(c)) for c in ("actor1", "actor2"))
        standing = self.say.get(f"map.actor_status:{row.get('actor1_status')}")
        if one and standing:
            one = f"{one} ({standing})"
        key = "against" if one and two else "by" if one else "on" if two else "no_actor"
        return self.say[key].format(one=one, two=two)

    def deed(self, row: Row) -> Line:
        """What was done, its outcome, how well the place is known, and the reports."""
        say = self.say
        parts = [f"{self.what(row)}, {self.who(row)}."]
        outcome = say.get(f"map.outcome:{row.get('outcome')}")
        if outcome:
            parts.append(say["outcome"].format(what=outcome))
        kind = str(row.get("kind") or "")
        if kind not in ("", "place"):
            parts.append(say["known_as"].format(kind=self._precision(kind, row)))
        today = clean(row.get("admin1_today") or "", _NAMES)
        if today and today != clean(row.get("admin1") or "", _NAMES):
            parts.append(say["today_in"].format(unit=today))
        name = Run(text=f" {clean(row.get('incident_id') or '', _NAMES)}", italic=True)
        return (Run(text=" ".join(parts) + " "), *self.sources_of(row), name)

    def figures(self, row: Row) -> list[Line]:
        """Every figure of the ledger once, with all who give it; or that nobody gives one."""
        told: dict[tuple[str, bool, bool], list[Row]] = {}
        for toll in _listed(row.get("tolls")):
            if toll.get("revision") == OVERRULED:
                continue  # a person's figure is told in its place
            key = (figure_words(self.say, toll), bool(toll.get("part_of")), bool(toll.get("shared_with")))
            told.setdefault(key, []).append(toll)
        lines = [self._figure(words, part, shared, tolls) for (words, part, shared), tolls in told.items()]
        own = any(t.get("kind") == "killed" and not t.get("shared_with") for t in _listed(row.get("tolls")))
        if whole(row.get("fatalities_low")) is None:
            lines.insert(0, (Run(text=self.say["no_toll_sentence"], bold=True), Run(text=" "), *self.sources_of(row)))
        elif not own:  # a table without its ledger still has its bounds
            lines.insert(
                0,
                (
                    Run(text=f"{self.say['map.deaths']}{self.say['colon']}{bounds(self.say, row)} "),
                    *self.sources_of(row),
                ),
            )
        return lines

    def _figure(self, words: str, part: bool, shared: bool, tolls: list[Row]) -> Line:
        say = self.say
        runs = [Run(text=clean(words, _NAMES), bold=not part)]
        said: dict[str, list[object]] = {}
        for toll in tolls:
            status = toll.get("status") if toll.get("status") in ("claimed", "confirmed") else "reported"
            voice = say[f"told:{status}"].format(who=clean(toll.get("speaker") or say["nobody_named"], _NAMES))
            said.setdefault(voice, []).append(toll.get("report_id"))
        for voice, reports in said.items():
            runs += [Run(text=f", {voice} "), *self.cited(reports)]
        origins = {str(toll.get("origin") or "") for toll in tolls}
        if len(tolls) > 1 and len(origins) == 1 and origins != {""}:
            runs.append(Run(text=f"; {say['repeated'].format(n=len(tolls), what=clean(origins.pop(), _NAMES))}"))
        extra = [say["part_of"]] * part + [say["shared_figure"]] * shared
        return (*runs, Run(text=f" ({'; '.join(extra)})")) if extra else tuple(runs)

    def quote(self, row: Row) -> Line:
        """The first sentence that tells of it, as it was written."""
        for mention in _listed(row.get("mentions")):
            text = clean(mention.get("sentence") or "", _QUOTE)
            if text:
                runs = Run(text=f"{self.say['quote_open']}{text}{self.say['quote_close']} ", italic=True)
                return (runs, *self.cited([mention.get("report_id")]))
        return ()

    def conflicts(self, row: Row) -> list[str]:
        """What the reports disagree on, spellings apart; tolls from the ledger, in the brief's language."""
        found = []
        for text in _texts(row.get("conflicts")):
            kind, _, what = text.partition(": ")
            if kind == "spelling":
                continue
            what = self._rival_figures(row, what) or what if kind == "toll" else days_told(self.say, what)
            pattern = self.say.get(f"conflict:{kind}")
            found.append(pattern.format(what=clean(what, _QUOTE)) if pattern else clean(text, _QUOTE))
        return list(dict.fromkeys(text.rstrip(".") for text in found))

    def _rival_figures(self, row: Row, what: str) -> str:
        """The figures that a conflict speaks of ("soldiers killed: …"), in the brief's language."""
        said = {
            f"{figure_words(self.say, t)} ({clean(t.get('speaker') or self.say['nobody_named'], _NAMES)})": None
            for t in _listed(row.get("tolls"))
            if not t.get("part_of")
            and not t.get("shared_with")
            and what.startswith(f"{t.get('who')} {t.get('kind')}: ")
        }
        return "; ".join(said)

    def _precision(self, kind: str, row: Row) -> str:
        words = self.say.get(f"map.kind:{kind}", kind).lower()
        km = row.get("uncertainty_km")
        known = kind == "near" and isinstance(km, int | float) and km == km
        return f"{words}, {self.say['about_km'].format(km=f'{km:.0f}')}" if known else words

    def _actor(self, names: object) -> str:
        parts = [clean(part, _NAMES) for part in str(names or "").split("; ") if part.strip()]
        return "; ".join(self.say.get(f"map.actor:{part}", part) for part in parts)

    def _term(self, column: str, row: Row) -> str:
        text = clean(row.get(column) or "", _NAMES)
        return self.say.get(f"map.{column}:{text}", text)


def _listed(value: object) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list | tuple) else []


def _texts(value: object) -> list[str]:
    """A nested column's texts, or those of incidents.csv, where a bar parts them."""
    if isinstance(value, str):
        return [part for part in value.split(" | ") if part]
    return [str(item) for item in value] if isinstance(value, list | tuple) else []
