"""XML from strangers: no entities, no depth without end, no tree kept."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import ParseError

from sahel_map.errors import InputError

MAX_DEPTH = 200


def parse_events(xml: bytes) -> Iterator[tuple[str, Any]]:
    """("start" or "end", element) in document order; InputError for broken, booby-trapped or too deep XML."""
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import iterparse

    depth = 0
    try:
        for event, element in iterparse(io.BytesIO(xml), events=("start", "end"), forbid_dtd=False):
            depth += 1 if event == "start" else -1
            if depth > MAX_DEPTH:
                raise InputError(f"nests XML more than {MAX_DEPTH} deep; that is no report")
            yield event, element
    except DefusedXmlException as error:
        raise InputError("declares XML entities, which may hide files or bombs; save it without them") from error
    except (ParseError, LookupError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"is not well-formed XML ({str(error)[:80]}); save it again") from error
