"""`commentary search`: full-text search over the paragraphs of the published snapshot."""

import click
from rich.console import Console
from rich.text import Text

from flows.settings import settings
from warehouse.connection import open_snapshot
from warehouse.search import Passage
from warehouse.search import search as find
from warehouse.workspace import Workspace


@click.command()
@click.argument("query")
@click.option("--limit", default=10, show_default=True, type=click.IntRange(min=1), help="How many passages.")
def search(query: str, limit: int) -> None:
    """Find the paragraphs that speak of QUERY, best first: words in any form and order."""
    with open_snapshot(Workspace(settings().home)) as connection:
        found = find(connection, query, limit)
    console = Console(highlight=False, soft_wrap=True)
    for number, passage in enumerate(found, 1):
        _print(console, number, passage)
    if not found:
        click.echo("No paragraph has any of these words.")


def _print(console: Console, number: int, passage: Passage) -> None:
    where = ", ".join(str(part) for part in (passage.publisher, passage.published_on) if part)
    console.print(Text.assemble(f"{number}. ", (passage.title or passage.url, "bold"), f"  {where}"))
    console.print(Text(f"   {passage.text}"))
    console.print(Text(f"   {passage.url} paragraph {passage.paragraph_no}, score {passage.score:.2f}", style="dim"))
