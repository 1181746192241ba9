"""`commentary sql`, `tables`, `search`, `report`, `export` and `serve-sql`: what the published snapshot holds."""

import csv
import ipaddress
import json
import math
import os
import re
import secrets
import signal
import socket
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path

import click
import duckdb
from rich.console import Console
from rich.text import Text

from extractors.workers import is_done_within
from flows.cli.printing import Row, plain, print_rows, print_table
from flows.settings import UserError, settings
from warehouse.database import open_snapshot
from warehouse.dictionary import Relation, markdown, stored_relations
from warehouse.errors import WarehouseError
from warehouse.export import FORMATS, USUAL_FORMATS, ExportFormat, export_warc
from warehouse.export import export as export_tables
from warehouse.notes import kept_notes, laid_relations, lay_over
from warehouse.raw_store import store_of
from warehouse.search import Passage
from warehouse.search import search as find
from warehouse.serving import SqlServer

_FORMULA = re.compile(r"[=+\-@\t\r]")
_SIGNED_NUMBER = re.compile(r"[+-][\d.,]+%?")


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
@click.option("--all", "everything", is_flag=True, help="Print all rows, all columns and whole texts, however wide.")
@click.option("--allow-files", is_flag=True, help="Let the query read and write other files, and change settings.")
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    default=600.0,
    show_default=True,
    help="Seconds after which the query is given up.",
)
def sql(query: str, form: str, everything: bool, allow_files: bool, timeout: float) -> None:
    """Run one QUERY on the published database, read-only.

    Of a long or wide answer it prints what a person can read, and says what is left out; --all prints everything. csv
    and json are always whole; in csv a text that a spreadsheet would take for a formula is led by an apostrophe.
    `commentary tables` tells what there is to ask.

    It reaches nothing but that database, within the memory of the settings: no other files, no network.
    """
    workspace = settings().workspace
    with open_snapshot(workspace, settings().memory_limit, files=allow_files) as connection:
        if workspace.notes.exists():
            lay_over(connection, kept_notes(workspace.notes))
        columns, rows = _answer(connection, query, timeout)
    if form == "table":
        print_rows(columns, rows, everything=everything)
    else:
        {"csv": _print_csv, "json": _print_json}[form](columns, rows)


def _answer(connection: duckdb.DuckDBPyConnection, query: str, timeout: float) -> tuple[list[str], list[Row]]:
    try:
        return _asked(connection, query, timeout)
    except duckdb.InterruptException as error:
        raise UserError(
            f"the query was given up after {timeout:g} s", "ask for less, or give it longer with --timeout SECONDS"
        ) from error
    except duckdb.PermissionException as error:
        raise UserError(
            f"the query does not run: {error}", "--allow-files lets it read and write files other than the database"
        ) from error
    except duckdb.Error as error:
        raise UserError(
            f"the query does not run: {error}",
            "`commentary tables` and `commentary tables v_figures` tell what there is",
        ) from error


def _asked(connection: duckdb.DuckDBPyConnection, query: str, timeout: float) -> tuple[list[str], list[Row]]:
    """The answer of a query that runs beside this thread, which hears Ctrl-C at once: DuckDB may lose one.

    Raises:
        InterruptException: it took longer.
    """
    with ThreadPoolExecutor(1) as beside:
        beside.submit(_nothing).result()  # its thread is there: one that Ctrl-C meets as it starts is not waited for
        try:
            asked = beside.submit(_rows, connection, query)
            is_done_within(asked, timeout)
        finally:
            over = beside.submit(_nothing)  # behind the query, also where Ctrl-C came before its name was known here
            while not is_done_within(over, 0.1):  # again: before the query has begun there is nothing to interrupt
                connection.interrupt()
    return asked.result()


def _nothing() -> None:
    """What a thread does to show that it is there, or that it is through."""


def _rows(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[list[str], list[Row]]:
    result: duckdb.DuckDBPyConnection | None = connection.execute(query)
    if result is None:  # nothing but white space and comments
        raise UserError("the query is empty", 'such as: commentary sql "select * from v_evidence limit 5"')
    return [column[0] for column in result.description or ()], list(result.fetchall())


def _print_csv(columns: Sequence[str], rows: Sequence[Row]) -> None:
    writer = csv.writer(sys.stdout)
    writer.writerow(columns)
    writer.writerows([[_inert(value) for value in row] for row in rows])


def _inert(value: object) -> str:
    """A cell of CSV: a text that a spreadsheet would take for a formula, whoever wrote it, is led by an apostrophe."""
    text = plain(value)
    is_formula = isinstance(value, str | list) and _FORMULA.match(text) and not _SIGNED_NUMBER.fullmatch(text)
    return f"'{text}" if is_formula else text


def _print_json(columns: Sequence[str], rows: Sequence[Row]) -> None:
    names = [
        f"{name}_{before + 1}" if (before := columns[:at].count(name)) else name for at, name in enumerate(columns)
    ]
    found = [dict(zip(names, map(_finite, row), strict=True)) for row in rows]
    click.echo(json.dumps(found, ensure_ascii=False, default=_json, indent=1))


def _finite(value: object) -> object:
    """What JSON has no number for is null."""
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _json(value: object) -> object:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    return str(value)


@click.command()
@click.argument("name", required=False)
@click.option("--all", "everything", is_flag=True, help="Also what the views are made of, and the pipeline's own.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "markdown"]),
    default="table",
    show_default=True,
    help="markdown: the whole data dictionary, every column of every table.",
)
def tables(name: str | None, everything: bool, form: str) -> None:
    """Tell which tables and views there are to ask, or what the columns of the one called NAME are."""
    with open_snapshot(settings().workspace) as connection:
        relations = stored_relations(connection)
    if form == "markdown":
        click.echo(markdown(relations), nl=False)
    elif name is None:
        shown = [one for one in relations if everything or one.audience == "analyst"]
        print_table(["name", "holds"], [(one.called, one.comment) for one in shown], width=100)
    else:
        _print_columns(relations, name)


def _print_columns(relations: Sequence[Relation], name: str) -> None:
    found = next((one for one in relations if one.name == name), None)
    if found is None:
        near = ", ".join(get_close_matches(name, [one.name for one in relations])) or "none is like it"
        raise UserError(f"there is no table or view {name!r} ({near})", "`commentary tables --all` lists them")
    click.echo(found.comment)
    if found.columns:
        print_table(["column", "type", "meaning"], [(c.name, c.type, c.comment) for c in found.columns], width=100)


@click.command()
@click.argument("query")
@click.option("--limit", default=10, show_default=True, type=click.IntRange(min=1), help="How many passages.")
def search(query: str, limit: int) -> None:
    """Find the paragraphs that speak of QUERY, best first: words in any form and order.

    "Words in quotation marks" are looked for as they stand. Titles and authors are searched too; copies are folded.
    """
    with open_snapshot(settings().workspace) as connection:
        found = find(connection, query, limit)
    console = Console(highlight=False, soft_wrap=True)
    for number, passage in enumerate(found, 1):
        _print(console, number, passage)
    if not found:
        click.echo("No paragraph has any of these words.")


def _print(console: Console, number: int, passage: Passage) -> None:
    where = ", ".join(str(part) for part in (passage.publisher, passage.published) if part)
    console.print(Text.assemble(f"{number}. ", (passage.title or passage.url, "bold"), f"  {where}"))
    console.print(Text(f"   {passage.text}"))
    copies = f", also in {passage.copies} other article{'s'[: passage.copies > 1]}" if passage.copies else ""
    place = f"   {passage.url} paragraph {passage.paragraph_no}, score {passage.score:.2f}{copies}"
    console.print(Text(place, style="dim"))


@click.command()
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File to write; report.html beside the published database if left out.",
)
def report(output: Path | None) -> None:
    """Write a page with themes, framing, figures and their evidence, to open in any browser, without network.

    With more articles than the setting page_articles, a folder is written beside it, which belongs to it.
    """
    from flows.page.write import write_report  # noqa: PLC0415  other commands need no templates

    stated = settings()
    path = write_report(stated.workspace, datetime.now(UTC), output, most_in_one_file=stated.page_articles)
    click.echo(f"Open: {path.absolute()}")


@click.command()
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--format",
    "formats",
    type=click.Choice(FORMATS),
    multiple=True,
    default=USUAL_FORMATS,
    show_default=True,
    help="May be given several times.",
)
@click.option("--only", multiple=True, metavar="NAME", help="Only this table or view; may be given several times.")
@click.option("--warc", is_flag=True, help="Also write fetched.warc.gz: everything fetched, for others' tools.")
def export(directory: Path, formats: Sequence[ExportFormat], only: Sequence[str], warc: bool) -> None:
    """Write tables and views to DIRECTORY: Parquet for programs, CSV and xlsx for Excel, JSON.

    Beside them: CITATION.cff, provenance.json and the data dictionary. With notes of yours (`commentary notes`) also
    what they make of it: v_figures_corrected and the like.
    """
    workspace = settings().workspace
    with open_snapshot(workspace, files=True) as connection:
        laid: tuple[Relation, ...] = ()
        if workspace.notes.exists():
            lay_over(connection, kept_notes(workspace.notes))
            laid = laid_relations(connection)
        written = export_tables(connection, directory, formats, only, laid)
        click.echo(f"{len(written)} files in {directory}")
        if warc:
            records = export_warc(connection, store_of(workspace), directory / "fetched.warc.gz")
            click.echo(f"{records} records in {directory / 'fetched.warc.gz'}")


# How long a reader may at most wait for what was published.
LOOK_SECONDS = 0.5


@click.command(name="serve-sql")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=9494, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
def serve_sql(host: str, port: int) -> None:
    """Serve the published database for reading to DuckDB elsewhere, until Ctrl-C or SIGTERM.

    Readers need the token of COMMENTARY_SQL_TOKEN; without one a token is made, and told on the terminal once. They see
    what is published as soon as it is, without connecting again. docs/scaling.md has what they type.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    token = _token()
    try:
        with SqlServer(settings().workspace, settings().memory_limit) as server:
            _claim(host, port)
            address = server.listen(host, port, token)
            click.echo(f"Serving {settings().workspace.published} for reading at {address}. Ctrl-C ends it.")
            if not _is_loopback(host):
                click.echo(
                    "Who reaches this port can read the token and all answers on their way: put a reverse proxy "
                    "with TLS in front, and let this listen on 127.0.0.1 (docs/scaling.md).",
                    err=True,
                )
            _follow(server)
    except KeyboardInterrupt:
        click.echo("Stopped.")
    sys.stdout.flush()
    os._exit(0)  # what readers still ask may run on in DuckDB's threads, which an orderly exit would wait for


def _token() -> str:
    """The operator's token, or a new one that is told on the terminal and nowhere else."""
    if stated := settings().sql_token:
        return stated.get_secret_value()
    if not sys.stdout.isatty():
        raise UserError(
            "no token is set, and there is no terminal to tell a new one on: it would stand in a log",
            "set COMMENTARY_SQL_TOKEN, for instance to what `openssl rand -hex 24` prints",
        )
    made = secrets.token_urlsafe(24)
    click.echo(f"The token, told this once: {made}")
    return made


def _claim(host: str, port: int) -> None:
    """Make sure that nobody listens there: quack would share the port, and readers would get either."""
    try:
        family, kind, protocol, _, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(where)
    except OSError as error:
        raise UserError(
            f"{host}, port {port} cannot be listened on ({error.strerror})", "name another with --host or --port"
        ) from error


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _follow(server: SqlServer) -> None:
    """Take up each publication, until interrupted. One that cannot be read is told of once."""
    told = ""
    while True:
        time.sleep(LOOK_SECONDS)
        try:
            if server.follow():
                click.echo("Readers now see what has just been published.")
            told = ""
        except WarehouseError as error:
            if str(error) != told:
                click.echo(f"Readers keep what they had: {error}", err=True)
            told = str(error)
