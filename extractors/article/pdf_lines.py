"""Lines of a PDF with their place and type size, as far as its pages can be read within bounds."""

import logging
import math
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from pypdf import PageObject, PdfReader

from extractors.article.blocks import clean

# The library warns of each oddity in a broken file; what matters is in our notes.
logging.getLogger("pypdf").setLevel(logging.ERROR)

# A long report has 300 pages of about 50 kB; a page's drawing beyond 4 MB is a map or a hostile file.
MAX_PAGES = 400
_MAX_PAGE_BYTES = 4_000_000
_MAX_TOTAL_BYTES = 60_000_000
_MAX_CHARACTERS = 3_000_000
# Forms and pictures that a page draws: a form that draws two others which draw two others comes to any number.
_MAX_DRAWN = 1_000
# Of the type's size: the gap that sets cells apart, and the width of a letter.
_GAP = 1.2
_LETTER = 0.5
_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"})


@dataclass(frozen=True, slots=True)
class Line:
    """One line of type. `x` and `y` in points from the page's lower left, `size` in points; `page` from 0.

    `text` keeps a soft hyphen at its end, since it says that the word goes on. `cells` are the parts of the line that
    wide gaps set apart, as the columns of a table are.
    """

    page: int
    x: float
    y: float
    size: float
    bold: bool
    text: str
    cells: tuple[str, ...] = ()


@dataclass(slots=True)
class Reading:
    """The lines of all pages read, and remarks on what was left out."""

    lines: list[Line]
    pages: int
    failed: int
    notes: list[str]


def read_lines(reader: PdfReader) -> Reading:
    """The lines of each page in the order in which the page draws them; unreadable pages are counted and skipped."""
    pages = len(reader.pages)
    reading = Reading([], pages, 0, [])
    if pages > MAX_PAGES:
        reading.notes.append(f"read the first {MAX_PAGES} of {pages} pages")
    drawn = characters = 0
    for number in range(min(pages, MAX_PAGES)):
        try:
            page = reader.pages[number]
            size = _drawing_bytes(page)
            drawn += size
            if size > _MAX_PAGE_BYTES or drawn > _MAX_TOTAL_BYTES or characters > _MAX_CHARACTERS:
                reading.failed += 1
                continue
            lines = list(_page_lines(page, number))
        except Exception:  # any: broken files break the library in many ways, and the other pages may be sound
            reading.failed += 1
            continue
        characters += sum(len(line.text) for line in lines)
        reading.lines.extend(lines)
    if reading.failed:
        reading.notes.append(f"{reading.failed} of {pages} pages could not be read")
    return reading


def _drawing_bytes(page: PageObject) -> int:
    contents = page.get_contents()
    return len(contents.get_data()) if contents is not None else 0


class _MassOfFormsError(Exception):
    """A page draws more forms than any real one."""


@dataclass(slots=True)
class _Fragment:
    text: str
    x: float
    y: float
    size: float
    bold: bool


def _page_lines(page: PageObject, number: int) -> Iterator[Line]:
    fragments: list[_Fragment] = []

    def visit(text: str, user: Sequence[float], tm: Sequence[float], font: dict[str, Any] | None, size: float) -> None:
        if text:
            fragments.append(_fragment(text, user, tm, font, size))

    drawn = 0

    def stop_at_masses(operator: bytes, _operands: object, _cm: object, _tm: object) -> None:
        nonlocal drawn
        drawn += operator == b"Do"
        if drawn > _MAX_DRAWN:
            raise _MassOfFormsError

    with suppress(_MassOfFormsError):  # what was drawn so far is the page's text
        page.extract_text(orientations=(0,), visitor_text=visit, visitor_operand_before=stop_at_masses)
    current: list[_Fragment] = []
    for fragment in fragments:
        head, *rest = fragment.text.split("\n")
        current.append(_Fragment(head, fragment.x, fragment.y, fragment.size, fragment.bold))
        for part in rest:
            yield from _line(current, number)
            current = [_Fragment(part, fragment.x, fragment.y, fragment.size, fragment.bold)]
    yield from _line(current, number)


def _fragment(
    text: str, user: Sequence[float], tm: Sequence[float], font: dict[str, Any] | None, size: float
) -> _Fragment:
    x = tm[4] * user[0] + tm[5] * user[2] + user[4]
    y = tm[4] * user[1] + tm[5] * user[3] + user[5]
    scale = math.hypot(tm[2], tm[3]) * math.hypot(user[2], user[3])
    name = str((font or {}).get("/BaseFont", "")).lower()
    return _Fragment(text, x, y, abs(size) * scale, any(mark in name for mark in ("bold", "black", "heavy", "semib")))


def _line(fragments: Sequence[_Fragment], page: int) -> Iterator[Line]:
    """One line from its fragments; where it stands and how large it is by those that have letters."""
    inked = [fragment for fragment in fragments if fragment.text.strip()]
    raw = "".join(fragment.text for fragment in fragments).translate(_LIGATURES)
    text = clean(raw)
    if not inked or not text:
        return
    if raw.rstrip().endswith("\u00ad"):
        text += "\u00ad"
    weights: dict[float, int] = {}
    for fragment in inked:
        weights[round(fragment.size, 1)] = weights.get(round(fragment.size, 1), 0) + len(fragment.text.strip())
    letters = sum(len(fragment.text.strip()) for fragment in inked)
    bold = sum(len(fragment.text.strip()) for fragment in inked if fragment.bold)
    size = max(weights, key=lambda s: weights[s])
    yield Line(page, inked[0].x, inked[0].y, size, bold > 0.8 * letters, text, _cells(inked))


def _cells(fragments: Sequence[_Fragment]) -> tuple[str, ...]:
    """The texts between gaps of a line; how wide a fragment is can only be guessed, at half its size a letter."""
    cells: list[str] = []
    end = -math.inf
    for fragment in fragments:
        if not cells or fragment.x - end > _GAP * max(fragment.size, 1.0):
            cells.append("")
        cells[-1] += fragment.text.translate(_LIGATURES)
        end = max(end, fragment.x) if fragment.x < end else fragment.x
        end += _LETTER * fragment.size * len(fragment.text.rstrip())
    return tuple(filter(None, map(clean, cells)))
