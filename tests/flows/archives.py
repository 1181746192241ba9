"""Corpora to take in: archives of the web and folders of documents, made of the gold's articles and what is none."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import docx
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from tests.flows.gate import Gate
from tests.flows.watch import GOLD, gold
from tests.web import formats
from tests.web.site import Host, Reply, Request

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


def serve_archive(host: Host, pages: int, gate: Gate, per_list: int = 10) -> None:
    """A site whose articles are behind pagination: its front page leads to a blog of numbered lists, newest first."""
    handle = host.handle

    def answer(request: Request) -> Reply:
        path, _, query = request.path.partition("?")
        if path == "/blog/":
            number = int(query.removeprefix("page=") or 1)
            return _html(_blog_list(range(pages)[(number - 1) * per_list : number * per_list], number, pages, per_list))
        if path.startswith("/blog/what-was-said-"):
            _, title, paragraphs = varied(int(path.rpartition("-")[2]))
            return _html(formats.article(title, paragraphs))
        return handle(request)

    host.page("/", '<html><body><nav><a href="/about">About</a><a href="/blog/">Blog</a></nav><p>Welcome.</p>')
    host.handle = gate.before(answer)  # type: ignore[method-assign, assignment]


def _blog_list(numbers: range, page: int, pages: int, per_list: int) -> str:
    links = "".join(f'<li><a href="/blog/what-was-said-at-meeting-{n}">{varied(n)[1]}</a></li>' for n in numbers)
    last = -(-pages // per_list)
    more = f'<a rel="next" href="/blog/?page={page + 1}">Older</a>' if page < last else ""
    return f'<html><body><ul>{links}</ul>{more}<a href="/blog/?page={last}">{last}</a></body></html>'


def _html(body: str | bytes) -> Reply:
    data = body.encode() if isinstance(body, str) else body
    return Reply(data, headers={"Content-Type": "text/html; charset=utf-8"})


def archived_path(number: int) -> str:
    """Where a page of the served archive stands."""
    return f"/blog/what-was-said-at-meeting-{number}"
