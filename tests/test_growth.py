"""What is hostile in size costs in proportion to its size: the work at four times the size, beside that at once."""

import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from extractors.article import UnreadableError, read
from extractors.article.model import Paragraph
from extractors.changes import Version, what_changed
from extractors.figures import find_figures
from extractors.text.decode import decode
from extractors.themes import code_themes
from extractors.web.body import declared_charset
from extractors.web.discover.feeds import read_feed
from extractors.web.discover.pages import read_listing
from extractors.web.discover.sitemaps import read_sitemap
from tests import hostile

# Linear work grows fourfold, work by the square sixteenfold.
MOST = 9
URL = "https://a.example/"


def paragraphs(data: bytes) -> list[Paragraph]:
    return [Paragraph(number, "prose", text) for number, text in enumerate(data.decode().split("\n\n")[1:], 1)]


def page(data: bytes, content_type: str = "text/html") -> object:
    return read(data, name="x.html", content_type=content_type, url=URL)


def pdf(data: bytes) -> object:
    return read(data, name="x.pdf")


def header(size: int) -> bytes:
    return b"text/html; charset=" + b" " * size


def declared(data: bytes) -> object:
    return declared_charset(data.decode()), decode(b"caf\xe9", data.decode(), html=True)


def edited(data: bytes) -> object:
    """An article whose paragraphs come in another order, each with one word more."""
    old = paragraphs(data)
    new = [replace(one, text=f"{one.text} now", paragraph_no=number) for number, one in enumerate(reversed(old), 1)]
    return what_changed(Version(tuple(old), (), ()), Version(tuple(new), (), ()))


CASES: dict[str, tuple[Callable[[bytes], object], Callable[[int], bytes], int]] = {
    "line ends before a feed's root": (lambda data: read_feed(data, URL, None), hostile.newlines_before_feed, 50_000),
    "a content type of spaces": (declared, header, 30_000),
    "a page that says punycode": (lambda data: decode(data, "text/html", html=True), hostile.punycode, 40_000),
    "tags that move the base": (lambda data: read_listing(data, URL, None), hostile.bases, 1_500),
    "lines of a PDF": (pdf, hostile.short_lines, 400),
    "links in a paragraph": (page, hostile.links, 120),
    "figures without a space": (lambda data: find_figures(paragraphs(data), None), hostile.ones, 4_000),
    "figures among addresses": (lambda data: find_figures(paragraphs(data), None), hostile.addresses, 200),
    "figures in quotations": (lambda data: find_figures(paragraphs(data), None), hostile.said, 100),
    "one sentence": (lambda data: code_themes(paragraphs(data)), hostile.sentence, 40_000),
    "paragraphs edited and moved": (edited, hostile.paragraphs, 100),
    "full stops": (lambda data: code_themes(paragraphs(data)), hostile.dots, 10_000),
}


def spent(work: Callable[[bytes], object], data: bytes) -> float:
    """Seconds of processor, the least of three tries."""
    tries = []
    for _ in range(3):
        started = time.process_time()
        work(data)
        tries.append(time.process_time() - started)
    return min(tries)


@pytest.mark.parametrize("name", CASES)
def test_work_grows_with_the_size_and_not_its_square(name: str) -> None:
    work, made, size = CASES[name]
    work(made(size // 10))  # what is loaded at first need counts for neither
    once = max(spent(work, made(size)), 0.002)
    assert spent(work, made(4 * size)) < MOST * once


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (hostile.attributes(40_000), "text/html"),
        (hostile.nested_tags(400_000), "text/html; charset=cp037"),
        (hostile.links(5_000), "text/html"),
    ],
)
def test_a_page_that_its_libraries_take_too_long_for_is_refused_before(body: bytes, content_type: str) -> None:
    with pytest.raises(UnreadableError) as refused:
        page(body, content_type)
    assert refused.value.reason == "too_large"


def test_a_page_with_much_in_one_attribute_is_no_mass_of_attributes() -> None:
    data = "<div data-state='" + '{"a": 1, "b": [1, 2, 3]} ' * 4_000 + "'>"
    assert page(hostile.article(data))


def test_a_gzip_file_that_unpacks_to_itself_is_no_sitemap() -> None:
    assert "packed more than" in (read_sitemap(hostile.gzip_quine(), URL, None).problem or "")


def test_forms_that_draw_forms_are_read_up_to_a_number() -> None:
    article = read(hostile.nested_forms(30), name="x.pdf")
    assert len(article.text.split()) <= 1_000
