"""Tables as sheets of one Excel workbook, row by row, so that memory does not grow with them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import xlsxwriter
from duckdb import DuckDBPyConnection
from xlsxwriter.exceptions import FileCreateError

from warehouse.sql import statements_in

SQL = statements_in(Path(__file__).with_name("export.sql"))

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


def write_workbook(connection: DuckDBPyConnection, tables: Sequence[str], about: Mapping[str, str], path: Path) -> None:
    """Write tables to the sheets of a new workbook, the first of them about where they come from.

    Times are in UTC and without a zone, since Excel knows none; lists are joined by semicolons; a longer text than a
    cell holds ends in an ellipsis; a longer table than a sheet holds goes on in another sheet.

    Raises:
        OSError: the file cannot be written.
    """
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
