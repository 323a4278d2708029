"""``sahel-map build``: reports in; map, incidents and audit trail out."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sahel_map.cli.dates import Day

if TYPE_CHECKING:
    from sahel_map.datasets import Reject
    from sahel_map.model import Report
    from sahel_map.pipeline import Build


@click.command()
@click.argument("inputs", nargs=-1, metavar="INPUT...")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder to write into; outputs if neither --out nor --into is given.",
)
@click.option(
    "--into", metavar="STORE", help="Add to this store: a .gpkg file or a URL postgresql://…, made if need be."
)
@click.option("--published", type=Day(), help="Publication day of reports that carry none (YYYY-MM-DD).")
@click.option(
    "--language",
    type=click.Choice(["en", "fr"]),
    default=None,
    help="Language of reports whose language is not told or plain.",
)
@click.option(
    "--rule",
    type=click.Choice(["ucdp", "acled", "confirmed"]),
    help="How conflicting tolls become one figure; ucdp if not given, in a store as in its last build.",
)
@click.option(
    "--corrections",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="CSV of a person's decisions (action, target, field, value, who, why), applied on every build.",
)
@click.option(
    "--mapping",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="TOML file that says what the columns of a table of events mean; TABLE.mapping.toml beside it if not given.",
)
@click.option("--title", default="", help="Title of the map page.")
@click.option(
    "--page-language",
    type=click.Choice(["en", "fr"]),
    default="en",
    show_default=True,
    help="Language the page opens in.",
)
@click.option(
    "--engine",
    type=click.Choice(["local", "dask"]),
    default="local",
    show_default=True,
    help="dask spreads a corpus of files over all cores, or over --scheduler's machines.",
)
@click.option("--scheduler", metavar="ADDRESS", default="", help="A Dask scheduler, e.g. tcp://host:8786.")
@click.option(
    "--work",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for what --engine dask has finished; OUT/.work, gone at the end, if not given.",
)
def build(
    inputs: tuple[str, ...],
    out: Path | None,
    into: str | None,
    corrections: Path | None,
    mapping: Path | None,
    published: dt.date | None,
    language: str | None,
    rule: str | None,
    title: str,
    page_language: str,
    engine: str,
    scheduler: str,
    work: Path | None,
) -> int:
    """Read reports and coded data and write the map, the incidents and their audit trail.

    INPUT is a file, a folder or a glob: reports (.txt with optional front matter, .html, .pdf, .jsonl …), UCDP GED
    or ACLED files (.csv, .xlsx), which are known by their header, and any other table of events (.csv, .xlsx,
    .geojson, .gpkg) with a mapping file: a first guess of one is written. Rows that cannot be used go to rejects.csv.

    \b
    Examples:
      sahel-map build examples/reports --out outputs
      sahel-map build article.txt --published 2025-06-02
      sahel-map build "news/*.jsonl" --rule acled --page-language fr
      sahel-map build news/ GEDEvent_v25_1.csv my_acled_export.csv
      sahel-map build today/ --into sahel.gpkg
      sahel-map build archive/ --engine dask --out outputs
    """
    from sahel_map.pipeline import REJECTS, run, write, write_rejects
    from sahel_map.reports import renamed

    if not inputs and not into:
        raise click.UsageError("name what to read: files, folders or globs")
    if engine == "dask":
        from sahel_map.cli.build_corpus import build_corpus

        if into:
            raise click.UsageError(
                "--engine dask makes a table anew, and a store is merged whole in one process: leave --into for a local build"
            )
        return build_corpus(
            inputs, out or Path("outputs"), scheduler=scheduler, work=work, title=title, page_language=page_language,
            published=published, language=language or "", rule=rule or "ucdp", corrections=corrections, mapping=mapping,
        )  # fmt: skip
    if scheduler or work:
        raise click.UsageError("--scheduler and --work are for --engine dask")
    settings: dict[str, Any] = {
        "published": published, "language": language or "", "rule": rule or "ucdp", "corrections": corrections, "mapping": mapping, "progress": _progress,
    }  # fmt: skip
    if into:
        from sahel_map.store import named
        from sahel_map.store.adding import add

        added = add(into, inputs, **settings | {"rule": rule})
        made = added.made
    else:
        made = run(inputs, **settings)
    for fault in made.faults:
        click.echo(f"sahel-map: {fault}", err=True)
    folder = None if into and not out else out or Path("outputs")
    tell_of_tables(made.rejects, inputs, mapping, folder)
    if not made.coded and not made.events:
        wrote = "nothing"
        if folder is not None and len(made.rejects) > _TOLD:
            click.echo(str(write_rejects(made.rejects, folder)))
            wrote = f"nothing but {REJECTS}"
        click.echo(f"sahel-map: no report or event could be read; {wrote} was written", err=True)
        return 1
    for coded in made.coded:
        for note in coded.notes:
            click.echo(f"sahel-map: {coded.report.report_id}: {note}", err=True)
    for other, told in renamed(coded.report for coded in made.coded).items():
        click.echo(f"sahel-map: {other}: another text has the id {told!r} too; this one is kept as {other!r}", err=True)
    for line in made.unfit:
        click.echo(f"sahel-map: {line}", err=True)
    if folder is not None:
        for path in write(made, folder, title=title, language=page_language):
            click.echo(str(path))
    click.echo(_summary(made), err=True)
    if into:
        click.echo(f"{named(into)}: {added}", err=True)
    return 1 if made.faults or made.rejects else 0


def tell_of_tables(rejects: Sequence[Reject], inputs: Sequence[str], mapping: Path | None, folder: Path | None) -> None:
    """Rows of coded files that could not be used, and tables that nobody or a mapping in vain explained."""
    from sahel_map.datasets import explained

    _tell_rejects(rejects, folder)
    if mapping is None:
        _guess_mappings(inputs)
    elif not explained(inputs, mapping):
        wanted = "a table of events, named one by one, that is neither UCDP's nor ACLED's and has no mapping beside it"
        click.echo(f"sahel-map: {mapping}: explains none of the inputs and was not used; it is for {wanted}", err=True)


def _tell_rejects(rejects: Sequence[Reject], folder: Path | None) -> None:
    """The first of them, and where all are: a store keeps none, so there they want a folder."""
    for reject in rejects[:_TOLD]:
        column = f", {reject.column}" if reject.column else ""
        click.echo(f"sahel-map: {reject.path}, row {reject.row}{column}: {reject.reason}", err=True)
    if len(rejects) > _TOLD:
        where = f"all are in {folder / 'rejects.csv'}" if folder else "run it again with --out FOLDER for a list of all"
        click.echo(f"sahel-map: … and {len(rejects) - _TOLD:,} more faults of coded rows; {where}", err=True)


_TOLD = 10  # faults of coded rows that are told one by one


def _guess_mappings(inputs: Sequence[str]) -> None:
    from sahel_map.datasets import unmapped
    from sahel_map.datasets.mapping import write_guess
    from sahel_map.datasets.reading import header_of

    for table in unmapped(inputs):
        path = write_guess(table, header_of(table))
        click.echo(
            f"sahel-map: a first guess of what its columns mean is in {path}: look through it, and run this again",
            err=True,
        )


def _progress(reports: Iterable[Report]) -> Iterable[Report]:
    from tqdm import tqdm

    bar: Iterable[Report] = tqdm(
        list(reports), desc="reading", unit=" reports", disable=not sys.stderr.isatty(), leave=False
    )
    return bar


def _summary(made: Build) -> str:
    table = made.incidents
    left = len({(reject.path, reject.row) for reject in made.rejects})  # a row may have many faults
    news = int((~table["background"]).sum())
    return (
        f"{len(made.coded)} report{'s' * (len(made.coded) != 1)}{f', {made.events:,} coded events' if made.events else ''}"
        f"{f', {left:,} rows rejected' if left else ''}: {news} incident{'s' * (news != 1)}, {len(table) - news} told as background, "
        f"{int(table['disputed'].sum())} disputed; {sum(len(c.aggregates) for c in made.coded)} totals kept apart"
    )
