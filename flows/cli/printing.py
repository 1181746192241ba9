"""Rows on a terminal: a table that fits its width, or a record a row where everything is asked for."""

import os
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass

import click
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

Row = Sequence[object]

# Characters of a line where there is no terminal to ask.
USUAL_WIDTH = 100
# What is shown unless all is asked for: more rows than these nobody reads, and longer texts bury the others.
MOST_ROWS = 40
MOST_CHARACTERS = 300
# A column is not folded below its longest word, within these bounds.
NARROWEST = 12
WIDEST_WORD = 28
# A column of texts longer than this is read best at this width or more.
LONG_TEXT = 80
READABLE_TEXT = 26
# What the frame of a table adds: a bar and a space on either side of each column.
FRAME = 3


@dataclass(frozen=True, slots=True)
class _Measure:
    """How wide a column would be without folding, and how narrow it may get."""

    natural: int
    least: int


def print_rows(columns: Sequence[str], rows: Sequence[Row], *, everything: bool = False) -> None:
    """Print rows so that a person can read them, and how many there are.

    As a table of the first columns that fit the terminal, with the first rows and the beginning of long texts; what is
    left out is named. With `everything` nothing is left out, and rows that are wider than the terminal are printed as
    records, one column a line.
    """
    width = _width()
    shown = rows if everything else rows[:MOST_ROWS]
    cells = [[_readable(value) if everything else _shortened(_readable(value)) for value in row] for row in shown]
    widths = _fitted(columns, cells, width)
    console = Console(width=width, soft_wrap=False, highlight=False)
    if everything and len(widths) < len(columns):
        _print_records(console, columns, cells)
    else:
        _print_table(console, columns, cells, widths)
    click.echo(_count(rows, shown))
    if not everything:
        _tell_rest(columns[len(widths) :], rows)


def print_table(columns: Sequence[str], rows: Sequence[Row], width: int = 120) -> None:
    """Print whole rows as one table of all columns, folded to the terminal, or to `width` where there is none."""
    cells = [[plain(value) for value in row] for row in rows]
    table = Table(*(Column(name, overflow="fold") for name in columns), header_style="bold")
    for row in cells:
        table.add_row(*(Text(cell) for cell in row))
    Console(width=_width(width), soft_wrap=False).print(table)
    click.echo(_count(rows, rows))


def plain(value: object) -> str:
    """A value as text: lists with commas, whole numbers without a point, nothing for null."""
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(plain(item) for item in value)
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def _readable(value: object) -> str:
    """As `plain`, with thousands separated in numbers too large to be a year."""
    if isinstance(value, int | float) and not isinstance(value, bool) and 10_000 <= abs(value) < 1e15:
        return f"{value:,}".removesuffix(".0")
    return plain(value)


def _width(usual: int = USUAL_WIDTH) -> int:
    known = sys.stdout.isatty() or "COLUMNS" in os.environ
    return shutil.get_terminal_size((usual, 24)).columns if known else usual


def _shortened(text: str) -> str:
    return text if len(text) <= MOST_CHARACTERS else text[:MOST_CHARACTERS].rstrip() + " …"


def _fitted(columns: Sequence[str], cells: Sequence[Sequence[str]], width: int) -> tuple[int, ...]:
    """The widths of the first columns, those for which there is room: what is over goes to those that need it most.

    Where some have to be left out anyway, texts get room to be read in.
    """
    measures = [_measure(name, [row[number] for row in cells]) for number, name in enumerate(columns)]
    least = [one.least for one in measures]
    if _framed(least) > width:
        least = [one.least if one.natural <= LONG_TEXT else max(one.least, READABLE_TEXT) for one in measures]
        least[0] = measures[0].least
        while len(least) > 1 and _framed(least) > width:
            least.pop()
    room = width - _framed(least)
    while room > 0 and any(had < one.natural for had, one in zip(least, measures, strict=False)):
        neediest = max(range(len(least)), key=lambda number: measures[number].natural / max(least[number], 1))
        least[neediest] += 1
        room -= 1
    return tuple(least)


def _measure(name: str, texts: Sequence[str]) -> _Measure:
    natural = max(map(len, [name, *texts]))
    word = max((len(word) for text in (name, *texts) for word in text.split()), default=0)
    return _Measure(natural, min(natural, max(NARROWEST, min(word, WIDEST_WORD))))


def _framed(widths: Sequence[int]) -> int:
    return sum(widths) + FRAME * len(widths) + 1


def _print_table(
    console: Console, columns: Sequence[str], cells: Sequence[Sequence[str]], widths: Sequence[int]
) -> None:
    shown = zip(columns, widths, strict=False)
    table = Table(*(Column(name, overflow="fold", max_width=width) for name, width in shown), header_style="bold")
    for row in cells:
        table.add_row(*(Text(cell) for cell in row[: len(widths)]))
    console.print(table)


def _print_records(console: Console, columns: Sequence[str], cells: Sequence[Sequence[str]]) -> None:
    for number, row in enumerate(cells, 1):
        console.rule(f"row {number}", align="left", characters="-")
        record = Table.grid(Column(no_wrap=True, style="bold"), Column(overflow="fold"), padding=(0, 2))
        for name, cell in zip(columns, row, strict=True):
            record.add_row(name, Text(cell))
        console.print(record)


def _count(rows: Sequence[Row], shown: Sequence[Row]) -> str:
    noun = "row" if len(rows) == 1 else "rows"
    return f"{len(rows):,} {noun}" if len(shown) == len(rows) else f"the first {len(shown)} of {len(rows):,} {noun}"


def _tell_rest(hidden: Sequence[str], rows: Sequence[Row]) -> None:
    """Say what is not shown, and how to see it."""
    told = []
    if len(rows) > MOST_ROWS:
        told.append("the other rows")
    if hidden:
        told.append(f"{len(hidden)} more column{'' if len(hidden) == 1 else 's'} ({', '.join(hidden)})")
    if any(len(plain(value)) > MOST_CHARACTERS for row in rows[:MOST_ROWS] for value in row):
        told.append("the whole of long texts")
    if told:
        click.echo(f"--all shows {' and '.join(told)}")
