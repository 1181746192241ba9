"""Where by-lines and dates stand on a page, around its title and right after its text, and whom a by-line names."""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import NamedTuple

from lxml.html import HtmlElement

from extractors.article.blocks import Block
from extractors.lexicon import Phrases, PhraseSet, Table, read_tables
from extractors.text.dates import MONTH

_WORD = re.compile(r"\w+")
_GLUED = re.compile(
    rf"(?<=[a-z])(?=(?i:{MONTH})\.?,? \d)|(?<=[a-z])(?=\d{{1,2}} (?i:{MONTH}) \d)"
    r"|(?<=\d)(?=[A-Z][a-z])|(?<=[a-z])(?=\d{1,2}/)"
)
_COMMENT = re.compile(
    r"(?:^|[\s_-])(?:comments?|disqus|responses|replies)(?:[-_]?(?:list|body|content|item|meta|author|area|wrapper|thread|section|text|date|\d+))*(?:\s|$)",
    re.IGNORECASE,
)
_COMMENTS_HEADING = re.compile(
    r"(?:\d+ |readers?'? |your |latest |all )?(?:comments?|responses|replies)(?: \(?\d+\)?)?:?", re.I
)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
# What names a whole page by its subject: a section of commentary is called so too.
_PAGE = frozenset({"html", "body", "main", "article"})
_BEFORE_TITLE = 5
_AFTER_TITLE = 18
_AFTER_TEXT = 8
# Words of a block from which it is running text, and of running text that a header may hold.
_SENTENCE = 16
_LONG = 60


def title_position(blocks: Sequence[Block], title: str | None) -> int | None:
    """Where the title stands as a block: as a heading if it does so, else at its first occurrence."""
    if title is None:
        return None
    wanted = tuple(_WORD.findall(title.lower()))
    places = [number for number, block in enumerate(blocks) if block.words == wanted]
    headings = [number for number in places if blocks[number].kind == "heading"]
    return next(iter([*headings, *places]), None)


def is_comment(element: HtmlElement) -> bool:
    """Whether an element stands in a reader's comment, by the names or the heading of what is around it."""
    return any(holds_comments(around) or _headed_comments(around) for around in (element, *element.iterancestors()))


def _headed_comments(element: HtmlElement) -> bool:
    """Whether a heading "3 comments" opens an element, or stands right before it."""
    if element.tag in _PAGE:
        return False
    first = next(element.iterchildren("*"), None)
    return any(
        head is not None and head.tag in _HEADINGS and _COMMENTS_HEADING.fullmatch(head.text_content().strip())
        for head in (first, element.getprevious())
    )


def holds_comments(element: HtmlElement) -> bool:
    """Whether an element is named as readers' comments are."""
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    named = _COMMENT.search(names) or "/Comment" in (element.get("itemtype") or "")
    return element.tag not in _PAGE and bool(named)


class Header(NamedTuple):
    """Short blocks around the title, those nearest to it first; by-lines and dates rather stand after it."""

    after: tuple[Block, ...]
    before: tuple[Block, ...]


def header_of(blocks: Sequence[Block], title_at: int | None, first_kept: int) -> Header:
    """The short blocks near the title; without a title those before the text.

    Ends where more running text has come than a standfirst has: the article, whose dates are about other things.
    """
    anchor = title_at if title_at is not None else max(0, first_kept - _BEFORE_TITLE)
    after: list[Block] = []
    running = 0
    for block in blocks[anchor + (title_at is not None) : anchor + _AFTER_TITLE]:
        running += len(block.words) if len(block.words) >= _SENTENCE else 0
        if running > _LONG:
            break
        if not is_comment(block.chain[-1]):
            after.append(_unglued(block))
    before = list(reversed(blocks[max(0, anchor - _BEFORE_TITLE) : anchor])) if title_at is not None else []
    return Header(tuple(after), tuple(_unglued(block) for block in before if len(block.words) <= _LONG))


def footer_blocks(blocks: Sequence[Block], last_kept: int) -> list[Block]:
    """The last blocks of the text and the few that follow it."""
    near = blocks[max(0, last_kept - 2) : last_kept + 1 + _AFTER_TEXT]
    return [_unglued(block) for block in near if not is_comment(block.chain[-1])]


def _unglued(block: Block) -> Block:
    """A space where a name or label runs into a date, as "Ann Low3 May 2024Updated", for want of white space."""
    text = _GLUED.sub(" ", block.text)
    return block if text == block.text else replace(block, text=text)


_LEXICON = Path(__file__).with_name("bylines.toml")
_SEPARATORS = re.compile(r"\s*(?:,|;|&|\band\b|\bwith\b|\||–|\s-\s)\s*")
_NAME_WORD = re.compile(r"(?:(?:Mc|Mac|O'|O’|D'|D’)?[A-Z][\w'’-]*\.?|de|van|von|der|den|la|le|bin|al|ap)$")


class _Byline(NamedTuple):
    opener: re.Pattern[str]
    roles: frozenset[str]
    titles: re.Pattern[str]


class _BylineWords(Table):
    """bylines.toml: what stands around a name."""

    openers: Phrases
    roles: PhraseSet
    titles: Phrases


@cache
def _lexicon() -> _Byline:
    words = read_tables(_LEXICON, _BylineWords)
    openers = "|".join(re.escape(word) for word in words.openers)
    titles = "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in words.titles)
    return _Byline(
        re.compile(rf"(?:(?:{openers})\s+)?by\s+(?=[A-Z])", re.IGNORECASE),
        words.roles,
        re.compile(rf"(?:(?:{titles})\.?\s+)+", re.IGNORECASE),
    )


def people(credit: str) -> tuple[str, ...]:
    """The persons named in an author field, in order: "Dr A Low and B Ng, Partner" gives ("Dr A Low", "B Ng").

    A part with a role or an organisation's word in it is no person; titles such as "Dr" stay with the name.
    """
    names: list[str] = []
    for part in _SEPARATORS.split(credit.strip().rstrip(".")):
        if _is_person(part) and part not in names:
            names.append(part)
    return tuple(names)


def byline_people(line: str) -> tuple[str, ...]:
    """The persons of a line that is a by-line ("By A Low, Chief Executive & B Ng"), or () where it is none."""
    match = _lexicon().opener.match(line.strip())
    if match is None or len(line) > 240:
        return ()
    rest = line.strip()[match.end() :]
    return people(rest)


def has_role(text: str) -> bool:
    """Whether a text names a role or an organisation by one of its words: "Policy Officer", "Health Trust"."""
    return any(word.lower().strip(".,") in _lexicon().roles for word in text.split())


def _is_person(part: str) -> bool:
    lexicon = _lexicon()
    bare = lexicon.titles.sub("", part, count=1) if lexicon.titles.match(part) else part
    words = bare.split()
    if not 2 <= len(words) <= 5:
        return False
    if any(word.lower().strip(".") in lexicon.roles for word in words):
        return False
    return all(_NAME_WORD.match(word) for word in words) and words[-1][:1].isupper()
