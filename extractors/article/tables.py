"""Tables of data as rows that name their columns: "Trust: Ashmere; Patients sent: 1,204; Paid: £3.1m".

A row is one paragraph, so that each number in it stands beside its column's and its row's name. Tables that only lay
out a page are none of these.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
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
_YEAR = re.compile(r"(?:FY ?)?(?:19|20)\d\d(?:[/–-]\d{2,4})?", re.IGNORECASE)


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
    names = all(not re.search(r"\d", cell) or _YEAR.fullmatch(cell) for cell in grid[0])
    numbers = sum(any(re.search(r"\d", cell) for cell in row[1:]) for row in grid[1:])
    return int(names and any(grid[0]) and numbers >= 0.5 * (len(grid) - 1) and len({*grid[0]}) > 1)


def _headers(rows: Sequence[Sequence[str]]) -> list[str]:
    """One name a column, of all its heads from the top down."""
    width = max((len(row) for row in rows), default=0)
    columns = ([row[place] for row in rows if place < len(row) and row[place]] for place in range(width))
    return [", ".join(dict.fromkeys(column)) for column in columns]
