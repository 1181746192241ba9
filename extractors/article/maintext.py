"""The blocks of a page that are its article."""

from collections.abc import Sequence

import trafilatura
from lxml.html import HtmlElement

from extractors.article.blocks import Block
from extractors.article.votes import kept_shares


def select(blocks: Sequence[Block], tree: HtmlElement) -> list[int]:
    """Positions of the blocks that belong to the article, in order."""
    shares = kept_shares(blocks, _extracted(tree))
    return [number for number, share in enumerate(shares) if share > 0.5]


def _extracted(tree: HtmlElement) -> str:
    """What trafilatura takes for the article; nothing where it gives up or fails on a broken page."""
    try:
        return trafilatura.extract(tree, include_comments=False) or ""
    except Exception:  # any: a page that breaks the library has to come out as "no article", never as a crash
        return ""
