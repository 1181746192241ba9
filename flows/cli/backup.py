"""`commentary backup` and `commentary restore`: a warehouse in one file."""

from pathlib import Path

import click

from flows.run import utc_now
from flows.settings import settings
from warehouse.backup import Contents, back_up
from warehouse.backup import restore as restore_warehouse
from warehouse.workspace import Workspace


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Back the warehouse up into FILE, also while a run goes on: the published data, the journal, what was fetched."""
    contents = back_up(Workspace(settings().home), file, utc_now())
    click.echo(f"Backed up {_told(contents)} into {file} ({file.stat().st_size / 1e6:.1f} MB).")


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def restore(file: Path) -> None:
    """Restore the warehouse of FILE into an empty folder (data/, or COMMENTARY_HOME); the next run goes on from it."""
    contents = restore_warehouse(Workspace(settings().home), file)
    click.echo(f"Restored {_told(contents)} of {contents.made_at[:16]} UTC into {settings().home}.")
    click.echo("Next: `commentary ingest` makes the pipeline's database from it and goes on.")


def _told(contents: Contents) -> str:
    published = "the published data" if contents.snapshot else "nothing published yet"
    return f"{published} and {contents.objects} stored objects"
