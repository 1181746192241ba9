"""Figures: the quantities that a text states, read by a grammar of British and general English."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from extractors.article.model import Paragraph, Published
from extractors.figures.model import Change, Figure, FigureKind, PassedOver, Period, Qualifier
from extractors.figures.reading import in_row, read_paragraph
from extractors.figures.subjects import nation_of

__all__ = [
    "Change",
    "Figure",
    "FigureKind",
    "PassedOver",
    "Period",
    "Qualifier",
    "explain_figures",
    "find_figures",
]


def find_figures(paragraphs: Sequence[Paragraph], published: Published | None = None) -> tuple[Figure, ...]:
    """The figures of these paragraphs in text order, no two with the same paragraph and start.

    `published` resolves "last year" and the like, as far as its precision allows. Never raises on any text.
    """
    return explain_figures(paragraphs, published)[0]


def explain_figures(
    paragraphs: Sequence[Paragraph], published: Published | None = None
) -> tuple[tuple[Figure, ...], tuple[PassedOver, ...]]:
    """The figures as `find_figures` gives them, and the numbers that are none, each with the reason."""
    figures: list[Figure] = []
    passed: list[PassedOver] = []
    nation = cache(lambda: nation_of(" ".join(paragraph.text for paragraph in paragraphs)))
    for paragraph in paragraphs:
        reading = read_paragraph(paragraph.paragraph_no, paragraph.text, published, nation)
        offset = len(figures)
        for found in reading.figures:
            figure = in_row(found, paragraph.text) if paragraph.kind == "table_row" else found
            moved = figure.change_from
            figures.append(figure if moved is None else replace(figure, change_from=moved + offset))
        passed.extend(reading.passed)
    return tuple(figures), tuple(passed)
