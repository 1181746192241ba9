"""From the characters of a PDF's pages to lines, and from lines to paragraphs, headings and tables."""

import logging
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby, pairwise
from pathlib import Path
from statistics import median
from typing import Any

from pypdf import PageObject, PdfReader

from extractors.article.blocks import clean
from extractors.article.model import Paragraph, ParagraphKind
from extractors.article.tables import Cell, Row, placed_rows
from extractors.lexicon import AnyRegex, PhraseSet, Table, read_tables

# The library warns of each oddity in a broken file; what matters is in our notes.
logging.getLogger("pypdf").setLevel(logging.ERROR)

# A long report has 300 pages of about 50 kB; a page's drawing beyond 4 MB is a map or a hostile file.
MAX_PAGES = 400
_MAX_PAGE_BYTES = 4_000_000
_MAX_TOTAL_BYTES = 60_000_000
_MAX_CHARACTERS = 3_000_000
# Forms and pictures that a page draws: a form that draws two others which draw two others comes to any number.
_MAX_DRAWN = 1_000
# Of the type's size: the gap that sets cells apart, how wide a letter is and is at least, and the difference of height
# from which a fragment stands on another line.
_GAP = 1.2
_LETTER = 0.5
_NARROW = 0.45
_LEVEL = 0.3
_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"})


@dataclass(frozen=True, slots=True)
class Line:
    """One line of type. `x` and `y` in points from the page's lower left, `size` in points; `page` from 0.

    `text` keeps a soft hyphen at its end, since it says that the word goes on.
    """

    page: int
    x: float
    y: float
    size: float
    bold: bool
    text: str
    cells: tuple[Cell, ...] = ()


@dataclass(slots=True)
class PdfLines:
    """The lines of all pages read, and remarks on what was left out."""

    lines: list[Line]
    pages: int
    failed: int
    notes: list[str]


def read_lines(reader: PdfReader) -> PdfLines:
    """The lines of each page in the order in which the page draws them; unreadable pages are counted and skipped."""
    pages = len(reader.pages)
    reading = PdfLines([], pages, 0, [])
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


def _cells(fragments: Sequence[_Fragment]) -> tuple[Cell, ...]:
    """The texts between gaps of a line; how wide a fragment is can only be guessed, at half its size a letter."""
    cells: list[Cell] = []
    end = -math.inf
    for fragment in fragments:
        size = max(fragment.size, 1.0)
        apart = not cells or fragment.x - end > _GAP * size or abs(fragment.y - cells[-1].y) > _LEVEL * size
        if apart:
            cells.append(Cell(fragment.x, fragment.x, fragment.y, size, ""))
            end = -math.inf
        end = max(end, fragment.x) if fragment.x < end else fragment.x
        end += _LETTER * fragment.size * len(fragment.text.strip())
        text = cells[-1].text + fragment.text.translate(_LIGATURES)
        wide = cells[-1].x + _NARROW * size * len(clean(text))
        cells[-1] = cells[-1]._replace(text=text, end=max(wide, fragment.x if not apart else 0.0))
    return tuple(cell._replace(text=clean(cell.text)) for cell in cells if clean(cell.text))


_LEXICON = Path(__file__).with_name("pdf.toml")
_BULLET = re.compile(r"(?:[•●◦▪‣·▶►■□➢✓*\uf0b7\uf0a7]|[–—-](?=\s))\s*")
_NUMBERED = re.compile(r"\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)]\s+(?=\S)")
_LEADERS = re.compile(r"(?:\.\s?){5,}\s*(?:\d{1,4}|[ivxl]+)?\s*$")
_SENTENCE_END = re.compile(r"[.!?:;…][\"'”’)\]]*(?:\d{1,3})?$")
_MAX_HEADING_WORDS = 22


class PdfWords(Table):
    """pdf.toml: what reading a report needs to know beyond its typography."""

    compound_openers: PhraseSet
    made_up_titles: AnyRegex
    captions: AnyRegex
    edges: AnyRegex


@cache
def pdf_words() -> PdfWords:
    """The data of pdf.toml.

    Raises:
        LexiconError: an entry is missing, unknown or no regular expression.
    """
    return read_tables(_LEXICON, PdfWords)


@dataclass(slots=True)
class LineGroup:
    """Lines that make one paragraph, with their kind."""

    kind: ParagraphKind
    lines: list[Line] = field(default_factory=list)
    row: Row | None = None


def without_running_heads(lines: Sequence[Line]) -> list[Line]:
    """The lines without page numbers, and without what repeats at the top or bottom of many pages."""
    pages: dict[int, list[Line]] = {}
    for line in lines:
        pages.setdefault(line.page, []).append(line)
    edges = {number: _edge_lines(page) for number, page in pages.items()}
    counts = Counter(key for page in edges.values() for key in {_head_key(line) for line in page})
    often = max(3, round(0.25 * len(pages)))
    dropped = {
        id(line)
        for page in edges.values()
        for line in page
        if counts[_head_key(line)] >= often or pdf_words().edges.fullmatch(line.text)
    }
    return [line for line in lines if id(line) not in dropped and not _LEADERS.search(line.text)]


def _edge_lines(page: Sequence[Line]) -> list[Line]:
    """The three highest and three lowest lines; a short page may be all edge."""
    by_height = sorted(page, key=lambda line: -line.y)
    return [*by_height[:3], *by_height[3:][-3:]]


def _head_key(line: Line) -> tuple[str, int]:
    """What repeats: the text but for its numbers, in its size, so that a title set large is not its running head."""
    return re.sub(r"\d+", "#", line.text.lower()).strip(" |–-"), round(line.size)


def body_size(lines: Iterable[Line]) -> float:
    """The type size that most letters are set in, in points; 0 without lines."""
    weights: Counter[float] = Counter()
    for line in lines:
        weights[round(line.size * 2) / 2] += len(line.text)
    return weights.most_common(1)[0][0] if weights else 0.0


def passages_of(lines: Sequence[Line]) -> list[LineGroup]:
    """The lines grouped to passages, in order; notes in small type come after the passage that they interrupt."""
    size = body_size(lines)
    leading = _leading(lines, size)
    width = median([len(line.text) for line in lines if abs(line.size - size) < 0.6] or [60])
    passages: list[LineGroup] = []
    notes: list[LineGroup] = []
    main: LineGroup | None = None
    rows = _table_rows(lines)
    for line in lines:
        if id(line) in rows:
            passages.extend(notes)
            passages.extend(LineGroup("table_row", [line], row) for row in rows[id(line)])
            notes, main = [], None
            continue
        kind = _kind(line, size)
        if kind == "caption" and line.size < 0.88 * size:
            if notes and _continues(notes[-1].lines[-1], line, leading, width):
                notes[-1].lines.append(line)
            else:
                notes.append(LineGroup("caption", [line]))
            continue
        if main is not None and _joins(main, line, kind, leading, width):
            main.lines.append(line)
            continue
        passages.extend(notes)
        notes = []
        main = LineGroup(kind, [line])
        passages.append(main)
    return passages + notes


def _table_rows(lines: Sequence[Line]) -> dict[int, list[Row]]:
    """The rows of tables by the `id` of the line that they open with; none for the other lines of a table."""
    rows: dict[int, list[Row]] = {}
    for _, page in groupby(lines, key=lambda line: line.page):
        drawn = list(page)
        for number, found in placed_rows([line.cells for line in drawn]).items():
            rows[id(drawn[number])] = found
    return rows


def _leading(lines: Sequence[Line], size: float) -> float:
    """The usual distance between lines of body type, in points."""
    gaps = Counter(
        round(above.y - below.y)
        for above, below in pairwise(lines)
        if above.page == below.page and abs(below.size - size) < 0.6 and 0.8 * size <= above.y - below.y <= 3 * size
    )
    return float(gaps.most_common(1)[0][0]) if gaps else 1.2 * size


def _kind(line: Line, size: float) -> ParagraphKind:
    words = len(line.text.split())
    if _BULLET.match(line.text) or _NUMBERED.match(line.text):
        return "list_item" if line.size < 1.25 * size else "heading"
    if pdf_words().captions.match(line.text) or line.size < 0.88 * size:
        return "caption"
    if words <= _MAX_HEADING_WORDS and line.size >= 1.13 * size:
        return "heading"
    if line.bold and words <= 12 and not _SENTENCE_END.search(line.text):
        return "heading"
    return "prose"


def _joins(passage: LineGroup, line: Line, kind: ParagraphKind, leading: float, width: float) -> bool:
    last = passage.lines[-1]
    if kind == "heading" or passage.kind == "heading":
        same_type = abs(last.size - line.size) < 0.6 and last.bold == line.bold and last.page == line.page
        close = 0 < last.y - line.y < 1.6 * max(line.size, 1.0)
        return kind == passage.kind and same_type and close
    if kind in ("list_item", "caption"):
        return False
    return _continues(last, line, leading, width)


def _continues(last: Line, line: Line, leading: float, width: float) -> bool:
    """Whether a line goes on with the paragraph of the line before it."""
    ended = bool(_SENTENCE_END.search(last.text))
    gap = last.y - line.y
    if last.page != line.page or gap < -leading:  # the next page or the next column
        return not ended or last.text.endswith(("-", "\u00ad"))
    if gap > 1.45 * leading:
        return False
    indented = line.x - last.x > 6 and ended
    short = ended and len(last.text) < 0.75 * width
    return not indented and not short


def paragraphs_of(passages: Sequence[LineGroup]) -> tuple[Paragraph, ...]:
    """The passages' texts as paragraphs, with line-end hyphenation undone."""
    vocabulary = Counter(
        word.lower()
        for passage in passages
        for line in passage.lines
        for word in re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", line.text)
    )
    paragraphs: list[Paragraph] = []
    for passage in passages:
        if passage.row is not None:
            paragraphs.append(Paragraph(len(paragraphs) + 1, "table_row", passage.row.text, passage.row.shown))
            continue
        text = _joined([line.text for line in passage.lines], vocabulary)
        if passage.kind == "list_item":
            marker = _BULLET.match(text) or _NUMBERED.match(text)
            text = text[marker.end() :].strip() if marker else text
        if any(character.isalnum() for character in text):
            paragraphs.append(Paragraph(len(paragraphs) + 1, passage.kind, text))
    return tuple(paragraphs)


def _joined(texts: Sequence[str], vocabulary: Counter[str]) -> str:
    joined = ""
    for text in texts:
        if joined.endswith(("-", "\u00ad")) and text[:1].isalpha():
            joined = _unhyphenated(joined, text, vocabulary)
        else:
            joined = f"{joined} {text}"
    return " ".join(joined.replace("\u00ad", "").split())


def _unhyphenated(before: str, after: str, vocabulary: Counter[str]) -> str:
    """Two line halves joined at a hyphen, which stays only where it belongs to the word."""
    first = re.search(r"([^\W\d_]+)[-\u00ad]$", before)
    second = re.match(r"[^\W\d_]+", after)
    if before.endswith("\u00ad") and first:
        return before[:-1] + after
    if first is None or second is None or not after[:1].islower():
        return before + after
    whole, compound = (first[1] + second[0]).lower(), f"{first[1]}-{second[0]}".lower()
    if vocabulary[compound] > vocabulary[whole]:
        return before + after
    if vocabulary[whole] == 0 and first[1].lower() in pdf_words().compound_openers:
        return before + after
    return before[:-1] + after
