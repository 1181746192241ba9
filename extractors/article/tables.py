"""Tables of data as rows that name their columns: "Trust: Ashmere; Patients sent: 1,204; Paid: £3.1m".

A row is one paragraph, so that each number in it stands beside its column's and its row's name. Tables that only lay
out a page are none of these.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from lxml import etree
from lxml.html import HtmlElement

# Words of a cell from which it holds text rather than a datum, and rows and columns beyond any table for readers.
_LONGEST_CELL = 40
_MOST_ROWS = 2_000
_MOST_COLUMNS = 40
_APART = frozenset({"li", "p", "div", "br", "dd", "dt"})
_TEXTS = frozenset({"h1", "h2", "h3", "table", "form", "article", "section", "blockquote"})
_UNREAD = frozenset({"script", "style", "template"})
# Of rows on a PDF's page: the words of a cell, how far lines of one cell stand apart (of their size), the fewest rows,
# the share of them that have a cell in each column, and of cells beside the first that hold numbers.
_SHORT_CELL = 12
_LEADING = 1.3
_LEVEL = 0.3
_FEWEST_ROWS = 3
_FULL = 0.5
_NUMBERS = 0.5
_YEAR = re.compile(r"(?:FY ?)?(?:19|20)\d\d(?:[/–-]\d{2,4})?", re.IGNORECASE)


class Cell(NamedTuple):
    """A part of a line of a PDF that gaps or another height set apart, with its place and size in points.

    `end` is where it ends at least, as its letters' widths can only be guessed.
    """

    x: float
    end: float
    y: float
    size: float
    text: str


class Row(NamedTuple):
    """One row of data. `text` names the columns, `shown` is what the page shows (with the header over the first)."""

    text: str
    shown: str
    cells: tuple[str, ...]
    element: HtmlElement | None = None


def is_data(table: HtmlElement) -> bool:
    """Whether a table holds data rather than lays out a page: short cells in two rows and two columns or more."""
    if table.get("role") in ("presentation", "none"):
        return False
    rows = [[cell for cell in row if cell.tag in ("td", "th")] for row in _own_rows(table)]
    if sum(len(row) >= 2 for row in rows) < 2 or len(rows) > _MOST_ROWS:
        return False
    cells = [cell for row in rows for cell in row]
    if any(next(cell.iterdescendants(*_TEXTS), None) is not None for cell in cells):
        return False
    return all(len(_text(cell).split()) <= _LONGEST_CELL for cell in cells)


def rows_of(table: HtmlElement) -> Iterator[Row]:
    """The rows of a table of data, in order."""
    elements = list(_own_rows(table))
    grid = _grid(elements)
    heads = _head_rows(elements, grid)
    headers = _headers(grid[:heads])
    yield from named_rows(headers, grid[heads:], elements[heads:])


def named_rows(
    headers: Sequence[str], grid: Sequence[Sequence[str]], elements: Sequence[HtmlElement | None] = ()
) -> Iterator[Row]:
    """Rows from the names of columns and cells; a row of one cell names the group of those after it."""
    group = ""
    title = " | ".join(filter(None, headers))
    for number, cells in enumerate(grid):
        filled = list(dict.fromkeys(filter(None, cells)))
        if len(cells) > 1 and len(filled) == 1 and (cells[0] or len({*cells}) == 1):
            group = filled[0]
            continue
        if not filled:
            continue
        named = [group] if group else []
        if not any(headers) and len(cells) == 2 and all(cells):
            named.append(f"{cells[0].rstrip(' :')}: {cells[1]}")
        else:
            named += [
                _named(headers[place] if place < len(headers) else "", cell) for place, cell in enumerate(cells) if cell
            ]
        shown = " | ".join(filter(None, cells))
        above = "\n".join(filter(None, (title, group)))
        title, above = "", f"{above}\n" if above else ""
        element = elements[number] if number < len(elements) else None
        yield Row("; ".join(named), above + shown, tuple(cells), element)


def _named(header: str, cell: str) -> str:
    return f"{header.rstrip(' :')}: {cell}" if header and header != cell else cell


def _own_rows(table: HtmlElement) -> Iterator[HtmlElement]:
    for child in table:
        if child.tag == "tr":
            yield child
        elif child.tag in ("thead", "tbody", "tfoot"):
            yield from (row for row in child if row.tag == "tr")


def _grid(rows: Iterable[HtmlElement]) -> list[list[str]]:
    """The cells' texts with spanned places filled in."""
    grid: list[list[str]] = []
    hanging: dict[int, tuple[int, str]] = {}
    own = [[cell for cell in row if cell.tag in ("td", "th")] for row in rows]
    widest = min(_MOST_COLUMNS, max(map(len, own), default=0))
    for row in own:
        line: list[str] = []
        cells = iter(row)
        while len(line) < _MOST_COLUMNS:
            if len(line) in hanging:
                left, text = hanging.pop(len(line))
                if left > 1:
                    hanging[len(line)] = (left - 1, text)
                line.append(text)
                continue
            cell = next(cells, None)
            if cell is None:
                break
            text, down = _text(cell), _span(cell, "rowspan")
            for _ in range(min(widest, _span(cell, "colspan"))):
                if down > 1:
                    hanging[len(line)] = (down - 1, text)
                line.append(text)
        grid.append(line)
    return grid


def _span(cell: HtmlElement, name: str) -> int:
    stated = (cell.get(name) or "1").strip()
    return min(_MOST_COLUMNS, max(1, int(stated))) if stated.isascii() and stated.isdigit() and len(stated) < 4 else 1


def _text(cell: HtmlElement) -> str:
    """A cell's text, with items of a list parted by commas; scripts and footnotes' numbers are none of it."""
    parts: list[str] = []
    passed: HtmlElement | None = None
    for event, element in etree.iterwalk(cell, events=("start", "end")):
        if passed is None and event == "start":
            if element.tag in _UNREAD or (element.tag == "sup" and element.find("a") is not None):
                passed = element
                continue
            if element.tag in _APART and element is not cell and "".join(parts).strip():
                parts.append(", " if element.tag == "li" else " ")
            parts.append(element.text or "")
        elif event == "end" and element is not cell and passed in (None, element):
            passed = None
            parts.append(element.tail or "")
    return " ".join("".join(parts).split()).replace(" , ", ", ").strip(" ,")


def _head_rows(elements: Sequence[HtmlElement], grid: Sequence[Sequence[str]]) -> int:
    """How many rows at the top name the columns."""
    heads = 0
    for element, cells in zip(elements, grid, strict=True):
        parent = element.getparent()
        marked = parent is not None and parent.tag == "thead"
        only = [cell.tag for cell in element if cell.tag in ("td", "th")]
        if not (marked or (only and set(only) == {"th"} and len(only) > 1)) or len(set(cells)) == 1:
            break
        heads += 1
    return min(heads or head_rows(grid), len(grid) - 1)


def head_rows(grid: Sequence[Sequence[str]]) -> int:
    """1 where the first row has names (or years) only and the others have numbers, else 0."""
    if len(grid) < 2 or len(grid[0]) < 2:
        return 0
    names = all(_is_name(cell) for cell in grid[0])
    numbers = sum(any(re.search(r"\d", cell) for cell in row[1:]) for row in grid[1:])
    return int(names and any(grid[0]) and numbers >= 0.5 * (len(grid) - 1) and len({*grid[0]}) > 1)


def _is_name(cell: str) -> bool:
    """Whether a cell can name a column: it has no numbers but those of years."""
    return not re.search(r"\d", _YEAR.sub("", cell))


def _headers(rows: Sequence[Sequence[str]]) -> list[str]:
    """One name a column, of all its heads from the top down."""
    width = max((len(row) for row in rows), default=0)
    columns = ([row[place] for row in rows if place < len(row) and row[place]] for place in range(width))
    return [", ".join(dict.fromkeys(column)) for column in columns]


class _Placed(NamedTuple):
    """A cell and the number of the line that it is of."""

    line: int
    cell: Cell


def placed_rows(lines: Sequence[Sequence[Cell]]) -> dict[int, list[Row]]:
    """The rows of the tables on a PDF's page, from its lines' cells in the order in which they are drawn.

    Each row stands at the number of the first line of it; the other lines of a table have none. A table is three rows
    or more, one below the other, of cells in two columns or more, with numbers in half of those beside the first.
    """
    rows: dict[int, list[Row]] = {}
    for run in _runs(lines):
        for table in _tables(_levels(run)):
            grid = _columns_of(table)
            if grid is None:
                continue
            heads = _placed_heads(grid)
            named = list(_one_by_one(_headers(_spread(grid[:heads])), grid[heads:]))
            for place, level in enumerate(table):
                numbers = sorted({placed.line for placed in level})
                for number in numbers:
                    rows.setdefault(number, [])
                row = named[place - heads] if place >= heads else None
                if row is not None:
                    rows[numbers[0]].append(row)
    return rows


def _one_by_one(headers: Sequence[str], grid: Sequence[Sequence[str]]) -> Iterator[Row | None]:
    """A row for each line of the grid, None for one that names the group of those after it."""
    found = iter(list(named_rows(headers, grid)))
    ahead = next(found, None)
    for cells in grid:
        if ahead is not None and ahead.cells == tuple(cells):
            yield ahead
            ahead = next(found, None)
        else:
            yield None


def _runs(lines: Sequence[Sequence[Cell]]) -> Iterator[list[_Placed]]:
    """Short cells that are drawn one after the other, none of them above those before."""
    run: list[_Placed] = []
    for number, cells in enumerate(lines):
        long = not cells or any(len(cell.text.split()) > _SHORT_CELL for cell in cells)
        above = bool(run and cells) and max(cell.y for cell in cells) > run[-1].cell.y + 2 * _LEADING * cells[0].size
        if run and (long or above):
            yield run
            run = []
        if not long:
            run.extend(_Placed(number, cell) for cell in cells)
    if run:
        yield run


def _levels(run: Sequence[_Placed]) -> list[list[_Placed]]:
    """The cells by rows: by their height where each height has several, else lines close to each other are one row."""
    by_height = sorted(run, key=lambda placed: -placed.cell.y)
    heights = _split(by_height, _LEVEL)
    if all(len(level) > 1 for level in heights):
        return heights
    rows = _split(by_height, _LEADING)
    return rows if len(rows) >= _FEWEST_ROWS else heights


def _split(by_height: Sequence[_Placed], most: float) -> list[list[_Placed]]:
    levels: list[list[_Placed]] = []
    for placed in by_height:
        above = levels[-1][-1].cell if levels else None
        if above is None or above.y - placed.cell.y > most * max(above.size, placed.cell.size):
            levels.append([])
        levels[-1].append(placed)
    return levels


def _tables(levels: Sequence[list[_Placed]]) -> Iterator[list[list[_Placed]]]:
    """Rows of two cells or more, and those of one between them."""
    table: list[list[_Placed]] = []
    single: list[list[_Placed]] = []
    for level in levels:
        if len(level) > 1:
            table += [*(single if table else ()), level]
            single = []
        else:
            single.append(level)
            if len(single) > 1:
                if len(table) >= _FEWEST_ROWS:
                    yield table
                table, single = [], []
    if len(table) >= _FEWEST_ROWS:
        yield table


def _columns_of(table: Sequence[Sequence[_Placed]]) -> list[list[str]] | None:
    """The table's texts by columns; None where its cells stand in no columns, or hold no numbers."""
    rows = [_side_by_side([placed.cell for placed in level]) for level in table]
    widths = Counter(len(row) for row in rows)
    width = max(widths, key=lambda cells: (cells > 1, widths[cells], cells))
    whole = [row for row in rows if len(row) == width]
    shaping = [row for row in rows[1:] if len(row) == width]
    if not shaping or width > _MOST_COLUMNS or len(whole) < _FULL * len(rows):
        return None
    columns = [
        (min(cell.x for cell in column), max(cell.end for cell in column)) for column in zip(*shaping, strict=True)
    ]
    if any(before[1] > after[0] for before, after in pairwise(columns)):
        return None
    grid = [[cell.text for cell in row] if len(row) == width else _in_columns(columns, row) for row in rows]
    data = [cell for row in grid[1:] for cell in row[1:] if cell]
    numbers = sum(bool(re.search(r"\d", cell)) for cell in data)
    return grid if data and numbers >= _NUMBERS * len(data) else None


def _side_by_side(cells: Sequence[Cell]) -> list[Cell]:
    """A row's cells from left to right, lines below each other in one cell joined."""
    stacks: list[list[Cell]] = []
    ends: list[float] = []
    for cell in sorted(cells):
        if stacks and cell.x < ends[-1]:
            stacks[-1].append(cell)
            ends[-1] = max(ends[-1], cell.end)
        else:
            stacks.append([cell])
            ends.append(cell.end)
    return [
        stack[0]._replace(
            end=end,
            text=" ".join(cell.text for cell in sorted(stack, key=lambda cell: (-cell.y, cell.x))),
        )
        for stack, end in zip(stacks, ends, strict=True)
    ]


def _in_columns(columns: Sequence[tuple[float, float]], cells: Sequence[Cell]) -> list[str]:
    texts: list[list[str]] = [[] for _ in columns]
    for cell in cells:
        middle = (cell.x + cell.end) / 2
        nearest = min(range(len(columns)), key=lambda n: max(columns[n][0] - middle, middle - columns[n][1], 0.0))
        texts[nearest].append(cell.text)
    return [" ".join(text) for text in texts]


def _placed_heads(grid: Sequence[Sequence[str]]) -> int:
    """How many rows at the top name the columns: a second one below names that span several."""
    heads = head_rows(grid)
    if heads and len(grid) > 2 and not all(grid[0]):
        heads += head_rows(grid[1:])
    return heads


def _spread(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """Heads of two rows with the names of the upper one over all columns that they span."""
    spread = [list(row) for row in rows]
    for row in spread[:-1]:
        for place in range(2, len(row)):
            row[place] = row[place] or row[place - 1]
    return spread
