"""Teasers of other articles: linked headings with little text under them."""

from collections.abc import Iterable
from typing import NamedTuple

from extractors.article.blocks import Block

# Words of text under one linked heading that make it a teaser.
_TEASER_WORDS = 80


class Teasers(NamedTuple):
    """How many linked headings some blocks have, and the share of their words in them and the short texts below."""

    headings: int
    share: float

    @property
    def is_all(self) -> bool:
        """Whether there is nothing but teasers."""
        return self.headings >= 3 and self.share >= 0.95


def teasers_of(blocks: Iterable[Block]) -> Teasers:
    """Count the teasers among blocks in reading order."""
    count = teased = words = room = 0
    for block in blocks:
        words += len(block.words)
        if is_linked_heading(block):
            count, room = count + 1, _TEASER_WORDS
            teased += len(block.words)
        elif block.kind == "heading":
            room = 0
        elif len(block.words) <= room:
            teased += len(block.words)
            room -= len(block.words)
        else:
            room = 0
    return Teasers(count, teased / max(1, words))


def is_linked_heading(block: Block) -> bool:
    """Whether a block is a heading that is a link as a whole."""
    return block.kind == "heading" and block.linked >= 0.8 * len(block.text) and len(block.words) >= 3
