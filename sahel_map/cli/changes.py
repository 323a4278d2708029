"""``sahel-map changes``: what changed in a store, and because of which report."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict

import click

from sahel_map.cli.dates import Day


@click.command()
@click.option("--since", type=Day(), required=True, help="First day (YYYY-MM-DD, in UTC) whose changes are told.")
@click.option(
    "--in", "store", default="sahel.gpkg", show_default=True, help="Store: a .gpkg file or a URL postgresql://…"
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, for other programs.")
def changes(since: dt.date, store: str, as_json: bool) -> int:
    """Say which incidents were added, changed or removed in a store since a day, what changed, and why.

    The reason is the reports that this run brought; or corrections, another gazetteer or program version.

    \b
    Examples:
      sahel-map changes --since 2025-06-02 --in sahel.gpkg
      sahel-map changes --since 2025-06-02 --json
    """
    from sahel_map.store.changes import changes_since, told

    found = changes_since(store, since)
    for change in found:
        if as_json:
            click.echo(json.dumps({**asdict(change), "when": change.when.isoformat()}, ensure_ascii=False))
        else:
            for line in told(change):
                click.echo(line)
    kinds = {kind: sum(c.change == kind for c in found) for kind in ("added", "changed", "removed")}
    click.echo(f"since {since}: " + ", ".join(f"{count:,} {kind}" for kind, count in kinds.items()), err=True)
    return 0
