"""What an article is once it has been read, whatever it was read from."""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

ParagraphKind = Literal["heading", "prose", "list_item", "quote", "caption", "table_row"]
DatePrecision = Literal["day", "month", "year"]


@dataclass(frozen=True, slots=True)
class Link:
    """Where in a paragraph's text a link stands, end exclusive, and the address that it leads to."""

    start: int
    end: int
    address: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One block of an article's text, the unit that themes are coded in.

    `paragraph_no` counts from 1 in reading order. `text` has no line breaks and no surrounding white space;
    all evidence offsets count its Unicode code points. List markers ("•", "1.") are not part of it. `shown` is what
    the source shows where `text` says more: a row of a table without the names of its columns. `links` are those of a
    page's running text, in order.
    """

    paragraph_no: int
    kind: ParagraphKind
    text: str
    shown: str | None = field(default=None, compare=False)
    links: tuple[Link, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Published:
    """When an article was published, how exactly that is known, and how it was found.

    `on` is the first day of the month or year where the precision is coarser than a day.
    `method` names the place that gave it, such as "header", "json-ld", "meta", "time", "visible", "url".
    """

    on: date
    precision: DatePrecision
    method: str


@dataclass(frozen=True, slots=True)
class Found:
    """A text of the metadata with the place that gave it, such as "h1" or "json-ld"."""

    value: str
    method: str


@dataclass(frozen=True, slots=True)
class Article:
    """An article as read: metadata that the source states (never invented) and its paragraphs in order.

    `updated_on` is the day that the source calls its last update or review, never taken for that of publication.
    `notes` are remarks of the reader that belong in a run's log, such as "read as Windows-1252".
    """

    title: Found | None
    publisher: Found | None
    authors: tuple[str, ...]
    authors_method: str | None
    published: Published | None
    language: str | None
    canonical_url: str | None
    paragraphs: tuple[Paragraph, ...]
    notes: tuple[str, ...] = ()
    updated_on: date | None = None

    @property
    def text(self) -> str:
        """The paragraphs' texts as the source shows them, separated by blank lines; a table's head stands once."""
        return "\n\n".join(paragraph.shown or paragraph.text for paragraph in self.paragraphs)

    @property
    def word_count(self) -> int:
        """White-space separated words over all paragraphs."""
        return sum(len((paragraph.shown or paragraph.text).split()) for paragraph in self.paragraphs)


@dataclass(frozen=True, slots=True)
class Hints:
    """What a feed, an API or a news sitemap said of an article: a fallback where its page says nothing."""

    title: str | None = None
    authors: tuple[str, ...] = ()
    published_on: date | None = None


class UnreadableError(ValueError):
    """The bytes are not an article that can be read: empty, binary, too large, a wall, an error page, a listing.

    `reason` is one word for tables and reports, such as "empty", "binary", "too_large", "login_wall";
    the message says it for a person, with the way out.
    """

    def __init__(self, reason: str, message: str) -> None:
        self.reason = reason
        super().__init__(message)
