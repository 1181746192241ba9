"""`commentary export`: tables and views as Parquet and CSV, or what was fetched as WARC."""

from pathlib import Path

import click

from flows.settings import settings
from warehouse.connection import open_snapshot
from warehouse.export import export as export_tables
from warehouse.raw_store import RawStore
from warehouse.warc import export_warc
from warehouse.workspace import Workspace


@click.command()
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False))
@click.option("--warc", is_flag=True, help="Also write fetched.warc.gz: everything fetched, for others' tools.")
def export(directory: Path, warc: bool) -> None:
    """Write every table and view to DIRECTORY as Parquet and CSV."""
    workspace = Workspace(settings().home)
    with open_snapshot(workspace, files=True) as connection:
        written = export_tables(connection, directory)
        click.echo(f"{len(written)} files in {directory}")
        if warc:
            records = export_warc(connection, RawStore(workspace.raw), directory / "fetched.warc.gz")
            click.echo(f"{records} records in {directory / 'fetched.warc.gz'}")
