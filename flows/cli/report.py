"""`commentary report`: the page to look at, as one HTML file."""

from datetime import UTC, datetime
from pathlib import Path

import click

from flows.page.write import write_report
from flows.settings import settings
from warehouse.workspace import Workspace


@click.command()
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File to write; report.html beside the published database if left out.",
)
def report(output: Path | None) -> None:
    """Write a page with themes, framing, figures and their evidence, to open in any browser, without network."""
    path = write_report(Workspace(settings().home), datetime.now(UTC), output)
    click.echo(f"Open: {path.absolute()}")
