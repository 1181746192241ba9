"""A sentence with the helpers that the context layers share."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from extractors.figures.clauses import Clauses, clauses_of, words_of
from extractors.figures.lexicons import GRAMMAR
from extractors.figures.model import Change
from extractors.figures.nouns import Word
from extractors.figures.quantities import Quantity

# What separates statements inside a sentence, each with a subject of its own.
_STATEMENT = re.compile(r";|, (?:but|while|whereas)(?![a-z])| (?:while|whereas)(?![a-z])")
_SEPARATING = (";", ", but", "while", "whereas")
QUALIFYING_WORDS = GRAMMAR.sentence.qualifying
_GOING = GRAMMAR.sentence.going


@dataclass(frozen=True, eq=False)
class Sentence:
    """`text` and `lower` are the whole paragraph's; `start` and `end` bound the sentence in them.

    `previous` is where the sentence before starts, or `start` where there is none. What the layers ask for is worked
    out when one of them first asks, once for all figures.
    """

    text: str
    lower: str
    start: int
    end: int
    previous: int

    @cached_property
    def breaks(self) -> tuple[tuple[int, int], ...]:
        """The stretches that separate statements inside it."""
        own = self.lower[self.start : self.end]
        if not any(word in own for word in _SEPARATING):
            return ()
        return tuple(match.span() for match in _STATEMENT.finditer(self.lower, self.start, self.end))

    @cached_property
    def words(self) -> list[Word]:
        """Its words, numbers and marks."""
        return words_of(self.lower, self.start, self.end)

    @cached_property
    def clauses(self) -> Clauses:
        """Its words and clauses."""
        return clauses_of(self.text, self.lower, self.start, self.words)

    def find(self, words: str | None) -> tuple[int, int] | None:
        """Where words stand in it."""
        at = self.text.find(words, self.start, self.end) if words else -1
        return (at, at + len(words)) if words and at >= 0 else None

    def before(self, quantity: Quantity, reach: int = 80) -> str:
        """The small-letter text before a quantity, inside the sentence."""
        return self.lower[max(self.start, quantity.start - reach) : quantity.start]

    def after(self, quantity: Quantity, reach: int = 80, ceiling: int | None = None) -> str:
        """The small-letter text after a quantity, inside the sentence, up to `ceiling`."""
        end = self.end if ceiling is None else min(self.end, ceiling)
        return self.lower[quantity.end : min(end, quantity.end + reach)]

    def between(self, first: Quantity, second: Quantity) -> str:
        """The small-letter text between two quantities."""
        return self.lower[first.end : second.start]

    def statement(self, at: int, end: int) -> tuple[int, int]:
        """The stretch between the boundaries of statements around the characters from `at` to `end`."""
        first, last = self.start, self.end
        for start, stop in self.breaks:
            if stop <= at:
                first = stop
            elif start >= end:
                last = start
                break
        return first, last


class Statement:
    """One sentence's words without numbers, times and speakers."""

    def __init__(self, sentence: Sentence, kept: list[bool] | None = None) -> None:
        self.sentence = sentence
        self.tree: Clauses = sentence.clauses
        self.kept = kept or [True] * len(self.tree.words)

    def without(self, gone: Iterable[tuple[int, int]]) -> "Statement":
        """The same without the words that begin in some stretches."""
        kept, words = self.kept[:], self.tree.words
        for start, end in gone:
            at = self.tree.word_at(start)
            while at < len(words) and words[at].start < end:
                kept[at] = kept[at] and words[at].start < start
                at += 1
        return Statement(self.sentence, kept)

    def words(self, numbers: set[int], first: int, last: int) -> list[Word]:
        """The words of some clauses between two places."""
        tree = self.tree
        places = range(max(0, first), min(last, len(tree.words)))
        found = [at for at in places if tree.of[at] in numbers and self.kept[at]]
        return [tree.words[at] for at in found if tree.words[at].text != "," or not tree.closes_aside(at)]

    def nearby(self, number: int) -> set[int]:
        """A clause with what describes its nouns: relative clauses and participles that no comma parts from them."""
        tree = self.tree
        inside = {
            at
            for at, clause in enumerate(tree.clauses)
            if clause.parent == number and clause.kind == "relative" and tree.words[clause.first].text != ","
        }
        return {number} | inside

    def text(self, words: list[Word]) -> str | None:
        """Words as they stand in the text; what stood between them is left out."""
        text = self.sentence.text
        pieces: list[str] = []
        before = -1
        for start, end, _ in words:
            if before >= 0 and before != start:
                pieces.append(" ")
            pieces.append(text[start:end])
            before = end
        return "".join(pieces).replace(" ,", ",").strip() or None


class Move(NamedTuple):
    """The direction in which a figure moved and the index of the figure it moved from."""

    change: Change | None = None
    origin: int | None = None


_CLOSING = " ,;:.!?(-\t\n"
_OPENING = " ,;:)-\t\n"
_JOINING = ("and ", "but ", "while ", "whereas ", "yet ")


def tidy(words: str) -> str | None:
    """Words without the punctuation and conjunctions at their edges; None where nothing is left."""
    words = words.rstrip(_CLOSING).lstrip(_OPENING)
    while words[:8].lower().startswith(_JOINING):
        words = words.split(" ", 1)[1].lstrip(_OPENING)
    if "  " in words:
        words = " ".join(words.split())
    if words.count("(") > words.count(")"):
        words += ")"
    elif words.count(")") > words.count("("):
        words = words.rstrip(")")
    return words or None


def is_going(word: str) -> bool:
    """Whether "up to" after this word is a move and no qualifier: "went up to 40", "ticked up to 3.8%"."""
    return word in _GOING or (
        word.endswith("ed") and word not in {"need", "limited", "allowed", "required", "offered", "entitled"}
    )


def without_qualifiers(words: str) -> str:
    """Text before a number without the qualifying words at its end: "rose by almost" is "rose by"."""
    if "on average" in words:
        words = words.replace(", on average,", "").replace(" on average", "")
    parts = words.split()
    while parts and parts[-1] in QUALIFYING_WORDS and (parts[-1] not in {"of", "to", "at"} or _is_qualifier(parts)):
        parts.pop()
        if parts and parts[-1] == "up" and words.rstrip().endswith(" to"):
            parts.pop()
    return " ".join(parts)


def _is_qualifier(parts: list[str]) -> bool:
    """Whether a final "of", "to" or "at" belongs to a qualifier: "an average of", "up to", "close to"."""
    before = parts[-2] if len(parts) > 1 else ""
    if parts[-1] == "of":
        return before in {"average", "record", "total", "level", "peak", "high", "low", "figure"}
    if before == "up":
        return len(parts) < 3 or not is_going(parts[-3])
    return before == "close"
