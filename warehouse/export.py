"""Exports that others can open and cite: tables and the archive, with what they are made of and what columns mean."""

import csv
import io
import json
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import duckdb
from duckdb import DuckDBPyConnection
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from warehouse.database import is_disk_full
from warehouse.dictionary import Relation, markdown, stored_relations
from warehouse.errors import DiskFullError, WarehouseError
from warehouse.publish import DERIVED_PREFIX
from warehouse.raw_store import RawStore
from warehouse.rows import select_as
from warehouse.sql import quoted, statements
from warehouse.workspace import explained_disk_errors, whole_file

if TYPE_CHECKING:
    import xlsxwriter

SQL = statements(__file__)

TITLE = "Commentary on partnership between the NHS and the independent sector: themes, figures and who says what"
BYTE_ORDER_MARK = "\ufeff"
# What Excel holds: rows of a sheet with its head, characters of a cell and of a sheet's name.
SHEET_ROWS = 1_048_576
CELL_CHARACTERS = 32_767
NAME_CHARACTERS = 31
BATCH = 5_000
# Nothing in an article is a formula or a link of ours, whatever it begins with.
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "nan_inf_to_errors": True,
}


@dataclass(frozen=True, slots=True)
class Provenance:
    """Of a snapshot: its number and time (None where nothing was published), its extent, and what coded it.

    More than one version of extractors or codebook means that some articles are coded by an older one still.
    """

    snapshot: int | None
    published_at: datetime | None
    articles: int
    publishers: int
    first_published_on: date | None
    last_published_on: date | None
    extractors: tuple[str, ...]
    codebooks: tuple[str, ...]

    def fields(self) -> dict[str, str]:
        """Names and texts, for the head of a file."""
        return {
            "snapshot": str(self.snapshot or "not published"),
            "published_at": self.published_at.astimezone(UTC).isoformat() if self.published_at else "not published",
            "extractor_version": ", ".join(self.extractors),
            "codebook_version": ", ".join(self.codebooks),
            "articles": str(self.articles),
        }


def stored_provenance(connection: DuckDBPyConnection) -> Provenance:
    """What the open database says of itself."""
    [found] = select_as(connection, Provenance, SQL("provenance"))
    return found


def companions(provenance: Provenance, relations: Sequence[Relation]) -> dict[str, str]:
    """Texts to lay beside exported files, by name: how to cite them, what they are made of, what each column means."""
    return {
        "CITATION.cff": citation(provenance),
        "provenance.json": json.dumps(provenance.fields(), indent=1) + "\n",
        "dictionary.md": markdown(relations),
        "dictionary.csv": BYTE_ORDER_MARK + _dictionary_rows(relations),
    }


def citation(provenance: Provenance) -> str:
    """The snapshot in the Citation File Format: its date is that of its publication."""
    span = " to ".join(str(day.year) for day in (provenance.first_published_on, provenance.last_published_on) if day)
    told = (
        f"{provenance.articles} articles of {provenance.publishers} publishers{f', {span}' if span else ''}, coded by "
        f"extractors {', '.join(provenance.extractors) or 'none'} and "
        f"codebook {', '.join(provenance.codebooks) or 'none'}. "
        "The texts of the articles keep their owners' rights."
    )
    lines = [
        "cff-version: 1.2.0",
        "message: If you use these data, please cite this snapshot, and each article by its own address.",
        "type: dataset",
        f"title: {json.dumps(TITLE)}",
        "authors:",
        "  - name: Commentary warehouse",
        f'version: "{provenance.snapshot or 0}"',
    ]
    if provenance.published_at is not None:
        lines.append(f"date-released: {provenance.published_at.astimezone(UTC):%Y-%m-%d}")
    return "\n".join([*lines, f"abstract: {json.dumps(told)}"]) + "\n"


def _dictionary_rows(relations: Sequence[Relation]) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["relation", "kind", "for", "column", "type", "meaning"])
    for relation in relations:
        writer.writerow([relation.called, relation.kind, relation.audience, "", "", relation.comment])
        writer.writerows(
            [relation.called, relation.kind, relation.audience, column.name, column.type, column.comment]
            for column in relation.columns
        )
    return text.getvalue()


ExportFormat = Literal["parquet", "csv", "json", "xlsx"]
FORMATS: tuple[ExportFormat, ...] = ("parquet", "csv", "json", "xlsx")
USUAL_FORMATS: tuple[ExportFormat, ...] = ("parquet", "csv")
WORKBOOK = "commentary.xlsx"

# The pipeline's own, of no use outside a warehouse.
NOT_EXPORTED = frozenset(
    {
        "schema_migrations", "schema_views", "article_signatures", "article_bands", "article_bands_added",
        "article_keys", "article_sums", "emerging_terms_made", "robots", "lineage", "publications",
    }
)  # fmt: skip


def export(
    connection: DuckDBPyConnection,
    directory: Path,
    formats: Iterable[ExportFormat] = USUAL_FORMATS,
    only: Collection[str] = (),
    laid: Sequence[Relation] = (),
) -> tuple[Path, ...]:
    """Write tables and views to `directory`, a file for each and format; returns the files in order of name.

    All of them, or those named in `only`; `laid` are those of this connection alone (`notes.laid_relations`). A
    workbook holds those for analysts in one file. Beside them stand how to cite the snapshot, what coded it, and the
    data dictionary. Files there under the same names are replaced, each as a whole. Parquet keeps all types and carries
    what it is made of; CSV begins with a byte order mark, as Excel expects, and in it lists are JSON, times are ISO
    8601 in UTC, and a text that a spreadsheet would take for a formula ("=cmd") is led by an apostrophe.

    Raises:
        WarehouseError: a name in `only` is no table or view, or the folder cannot be written to.
        DiskFullError: there is no room.
    """
    in_file = [one for one in stored_relations(connection) if one.kind != "macro" and _is_exported(one.name)]
    relations = [*in_file, *laid]
    if unknown := sorted(set(only) - {one.name for one in relations}):
        raise WarehouseError(f"{unknown[0]}: is no table or view to export; `commentary tables --all` lists them")
    chosen = [one for one in relations if not only or one.name in only]
    provenance = stored_provenance(connection)
    with explained_disk_errors(directory):
        directory.mkdir(parents=True, exist_ok=True)
    written = [
        _written(directory / name, partial(_write_text, text=text))
        for name, text in companions(provenance, chosen).items()
    ]
    for kind in formats:
        if kind == "xlsx":
            sheets = [one.name for one in chosen if only or one in laid or one.audience == "analyst"]
            written.append(_workbook(connection, sheets, provenance, directory / WORKBOOK))
        else:
            written += [
                _export_one(connection, one, directory / f"{one.name}.{kind}", kind, provenance) for one in chosen
            ]
    return tuple(sorted(written))


def _is_exported(table: str) -> bool:
    return table not in NOT_EXPORTED and not table.startswith(DERIVED_PREFIX)


def _export_one(
    connection: DuckDBPyConnection, relation: Relation, path: Path, kind: ExportFormat, provenance: Provenance
) -> Path:
    columns = _csv_columns(relation) if kind == "csv" else "*"
    made_of = ", ".join(f"{key}: {quoted(text)}" for key, text in provenance.fields().items())

    def write(temporary: Path) -> None:
        target = quoted(temporary)
        statement = SQL(f"export_{kind}", table=relation.name, columns=columns, target=target, made_of=made_of)
        connection.execute(statement)
        if kind == "csv":
            _mark(temporary)

    return _written(path, write)


def _workbook(connection: DuckDBPyConnection, sheets: Sequence[str], provenance: Provenance, path: Path) -> Path:
    return _written(path, lambda temporary: _write_workbook(connection, sheets, provenance.fields(), temporary))


def _write_workbook(
    connection: DuckDBPyConnection, tables: Sequence[str], about: Mapping[str, str], path: Path
) -> None:
    """Write tables to the sheets of a new workbook, the first of them about where they come from.

    Times are in UTC and without a zone, since Excel knows none; lists are joined by semicolons; a longer text than a
    cell holds ends in an ellipsis; a longer table than a sheet holds goes on in another sheet.

    Raises:
        OSError: the file cannot be written.
    """
    import xlsxwriter  # noqa: PLC0415  few ask for a workbook, and its library takes time to load
    from xlsxwriter.exceptions import FileCreateError  # noqa: PLC0415

    workbook = xlsxwriter.Workbook(path, OPTIONS)
    formats = {
        "head": workbook.add_format({"bold": True, "bottom": 1}),
        "day": workbook.add_format({"num_format": "yyyy-mm-dd"}),
        "time": workbook.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
    }
    first = workbook.add_worksheet("about")
    first.set_column(0, 0, 20)
    for number, (name, text) in enumerate(about.items()):
        first.write_row(number, 0, [name, text])
    for table in tables:
        _write_table(connection, workbook, table, formats)
    try:
        workbook.close()
    except FileCreateError as error:  # the library's wrapper around what the operating system said
        raise error.args[0] from error


def _write_table(
    connection: DuckDBPyConnection, workbook: "xlsxwriter.Workbook", table: str, formats: Mapping[str, object]
) -> None:
    result = connection.execute(SQL("rows", table=table))
    columns = [column[0] for column in result.description or ()]
    sheet, parts, line = None, 0, SHEET_ROWS
    for row in _batches(result):
        if line >= SHEET_ROWS:
            parts += 1
            sheet = _new_sheet(workbook, table, parts, columns, formats)
            line = 1
        _write_row(sheet, line, row, formats)
        line += 1
    if sheet is None:
        _new_sheet(workbook, table, 1, columns, formats)


def _batches(result: DuckDBPyConnection) -> Iterator[Sequence[object]]:
    while rows := result.fetchmany(BATCH):
        yield from rows


def _new_sheet(
    workbook: "xlsxwriter.Workbook", table: str, part: int, columns: Sequence[str], formats: Mapping[str, object]
) -> "xlsxwriter.worksheet.Worksheet":
    ending = "" if part == 1 else f" {part}"
    sheet = workbook.add_worksheet(table[: NAME_CHARACTERS - len(ending)] + ending)
    sheet.freeze_panes(1, 0)
    for number, name in enumerate(columns):
        sheet.set_column(number, number, 14)
        sheet.write_string(0, number, name, formats["head"])
    return sheet


def _write_row(
    sheet: "xlsxwriter.worksheet.Worksheet", line: int, row: Sequence[object], formats: Mapping[str, object]
) -> None:
    for number, value in enumerate(row):
        match value:
            case None:
                continue
            case bool():
                sheet.write_boolean(line, number, value)
            case int() | float():
                sheet.write_number(line, number, value)
            case datetime():
                sheet.write_datetime(line, number, value.astimezone(UTC).replace(tzinfo=None), formats["time"])
            case date():
                sheet.write_datetime(line, number, value, formats["day"])
            case list():
                sheet.write_string(line, number, _held("; ".join(map(str, value))))
            case _:
                sheet.write_string(line, number, _held(str(value)))


def _held(text: str) -> str:
    return text if len(text) <= CELL_CHARACTERS else text[: CELL_CHARACTERS - 2] + " …"


def _written(path: Path, write: Callable[[Path], object]) -> Path:
    """Have a file written beside `path`, and put it in its place whole."""
    try:
        with explained_disk_errors(path), whole_file(path) as temporary:
            write(temporary)
    except (duckdb.IOException, DiskFullError) as error:
        if isinstance(error, DiskFullError) or is_disk_full(error):
            raise DiskFullError(f"{path}: the disk is full; make room there or export to another folder") from error
        raise WarehouseError(f"{path}: cannot be written ({error}); export to another folder") from error
    return path


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _mark(path: Path) -> None:
    """Put a byte order mark before a text, without reading it into memory."""
    marked = path.with_name(f"{path.name}.marked")
    try:
        with path.open("rb") as plain, marked.open("wb") as target:
            target.write(BYTE_ORDER_MARK.encode())
            shutil.copyfileobj(plain, target, 1 << 20)
        marked.replace(path)
    finally:
        marked.unlink(missing_ok=True)


def _csv_columns(relation: Relation) -> str:
    """The columns of a table for CSV: lists as JSON, and no text that a spreadsheet would take for a formula."""
    return ", ".join(_csv_column(f'"{column.name}"', column.type) for column in relation.columns)


def _csv_column(name: str, kind: str) -> str:
    if kind.endswith("[]"):
        return f"to_json({name}) AS {name}"
    return SQL("inert_text", name=name) if kind == "VARCHAR" else name


# The bodies are kept decoded, so that headers which describe their coding on the wire no longer hold.
_WIRE_HEADERS = frozenset({"content-encoding", "transfer-encoding", "content-length", "connection"})


@dataclass(frozen=True, slots=True)
class _Kept:
    raw_hash: str
    url: str
    fetched_at: datetime
    status: int | None
    reason_phrase: str | None
    headers: tuple[str, ...]
    content_type: str | None


def export_warc(connection: DuckDBPyConnection, store: RawStore, path: Path) -> int:
    """Write all bodies in the raw store that the database knows to one compressed WARC 1.1 file.

    A page becomes a `response` record under the address that answered, with the headers that were kept; a local file,
    such as a seed article, a `resource` record. The file appears whole or not at all. Returns the number of records.

    Raises:
        DamagedError: an object of the raw store is damaged.
        KeyError: an object is missing.
        WarehouseError: the file cannot be written; DiskFullError if there is no room.
    """
    count = 0
    gone = {str(row[0]) for row in connection.execute(SQL("pruned_hashes")).fetchall()}
    with explained_disk_errors(path), whole_file(path) as temporary, temporary.open("xb") as file:
        writer = WARCWriter(file, gzip=True, warc_version="WARC/1.1")
        for kept in _kept(connection):
            if kept.raw_hash in gone and kept.raw_hash not in store:
                continue
            _write(writer, kept, store.get(kept.raw_hash))
            count += 1
    return count


def _kept(connection: DuckDBPyConnection) -> Iterator[_Kept]:
    return iter(select_as(connection, _Kept, SQL("kept_bodies")))


def _write(writer: WARCWriter, kept: _Kept, body: bytes) -> None:
    when = kept.fetched_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if kept.status is None:
        record = writer.create_warc_record(
            kept.url,
            "resource",
            payload=BytesIO(body),
            warc_content_type=kept.content_type or "application/octet-stream",
            warc_headers_dict={"WARC-Date": when},
        )
    else:
        record = writer.create_warc_record(
            kept.url,
            "response",
            payload=BytesIO(body),
            http_headers=_http_headers(kept, len(body)),
            warc_headers_dict={"WARC-Date": when},
        )
    writer.write_record(record)


def _http_headers(kept: _Kept, length: int) -> StatusAndHeaders:
    pairs = [tuple(header.split(": ", 1)) for header in kept.headers]
    usable = [pair for pair in pairs if len(pair) == 2 and pair[0].lower() not in _WIRE_HEADERS]
    status = f"{kept.status} {kept.reason_phrase or ''}".strip()
    return StatusAndHeaders(status, [*usable, ("content-length", str(length))], protocol="HTTP/1.1")
