"""Reading of web pages: bytes of HTML to an article."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

from soupsieve import SelectorSyntaxError

from extractors.article import head, jsonld, zones
from extractors.article.authors import authors_of
from extractors.article.blocks import Block, blocks_of
from extractors.article.maintext import select, select_all
from extractors.article.model import Article, Found, Paragraph, UnreadableError
from extractors.article.published import dates_of
from extractors.article.tree import readable, tree_of
from extractors.article.walls import refuse_walls
from extractors.text.decode import decode

_MAX_BYTES = 20_000_000  # far above any article
# Words of structured data from which they are an article rather than its summary.
_WORTH_READING = 120


def read_page(
    data: bytes,
    *,
    url: str | None = None,
    content_type: str | None = None,
    selector: str | None = None,
    today: date | None = None,
) -> Article:
    """Read a web page's article.

    `content_type` is the response's header, `selector` a CSS selector of the element that holds the article's text,
    for publishers where the general way fails; a date after `today` is not believed.

    Raises:
        UnreadableError: too large, empty, no HTML, a wall, an error page or a listing; or the selector finds nothing.
    """
    if len(data) > _MAX_BYTES:
        raise UnreadableError("too_large", f"the page has {len(data):,} bytes, the limit is {_MAX_BYTES:,}")
    text = decode(data, content_type, html=True)
    if not text.strip():
        raise UnreadableError("empty", "the page is empty; fetch it again")
    page = head.page_of(tree_of(text), url=url)
    title = head.title_of(page)
    blocks = blocks_of(page.tree)
    body = _general(page, blocks, title) if selector is None else _selected(text, selector)
    return _article(page, blocks, body, title, today)


@dataclass(frozen=True, slots=True)
class _Body:
    """An article's blocks, and where its first and last stand on the page, as far as that is known."""

    blocks: tuple[Block, ...]
    first: int
    last: int
    notes: tuple[str, ...] = ()


def _general(page: head.Page, blocks: Sequence[Block], title: Found | None) -> _Body:
    """The article's text found in the general way, or from the page's structured data where the page hides it."""
    found = select(blocks, page.tree, titled=zones.title_position(blocks, title.value if title else None))
    first, last = (found.kept[0], found.kept[-1]) if found.kept else (0, 0)
    hidden = _hidden_body(page)
    shown = sum(len(blocks[number].words) for number in found.kept)
    if sum(len(block.words) for block in hidden) > max(3 * shown, _WORTH_READING):
        return _Body(hidden, first, last, (*found.notes, "the text is from the page's structured data"))
    refuse_walls(page, blocks, found, titles=head.titles_of(page))
    return _Body(found.blocks, first, last, found.notes)


def _hidden_body(page: head.Page) -> tuple[Block, ...]:
    """The article's text that the page carries as data for search engines, split at its line breaks."""
    article = jsonld.main_article(page.nodes, title=None)
    text = article.get("articleBody") if article is not None else None
    if not isinstance(text, str) or not text.strip():
        return ()
    marked = text if "</p>" in text else "".join(f"<p>{escape(line)}</p>" for line in re.split(r"\n+|\\n", text))
    return tuple(blocks_of(tree_of(f"<div>{marked}</div>")))


def _selected(text: str, selector: str) -> _Body:
    """The text of the elements that a CSS selector finds, without furniture inside them."""
    from bs4 import BeautifulSoup  # noqa: PLC0415  a second parse, only for a source's own selector: it knows all of CSS

    try:
        found = BeautifulSoup(readable(text), "lxml").select(selector, limit=50)
    except (SelectorSyntaxError, NotImplementedError, ValueError, AssertionError) as error:
        raise UnreadableError(
            "bad_selector", f"'{selector}' is no CSS selector ({error}); correct the source"
        ) from error
    inner = blocks_of(tree_of("<div>" + "".join(str(tag) for tag in found) + "</div>")) if found else []
    kept = select_all(inner)
    if not kept:
        raise UnreadableError(
            "selector_misses", f"'{selector}' finds no text on the page; correct the source's selector"
        )
    return _Body(tuple(inner[number] for number in kept), 0, 0, (f"read by the selector {selector}",))


def _article(page: head.Page, blocks: Sequence[Block], body: _Body, title: Found | None, today: date | None) -> Article:
    named = title.value if title else None
    header = zones.header_of(blocks, zones.title_position(blocks, named), body.first)
    footer = zones.footer_blocks(blocks, body.last) if body.last else []
    authors = authors_of(page, header, footer, title=named)
    paragraphs = _paragraphs(body.blocks, title=named)
    dates = dates_of(page, blocks, header, footer, title=named, today=today)
    return Article(
        title=title,
        publisher=head.publisher_of(page),
        authors=authors.names,
        authors_method=authors.method,
        published=dates.published,
        language=head.language_of(page) or _detected_language(paragraphs),
        canonical_url=head.canonical_of(page),
        paragraphs=paragraphs,
        notes=(*body.notes, *head.notes_of(page)),
        updated_on=dates.updated_on,
    )


def _detected_language(paragraphs: Sequence[Paragraph]) -> str | None:
    """The language of a text whose page declares none; None where there is too little to tell by."""
    text = " ".join(paragraph.text for paragraph in paragraphs)[:5_000]
    if len(text.split()) < 20:
        return None
    import py3langid  # noqa: PLC0415  two seconds to load, and nearly all pages declare their language

    return str(py3langid.classify(text)[0])


def _paragraphs(blocks: Sequence[Block], *, title: str | None) -> tuple[Paragraph, ...]:
    """The blocks as paragraphs, without the page's own title where it opens the article."""
    wanted = tuple(re.findall(r"\w+", (title or "").lower()))
    texts = [block for number, block in enumerate(blocks) if number >= 4 or block.words != wanted]
    return tuple(Paragraph(number, block.kind, block.text, block.shown) for number, block in enumerate(texts, 1))
