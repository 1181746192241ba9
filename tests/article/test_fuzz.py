"""Damaged and hostile HTML and PDF end in an article or in UnreadableError, never in anything else."""

from pathlib import Path

import pytest

from extractors.article.page import read_page
from extractors.article.pdf import read_pdf
from tests.article.fuzz import refusal, survive
from tests.article.pdfs import column, make_pdf

PAGES = [path.read_bytes() for path in sorted((Path(__file__).parent / "pages").glob("*.html"))]
PROSE = "The trust will buy operations from independent hospitals to shorten its waiting list in winter."
HTML_SPICE = [
    *b"< > <!-- --> <![CDATA[ </body></html> <table><tr> </p> <p> <svg><a><p> <xml:p> <frameset> <plaintext>".split(),
    b"\x00",
    b"\xff\xfe",
    "’£\u202e\u2028".encode(),
    b'<script type="application/ld+json">{"@type":[1,{}],"author":[null,[],{"@id":{}}],"datePublished":7}</script>',
    b'<script type="application/ld+json">{"@type":"Article","author":{"name":[]},"headline":{}}</script>',
    b'<script type="application/ld+json">{"@type":"Article","articleBody":[],"publisher":"x"}</script>',
    b"<meta property='article:published_time' content='9999-99-99'>",
    b"<meta name='author'>",
    b"<meta charset='utf-16'>",
    b"<time datetime='0000-00-00'>1/1/1</time>",
    b"<base href='http://['>",
    b"<link rel='canonical' href='http://[::1'>",
    b"&#x0;&#xD800;&#1114112;",
    b"<h1></h1>",
    b"<h1>By Ann Low | 31/02/2024</h1>",
    b"<a:b c:d='e'>",
]
PDF_SPICE = [
    *b"<< >> endobj endstream 7 0 R xref trailer ((( ) BT ET Tj nan".split(),
    b"stream\n",
    b"/Length 99999999",
    b"/Kids [6 0 R 6 0 R]",
    b"/Parent 6 0 R",
    b"/Count -1",
    b"/Filter /FlateDecode",
    b"/Filter [/ASCIIHexDecode /LZWDecode]",
    b"1 0 0 1 nan 0 Tm",
    b"/F9 0 Tf",
    b"/Encrypt 5 0 R",
]
PDFS = [
    make_pdf([column([PROSE, PROSE, "", PROSE])], {"Title": "A report", "CreationDate": "D:20240102"}),
    make_pdf([column([PROSE] * 4), column([PROSE] * 3), column(["• one", "• two", PROSE])]),
]


def test_damaged_pages_never_end_a_run() -> None:
    refused = survive(read_page, PAGES, HTML_SPICE, seed=5, rounds=120)
    assert refused < 100  # most stay readable: the damage is small


def test_damaged_reports_never_end_a_run() -> None:
    assert survive(read_pdf, PDFS, PDF_SPICE, seed=6, rounds=300) < 270


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(100, 110))
def test_thousands_of_damaged_files_never_end_a_run(seed: int) -> None:
    survive(read_page, PAGES, HTML_SPICE, seed=seed, rounds=600)
    survive(read_pdf, PDFS, PDF_SPICE, seed=seed, rounds=1500)


def paragraph(number: int = 6) -> str:
    return f"<p>{PROSE}</p>" * number


OPENED, CLOSED = '{"a":' * 900, "}" * 900
HOSTILE = {
    "deep elements": "<div>" * 20_000 + paragraph(),
    "deep inline elements": "<p>" + "<b><i>" * 10_000 + PROSE,
    "deep lists": "<ul><li>" * 5_000 + paragraph(),
    "many attributes": "<p " + "a='b' " * 100_000 + ">" + paragraph(),
    "a huge attribute": "<p class='" + "x " * 500_000 + "'>" + paragraph(),
    "a script bomb": "<script>" + "var a='<p>';" * 100_000 + "</script>" + paragraph(),
    "deep structured data": "<script type='application/ld+json'>" + "[" * 50_000 + "</script>" + paragraph(),
    "deep closed structured data": "<script type='application/ld+json'>"
    + '{"a":' * 900
    + "1"
    + "}" * 900
    + "</script>"
    + paragraph(),
    "a wide title": "<title>" + " - " * 100_000 + "</title>" + paragraph(),
    "a by-line without end": "<h1>T</h1><p class='author'>By " + "Ann and " * 20_000 + "</p>" + paragraph(),
    "dates without end": "<h1>T</h1><p>" + "1/1/" * 50_000 + "</p>" + paragraph(),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_pages_end_in_an_article_or_a_refusal(name: str) -> None:
    refused = refusal(read_page, HOSTILE[name].encode())
    assert refused is None or refused.reason in {"no_article", "not_html", "too_large"}


@pytest.mark.parametrize(
    "page",
    [
        "<p>x</p>" * 50_000,
        "<p>" + "a" * 2_000_000 + "</p>",
        "x" * 21_000_000,
    ],
)
def test_what_is_larger_than_any_article_is_refused(page: str) -> None:
    refused = refusal(read_page, page.encode())
    assert refused is not None
    assert refused.reason == "too_large"
