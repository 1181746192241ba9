"""What is handed to the warehouse to be loaded, and what it answers."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from extractors.actors.model import WhoSaysWhat
from extractors.article.model import Article
from extractors.figures.model import Figure
from extractors.themes.model import ThemeMention

LoadOutcome = Literal["new", "updated", "recoded", "unchanged"]


@dataclass(frozen=True, slots=True)
class CodedArticle:
    """An article with everything found in it, ready to load.

    `article_id` is stable and comes from the canonical address (`warehouse.identity`); `addresses` are all addresses
    it is known under, `url` among them. `content_hash` covers what a reader sees (title, authors, date, paragraphs),
    `raw_hash` names the bytes in the raw store. `relevance` is 0..1, `duplicate_of` the article_id of the earlier
    near-duplicate. `syndicated_from` is the address on another site that it comes from, None where its publisher
    serves it as its own. Times are aware and in UTC.
    """

    article_id: str
    source_id: str
    url: str
    addresses: tuple[str, ...]
    article: Article
    raw_hash: str
    content_hash: str
    content_type: str
    relevance: float
    relevance_reasons: tuple[str, ...]
    duplicate_of: str | None
    figures: tuple[Figure, ...]
    themes: tuple[ThemeMention, ...]
    fetched_at: datetime
    extractor_version: str
    codebook_version: str
    said: WhoSaysWhat = field(default_factory=WhoSaysWhat)
    syndicated_from: str | None = None


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading did with one article: `updated` is a new version (the text changed), `recoded` the same text
    with other findings, `unchanged` nothing written. `version` is the current one afterwards."""

    article_id: str
    outcome: LoadOutcome
    version: int
