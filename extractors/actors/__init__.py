"""Who says what: the organisations and people that an article names, whom it quotes, and what it cites."""

from collections.abc import Sequence
from datetime import date

from extractors.actors.citations import find_citations
from extractors.actors.mentions import find_mentions, texts_of
from extractors.actors.model import Actor, ActorMention, Citation, Quotation, WhoSaysWhat
from extractors.actors.quotations import find_quotations
from extractors.actors.speakers import Speakers
from extractors.article.model import Paragraph
from extractors.figures.model import Figure

__all__ = ["Actor", "ActorMention", "Citation", "Quotation", "WhoSaysWhat", "find_actors"]


def find_actors(
    paragraphs: Sequence[Paragraph], figures: Sequence[Figure] = (), published: date | None = None
) -> WhoSaysWhat:
    """Actors, quotations and citations of these paragraphs in text order. Never raises on any text."""
    texts = texts_of(paragraphs)
    mentions = find_mentions(texts, published)
    quotations = find_quotations(texts, Speakers(texts, mentions))
    citations = find_citations(texts, mentions, figures)
    return WhoSaysWhat(mentions, quotations, citations, tuple(None for _ in figures))
