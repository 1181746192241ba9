"""A page's text to the one tree that all readers of the page share, mended where browsers read it otherwise."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from html import escape
from urllib.parse import urljoin

from lxml import etree
from lxml import html as lxml_html
from lxml.html import HtmlElement
from soupsieve import SelectorSyntaxError

from extractors.article import bylines, metadata
from extractors.article.authors import authors_of
from extractors.article.blocks import Block, blocks_of
from extractors.article.maintext import select, select_all
from extractors.article.model import Article, Found, Link, Paragraph, UnreadableError
from extractors.article.published import dates_of
from extractors.article.walls import refuse_walls
from extractors.text.decode import decode

# Far above any article, and what can be read within about ten seconds: elements, and characters of text.
_MAX_ELEMENTS = 40_000
_MAX_TEXT = 1_500_000
# The largest of 160 real pages has 7,700 tags; the parser takes time by the square of an element's attributes, and
# trafilatura by the square of the links that stand side by side.
_MAX_TAGS = 100_000
_MAX_ATTRIBUTES = 2_000
_MAX_LINKS = 2_000
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
# What XML forbids: a library that builds an XML document of such a page fails on the whole of it.
_FORBIDDEN = re.compile("[\x00-\x08\x0e-\x1f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_FEED = re.compile("[\x0b\x0c]")
_REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]{1,7})|([0-9]{1,8}))(?![0-9a-fA-F]);?")
# Boxes whose text is for no reader or for none of an article. One that holds most of the page's text was left open
# (browsers close it at the next block, this parser at the page's end) or wraps the whole page, as some systems do.
_BOXES = frozenset({
    "button", "dialog", "select", "option", "optgroup", "datalist", "object", "noscript", "svg", "math", "canvas",
    "audio", "video", "map", "progress", "meter", "form", "fieldset", "label", "nav", "aside", "footer", "menu",
})  # fmt: skip
_UNREAD = frozenset({"script", "style", "template"})


def tree_of(text: str) -> HtmlElement:
    """Parse a page.

    Raises:
        UnreadableError: "not_html" or "too_large".
    """
    _refuse_masses_of_markup(text)
    parser = lxml_html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    try:
        tree = lxml_html.document_fromstring(readable(text).encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise UnreadableError("not_html", f"the page is not HTML ({error}); check its address") from error
    _refuse_masses(tree)
    _open_boxes(tree)
    return tree


def readable(text: str) -> str:
    """The text without characters that no document may hold, raw or as references; those of Windows as browsers do."""
    text = _FEED.sub(" ", _FORBIDDEN.sub("", text))
    return _REFERENCE.sub(_reference, text) if "&#" in text else text


def _reference(match: re.Match[str]) -> str:
    code = int(match[1], 16) if match[1] else int(match[2])
    if 0x80 <= code <= 0x9F:
        return bytes([code]).decode("cp1252", "ignore")
    forbidden = code > 0x10FFFF or (code not in (9, 10, 13) and (code < 32 or _FORBIDDEN.match(chr(code))))
    return "" if forbidden else match[0]


def _refuse_masses_of_markup(text: str) -> None:
    """Refuse before parsing what the parser takes time for by the square of it: attributes of one element, and tags.

    Tags are counted in the text, since "<" is another byte in some encodings.
    """
    tags = text.count("<")
    if tags > _MAX_TAGS:
        raise UnreadableError("too_large", f"more than {_MAX_TAGS:,} tags: no article; leave the page out")
    long = (tag.partition(">")[0] for tag in text.split("<") if len(tag) > 2 * _MAX_ATTRIBUTES)
    if any(len(_QUOTED.sub("", tag).split()) > _MAX_ATTRIBUTES for tag in long):
        told = f"an element with more than {_MAX_ATTRIBUTES:,} attributes: no article; leave the page out"
        raise UnreadableError("too_large", told)


def _refuse_masses(tree: HtmlElement) -> None:
    if any(number > _MAX_LINKS for number in Counter(link.getparent() for link in tree.iter("a")).values()):
        told = f"more than {_MAX_LINKS:,} links side by side: no article but an index; leave it out"
        raise UnreadableError("too_large", told)
    elements = characters = 0
    for element in tree.iter():
        elements += 1
        if element.tag not in ("script", "style"):
            characters += len(element.text or "") + len(element.tail or "")
    if elements > _MAX_ELEMENTS or characters > _MAX_TEXT:
        size = f"{elements:,} elements and {characters:,} characters of text"
        raise UnreadableError("too_large", f"the page has {size}, which no article has; leave it out")


def _open_boxes(tree: HtmlElement) -> None:
    """Make plain containers of the boxes that hold more than half of the page's text."""
    body = tree.find("body")
    boxes = [box for box in tree.iter(*_BOXES) if box.find(".//p") is not None or box.find(".//div") is not None]
    if body is None or not boxes:
        return
    half = _letters(body) / 2
    for box in boxes:
        if _letters(box) > half:
            box.tag = "div"


def _letters(element: HtmlElement) -> int:
    """How many characters of text an element holds for readers."""
    return sum(
        len((inner.text or "").strip()) * (inner.tag not in _UNREAD)
        + len((inner.tail or "").strip()) * (inner is not element)
        for inner in element.iter()
    )


_MAX_BYTES = 20_000_000  # far above any article
# Words of structured data from which they are an article rather than its summary.
_WORTH_READING = 120
# Blocks among which the title opens the text, as it is or with the name of its section.
_OPENING = 4


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
    page = metadata.page_of(tree_of(text), url=url)
    first = metadata.first_part_of(page)
    if first is not None:
        told = "pages are not joined; add the whole article as a file if this part matters"
        raise UnreadableError("part", f"a later part of the article at {first}: {told}")
    title = metadata.title_of(page)
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


def _general(page: metadata.Page, blocks: Sequence[Block], title: Found | None) -> _Body:
    """The article's text found in the general way, or from the page's structured data where the page hides it."""
    found = select(blocks, page.tree, titled=bylines.title_position(blocks, title.value if title else None))
    first, last = (found.kept[0], found.kept[-1]) if found.kept else (0, 0)
    hidden = _hidden_body(page)
    shown = sum(len(blocks[number].words) for number in found.kept)
    if sum(len(block.words) for block in hidden) > max(3 * shown, _WORTH_READING):
        return _Body(hidden, first, last, (*found.notes, "the text is from the page's structured data"))
    refuse_walls(page, blocks, found, titles=metadata.titles_of(page))
    return _Body(found.blocks, first, last, found.notes)


def _hidden_body(page: metadata.Page) -> tuple[Block, ...]:
    """The article's text that the page carries as data for search engines, split at its line breaks."""
    article = metadata.main_article(page.nodes, title=None)
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


def _article(
    page: metadata.Page, blocks: Sequence[Block], body: _Body, title: Found | None, today: date | None
) -> Article:
    named = title.value if title else None
    header = bylines.header_of(blocks, bylines.title_position(blocks, named), body.first)
    footer = bylines.footer_blocks(blocks, body.last) if body.last else []
    authors = authors_of(page, header, footer, title=named)
    paragraphs = _paragraphs(body.blocks, title=named, address=metadata.canonical_of(page))
    dates = dates_of(page, blocks, header, footer, title=named, today=today)
    return Article(
        title=title,
        publisher=metadata.publisher_of(page),
        authors=authors.names,
        authors_method=authors.method,
        published=dates.published,
        language=metadata.language_of(page) or _detected_language(paragraphs),
        canonical_url=metadata.canonical_of(page),
        paragraphs=paragraphs,
        notes=(*body.notes, *metadata.notes_of(page)),
        updated_on=dates.updated_on,
    )


def _detected_language(paragraphs: Sequence[Paragraph]) -> str | None:
    """The language of a text whose page declares none; None where there is too little to tell by."""
    text = " ".join(paragraph.text for paragraph in paragraphs)[:5_000]
    if len(text.split()) < 20:
        return None
    import py3langid  # noqa: PLC0415  two seconds to load, and nearly all pages declare their language

    return str(py3langid.classify(text)[0])


def _paragraphs(blocks: Sequence[Block], *, title: str | None, address: str | None) -> tuple[Paragraph, ...]:
    """The blocks as paragraphs, without the page's own title where it opens the article."""
    wanted = tuple(re.findall(r"\w+", (title or "").lower()))
    texts = [
        block
        for number, block in enumerate(blocks)
        if number >= _OPENING or (block.words != wanted and block.tag != "h1")
    ]
    return tuple(
        Paragraph(number, block.kind, block.text, block.shown, _whole_links(block.links, address))
        for number, block in enumerate(texts, 1)
    )


def _whole_links(links: Sequence[Link], address: str | None) -> tuple[Link, ...]:
    """The links to pages, each with its whole address; without the page's own, only those that are whole already."""
    found: list[Link] = []
    for link in links:
        try:
            whole = urljoin(address or "", link.address.strip())
        except ValueError:
            continue
        if whole.startswith(("http://", "https://")):
            found.append(replace(link, address=whole))
    return tuple(found)
