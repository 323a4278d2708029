"""Make a corpus of articles whose truth is known: our own words, English and French, in JSON Lines.

    python benchmarks/make_corpus.py FOLDER [--articles 100000] [--seed 1] [--files 20]

Each event has a place, a day, a doer, dead of one group, and is told by one to five articles in their own words and
languages, some printed again by other outlets. One article in five tells of no event. ``truth.jsonl`` beside the
articles holds an event a line: place, position, day, actor, figures told, and the articles that tell of it. Events
lie 60 km or four days apart, so that which articles belong together is not a matter of opinion.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import random
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sahel_map.coding.relations import distance_km
from sahel_map.gazetteer import Gazetteer
from sahel_map.model import Place, PlaceKind, ResolutionStatus
from sahel_map.resolution import Resolver

FIRST_DAY = dt.date(2022, 1, 3)
APART_DAYS = 4
APART_KM = 60.0
COUNTRY = {"ML": ("Mali", "Mali", "Malian", "malienne", "au"), "BF": ("Burkina Faso", "Burkina Faso", "Burkinabe", "burkinabè", "au"),
           "NE": ("Niger", "Niger", "Nigerien", "nigérienne", "au")}  # fmt: skip
DOERS = {
    "JNIM: Group for Support of Islam and Muslims": (("fighters of the Al Qaeda affiliate JNIM", "JNIM militants"), ("des combattants du Jnim", "des jihadistes du Jnim")),
    "IS Sahel: Islamic State Sahel Province": (("fighters of the Islamic State in the Sahel", "Islamic State militants"), ("des combattants de l'État islamique au Sahel", "des jihadistes de l'État islamique")),
    "": (("gunmen on motorbikes", "unidentified gunmen"), ("des hommes armés à moto", "des hommes armés non identifiés")),
}  # fmt: skip
DEAD = {"soldiers": ("soldiers", "soldats"), "civilians": ("civilians", "civils")}
LEADS = {
    "en": (
        "{Doer} attacked {target} in {place}, in {country}, on {day}, killing {n} {dead}, {speaker} said.",
        "{N} {dead} were killed on {day} when {doer} attacked {target} in {place}, {country}, {speaker} said.",
        "An attack by {doer} on {target} in {place} killed {n} {dead} on {day}, {speaker} told {outlet}.",
        "{Speaker} said {n} {dead} were killed on {day} in an attack by {doer} on {target} in {place}, {country}.",
        "{Doer} stormed {target} in {place} on {day} and killed {n} {dead}, according to {speaker}.",
    ),
    "fr": (
        "{N} {dead} ont été tués {day} dans une attaque menée par {doer} contre {target} à {place}, {au} {country}, selon {speaker}.",
        "{Doer} ont attaqué {target} à {place} {day}, tuant {n} {dead}, a indiqué {speaker}.",
        "Une attaque de {doer_of} contre {target} à {place} a fait {n} morts parmi les {dead} {day}, a appris {outlet} auprès d'{speaker}.",
        "Selon {speaker}, {n} {dead} ont été tués {day} à {place}, {au} {country}, dans l'attaque {of_target} par {doer}.",
    ),
}  # fmt: skip
TARGETS = {
    "soldiers": (("an army camp", "a military post", "the army's position"), ("un camp militaire", "un poste de l'armée", "une position militaire")),
    "civilians": (("a market", "a group of villagers", "a farming hamlet"), ("un marché", "un groupe de villageois", "un hameau de cultivateurs")),
}  # fmt: skip
SPEAKERS = (
    ("a security source", "a local official", "an elected official", "a resident"),
    ("une source sécuritaire", "un élu local", "un responsable local", "un habitant"),
)
SECOND = {
    "en": (
        "The attackers left before {reinforcements} arrived, {witness} said by telephone.",
        "{Witness} said the shooting went on until {hour} and that shops stayed shut the next day.",
        "Houses and stores of {grain} were burned, according to {witness}.",
        "The assailants came from {side} and withdrew with {loot}, {witness} told {outlet}.",
        "Telephone lines were cut for hours, and {witness} walked to the next settlement to raise the alarm.",
    ),
    "fr": (
        "Les assaillants sont repartis avant l'arrivée {reinforcements}, a raconté {witness} au téléphone.",
        "{Witness} affirme que les tirs ont duré jusqu'à {hour} et que les boutiques sont restées fermées le lendemain.",
        "Des cases et des réserves de {grain} ont été incendiées, d'après {witness}.",
        "Venus {side}, les assaillants ont emporté {loot}, a confié {witness} à {outlet}.",
        "Le réseau téléphonique a été coupé pendant des heures, et {witness} a dû marcher pour donner l'alerte.",
    ),
}  # fmt: skip
CLOSING = {
    "en": (
        "The {adjective} authorities had not commented by {hour}.",
        "Humanitarian workers say farming in the area has become {hard} because of insecurity, {worker} noted.",
        "{Worker}, who studies the conflict, called for {remedy}.",
        "More than {many} people have been killed in {country} since January, according to a tally by {outlet}.",
        "The government has promised {remedy}, but {worker} doubts it will come before the {season}.",
    ),
    "fr": (
        "Les autorités n'avaient pas réagi {hour_fr}.",
        "Les humanitaires estiment que cultiver la terre y est devenu {hard} à cause de l'insécurité, note {worker}.",
        "{Worker}, qui étudie le conflit, réclame {remedy}.",
        "Plus de {many} personnes ont été tuées {au} {country} depuis le début de l'année, selon un décompte de {outlet}.",
        "Le gouvernement a promis {remedy}, mais {worker} doute que cela vienne avant {season}.",
    ),
}  # fmt: skip
QUIET = {
    "en": (
        "The price of {grain} rose again this week, traders told {outlet}.",
        "{Worker} opened a workshop for {craft} yesterday, with music until {hour}.",
        "Farmers hope the {season} will bring back {hope}, said {witness}.",
        "A new school for {craft} was inaugurated by {worker}, who promised {remedy}.",
        "The national team is preparing its next match, and {witness} expects {hope}.",
    ),
    "fr": (
        "Le prix du {grain} a encore augmenté cette semaine, ont confié des commerçants à {outlet}.",
        "{Worker} a ouvert hier un atelier pour {craft}, avec de la musique jusqu'à {hour}.",
        "Les cultivateurs espèrent que {season} ramènera {hope}, a dit {witness}.",
        "Une école pour {craft} a été inaugurée par {worker}, qui a promis {remedy}.",
        "L'équipe nationale prépare son prochain match, et {witness} espère {hope}.",
    ),
}  # fmt: skip
WORDS = {
    "en": {
        "reinforcements": ("reinforcements", "a patrol", "the gendarmes", "help"), "hour": ("midnight", "dawn", "the evening", "noon", "sunset"),
        "grain": ("millet", "sorghum", "rice", "maize", "onions"), "side": ("the bush", "the river bank", "the north", "several directions"),
        "loot": ("cattle", "motorbikes", "food", "fuel", "medicines"), "hard": ("hard", "impossible", "dangerous", "rare"),
        "remedy": ("talks", "more wells", "better roads", "a local truce", "fuel for the clinics"), "season": ("harvest", "rainy season", "dry season", "sowing"),
        "craft": ("weavers", "potters", "mechanics", "midwives", "bakers"), "hope": ("calm", "good yields", "a crowd", "better days"),
    },
    "fr": {
        "reinforcements": ("des renforts", "d'une patrouille", "des gendarmes", "des secours"), "hour": ("minuit", "l'aube", "la nuit tombée", "midi"),
        "grain": ("mil", "sorgho", "riz", "maïs", "niébé"), "side": ("de la brousse", "des berges du fleuve", "du nord", "de plusieurs directions"),
        "loot": ("du bétail", "des motos", "des vivres", "du carburant", "des médicaments"), "hard": ("difficile", "impossible", "dangereux", "rare"),
        "remedy": ("des pourparlers", "de nouveaux puits", "de meilleures routes", "une trêve locale"), "season": ("la récolte", "la saison des pluies", "la saison sèche", "les semis"),
        "craft": ("les tisserands", "les potiers", "les mécaniciens", "les sages-femmes"), "hope": ("le calme", "de bonnes récoltes", "la foule", "des jours meilleurs"),
    },
}  # fmt: skip
GIVEN = "Amadou Fatou Ibrahim Mariam Oumar Aissata Boubacar Kadi Moussa Salimata Issa Rokia Hamidou Ramata Seydou Hawa Adama Nana".split()
FAMILY = "Traoré Coulibaly Keïta Cissé Sow Barry Diarra Konaté Ouédraogo Sawadogo Kaboré Zongo Issoufou Garba Hassane Maïga Touré Dicko".split()
TRADES = {
    "en": "a trader,a teacher,a nurse,a herder,a driver,a farmer".split(","),
    "fr": "commerçant,enseignant,infirmier,éleveur,chauffeur,cultivateur".split(","),
}
OUTLETS = (
    "Sahel Wire",
    "Courrier du Fleuve",
    "Desert Monitor",
    "Agence Exemple",
    "Matin du Faso",
    "River Post",
    "Savane Info",
    "Dune Radio",
)
NUMBER_WORDS = {"en": dict(zip(range(2, 10), "two three four five six seven eight nine".split(), strict=True)),
                "fr": dict(zip(range(2, 10), "deux trois quatre cinq six sept huit neuf".split(), strict=True))}  # fmt: skip
WEEKDAYS = {
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(),
    "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche".split(),
}
MONTHS = {"en": "January February March April May June July August September October November December".split(),
          "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()}  # fmt: skip


def main() -> None:
    """Write the corpus and its truth."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--files", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    articles, events = make(options.articles, seed=options.seed)
    save(options.folder, articles, events, files=options.files)
    print(f"{len(articles):,} articles on {len(events):,} events in {options.folder}")


def save(folder: Path, articles: list[dict[str, Any]], events: list[dict[str, Any]], *, files: int) -> None:
    """Articles into ``folder``/articles, the truth beside them."""
    (folder / "articles").mkdir(parents=True, exist_ok=True)
    for n in range(files):
        _lines(folder / "articles" / f"part-{n:03d}.jsonl", articles[n::files])
    _lines(folder / "truth.jsonl", events)


def make(count: int, *, seed: int = 1) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """About ``count`` articles and the events they tell of, the same for the same seed and gazetteer."""
    chance = random.Random(seed)
    places = towns(Gazetteer.open(local=False))
    articles: list[dict[str, Any]] = []
    events: list[dict[str, Any]] = []
    for event in _events(chance, places, span=max(60, 11 * count // (3 * len(places)))):
        if len(articles) >= count:
            break
        told = [
            _article(chance, event, f"a{len(articles) + n:07d}") for n in range(chance.choice((1, 1, 2, 2, 3, 4, 5)))
        ]
        printed = [_again(chance, told[0], f"a{len(articles) + len(told):07d}")] if chance.random() < 0.1 else []
        articles += told + printed
        events.append(_truth(event, [a["report_id"] for a in (*told, *printed)]))
        if chance.random() < 0.55:
            articles.append(_quiet(chance, event["day"], f"q{len(articles):07d}"))
    return articles, events


def towns(gazetteer: Gazetteer) -> list[Place]:
    """Towns whose name is theirs alone and which lie APART_KM from each other."""
    resolver = Resolver(gazetteer)
    kept: list[Place] = []
    for place in sorted(gazetteer.places(), key=lambda p: (-p.population, p.place_id)):
        if place.country not in COUNTRY or place.population < 1000 or len(place.name) < 5:
            continue
        if any(distance_km(place.position, other.position) < APART_KM for other in kept):
            continue
        found = resolver.resolve(f"the town of {place.name}", date=FIRST_DAY)
        alone = resolver.resolve(place.name, date=FIRST_DAY)
        if all(
            r.status is ResolutionStatus.RESOLVED and r.kind is PlaceKind.PLACE and r.position
            and distance_km(r.position, place.position) < 5 for r in (found, alone)
        ):  # fmt: skip
            kept.append(place)
    return kept


def _events(chance: random.Random, places: list[Place], *, span: int) -> Iterator[dict[str, Any]]:
    """Events in the order of their days, APART_DAYS and more from the last one at the same place."""
    free: dict[str, int] = defaultdict(int)
    for day in range(span * 20):
        for place in chance.sample(places, max(1, len(places) // (2 * APART_DAYS))):
            if free[place.place_id] > day:
                continue
            free[place.place_id] = day + APART_DAYS
            dead = chance.choice(list(DEAD))
            best = chance.choice((*range(2, 10), *range(10, 70, 3)))
            figures = [best, best + chance.randrange(1, 6)] if chance.random() < 0.1 else [best]
            doer = chance.choice(list(DOERS))
            yield {
                "place": place,
                "day": FIRST_DAY + dt.timedelta(days=day),
                "doer": doer,
                "dead": dead,
                "figures": figures,
                "told": set(),
            }


def _truth(event: dict[str, Any], articles: list[str]) -> dict[str, Any]:
    place: Place = event["place"]
    return {"place": place.name, "country": place.country, "latitude": place.position.lat, "longitude": place.position.lon,
            "day": event["day"].isoformat(), "actor": event["doer"], "dead": event["dead"], "killed": sorted(event["told"]), "articles": articles}  # fmt: skip


def _article(chance: random.Random, event: dict[str, Any], report_id: str) -> dict[str, Any]:
    language = chance.choice(("en", "fr"))
    french = language == "fr"
    published = event["day"] + dt.timedelta(days=chance.choice((0, 1, 1, 2)))
    number = chance.choice(event["figures"])
    event["told"].add(number)
    outlet = chance.choice(OUTLETS)
    doer = chance.choice(DOERS[event["doer"]][french])
    target = chance.choice(TARGETS[event["dead"]][french])
    speaker = chance.choice(SPEAKERS[french])
    words = NUMBER_WORDS[language].get(number, str(number)) if chance.random() < 0.7 else str(number)
    slots = _slots(chance, language, outlet) | {
        "place": event["place"].name, "country": COUNTRY[event["place"].country][french], "au": COUNTRY[event["place"].country][4],
        "adjective": COUNTRY[event["place"].country][2], "day": _day(chance, event["day"], language), "n": words, "N": _upper(words),
        "dead": DEAD[event["dead"]][french], "target": target, "of_target": _of(target), "doer": doer, "Doer": _upper(doer),
        "doer_of": doer.removeprefix("des "), "speaker": speaker, "Speaker": _upper(speaker), "outlet": outlet,
        "hour_fr": chance.choice(("dans la soirée", "à la mi-journée", "en fin de journée")),
    }  # fmt: skip
    lead = chance.choice(LEADS[language]).format(**slots)
    rest = [*chance.sample(SECOND[language], 2), chance.choice(CLOSING[language])]
    text = "\n\n".join([lead, *(_filled(chance, sentence, slots, language, outlet) for sentence in rest)])
    title = f"{event['place'].name} : attaque meurtrière" if french else f"Deadly attack in {event['place'].name}"
    return {
        "report_id": report_id,
        "published": published.isoformat(),
        "source": outlet,
        "language": language,
        "title": title,
        "text": text,
    }


def _again(chance: random.Random, article: dict[str, Any], report_id: str) -> dict[str, Any]:
    """The same text in another outlet."""
    return article | {"report_id": report_id, "source": chance.choice([o for o in OUTLETS if o != article["source"]])}


def _quiet(chance: random.Random, day: dt.date, report_id: str) -> dict[str, Any]:
    language = chance.choice(("en", "fr"))
    outlet = chance.choice(OUTLETS)
    text = "\n\n".join(
        _filled(chance, sentence, {}, language, outlet) for sentence in chance.sample(QUIET[language], 4)
    )
    return {
        "report_id": report_id,
        "published": day.isoformat(),
        "source": outlet,
        "language": language,
        "title": "",
        "text": text,
    }


def _filled(chance: random.Random, sentence: str, slots: dict[str, str], language: str, outlet: str) -> str:
    return sentence.format(**(slots | _slots(chance, language, outlet)))


def _slots(chance: random.Random, language: str, outlet: str) -> dict[str, str]:
    name = f"{chance.choice(GIVEN)} {chance.choice(FAMILY)}"
    other = f"{chance.choice(GIVEN)} {chance.choice(FAMILY)}"
    witness = f"{name}, {chance.choice(TRADES[language])}"
    return {k: chance.choice(v) for k, v in WORDS[language].items()} | {
        "many": str(chance.randrange(150, 2500, 50)),
        "witness": witness, "Witness": witness, "worker": other, "Worker": other, "outlet": outlet}  # fmt: skip


def _day(chance: random.Random, day: dt.date, language: str) -> str:
    month = MONTHS[language][day.month - 1]
    weekday = WEEKDAYS[language][day.weekday()]
    if language == "en":
        return chance.choice((weekday, f"{weekday} {day.day} {month}", f"{day.day} {month}"))
    return chance.choice((weekday, f"{weekday} {day.day} {month}", f"le {day.day} {month}"))


def _of(target: str) -> str:
    return f"d'{target}" if target[0] in "aeiou" else f"de {target}"


def _upper(text: str) -> str:
    return text[0].upper() + text[1:]


def _lines(path: Path, rows: list[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


if __name__ == "__main__":
    main()
