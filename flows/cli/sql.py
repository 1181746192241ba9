"""`commentary sql`: a query over the published snapshot."""

import csv
import json
import os
import sys
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

import click
import duckdb
from rich.console import Console
from rich.table import Table
from rich.text import Text

from flows.errors import UserError
from flows.settings import settings
from warehouse.connection import open_snapshot
from warehouse.workspace import Workspace

Row = Sequence[object]


@click.command()
@click.argument("query")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "csv", "json"]),
    default="table",
    show_default=True,
    help="How to print.",
)
def sql(query: str, form: str) -> None:
    """Run one QUERY on the published database, read-only."""
    with open_snapshot(Workspace(settings().home)) as connection:
        try:
            result = connection.execute(query)
            columns = [column[0] for column in result.description or ()]
            rows = result.fetchall()
        except duckdb.Error as error:
            raise UserError(
                f"the query does not run: {error}", "`show tables` and `describe v_figures` tell what there is"
            ) from error
    {"table": print_table, "csv": _print_csv, "json": _print_json}[form](columns, rows)


def print_table(columns: Sequence[str], rows: Sequence[Row]) -> None:
    """A table for people, as wide as the terminal; 120 columns where there is none."""
    wide = None if sys.stdout.isatty() or "COLUMNS" in os.environ else 120
    table = Table(*columns, header_style="bold", expand=False)
    for row in rows:
        table.add_row(*(Text(_plain(value)) for value in row))
    Console(width=wide, soft_wrap=False).print(table)
    click.echo(f"{len(rows)} row{'' if len(rows) == 1 else 's'}")


def _print_csv(columns: Sequence[str], rows: Sequence[Row]) -> None:
    writer = csv.writer(sys.stdout)
    writer.writerow(columns)
    writer.writerows([["" if value is None else _plain(value) for value in row] for row in rows])


def _print_json(columns: Sequence[str], rows: Sequence[Row]) -> None:
    click.echo(
        json.dumps([dict(zip(columns, row, strict=True)) for row in rows], ensure_ascii=False, default=_json, indent=1)
    )


def _plain(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(_plain(item) for item in value)
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def _json(value: object) -> object:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    return str(value)
