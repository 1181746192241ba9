"""Paragraphs as the layers of actors read them: sentences of bearable length, and findings looked up by their place."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import Protocol, TypeVar

from extractors.text import sentences
from extractors.text.sentences import Span

_LONGEST = 1000  # characters of a sentence that are read together; longer ones are no writer's


class Placed(Protocol):
    """What stands at a place of a text."""

    @property
    def char_start(self) -> int:
        """Where it starts."""


P = TypeVar("P", bound=Placed)


def bounded_sentences(text: str) -> list[Span]:
    """The sentences of a text, those that are longer than any writer's cut at a space, so that time stays linear."""
    return [part for span in sentences(text) for part in _parts(text, span)]


def _parts(text: str, span: Span) -> Iterator[Span]:
    at, end = span
    while end - at > _LONGEST:
        cut = text.rfind(" ", at + _LONGEST // 2, at + _LONGEST)
        cut = at + _LONGEST if cut < 0 else cut
        yield Span(at, cut)
        at = cut + (text[cut : cut + 1] == " ")
    yield Span(at, end)


def sentence_at(spans: Sequence[Span], at: int) -> int:
    """The position of the last sentence that starts at a place or before; -1 where none does."""
    return bisect_right(spans, at, key=lambda span: span.start) - 1


def between(found: Sequence[P], start: int, end: int) -> Sequence[P]:
    """Of findings in text order, those that start in a stretch."""
    first = bisect_left(found, start, key=lambda one: one.char_start)
    return found[first : bisect_left(found, end, lo=first, key=lambda one: one.char_start)]
