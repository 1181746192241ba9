"""Figures in rows of tables: the measure is what the row's column and the row itself are called.

A row reads "Trust: Ashmere; Patients sent: 1,204; Paid: £3.1m" (`extractors.article.tables`): parts set apart by
semicolons, each with its column's name before the last colon that white space follows.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from extractors.figures.model import Figure

_PART = re.compile(r"[^;]+(?:;(?! )[^;]+)*")
_NAMED = re.compile(r"(.+?):\s+(.+)", re.DOTALL)
_DIGIT = re.compile(r"\d")


class _Part(NamedTuple):
    start: int
    end: int
    column: str | None
    cell: str


def in_row(figure: Figure, row: str) -> Figure:
    """A figure of a table's row with the measure that its column and row give: "Patients sent, Ashmere"."""
    parts = list(_parts(row))
    own = next((part for part in parts if part.start <= figure.char_start < part.end), None)
    if own is None or own.column is None or figure.char_start < own.end - len(own.cell):
        return figure
    named = [part.cell for part in parts if part.end <= own.start and _names(part)]
    return replace(figure, measure=", ".join([own.column, *named[:2]]))


def _names(part: _Part) -> bool:
    """Whether a part tells rows apart rather than measures: words without a number."""
    return not _DIGIT.search(part.cell) and any(character.isalpha() for character in part.cell)


def _parts(row: str) -> Iterator[_Part]:
    for match in _PART.finditer(row):
        named = _NAMED.fullmatch(match[0].strip())
        cell = named[2] if named else match[0].strip()
        end = match.start() + len(match[0].rstrip())
        yield _Part(match.start(), end, named[1].strip() if named else None, cell)
