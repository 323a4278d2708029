"""Ask an online geocoder for what no gazetteer here knows: off unless asked for, cached, one question a second.

With gazetteer_sources/download.py the only network of the package. The name leaves the machine:
do not use it for names that must not be known to be looked for.
"""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import platformdirs

from sahel_map.model import Candidate, LonLat, Place

log = logging.getLogger(__name__)
AGENT = "sahel-map (offline-first gazetteer of the Sahel)"


class OnlineGeocoder:
    """Nominatim through geopy by default; any geopy geocoder can be given.

    At most one request in `seconds` (the public server's policy is 1); answers, also empty ones, are kept
    in the user's cache folder, so that no name is asked twice.
    """

    def __init__(self, service: Any = None, *, seconds: float = 1.1, cache: Path | None = None) -> None:
        from geopy.extra.rate_limiter import RateLimiter
        from geopy.geocoders import Nominatim

        self._cache_path = cache or Path(platformdirs.user_cache_dir("sahel-map", False)) / "online.json"
        service = service or Nominatim(user_agent=AGENT, timeout=20)
        self._ask = RateLimiter(service.geocode, min_delay_seconds=seconds, max_retries=2, swallow_exceptions=False)

    def __call__(self, name: str, countries: frozenset[str]) -> Candidate | None:
        """The place the service thinks of, as a candidate of low trust; None when it knows none or cannot be reached."""
        key = f"{name}|{','.join(sorted(countries))}"
        cache = self._read()
        if key not in cache:
            found = self._asked(name, countries)
            if found is None:
                return None
            cache[key] = found
            self._write(cache)
        found = cache[key]
        if not found:
            return None
        place = Place(
            place_id=f"online:{found['id']}",
            name=found["name"],
            position=LonLat(found["lon"], found["lat"]),
            country=found["country"],
            sources=("openstreetmap (online)",),
        )
        return Candidate(place=place, matched_name=found["name"], method="online", score=0.5)

    def _asked(self, name: str, countries: frozenset[str]) -> dict[str, Any] | None:
        """The answer as it is cached, {} for "knows none", None when the service failed."""
        from geopy.exc import GeopyError

        try:
            location = self._ask(
                name, country_codes=[c.lower() for c in sorted(countries)] or None, addressdetails=True
            )
        except GeopyError as error:
            log.warning("the online geocoder could not be asked for %r: %s", name, error)
            return None
        if location is None:
            return {}
        country = str(location.raw.get("address", {}).get("country_code", "")).upper()
        number = location.raw.get("osm_id") or location.raw.get("place_id") or "?"
        title = str(location.address).split(",")[0]
        return {"id": number, "name": title, "lat": location.latitude, "lon": location.longitude, "country": country}

    def _read(self) -> dict[str, Any]:
        try:
            cached: dict[str, Any] = json.loads(self._cache_path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return cached

    def _write(self, cache: dict[str, Any]) -> None:
        try:
            self._cache_path.parent.mkdir(parents=True, exist_ok=True)
            part = self._cache_path.with_suffix(".part")
            part.write_text(json.dumps(cache, ensure_ascii=False), encoding="utf-8")
            part.replace(self._cache_path)
        except OSError as error:
            log.warning("the answers of the online geocoder could not be kept: %s", error)
