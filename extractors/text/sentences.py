"""Sentences of a paragraph as spans of it, kept to a bearable length, and findings looked up by their place."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from string import ascii_letters
from typing import NamedTuple, Protocol, TypeVar

from extractors.lexicon import LowerPhraseSet, Table, read_tables
from extractors.text.fold import fold

_LEXICON = Path(__file__).with_name("abbreviations.toml")
# A full stop, question or exclamation mark, closing quotes or brackets, white space, and then what can open a
# sentence: a capital, a digit, a currency sign or an opening quote or bracket.
_BOUNDARY = re.compile(r"[.!?…]+[\"')\]]*(?:\[\d{1,3}\])*(\s+)(?=[\"'(\[]*[A-Z0-9£$€])")
# As far before a full stop as an abbreviation may begin.
_LONGEST_ABBREVIATION = 23
_LETTERS = f"{ascii_letters}.&"  # of an abbreviation


class Span(NamedTuple):
    """A stretch of a text: start inclusive, end exclusive, in code points."""

    start: int
    end: int


class _Abbreviations(Table):
    never_end: LowerPhraseSet
    end_before_capital: LowerPhraseSet


@cache
def _abbreviations() -> _Abbreviations:
    return read_tables(_LEXICON, _Abbreviations)


def sentences(text: str) -> list[Span]:
    """Sentences of one paragraph, in order, covering all its characters but the white space between them.

    Abbreviations ("Dr.", "St.", "e.g.", "vs.") and initials do not end a sentence.
    """
    folded = fold(text)
    spans: list[Span] = []
    start = len(folded) - len(folded.lstrip())
    for boundary in _BOUNDARY.finditer(folded):
        stop = boundary.start()
        if _is_abbreviation(
            folded[max(start, stop - _LONGEST_ABBREVIATION) : stop + 1], folded[boundary.end() : boundary.end() + 1]
        ):
            continue
        spans.append(Span(start, boundary.start(1)))
        start = boundary.end()
    end = len(folded.rstrip())
    if end > start:
        spans.append(Span(start, end))
    return spans


def _is_abbreviation(before: str, following: str) -> bool:
    if not before.endswith("."):
        return False
    before = before[:-1]
    word = before[len(before.rstrip(_LETTERS)) :].lstrip(".&")
    if not word:
        return False
    if word.lower() in _abbreviations().never_end:
        return True
    if word.lower() in _abbreviations().end_before_capital:
        return not following.isupper()
    return len(word) == 1 and word.isupper() and word != "I"


_LONGEST_READ = 1000  # characters of a sentence that are read together; longer ones are no writer's


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
    while end - at > _LONGEST_READ:
        cut = text.rfind(" ", at + _LONGEST_READ // 2, at + _LONGEST_READ)
        cut = at + _LONGEST_READ if cut < 0 else cut
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
