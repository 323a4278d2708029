"""How do bytes travel in a page? As base64 of gzip, the same every time."""

import base64
import gzip


def gzip64(raw: bytes) -> str:
    """Bytes compressed and written in base64; no date is kept in them."""
    return base64.b64encode(gzip.compress(raw, compresslevel=6, mtime=0)).decode("ascii")
