"""``sahel-map explain``: the story of one incident."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("incident_id")
@click.option(
    "--in",
    "folder",
    type=click.Path(exists=True, path_type=Path),
    default=Path("outputs"),
    show_default=True,
    help="Folder (or incidents.geojson) that a build wrote.",
)
def explain(incident_id: str, folder: Path) -> int:
    """Tell the story of one incident: reports, sentences, figures, why they were joined, what disagrees.

    \b
    Example:
      sahel-map explain ML-boulkessi-20250601 --in outputs
    """
    from sahel_map.dossier import story
    from sahel_map.errors import InputError
    from sahel_map.incidents import read

    table = read(folder / "incidents.geojson" if folder.is_dir() else folder)
    rows = table[table["incident_id"] == incident_id]
    if rows.empty:
        known = ", ".join(table["incident_id"].head(12))
        raise InputError(
            f"no incident {incident_id!r} in {str(folder)!r}; it holds {known}{' …' if len(table) > 12 else ''}"
        )
    click.echo(story({str(key): value for key, value in rows.iloc[0].items()}))
    return 0
