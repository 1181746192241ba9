"""Reading of documents that people write themselves: Markdown, and Word's .docx."""

import re
import tomllib
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from io import BytesIO
from typing import NamedTuple

import docx
import yaml
from bs4 import BeautifulSoup
from docx.table import Table
from docx.text.paragraph import Paragraph as WordParagraph
from lxml import etree
from markdown_it import MarkdownIt
from markdown_it.token import Token

from extractors.article.model import Article, Found, Paragraph, ParagraphKind, UnreadableError
from extractors.article.tables import head_rows, named_rows
from extractors.article.text import (
    Head,
    article_of,
    at_the_edges,
    header_lines,
    header_of_fields,
    kind_of,
    split_header,
)
from extractors.text.decode import decode

# In YAML between dashes, or in TOML between plus signs.
_FRONT_MATTER = re.compile(r"\ufeff?(---|\+\+\+)[ \t]*\n(.*?)\n(?:\1|\.\.\.)[ \t]*(?:\n|$)", re.DOTALL)
# What front matter calls the lines of a header block, by what they mean.
_FIELDS = {
    "title": "title", "publisher": "publisher", "author": "author", "authors": "author", "published": "published",
    "date": "published", "url": "url", "link": "url", "canonical": "url", "language": "language", "lang": "language",
}  # fmt: skip
# Headings are looked for as the title among so many blocks of the opening.
_TITLE_WITHIN = 4
# Unpacked, the text of a book is a few megabytes; pictures are larger, but are not unpacked.
_LARGEST_PART = 100_000_000
# Words of a cell from which a table lays out a page rather than holding data.
_LONGEST_CELL = 40
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


class _Block(NamedTuple):
    kind: ParagraphKind
    text: str
    shown: str | None = None


def read_markdown(data: bytes, *, declared: str | None = None) -> Article:
    """Read an article in Markdown (CommonMark with tables).

    Front matter in YAML or TOML, or a header block as in plain text, is metadata. Without a title there, the heading
    that the text opens with is the title; it stays the first paragraph, while a date line and a by-line do not stay.

    Raises:
        UnreadableError: "empty".
    """
    text = decode(data, declared, html=False).replace("\r\n", "\n").replace("\r", "\n")
    head, body = _front_matter(text)
    if head is None:
        head, lines = split_header(text.split("\n"))
        body = "\n".join(lines)
    return _article(head, list(_markdown_blocks(body)))


def _front_matter(text: str) -> tuple[Head | None, str]:
    match = _FRONT_MATTER.match(text)
    if match is None:
        return None, text
    try:
        said = tomllib.loads(match[2]) if match[1] == "+++" else yaml.safe_load(match[2])
    except (yaml.YAMLError, ValueError, RecursionError):
        return None, text
    if not isinstance(said, Mapping):
        return None, text
    fields: dict[str, str] = {}
    unknown: list[str] = []
    for key, value in said.items():
        name = _FIELDS.get(str(key).lower())
        if name is None:
            unknown.append(f"{key}: {value}"[:200])
        elif value is not None and name not in fields:
            fields[name] = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return header_of_fields(fields, tuple(unknown)), text[match.end() :]


def _markdown_blocks(text: str) -> Iterator[_Block]:
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    inside: list[str] = []
    rows: list[list[str]] = []
    for token in tokens:
        if token.nesting == 1:
            inside.append(token.type)
            if token.type == "tr_open":
                rows.append([])
        elif token.nesting == -1:
            inside.pop()
            if token.type == "table_close":
                yield from _table_blocks(rows)
                rows = []
        elif token.type == "inline":
            plain = _plain(token.children or [])
            if "table_open" in inside:
                rows[-1].append(plain)
            else:
                yield _Block(_markdown_kind(inside, plain), plain)
        elif token.type == "html_block":
            yield _Block("prose", BeautifulSoup(token.content, "lxml").get_text(" "))
        elif token.type in {"code_block", "fence"}:
            yield _Block("prose", token.content)


def _markdown_kind(inside: Sequence[str], text: str) -> ParagraphKind:
    if "heading_open" in inside:
        return "heading"
    if "list_item_open" in inside:
        return "list_item"
    if "blockquote_open" in inside:
        return "quote"
    kind = kind_of(text)
    return "prose" if kind == "heading" else kind


def _plain(tokens: Sequence[Token]) -> str:
    """Inline Markdown as its readers see it."""
    pieces: list[str] = []
    for token in tokens:
        if token.type in {"softbreak", "hardbreak"}:
            pieces.append(" ")
        elif token.type in {"text", "code_inline", "text_special"}:
            pieces.append(token.content)
        elif token.type == "html_inline" and token.content.lower().startswith("<br"):
            pieces.append(" ")
    return "".join(pieces)


def read_docx(data: bytes) -> Article:
    """Read a Word document: headings, lists, quotations and captions by their styles, tables row by row.

    Changes that are tracked are taken as accepted. The title is what has the style for it, else the heading that the
    document opens with, else the one among its properties; its date and by-line stand in its text, since the properties
    are those of whoever made the file. Lines of a header that it opens with are metadata, as in plain text.

    Raises:
        UnreadableError: "binary" (no such document, or one with a password), "too_large" or "empty".
    """
    document = _opened(data)
    blocks = list(_word_blocks(document.iter_inner_content()))
    texts = [block.text for block in blocks]
    many = header_lines(texts)
    head, rest = split_header([*texts[:many], "", *texts[many:]])
    article = _article(head, blocks[many:] if len(rest) <= len(texts) - many + 1 else blocks)
    stated = (document.core_properties.title or "").strip()
    if article.title is None and stated:
        return replace(article, title=Found(stated, "properties"))
    return article


def _opened(data: bytes) -> "docx.document.Document":
    try:
        with zipfile.ZipFile(BytesIO(data)) as packed:
            largest = max((part.file_size for part in packed.infolist() if part.filename.endswith(".xml")), default=0)
        document = docx.Document(BytesIO(data)) if largest <= _LARGEST_PART else None
    except Exception as error:  # whatever the library meets in a broken package
        raise UnreadableError(
            "binary",
            f"no Word document can be read from it ({type(error).__name__}); is it one with a password, or of the old "
            "kind .doc? Save it as .docx or PDF without a password",
        ) from error
    if document is None:
        raise UnreadableError("too_large", "unpacked, it is larger than any article; split it or leave it out")
    _accept_changes(document.element.body)
    return document


def _accept_changes(body: etree._Element) -> None:
    """Take what was inserted into the text and what was deleted out; open the boxes that forms put around text."""
    for gone in list(body.iter(f"{_WORD}del", f"{_WORD}moveFrom")):
        parent = gone.getparent()
        if parent is not None and parent.tag != f"{_WORD}rPr":
            parent.remove(gone)
    for box in list(body.iter(f"{_WORD}ins", f"{_WORD}moveTo", f"{_WORD}sdt", f"{_WORD}smartTag")):
        parent = box.getparent()
        if parent is None or parent.tag in {f"{_WORD}rPr", f"{_WORD}trPr"}:
            continue
        content = box.find(f"{_WORD}sdtContent") if box.tag == f"{_WORD}sdt" else box
        for child in list(content if content is not None else ()):
            box.addprevious(child)
        parent.remove(box)


def _word_blocks(content: Iterator[WordParagraph | Table]) -> Iterator[_Block]:
    for item in content:
        if isinstance(item, WordParagraph):
            if item.text.strip():
                yield _Block(_word_kind(item), item.text)
        else:
            yield from _word_table(item)


def _word_kind(paragraph: WordParagraph) -> ParagraphKind:
    style = ((paragraph.style.name if paragraph.style is not None else None) or "").lower()
    if style.startswith(("heading", "title", "subtitle")):
        return "heading"
    if style.startswith("list") or paragraph._p.find(f"{_WORD}pPr/{_WORD}numPr") is not None:
        return "list_item"
    if "quote" in style:
        return "quote"
    return "caption" if style.startswith("caption") else kind_of(" ".join(paragraph.text.split()))


def _word_table(table: Table) -> Iterator[_Block]:
    grid = [[" ".join(cell.text.split()) for cell in row.cells] for row in table.rows]
    lays_out = all(len(row) < 2 for row in grid) or any(
        len(cell.split()) > _LONGEST_CELL for row in grid for cell in row
    )
    if lays_out:
        cells = dict.fromkeys(cell._tc for row in table.rows for cell in row.cells)
        for cell in cells:
            for paragraph in cell.p_lst:
                yield from _word_blocks(iter([WordParagraph(paragraph, table)]))
    else:
        yield from _table_blocks(grid)


def _table_blocks(grid: Sequence[Sequence[str]]) -> Iterator[_Block]:
    heads = max(head_rows(grid), 0)
    headers = list(grid[0]) if heads else []
    for row in named_rows(headers, grid[heads:]):
        yield _Block("table_row", row.text, row.shown)


def _article(head: Head | None, found: Sequence[_Block]) -> Article:
    blocks = [block._replace(text=" ".join(block.text.split())) for block in found]
    blocks = [block for block in blocks if any(character.isalnum() for character in block.text)]
    if head is None or head.title is None:
        stated = head or Head()
        edges, places = at_the_edges([block.text for block in blocks])
        blocks = [blocks[place] for place in places]
        head = replace(
            stated,
            title=_opening_heading(blocks),
            authors=stated.authors or edges.authors,
            published=stated.published or edges.published,
            updated_on=edges.updated_on,
        )
    if not blocks:
        raise UnreadableError("empty", "there is no text in it; remove it or put the article's text in")
    paragraphs = tuple(Paragraph(number, block.kind, block.text, block.shown) for number, block in enumerate(blocks, 1))
    return article_of(head, paragraphs)


def _opening_heading(blocks: Sequence[_Block]) -> Found | None:
    return next((Found(one.text, "heading") for one in blocks[:_TITLE_WITHIN] if one.kind == "heading"), None)
