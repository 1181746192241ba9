"""Reading of plain text: title, date and authors where the text states them, and its paragraphs."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import takewhile
from typing import NamedTuple

from extractors.article.bylines import byline_people, people
from extractors.article.furniture import is_furniture
from extractors.article.model import (
    Article,
    DatePrecision,
    Found,
    Paragraph,
    ParagraphKind,
    Published,
    UnreadableError,
)
from extractors.text.dates import find_date
from extractors.text.decode import decode
from extractors.text.fold import fold

_HEADER = re.compile(r"(Title|Publisher|Authors?|Published|Date|URL|Language):[ \t]*(.*)$", re.IGNORECASE)
_MARKER = re.compile(r"(?:[•●◦▪‣·*–-]|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)])\s+(?=\S)")
_INVISIBLE = re.compile("[\u00ad\u200b\u200c\u200d\u2060\ufeff]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
_UPDATE_LABEL = re.compile(
    r"\b(?:updated?|modified|reviewed|revised|amended|edited|checked|corrected|refreshed)\b", re.I
)
_DATE_LABEL = re.compile(r"(?:published|posted|updated|date|publication)\b", re.IGNORECASE)
# A hard-wrapped text breaks its lines at a column; we join only where lines are short and break inside sentences.
_WRAP_COLUMNS = range(45, 121)
_MAX_TITLE_WORDS = 40
_MAX_HEADING_WORDS = 14
_MAX_LABEL_WORDS = 6
# A line of a header that we do not know: a label of up to four words, and something after it.
_OTHER_HEADER = re.compile(r"([A-Z][\w'/-]*(?: [\w'/-]+){0,3}):[ \t]+\S")
_LONGEST_HEADER = 200


class _Line(NamedTuple):
    block: int
    text: str


@dataclass(frozen=True, slots=True)
class Head:
    """What the opening lines state; `unknown` are lines of a header block that say what we have no place for."""

    title: Found | None = None
    publisher: Found | None = None
    authors: tuple[str, ...] = ()
    published: Published | None = None
    url: str | None = None
    language: str | None = None
    unknown: tuple[str, ...] = ()
    updated_on: date | None = None


def read_text(data: bytes, *, declared: str | None = None) -> Article:
    """Read a plain-text article.

    A header block (`Title:`, `Publisher:`, `Author:`, `Published:`, then a blank line) is metadata only; lines of it
    that are not known are said in the notes and are no text. Without one, the title is the opening line where it stands
    alone, and stays the first paragraph, as a heading; a date line and a by-line are read and left out, as is page
    furniture. Hard-wrapped lines are joined; otherwise a line is a paragraph.

    Raises:
        UnreadableError: "binary" or "empty".
    """
    text = decode(data, declared, html=False)
    if len(_CONTROL.findall(text[:20_000])) > len(text[:20_000]) / 200:
        raise UnreadableError("binary", "not a text: it holds control characters; give a .txt, .html or .pdf file")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    head, body = split_header(lines)
    if head is None:
        head, paragraphs = _without_header(_lines(body))
    elif head.title is None:
        found, paragraphs = _without_header(_lines(body))
        head = replace(head, title=found.title, authors=head.authors or found.authors)
        head = replace(head, published=head.published or found.published, updated_on=found.updated_on)
    else:
        paragraphs = _paragraphs(_joined(_lines(body)), head_title=None)
    if not paragraphs:
        raise UnreadableError("empty", "there is no text in it; remove it or put the article's text in")
    return article_of(head, paragraphs, _notes(data))


def article_of(head: Head, paragraphs: tuple[Paragraph, ...], notes: tuple[str, ...] = ()) -> Article:
    """The article that a head and paragraphs make; what the head's block says in vain is said in the notes."""
    lines = tuple(
        f"header line {line!r} is not known and was left out; known are {KNOWN_HEADERS}" for line in head.unknown
    )
    return Article(
        title=head.title,
        publisher=head.publisher,
        authors=head.authors,
        authors_method=("header" if head.publisher or head.url else "byline") if head.authors else None,
        published=head.published,
        language=head.language,
        canonical_url=head.url,
        paragraphs=paragraphs,
        notes=(*notes, *lines),
        updated_on=head.updated_on,
    )


def _notes(data: bytes) -> tuple[str, ...]:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return (f"not UTF-8 (first at byte {error.start}); its encoding was detected",)
    return ()


KNOWN_HEADERS = "Title, Publisher, Author, Published (or Date), URL, Language"


def split_header(lines: Sequence[str]) -> tuple[Head | None, Sequence[str]]:
    """The header block that lines open with, and the lines after it; None and all lines where there is none.

    It has a title, or two lines that are known and nothing but lines of its form before the first blank one.
    """
    block = list(takewhile(str.strip, (line.lstrip("\ufeff") for line in lines)))
    known = [_HEADER.match(line) for line in block]
    whole = all(match or _is_other_header(line) for match, line in zip(known, block, strict=True))
    used = len(block) if whole else next((at for at, match in enumerate(known) if match is None), len(block))
    fields = {match[1].lower().removesuffix("s"): match[2].strip() for match in known[:used] if match}
    if "title" not in fields and not (whole and len(fields) >= 2):
        return None, lines
    unknown = tuple(" ".join(line.split()) for line, match in zip(block[:used], known, strict=False) if match is None)
    return header_of_fields(fields, unknown), lines[used:]


def _is_other_header(line: str) -> bool:
    return len(line) <= _LONGEST_HEADER and _OTHER_HEADER.match(line) is not None


def header_of_fields(fields: Mapping[str, str], unknown: tuple[str, ...] = ()) -> Head:
    """The head that the fields of a header block state, by their names in lower case and in the singular."""
    published = fields.get("published") or fields.get("date") or ""
    return Head(
        title=Found(fields["title"], "header") if fields.get("title") else None,
        publisher=Found(fields["publisher"], "header") if fields.get("publisher") else None,
        authors=people(fields.get("author", "")) or tuple(filter(None, [fields.get("author", "")])),
        published=parse_published(published, "header"),
        url=fields.get("url") or None,
        language=fields.get("language") or None,
        unknown=unknown,
    )


def parse_published(value: str, method: str) -> Published | None:
    """A stated date of publication: "2019-01-25", "2020-10", "2020" or as people write it; None where it is none."""
    stripped = value.strip()
    partial = re.fullmatch(r"((?:19|20)\d\d)(?:-(0[1-9]|1[0-2]))?", stripped)
    if partial:
        precision: DatePrecision = "month" if partial.group(2) else "year"
        found = find_date(f"{partial.group(1)}-{partial.group(2) or '01'}-01")
        return Published(found.on, precision, method) if found else None
    found = find_date(stripped)
    return Published(found.on, found.precision, method) if found else None


def _lines(lines: Sequence[str]) -> list[_Line]:
    kept: list[_Line] = []
    block = 0
    for line in lines:
        text = _INVISIBLE.sub("", line)
        if not text.strip():
            block += 1
        elif not is_furniture(text):
            kept.append(_Line(block, text))
    return kept


def _joined(lines: Sequence[_Line]) -> list[str]:
    """Lines as paragraphs: those of one block are joined where the block is hard-wrapped."""
    blocks: dict[int, list[str]] = {}
    for line in lines:
        blocks.setdefault(line.block, []).append(line.text)
    wrapped = _is_wrapped(blocks.values())
    texts: list[str] = []
    for block in blocks.values():
        start = len(texts)
        for line_text in block:
            if wrapped and len(texts) > start and not _MARKER.match(line_text.strip()):
                texts[-1] = f"{texts[-1].rstrip()} {line_text.strip()}"
            else:
                texts.append(line_text)
    return texts


def _is_wrapped(blocks: Iterable[Sequence[str]]) -> bool:
    inner = [line.strip() for block in blocks for line in block[:-1]]
    if len(inner) < 2:
        return False
    at_column = sum(len(line) in _WRAP_COLUMNS for line in inner)
    mid_sentence = sum(line[-1].isalnum() or line[-1] in ",-" for line in inner)
    return at_column >= 0.8 * len(inner) and mid_sentence >= 0.6 * len(inner)


def at_the_edges(texts: Sequence[str]) -> tuple[Head, list[int]]:
    """The date and by-line that stand among the opening or closing lines, and the places of all other lines."""
    head = Head()
    rest: list[int] = []
    for position, line in enumerate(texts):
        text = " ".join(line.split())
        near_edge = position < 6 or position >= len(texts) - 3
        dated = _date_line(text) if near_edge else None
        if dated and head.updated_on is None and calls_it_update(text):
            head = replace(head, updated_on=dated.on)
        elif dated and head.published is None and not calls_it_update(text):
            head = replace(head, published=dated)
        elif near_edge and not head.authors and (authors := byline_people(text)):
            head = replace(head, authors=authors)
        else:
            rest.append(position)
    return head, rest


def _without_header(lines: Sequence[_Line]) -> tuple[Head, tuple[Paragraph, ...]]:
    """Title, date and by-line by their place."""
    head, places = at_the_edges([line.text for line in lines])
    rest = [lines[place] for place in places]
    title = _opening_title(rest)
    if title is not None:
        head = replace(head, title=Found(title, "first line"))
        repeated = next((i for i, line in enumerate(rest[1:6], 1) if " ".join(line.text.split()) == title), None)
        if repeated is not None:
            rest = rest[repeated:]
    return head, _paragraphs(_joined(rest), head_title=title)


def _date_line(text: str) -> Published | None:
    """A line that says when: nothing but a date, or a date after or before a few label words."""
    found = find_date(text)
    if found is None or len(text) > 100:
        return None
    before, after = text[: found.start].strip(" ,|-–"), text[found.end :].strip(" ,|-–")
    is_sentence = text.rstrip().endswith((".", "?", "!")) and not _DATE_LABEL.match(text)
    if is_sentence or len(before.split()) > 8 or len(after.split()) > 6 or _is_clause(before):
        return None
    return Published(found.on, found.precision, "date line")


def calls_it_update(text: str) -> bool:
    """Whether a line calls the first date in it one of an update or review, not of publication."""
    found = find_date(text)
    return found is not None and _UPDATE_LABEL.search(text[: found.start]) is not None


def _is_clause(text: str) -> bool:
    """Whether what stands before a date is running text, not a label: it holds a small preposition or verb."""
    return bool(re.search(r"\b(?:in|since|by|from|is|was|were|has|had|will|until|before|after|of)\b", text))


def _opening_title(lines: Sequence[_Line]) -> str | None:
    """The first line where it stands alone in its block and does not read as a sentence of the body."""
    if not lines or (len(lines) > 1 and lines[1].block == lines[0].block):
        return None
    text = " ".join(lines[0].text.split())
    if _MARKER.match(text) or len(text.split()) > _MAX_TITLE_WORDS or text.endswith((".", ":", ";", ",")):
        return None
    return text


def _paragraphs(texts: Sequence[str], *, head_title: str | None) -> tuple[Paragraph, ...]:
    paragraphs: list[Paragraph] = []
    for raw in texts:
        stripped = " ".join(raw.split())
        marker = _MARKER.match(stripped)
        text = stripped[marker.end() :] if marker else stripped
        if any(character.isalnum() for character in text):
            kind = "heading" if stripped == head_title and not paragraphs else kind_of(text, listed=marker is not None)
            paragraphs.append(Paragraph(len(paragraphs) + 1, kind, text))
    return tuple(paragraphs)


def kind_of(text: str, *, listed: bool = False) -> ParagraphKind:
    """What a paragraph is by its form: a quotation, a heading, an item of a list, or prose."""
    if listed:
        return "list_item"
    words = len(text.split())
    plain = fold(text)
    if plain[0] in "\"'" and plain.rstrip(".,")[-1] in "\"'" and words > 6:
        return "quote"
    if words > _MAX_HEADING_WORDS or plain.rstrip("\"')").endswith((".", "!", ";", ",")):
        return "prose"
    return "prose" if plain.endswith(":") and words > _MAX_LABEL_WORDS else "heading"
