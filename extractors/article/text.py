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

# A line of a header block: a label of up to four words, which Markdown may set in bold, and what stands behind it.
_HEADER_LINE = re.compile(r"(?:\*\*)?([A-Za-z][\w'/-]*(?: [\w'/-]+){0,3})(?:\*\*)?[ \t]*:(?:\*\*)?(?:[ \t]+(.*))?$")
# What such labels mean; of those with "" it is known only that no text begins so.
_LABELS = {
    "title": "title", "headline": "title", "subject": "title", "publisher": "publisher", "author": "author",
    "authors": "author", "byline": "author", "by": "author", "from": "author", "published": "published",
    "date": "published", "date published": "published", "published on": "published", "publication date": "published",
    "url": "url", "link": "url", "language": "language",
    **dict.fromkeys(
        (
            "source", "section", "category", "categories", "topic", "topics", "tags", "keywords", "edition", "dateline",
            "type", "format", "words", "word count", "length", "copyright", "licence", "license", "editor", "website",
            "accessed", "retrieved", "doi", "issn", "volume", "issue", "page", "pages", "to", "cc", "sent", "reply-to",
            "document id", "reading time", "updated", "last updated",
        ),
        "",
    ),
}  # fmt: skip
# One line makes a block only where it is not the opening of a text: "Language: a barrier to care" is.
_ALONE = frozenset({"title", "author", "publisher", "published", "url", "language", "source"})
_LONGEST_VALUE = 12  # words of a line of metadata, but for a title's
_LANGUAGES = {"english": "en", "welsh": "cy", "french": "fr", "german": "de", "spanish": "es", "italian": "it"}
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
_LONGEST_HEADER = 200


class _Line(NamedTuple):
    block: int
    text: str


@dataclass(frozen=True, slots=True)
class Head:
    """What the opening lines state; `unknown` are lines of a header block that say what we have no place for, and
    `unusable` what cannot be taken as it stands, with why."""

    title: Found | None = None
    publisher: Found | None = None
    authors: tuple[str, ...] = ()
    published: Published | None = None
    url: str | None = None
    language: str | None = None
    unknown: tuple[str, ...] = ()
    unusable: tuple[str, ...] = ()
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
        notes=(*notes, *lines, *head.unusable),
        updated_on=head.updated_on,
    )


def _notes(data: bytes) -> tuple[str, ...]:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return (f"not UTF-8 (first at byte {error.start}); its encoding was detected",)
    return ()


KNOWN_HEADERS = "Title, Publisher, Author, Published (or Date), URL, Language"


@dataclass(frozen=True, slots=True)
class _HeaderLine:
    """A line of a header block: its label in lower case, its value, all of it, and the place of the line after it."""

    label: str
    value: str
    text: str
    end: int

    @property
    def means(self) -> str:
        """What it says, as `header_of_fields` takes it; "" where we have no place for that."""
        return _LABELS.get(self.label, "")


def split_header(lines: Sequence[str]) -> tuple[Head | None, Sequence[str]]:
    """The header block that lines open with, and the lines after it; None and all lines where there is none.

    It has a title, or two lines whose labels are known, or nothing but lines of metadata. Further blocks that are
    nothing else belong to it; a line that begins with white space goes on with the one before.
    """
    kept, used = _opening_header(lines, 0)
    titled = any(line.means == "title" and line.label != "subject" for line in kept)
    whole = used == len(lines) or not lines[used].strip()
    if not kept or not (titled or (whole and _is_metadata(kept))):
        return None, lines
    if not whole:  # text follows at once: a line of it may have the form of a header too
        known = list(takewhile(lambda line: line.label in _LABELS, kept))
        return _head_of(known), lines[known[-1].end if known else 0 :]
    while True:
        further, end = _opening_header(lines, used)
        if not further or (end < len(lines) and lines[end].strip()) or not _is_metadata(further):
            return _head_of(kept), lines[used:]
        kept += further
        used = end


def header_lines(texts: Sequence[str]) -> int:
    """How many paragraphs that a document opens with have the form of a header, up to the last with a known label."""
    form = takewhile(lambda line: line is not None, (_header_line(text, place) for place, text in enumerate(texts, 1)))
    return max((line.end for line in form if line is not None and line.label in _LABELS), default=0)


def _opening_header(lines: Sequence[str], start: int) -> tuple[list[_HeaderLine], int]:
    """The lines of a header's form that the next block begins with, and where they end."""
    while start < len(lines) and not lines[start].strip("\ufeff \t\r"):
        start += 1
    found: list[_HeaderLine] = []
    for place in range(start, len(lines)):
        line = lines[place].lstrip("\ufeff")
        header = _header_line(line, place + 1)
        if header is None and found and line.strip() and line[0] in " \t":
            before = found.pop()
            header = replace(before, value=f"{before.value} {line.strip()}".strip(), end=place + 1)
        if header is None:
            return found, place
        found.append(header)
    return found, len(lines)


def _header_line(line: str, end: int) -> _HeaderLine | None:
    match = _HEADER_LINE.match(line.strip()) if len(line) <= _LONGEST_HEADER or line[:6].lower() == "title:" else None
    if match is None or (match[1].lower() not in _LABELS and not (match[1][0].isupper() and match[2])):
        return None
    return _HeaderLine(match[1].lower(), (match[2] or "").strip(), " ".join(line.split()), end)


def _is_metadata(lines: Sequence[_HeaderLine]) -> bool:
    """Whether lines that all have the form of a header are one: some labels say so, and none of them is a sentence."""
    known = [line for line in lines if line.label in _LABELS]
    if len([line for line in known if line.means]) >= 2:
        return True
    if any(len(line.value.split()) > _LONGEST_VALUE or line.value.endswith((".", "?", "!")) for line in lines):
        return False
    if len(lines) == 1:
        return bool(known) and (lines[0].means or lines[0].label) in _ALONE and _is_plausible(lines[0])
    return 2 * len(known) >= len(lines)


def _is_plausible(line: _HeaderLine) -> bool:
    if line.means == "published":
        return parse_published(line.value, "header") is not None
    if line.means == "url":
        return _absolute(line.value) is not None
    if line.means == "language":
        return _language_code(line.value) is not None
    return line.value[:1].isupper() and line.value[-1:].isalnum()


def _head_of(lines: Sequence[_HeaderLine]) -> Head:
    fields: dict[str, str] = {}
    unknown = []
    for line in lines:
        if line.means == "author" and fields.get("author"):
            fields["author"] += f", {line.value}"
        elif not line.means or line.means in fields:
            unknown.append(line.text)
        else:
            fields[line.means] = line.value
    return header_of_fields(fields, tuple(unknown))


def header_of_fields(fields: Mapping[str, str], unknown: tuple[str, ...] = ()) -> Head:
    """The head that the fields of a header block state, by what they mean: the values of `_LABELS`."""
    stated = {name: plain for name, value in fields.items() if (plain := " ".join(value.split()))}
    author = re.sub(r"\s*<\S+@\S+>", "", stated.get("author", ""))
    published = parse_published(stated.get("published", ""), "header")
    url, language = _absolute(stated.get("url", "")), _language_code(stated.get("language", ""))
    taken = {"published": published, "url": url, "language": language}
    wanted = {"published": "a date", "url": "an address", "language": "a language, such as en"}
    return Head(
        title=Found(stated["title"], "header") if "title" in stated else None,
        publisher=Found(stated["publisher"], "header") if "publisher" in stated else None,
        authors=people(author) or tuple(filter(None, [author])),
        published=published,
        url=url,
        language=language,
        unknown=unknown,
        unusable=tuple(
            f"what the header says of {name}, {stated[name]!r}, is not understood as {wanted[name]} and was left out"
            for name, value in taken.items()
            if value is None and name in stated
        ),
    )


def _absolute(url: str) -> str | None:
    """An address of the web; its scheme is often left out."""
    if re.match(r"https?://[^\s/]+\.[^\s]+$", url, re.IGNORECASE):
        return url
    return f"https://{url}" if re.match(r"(?:[\w-]+\.)+[a-z]{2,}(?:/\S*)?$", url, re.IGNORECASE) else None


def _language_code(stated: str) -> str | None:
    match = re.fullmatch(r"([A-Za-z]{2})(?:[-_]\w+)*", stated)
    return match[1].lower() if match else _LANGUAGES.get(stated.lower())


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
