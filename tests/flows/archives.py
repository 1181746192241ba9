"""Corpora to take in: archives of the web and folders of documents, made of the gold's articles and what is none."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import docx
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from tests.flows.watch import GOLD, gold
from tests.web import formats

SIMILAR = [path.stem for path in sorted((GOLD / "articles").glob("*.txt"))]
OTHERS = [path.stem for path in sorted((GOLD / "negatives").glob("*.txt"))]


def varied(number: int) -> tuple[bool, str, list[str]]:
    """The page of a number: whether it is similar, its title and its paragraphs; no two are near-duplicates.

    Of five pages two are similar. A page has the paragraphs of one article in a turned order, with words of its own.
    """
    similar = number % 5 < 2
    kind, names = ("articles", SIMILAR) if similar else ("negatives", OTHERS)
    title, paragraphs = gold(names[number % len(names)], kind)
    turn = number // len(names) % len(paragraphs)
    own = f"This is what the minutes of meeting {number} say, which the secretary signed as number {number * 7}."
    return similar, f"{title} ({number})", [*paragraphs[turn:], *paragraphs[:turn], own]


def address(number: int) -> str:
    """Where the page of a number was captured."""
    return f"https://archive.example/{2001 + number % 20}/{1 + number % 12:02}/what-was-said-{number}"


def write_warc(path: Path, pages: int) -> None:
    """An archive of so many pages, with what archives hold beside: errors, pictures, captures that refer to others."""
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=path.name.endswith(".gz"))
        for number in range(pages):
            _, title, paragraphs = varied(number)
            body = formats.article(title, paragraphs).encode()
            _write(writer, address(number), "200 OK", "text/html; charset=utf-8", body)
        _write(writer, "https://archive.example/gone", "404 Not Found", "text/html", b"<h1>Not found</h1>")
        _write(writer, "https://archive.example/logo.png", "200 OK", "image/png", b"\x89PNG\r\n")
        _write(writer, "https://archive.example/robots.txt", "200 OK", "text/plain", b"User-agent: *\n")


def _write(writer: WARCWriter, url: str, status: str, kind: str, body: bytes) -> None:
    headers = StatusAndHeaders(status, [("Content-Type", kind)], protocol="HTTP/1.1")
    record = writer.create_warc_record(
        url,
        "response",
        payload=BytesIO(body),
        http_headers=headers,
        warc_headers_dict={"WARC-Date": "2021-05-04T10:00:00Z"},
    )
    writer.write_record(record)


def similar_addresses(pages: int) -> set[str]:
    """The addresses of the similar ones among so many pages."""
    return {address(number) for number in range(pages) if varied(number)[0]}


def write_docx(path: Path, title: str, paragraphs: list[str]) -> None:
    """A Word document with a title and paragraphs."""
    document = docx.Document()
    document.add_heading(title, 0)
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    document.save(str(path))


def objects_of(home: Path) -> Iterator[Path]:
    """The objects of a warehouse's raw store."""
    return (home / "work" / "raw").glob("??/*.zst")
