"""Who says what: the organisations and people that an article names, whom it quotes, and what it cites."""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date

from extractors.actors.citations import find_citations
from extractors.actors.mentions import find_mentions, publishing, texts_of, writing
from extractors.actors.model import Actor, ActorMention, Citation, Quotation, WhoSaysWhat
from extractors.actors.quotations import find_quotations
from extractors.actors.speakers import Speakers
from extractors.article.model import Paragraph
from extractors.figures.model import Figure

__all__ = ["Actor", "ActorMention", "Citation", "Quotation", "WhoSaysWhat", "find_actors"]


def find_actors(
    paragraphs: Sequence[Paragraph],
    figures: Sequence[Figure] = (),
    *,
    published: date | None = None,
    publisher: str | None = None,
    authors: Sequence[str] = (),
) -> WhoSaysWhat:
    """Actors, quotations and citations of these paragraphs in text order. Never raises on any text.

    `published` tells which department of several names is meant, `publisher` and `authors` whose own words it is.
    """
    texts = texts_of(paragraphs)
    house = publishing(publisher) if publisher and publisher.strip() else None
    writers = tuple(actor for name in authors if (actor := writing(name)) is not None)
    mentions = find_mentions(texts, published, house, writers)
    speakers = Speakers(texts, mentions)
    quotations = find_quotations(texts, speakers)
    own = {house, *writers}
    citations = tuple(
        one for one in find_citations(texts, mentions, figures) if one.cited is None or one.cited not in own
    )
    attributed = tuple(_spoken_by(figure, quotations) or speakers.attributed(figure) for figure in figures)
    return WhoSaysWhat(mentions, quotations, citations, attributed, house, writers)


def _spoken_by(figure: Figure, quotations: Sequence[Quotation]) -> Actor | None:
    """The speaker of the quotation that a figure stands in: what is said and with which numbers is said by one."""
    first = bisect_right(quotations, (figure.paragraph_no, figure.char_start), key=_place)
    if not first:
        return None
    last = quotations[first - 1]
    inside = last.paragraph_no == figure.paragraph_no and figure.char_start < last.char_end
    return last.speaker if inside else None


def _place(one: Quotation) -> tuple[int, int]:
    return one.paragraph_no, one.char_start
