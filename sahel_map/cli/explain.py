"""``sahel-map explain``: the story of one incident."""

from __future__ import annotations

import click


@click.command()
@click.argument("incident_id")
@click.option(
    "--in",
    "where",
    default="outputs",
    show_default=True,
    help="Folder, incidents.geojson or store that a build wrote.",
)
@click.option("--json", "as_json", is_flag=True, help="The incident with its ledger as a GeoJSON feature.")
def explain(incident_id: str, where: str, as_json: bool) -> int:
    """Tell the story of one incident: reports, sentences, figures, why they were joined, what disagrees.

    \b
    Examples:
      sahel-map explain ML-boulkessi-20250601 --in outputs
      sahel-map explain ML-boulkessi-20250601 --in sahel.gpkg
      sahel-map explain ML-boulkessi-20250601 --json
    """
    from sahel_map.dossier import story
    from sahel_map.errors import InputError
    from sahel_map.store import named, saved_incidents

    table = saved_incidents(where)
    rows = table[table["incident_id"] == incident_id]
    if rows.empty:
        known = ", ".join(table["incident_id"].head(12))
        raise InputError(
            f"no incident {incident_id!r} in {named(where)!r}; it holds {known}{' …' if len(table) > 12 else ''}"
        )
    if as_json:
        from sahel_map.exports.geojson import features

        click.echo(next(features(rows)).decode("utf-8"))
    else:
        click.echo(story({str(key): value for key, value in rows.iloc[0].items()}))
    return 0
