"""The parts of a page where by-lines and dates stand: around the title, and right after the text."""

import re
from collections.abc import Sequence

from extractors.article.blocks import Block

_WORD = re.compile(r"\w+")
_BEFORE_TITLE = 5
_AFTER_TITLE = 12
_AFTER_TEXT = 6
_LONG = 45


def title_position(blocks: Sequence[Block], title: str | None) -> int | None:
    """Where the title stands as a block: as a heading if it does so, else at its first occurrence."""
    if title is None:
        return None
    wanted = tuple(_WORD.findall(title.lower()))
    places = [number for number, block in enumerate(blocks) if block.words == wanted]
    headings = [number for number in places if blocks[number].kind == "heading"]
    return next(iter([*headings, *places]), None)


def header_blocks(blocks: Sequence[Block], title_at: int | None, first_kept: int) -> list[Block]:
    """Short blocks near the title, those after it first; without a title those before the text.

    Ends at the first long paragraph: what follows is the article, whose dates are about other things.
    """
    anchor = title_at if title_at is not None else max(0, first_kept - _BEFORE_TITLE)
    after: list[Block] = []
    for block in blocks[anchor + (title_at is not None) : anchor + _AFTER_TITLE]:
        if len(block.words) > _LONG:
            break
        after.append(block)
    before = list(reversed(blocks[max(0, anchor - _BEFORE_TITLE) : anchor])) if title_at is not None else []
    return [*after, *(block for block in before if len(block.words) <= _LONG)]


def footer_blocks(blocks: Sequence[Block], last_kept: int) -> list[Block]:
    """The last blocks of the text and the few that follow it."""
    return list(blocks[max(0, last_kept - 2) : last_kept + 1 + _AFTER_TEXT])
