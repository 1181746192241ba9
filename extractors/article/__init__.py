"""From bytes as they came to an article: `read` picks the reader by content type, name and content."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import PurePosixPath

from extractors.article.model import Article, Found, Hints, Paragraph, Published, UnreadableError
from extractors.article.text import parse_published, read_text

__all__ = [
    "FILE_FORMS",
    "MAX_BYTES",
    "Article",
    "Found",
    "Hints",
    "Paragraph",
    "Published",
    "UnreadableError",
    "parse_published",
    "read",
    "with_hints",
    "with_robots_tag",
]

# A long report is 20 MB as PDF and 2 MB as text; beyond these a file is not an article.
_MOST_TAGS = 100_000  # the largest of 160 real pages has 7,700; a flood of them takes minutes to read
MAX_BYTES = {"text": 5_000_000, "markdown": 5_000_000, "page": 20_000_000, "pdf": 60_000_000, "docx": 60_000_000}
FILE_FORMS = {
    ".txt": ("text", "text/plain"),
    ".md": ("markdown", "text/markdown"),
    ".markdown": ("markdown", "text/markdown"),
    ".html": ("page", "text/html"),
    ".htm": ("page", "text/html"),
    ".xhtml": ("page", "application/xhtml+xml"),
    ".pdf": ("pdf", "application/pdf"),
    ".docx": ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
}
"""Endings of files that can be read, each with the form it is read as (`MAX_BYTES`) and its media type."""


def read(
    data: bytes,
    *,
    name: str,
    content_type: str | None = None,
    url: str | None = None,
    selector: str | None = None,
    today: date | None = None,
) -> Article:
    """Read an article from a web page, a PDF, a Word document, Markdown or plain text.

    Args:
        data: the bytes as they came.
        name: the file's name or address; its ending helps to tell what it is.
        content_type: the HTTP header, with its charset, where there is one.
        url: the address it came from, for relative links and the date in an address.
        selector: a CSS selector of the main text that overrides the general way (pages only).
        today: the day it is; dates after it (but for a day of zones) are not believed.

    Raises:
        UnreadableError: it is empty, too large, binary, a wall, an error page or a listing.
    """
    form = form_of(data, name=name, content_type=content_type)
    if not data.strip():
        raise UnreadableError("empty", "the file is empty; remove it or put the article's text in")
    if len(data) > MAX_BYTES[form]:
        told = f"{len(data) / 1e6:.0f} MB, and an article has at most {MAX_BYTES[form] / 1e6:.0f} MB"
        raise UnreadableError("too_large", f"{told}; split it or leave it out")
    if form == "pdf":
        from extractors.article.pdf import read_pdf  # noqa: PLC0415  a heavy import that plain text does without

        return read_pdf(data, url=url, today=today)
    if form in {"docx", "markdown"}:
        from extractors.article.documents import read_docx, read_markdown  # noqa: PLC0415  likewise

        return _believed(read_docx(data) if form == "docx" else read_markdown(data), today)
    if form == "page" and data.count(b"<") > _MOST_TAGS:
        raise UnreadableError("too_large", f"more than {_MOST_TAGS:,} tags: no article; leave the page out")
    if form == "page":
        from extractors.article.page import read_page  # noqa: PLC0415  likewise

        return read_page(data, url=url, content_type=content_type, selector=selector, today=today)
    return _believed(read_text(data, declared=content_type), today)


def _believed(article: Article, today: date | None) -> Article:
    """The article without a date of publication that is still to come (but for a day of zones)."""
    published = article.published
    if published is None or today is None or published.on <= today + timedelta(days=1):
        return article
    note = f"its date of publication, {published.on}, is still to come and is not believed; correct it"
    return replace(article, published=None, notes=(*article.notes, note))


def with_hints(article: Article, hints: Hints, today: date | None = None) -> Article:
    """The article with what a feed or the like said of it, where it says nothing itself (method `feed`)."""
    on = hints.published_on
    believed = on is not None and (today is None or on <= today + timedelta(days=1))
    fed = Published(on, "day", "feed") if on is not None and believed else None
    return replace(
        article,
        title=article.title or (Found(hints.title, "feed") if hints.title else None),
        authors=article.authors or hints.authors,
        authors_method=article.authors_method or ("feed" if hints.authors else None),
        published=article.published or fed,
    )


def with_robots_tag(article: Article, robots_tag: str | None) -> Article:
    """The article with a note where the header `X-Robots-Tag` asks not to index it and the page itself does not."""
    if not robots_tag:
        return article
    from extractors.article.metadata import NOINDEX, asks_not_to_be_indexed  # noqa: PLC0415  as in `read`

    asked = asks_not_to_be_indexed(robots_tag) and NOINDEX not in article.notes
    return replace(article, notes=(*article.notes, NOINDEX)) if asked else article


def form_of(data: bytes, *, name: str, content_type: str | None = None) -> str:
    """The form of bytes, a key of `MAX_BYTES`: by their opening, then the header, then the ending of the name."""
    opening = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if opening.startswith(b"%pdf-"):
        return "pdf"
    stated = (content_type or "").split(";")[0].strip().lower()
    if stated in {"text/html", "application/xhtml+xml"}:
        return "page"
    if opening.startswith((b"<!doctype html", b"<html", b"<?xml")) or b"<html" in opening:
        return "page"
    ending = PurePosixPath(name.split("?", maxsplit=1)[0]).suffix.lower()
    form, _ = FILE_FORMS.get(ending, ("text", ""))
    if form == "docx" or stated == FILE_FORMS[".docx"][1]:
        return "docx"
    return "markdown" if stated == "text/markdown" else form
