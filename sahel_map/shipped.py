"""Where the data that ships with the package lies: in the wheel, or in a checkout."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def gazetteer_tables() -> Path:
    """The folder of the shipped gazetteer tables (``gazetteer/tables`` of the repository)."""
    installed = _PACKAGE / "_gazetteer"
    return installed if installed.is_dir() else _PACKAGE.parent / "gazetteer" / "tables"
