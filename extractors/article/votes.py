"""Which blocks of a page another extractor kept, told by their words alone."""

import re
from collections.abc import Sequence

from extractors.article.blocks import Block

_WORD = re.compile(r"\w+")
# Words in a row that are taken for the same passage; a shorter block has to be found within its neighbours' words.
_RUN = 4


def kept_shares(blocks: Sequence[Block], kept: str) -> list[float]:
    """For each block the share of its runs of words that stand in `kept`, the text that an extractor returned.

    A block shorter than a run counts as kept (1.0) where a line of `kept` says the same, or where a run that
    reaches from it into its neighbours stands in `kept`.
    """
    lines = {tuple(_WORD.findall(line.lower())) for line in kept.split("\n")}
    words = _WORD.findall(kept.lower())
    runs = {tuple(words[i : i + _RUN]) for i in range(len(words) - _RUN + 1)}
    stream = [word for block in blocks for word in block.words]
    hits = [tuple(stream[i : i + _RUN]) in runs for i in range(len(stream) - _RUN + 1)]
    shares: list[float] = []
    start = 0
    for block in blocks:
        end = start + len(block.words)
        if end - start >= _RUN:
            inner = hits[start : end - _RUN + 1]
            shares.append(sum(inner) / len(inner))
        else:
            around = hits[max(0, end - _RUN) : start + 1]
            shares.append(1.0 if block.words in lines or any(around) else 0.0)
        start = end
    return shares
