"""Reading of web pages: bytes of HTML to an article."""

import re
from collections.abc import Sequence

from bs4 import BeautifulSoup
from bs4.exceptions import ParserRejectedMarkup
from lxml import etree
from lxml import html as lxml_html
from lxml.html import HtmlElement

from extractors.article import head, zones
from extractors.article.authors import authors_of
from extractors.article.blocks import Block, blocks_of
from extractors.article.maintext import select
from extractors.article.model import Article, Paragraph, UnreadableError
from extractors.article.published import published_of
from extractors.article.walls import refuse_walls
from extractors.text.decode import decode

# Bytes and elements: far above any article, and what can be read within seconds.
_MAX_BYTES = 10_000_000
_MAX_ELEMENTS = 60_000


def read_page(
    data: bytes, *, url: str | None = None, content_type: str | None = None, selector: str | None = None
) -> Article:
    """Read a web page's article.

    `content_type` is the response's header, `selector` a CSS selector of the element that holds the article's text,
    for publishers where the general way fails.

    Raises:
        UnreadableError: too large, empty, no HTML, a wall, an error page or a listing; or the selector finds nothing.
    """
    if len(data) > _MAX_BYTES:
        raise UnreadableError("too_large", f"the page has {len(data):,} bytes, the limit is {_MAX_BYTES:,}")
    text = decode(data, content_type, html=True)
    if not text.strip():
        raise UnreadableError("empty", "the page is empty; fetch it again")
    soup, tree = _parse(text)
    page = head.page_of(soup, url=url)
    title = head.title_of(page)
    named = title.value if title else None
    blocks = blocks_of(tree)
    kept = select(blocks, tree)
    refuse_walls(page, blocks, kept, titles=head.titles_of(page))
    title_at = zones.title_position(blocks, named)
    header = zones.header_of(blocks, title_at, kept[0])
    footer = zones.footer_blocks(blocks, kept[-1])
    authors = authors_of(page, header, footer, title=named)
    return Article(
        title=title,
        publisher=head.publisher_of(page),
        authors=authors.names,
        authors_method=authors.method,
        published=published_of(page, blocks, header, footer, title=named),
        language=head.language_of(page),
        canonical_url=head.canonical_of(page),
        paragraphs=_paragraphs([blocks[number] for number in kept], title=named),
    )


def _parse(text: str) -> tuple[BeautifulSoup, HtmlElement]:
    try:
        tree = lxml_html.document_fromstring(text.encode("utf-8", "replace"), parser=_parser())
        soup = BeautifulSoup(text, "lxml")
    except (etree.LxmlError, ParserRejectedMarkup, ValueError, AssertionError, RecursionError) as error:
        raise UnreadableError("not_html", f"the page is not HTML ({error}); check its address") from error
    return soup, tree


def _parser() -> lxml_html.HTMLParser:
    return lxml_html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)


def _paragraphs(blocks: Sequence[Block], *, title: str | None) -> tuple[Paragraph, ...]:
    """The blocks as paragraphs, without the page's own title where it opens the article."""
    wanted = tuple(re.findall(r"\w+", (title or "").lower()))
    texts = [block for number, block in enumerate(blocks) if number >= 4 or block.words != wanted]
    return tuple(Paragraph(number, block.kind, block.text) for number, block in enumerate(texts, 1))
