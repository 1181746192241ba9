"""Reading of PDF reports: bytes to an article."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from io import BytesIO
from itertools import takewhile

from pypdf import PdfReader

from extractors.article.bylines import byline_people, people
from extractors.article.model import Article, Found, Paragraph, Published, UnreadableError
from extractors.article.pdf_layout import (
    Line,
    PdfLines,
    body_size,
    paragraphs_of,
    passages_of,
    pdf_words,
    read_lines,
    without_running_heads,
)
from extractors.article.text import calls_it_update
from extractors.text.dates import DateFound, find_date

_MAX_BYTES = 60_000_000
_CREATED = re.compile(r"(?:D:)?((?:19|20)\d\d)(\d\d)?(\d\d)?")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Z]{2})?$")
_MIN_WORDS = 40


def read_pdf(data: bytes, *, url: str | None = None, today: date | None = None) -> Article:
    """Read a PDF report as an article.

    Title: the file's property where the opening pages show it too, else the largest type of the first page.
    Date: a date line of the first two pages, else the day the file was made. Authors: a by-line, else the file's
    property where it names persons. `url` is where it came from, kept as its address; a date after `today` is not
    believed.

    Raises:
        UnreadableError: "too_large", "corrupt", "encrypted", "scanned" or "empty".
    """
    if len(data) > _MAX_BYTES:
        limit = f"{_MAX_BYTES / 1e6:.0f} MB"
        raise UnreadableError("too_large", f"the PDF has {len(data) / 1e6:.0f} MB, the limit is {limit}; leave it out")
    reader = _opened(data)
    reading = _read(reader)
    lines = without_running_heads(reading.lines)
    paragraphs = paragraphs_of(passages_of([line for line in lines if not _is_credit(line)]))
    if sum(len(paragraph.text.split()) for paragraph in paragraphs) < _MIN_WORDS:
        raise _no_text(reading)
    properties = _properties(reader)
    title = _title(properties.get("/Title", ""), lines)
    authors, method = _authors(properties.get("/Author", ""), lines)
    return Article(
        title=title,
        publisher=None,
        authors=authors,
        authors_method=method,
        published=_published(properties.get("/CreationDate", ""), lines, today),
        updated_on=next((found.on for line in lines if line.page <= 1 and (found := _update_line(line))), None),
        language=_language(reader),
        canonical_url=url,
        paragraphs=_without_title(paragraphs, title),
        notes=tuple(reading.notes),
    )


def _opened(data: bytes) -> PdfReader:
    try:
        reader = PdfReader(BytesIO(data), strict=False)
        locked = reader.is_encrypted and not reader.decrypt("")
    except Exception as error:  # any: the library fails in many ways on a broken file
        raise UnreadableError("corrupt", f"the PDF cannot be opened ({error}); fetch or save it again") from error
    if locked:
        raise UnreadableError("encrypted", "the PDF asks for a password; save a copy without one and read that")
    return reader


def _read(reader: PdfReader) -> PdfLines:
    try:
        return read_lines(reader)
    except Exception as error:  # any: likewise, here for a broken page tree
        message = f"the PDF's pages cannot be found ({error}); fetch or save it again"
        raise UnreadableError("corrupt", message) from error


def _no_text(reading: PdfLines) -> UnreadableError:
    if reading.failed and reading.failed >= reading.pages:
        return UnreadableError("corrupt", "none of the PDF's pages could be read; fetch or save it again")
    if reading.pages and not reading.lines:
        return UnreadableError("scanned", "the PDF holds pictures of pages, no text; run text recognition on it first")
    return UnreadableError("empty", "the PDF has next to no text; leave it out")


def _properties(reader: PdfReader) -> dict[str, str]:
    try:
        found = reader.metadata
        stated = found.items() if found is not None else ()
        return {str(key): " ".join(str(value).split()) for key, value in stated if value is not None}
    except Exception:  # any: properties are a bonus, the text stands without them
        return {}


def _language(reader: PdfReader) -> str | None:
    try:
        declared = str(reader.root_object.get("/Lang", "")).strip()
    except Exception:  # any: likewise
        return None
    return declared if _LANGUAGE.match(declared) else None


def _title(declared: str, lines: Sequence[Line]) -> Found | None:
    opening = [line for line in lines if line.page <= 1]
    words = set(re.findall(r"\w+", " ".join(line.text for line in opening).lower()))
    said = re.findall(r"\w+", declared.lower())
    if len(said) >= 2 and not pdf_words().made_up_titles.fullmatch(declared):
        shown = sum(word in words for word in said) / len(said)
        if shown >= 0.7:
            return Found(declared, "pdf properties")
    front = min((line.page for line in opening), default=0)
    first = [line for line in opening if line.page == front]
    largest = max((line.size for line in first if len(line.text) > 3), default=0.0)
    if largest < 1.25 * body_size(lines):
        return None
    starts = next(number for number, line in enumerate(first) if line.size > largest - 0.6)
    run = takewhile(lambda line: line.size > largest - 0.6, first[starts:])
    text = " ".join(line.text for line in run)
    return Found(text, "largest type") if 2 <= len(text.split()) <= 40 else None


def _authors(declared: str, lines: Sequence[Line]) -> tuple[tuple[str, ...], str | None]:
    for line in lines[:60]:
        if line.page > 1:
            break
        if names := byline_people(line.text):
            return names, "byline"
    names = people(declared)
    return names, "pdf properties" if names else None


def _published(created: str, lines: Sequence[Line], today: date | None) -> Published | None:
    """A line of the first two pages that is little more than a date, else the day the file was made.

    A file that speaks of later years than the one it was made in has a wrong clock, and is not believed.
    """
    latest = today + timedelta(days=1) if today else date.max
    for line in lines:
        if line.page > 1:
            break
        found = _date_line(line)
        if found is not None and found.on <= latest and not _update_line(line):
            return Published(found.on, found.precision, "date line")
    match = _CREATED.match(created)
    if match is None or not match[2] or not match[3]:
        return None
    try:
        on = date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None
    return Published(on, "day", "pdf properties") if on.year >= 1993 and on <= latest else None


def _date_line(line: Line) -> DateFound | None:
    found = find_date(line.text)
    return found if found is not None and len(line.text) - (found.end - found.start) <= 24 else None


def _update_line(line: Line) -> DateFound | None:
    """The date of a date line that tells of an update or review."""
    return _date_line(line) if calls_it_update(line.text) else None


def _is_credit(line: Line) -> bool:
    """A by-line or date line of the opening pages: metadata, not text."""
    return line.page <= 1 and bool(byline_people(line.text) or _date_line(line))


def _without_title(paragraphs: Sequence[Paragraph], title: Found | None) -> tuple[Paragraph, ...]:
    wanted = re.findall(r"\w+", title.value.lower()) if title else None
    kept = [
        paragraph
        for paragraph in paragraphs
        if paragraph.paragraph_no > 6 or re.findall(r"\w+", paragraph.text.lower()) != wanted
    ]
    return tuple(Paragraph(number, p.kind, p.text, p.shown) for number, p in enumerate(kept, 1))
